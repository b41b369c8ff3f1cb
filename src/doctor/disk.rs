//! [`Disk`]: what a finding needs to know of files and folders beside what [`gvm_core::world::World`] tells: sizes, owners,
//! a piece of a large file, and whether a folder takes what a build puts there. Nothing is written to find that out.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};

use crate::platform::{self, Ground};

/// The disks of a machine, as far as a finding needs them.
pub trait Disk {
    /// What stands at `path`, without following a link that stands there itself.
    fn entry(&self, path: &[u8]) -> Option<Kind>;

    /// What stands at `path`, following links.
    fn stat(&self, path: &[u8]) -> Option<Stat>;

    /// At most `length` bytes of a regular file from `offset` on; fewer where it ends.
    fn piece(&self, path: &[u8], offset: u64, length: usize) -> Option<Vec<u8>>;

    /// The folder at `path` as a place to put files.
    fn ground(&self, path: &[u8]) -> Option<Ground>;
}

/// What stands somewhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A pipe, a device, a socket.
    Other,
}

/// A file or folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stat {
    /// What it is.
    pub kind: Kind,
    /// Its size in bytes.
    pub size: u64,
}

/// This machine's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Real;

impl Disk for Real {
    fn entry(&self, path: &[u8]) -> Option<Kind> {
        let metadata = fs::symlink_metadata(platform::path(path)).ok()?;
        Some(kind(metadata.file_type()))
    }

    fn stat(&self, path: &[u8]) -> Option<Stat> {
        let metadata = fs::metadata(platform::path(path)).ok()?;
        Some(Stat { kind: kind(metadata.file_type()), size: metadata.len() })
    }

    fn piece(&self, path: &[u8], offset: u64, length: usize) -> Option<Vec<u8>> {
        // A pipe would be waited for.
        if self.stat(path)?.kind != Kind::File {
            return None;
        }
        let mut file = File::open(platform::path(path)).ok()?;
        file.seek(SeekFrom::Start(offset)).ok()?;
        let mut piece = Vec::new();
        file.take(length as u64).read_to_end(&mut piece).ok()?;
        Some(piece)
    }

    fn ground(&self, path: &[u8]) -> Option<Ground> {
        platform::ground(platform::path(path)).ok()
    }
}

fn kind(file_type: fs::FileType) -> Kind {
    if file_type.is_symlink() {
        Kind::Link
    } else if file_type.is_dir() {
        Kind::Folder
    } else if file_type.is_file() {
        Kind::File
    } else {
        Kind::Other
    }
}
