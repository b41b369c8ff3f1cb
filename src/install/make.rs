//! One artifact made into an installed version, under its lock: fetch and ask at once, unpack, verify, publish.

use std::fs;
use std::io;
use std::thread;
use std::time::SystemTime;

use gvm_core::module;
use gvm_core::tag::Tag;
use jiff::Timestamp;

use super::testimony::{self, Asked, TestimonyError};
use super::{InstallError, Installed, Installer, lock_version, module_version};
use crate::activate::derived;
use crate::checkpoint;
use crate::fetch::{self, Fetched, Wanted};
use crate::platform;
use crate::report::Event;
use crate::source::{Artifact, Contents, Expect};
use crate::store::staging::Staging;
use crate::store::{HashLock, Receipt, StoreError, change, publish};
use crate::unpack::{self, LIMITS, Shape};
use crate::verify::sumdb::DatabaseError;
use crate::verify::{self, Testimony, Verified, VerifyError};

/// Installs the artifact, unless it is there already.
pub(super) fn install(
    installer: &Installer<'_>,
    artifact: &Artifact,
    requested: &str,
    force: bool,
) -> Result<Installed, InstallError> {
    let tag = installer.tag(&artifact.version, artifact.target);
    let lock = lock_version(installer, &tag)?;
    let place = publish::check_place(installer.layout(), lock.hash(), &tag.to_string(), force)?;
    if let Some(install) = place.filter(|_| !force) {
        // Whoever held the lock before us may have done the work.
        let write = change::begin(installer.layout(), installer.waiting())?;
        derived::refresh(installer.layout(), &write)?;
        drop(write);
        return Ok(Installed { install, already: true });
    }
    refuse_without_proof(installer, artifact)?;
    let (fetched, testimony) = fetch_and_ask(installer, artifact)?;
    checkpoint::reach("install.fetched");
    let (staging, verified) =
        match make_or_discard(installer, artifact, &lock, fetched, &testimony) {
            Err((error, Remedy::FetchAnew)) => {
                let name = &artifact.file_name;
                let what = format!(
                    "{name} is fetched anew, as what was put together of it is not sound: {error}"
                );
                installer.report.event(Event::Warning(&what));
                let fetched = fetch_from_first(installer, artifact)?;
                make_or_discard(installer, artifact, &lock, fetched, &testimony)
            }
            made => made,
        }
        .map_err(|(error, _)| error)?;
    publish::sync(&staging)?;
    checkpoint::reach("install.synced");
    let receipt = receipt(artifact, &tag, requested, &verified);
    let write = change::begin(installer.layout(), installer.waiting())?;
    let install = publish::publish(installer.layout(), &lock, &write, staging, &verified, receipt)?;
    derived::refresh(installer.layout(), &write)?;
    Ok(Installed { install, already: false })
}

/// Puts in order what a crash left behind, as every change does before it begins. Where this process may not, whoever
/// changes ROOT next does.
pub(super) fn mend(installer: &Installer<'_>) {
    if let Ok(write) = change::begin(installer.layout(), installer.waiting()) {
        let _ = derived::refresh(installer.layout(), &write);
    }
}

/// The artifact with its size, asked from whoever would deliver it where the source did not say.
pub(super) fn with_size(
    installer: &Installer<'_>,
    mut artifact: Artifact,
) -> Result<Artifact, InstallError> {
    if artifact.size.is_none() {
        let client = installer.access.client;
        let opened = artifact
            .urls
            .first()
            .map(|url| client.open(url, None, LIMITS.archive, installer.report));
        artifact.size = match opened {
            Some(opened) => opened.map_err(fetch::FetchError::from)?.total,
            None => None,
        };
    }
    Ok(artifact)
}

/// What nothing will prove is not fetched.
fn refuse_without_proof(
    installer: &Installer<'_>,
    artifact: &Artifact,
) -> Result<(), InstallError> {
    let needed = match &artifact.expect {
        Expect::Given { .. } => return Ok(()),
        Expect::OfficialIndex { .. } => false,
        Expect::Database { .. } => true,
    };
    match testimony::database(installer.access) {
        Err(DatabaseError::Off) if needed => Err(VerifyError::Unproved {
            module: format!("{}@{}", module::PATH, module_version(artifact)),
            why: DatabaseError::Off.to_string(),
        }
        .into()),
        Err(DatabaseError::Off) | Ok(_) => Ok(()),
        Err(error) => Err(TestimonyError::from(error).into()),
    }
}

/// What may help after an archive turned out to be none, or not the one that was meant.
enum Remedy {
    /// It was put together of pieces, or kept from an earlier run: whole and new it may be sound.
    FetchAnew,
    /// Nothing.
    None,
}

/// Makes the tree. An archive that is to blame leaves the cache.
fn make_or_discard(
    installer: &Installer<'_>,
    artifact: &Artifact,
    lock: &HashLock,
    fetched: Fetched,
    testimony: &Testimony,
) -> Result<(Staging, Verified), (InstallError, Remedy)> {
    let error = match make(installer, artifact, lock, &fetched, testimony.clone()) {
        Ok(made) => return Ok(made),
        Err(error) => error,
    };
    if !error.is_integrity() {
        return Err((error, Remedy::None));
    }
    let remedy = if fetched.is_patched() { Remedy::FetchAnew } else { Remedy::None };
    // The error that led here says more than one about the cache.
    let _ = fetched.discard();
    Err((error, remedy))
}

