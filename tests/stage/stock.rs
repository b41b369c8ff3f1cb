//! [`Stock`]: the bytes of real Go releases and of the checksum database's answers about them, in a folder that is laid
//! out like a module proxy, filled on demand and kept between runs. It is filled from the proxy that the go command of
//! this machine names.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use gvm::net::{Client, Network};
use gvm::report::Silent;
use gvm_core::module;
use gvm_core::target::Target;
use url::Url;
use zip::ZipArchive;

use super::mint::here;

/// A release that the module proxy has for this system.
pub const OLDER: &str = if cfg!(windows) { "1.25.14" } else { "1.21.13" };

/// One of the next line or a later one.
pub const NEWER: &str = if cfg!(windows) { "1.26.10" } else { "1.22.10" };

/// The line of a release, as `go` lines of modules name it.
pub fn line(version: &str) -> &str {
    version.rsplit_once('.').unwrap().0
}

/// No file of a proxy is larger.
const LIMIT: u64 = 1 << 30;

/// The stock of this checkout.
pub struct Stock {
    folder: PathBuf,
    source: Url,
    client: Client,
}

/// The stock. None, said aloud, where the machine has no go or its proxy cannot be reached; where real releases are
/// demanded, that fails the test.
pub fn stock() -> Option<&'static Stock> {
    static STOCK: OnceLock<Result<Stock, String>> = OnceLock::new();
    match STOCK.get_or_init(Stock::open) {
        Ok(stock) => Some(stock),
        Err(why) => {
            skip(why);
            None
        }
    }
}

/// Says that a test is skipped, and why; where all are demanded, that fails it.
pub fn skip(why: &str) {
    skip_unless("GVM_TEST_REQUIRE_REAL", why);
}

/// As [`skip`], of a test that mounts images and layers, which not every kernel and container lets even root do.
pub fn skip_image(why: &str) {
    skip_unless("GVM_TEST_REQUIRE_IMAGES", why);
}

/// As [`skip`], of a test that needs a program which the system's packages have.
pub fn skip_program(why: &str) {
    skip_unless("GVM_TEST_REQUIRE_PROGRAMS", why);
}

/// As [`skip`], of a test of a shell that is not here.
pub fn skip_shell(why: &str) {
    skip_unless("GVM_TEST_REQUIRE_SHELLS", why);
}

#[allow(clippy::disallowed_methods, clippy::print_stderr, reason = "the test's own setting")]
fn skip_unless(demand: &str, why: &str) {
    let is_demanded = std::env::var(demand).is_ok_and(|value| value == "1");
    assert!(!is_demanded, "{demand}=1, and this test cannot run: {why}");
    eprintln!("skipped: {why}");
}

