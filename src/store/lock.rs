//! Locks: one a version, held from before its download until it is published; one on ROOT, held for moments. Lock files
//! are never deleted, so that two processes cannot hold two files of one name. The system frees a dead owner's lock.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;

use gvm_core::layout::Layout;

use super::{StoreError, at};
use crate::platform;
use crate::report::{Event, Report};

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
    /// When the lock file cannot be opened.
    pub fn acquire(
        layout: &Layout,
        hash: &str,
        name: &str,
        report: &dyn Report,
    ) -> Result<Self, StoreError> {
        let file = wait(&layout.hash_lock(hash), name, report)?;
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
    /// When the lock file cannot be opened.
    pub fn acquire(layout: &Layout, report: &dyn Report) -> Result<Self, StoreError> {
        Ok(Self { _file: wait(&layout.store_lock(), "the same folder", report)? })
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
    /// When the lock file cannot be opened for another reason.
    pub fn acquire_if_ours(
        layout: &Layout,
        name: &str,
        report: &dyn Report,
    ) -> Result<Option<Self>, StoreError> {
        match wait(&layout.sumdb_lock(name), name, report) {
            Ok(file) => Ok(Some(Self { _file: file })),
            Err(StoreError::Io { source, .. }) if is_not_ours(&source) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn is_not_ours(error: &io::Error) -> bool {
    use io::ErrorKind::{NotFound, PermissionDenied, ReadOnlyFilesystem};
    matches!(error.kind(), NotFound | PermissionDenied | ReadOnlyFilesystem)
}

fn wait(path: &[u8], name: &str, report: &dyn Report) -> Result<File, StoreError> {
    let file = open(path)?;
    let path = platform::path(path);
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => report.event(Event::Waiting { what: name }),
        Err(TryLockError::Error(error)) => return Err(at("lock", path)(error)),
    }
    file.lock().map_err(at("lock", path))?;
    Ok(file)
}

fn open(path: &[u8]) -> Result<File, StoreError> {
    let path = platform::path(path);
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    options.open(path).map_err(at("open", path))
}
