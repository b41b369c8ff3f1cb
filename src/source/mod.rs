//! Where versions come from: each source lists what it has and says how one of them is fetched and what its bytes must
//! be. They are asked in the order of `GVM_SOURCES`.
//!
//! Fetching, proving and publishing are not here.

use std::path::Path;

use gvm_core::layout::Layout;
use gvm_core::tag::{self, published_for};
use gvm_core::target::Target;
use gvm_core::version::Version;
use url::Url;

use crate::net::{Client, Fault, NetError, redact_text};
use crate::report::Report;
use crate::settings::{self, Settings};

pub mod archive;
mod artifact;
mod catalog;
mod godev;
mod goproxy;
mod mirror;
mod proxies;
pub mod sumdb;

pub use artifact::{Artifact, Contents, Expect};
pub use proxies::{ProxyError, ProxyList};

/// One place that versions come from.
pub trait Source {
    /// What a person calls it: `godev`, `goproxy`, a URL or a folder; without credentials.
    fn name(&self) -> &str;

    /// The versions it has for a target, in no order.
    ///
    /// # Errors
    /// When it cannot be asked or answers what cannot be understood.
    fn list(&self, target: &Target, report: &dyn Report) -> Result<Vec<Version>, SourceError>;

    /// How this version is fetched. None when the source does not have it; a version that it does not list may be
    /// there all the same.
    ///
    /// # Errors
    /// As [`Source::list`].
    fn artifact(
        &self,
        version: &Version,
        target: &Target,
        report: &dyn Report,
    ) -> Result<Option<Artifact>, SourceError>;
}

/// The versions that a source has for a machine, those among them that are older than native builds for it.
///
/// # Errors
/// As [`Source::list`].
pub fn list_for(
    source: &dyn Source,
    machine: &Target,
    report: &dyn Report,
) -> Result<Vec<Version>, SourceError> {
    let mut versions = source.list(machine, report)?;
    if let Some(other) = tag::older_builds(*machine) {
        let older = |version: &Version| published_for(version, *machine) == other;
        versions.extend(source.list(&other, report)?.into_iter().filter(older));
    }
    Ok(versions)
}

/// Why a source gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The network, or a file in its place.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The go command's settings forbid it or cannot be understood.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// An index that is none.
    #[error("{url} is no index of Go versions: {why}")]
    NotAnIndex {
        /// Where it came from, without credentials.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// Offline, and no index was ever cached.
    #[error("offline, and its list of versions was never fetched")]
    NothingCached,
    /// A folder or URL that is laid out like no source.
    #[error("{place} is laid out neither like go.dev/dl nor like a module proxy")]
    UnknownLayout {
        /// The folder or URL, without credentials.
        place: String,
    },
    /// A name that stands for no source.
    #[error("{from}: {name} is no place for Go versions: neither a URL nor an absolute folder")]
    UnknownName {
        /// The name, without credentials.
        name: String,
        /// Who says it.
        from: settings::From,
    },
}

impl SourceError {
    /// Whether the source was there and did not give what it was asked for, or was not to be asked: its list, kept or
    /// fresh, may say more.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Net(error) => matches!(error.fault, Fault::Status { .. } | Fault::Offline),
            Self::Proxy(_)
            | Self::NotAnIndex { .. }
            | Self::NothingCached
            | Self::UnknownLayout { .. }
            | Self::UnknownName { .. } => false,
        }
    }
}

/// What all sources share.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    /// The network.
    pub client: &'a Client,
    /// Where the cache is.
    pub layout: &'a Layout,
    /// What gvm was told.
    pub settings: &'a Settings,
}

/// The sources of the settings, in their order.
///
/// # Errors
/// When a name stands for no source.
pub fn all<'a>(access: Access<'a>) -> Result<Vec<Box<dyn Source + 'a>>, SourceError> {
    access.settings.sources.value.iter().map(|name| one(access, name)).collect()
}

fn one<'a>(access: Access<'a>, name: &str) -> Result<Box<dyn Source + 'a>, SourceError> {
    match name {
        "godev" => Ok(Box::new(godev::GoDev::official(access)?)),
        "goproxy" => Ok(Box::new(goproxy::GoProxy::of_the_go_command(access))),
        place => {
            let from = access.settings.sources.from;
            let unknown = || SourceError::UnknownName { name: redact_text(place), from };
            let base = place_url(place).ok_or_else(unknown)?;
            Ok(Box::new(mirror::Mirror::new(access, base)))
        }
    }
}

/// A URL, or an absolute folder as one.
pub(crate) fn place_url(place: &str) -> Option<Url> {
    let path = Path::new(place);
    if path.is_absolute() {
        return Url::from_file_path(path).ok();
    }
    let url = Url::parse(place).ok()?;
    matches!(url.scheme(), "http" | "https" | "file").then_some(url)
}

/// `base` with further path parts. A base without a slash at its end keeps its last part.
fn below(base: &Url, rest: &str) -> Url {
    let mut url = base.clone();
    let path = format!("{}/{rest}", base.path().trim_end_matches('/'));
    url.set_path(&path);
    url
}
