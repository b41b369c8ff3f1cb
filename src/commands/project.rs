//! What the project here asks for, as something to install: its pin, else what the go command's rule makes of its go.work
//! or go.mod.

use gvm_core::call::Call;
use gvm_core::request;
use gvm_core::resolve::{self, Choice, Place, Undecided};
use gvm_core::spec::Spec;

use crate::app::App;
use crate::failure::{Failure, Kind};

/// What is asked for here.
pub(super) enum Asked {
    /// This, which is to be installed or is already.
    For(Spec),
    /// Nothing that a Go which gvm did not install could not do.
    AnsweredBy(Choice),
}

/// Finds it.
///
/// # Errors
/// When nothing here asks for a version, or what asks cannot be understood.
pub(super) fn asked(app: &App) -> Result<Asked, Failure> {
    let call = Call::plain();
    if let Some(request) = request::find(&app.machine, &call).map_err(Undecided::Request)? {
        return Ok(Asked::For(request.spec));
    }
    let choice = match resolve::decide(&app.machine, &app.layout, &call) {
        Ok(choice) => choice,
        Err(Undecided::NotInstalled(request)) => return Ok(Asked::For(request.spec)),
        Err(Undecided::Nothing | Undecided::OnlyShims { .. }) => return Err(nothing_asks()),
        Err(error) => return Err(error.into()),
    };
    if let Some(wanted) = &choice.wanted {
        return Ok(Asked::For(Spec::parse(wanted.name.as_bytes())?));
    }
    let is_base = choice.switch.is_none();
    if is_base && !has_module(app, &choice, &call) {
        return Err(nothing_asks());
    }
    match (&choice.toolchain.place, &choice.toolchain.version) {
        (Place::Installed { .. }, Some(version)) => Ok(Asked::For(Spec::exact(version))),
        (Place::Installed { .. } | Place::Folder { .. } | Place::System { .. }, _) => {
            Ok(Asked::AnsweredBy(choice))
        }
    }
}

fn has_module(app: &App, base: &Choice, call: &Call<'_>) -> bool {
    let selection = resolve::selection(&app.machine, &base.toolchain, call);
    selection.is_some_and(|selection| selection.file.is_some())
}

fn nothing_asks() -> Failure {
    Failure::new(Kind::Usage, "no version was named, and nothing here asks for one")
        .hint("name one: `gvm install 1.22`; or pin one: `gvm pin 1.22`")
}
