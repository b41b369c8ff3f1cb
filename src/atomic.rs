//! A file replaced in one step: readers see the old content or the new, and after a crash one of the two is there.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::{checkpoint, platform};

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
    replace(path, content, Like::Mode).map_err(|error| failed(path, error))
}

/// As [`write`]; where a link stands at `path`, it stays, and the file that it leads to is replaced: whoever keeps a file of
/// theirs elsewhere and links to it wants it so. For files of people only: a link among gvm's own was put there by nobody
/// who meant well.
///
/// # Errors
/// As [`write`]; also when the link leads nowhere.
pub fn write_where_it_leads(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    target(path)
        .and_then(|target| replace(&target, content, Like::Mode))
        .map_err(|error| failed(path, error))
}

/// As [`write_where_it_leads`], and the file keeps its owner and group too: whoever may replace a file in a folder may not
/// give it to its owner, and then nothing is replaced.
///
/// # Errors
/// As [`write_where_it_leads`]; also when the new file cannot belong to whom the old one does.
pub fn rewrite(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    target(path)
        .and_then(|target| replace(&target, content, Like::Owner))
        .map_err(|error| failed(path, error))
}

/// As [`write`], as a program that all may execute.
///
/// # Errors
/// As [`write`].
pub fn write_program(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    replace(path, content, Like::Program).map_err(|error| failed(path, error))
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

/// Removes, from the folder in which the file at `path` is written, the files in the making whose makers have ended.
/// Those of living processes are locked, and stay; so does what cannot be removed.
pub fn sweep_beside(path: &Path) {
    if let Ok(target) = target(path) {
        sweep(folder_of(&target));
    }
}

/// As [`sweep_beside`], in this folder.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_file_in_the_making) {
            remove_if_abandoned(&entry.path());
        }
    }
}

/// What the names of files and links in the making begin with.
const TEMPORARY: &str = ".gvm-";
/// What those of files go on with: so many letters and digits, and an end. Nobody else's file is called like that.
const RANDOM: usize = 16;
const END: &str = ".tmp";

/// Whether something of this name is in the making, or was left by a process that ended in between. For folders in which
/// nobody else makes anything.
pub fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY)
}

fn is_file_in_the_making(name: &str) -> bool {
    let middle = name.strip_prefix(TEMPORARY).and_then(|rest| rest.strip_suffix(END));
    middle.is_some_and(|it| it.len() == RANDOM && it.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// What the new file takes over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Like {
    /// The old one's mode.
    Mode,
    /// Its mode, its owner and its group.
    Owner,
    /// Nothing: all may execute it.
    Program,
}

fn replace(path: &Path, content: &[u8], like: Like) -> io::Result<()> {
    // In the place of a device the superuser would put a file for all programs.
    let is_replaceable = |kind: fs::FileType| kind.is_file() || kind.is_symlink();
    if fs::symlink_metadata(path).is_ok_and(|there| !is_replaceable(there.file_type())) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    let (file, _claim) = begin(folder_of(path))?;
    checkpoint::reach("atomic.begun");
    let (mut file, temporary) = file.into_parts();
    file.write_all(content)?;
    take_over(&file, path, like)?;
    file.sync_all()?;
    // A program that is still open for writing under its name cannot be started (ETXTBSY).
    drop(file);
    checkpoint::reach("atomic.written");
    let temporary = temporary.keep().map_err(|error| error.error)?;
    platform::replace_file(&temporary, path).inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })?;
    checkpoint::reach("atomic.renamed");
    Ok(())
}

