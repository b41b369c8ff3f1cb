//! The download site's index: what gvm would fetch is named there, for that version and target, below the site and
//! under a plain name; and a site that is not the publisher's own proves nothing by its digests.

#![no_main]

use std::sync::LazyLock;

use gvm::net::{Client, Network};
use gvm::report::Silent;
use gvm::settings::{Flags, Settings};
use gvm::source::{self, Access, Artifact, Expect};
use gvm_core::layout::Layout;
use gvm_core::target::Target;
use gvm_core::world::memory::Memory;
use gvm_fuzz::scratch::Scratch;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::default);
static CLIENT: LazyLock<Client> = LazyLock::new(|| Client::new(Network::default()));

const TARGETS: [&str; 6] =
    ["linux-amd64", "linux-armv6l", "darwin-arm64", "darwin-amd64", "windows-386", "windows-amd64"];

fuzz_target!(|bytes: &[u8]| {
    SCRATCH.write("site/index.json", bytes);
    let site = format!("file://{}/site", SCRATCH.path().display());
    let world = Memory::new("/").var("GVM_GODEV", &site).var("GVM_SOURCES", "godev");
    let layout = Layout::new(b"/nowhere".to_vec());
    let settings = Settings::load(&world, &layout, &Flags::default()).expect("no file, no error");
    let access = Access { client: &CLIENT, layout: &layout, settings: &settings };
    let sources = source::all(access).expect("a file URL is a place");
    let [site_source] = &*sources else { panic!("one source was asked for") };
    for target in TARGETS.iter().filter_map(|name| Target::parse(name).ok()) {
        let Ok(versions) = site_source.list(&target, &Silent) else {
            assert!(site_source.list(&target, &Silent).is_err());
            return;
        };
        for version in versions {
            let artifact = site_source.artifact(&version, &target, &Silent);
            let artifact = artifact.expect("the index is the same").expect("it was listed");
            assert_eq!((&artifact.version, artifact.target), (&version, target));
            check(bytes, &artifact, &site);
        }
    }
});

fn check(bytes: &[u8], artifact: &Artifact, site: &str) {
    let name = &artifact.file_name;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte);
    assert!(name.bytes().all(is_plain) && name.starts_with("go"), "{name:?}");
    assert!(name.ends_with(".tar.gz") || name.ends_with(".zip"), "{name:?}");
    let urls: Vec<&str> = artifact.urls.iter().map(url::Url::as_str).collect();
    assert_eq!(urls, [format!("{site}/{name}")]);
    let digest = match &artifact.expect {
        Expect::Database { sha256 } => sha256.map(hex::encode),
        other @ (Expect::OfficialIndex { .. } | Expect::Given { .. }) => panic!("{other:?}"),
    };
    // In fields that gvm passes over there may be texts and numbers that are none.
    let Ok(index) = serde_json::from_str::<Value>(&String::from_utf8_lossy(bytes)) else { return };
    let releases = index.as_array().expect("it was understood").iter();
    let tag = artifact.version.tag();
    let mut files = releases
        .filter(|release| release["version"] == *tag)
        .flat_map(|release| release["files"].as_array().into_iter().flatten());
    let is_it = |file: &Value| {
        let said = file["sha256"].as_str().map(str::to_ascii_lowercase);
        file["filename"] == **name
            && file["kind"] == "archive"
            && digest.as_ref().is_none_or(|digest| said.as_ref() == Some(digest))
            && artifact.size.is_none_or(|size| file["size"] == size)
    };
    assert!(files.any(is_it), "{name:?} of {tag} is not in the index");
}
