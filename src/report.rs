//! What the long half of gvm says while it works: events, handed to whoever listens.
//!
//! How they look is not here: `ui::progress` draws them.

use std::time::Duration;

/// Something worth telling while a version is being installed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A download begins, or goes on after `already` bytes.
    DownloadStarted {
        /// What is downloaded, as a person would call it.
        name: &'a str,
        /// Bytes in all, when the server or the index says so.
        total: Option<u64>,
        /// Bytes that an earlier, broken-off download left.
        already: u64,
    },
    /// So many more bytes have come in.
    Received(u64),
    /// The download is whole.
    DownloadDone,
    /// An archive of `total` bytes is being unpacked.
    UnpackStarted {
        /// What is unpacked.
        name: &'a str,
        /// Uncompressed bytes in all, where the format tells (zip does, tar.gz does not).
        total: Option<u64>,
    },
    /// So many more uncompressed bytes are written.
    Written(u64),
    /// The tree is whole.
    UnpackDone,
    /// A request failed in a way that may pass; it is tried again after `wait`.
    Retrying {
        /// The URL without credentials.
        url: &'a str,
        /// Why the last try failed.
        why: &'a str,
        /// How long gvm waits.
        wait: Duration,
    },
    /// Another gvm holds the lock for `what`.
    Waiting {
        /// What is waited for, as a person would call it.
        what: &'a str,
        /// The other's process, if it says so.
        owner: Option<u32>,
    },
    /// Something that the user should know although the work goes on.
    Warning(&'a str),
    /// Something said only with `-v`.
    Detail(&'a str),
}

/// A listener.
pub trait Report: Sync {
    /// Takes one event. Called from several threads.
    fn event(&self, event: Event<'_>);
}

/// Listens to nothing.
#[derive(Debug)]
pub struct Silent;

impl Report for Silent {
    fn event(&self, _: Event<'_>) {}
}
