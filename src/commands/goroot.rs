//! The tree that an argument names: an installed version by SPEC or tag, the system's, or a folder. What `inspect` and
//! `audit` share.

use std::path::{Path, PathBuf};

use gvm_core::request::{Origin, Request};
use gvm_core::resolve::{self, Undecided};
use gvm_core::spec::Kind as SpecKind;

use super::toolchain;
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::platform;
use crate::store::{Install, installed};

/// A GOROOT.
pub(super) struct Goroot {
    /// Its tag, or what to call it when it has none.
    pub(super) name: String,
    /// Where it stands.
    pub(super) path: PathBuf,
    /// What gvm knows of it, where gvm installed it.
    pub(super) install: Option<Install>,
}

/// The tree that `argument` names.
///
/// # Errors
/// When it names none, or none that is here.
pub(super) fn named(app: &App, argument: &str) -> Result<Goroot, Failure> {
    let all = installed::all(&app.layout)?;
    // Also of another target, which no SPEC names.
    if let Some(install) = all.iter().find(|install| install.receipt.tag == argument) {
        let path = platform::path(&app.layout.goroot(&install.hash)).to_owned();
        return Ok(Goroot { name: argument.to_owned(), path, install: Some(install.clone()) });
    }
    let spec = toolchain::spec(app, argument)?;
    let folder = match spec.kind() {
        SpecKind::Path(path) => Some(path.clone()),
        SpecKind::System | SpecKind::Exact(_) | SpecKind::Select(_) => None,
    };
    let request = Request { spec, origin: Origin::Argument };
    let choice = match (resolve::resolve(&app.machine, &app.layout, request), folder) {
        (Ok(choice), _) => choice,
        // One for another system has no bin/go that runs here, and can be looked at all the same.
        (Err(error @ Undecided::NotAGoroot(_)), Some(folder)) => {
            return foreign(app, &folder).ok_or_else(|| error.into());
        }
        (Err(error), _) => return Err(error.into()),
    };
    let name = toolchain::name(app, &choice.toolchain);
    let goroot = choice.toolchain.goroot();
    let goroot =
        goroot.ok_or_else(|| Failure::new(Kind::CouldNot, "that Go does not tell its GOROOT"))?;
    let path = platform::path(goroot).to_owned();
    let real = |path: &Path| path.canonicalize().ok();
    let install = all.into_iter().find(|install| {
        let own = app.layout.goroot(&install.hash);
        real(platform::path(&own)).is_some_and(|own| real(&path) == Some(own))
    });
    let name = install.as_ref().map_or(name, |install| install.receipt.tag.clone());
    Ok(Goroot { name, path, install })
}

/// A folder that says which Go it is, and holds its tools.
fn foreign(app: &App, folder: &[u8]) -> Option<Goroot> {
    let version = resolve::version_of(&app.machine, folder)?;
    let path = platform::path(folder).to_owned();
    path.join("pkg/tool").is_dir().then(|| Goroot { name: version.tag(), path, install: None })
}
