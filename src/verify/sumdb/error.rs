//! Why an answer of the checksum database proves nothing.

use thiserror::Error;

use super::head::SignedHead;
use crate::verify::note::NoteError;
use crate::verify::tlog::{Hash, InclusionError, MalformedHash, MalformedHead, TileError};

/// Why an answer of the checksum database proves nothing. Whatever it quotes comes from the
/// network: escape it when showing it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SumdbError {
    /// The answer does not begin with a record.
    #[error("malformed record of the checksum database: {why}")]
    MalformedRecord {
        /// The rule it breaks.
        why: &'static str,
    },
    /// The tree's note is malformed, or not signed by the database's key.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The database's key has signed something that is not a tree.
    #[error(transparent)]
    Head(#[from] MalformedHead),
    /// A tile is missing or not what the signed tree says it is.
    #[error(transparent)]
    Tile(#[from] TileError),
    /// The database has shown two trees of which neither extends the other: it tells different
    /// stories to different people, or its key is in other hands. Each note is signed; together
    /// with the tiles they convict whoever signed them.
    #[error(transparent)]
    Fork(Box<Fork>),
    /// The record's number lies outside the tree.
    #[error("record {id} is not in the checksum database's tree of {size} records")]
    OutsideTree {
        /// The number that the answer states.
        id: u64,
        /// Records in the larger of the known trees.
        size: u64,
    },
    /// The record in the log is another one than that of the answer.
    #[error(
        "record {id} of the checksum database has the hash {expected}, and the one received {found}"
    )]
    Record {
        /// The number that the answer states.
        id: u64,
        /// The hash in the log.
        expected: Hash,
        /// The hash of the record received.
        found: Hash,
    },
    /// The path in a receipt does not lead from the record to the signed tree.
    #[error(transparent)]
    Inclusion(#[from] InclusionError),
    /// A hash of the path in a receipt is not one.
    #[error(transparent)]
    Path(#[from] MalformedHash),
    /// The authenticated record says nothing about the module. Silence must not pass for consent
    /// (CVE-2026-42501).
    #[error("the checksum database's record has no hash of {module} {version}")]
    MissingLine {
        /// The module's path.
        module: String,
        /// The version that was looked for; ends in `/go.mod` when that line is the missing one.
        version: String,
        /// What the record says instead.
        record: String,
    },
    /// The authenticated record has lines about the module that contradict each other, or that hold
    /// no SHA-256.
    #[error("the checksum database's record has no single usable hash of {module} {version}")]
    UnusableLine {
        /// The module's path.
        module: String,
        /// The version that was looked for.
        version: String,
        /// What the record says.
        record: String,
    },
    /// A receipt's proof was signed by another key than the trusted one.
    #[error("the proof is by the key {found:?}, and the trusted one is {expected:?}")]
    OtherKey {
        /// The trusted key.
        expected: String,
        /// The key that the receipt names.
        found: String,
    },
}

/// A note, indented; all its lines are printable, as opening it has checked.
fn quoted(head: &SignedHead) -> String {
    head.note().lines().map(|line| format!("    {line}\n")).collect()
}

/// Two signed trees that cannot be of one log.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "the checksum database forked: its tree of {} records had the hash {}, and now has {found}; \
     it signed both of these:\n{}\n{}",
    older.tree().size, older.tree().hash, quoted(older), quoted(newer)
)]
pub struct Fork {
    /// The smaller tree, note and signatures included.
    pub older: SignedHead,
    /// The larger tree, note and signatures included.
    pub newer: SignedHead,
    /// The hash of the smaller tree's records by the tiles of the larger one.
    pub found: Hash,
}
