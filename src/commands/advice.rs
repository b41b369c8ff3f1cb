//! What is said of a choice beforehand, with what to do about it: what to type, where something can be typed.

use std::path::{Path, PathBuf};

use gvm_core::call::Call;
use gvm_core::explain::{self, Warning};
use gvm_core::goenv::Source;
use gvm_core::path;
use gvm_core::request::Origin;
use gvm_core::resolve::Choice;
use gvm_core::toolchain::Refusal;
use gvm_core::vars;
use gvm_core::version::Version;

use crate::app::App;
use crate::platform::{self, Whose};
use crate::shell;

/// A warning in words.
pub(super) struct Said {
    /// Its word in JSON.
    pub(super) kind: &'static str,
    /// What may surprise.
    pub(super) message: String,
    /// What to do about it.
    pub(super) hint: Option<String>,
}

/// Warns of what the go command will refuse, or look for elsewhere.
pub(super) fn give(app: &App, choice: &Choice) {
    for warning in explain::beforehand(&app.machine, &app.layout, choice, &Call::plain()) {
        let Said { message, hint, .. } = said(app, &warning);
        app.ui.warn(&message);
        if let Some(hint) = hint {
            app.ui.note(&format!("hint: {hint}"));
        }
    }
}

/// The warning in words, with what to do about it.
pub(super) fn said(app: &App, warning: &Warning) -> Said {
    Said { kind: warning.kind(), message: warning.to_string(), hint: hint(app, warning) }
}

/// What takes a variable out of this shell.
fn unset(app: &App, name: &str) -> String {
    let shell = app.machine.var_os("SHELL").and_then(|shell| shell.to_str());
    shell::or_usual(shell).assign(name, None)
}

fn hint(app: &App, warning: &Warning) -> Option<String> {
    let hint = match warning {
        Warning::PinTooOld { origin, need, .. } => {
            let needed = &need.version;
            match origin {
                Origin::PinFile { .. } => format!("pin what is needed: `gvm pin {needed}`"),
                Origin::Argument => format!("ask for what is needed: `go +{needed} …`"),
                Origin::Variable(vars::GO) => {
                    format!("set GVM_GO={needed}, or unset it: `{}`", unset(app, vars::GO))
                }
                _ => return None,
            }
        }
        Warning::Wanted { name, .. } => {
            let published = Version::from_tag(name).ok().filter(|it| it.suffix().is_none())?;
            format!("have it installed and proved: `gvm install {published}`")
        }
        Warning::Refuses { why, .. } => refusal(*why)?.into(),
        Warning::StaleGoroot { .. } => {
            let kept = match cfg!(windows) {
                true => "your environment variables in the system's settings",
                false => "your shell's start file",
            };
            let line = unset(app, vars::GOROOT);
            format!("`{line}`, and take it out of {kept}: no Go from 1.9 on needs it")
        }
        Warning::Persisted { name: vars::GOROOT, .. } => "take that line out of the file".into(),
        Warning::Persisted { name, .. } => format!("unless you want that: `go env -u {name}`"),
        Warning::EarlierGo { program, .. }
            if machine_wide_go(app).is_some_and(|go| go == platform::path(program)) =>
        {
            MACHINE_WIDE.into()
        }
        Warning::EarlierGo { shims, .. } | Warning::NotOnPath { shims, .. } => {
            let shell = app.machine.var_os("SHELL").and_then(|shell| shell.to_str());
            let line = shell::path_line(shell, platform::path(shims));
            format!("put the shims first, in this shell and in its start file: {line}")
        }
        Warning::Flag { flag, .. } => format!("take {flag} out of GOFLAGS, or use a newer Go"),
        Warning::Experiment { source: Source::Process, .. } => {
            format!("unless you want that: `{}`", unset(app, "GOEXPERIMENT"))
        }
        Warning::Experiment { source: Source::File { .. }, .. } => {
            "unless you want that: `go env -u GOEXPERIMENT`".into()
        }
        Warning::Proxy { .. } => "put commas between the proxies".into(),
        Warning::Loop { .. } => {
            "take its folder off PATH, or choose a version of gvm's: `gvm use latest`".into()
        }
    };
    Some(hint)
}

/// What helps against a Go for all users, as its MSI installs it.
const MACHINE_WIDE: &str = "uninstall that Go, or take its folder out of the machine's PATH, or put \
    gvm before it as administrator: `gvm setup --system`";

/// Warns of a Go that wins over gvm's in every new window, whatever the user's own PATH says.
pub(super) fn warn_of_machine_wide_go(app: &App) {
    if let Some(go) = machine_wide_go(app) {
        let go = go.display();
        app.ui.warn(&format!(
            "new windows find {go} and not gvm's: Windows puts the machine's PATH before yours"
        ));
        app.ui.note(&format!("hint: {MACHINE_WIDE}"));
    }
}

/// The `go` that stands before gvm's shims in the machine's PATH, where the system keeps one.
fn machine_wide_go(app: &App) -> Option<PathBuf> {
    // What cannot be read is no reason to complain of what was done.
    let kept = platform::kept_path(Whose::Machine).ok()??;
    let variable = |name: &str| app.machine.var_os(name)?.to_str().map(str::to_owned);
    let shims = app.layout.shims();
    let entries = kept.entries(&variable);
    let before = entries.iter().take_while(|entry| !path::is_same_name(entry.as_bytes(), &shims));
    let absolute = before.filter(|entry| path::is_absolute(entry.as_bytes()));
    absolute.map(|entry| Path::new(entry).join("go.exe")).find(|go| go.is_file())
}

fn refusal(why: Refusal) -> Option<&'static str> {
    match why {
        Refusal::Setting => Some("see where it is set: `go env GOTOOLCHAIN`"),
        Refusal::Gowork => Some("give GOWORK a whole path, or `off`"),
        Refusal::Folder => Some("go to another folder"),
        Refusal::ToolchainLine(_) => Some("write it like `toolchain go1.22.4`"),
        Refusal::File | Refusal::Name => None,
    }
}
