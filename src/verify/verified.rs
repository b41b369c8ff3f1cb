//! [`Verified`]: a staged tree that its publisher meant, and the one function that makes it.

use thiserror::Error;

use super::Proof;
use super::dirhash::{self, DirhashError};
use super::sumdb::Proven;
use crate::source::Expect;
use crate::unpack::Staged;
use gvm_core::module;

/// A whole tree in staging that its publisher meant, by a proof. Made by [`verify`] only; only this can be published.
#[derive(Debug)]
pub struct Verified {
    staged: Staged,
    h1: String,
    proof: Proof,
}

/// What the checksum database said.
#[derive(Clone, Debug)]
pub enum Testimony {
    /// It holds this hash, and proved that it does.
    Proven(Box<Proven>),
    /// Nothing; the reason, as text that fits after "because".
    None(String),
}

/// Why a tree is not what its publisher meant, or is not proved to be.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// The tree has another hash than the database holds.
    #[error("{module} has the hash {found}, and the checksum database holds {expected}")]
    OtherTree {
        /// The module and its version.
        module: String,
        /// The hash in the database.
        expected: String,
        /// The hash of the tree.
        found: String,
    },
    /// Nothing proves it.
    #[error("{module} is proved by nothing: {why}")]
    Unproved {
        /// The module and its version.
        module: String,
        /// Why the database does not.
        why: String,
    },
    /// Two files of the tree have one name in the module, or a name that no module can hold.
    #[error(transparent)]
    Names(#[from] DirhashError),
}

impl Verified {
    /// The tree.
    pub fn staged(&self) -> &Staged {
        &self.staged
    }

    /// The `h1:` that the toolchain module of these files has.
    pub fn h1(&self) -> &str {
        &self.h1
    }

    /// The proof.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }
}

/// Holds a tree against what it was expected to be and what the database said. `archive` is the digest of the archive
/// that it came from, where that was computed; a digest that was expected has been compared with it by then.
///
/// The database always decides where it spoke. A digest counts where the expectation says that it does.
///
/// # Errors
/// When they disagree, or nothing proves the tree.
pub fn verify(
    staged: Staged,
    module_version: &str,
    expect: &Expect,
    archive: Option<[u8; 32]>,
    testimony: Testimony,
) -> Result<Verified, VerifyError> {
    let module = format!("{}@{module_version}", module::PATH);
    let covered = staged.files().iter().filter(|file| {
        // In a module zip every file counts, also one that has no business there.
        staged.shape().is_module() || module::covers(&file.path)
    });
    let h1 = dirhash::toolchain_h1(module_version, covered.map(|file| (&file.path, file.sha256)))?;
    let digest = |sha256: &[u8; 32], origin: &str| {
        let proof = Proof::Sha256 { archive: *sha256, origin: origin.to_owned() };
        (archive == Some(*sha256)).then_some(proof)
    };
    let proof = match (testimony, expect) {
        (Testimony::Proven(proven), _) if proven.h1() == h1 => Proof::Sumdb(proven.to_stored()),
        (Testimony::Proven(proven), _) => {
            let expected = proven.h1().to_owned();
            return Err(VerifyError::OtherTree { module, expected, found: h1 });
        }
        (Testimony::None(why), Expect::OfficialIndex { sha256 }) => {
            digest(sha256, "official index").ok_or(VerifyError::Unproved { module, why })?
        }
        (Testimony::None(why), Expect::Given { sha256 }) => {
            digest(sha256, "command line").ok_or(VerifyError::Unproved { module, why })?
        }
        (Testimony::None(why), Expect::Database { .. }) => {
            return Err(VerifyError::Unproved { module, why });
        }
    };
    Ok(Verified { staged, h1, proof })
}
