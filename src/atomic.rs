//! A file replaced in one step: readers see the old content or the new, and after a crash one of the two is there.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file could not be replaced.
#[derive(Debug, thiserror::Error)]
#[error("write {}: {source}", path.display())]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// The system's reason.
    #[source]
    pub source: io::Error,
}

/// Replaces the file at `path`, which keeps its mode; a new one is readable by all. Folders above it must exist.
///
/// # Errors
/// [`WriteError`] with the path; the old file then still stands.
pub fn write(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    replace(path, content, None).map_err(|error| failed(path, error))
}

/// As [`write`], as a program that all may execute.
///
/// # Errors
/// As [`write`].
pub fn write_program(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    replace(path, content, Some(0o755)).map_err(|error| failed(path, error))
}

/// The system's own reason: behind it tempfile puts the name of the temporary file, which nobody knows.
fn failed(path: &Path, error: io::Error) -> WriteError {
    let text = error.to_string();
    let source = match text.split_once(" at path ") {
        Some((reason, _)) => io::Error::new(error.kind(), reason),
        None => error,
    };
    WriteError { path: path.to_owned(), source }
}

/// What the names of files in the making begin with.
const TEMPORARY: &str = ".gvm-";

/// Whether a file of this name is one in the making, or was left by a process that ended in between.
pub fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY)
}

fn replace(path: &Path, content: &[u8], mode: Option<u32>) -> io::Result<()> {
    // Whoever keeps the file elsewhere and links to it wants the link to stay.
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    let target = if is_link { fs::canonicalize(path)? } else { path.to_owned() };
    let path = target.as_path();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file =
        tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(content)?;
    set_mode(file.as_file(), path, mode)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(unix)]
fn set_mode(file: &fs::File, path: &Path, mode: Option<u32>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let old = fs::metadata(path).ok().map(|old| old.permissions().mode() & 0o777);
    file.set_permissions(fs::Permissions::from_mode(mode.or(old).unwrap_or(0o644)))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "the twin of Unix's")]
fn set_mode(_: &fs::File, _: &Path, _: Option<u32>) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("default");
        write(&path, b"1.21\n").unwrap();
        write(&path, b"1.22\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"1.22\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_error_names_the_file() {
        let error = write(Path::new("/nonexistent/x"), b"").unwrap_err();
        assert!(error.to_string().starts_with("write /nonexistent/x: "), "{error}");
        assert!(!error.to_string().contains(" at "), "{error}");
    }
}
