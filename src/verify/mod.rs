//! What the publisher meant: digests, signatures and proofs as pure functions over bytes. Nothing
//! here reads a file or asks the network.
//!
//! | module | answers |
//! |---|---|
//! | [`dirhash`] | what is the `h1:` of these files? |
//! | [`note`] | who signed this text? |
//! | [`tlog`] | is this record in that tree, and is that tree a part of this one? |
//! | [`verify()`] | is this tree what its publisher meant? |
//! | [`sumdb`] | which `h1:` does the public log hold for this toolchain? |

pub mod dirhash;
pub mod note;
pub mod sumdb;
pub mod tlog;
mod verified;

pub use verified::{Testimony, Verified, VerifyError, verify};

#[cfg(test)]
mod testlog;

/// Why a tree is believed to be what the publisher meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The checksum database holds the `h1:` of its files.
    Sumdb(sumdb::StoredProof),
    /// The archive it came from has a digest that is trusted: one from the official index, fetched
    /// over https from its own host, or one that the user gave.
    Sha256 {
        /// The SHA-256 of the archive.
        archive: [u8; 32],
        /// Where the digest came from, as a person would call it.
        origin: String,
    },
}
