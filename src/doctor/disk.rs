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

/// A machine in memory has no sizes but those of its files, and every folder of it can be written.
#[cfg(test)]
impl Disk for gvm_core::world::memory::Memory {
    fn entry(&self, path: &[u8]) -> Option<Kind> {
        use gvm_core::world::World;
        // Its files stand for links where a file system has none.
        let is_file = self.read(path, usize::MAX).is_ok();
        if !is_file && !self.is_folder(path) && self.link(path).is_some() {
            return Some(Kind::Link);
        }
        self.stat(path).map(|stat| stat.kind)
    }

    fn stat(&self, path: &[u8]) -> Option<Stat> {
        use gvm_core::world::World;
        if self.is_folder(path) {
            return Some(Stat { kind: Kind::Folder, size: 0 });
        }
        let content = self.read(path, usize::MAX).ok()?;
        Some(Stat { kind: Kind::File, size: content.len() as u64 })
    }

    fn piece(&self, path: &[u8], offset: u64, length: usize) -> Option<Vec<u8>> {
        use gvm_core::world::World;
        let content = self.read(path, usize::MAX).ok()?;
        let rest = content.get(usize::try_from(offset).ok()?..)?;
        Some(rest[..rest.len().min(length)].to_vec())
    }

    fn ground(&self, _path: &[u8]) -> Option<Ground> {
        Some(Ground {
            owner: platform::Owner { name: "me".into(), is_us: true },
            is_writable: true,
            is_read_only: false,
            is_noexec: false,
            free: None,
            size: None,
            is_without_inodes: false,
        })
    }
}
