//! A base URL or a folder of somebody's own: laid out like the download site or like a module proxy; found out when it
//! is first asked.

use gvm_core::module;
use gvm_core::target::Target;
use gvm_core::version::Version;
use url::Url;

use super::artifact::Artifact;
use super::godev::GoDev;
use super::goproxy::GoProxy;
use super::proxies::Missing;
use super::{Access, Source, SourceError};
use crate::net::redact;
use crate::report::Report;

/// A mirror.
pub(super) struct Mirror<'a> {
    name: String,
    as_proxy: GoProxy<'a>,
    as_site: GoDev<'a>,
    /// A folder shows its layout; a URL must be asked.
    is_proxy_folder: bool,
}

impl<'a> Mirror<'a> {
    /// The mirror at this place.
    pub(super) fn new(access: Access<'a>, base: Url) -> Self {
        let folder = base.to_file_path().ok();
        let module = format!("{}/@v", module::PATH);
        Self {
            name: redact(&base),
            is_proxy_folder: folder.is_some_and(|folder| folder.join(module).is_dir()),
            as_proxy: GoProxy::mirror(access, base.clone()),
            as_site: GoDev::mirror(access, base),
        }
    }

    fn unknown(&self) -> SourceError {
        SourceError::UnknownLayout { place: self.name.clone() }
    }
}

impl Source for Mirror<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn list(&self, target: &Target, report: &dyn Report) -> Result<Vec<Version>, SourceError> {
        match self.as_proxy.list(target, report) {
            Err(error) if error.is_missing() && !self.is_proxy_folder => self
                .as_site
                .list(target, report)
                .map_err(|error| if error.is_missing() { self.unknown() } else { error }),
            Err(error) if error.is_missing() => Ok(Vec::new()),
            answer => answer,
        }
    }

    fn artifact(
        &self,
        version: &Version,
        target: &Target,
        report: &dyn Report,
    ) -> Result<Option<Artifact>, SourceError> {
        if let Some(artifact) = self.as_proxy.artifact(version, target, report)? {
            return Ok(Some(artifact));
        }
        match self.as_site.artifact(version, target, report) {
            // Without an index it may still be a proxy, which just lacks this version.
            Err(error) if error.is_missing() => match self.as_proxy.list(target, report) {
                Ok(_) => Ok(None),
                Err(_) if self.is_proxy_folder => Ok(None),
                Err(_) => Err(self.unknown()),
            },
            answer => answer,
        }
    }
}
