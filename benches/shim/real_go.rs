//! [`RealGo`]: the Go that is measured: as much of a toolchain as `go version` needs, taken from an
//! installed one or from what the tests have fetched.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use gvm_core::version::Version;
use zip::ZipArchive;

/// The files of a toolchain that `go version` needs.
const FILES: [&str; 3] = ["bin/go", "VERSION", "go.env"];

/// A Go to measure: its tag, like `go1.22.10`, and a folder with what `go version` needs of it.
pub struct RealGo {
    /// The tag.
    pub tag: String,
    /// A GOROOT as far as `go version` looks.
    pub folder: PathBuf,
}

impl RealGo {
    /// Takes what is needed of the GOROOT `from` over to `folder`.
    ///
    /// # Errors
    /// When that is no GOROOT.
    pub fn copy(from: &Path, folder: PathBuf) -> io::Result<Self> {
        for file in FILES {
            let into = folder.join(file);
            fs::create_dir_all(parent(&into))?;
            match fs::copy(from.join(file), into) {
                Err(error) if file != "go.env" => return Err(named(&from.join(file), &error)),
                // Before 1.21 there was none.
                Ok(_) | Err(_) => {}
            }
        }
        Self::at(folder)
    }

    /// The newest Go for this machine among the module zips in the folder `stock`, which the tests
    /// have fetched. None when there is none.
    ///
    /// # Errors
    /// When the zip is damaged.
    pub fn of_stock(stock: &Path, folder: PathBuf) -> io::Result<Option<Self>> {
        let Some((version, zip)) = newest(stock) else { return Ok(None) };
        let mut zip = ZipArchive::new(File::open(zip)?)?;
        let start = format!("golang.org/toolchain@v0.0.1-{}.{}/", version.tag(), host());
        for file in FILES {
            let Ok(mut entry) = zip.by_name(&(start.clone() + file)) else { continue };
            let into = folder.join(file);
            fs::create_dir_all(parent(&into))?;
            io::copy(&mut entry, &mut File::create(into)?)?;
        }
        Self::at(folder).map(Some)
    }

    fn at(folder: PathBuf) -> io::Result<Self> {
        let go = folder.join("bin/go");
        fs::set_permissions(&go, fs::Permissions::from_mode(0o755))
            .map_err(|error| named(&go, &error))?;
        // By this folder the go command knows its own GOROOT.
        fs::create_dir_all(folder.join("pkg/tool"))?;
        let text = fs::read_to_string(folder.join("VERSION"))?;
        let tag = text.lines().next().unwrap_or_default().to_owned();
        Ok(Self { tag, folder })
    }
}

/// The newest version among the zips for this machine, and where it is.
fn newest(stock: &Path) -> Option<(Version, PathBuf)> {
    let folder = stock.join("golang.org/toolchain/@v");
    let ending = format!(".{}.zip", host());
    let found = fs::read_dir(folder).ok()?.flatten().filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let tag = name.strip_prefix("v0.0.1-")?.strip_suffix(&ending)?;
        Some((Version::from_tag(tag).ok()?, entry.path()))
    });
    found.max_by(|(one, _), (other, _)| one.compare_as_go(other))
}

/// This machine's target, as Go writes it.
fn host() -> String {
    let processor = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("linux-{processor}")
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
