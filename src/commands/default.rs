//! The default as commands see it: what `current` points to. Setting it is `activate`'s.

use std::path::PathBuf;

use gvm_core::layout;
use gvm_core::world::World;

use crate::app::App;
use crate::failure::Failure;
use crate::platform;
use crate::store::{Install, installed};

/// The folder's name of the installed version that is the default, whether or not it is still there.
pub(super) fn hash(app: &App) -> Option<String> {
    let target = app.machine.link(&app.layout.current())?;
    String::from_utf8(target).ok().filter(|hash| layout::is_hash(hash.as_bytes()))
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
    (!layout::is_hash(&target)).then(|| platform::path(&target).to_owned())
}
