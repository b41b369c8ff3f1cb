//! How large an archive and what it unpacks to may be. Who counts, and when, is with the readers.

use thiserror::Error;

/// Bounds that no honest Go archive comes near and that keep a hostile one from filling the disk.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the archive itself. The largest so far is 149 MB (Go 1.19).
    pub archive: u64,
    /// Bytes that it unpacks to; for a tar, its headers and padding with them. So far at most 460
    /// MB.
    pub unpacked: u64,
    /// Entries, and apart from that files and folders that they make. So far about 14,000.
    pub entries: usize,
    /// Folders among them: each costs the disk a hundred times what it costs the archive. So far
    /// under 2,000.
    pub folders: usize,
    /// Bytes of a path below GOROOT: what is left of Windows' 260 for the folder above it, and less
    /// than the 255 that any file system allows to one element. The longest so far has 108.
    pub path: usize,
    /// Unpacked bytes for each byte of archive. Go's archives have 3; single files of zeros reach
    /// 800.
    pub ratio: u64,
    /// Unpacked bytes that are never too many for [`Limits::ratio`].
    pub ratio_floor: u64,
}

/// What [`unpack`](super::unpack) holds archives to.
pub const LIMITS: Limits = Limits {
    archive: 512 << 20,
    unpacked: 2 << 30,
    entries: 50_000,
    folders: 4_000,
    path: 240,
    ratio: 32,
    ratio_floor: 16 << 20,
};

/// A bound that an archive broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Limit {
    /// The archive is too large.
    #[error("it is larger than {0} bytes")]
    Archive(u64),
    /// What is inside is too large.
    #[error("it unpacks to more than {0} bytes")]
    Unpacked(u64),
    /// There is too much inside.
    #[error("it holds more than {0} files and folders")]
    Entries(usize),
    /// There are too many folders.
    #[error("it holds more than {0} folders")]
    Folders(usize),
    /// A small archive of much: a decompression bomb.
    #[error("it unpacks to more than {0} times its size")]
    Ratio(u64),
}

impl Limits {
    /// Checks the archive's own size.
    pub(super) fn check_archive(&self, size: u64) -> Result<(), Limit> {
        if size > self.archive { Err(Limit::Archive(self.archive)) } else { Ok(()) }
    }

    /// Checks a number of entries, files or folders.
    pub(super) fn check_entries(&self, count: usize) -> Result<(), Limit> {
        if count > self.entries { Err(Limit::Entries(self.entries)) } else { Ok(()) }
    }

    /// Checks a number of folders.
    pub(super) fn check_folders(&self, count: usize) -> Result<(), Limit> {
        if count > self.folders { Err(Limit::Folders(self.folders)) } else { Ok(()) }
    }

    /// Checks what one file is declared to hold, before any of it is there.
    pub(super) fn check_file(&self, size: u64) -> Result<(), Limit> {
        if size > self.unpacked { Err(Limit::Unpacked(self.unpacked)) } else { Ok(()) }
    }

    /// Checks what an archive of `archive` bytes unpacks to.
    pub(super) fn check_unpacked(&self, unpacked: u64, archive: u64) -> Result<(), Limit> {
        if unpacked > self.unpacked {
            return Err(Limit::Unpacked(self.unpacked));
        }
        if unpacked > self.ratio_floor.max(archive.saturating_mul(self.ratio)) {
            return Err(Limit::Ratio(self.ratio));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_is_the_last_value_allowed() {
        assert_eq!(LIMITS.check_archive(512 << 20), Ok(()));
        assert_eq!(LIMITS.check_archive((512 << 20) + 1), Err(Limit::Archive(512 << 20)));
        assert_eq!(LIMITS.check_entries(50_000), Ok(()));
        assert_eq!(LIMITS.check_entries(50_001), Err(Limit::Entries(50_000)));
        assert_eq!(LIMITS.check_folders(4_000), Ok(()));
        assert_eq!(LIMITS.check_folders(4_001), Err(Limit::Folders(4_000)));
        assert_eq!(LIMITS.check_file(2 << 30), Ok(()));
        assert_eq!(LIMITS.check_file((2 << 30) + 1), Err(Limit::Unpacked(2 << 30)));
        assert_eq!(LIMITS.check_unpacked(2 << 30, 512 << 20), Ok(()));
        assert_eq!(LIMITS.check_unpacked((2 << 30) + 1, 512 << 20), Err(Limit::Unpacked(2 << 30)));
    }

    #[test]
    fn a_bomb_is_told_by_its_ratio_unless_it_is_small() {
        assert_eq!(LIMITS.check_unpacked(16 << 20, 100), Ok(()));
        assert_eq!(LIMITS.check_unpacked((16 << 20) + 1, 100), Err(Limit::Ratio(32)));
        assert_eq!(LIMITS.check_unpacked(32 << 20, 1 << 20), Ok(()));
    }
}
