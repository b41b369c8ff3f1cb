//! Locks: one a version, held from before its download until it is published; one on ROOT, held for moments. Lock files
//! are never deleted, so that two processes cannot hold two files of one name. The system frees a dead owner's lock.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use gvm_core::layout::Layout;

use super::{StoreError, at};
use crate::checkpoint;
use crate::platform;
use crate::report::{Event, Report};

/// How to wait for a lock that somebody else holds.
#[derive(Clone, Copy)]
pub struct Waiting<'a> {
    /// Who is told that it is waited for.
    pub report: &'a dyn Report,
    /// For how long at most; None: until it is free.
    pub limit: Option<Duration>,
}

/// The right to install, replace or remove one version. Given back when dropped.
#[derive(Debug)]
pub struct HashLock {
    _file: File,
    hash: String,
}

impl HashLock {
    /// Waits for the lock of the version with this hash; that it waits is reported.
    ///
    /// # Errors
    /// When the lock file cannot be opened, or somebody holds it for too long.
    pub fn acquire(
        layout: &Layout,
        hash: &str,
        name: &str,
        waiting: Waiting<'_>,
    ) -> Result<Self, StoreError> {
        let file = wait(&layout.hash_lock(hash), name, waiting)?;
        checkpoint::reach("lock.version-taken");
        Ok(Self { _file: file, hash: hash.to_owned() })
    }

    /// The lock if nobody holds it.
    pub(super) fn try_acquire(layout: &Layout, hash: &str) -> Option<Self> {
        let file = open(&layout.hash_lock(hash)).ok()?;
        file.try_lock().ok()?;
        Some(Self { _file: file, hash: hash.to_owned() })
    }

    /// The hash of the version that is locked.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

/// The right to change what is under ROOT. Given back when dropped.
#[derive(Debug)]
pub struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Waits for the lock on ROOT; that it waits is reported.
    ///
    /// # Errors
    /// When the lock file cannot be opened, or somebody holds it for too long.
    pub fn acquire(layout: &Layout, waiting: Waiting<'_>) -> Result<Self, StoreError> {
        let file = wait(&layout.store_lock(), "the same folder", waiting)?;
        checkpoint::reach("lock.root-taken");
        Ok(Self { _file: file })
    }
}

/// The right to judge and move on the newest tree head of one checksum database.
#[derive(Debug)]
pub struct HeadLock {
    _file: File,
}

impl HeadLock {
    /// Waits for it; that it waits is reported. None where there is no root yet, or it is somebody else's.
    ///
    /// # Errors
    /// When the lock file cannot be opened for another reason, or somebody holds it for too long.
    pub fn acquire_if_ours(
        layout: &Layout,
        name: &str,
        waiting: Waiting<'_>,
    ) -> Result<Option<Self>, StoreError> {
        if !platform::is_ours(platform::path(layout.root())) {
            return Ok(None);
        }
        match wait(&layout.sumdb_lock(name), name, waiting) {
            Ok(file) => {
                checkpoint::reach("lock.head-taken");
                Ok(Some(Self { _file: file }))
            }
            Err(StoreError::Io { source, .. }) if is_not_ours(&source) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Whether somebody holds the lock of the version with this hash. Nothing is made or kept for the asking; where the lock
/// file may not be opened, nobody that matters here holds it.
pub fn is_held(layout: &Layout, hash: &str) -> bool {
    let Ok(file) = File::open(platform::path(&layout.hash_lock(hash))) else { return false };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

fn is_not_ours(error: &io::Error) -> bool {
    use io::ErrorKind::{NotFound, PermissionDenied, ReadOnlyFilesystem};
    matches!(error.kind(), NotFound | PermissionDenied | ReadOnlyFilesystem)
}

fn wait(path: &[u8], name: &str, waiting: Waiting<'_>) -> Result<File, StoreError> {
    let mut file = open(path)?;
    let path = platform::path(path);
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => file = wait_for_owner(file, path, name, waiting)?,
        Err(TryLockError::Error(error)) => return Err(at("lock", path)(error)),
    }
    // Only for whoever waits and wants to know for whom: a full disk is no reason to stop here.
    let _ = sign(&mut file);
    Ok(file)
}

fn wait_for_owner(
    mut file: File,
    path: &Path,
    name: &str,
    waiting: Waiting<'_>,
) -> Result<File, StoreError> {
    let owner = owner(&mut file);
    let busy = || StoreError::Busy { what: name.to_owned(), owner };
    if waiting.limit == Some(Duration::ZERO) {
        return Err(busy());
    }
    waiting.report.event(Event::Waiting { what: name, owner });
    let Some(limit) = waiting.limit else {
        return file.lock().map(|()| file).map_err(at("lock", path));
    };
    // No system waits for a lock of this kind with a limit. Given up, the thread ends with the process; a lock that it
    // gets later is given back at once, since nobody takes the file.
    let (locked, got) = mpsc::sync_channel(0);
    thread::spawn(move || locked.send(file.lock().map(|()| file)));
    match got.recv_timeout(limit) {
        Ok(locked) => locked.map_err(at("lock", path)),
        Err(_) => Err(busy()),
    }
}

/// Leaves this process's number in a lock file that it holds.
fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(format!("{}\n", std::process::id()).as_bytes())
}

/// The process that signed last: most likely the one that holds the lock.
fn owner(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn open(path: &[u8]) -> Result<File, StoreError> {
    let path = platform::path(path);
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    let file = platform::open_plain(&options, path).map_err(at("open", path))?;
    if !file.metadata().map_err(at("open", path))?.is_file() {
        return Err(at("open", path)(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is no regular file",
        )));
    }
    Ok(file)
}
