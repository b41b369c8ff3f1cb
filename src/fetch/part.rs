//! An archive on its way: `<name>.part` in the cache, beside its mark, until it is whole and gets
//! its name.
//!
//! What is asked of the server is `net`'s; when to start over is decided in `fetch`.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::fetched::remove;
use super::mark::Mark;
use super::{FetchError, Fetched, Wanted};
use crate::checkpoint;
use crate::net::{Download, Resume, Start, redact};
use crate::platform;

/// The bytes that have come so far. The file's cursor stands at their end.
pub(super) struct Part {
    file: File,
    path: PathBuf,
    mark_path: PathBuf,
    whole_path: PathBuf,
    length: u64,
    mark: Option<Mark>,
    /// Of the bytes so far, where a digest is wanted.
    digest: Option<Sha256>,
    is_continued: bool,
}

impl Part {
    /// What an earlier run left of `wanted`, else an empty part.
    pub(super) fn open(wanted: &Wanted<'_>, cache: &Path) -> Result<Part, FetchError> {
        let path = cache.join(format!("{}.part", wanted.name));
        let mark_path = cache.join(format!("{}.part.toml", wanted.name));
        let failed = |error| FetchError::io(&path, error);
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = platform::open_plain(&options, &path).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(failed(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is no regular file",
            )));
        }
        checkpoint::reach("fetch.part-opened");
        let length = file.seek(SeekFrom::End(0)).map_err(failed)?;
        let mark = Mark::read(&mark_path);
        let digest = wanted.sha256.map(|_| Sha256::new());
        let whole_path = cache.join(wanted.name);
        let is_usable = mark.is_some() && length <= wanted.size.unwrap_or(wanted.limit);
        let is_continued = length > 0;
        let mut part =
            Part { file, path, mark_path, whole_path, length, mark, digest, is_continued };
        match is_usable {
            true => part.take_up_digest()?,
            false => part.clear()?,
        }
        Ok(part)
    }

    /// Bytes so far.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Whether bytes of different answers stand in it (or stood, when a request for more was
    /// refused).
    pub(super) fn is_continued(&self) -> bool {
        self.is_continued
    }

    /// Whether nothing is missing; unknown lengths are never whole.
    pub(super) fn is_whole(&self, wanted: &Wanted<'_>) -> bool {
        let Some(mark) = self.mark.as_ref().filter(|_| self.length > 0) else { return false };
        let is_known = mark.is_from(wanted.url) || wanted.sha256.is_some();
        is_known && wanted.size.or(mark.total(wanted.url)) == Some(self.length)
    }

    /// How to ask for what is missing; none if it must be asked for from its start.
    ///
    /// Without a validator only bytes are continued whose size and digest are known: there a mix of
    /// two files is noticed, and costs no more than a second download.
    pub(super) fn resume(&mut self, wanted: &Wanted<'_>) -> Option<Resume> {
        let mark = self.mark.as_ref().filter(|_| self.length > 0)?;
        let validator = mark.validator(wanted.url);
        let is_known = wanted.size.is_some() && wanted.sha256.is_some();
        if validator.is_none() && !is_known {
            return None;
        }
        self.is_continued = true;
        Some(Resume { offset: self.length, validator })
    }

    /// Whether what is there was of another length in whole than what this answer goes on with: two
    /// files.
    pub(super) fn belongs_to_another(&self, download: &Download) -> bool {
        let begun = self.mark.as_ref().and_then(Mark::length);
        matches!((begun, download.total), (Some(begun), Some(total)) if begun != total)
    }

    /// Makes ready for the bytes of `download`: after those that are there, or in their place.
    pub(super) fn begin(
        &mut self,
        wanted: &Wanted<'_>,
        download: &Download,
    ) -> Result<(), FetchError> {
        match download.start {
            Start::At(_) => Ok(()),
            Start::Whole => {
                self.clear()?;
                let mark = Mark::of(wanted.url, download);
                mark.write(&self.mark_path).map_err(|it| FetchError::io(&self.mark_path, it))?;
                self.mark = Some(mark);
                Ok(())
            }
        }
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        self.file.write_all(bytes).map_err(|error| FetchError::io(&self.path, error))?;
        self.length += bytes.len() as u64;
        if let Some(digest) = &mut self.digest {
            digest.update(bytes);
        }
        Ok(())
    }

    /// Whether the whole has the digest that is wanted.
    pub(super) fn check(&self, wanted: &Wanted<'_>) -> Result<(), FetchError> {
        let (Some(expected), Some(digest)) = (wanted.sha256, &self.digest) else { return Ok(()) };
        let found: [u8; 32] = digest.clone().finalize().into();
        if found == expected {
            return Ok(());
        }
        Err(FetchError::Sha256 { url: redact(wanted.url), expected, found })
    }

    /// Throws away what came. The mark goes first: a part without one counts for nothing.
    pub(super) fn clear(&mut self) -> Result<(), FetchError> {
        remove(&self.mark_path)?;
        self.file
            .set_len(0)
            .and_then(|()| self.file.rewind())
            .map_err(|error| FetchError::io(&self.path, error))?;
        self.length = 0;
        self.mark = None;
        self.digest = self.digest.as_ref().map(|_| Sha256::new());
        self.is_continued = false;
        Ok(())
    }

    /// Takes the part out of the cache.
    pub(super) fn remove(&mut self) -> Result<(), FetchError> {
        self.clear()?;
        remove(&self.path)
    }

    /// Gives the whole file its name; the open file stays the same.
    pub(super) fn publish(self, sha256: Option<[u8; 32]>) -> Result<Fetched, FetchError> {
        fs::rename(&self.path, &self.whole_path)
            .map_err(|error| FetchError::io(&self.whole_path, error))?;
        checkpoint::reach("fetch.named");
        // The whole is there. A mark that stays is swept.
        let _ = remove(&self.mark_path);
        Fetched::published(self.file, self.whole_path, sha256, self.is_continued)
    }

    fn take_up_digest(&mut self) -> Result<(), FetchError> {
        let Some(digest) = &mut self.digest else { return Ok(()) };
        update(digest, &mut self.file).map_err(|error| FetchError::io(&self.path, error))
    }
}

/// Removes the mark of a part that has become whole.
pub(super) fn remove_mark(wanted: &Wanted<'_>, cache: &Path) -> Result<(), FetchError> {
    remove(&cache.join(format!("{}.part.toml", wanted.name)))
}

/// The digest of a whole file; its cursor is left at the end.
pub(super) fn digest_of(file: &mut File) -> io::Result<[u8; 32]> {
    let mut digest = Sha256::new();
    update(&mut digest, file)?;
    Ok(digest.finalize().into())
}

fn update(digest: &mut Sha256, file: &mut File) -> io::Result<()> {
    file.rewind()?;
    let mut buffer = vec![0; super::BUFFER];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            count => digest.update(&buffer[..count]),
        }
    }
}
