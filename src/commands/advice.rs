//! What is said beforehand of a choice: that the go command will refuse it, or look elsewhere for another.

use gvm_core::call::Call;
use gvm_core::request::{self, Origin};
use gvm_core::resolve::{Choice, Wanted};
use gvm_core::toolchain;
use gvm_core::version::Version;

use super::origin;
use crate::app::App;
use crate::platform;

/// Warns of a pin that is older than the project needs, and of a toolchain that is asked for and not installed.
pub(super) fn give(app: &App, choice: &Choice) {
    if choice.origin.pins() {
        if let Some(version) = &choice.toolchain.version {
            of_old_pin(app, version, &choice.origin);
        }
    } else if let Some(wanted) = &choice.wanted {
        of_missing(app, wanted);
    }
}

/// Warns when a go command of this version refuses to work here.
pub(super) fn of_old_pin(app: &App, version: &Version, pinned_by: &Origin) {
    let Some(need) = toolchain::need(&app.machine, Call::plain().arguments) else { return };
    if need.is_met_by(version) {
        return;
    }
    let file = platform::path(&need.path).display();
    let (line, needed) = (need.line, &need.version);
    app.ui.warn(&format!(
        "{file}:{line} needs go {needed}: the go command of {}, pinned by {}, refuses to work here",
        version.tag(),
        pinned_by,
    ));
    app.ui.note(&format!("Pin what is needed with: gvm pin {needed}"));
}

fn of_missing(app: &App, wanted: &Wanted) {
    let Wanted { name, origin } = wanted;
    app.ui.warn(&format!(
        "{name} is asked for ({}) and not installed: the go command looks for it on PATH, then downloads it",
        origin::text(origin)
    ));
    let version = name.strip_prefix("go").unwrap_or(name);
    app.ui
        .note(&format!("Install it with: gvm install {}", request::shown(version.as_bytes(), 80)));
}
