//! What sources and downloads meet, and what to do about it.

use gvm_core::vars;

use super::{Failure, Kind};
use crate::fetch::FetchError;
use crate::net::{Fault as NetFault, NetError};
use crate::settings;
use crate::source::SourceError;
use crate::store::StoreError;

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let message = error.to_string();
        let advice = advice([&error]);
        match error {
            SourceError::Net(error) => error.into(),
            SourceError::Proxy(_)
            | SourceError::NotAnIndex { .. }
            | SourceError::UnknownLayout { .. }
            | SourceError::NothingCached => Self::new(Kind::Network, message).hint(advice),
            SourceError::UnknownName { .. } => Self::new(Kind::Usage, message).hint(advice),
        }
    }
}

pub(super) const NETWORK: &str =
    "check the network and HTTPS_PROXY, or name a mirror in GVM_SOURCES";
const ONLINE: &str = "try again without --offline and GVM_OFFLINE";

/// What to do about sources that do not answer.
pub fn advice<'a>(errors: impl IntoIterator<Item = &'a SourceError>) -> String {
    let mut advice: Vec<&str> = Vec::new();
    for error in errors {
        let one = match error {
            SourceError::Net(NetError { fault: NetFault::Offline, .. })
            | SourceError::NothingCached => ONLINE,
            SourceError::Net(_) => NETWORK,
            SourceError::Proxy(_) => {
                "set GOPROXY to a proxy's URL or to direct (`go env GOPROXY` shows what it is), \
                 or set GVM_SOURCES=godev"
            }
            SourceError::NotAnIndex { .. } | SourceError::UnknownLayout { .. } => {
                "a source has an index.json beside its archives, \
                 or a folder golang.org/toolchain/@v below it"
            }
            SourceError::UnknownName { from, .. } => match from {
                settings::From::Variable(vars::GODEV) => {
                    "for example: GVM_GODEV=https://mirror.example/dl"
                }
                settings::From::Flag(_) => "for example: --source godev",
                settings::From::File => "for example: sources = [\"godev\", \"goproxy\"]",
                settings::From::Variable(_) | settings::From::BuiltIn => {
                    "for example: GVM_SOURCES=godev,goproxy; a comma within a URL is written %2C"
                }
            },
        };
        if !advice.contains(&one) {
            advice.push(one);
        }
    }
    if advice.is_empty() { NETWORK.to_owned() } else { advice.join("; ") }
}

impl From<NetError> for Failure {
    fn from(error: NetError) -> Self {
        let message = error.to_string();
        match error.fault {
            NetFault::Offline => Self::new(Kind::Network, message).hint(ONLINE),
            _ if error.is_not_found() => Self::new(Kind::NoSuchVersion, message).hint(OFFERED),
            _ => Self::new(Kind::Network, message).hint(NETWORK),
        }
    }
}

pub(super) const OFFERED: &str = "see what there is with `gvm list-remote --all`";

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        let message = error.to_string();
        if error.is_integrity() {
            return Self::new(Kind::Integrity, message).hint(
                "nothing was installed; hold the digest against the publisher's, \
                 or take another source: `--source godev` or `--source goproxy`",
            );
        }
        let failure = Self::new(Kind::CouldNot, message);
        match error {
            FetchError::Net(NetError { fault: NetFault::File(_), .. }) => {
                failure.hint("check the path, and whether you may read it")
            }
            FetchError::Net(error) => error.into(),
            FetchError::Io { path, source } => StoreError::Io { doing: "use", path, source }.into(),
            _ => failure.hint("take another source: `--source godev` or `--source goproxy`"),
        }
    }
}