impl Stock {
    fn open() -> Result<Self, String> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stock");
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let stock = Self { folder, source: source()?, client: Client::new(Network::default()) };
        let release = format!("v0.0.1-go{NEWER}.linux-amd64.info");
        match stock.file(&format!("golang.org/toolchain/@v/{}", here(&release))) {
            Ok(Some(_)) => Ok(stock),
            Ok(None) => Err("the module proxy of this machine has no toolchains".into()),
            Err(why) => Err(format!("the module proxy of this machine cannot be reached: {why}")),
        }
    }

    /// The file at this path below a proxy's base, fetched if need be. None when the proxy does not have it.
    ///
    /// # Errors
    /// When the proxy cannot be asked.
    pub fn file(&self, path: &str) -> Result<Option<PathBuf>, String> {
        assert!(!path.split('/').any(|part| part.is_empty() || part == ".."), "{path}");
        self.made(path, |into| self.fetch(path, into))
    }

    /// The zip of a module of the toolchain.
    pub fn zip(&self, version: &str) -> PathBuf {
        let path = format!("golang.org/toolchain/@v/{}.zip", here(version));
        self.file(&path).unwrap().unwrap_or_else(|| panic!("the proxy has no {version}"))
    }

    /// The program `go` of a release for this machine.
    pub fn program(&self, version: &str) -> PathBuf {
        self.program_for(version, Target::host())
    }

    /// The program `go` of a release for this target. Where its zip is not in stock, this alone is kept of it.
    pub fn program_for(&self, version: &str, target: Target) -> PathBuf {
        let release = module::module_version(version, target.os(), target.arch());
        let made = self.made(&format!("made/programs/{release}"), |into| {
            let path = format!("golang.org/toolchain/@v/{release}.zip");
            let zip = self.folder.join(&path);
            let bytes = match fs::read(zip) {
                Ok(bytes) => bytes,
                Err(_) => match self.get(&path)? {
                    Some(bytes) => bytes,
                    None => return Ok(false),
                },
            };
            let said = |error: &dyn Display| error.to_string();
            let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| said(&error))?;
            let end = if target.os() == "windows" { ".exe" } else { "" };
            let name = format!("{}@{release}/bin/go{end}", module::PATH);
            let mut program = zip.by_name(&name).map_err(|error| said(&error))?;
            io::copy(&mut program, into).map_err(|error| said(&error))?;
            #[cfg(unix)]
            into.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
                .map_err(|error| said(&error))?;
            Ok(true)
        });
        made.unwrap().unwrap_or_else(|| panic!("the proxy has no {release}"))
    }

    /// The file with this name, made if it is not there yet: by one process at a time, and there in one step. None when
    /// it cannot be had.
    ///
    /// # Errors
    /// What the maker says.
    pub fn made(
        &self,
        name: &str,
        make: impl FnOnce(&mut File) -> Result<bool, String>,
    ) -> Result<Option<PathBuf>, String> {
        let path = self.folder.join(name);
        if path.is_file() {
            return Ok(Some(path));
        }
        let said = |error: io::Error| error.to_string();
        let (folder, locks) = (path.parent().unwrap(), self.folder.join("locks"));
        fs::create_dir_all(folder).and_then(|()| fs::create_dir_all(&locks)).map_err(said)?;
        let lock = File::create(locks.join(name.replace('/', "_"))).map_err(said)?;
        lock.lock().map_err(said)?;
        if path.is_file() {
            return Ok(Some(path));
        }
        let mut temporary = tempfile::NamedTempFile::new_in(folder).map_err(said)?;
        if !make(temporary.as_file_mut())? {
            return Ok(None);
        }
        temporary.persist(&path).map_err(|error| error.to_string())?;
        Ok(Some(path))
    }

    /// Whether it was there.
    fn fetch(&self, path: &str, into: &mut File) -> Result<bool, String> {
        let Some(bytes) = self.get(path)? else { return Ok(false) };
        into.write_all(&bytes).map_err(|error| error.to_string())?;
        Ok(true)
    }

    /// What the proxy has there.
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let mut url = self.source.clone();
        url.set_path(&format!("{}/{path}", self.source.path().trim_end_matches('/')));
        match self.client.get(&url, LIMIT, &Silent) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.is_not_found() => Ok(None),
            // The whole text would name the host, which is this machine's own affair.
            Err(error) => Err(error.fault.to_string()),
        }
    }
}

/// The first proxy that `go env GOPROXY` names; where there is no go, the variable.
#[allow(clippy::disallowed_methods, reason = "the test's own setting")]
fn source() -> Result<Url, String> {
    let go = Command::new("go").args(["env", "GOPROXY"]).output();
    let list = match go {
        Ok(go) => String::from_utf8_lossy(&go.stdout).into_owned(),
        Err(error) => std::env::var("GOPROXY")
            .map_err(|_| format!("no go on PATH can say which module proxy to ask: {error}"))?,
    };
    let mut urls = list.trim().split([',', '|']).filter_map(|entry| Url::parse(entry).ok());
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https");
    urls.find(is_web).ok_or_else(|| "go env GOPROXY names no proxy".to_owned())
}
