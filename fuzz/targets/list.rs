//! A proxy's list of the toolchain module's versions: what gvm reads out of it stands there as a line, and would be
//! fetched under that name.

#![no_main]

use std::sync::LazyLock;

use gvm::net::{Client, Network};
use gvm::report::Silent;
use gvm::settings::{Flags, Settings};
use gvm::source::{self, Access, Expect};
use gvm_core::layout::Layout;
use gvm_core::module;
use gvm_core::target::Target;
use gvm_core::world::memory::Memory;
use gvm_fuzz::scratch::Scratch;
use libfuzzer_sys::fuzz_target;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::default);
static CLIENT: LazyLock<Client> = LazyLock::new(|| Client::new(Network::default()));

const FOLDER: &str = "golang.org/toolchain/@v";

/// Longer names of files are none on most file systems, with `.info` behind them.
const LONGEST: usize = 250;

fuzz_target!(|bytes: &[u8]| {
    SCRATCH.write(&format!("proxy/{FOLDER}/list"), bytes);
    let proxy = format!("file://{}/proxy", SCRATCH.path().display());
    let world = Memory::new("/").var("GOPROXY", &proxy).var("GVM_SOURCES", "goproxy");
    let layout = Layout::new(b"/nowhere".to_vec());
    let settings = Settings::load(&world, &layout, &Flags::default()).expect("no file, no error");
    let access = Access { client: &CLIENT, layout: &layout, settings: &settings };
    let sources = source::all(access).expect("the proxies are a source");
    let [proxy_source] = &*sources else { panic!("one source was asked for") };
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for target in ["linux-amd64", "windows-arm64"].map(Target::parse).into_iter().flatten() {
        let Ok(versions) = proxy_source.list(&target, &Silent) else { return };
        assert!(lines.iter().all(|line| line.starts_with('v')), "a page passed for a list");
        for version in versions {
            let name = module::module_version(version.as_str(), target.os(), target.arch());
            assert!(lines.contains(&&*name), "{name} is not in the list");
            let artifact = proxy_source.artifact(&version, &target, &Silent);
            assert!(artifact.expect("no .info, no error").is_none(), "it is listed and not there");
            let file = module::escaped(&name);
            assert_eq!(module::unescaped(&file), Some(name));
            if file.len() > LONGEST {
                continue;
            }
            check_there(&**proxy_source, &file, &version, &target, &proxy);
        }
    }
});

/// With its `.info` there, whatever that says, it is fetched by its escaped name and proved by the database.
fn check_there(
    proxy_source: &dyn source::Source,
    file: &str,
    version: &gvm_core::version::Version,
    target: &Target,
    proxy: &str,
) {
    let info = format!("proxy/{FOLDER}/{file}.info");
    SCRATCH.write(&info, b"");
    let artifact = proxy_source.artifact(version, target, &Silent);
    let artifact = artifact.expect("it can be read").expect("it is there");
    let urls: Vec<&str> = artifact.urls.iter().map(url::Url::as_str).collect();
    assert_eq!(urls, [format!("{proxy}/{FOLDER}/{file}.zip")]);
    assert_eq!(artifact.expect, Expect::Database { sha256: None });
    std::fs::remove_file(SCRATCH.path().join(info)).expect("it is there");
}
