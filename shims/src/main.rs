//! The program that stands on PATH as `go` and `gofmt`: it decides which Go runs here and becomes it.
//!
//! It never writes, never installs, and cannot reach the network. What it decides is gvm-core's.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use gvm_core::call::Call;
use gvm_core::dispatch::{self, Launch, Loop};
use gvm_core::layout::Layout;
use gvm_core::path;
use gvm_core::request::{self, RequestError};
use gvm_core::resolve::{self, Undecided};
use gvm_core::vars;
use gvm_core::world::World;
use gvm_shim::world::{Machine, bytes, os_str};

#[cfg(not(unix))]
#[path = "launch_other.rs"]
mod launch;
#[cfg(unix)]
#[path = "launch_unix.rs"]
mod launch;

/// gvm refuses: a broken pin file, a loop.
const REFUSED: u8 = 125;
/// The program was found and cannot run.
const CANNOT_RUN: u8 = 126;
/// There is nothing to run.
const NOTHING_TO_RUN: u8 = 127;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(failure) => {
            say(&failure.what);
            say(&failure.hint);
            ExitCode::from(failure.code)
        }
    }
}

struct Failure {
    what: String,
    hint: String,
    code: u8,
}

fn run() -> Result<ExitCode, Failure> {
    let mut arguments = std::env::args_os();
    let name = tool_name(arguments.next())?;
    let arguments: Vec<Vec<u8>> = arguments.map(|argument| bytes(&argument)).collect();
    let arguments: Vec<&[u8]> = arguments.iter().map(Vec::as_slice).collect();
    let call = Call::new(&name, &arguments);
    let machine = Machine::capture();
    let own = std::env::current_exe().map_err(|error| {
        refused(format!("the path of this shim is unknown: {error}"), "set GVM_DIR to gvm's folder")
    })?;
    let layout = layout(&machine, &own)?;
    let choice = resolve::decide(&machine, &layout, &call).map_err(|why| undecided(&why))?;
    let launch = dispatch::launch(&machine, &choice, &call).map_err(|Loop { program }| {
        let program = Path::new(os_str(&program)).display();
        let what = format!("{} has started {program}, which leads back to it", own.display());
        refused(what, "take that go off PATH, or choose another: gvm use 1.22")
    })?;
    if machine.same(&launch.program, &bytes(own.as_os_str())) {
        let program = PathBuf::from(os_str(&launch.program));
        return Err(refused(
            format!("{} would start itself as {}", own.display(), program.display()),
            "see which go it finds: gvm current",
        ));
    }
    launch::start(command(&launch, &call)).map_err(|error| {
        let program = Path::new(os_str(&launch.program)).display().to_string();
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        Failure {
            what: format!("{program} cannot be started: {error}"),
            hint: "install it again: gvm install --force VERSION".into(),
            code: if missing { NOTHING_TO_RUN } else { CANNOT_RUN },
        }
    })
}

/// The child as the standard library starts it.
fn command(launch: &Launch, call: &Call<'_>) -> Command {
    let mut command = Command::new(os_str(&launch.program));
    command.args(call.arguments.iter().map(|argument| os_str(argument)));
    for change in &launch.changes {
        match &change.value {
            Some(value) => command.env(change.name, os_str(value)),
            None => command.env_remove(change.name),
        };
    }
    command
}

/// The tool that this shim stands for: its own name, without folder and suffix.
fn tool_name(argument: Option<OsString>) -> Result<String, Failure> {
    let path = argument.unwrap_or_default();
    let name = Path::new(&path).file_name().and_then(OsStr::to_str).unwrap_or_default();
    let name = name.strip_suffix(std::env::consts::EXE_SUFFIX).unwrap_or(name);
    if matches!(name, "" | "." | "..") {
        let what = format!("{} is no tool's name", path.display());
        return Err(refused(what, "call it as go or gofmt"));
    }
    Ok(name.into())
}

/// ROOT: what GVM_DIR says, else the folder above the one that this shim stands in.
fn layout(machine: &Machine, own: &Path) -> Result<Layout, Failure> {
    if let Some(root) = machine.var(vars::DIR).filter(|root| !root.is_empty()) {
        if !path::is_absolute(&root) {
            let what = format!("GVM_DIR={} is no absolute path", request::shown(&root, 80));
            return Err(refused(what, "set GVM_DIR to gvm's folder, or unset it"));
        }
        return Ok(Layout::new(root));
    }
    let root = own.parent().and_then(Path::parent);
    let root = root.ok_or_else(|| {
        refused(format!("{} stands in no gvm folder", own.display()), "set GVM_DIR to gvm's folder")
    })?;
    Ok(Layout::new(bytes(root.as_os_str())))
}

fn undecided(why: &Undecided) -> Failure {
    let what = why.to_string();
    let (hint, code) = match why {
        Undecided::Request(RequestError::Variable { name, .. }) => {
            (format!("give {name} a version like 1.22.4, or unset it"), REFUSED)
        }
        Undecided::Request(RequestError::PinFile(_)) => {
            ("put one version into it, like 1.22.4: gvm pin 1.22.4".into(), REFUSED)
        }
        Undecided::Request(RequestError::Argument(_)) => {
            ("give a version after the +, like +1.22.4".into(), REFUSED)
        }
        Undecided::NotInstalled(request) | Undecided::Unsatisfied { request, .. } => (
            format!("install it with: gvm install {}", quoted(request.spec.as_str())),
            NOTHING_TO_RUN,
        ),
        Undecided::NotAGoroot(_) => ("name the folder that holds bin/go".into(), NOTHING_TO_RUN),
        Undecided::DanglingDefault { .. } | Undecided::Nothing | Undecided::NoSystem(_) => {
            ("choose one with: gvm use 1.22".into(), NOTHING_TO_RUN)
        }
    };
    Failure { what, hint, code }
}

/// As it must be typed in a shell: a range holds what would redirect.
fn quoted(spec: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "./_-+".contains(c);
    if spec.chars().all(plain) { spec.into() } else { format!("'{spec}'") }
}

fn refused(what: String, hint: &str) -> Failure {
    Failure { what, hint: hint.into(), code: REFUSED }
}

#[allow(clippy::print_stderr, reason = "the shim's own short failure")]
fn say(line: &str) {
    eprintln!("gvm: {line}");
}
