//! What `--go` does: the go command that gvm would start is asked what it would run here, and held
//! against gvm's answer.

use std::ffi::{OsStr, OsString};
use std::process::{Command, Output, Stdio};

use gvm_core::call::Call;
use gvm_core::explain::Warning;
use gvm_core::resolve::{self, Choice};
use gvm_core::toolchain::Refusal;
use gvm_core::version::Version;
use gvm_core::{dispatch, path, vars};

use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::platform;

/// What the go command says.
pub(super) struct Answer {
    /// The version that it ends up with; None where it refuses.
    pub(super) version: Option<String>,
    /// Whether that is what gvm says. None where it cannot be held against it.
    pub(super) agrees: Option<bool>,
    /// What it said on the way.
    pub(super) trace: Vec<String>,
    /// What gvm says that it would run.
    expected: Option<String>,
}

/// Asks the base, or what a pin chose in its place, for its version in this folder. Nothing is
/// downloaded.
pub(super) fn go(app: &App, choice: &Choice, warnings: &[Warning]) -> Result<Answer, Failure> {
    let world = &app.machine;
    let base = match resolve::default(world, &app.layout) {
        Ok(base) if !choice.origin.pins() => base,
        Ok(_) | Err(_) => choice.clone(),
    };
    let version = super::toolchain::version(app, &base.toolchain);
    let output = output(app, &base, version.as_ref())?;
    let answered = version_of(&output.stdout);
    let wanted = choice.wanted.as_ref().map(|wanted| wanted.name.clone());
    let chosen = super::toolchain::version(app, &choice.toolchain).map(|version| version.tag());
    let expected = wanted.clone().or(chosen);
    let trace = lines(&output.stderr);
    let refusal = warnings.iter().find_map(|warning| match warning {
        Warning::Refuses { why, .. } => Some(*why),
        _ => None,
    });
    let refuses = refusal.is_some();
    // An older one knows no toolchains: gvm decides in its place.
    let can_tell = choice.origin.pins()
        || version.as_ref().is_some_and(Version::selects_toolchains)
        || expected == version.as_ref().map(Version::tag);
    let agrees = match (&answered, &expected) {
        // gvm itself has left it the decision.
        _ if refusal == Some(Refusal::File) => None,
        _ if !can_tell => None,
        (_, None) => None,
        (Some(answered), Some(expected)) => Some(answered == expected && !refuses),
        (None, Some(_)) if refuses => Some(true),
        // It looked for the toolchain that is not installed here, by name, and was not allowed to
        // download it.
        (None, Some(name)) => {
            Some(wanted.is_some() && trace.iter().any(|line| line.contains(name.as_str())))
        }
    };
    Ok(Answer { version: answered, agrees, trace, expected })
}

impl Answer {
    /// For people.
    pub(super) fn sentence(&self) -> String {
        let said = match &self.version {
            Some(version) => format!("go itself runs {version}"),
            None => "go itself runs nothing".into(),
        };
        let expected = self.expected.as_deref().unwrap_or("another one");
        match self.agrees {
            Some(true) => format!("{said}: it agrees"),
            Some(false) => format!("{said}: it does NOT agree with gvm, which says {expected}"),
            None => format!("{said}, which cannot be held against gvm's answer: {expected}"),
        }
    }
}

/// Runs `go version` of this toolchain as a shim would, and has its choice traced where it can
/// (from 1.24 on).
fn output(app: &App, base: &Choice, version: Option<&Version>) -> Result<Output, Failure> {
    let launch = dispatch::launch(&app.machine, base, &Call::plain());
    let launch = launch.map_err(|again| {
        let program = platform::path(&again.program).display().to_string();
        Failure::new(Kind::CouldNot, format!("could not ask {program}: it leads back to gvm"))
            .hint("take its folder off PATH, or choose a version of gvm's: `gvm use latest`")
    })?;
    let mut command = Command::new(platform::path(&launch.program));
    command.arg("version").stdin(Stdio::null());
    for change in &launch.changes {
        match &change.value {
            Some(value) => command.env(change.name, platform::path(value)),
            None => command.env_remove(change.name),
        };
    }
    command.env(vars::GOPROXY, "off").env(vars::PATH, with_shims(app));
    let traces = Version::parse("1.24").ok();
    if traces.zip(version).is_some_and(|(since, version)| version.compare_as_go(&since).is_ge()) {
        let mut debug = app.machine.var_os("GODEBUG").map(OsStr::to_owned).unwrap_or_default();
        if !debug.is_empty() {
            debug.push(",");
        }
        debug.push("toolchaintrace=1");
        command.env("GODEBUG", debug);
    }
    command.output().map_err(|error| {
        let program = command.get_program().display();
        Failure::new(Kind::CouldNot, format!("could not run {program}: {error}"))
            .hint("it must be a program for this machine that you may execute")
    })
}

/// PATH, with the folder of the shims at its head unless it is there: the go command looks there
/// for the toolchain that it selects.
fn with_shims(app: &App) -> OsString {
    let shims = app.layout.shims();
    let list = app.machine.var_os(vars::PATH).map(platform::bytes).unwrap_or_default();
    if list.split(|byte| *byte == path::LIST_SEPARATOR).any(|entry| entry == shims) {
        return platform::path(&list).into();
    }
    let list = [&shims[..], &[path::LIST_SEPARATOR], &list].concat();
    platform::path(&list).into()
}

/// The third word of `go version go1.22.4 linux/amd64`.
fn version_of(answer: &[u8]) -> Option<String> {
    let answer = std::str::from_utf8(answer).ok()?;
    answer.strip_prefix("go version ")?.split_whitespace().next().map(str::to_owned)
}

/// Its lines, without what a terminal would follow.
fn lines(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    text.lines().map(|line| line.replace(char::is_control, " ")).collect()
}
