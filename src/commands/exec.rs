//! `gvm exec`: a command with a version first on PATH.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use gvm_core::call::Call;
use gvm_core::layout::TOOLS;
use gvm_core::path;
use gvm_core::request::Request;
use gvm_core::resolve::{self, Choice, Place, Undecided};
use gvm_core::{dispatch, vars};
use serde_json::Value;

use super::{Outcome, candidates, toolchain};
use crate::app::App;
use crate::checkpoint;
use crate::failure::{Failure, Kind};
use crate::platform;

/// Run a command with a version first on PATH
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm exec 1.21 -- go test ./...
  gvm exec -- make         with the version that is used here")]
pub(super) struct Args {
    /// The version; none: the one that is used here
    #[arg(add = candidates::installed())]
    spec: Option<String>,

    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "CMD")]
    command: Vec<OsString>,
}

/// The command was not found.
const NOT_FOUND: i32 = 127;
/// It was found and cannot run.
const CANNOT_RUN: i32 = 126;
/// gvm itself failed before it, for whatever reason.
pub(super) const BEFORE_IT: u8 = 125;

const MISSING: &str =
    "check its name and PATH; a script also needs the interpreter that its first line names";
const UNFIT: &str = "it must be a program for this machine that you may execute";

/// The command ran to its end as a child, as it does where one program cannot become another.
pub(super) struct Ended {
    code: i32,
}

pub(super) fn run(app: &App, args: Args) -> Result<Ended, Failure> {
    let choice = choose(app, args.spec.as_deref())?;
    let mut words = args.command.into_iter();
    let program = words.next().unwrap_or_default();
    let words: Vec<OsString> = words.collect();
    let own = own_tool(&choice, &program);
    let mut command = Command::new(own.as_deref().unwrap_or(Path::new(&program)));
    command.args(&words);
    prepare(app, &choice, &program, &words, &mut command)?;
    toolchain::check_is_there(app, &choice.toolchain)?;
    checkpoint::reach("exec.ready");
    app.modes().restore();
    match platform::become_program(command) {
        Ok(code) => Ok(Ended { code }),
        Err(error) => {
            toolchain::check_is_there(app, &choice.toolchain)?;
            let name = program.display();
            let (code, hint) = match error.kind() {
                io::ErrorKind::NotFound => (NOT_FOUND, MISSING),
                _ => (CANNOT_RUN, UNFIT),
            };
            app.ui.error(&format!("could not run {name}: {error}"), Some(hint));
            Ok(Ended { code })
        }
    }
}

/// A tool of the installed version that was chosen, by its path: by its name, one that was removed meanwhile would be
/// looked for in the rest of PATH.
fn own_tool(choice: &Choice, program: &OsStr) -> Option<PathBuf> {
    let name = program.to_str().filter(|name| TOOLS.contains(name))?;
    let is_ours = matches!(choice.toolchain.place, Place::Installed { .. });
    is_ours.then(|| platform::path(&choice.toolchain.program(name)).to_owned())
}

fn choose(app: &App, spec: Option<&str>) -> Result<Choice, Failure> {
    if let Some(spec) = spec {
        let spec = toolchain::spec(app, spec)?;
        return Ok(toolchain::installed_or_new(app, &spec, false)?.0);
    }
    match resolve::decide(&app.machine, &app.layout, &Call::plain()) {
        Ok(choice) => Ok(choice),
        Err(Undecided::NotInstalled(request)) => installed(app, request, false),
        Err(Undecided::Unsatisfied { request, need, .. }) if need.can_be_met_by(&request.spec) => {
            installed(app, request, true)
        }
        Err(error) => Err(error.into()),
    }
}

/// What is asked for here, installed now.
fn installed(app: &App, request: Request, newest: bool) -> Result<Choice, Failure> {
    let (choice, _) = toolchain::installed_or_new(app, &request.spec, newest)?;
    Ok(Choice { origin: request.origin, ..choice })
}

fn prepare(
    app: &App,
    choice: &Choice,
    program: &OsStr,
    words: &[OsString],
    command: &mut Command,
) -> Result<(), Failure> {
    let words: Vec<Vec<u8>> = words.iter().map(platform::bytes).collect();
    let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
    let is_go = Path::new(program).file_stem() == Some(OsStr::new("go"));
    // What the go command is to do decides whether it may fetch another of its kind.
    let call = if is_go { Call::new("go", &words) } else { Call::plain() };
    let launch = dispatch::surroundings(&app.machine, choice, &call);
    for change in &launch.changes {
        match &change.value {
            Some(value) => command.env(change.name, platform::path(value)),
            None => command.env_remove(change.name),
        };
    }
    let mut list = choice.toolchain.programs();
    if list.contains(&path::LIST_SEPARATOR) {
        let folder = platform::path(&list).display();
        let message = format!("PATH cannot hold {folder}: it would be two folders there");
        return Err(Failure::new(Kind::Usage, message).hint("give it a path without that sign"));
    }
    // An empty element means the working directory.
    if let Some(rest) = app.machine.var_os(vars::PATH).filter(|rest| !rest.is_empty()) {
        list.push(path::LIST_SEPARATOR);
        list.extend(platform::bytes(rest));
    }
    command.env(vars::PATH, platform::path(&list));
    if let Some(spec) = &choice.spec {
        // So that a shim called by its path, or through a PATH that was reset, runs the same version.
        command.env(vars::GO, spec.as_str());
    }
    Ok(())
}

impl Outcome for Ended {
    fn text(&self) -> String {
        String::new()
    }

    fn json(&self) -> Value {
        Value::Null
    }

    fn code(&self) -> i32 {
        self.code
    }
}
