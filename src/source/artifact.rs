//! [`Artifact`]: how one version is fetched for one target, and what must prove it.

use gvm_core::target::Target;
use gvm_core::version::Version;
use url::Url;

/// One version for one target, as one source has it.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// The version.
    pub version: Version,
    /// The target.
    pub target: Target,
    /// The name of the source.
    pub source: String,
    /// Where its bytes are: the first that answers is taken.
    pub urls: Vec<Url>,
    /// What its file is called in the cache.
    pub file_name: String,
    /// Its size in bytes, where the source says.
    pub size: Option<u64>,
    /// How its files are named inside.
    pub contents: Contents,
    /// What must prove it.
    pub expect: Expect,
}

/// How the files inside are named.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Contents {
    /// As the toolchain module names them.
    Module,
    /// As the official archive names them: below `go/`.
    Archive,
    /// The file itself must tell.
    Unknown,
}

/// What must prove that the publisher meant these bytes. Never optional: a source without a digest or a proof is none.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Expect {
    /// The SHA-256 of the official index, got over https from the publisher. The checksum database is asked too, and
    /// must agree when it answers.
    OfficialIndex {
        /// The digest.
        sha256: [u8; 32],
    },
    /// The checksum database.
    Database {
        /// A digest that the source gives beside it: it tells damage early, and proves nothing.
        sha256: Option<[u8; 32]>,
    },
    /// A digest that the user gave.
    Given {
        /// The digest.
        sha256: [u8; 32],
    },
}

impl Expect {
    /// The digest that the archive's bytes must have, where one is known.
    pub fn sha256(&self) -> Option<[u8; 32]> {
        match self {
            Self::OfficialIndex { sha256 } | Self::Given { sha256 } => Some(*sha256),
            Self::Database { sha256 } => *sha256,
        }
    }
}
