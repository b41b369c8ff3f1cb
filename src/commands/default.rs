//! The default as commands see it: what `current` points to. Setting it is `activate`'s.

use std::path::PathBuf;

use gvm_core::world::World;

use crate::app::App;
use crate::failure::Failure;
use crate::platform;
use crate::store::{Install, installed};

/// The folder's name of the installed version that is the default, whether or not it is still there.
pub(super) fn hash(app: &App) -> Option<String> {
    let target = app.machine.link(&app.layout.current())?;
    app.layout.hash_of_link(&target).map(str::to_owned)
}

/// The installed version that is the default.
pub(super) fn install(app: &App) -> Result<Option<Install>, Failure> {
    match hash(app) {
        Some(hash) => Ok(installed::one(&app.layout, &hash)?),
        None => Ok(None),
    }
}

/// The GOROOT that is the default although gvm did not install it.
pub(super) fn elsewhere(app: &App) -> Option<PathBuf> {
    let target = app.machine.link(&app.layout.current())?;
    let is_ours = app.layout.hash_of_link(&target).is_some();
    (!is_ours).then(|| platform::path(&target).to_owned())
}
