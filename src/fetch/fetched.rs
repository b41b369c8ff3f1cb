//! [`Fetched`]: a whole archive, open; in the cache, or where a `file` URL names it.

use std::fs::{self, File};
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

use super::part::digest_of;
use super::{FetchError, Wanted};
use crate::net::{self, Fault, NetError};

/// These bytes are on disk, of the size and digest that were known of them beforehand.
///
/// It owns the open file: whoever reads the archive reads what was checked, whatever its name leads
/// to by then.
#[derive(Debug)]
pub struct Fetched {
    file: File,
    path: Option<PathBuf>,
    size: u64,
    sha256: Option<[u8; 32]>,
    is_patched: bool,
}

impl Fetched {
    /// The file, at its start.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Its place in the cache; none for a file that is read where it is.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The digest, where one was wanted; the bytes have it.
    #[must_use]
    pub fn sha256(&self) -> Option<[u8; 32]> {
        self.sha256
    }

    /// Whether some of its bytes came by another answer than the rest, or were kept from an earlier
    /// run, and no digest was wanted that would have told damage: fetched anew it may be another one.
    #[must_use]
    pub fn is_patched(&self) -> bool {
        self.is_patched && self.sha256.is_none()
    }

    /// Takes the archive out of the cache, as it turned out to be none, or not the one that was
    /// meant.
    ///
    /// # Errors
    ///
    /// The file cannot be removed.
    pub fn discard(self) -> Result<(), FetchError> {
        let Fetched { file, path, .. } = self;
        drop(file);
        path.map_or(Ok(()), |path| remove(&path))
    }

    /// A file that has just become whole.
    pub(super) fn published(
        mut file: File,
        path: PathBuf,
        sha256: Option<[u8; 32]>,
        is_patched: bool,
    ) -> Result<Fetched, FetchError> {
        let size = file.metadata().and_then(|data| file.rewind().map(|()| data.len()));
        let size = size.map_err(|error| FetchError::io(&path, error))?;
        Ok(Fetched { file, path: Some(path), size, sha256, is_patched })
    }

    /// The file of a `file` URL, where it is.
    pub(super) fn in_place(wanted: &Wanted<'_>) -> Result<Fetched, FetchError> {
        let failed = |fault| FetchError::Net(NetError::new(wanted.url, fault));
        let file = net::open_file(wanted.url)?;
        let size = file.metadata().map_err(|error| failed(Fault::File(error)))?.len();
        if let Some(expected) = wanted.size.filter(|expected| *expected != size) {
            return Err(FetchError::size(wanted.url, expected, size));
        }
        if size > wanted.limit {
            return Err(failed(Fault::TooLarge { limit: wanted.limit }));
        }
        Ok(Fetched { file, path: None, size, sha256: None, is_patched: false })
    }

    /// What an earlier run left whole, if it is what is wanted; if not, it is removed.
    pub(super) fn cached(wanted: &Wanted<'_>, cache: &Path) -> Result<Option<Fetched>, FetchError> {
        // Where upper and lower case are one, a file of another name would be opened.
        let mut names = fs::read_dir(cache).into_iter().flatten().flatten();
        if !names.any(|entry| entry.file_name() == wanted.name) {
            return Ok(None);
        }
        let path = cache.join(wanted.name);
        let failed = |error| FetchError::io(&path, error);
        let mut file = match net::open_regular(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let size = file.metadata().map_err(failed)?.len();
        let has_size = size <= wanted.limit && wanted.size.is_none_or(|expected| expected == size);
        let is_wanted = has_size
            && match wanted.sha256 {
                Some(expected) => digest_of(&mut file).map_err(failed)? == expected,
                None => true,
            };
        if !is_wanted {
            drop(file);
            remove(&path)?;
            return Ok(None);
        }
        file.rewind().map_err(failed)?;
        let sha256 = wanted.sha256;
        Ok(Some(Fetched { file, path: Some(path), size, sha256, is_patched: true }))
    }
}

/// Removes a file of the cache; one that is gone already is removed.
pub(super) fn remove(path: &Path) -> Result<(), FetchError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FetchError::io(path, error)),
        _ => Ok(()),
    }
}
