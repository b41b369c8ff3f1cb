//! A Go on this machine for a SPEC: installed already, else installed now. What `use`, `pin` and `exec` share.

use gvm_core::request::{Origin, Request};
use gvm_core::resolve::{self, Choice, Place, Toolchain, Undecided};
use gvm_core::spec::{Kind as SpecKind, Spec};
use gvm_core::version::Version;
use gvm_core::world::World;

use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::install::{Installed, Order};
use crate::platform;
use crate::store::installed;

/// The newest installed version that fits, without the network; installed when none does, or when the newest that there
/// is was asked for.
pub(super) fn installed_or_new(
    app: &App,
    spec: &Spec,
    newest: bool,
) -> Result<(Choice, Option<Installed>), Failure> {
    let select = matches!(spec.kind(), SpecKind::Exact(_) | SpecKind::Select(_));
    let request = Request { spec: spec.clone(), origin: Origin::Argument };
    if !(newest && select) {
        match resolve::resolve(&app.machine, &app.layout, request) {
            Ok(choice) if app.machine.is_program(&choice.toolchain.program("go")) => {
                let installed = receipt_of(app, &choice.toolchain)?;
                return Ok((choice, installed));
            }
            // Its folder is gone: somebody removed it by hand.
            Ok(_) | Err(Undecided::NotInstalled(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let order = Order { spec, target: app.host, force: false };
    let installed = app.installer().install(order)?;
    Ok((choice_of(app, &installed, spec), Some(installed)))
}

/// Holds that an installed version still stands: somebody may have removed it since it was chosen.
///
/// # Errors
/// When it is gone.
pub(super) fn check_is_there(app: &App, toolchain: &Toolchain) -> Result<(), Failure> {
    let is_ours = matches!(toolchain.place, Place::Installed { .. });
    if !is_ours || app.machine.is_program(&toolchain.program("go")) {
        return Ok(());
    }
    let message = format!("{} was removed meanwhile", name(app, toolchain));
    Err(Failure::new(Kind::NotInstalled, message).hint("try again"))
}

/// The version of a Go wherever it stands: a `go` on PATH is followed to its GOROOT.
pub(super) fn version(app: &App, toolchain: &Toolchain) -> Option<Version> {
    version_in(&app.machine, toolchain)
}

/// The tag of a Go, or what to call it when it has none.
pub(super) fn name(app: &App, toolchain: &Toolchain) -> String {
    name_of(&app.machine, toolchain)
}

/// As [`name`], on a machine.
pub(super) fn name_of(world: &dyn World, toolchain: &Toolchain) -> String {
    version_in(world, toolchain).map_or_else(|| "system".into(), |version| version.tag())
}

fn version_in(world: &dyn World, toolchain: &Toolchain) -> Option<Version> {
    let known = toolchain.version.clone();
    known.or_else(|| resolve::version_of(world, toolchain.goroot()?))
}

fn choice_of(app: &App, installed: &Installed, spec: &Spec) -> Choice {
    let hash = installed.install.hash.clone();
    let goroot = app.layout.goroot(&hash);
    let version = Some(installed.install.receipt.version.clone());
    let toolchain = Toolchain { version, place: Place::Installed { hash, goroot } };
    let spec = Some(spec.clone());
    Choice { toolchain, origin: Origin::Argument, spec, switch: None, wanted: None }
}

fn receipt_of(app: &App, toolchain: &Toolchain) -> Result<Option<Installed>, Failure> {
    match &toolchain.place {
        Place::Installed { hash, .. } => {
            let install = installed::one(&app.layout, hash)?;
            Ok(install.map(|install| Installed { install, already: true }))
        }
        Place::Folder { .. } | Place::System { .. } => Ok(None),
    }
}

/// The SPEC of an argument; a relative path is taken from the working directory.
pub(super) fn spec(app: &App, argument: &str) -> Result<Spec, Failure> {
    let spec = Spec::parse(argument.as_bytes())?;
    let SpecKind::Path(path) = spec.kind() else { return Ok(spec) };
    if gvm_core::path::is_absolute(path) {
        return Ok(spec);
    }
    let path = app.folder()?.join(platform::path(path));
    let path = std::fs::canonicalize(&path).unwrap_or(path);
    Ok(Spec::parse(&platform::bytes(&path))?)
}
