//! The tree that `doctor`, `check` and `probe` are asked about: a folder by its path, an installed version, or what runs
//! here.

use gvm_core::call::Call;
use gvm_core::request::{Origin, Request};
use gvm_core::resolve::{self, Place, Toolchain};
use gvm_core::world::World;

use super::toolchain;
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::platform;

/// A GOROOT, and the hash of its folder where gvm installed it.
pub(super) type Named = (Vec<u8>, Option<String>);

/// The tree that an argument names.
pub(super) fn named(app: &App, subject: &str) -> Result<Named, Failure> {
    if subject.contains(['/', '\\']) || matches!(subject, "." | "..") {
        return folder(app, subject);
    }
    let request = Request { spec: toolchain::spec(app, subject)?, origin: Origin::Argument };
    let choice = resolve::resolve(&app.machine, &app.layout, request)?;
    of(choice.toolchain)
}

/// What runs here.
pub(super) fn here(app: &App) -> Result<Named, Failure> {
    of(resolve::decide(&app.machine, &app.layout, &Call::plain())?.toolchain)
}

fn of(toolchain: Toolchain) -> Result<Named, Failure> {
    let goroot = toolchain.goroot().map(<[u8]>::to_vec);
    let hash = match toolchain.place {
        Place::Installed { hash, .. } => Some(hash),
        Place::Folder { .. } | Place::System { .. } => None,
    };
    goroot.map(|goroot| (goroot, hash)).ok_or_else(|| {
        Failure::new(Kind::CouldNot, "the tree of this go is not known")
            .hint("name its folder: `gvm doctor /usr/local/go`")
    })
}

fn folder(app: &App, subject: &str) -> Result<Named, Failure> {
    let folder = app.folder()?.join(subject);
    if !folder.is_dir() {
        let message = format!("{} is no folder", folder.display());
        return Err(Failure::new(Kind::CouldNot, message).hint("name the folder that holds bin/go"));
    }
    let folder = platform::bytes(&folder);
    let folder = app.machine.real(&folder).unwrap_or(folder);
    // A version of gvm's own has a receipt.
    let hash = gvm_core::path::file_name(&folder);
    let is_ours = gvm_core::path::parent(&folder).is_some_and(|above| {
        gvm_core::layout::is_hash(hash) && app.machine.same(above, app.layout.root())
    });
    let hash = is_ours.then(|| String::from_utf8_lossy(hash).into_owned());
    Ok((folder, hash))
}
