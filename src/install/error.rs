//! Why a version was not installed.

use gvm_core::spec::Spec;
use gvm_core::target::Target;
use gvm_core::version::Version;

use super::TestimonyError;
use crate::fetch::FetchError;
use crate::source::SourceError;
use crate::store::StoreError;
use crate::unpack::{Fault, UnpackError};
use crate::verify::VerifyError;

/// Why one source did not deliver.
#[derive(Debug)]
pub struct Reason {
    /// The source.
    pub source: String,
    /// What went wrong.
    pub error: InstallError,
    /// Whether it has the version all the same, and only did not deliver it.
    pub offered: bool,
}

/// Why a version was not installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// None of the sources that answered has it.
    #[error("there is no Go {spec} for {target}")]
    NoSuchVersion {
        /// What was asked for.
        spec: Spec,
        /// For which machine.
        target: Target,
        /// What comes nearest among what there is.
        nearest: Vec<Version>,
        /// What each source said.
        reasons: Vec<Reason>,
    },
    /// gvm is offline, and what is here does not suffice.
    #[error("offline: Go {spec} is not installed and cannot be fetched")]
    Offline {
        /// What was asked for.
        spec: Spec,
        /// Why, for each source that was asked.
        reasons: Vec<Reason>,
        /// The archives in the cache.
        cached: Vec<String>,
    },
    /// No source delivered, and at least one could not say whether it has it.
    #[error("no source could deliver Go {spec}")]
    NoSource {
        /// What was asked for.
        spec: Spec,
        /// Why, for each source that was asked.
        reasons: Vec<Reason>,
    },
    /// This one source does not have it.
    #[error("has no such version")]
    NotOffered,
    /// A source could not be asked.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Fetching failed.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The archive is none, is hostile or damaged; or the disk is full.
    #[error(transparent)]
    Unpack(#[from] UnpackError),
    /// The tree is not what was published.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The checksum database gave no usable testimony.
    #[error(transparent)]
    Testimony(#[from] TestimonyError),
    /// The archive is for another version or machine than it was taken for.
    #[error("the archive holds {found}, not {wanted}")]
    OtherVersion {
        /// What was wanted.
        wanted: String,
        /// What its VERSION file says.
        found: String,
    },
    /// ROOT could not be changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl InstallError {
    /// Whether another source may do better. What looks like an attack is not passed over in silence, and what this
    /// machine lacks it will lack again.
    pub fn is_the_sources(&self) -> bool {
        match self {
            Self::NotOffered => true,
            Self::Source(error) => !matches!(error, SourceError::UnknownName { .. }),
            Self::Fetch(error) => error.is_the_networks(),
            // Another source may need no database.
            Self::Testimony(error) => matches!(error, TestimonyError::Unreachable(_)),
            Self::Verify(error) => matches!(error, VerifyError::Unproved { .. }),
            Self::NoSuchVersion { .. }
            | Self::NoSource { .. }
            | Self::Offline { .. }
            | Self::Unpack(_)
            | Self::OtherVersion { .. }
            | Self::Store(_) => false,
        }
    }

    /// Whether it means that the version is not there, rather than that nobody knows.
    pub fn is_absence(&self) -> bool {
        match self {
            Self::NotOffered => true,
            Self::Fetch(error) => error.is_not_found(),
            _ => false,
        }
    }

    /// Whether what came is not what was published, or is not proved to be.
    pub fn is_integrity(&self) -> bool {
        match self {
            Self::Verify(_) | Self::OtherVersion { .. } => true,
            Self::Unpack(error) => !matches!(error.fault, Fault::Io { .. }),
            Self::Fetch(error) => error.is_integrity(),
            Self::Testimony(error) => error.is_integrity(),
            _ => false,
        }
    }
}