/// The archive, and meanwhile what the database says of it. A database that lies is the first to be told of: that must
/// not go under in a download that failed as well.
fn fetch_and_ask(
    installer: &Installer<'_>,
    artifact: &Artifact,
) -> Result<(Fetched, Testimony), InstallError> {
    thread::scope(|scope| {
        let asked = scope.spawn(|| ask(installer, artifact));
        let fetched = fetch_from_first(installer, artifact);
        let asked = asked.join().expect("asking does not panic");
        match (fetched, asked) {
            (_, Err(error)) if error.is_integrity() => Err(error.into()),
            (fetched, asked) => Ok((fetched?, asked?)),
        }
    })
}

fn fetch_from_first(
    installer: &Installer<'_>,
    artifact: &Artifact,
) -> Result<Fetched, InstallError> {
    let cache = installer.layout().cached_archives();
    let mut last = None;
    for url in &artifact.urls {
        let wanted = Wanted {
            url,
            name: &artifact.file_name,
            size: artifact.size,
            sha256: artifact.expect.sha256(),
            limit: LIMITS.archive,
        };
        let client = installer.access.client;
        match fetch::fetch(client, &wanted, platform::path(&cache), installer.report) {
            Ok(fetched) => return Ok(fetched),
            Err(error) if error.is_the_networks() => {
                installer.report.event(Event::Detail(&error.to_string()));
                // The first address is the one that people know.
                last.get_or_insert(error);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(last.map_or(InstallError::NotOffered, InstallError::Fetch))
}

/// What the database says, as far as it is needed. Where a digest of the publisher's own counts, a database that cannot
/// be reached is worth a warning and no more.
fn ask(installer: &Installer<'_>, artifact: &Artifact) -> Result<Testimony, TestimonyError> {
    let needed = match &artifact.expect {
        Expect::Given { .. } => return Ok(Testimony::None("it was not asked".into())),
        Expect::OfficialIndex { .. } => false,
        Expect::Database { .. } => true,
    };
    let version = module_version(artifact);
    match testimony::ask(installer.access, &version, installer.waiting()) {
        Ok(Asked::Proven(proven)) => Ok(Testimony::Proven(proven)),
        Ok(Asked::Unknown) if needed => {
            Ok(Testimony::None(format!("the checksum database does not know {version}")))
        }
        Ok(Asked::Unknown) => {
            Ok(without(installer, format!("the checksum database does not know {version}")))
        }
        Ok(Asked::Disabled) => {
            Ok(without(installer, "GOSUMDB=off forbids asking the checksum database".into()))
        }
        Err(error) if needed || error.is_integrity() => Err(error),
        Err(error) => Ok(without(installer, error.to_string())),
    }
}

/// No testimony. Where the official index decides alone, the user is told.
fn without(installer: &Installer<'_>, why: String) -> Testimony {
    installer.report.event(Event::Warning(&format!("{why}; the official index's digest decides")));
    Testimony::None(why)
}

fn make(
    installer: &Installer<'_>,
    artifact: &Artifact,
    lock: &HashLock,
    fetched: &Fetched,
    testimony: Testimony,
) -> Result<(Staging, Verified), InstallError> {
    let version = module_version(artifact);
    let shape = shape(artifact, fetched, &version)?;
    let staging = Staging::create(installer.layout(), lock, installer.live)?;
    // Go 1.4 and older rebuild their library when its files' times are not in order.
    let mtime = artifact.version.keeps_library_by_mtime().then(SystemTime::now);
    let name = artifact.file_name.as_str();
    let staged =
        unpack::unpack(fetched.file(), name, &shape, staging.tree(), mtime, installer.report)?;
    checkpoint::reach("install.unpacked");
    if staged.left_out() > 0 {
        let count = staged.left_out();
        let files = if count == 1 { "file is" } else { "files are" };
        let why = "no proof covers them in an archive that is not the publisher's own";
        installer.report.event(Event::Detail(&format!("{count} {files} left out: {why}")));
    }
    let verified = verify::verify(staged, &version, &artifact.expect, fetched.sha256(), testimony)?;
    check_version(artifact, &staging)?;
    checkpoint::reach("install.verified");
    Ok((staging, verified))
}

fn shape(artifact: &Artifact, fetched: &Fetched, version: &str) -> Result<Shape, InstallError> {
    let module = Shape::Module { version: version.to_owned() };
    let archive =
        Shape::Archive { covered_only: matches!(artifact.expect, Expect::Database { .. }) };
    Ok(match artifact.contents {
        Contents::Module => module,
        Contents::Archive => archive,
        Contents::Unknown if unpack::holds_module(fetched.file(), &artifact.file_name)? => module,
        Contents::Unknown => archive,
    })
}

/// A digest proves the bytes, not that they are the version that their name says.
fn check_version(artifact: &Artifact, staging: &Staging) -> Result<(), InstallError> {
    let wanted = artifact.version.tag();
    let path = staging.tree().join("VERSION");
    let text = match fs::read(&path) {
        Ok(text) => String::from_utf8_lossy(&text).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        // A disk that fails says nothing about the archive.
        Err(source) => return Err(StoreError::Io { doing: "read", path, source }.into()),
    };
    let found = text.lines().next().unwrap_or_default().trim();
    if found == wanted {
        return Ok(());
    }
    let found = if found.is_empty() { "no version" } else { found }.chars().take(64).collect();
    Err(InstallError::OtherVersion { wanted, found })
}

fn receipt(artifact: &Artifact, tag: &Tag, requested: &str, verified: &Verified) -> Receipt {
    Receipt {
        tag: tag.to_string(),
        version: artifact.version.clone(),
        target: artifact.target,
        source: artifact.source.clone(),
        requested: requested.to_owned(),
        installed: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        gvm: env!("CARGO_PKG_VERSION").to_owned(),
        bytes: verified.staged().files().iter().map(|file| file.size).sum(),
        h1: verified.h1().to_owned(),
        proof: verified.proof().clone(),
    }
}