/// Where a path leads, through a link if it is one.
fn target(path: &Path) -> io::Result<PathBuf> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    if is_link { fs::canonicalize(path) } else { Ok(path.to_owned()) }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new file, and what holds it locked for as long as its maker wants it. A sweep may come between the making and the
/// lock: then there is another.
fn begin(folder: &Path) -> io::Result<(NamedTempFile, fs::File)> {
    loop {
        let mut builder = tempfile::Builder::new();
        let file = builder.prefix(TEMPORARY).rand_bytes(RANDOM).suffix(END).tempfile_in(folder)?;
        // By a handle of its own, which outlives the one that writes.
        match fs::File::open(file.path()) {
            Ok(reader) if claim(&reader) => return Ok((file, reader)),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether the file is ours, and still there. Where the file system has no locks, nobody sweeps.
#[cfg(unix)]
fn claim(file: &fs::File) -> bool {
    use std::os::unix::fs::MetadataExt;
    match file.try_lock() {
        Ok(()) => file.metadata().is_ok_and(|metadata| metadata.nlink() > 0),
        Err(fs::TryLockError::WouldBlock) => false,
        Err(fs::TryLockError::Error(_)) => true,
    }
}

/// On Windows, a lock keeps everybody from reading the file, and ends only after it has its name.
#[cfg(not(unix))]
fn claim(_: &fs::File) -> bool {
    true
}

#[cfg(unix)]
fn remove_if_abandoned(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut options = fs::OpenOptions::new();
    let Ok(file) = options.read(true).custom_flags(flags.bits().cast_signed()).open(path) else {
        return;
    };
    let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file());
    // The lock is held until the name is gone: a maker that has not locked its file yet notices.
    if is_file && file.try_lock().is_ok() {
        let _ = fs::remove_file(path);
    }
}

/// Its maker has it open from its making to its name; whoever can have it for themselves alone has no maker to disturb.
#[cfg(windows)]
fn remove_if_abandoned(path: &Path) {
    use std::os::windows::fs::OpenOptionsExt;
    if fs::OpenOptions::new().read(true).share_mode(0).open(path).is_ok() {
        let _ = fs::remove_file(path);
    }
}

#[cfg(unix)]
fn take_over(file: &fs::File, path: &Path, like: Like) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let old = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
    let mode = match &old {
        _ if like == Like::Program => 0o755,
        Some(old) => old.permissions().mode() & 0o777,
        None => 0o644,
    };
    if let Some(old) = old.filter(|_| like == Like::Owner) {
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            fchown(file, Some(old.uid()), Some(old.gid()))?;
        }
    }
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "the twin of Unix's")]
fn take_over(_: &fs::File, _: &Path, _: Like) -> io::Result<()> {
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

    #[cfg(unix)]
    #[test]
    fn what_the_dead_left_is_swept_and_what_the_living_make_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (living, _claim) = begin(folder.path()).unwrap();
        let (dead, claim) = begin(folder.path()).unwrap();
        let (_, dead) = dead.keep().unwrap();
        drop(claim);
        let kept = [".gvm-notes", ".gvm-0123456789abcde-.tmp", "x.tmp"];
        for name in kept {
            fs::write(folder.path().join(name), "mine").unwrap();
        }
        std::os::unix::fs::symlink("x.tmp", folder.path().join(".gvm-0123456789abcdef.tmp"))
            .unwrap();
        sweep_beside(&folder.path().join("default"));
        assert!(living.path().exists() && !dead.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), kept.len() + 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_maker_whose_file_was_swept_before_its_lock_makes_another() {
        let folder = tempfile::tempdir().unwrap();
        let file = tempfile::Builder::new().tempfile_in(folder.path()).unwrap();
        let sweeper = fs::File::open(file.path()).unwrap();
        sweeper.lock().unwrap();
        assert!(!claim(file.as_file()), "somebody is about to remove it");
        fs::remove_file(file.path()).unwrap();
        drop(sweeper);
        assert!(!claim(file.as_file()), "it is gone");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_not_replaced_not_even_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link"));
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        std::os::unix::fs::symlink("pipe", &link).unwrap();
        for path in [&link, &pipe] {
            let error = write_where_it_leads(path, b"1.22\n").unwrap_err().to_string();
            assert!(error.ends_with("it is no regular file"), "{error}");
        }
        write(&link, b"ours\n").unwrap();
        assert!(!fs::symlink_metadata(&pipe).unwrap().is_file());
        assert_eq!(fs::read(&link).unwrap(), b"ours\n");
    }

    #[test]
    fn the_error_names_the_file() {
        let error = write(Path::new("/nonexistent/x"), b"").unwrap_err();
        assert!(error.to_string().starts_with("write /nonexistent/x: "), "{error}");
        assert!(!error.to_string().contains(" at "), "{error}");
    }
}
