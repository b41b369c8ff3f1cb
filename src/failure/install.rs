//! What proofs and installations meet, and what to do about it.

use gvm_core::version::Version;

use super::network::{NETWORK, OFFERED};
use super::{Failure, Kind};
use crate::install::{InstallError, Reason, TestimonyError};
use crate::source::sumdb;
use crate::store::StoreError;
use crate::unpack::Fault;
use crate::verify::VerifyError;

const UNPROVED: &str = "allow the checksum database (unset GOSUMDB), \
                        or give a digest for a local archive with `--sha256`";

impl From<TestimonyError> for Failure {
    fn from(error: TestimonyError) -> Self {
        let message = error.to_string();
        match error {
            TestimonyError::Store(error) => error.into(),
            TestimonyError::DamagedHead { path, .. } => Self::new(Kind::CouldNot, message)
                .hint(format!("remove {}: it is made anew", path.display())),
            TestimonyError::Refused(_) | TestimonyError::Endless(_) => {
                Self::new(Kind::Integrity, message).hint(
                    "do not go on: somebody between you and the database may be lying; \
                 try another network or GOPROXY",
                )
            }
            TestimonyError::Unreachable(sumdb::SumdbError::BadAddress(_))
            | TestimonyError::Database(_)
            | TestimonyError::Proxy(_) => {
                Self::new(Kind::Usage, message).hint("see `go env GOSUMDB GOPROXY`")
            }
            TestimonyError::Unreachable(_) => Self::new(Kind::Network, message)
                .hint("it is asked through GOPROXY where a proxy offers it: see `go env GOPROXY`"),
        }
    }
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        let failure = Self::new(Kind::Integrity, error.to_string());
        match error {
            VerifyError::OtherTree { .. } | VerifyError::Names(_) => failure.hint(ELSEWHERE),
            VerifyError::Unproved { .. } => failure.hint(UNPROVED),
        }
    }
}

/// A line for each source.
fn each(reasons: &[Reason]) -> String {
    reasons.iter().map(|reason| format!("\n  {}: {}", reason.source, reason.error)).collect()
}

/// What to do about the sources that failed, each piece of advice once.
fn ways_out(reasons: Vec<Reason>) -> String {
    let failed = reasons.into_iter().map(|reason| reason.error).filter(|it| !it.is_absence());
    let mut hints: Vec<String> = Vec::new();
    for hint in failed.filter_map(|error| Failure::from(error).hint) {
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    if hints.is_empty() { NETWORK.to_owned() } else { hints.join("; ") }
}

impl From<InstallError> for Failure {
    fn from(error: InstallError) -> Self {
        let message = error.to_string();
        match error {
            InstallError::NoSuchVersion { nearest, reasons, .. } => {
                let failure = Self::new(Kind::NoSuchVersion, message + &each(&reasons));
                let names: Vec<&str> = nearest.iter().map(Version::as_str).collect();
                if names.is_empty() {
                    failure.hint(OFFERED)
                } else {
                    failure.hint(format!("the nearest are {}", names.join(", ")))
                }
            }
            InstallError::NoSource { reasons, .. } => {
                let unproved = reasons.iter().any(|reason| reason.error.is_integrity());
                let message = message + &each(&reasons);
                if unproved {
                    return Self::new(Kind::Integrity, message).hint(UNPROVED);
                }
                Self::new(Kind::Network, message).hint(ways_out(reasons))
            }
            InstallError::Offline { reasons, cached, .. } => {
                let cached = if cached.is_empty() { "nothing".into() } else { cached.join(", ") };
                Self::new(Kind::Network, message + &each(&reasons)).hint(format!(
                    "`gvm list` shows what is installed; the cache holds {cached}; \
                     try again without --offline and GVM_OFFLINE"
                ))
            }
            InstallError::NotOffered => Self::new(Kind::NoSuchVersion, message).hint(OFFERED),
            InstallError::Source(error) => error.into(),
            InstallError::Store(error) => error.into(),
            InstallError::Verify(error) => error.into(),
            InstallError::Testimony(error) => error.into(),
            InstallError::OtherVersion { .. } => Self::new(Kind::Integrity, message)
                .hint("nothing was installed; the archive does not hold what its name says"),
            InstallError::Unpack(error) => match error.fault {
                Fault::Io { doing, path, source } => StoreError::Io { doing, path, source }.into(),
                Fault::NotAnArchive(_) => refused(&message).hint(
                    "nothing was installed; the source may serve a page in place of the archive",
                ),
                Fault::Entry { .. } | Fault::Corrupt { .. } | Fault::Limit(_) => {
                    refused(&message).hint(ELSEWHERE)
                }
            },
            InstallError::Fetch(error) => error.into(),
        }
    }
}

const ELSEWHERE: &str =
    "nothing was installed; try another source: `--source godev` or `--source goproxy`";

/// An archive that is none, or no honest one.
fn refused(message: &str) -> Failure {
    Failure::new(Kind::Integrity, format!("could not {message}"))
}
