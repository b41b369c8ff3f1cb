//! [`Machine`]: files, folders and variables of this process, read once or on demand, never written.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::time::UNIX_EPOCH;

use gvm_core::world::{FileKind, Modified, ReadError, World};

#[cfg(unix)]
#[path = "world_unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "world_windows.rs"]
mod platform;

#[cfg(windows)]
pub use platform::known;
pub use platform::{bytes, os_str};

/// This machine and process. The environment and the working directory are those of its creation.
#[derive(Clone, Debug)]
pub struct Machine {
    vars: BTreeMap<OsString, OsString>,
    cwd: Option<OsString>,
}

impl Machine {
    /// The process's environment and working directory, as they are now.
    #[allow(clippy::disallowed_methods, reason = "the one place where they are captured")]
    pub fn capture() -> Self {
        Self::of(std::env::vars_os(), std::env::current_dir().ok().as_deref())
    }

    /// This machine, seen by a process with these variables and this working directory. Of a variable that is there
    /// twice, the first one counts, as for `getenv`.
    pub fn of(vars: impl IntoIterator<Item = (OsString, OsString)>, cwd: Option<&Path>) -> Self {
        let mut kept = BTreeMap::new();
        for (name, value) in vars {
            kept.entry(platform::key(name)).or_insert(value);
        }
        Self { vars: kept, cwd: cwd.map(|cwd| cwd.as_os_str().to_owned()) }
    }

    /// The variable's value as the system gave it.
    pub fn var_os(&self, name: &str) -> Option<&OsStr> {
        self.vars.get(&platform::key(name.into())).map(OsString::as_os_str)
    }
}

impl World for Machine {
    fn var(&self, name: &str) -> Option<Vec<u8>> {
        self.var_os(name).map(bytes)
    }

    fn cwd(&self) -> Option<Vec<u8>> {
        self.cwd.as_deref().map(bytes)
    }

    fn read(&self, path: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
        let path = Path::new(os_str(path));
        let file = platform::open(path)?;
        let metadata = file.metadata().map_err(|error| unreadable(&error))?;
        if !metadata.is_file() {
            return Err(ReadError::NotRegular(platform::kind(metadata.file_type())));
        }
        read_at_most(file, limit)
    }

    fn link(&self, path: &[u8]) -> Option<Vec<u8>> {
        let path = Path::new(os_str(path));
        if let Ok(target) = fs::read_link(path) {
            return Some(bytes(&platform::link_text(target.as_os_str())));
        }
        // A file system without links holds a file instead.
        let content = read_at_most(platform::open(path).ok()?, 4096).ok()?;
        let line = content.split(|byte| *byte == b'\n').next()?.trim_ascii();
        // Only text is a name on every system.
        (!line.is_empty() && std::str::from_utf8(line).is_ok()).then(|| line.to_vec())
    }

    fn list(&self, path: &[u8], each: &mut dyn FnMut(&[u8])) -> bool {
        let Ok(entries) = fs::read_dir(os_str(path)) else { return false };
        for entry in entries.flatten() {
            each(&bytes(&entry.file_name()));
        }
        true
    }

    fn modified(&self, path: &[u8]) -> Option<Modified> {
        let time = fs::metadata(os_str(path)).ok()?.modified().ok()?;
        let since = time.duration_since(UNIX_EPOCH).ok()?;
        Some(Modified { seconds: since.as_secs(), nanoseconds: since.subsec_nanos() })
    }

    fn real(&self, path: &[u8]) -> Option<Vec<u8>> {
        let real = fs::canonicalize(os_str(path)).ok()?;
        Some(bytes(&platform::link_text(real.as_os_str())))
    }

    fn process(&self) -> u32 {
        std::process::id()
    }

    fn is_folder(&self, path: &[u8]) -> bool {
        Path::new(os_str(path)).is_dir()
    }

    fn is_program(&self, path: &[u8]) -> bool {
        platform::is_program(Path::new(os_str(path)))
    }

    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        platform::same(Path::new(os_str(one)), Path::new(os_str(other)))
    }
}

fn read_at_most(file: File, limit: usize) -> Result<Vec<u8>, ReadError> {
    let mut content = Vec::new();
    let more = limit as u64 + 1;
    file.take(more).read_to_end(&mut content).map_err(|error| unreadable(&error))?;
    if content.len() > limit { Err(ReadError::TooLong) } else { Ok(content) }
}

fn unreadable(error: &std::io::Error) -> ReadError {
    ReadError::Unreadable(error.raw_os_error())
}

#[allow(dead_code, reason = "a system may lack one of the kinds")]
fn folder_or(file_type: fs::FileType, other: FileKind) -> FileKind {
    if file_type.is_dir() { FileKind::Folder } else { other }
}
