//! `<name>.part.toml`: what a part belongs to, so that the next run can tell whether it may go on.
//!
//! The URL stands there as a digest only: it may hold a password.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use crate::net::{self, Download, Validator};

/// Longer files are no marks.
const LIMIT: u64 = 4096;

/// What a part belongs to.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Mark {
    /// SHA-256 of the URL, in hex.
    source: String,
    /// Bytes of the whole, if the server said so.
    total: Option<u64>,
    /// What the server called the whole.
    validator: Option<String>,
}

/// Removes the marks in a cache that belong to no part: of downloads that came to their end, or were broken off between
/// two steps. While one is on its way its part is there first, and goes first.
pub fn sweep(cache: &Path) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let mark = entry.path();
        let part = mark.with_extension("");
        let is_alone = entry.file_name().as_encoded_bytes().ends_with(b".part.toml")
            && matches!(part.try_exists(), Ok(false));
        if is_alone {
            let _ = fs::remove_file(&mark);
        }
    }
}

impl Mark {
    /// The mark of a body that has just begun to come in.
    pub(super) fn of(url: &Url, download: &Download) -> Mark {
        let validator = download.validator.as_ref().map(|it| it.as_text().to_owned());
        Mark { source: source_of(url), total: download.total, validator }
    }

    /// The mark at `path`; none if it is missing or garbled: then the part counts for nothing.
    pub(super) fn read(path: &Path) -> Option<Mark> {
        let mut text = String::new();
        net::open_regular(path).ok()?.take(LIMIT).read_to_string(&mut text).ok()?;
        toml::from_str(&text).ok()
    }

    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        fs::write(path, toml::to_string(self).map_err(io::Error::other)?)
    }

    /// Whether the part comes from `url`.
    pub(super) fn is_from(&self, url: &Url) -> bool {
        self.source == source_of(url)
    }

    /// Bytes of the whole, wherever it comes from.
    pub(super) fn length(&self) -> Option<u64> {
        self.total
    }

    /// Bytes of the whole, if it comes from `url`.
    pub(super) fn total(&self, url: &Url) -> Option<u64> {
        self.total.filter(|_| self.is_from(url))
    }

    /// What the server called the whole, if it comes from `url`.
    pub(super) fn validator(&self, url: &Url) -> Option<Validator> {
        let text = self.validator.as_deref().filter(|_| self.is_from(url))?;
        Validator::from_text(text)
    }
}

fn source_of(url: &Url) -> String {
    hex::encode(Sha256::digest(url.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_back_and_counts_for_its_url_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.part.toml");
        let url = Url::parse("https://u:hunter2@h.example/x").unwrap();
        let validator = Some("\"a\\b\"".to_owned());
        let mark = Mark { source: source_of(&url), total: Some(9), validator };
        mark.write(&path).unwrap();

        assert!(!fs::read_to_string(&path).unwrap().contains("hunter2"));
        assert_eq!(Mark::read(&path), Some(mark.clone()));
        assert_eq!((mark.total(&url), mark.validator(&url).is_some()), (Some(9), true));
        let other = Url::parse("https://h.example/x").unwrap();
        assert_eq!((mark.total(&other), mark.validator(&other)), (None, None));
    }

    #[test]
    fn a_garbled_mark_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.part.toml");
        assert_eq!(Mark::read(&path), None);
        for text in ["", "source", "source = 1", "source = \"x\"\ntotal = -1", "\u{0}"] {
            fs::write(&path, text).unwrap();
            assert_eq!(Mark::read(&path), None, "{text:?}");
        }
    }
}
