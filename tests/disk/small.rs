//! [`Small`]: a file system with little room: one of memory, mounted for the test; on Windows the one that
//! `GVM_TEST_SMALL_DISK` names, which .ci/windows/run mounts.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use crate::mounted::{Mounted, mount};
#[cfg(windows)]
use crate::stage::stock::skip;

/// A small file system. What fills it is a file of the test's own.
pub struct Small {
    folder: PathBuf,
    #[cfg(unix)]
    _mounted: Mounted,
    #[cfg(unix)]
    _at: tempfile::TempDir,
    #[cfg(windows)]
    _alone: std::sync::MutexGuard<'static, ()>,
}

impl Small {
    /// One for this test alone. None, said aloud, where there is none.
    #[cfg(unix)]
    pub fn new() -> Option<Self> {
        let at = tempfile::tempdir().unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", "size=16m", "tmpfs"], at.path())?;
        Some(Self { folder: at.path().to_owned(), _mounted: mounted, _at: at })
    }

    /// One for this test alone. None, said aloud, where there is none.
    #[cfg(windows)]
    #[allow(clippy::disallowed_methods, reason = "the test's own setting")]
    pub fn new() -> Option<Self> {
        static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let Some(folder) = std::env::var_os("GVM_TEST_SMALL_DISK") else {
            skip("GVM_TEST_SMALL_DISK names no small disk");
            return None;
        };
        let alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Some(Self { folder: folder.into(), _alone: alone })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Leaves room for so many kilobytes.
    pub fn leave(&self, kilobytes: u64) {
        self.clear();
        let whole = self.fill(u64::MAX);
        // To cut the file off needs room on Wine.
        self.clear();
        let length = whole.checked_sub(kilobytes << 10).unwrap();
        // What was removed may take room until its last handle is closed.
        let tries = 1000;
        assert!(
            (0..tries).any(|_| self.fill(length) == length),
            "{} stays full",
            self.folder.display()
        );
    }

    /// Writes a file of this length, or as long as there is room; gives how long it is.
    fn fill(&self, length: u64) -> u64 {
        let Ok(mut file) = File::create(self.filler()) else { return 0 };
        let mut piece = vec![b'x'; 1 << 16];
        let mut written = 0;
        while !piece.is_empty() && written < length {
            piece.truncate(usize::try_from(length - written).unwrap_or(usize::MAX));
            match file.write(&piece) {
                Ok(count) if count > 0 => written += count as u64,
                Err(error) if error.kind() != ErrorKind::StorageFull => panic!("{error}"),
                Ok(_) | Err(_) => piece.truncate(piece.len() / 2),
            }
        }
        written
    }

    /// Gives all the room back.
    pub fn clear(&self) {
        let _ = fs::remove_file(self.filler());
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        self.clear();
    }
}
