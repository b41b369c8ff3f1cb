//! What can go wrong with fetching an archive.

use std::io;
use std::path::{Path, PathBuf};

use url::Url;

use crate::net::{NetError, redact};

/// An archive that could not be fetched, and why.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The request failed. A download that broke off stays in the cache, to be resumed.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The server announces another size than the index.
    #[error("{url} has {found} bytes instead of {expected}")]
    Size {
        /// Without its secrets.
        url: String,
        /// Bytes, by the index.
        expected: u64,
        /// Bytes, by the server.
        found: u64,
    },
    /// The server sends, or announces, more than the index says.
    #[error("{url} has more than {expected} bytes")]
    Longer {
        /// Without its secrets.
        url: String,
        /// Bytes, by the index.
        expected: u64,
    },
    /// The bytes are not those that the index means; they are removed.
    #[error("{url} has the sha256 {} instead of {}", hex::encode(found), hex::encode(expected))]
    Sha256 {
        /// Without its secrets.
        url: String,
        /// By the index.
        expected: [u8; 32],
        /// Of the bytes that came.
        found: [u8; 32],
    },
    /// The name leads out of the cache, or could.
    #[error("{name:?} cannot be a file name in the cache")]
    Name {
        /// The name, shortened.
        name: String,
    },
    /// A file of the cache cannot be read or written.
    #[error("{} cannot be used: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl FetchError {
    /// Whether the request failed, rather than what came of it or this machine.
    pub fn is_the_networks(&self) -> bool {
        matches!(self, FetchError::Net(_))
    }

    /// Whether the server said, knowingly, that there is no such file.
    pub fn is_not_found(&self) -> bool {
        matches!(self, FetchError::Net(error) if error.is_not_found())
    }

    /// Whether other bytes came than were meant.
    pub fn is_integrity(&self) -> bool {
        matches!(self, Self::Size { .. } | Self::Longer { .. } | Self::Sha256 { .. })
    }

    pub(super) fn io(path: &Path, source: io::Error) -> FetchError {
        FetchError::Io { path: path.to_owned(), source }
    }

    pub(super) fn size(url: &Url, expected: u64, found: u64) -> FetchError {
        FetchError::Size { url: redact(url), expected, found }
    }
}
