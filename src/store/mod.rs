//! ROOT as a store of installed versions: prepared, locked, published into, removed from, swept. Only this layer and
//! `activate` change what is under it.
//!
//! Presence means complete: a version appears by one rename. What is derived from it (links, shims) is repaired by
//! whoever holds the lock next.

pub mod change;
pub mod exposed;
pub mod installed;
pub mod lock;
pub mod publish;
pub mod receipt;
pub mod remove;
mod replace;
pub mod root;
pub mod staging;
pub mod sumdb_head;
pub mod sweep;
pub mod tree;

use std::io;
use std::path::{Path, PathBuf};

pub use installed::Install;
pub use lock::{HashLock, Waiting, WriteLock};
pub use receipt::Receipt;

use crate::atomic::WriteError;
use crate::platform::{self, Held};

/// Why ROOT could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system refused.
    #[error("{doing} {}: {source}", path.display())]
    Io {
        /// What was being done, as a verb that takes the path.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// A file could not be replaced.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Another program keeps a file of a version open, and the system moves nothing that is open.
    #[error("{} is in use: {}", path.display(), in_use(held))]
    InUse {
        /// The version's folder.
        path: PathBuf,
        /// The file, and who has it open.
        held: Held,
    },
    /// ROOT belongs to somebody else.
    #[error("{} belongs to {owner}", root.display())]
    Foreign {
        /// ROOT.
        root: PathBuf,
        /// Whose it is.
        owner: String,
    },
    /// Everybody may write to a folder of ROOT's.
    #[error("{0}")]
    Exposed(exposed::Exposed),
    /// Something else stands where ROOT should be.
    #[error("{} is {what}", root.display())]
    InTheWay {
        /// ROOT.
        root: PathBuf,
        /// What it is instead.
        what: String,
    },
    /// Another gvm holds a lock for longer than this one may wait.
    #[error("another gvm{} is working on {what}", process(*.owner))]
    Busy {
        /// On what, as a person would call it.
        what: String,
        /// Its process, if it says so.
        owner: Option<u32>,
    },
    /// A newer gvm has laid ROOT out in a way that this one does not know.
    #[error("{} has layout {found}, and this gvm knows layouts up to {known}", root.display())]
    NewerFormat {
        /// ROOT.
        root: PathBuf,
        /// Its layout.
        found: String,
        /// The newest that is known here.
        known: u32,
    },
    /// Two tags whose hashes begin alike.
    #[error("{tag} would stand in folder {hash}, where {other} stands")]
    Collision {
        /// The tag that has no place.
        tag: String,
        /// The folder.
        hash: String,
        /// The tag that has it.
        other: String,
    },
    /// Two tags that this file system takes for one.
    #[error("{tag} and {other} have one name on this file system")]
    Namesake {
        /// The tag that has no place.
        tag: String,
        /// The tag that has it.
        other: String,
    },
    /// A folder stands where a version would, and nothing says what it is.
    #[error("{} stands where {tag} would, and is no installed version", path.display())]
    Unknown {
        /// The folder.
        path: PathBuf,
        /// The tag that has no place.
        tag: String,
    },
    /// A receipt that cannot be understood.
    #[error("{} cannot be understood: {why}", path.display())]
    BadReceipt {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
}

impl StoreError {
    /// Whether the disk, or the user's share of it, is full.
    pub fn is_disk_full(&self) -> bool {
        let source = match self {
            Self::Io { source, .. } => source,
            Self::Write(error) => &error.source,
            _ => return false,
        };
        matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
    }
}

/// What is in use and by whom, for a message.
fn in_use(held: &Held) -> String {
    let by = if held.by.is_empty() { "another program".to_owned() } else { held.by.join(", ") };
    format!("{by} has {} open", held.file.display())
}

/// The system would not move the folder of a version: what is open in it says why.
pub(crate) fn not_moved(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    move |source| {
        let held = platform::is_held(&source).then(|| platform::held_below(path)).flatten();
        match held {
            Some(held) => StoreError::InUse { path: path.to_owned(), held },
            None => at(doing, path)(source),
        }
    }
}

/// Who holds a lock, for a message.
fn process(owner: Option<u32>) -> String {
    owner.map(|id| format!(" (process {id})")).unwrap_or_default()
}

/// Adds the path and what was being done to it to a system's refusal.
pub(crate) fn at(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    move |source| StoreError::Io { doing, path: path.to_owned(), source }
}
