//! Installing, as one flow that reads like the list of verbs: resolve among what the sources have, fetch, unpack, verify,
//! publish. What it says meanwhile it reports; what a person reads is the commands' business.

use std::time::Duration;

use gvm_core::layout::Layout;
use gvm_core::module;
use gvm_core::spec::{Kind, Spec};
use gvm_core::tag::{Tag, published_for};
use gvm_core::target::Target;
use gvm_core::version::Version;

use crate::activate::derived;
use crate::platform;
use crate::report::{Event, Report, Silent};
use crate::source::{self, Access, Artifact, Source, SourceError};
use crate::store::staging::Live;
use crate::store::{self, HashLock, Install, Waiting, change, installed};

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
    /// For how long locks are waited for; None: until they are free.
    pub lock_timeout: Option<Duration>,
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
        if self.there_already(order)?.is_some() {
            make::mend(self);
            // A removal that was cut off is finished by that.
            if let Some(there) = self.there_already(order)? {
                return Ok(there);
            }
        }
        store::root::prepare(self.layout(), self.waiting())?;
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
        store::root::prepare(self.layout(), self.waiting())?;
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

    fn waiting(&self) -> Waiting<'a> {
        Waiting { report: self.report, limit: self.lock_timeout }
    }

    fn layout(&self) -> &'a Layout {
        self.access.layout
    }

    /// An exact version that is installed needs no source.
    fn there_already(&self, order: Order<'_>) -> Result<Option<Installed>, InstallError> {
        let Some(version) = order.spec.names_one().filter(|_| !order.force) else {
            return Ok(None);
        };
        let tag = self.tag(version, published_for(version, order.target));
        let there = installed::one(self.layout(), &tag.hash8())?;
        let there = there.filter(|install| install.receipt.tag == tag.to_string());
        if there.is_some() && !derived::has(self.layout(), &tag) {
            // Whoever published it was stopped, by a full disk perhaps, before it could be called by its name.
            let write = change::begin(self.layout(), self.waiting())?;
            derived::refresh(self.layout(), &write)?;
        }
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
            let (outcome, offered) = match self.offer(source.as_ref(), order) {
                Ok(Some(artifact)) => {
                    self.tell_of_stand_in(&artifact, order.target);
                    (act(&artifact), true)
                }
                Ok(None) => (Err(InstallError::NotOffered), false),
                Err(error) => (Err(error.into()), false),
            };
            match outcome {
                Ok(done) => return Ok(done),
                Err(error) if error.is_the_sources() => {
                    // An archive that is not there is as good as none.
                    let offered = offered && !error.is_absence();
                    reasons.push(Reason { source: source.name().to_owned(), error, offered });
                }
                Err(error) => return Err(error),
            }
        }
        Err(self.nothing_found(order, &sources, reasons))
    }

    /// An old release that is taken for another kind of processor would puzzle whoever sees its name.
    fn tell_of_stand_in(&self, artifact: &Artifact, target: Target) {
        if artifact.target != target {
            let (tag, taken) = (artifact.version.tag(), artifact.target);
            self.report.event(Event::Warning(&format!(
                "{tag} was never published for {target}: the one for {taken} is taken, which such a \
                 machine runs too"
            )));
        }
    }

    /// The newest version of a source that fits. An exact one is asked for even where it is not listed.
    fn offer(
        &self,
        source: &dyn Source,
        order: Order<'_>,
    ) -> Result<Option<Artifact>, SourceError> {
        let list = || source::list_for(source, &order.target, self.report);
        let artifact = |version: &Version| {
            let target = published_for(version, order.target);
            source.artifact(version, &target, self.report)
        };
        match order.spec.kind() {
            Kind::Exact(version) => match artifact(version) {
                // The public proxy refuses what it does not have; then its list tells.
                Err(error)
                    if error.is_refusal()
                        && list().is_ok_and(|listed| !listed.contains(version)) =>
                {
                    self.report.event(Event::Detail(&error.to_string()));
                    Ok(None)
                }
                answer => answer,
            },
            Kind::Select(_) => {
                let versions = list()?;
                let Some(version) = order.spec.pick(&versions) else { return Ok(None) };
                artifact(version)
            }
            Kind::System | Kind::Path(_) => Ok(None),
        }
    }

    /// A version that no source has is another thing than sources that cannot say. One that answers settles it: what it
    /// does not list, the others most likely lack too, and who did not answer is named.
    fn nothing_found(
        &self,
        order: Order<'_>,
        sources: &[Box<dyn Source + '_>],
        reasons: Vec<Reason>,
    ) -> InstallError {
        let spec = order.spec.clone();
        let absent = |reason: &Reason| reason.error.is_absence();
        if reasons.iter().any(|reason| reason.offered) || !reasons.iter().any(absent) {
            let offline = self.access.settings.offline.value;
            return if offline {
                InstallError::Offline { spec, reasons, cached: self.cached_archives() }
            } else {
                InstallError::NoSource { spec, reasons }
            };
        }
        let lists = sources.iter().zip(&reasons).filter(|(_, reason)| absent(reason));
        let lists = lists.filter_map(|(source, _)| source.list(&order.target, &Silent).ok());
        let mut versions: Vec<Version> = lists.flatten().collect();
        versions.sort();
        versions.dedup();
        InstallError::NoSuchVersion {
            nearest: spec.nearest(&versions).into_iter().cloned().collect(),
            target: order.target,
            spec,
            reasons,
        }
    }

    /// What a run without the network could go on with.
    fn cached_archives(&self) -> Vec<String> {
        let folder = self.layout().cached_archives();
        let entries = std::fs::read_dir(platform::path(&folder)).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| !name.contains(".part")).collect();
        names.sort();
        names
    }
}

/// The lock of a version, whose wait is announced by its tag.
fn lock_version(installer: &Installer<'_>, tag: &Tag) -> Result<HashLock, store::StoreError> {
    let (hash, name) = (tag.hash8(), tag.to_string());
    change::begin_version(installer.layout(), &hash, &name, installer.waiting())
}

/// The toolchain module's version of an artifact.
fn module_version(artifact: &Artifact) -> String {
    module::module_version(artifact.version.as_str(), artifact.target.os(), artifact.target.arch())
}
