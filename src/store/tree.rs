//! An installed tree read again: what stands there now, each file hashed, to be held against what was installed.

use std::fs::{self, File, FileType};
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{StoreError, at};

/// Something that stands in a tree and is no folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// Its path below the tree's root, with slashes.
    pub path: String,
    /// What it is.
    pub what: What,
}

/// What stands there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum What {
    /// A regular file.
    File {
        /// The SHA-256 of its content.
        sha256: [u8; 32],
        /// Whether its owner may execute it; always where the system has no such bit.
        executable: bool,
    },
    /// A link, a device: nothing that gvm installs.
    Other,
}

/// Everything below `root` that is no folder, by path.
///
/// # Errors
/// When something cannot be read.
pub fn read(root: &Path) -> Result<Vec<Found>, StoreError> {
    let mut paths = Vec::new();
    collect(root, &mut paths)?;
    let found: Result<Vec<Found>, StoreError> = paths
        .par_iter()
        .map_init(|| vec![0; 128 * 1024], |buffer, (path, kind)| look(root, path, *kind, buffer))
        .collect();
    let mut found = found?;
    found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn collect(folder: &Path, paths: &mut Vec<(PathBuf, FileType)>) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder).map_err(at("list", folder))? {
        let entry = entry.map_err(at("list", folder))?;
        let kind = entry.file_type().map_err(at("look at", &entry.path()))?;
        if kind.is_dir() {
            collect(&entry.path(), paths)?;
        } else {
            paths.push((entry.path(), kind));
        }
    }
    Ok(())
}

fn look(root: &Path, path: &Path, kind: FileType, buffer: &mut [u8]) -> Result<Found, StoreError> {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    let name = parts.join("/");
    if !kind.is_file() {
        return Ok(Found { path: name, what: What::Other });
    }
    let mut file = File::open(path).map_err(at("open", path))?;
    let executable = is_executable(&file).map_err(at("look at", path))?;
    let mut hasher = Sha256::new();
    loop {
        match file.read(buffer).map_err(at("read", path))? {
            0 => break,
            count => hasher.update(&buffer[..count]),
        }
    }
    Ok(Found { path: name, what: What::File { sha256: hasher.finalize().into(), executable } })
}

#[cfg(unix)]
fn is_executable(file: &File) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "the twin of Unix's")]
fn is_executable(_: &File) -> std::io::Result<bool> {
    Ok(true)
}
