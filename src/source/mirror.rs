//! A base URL or a folder of somebody's own: laid out like the download site or like a module proxy; found out when it
//! is first asked.

use std::cell::OnceCell;

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
    proxy: GoProxy<'a>,
    site: GoDev<'a>,
    likeness: OnceCell<Likeness>,
}

/// What a mirror is laid out like.
#[derive(Clone, Copy)]
enum Likeness {
    Proxy,
    Site,
}

impl<'a> Mirror<'a> {
    /// The mirror at this place.
    pub(super) fn new(access: Access<'a>, base: Url) -> Self {
        let likeness = OnceCell::new();
        // A folder shows what it is; a URL must be asked.
        if let Ok(folder) = base.to_file_path() {
            let module = folder.join(module::PATH).join("@v");
            let shown = if module.is_dir() { Likeness::Proxy } else { Likeness::Site };
            likeness.get_or_init(|| shown);
        }
        Self {
            name: redact(&base),
            proxy: GoProxy::mirror(access, base.clone()),
            site: GoDev::mirror(access, base),
            likeness,
        }
    }

    /// As what it is to be asked.
    fn as_source(
        &self,
        target: &Target,
        report: &dyn Report,
    ) -> Result<&(dyn Source + 'a), SourceError> {
        if self.likeness.get().is_none() {
            let found = self.find_out(target, report)?;
            self.likeness.get_or_init(|| found);
        }
        Ok(match self.likeness.get() {
            Some(Likeness::Site) => &self.site,
            Some(Likeness::Proxy) | None => &self.proxy,
        })
    }

    fn find_out(&self, target: &Target, report: &dyn Report) -> Result<Likeness, SourceError> {
        let Err(no_proxy) = self.proxy.list(target, report) else {
            return Ok(Likeness::Proxy);
        };
        match self.site.list(target, report) {
            Ok(_) => Ok(Likeness::Site),
            Err(no_site) if no_site.is_missing() && no_proxy.is_missing() => Err(self.unknown()),
            Err(no_site) => Err(if no_proxy.is_missing() { no_site } else { no_proxy }),
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
        match self.as_source(target, report)?.list(target, report) {
            Err(error) if error.is_missing() => Err(self.unknown()),
            answer => answer,
        }
    }

    fn artifact(
        &self,
        version: &Version,
        target: &Target,
        report: &dyn Report,
    ) -> Result<Option<Artifact>, SourceError> {
        match self.as_source(target, report) {
            Ok(source) => match source.artifact(version, target, report) {
                Err(error) if error.is_missing() => Err(self.unknown()),
                answer => answer,
            },
            // A proxy without a list may still have the version.
            Err(error) => match self.proxy.artifact(version, target, report) {
                Ok(Some(artifact)) => Ok(Some(artifact)),
                Ok(None) | Err(_) => Err(error),
            },
        }
    }
}
