//! Installing, as one flow that reads like the list of verbs: resolve among what the sources have, fetch, unpack, verify,
//! publish. What it says meanwhile it reports; what a person reads is the commands' business.

use gvm_core::layout::Layout;
use gvm_core::module;
use gvm_core::spec::{Kind, Spec};
use gvm_core::tag::Tag;
use gvm_core::target::Target;
use gvm_core::version::Version;

use crate::report::{Event, Report};
use crate::source::{self, Access, Artifact, Source, SourceError};
use crate::store::staging::Live;
use crate::store::{self, HashLock, Install, WriteLock, installed, publish, sweep};

mod error;
mod make;
mod testimony;

pub use error::{InstallError, Reason};
pub use testimony::{Asked, TestimonyError, ask, database};

/// Everything that installing needs.
#[derive(Clone, Copy)]
pub struct Installer<'a> {
    /// The network, ROOT and the settings.
    pub access: Access<'a>,
    /// This machine.
    pub host: Target,
    /// The staging folders to be removed when the process must leave.
    pub live: &'a Live,
    /// Who listens.
    pub report: &'a dyn Report,
}

/// What is to be installed.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// What was asked for.
    pub spec: &'a Spec,
    /// For which machine.
    pub target: Target,
    /// Whether a version that is there is replaced.
    pub force: bool,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Installed {
    /// The version.
    pub install: Install,
    /// Whether it was there already.
    pub already: bool,
}

impl<'a> Installer<'a> {
    /// Installs the newest version that fits, from the first source that has one and delivers.
    ///
    /// # Errors
    /// When no source has one, none can be reached, what came is not what was published, or ROOT cannot be changed.
    pub fn install(&self, order: Order<'_>) -> Result<Installed, InstallError> {
        store::root::prepare(self.layout())?;
        if let Some(there) = self.there_already(order)? {
            return Ok(there);
        }
        self.with_first_source(order, |artifact| {
            make::install(self, artifact, order.spec.as_str(), order.force)
        })
    }

    /// Installs one archive, whatever the sources have.
    ///
    /// # Errors
    /// As [`Installer::install`].
    pub fn install_archive(
        &self,
        artifact: &Artifact,
        force: bool,
    ) -> Result<Installed, InstallError> {
        store::root::prepare(self.layout())?;
        make::install(self, artifact, &artifact.source, force)
    }

    /// What would be fetched, by the first source that has it.
    ///
    /// # Errors
    /// As [`Installer::install`], as far as it gets.
    pub fn plan(&self, order: Order<'_>) -> Result<Artifact, InstallError> {
        self.with_first_source(order, |artifact| make::with_size(self, artifact.clone()))
    }

    /// The tag of a version for a target, as seen from this machine.
    pub fn tag(&self, version: &Version, target: Target) -> Tag {
        Tag::new(version.clone(), target, self.host)
    }

    fn layout(&self) -> &'a Layout {
        self.access.layout
    }

    /// An exact version that is installed needs no source.
    fn there_already(&self, order: Order<'_>) -> Result<Option<Installed>, InstallError> {
        let Some(version) = order.spec.names_one().filter(|_| !order.force) else {
            return Ok(None);
        };
        let tag = self.tag(version, order.target);
        let there = installed::one(self.layout(), &tag.hash8())?;
        let there = there.filter(|install| install.receipt.tag == tag.to_string());
        Ok(there.map(|install| Installed { install, already: true }))
    }

    /// Does something with the artifact of the first source that has a fitting version; where that fails for the
    /// source's own reasons, with that of the next one.
    fn with_first_source<T>(
        &self,
        order: Order<'_>,
        act: impl Fn(&Artifact) -> Result<T, InstallError>,
    ) -> Result<T, InstallError> {
        let sources = source::all(self.access)?;
        let mut reasons = Vec::new();
        for source in &sources {
            let outcome = match self.offer(source.as_ref(), order) {
                Ok(Some(artifact)) => act(&artifact),
                Ok(None) => Err(InstallError::NotOffered),
                Err(error) => Err(error.into()),
            };
            match outcome {
                Ok(done) => return Ok(done),
                Err(error) if error.is_the_sources() => {
                    reasons.push(Reason { source: source.name().to_owned(), error });
                }
                Err(error) => return Err(error),
            }
        }
        Err(self.nothing_found(order, &sources, reasons))
    }

    /// The newest version of a source that fits. An exact one is asked for even where it is not listed.
    fn offer(
        &self,
        source: &dyn Source,
        order: Order<'_>,
    ) -> Result<Option<Artifact>, SourceError> {
        let version = match order.spec.kind() {
            Kind::Exact(version) => version.clone(),
            Kind::Select(_) => {
                let versions = source.list(&order.target, self.report)?;
                let Some(version) = order.spec.pick(&versions) else { return Ok(None) };
                version.clone()
            }
            Kind::System | Kind::Path(_) => return Ok(None),
        };
        source.artifact(&version, &order.target, self.report)
    }

    /// A version that no source has is another thing than sources that cannot say.
    fn nothing_found(
        &self,
        order: Order<'_>,
        sources: &[Box<dyn Source + '_>],
        reasons: Vec<Reason>,
    ) -> InstallError {
        if reasons.iter().any(|reason| !reason.error.is_absence()) {
            return InstallError::NoSource { spec: order.spec.clone(), reasons };
        }
        let lists =
            sources.iter().filter_map(|source| source.list(&order.target, self.report).ok());
        let mut versions: Vec<Version> = lists.flatten().collect();
        versions.sort();
        versions.dedup();
        InstallError::NoSuchVersion {
            spec: order.spec.clone(),
            target: order.target,
            nearest: order.spec.nearest(&versions).into_iter().cloned().collect(),
            sources: sources.iter().map(|source| source.name().to_owned()).collect(),
        }
    }
}

/// ROOT locked and in order, for a change. What a crash left behind is put away.
///
/// # Errors
/// When ROOT is not this user's, cannot be locked, or cannot be put in order.
pub fn begin_change(layout: &Layout, report: &dyn Report) -> Result<WriteLock, store::StoreError> {
    store::root::prepare(layout)?;
    let lock = WriteLock::acquire(layout, report)?;
    sweep::sweep(&lock, layout)?;
    Ok(lock)
}

/// The lock of a version, whose wait is announced by its tag.
fn lock_version(installer: &Installer<'_>, tag: &Tag) -> Result<HashLock, store::StoreError> {
    let (hash, name) = (tag.hash8(), tag.to_string());
    publish::check_place(installer.layout(), &hash, &name)?;
    HashLock::acquire(installer.layout(), &hash, &name, installer.report)
}

/// The toolchain module's version of an artifact.
fn module_version(artifact: &Artifact) -> String {
    module::module_version(artifact.version.as_str(), artifact.target.os(), artifact.target.arch())
}

/// Tells the user something that is worth knowing although the work goes on.
fn warn(report: &dyn Report, text: &str) {
    report.event(Event::Warning(text));
}
