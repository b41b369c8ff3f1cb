//! The commands: one file a verb, each with its arguments, what it does, and the two renderings of what came of it.

use std::ffi::OsString;
use std::time::Duration;

use clap::{CommandFactory, Parser, Subcommand};
use gvm_shim::world::Machine;
use serde_json::{Value, json};

use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::settings::{BrokenFile, Flags};
use crate::ui::Ui;

mod advice;
mod audit;
mod candidates;
mod check;
mod completions;
mod current;
mod default;
mod doctor;
mod env;
mod exec;
mod explain;
mod goroot;
mod init;
mod inspect;
mod install;
mod list;
mod list_remote;
mod named_go;
mod origin;
mod pin;
mod private;
mod probe;
mod project;
mod prompt;
mod proof;
mod setup;
mod shell;
mod start_files;
mod teardown;
mod toolchain;
mod uninstall;
mod use_;
mod verify;
mod which;

/// The Go version manager that proves what it installs.
#[derive(Debug, Parser)]
#[command(name = "gvm", bin_name = "gvm", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Say errors and answers only
    #[arg(short, long, global = true)]
    quiet: bool,

    /// Say more
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,

    /// Leave the network alone
    #[arg(long, global = true)]
    offline: bool,

    /// How long to wait for another gvm that is at work; without it, until it is done
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    lock_timeout: Option<Duration>,
}

const EXAMPLES: &str = "Examples:
  gvm use 1.22            install the newest 1.22 if need be, and make it the default
  gvm pin 1.21            this folder's projects use 1.21
  gvm exec 1.20 -- go test ./...";

/// When to use colour.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Use(use_::Args),
    Pin(pin::Args),
    Install(install::Args),
    Uninstall(uninstall::Args),
    List(list::Args),
    ListRemote(list_remote::Args),
    Current(current::Args),
    Which(which::Args),
    Exec(exec::Args),
    Explain(explain::Args),
    Inspect(inspect::Args),
    Audit(audit::Args),
    Verify(verify::Args),
    Init(init::Args),
    Setup(setup::Args),
    Teardown(teardown::Args),
    Shell(shell::Args),
    Prompt(prompt::Args),
    Env(env::Args),
    Doctor(doctor::Args),
    Check(check::Args),
    Probe(probe::Args),
    Completions(completions::Args),
}

/// What came of a command, in its two renderings.
pub trait Outcome {
    /// For people, on standard output; empty when there is nothing to answer.
    fn text(&self) -> String;

    /// The `data` of the JSON document.
    fn json(&self) -> Value;

    /// The exit code. More than a byte only where a child's is passed on.
    fn code(&self) -> i32 {
        0
    }
}

impl Cli {
    /// Whether trees are made in staging, to be removed on Ctrl-C. `exec` makes them too, but must leave the signals as
    /// it found them to the program that it becomes.
    pub fn makes_trees(&self) -> bool {
        match self.command {
            Command::Use(_) | Command::Pin(_) | Command::Install(_) | Command::Uninstall(_) => true,
            Command::Check(_)
            | Command::Doctor(_)
            | Command::Probe(_)
            | Command::Env(_)
            | Command::List(_)
            | Command::ListRemote(_)
            | Command::Current(_)
            | Command::Which(_)
            | Command::Exec(_)
            | Command::Explain(_)
            | Command::Inspect(_)
            | Command::Audit(_)
            | Command::Verify(_)
            | Command::Init(_)
            | Command::Setup(_)
            | Command::Teardown(_)
            | Command::Shell(_)
            | Command::Prompt(_)
            | Command::Completions(_) => false,
        }
    }

    /// Where the colour goes.
    pub fn color(&self) -> anstream::ColorChoice {
        match self.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }

    /// Whether only errors and answers are wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether details are wanted.
    pub fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Whether the answer is to be JSON.
    pub fn wants_json(&self) -> bool {
        match &self.command {
            Command::Use(args) => args.json,
            Command::Pin(args) => args.json,
            Command::Install(args) => args.json,
            Command::Uninstall(args) => args.json,
            Command::List(args) => args.json,
            Command::ListRemote(args) => args.json,
            Command::Current(args) => args.json,
            Command::Which(args) => args.json,
            Command::Explain(args) => args.json,
            Command::Inspect(args) => args.json,
            Command::Audit(args) => args.json,
            Command::Verify(args) => args.json,
            Command::Setup(args) => args.choice.json,
            Command::Teardown(args) => args.choice.json,
            Command::Exec(_)
            | Command::Init(_)
            | Command::Shell(_)
            | Command::Prompt(_)
            | Command::Completions(_) => false,
            Command::Env(args) => args.json,
            Command::Doctor(args) => args.json,
            Command::Check(args) => args.json,
            Command::Probe(args) => args.wants_json(),
        }
    }

    /// The settings that flags overrule.
    pub fn flags(&self) -> Flags {
        let source = match &self.command {
            Command::Install(args) => args.source.clone(),
            _ => None,
        };
        Flags { offline: self.offline, source, lock_timeout: self.lock_timeout }
    }

    /// What becomes of the call where gvm's settings cannot be understood.
    pub fn broken_file(&self) -> BrokenFile {
        match &self.command {
            Command::Doctor(_) => BrokenFile::Told,
            _ => BrokenFile::Refused,
        }
    }

    /// The command's name.
    pub fn name(&self) -> &'static str {
        match &self.command {
            Command::Use(_) => "use",
            Command::Pin(_) => "pin",
            Command::Install(_) => "install",
            Command::Uninstall(_) => "uninstall",
            Command::List(_) => "list",
            Command::ListRemote(_) => "list-remote",
            Command::Current(_) => "current",
            Command::Which(_) => "which",
            Command::Exec(_) => "exec",
            Command::Explain(_) => "explain",
            Command::Inspect(_) => "inspect",
            Command::Audit(_) => "audit",
            Command::Verify(_) => "verify",
            Command::Init(_) => "init",
            Command::Setup(_) => "setup",
            Command::Teardown(_) => "teardown",
            Command::Shell(_) => "shell",
            Command::Prompt(_) => "prompt",
            Command::Env(_) => "env",
            Command::Doctor(_) => "doctor",
            Command::Check(_) => "check",
            Command::Probe(_) => "probe",
            Command::Completions(_) => "completions",
        }
    }

    /// The code of a failure: `exec` promises one of its own, so that its child's can be told from ours.
    pub fn failure_codes(&self) -> fn(&Failure) -> u8 {
        match &self.command {
            Command::Exec(_) => |_| exec::BEFORE_IT,
            _ => |failure| failure.kind.code(),
        }
    }

    /// The code of a call that cannot be parsed, by the same promise.
    pub fn usage_code(arguments: &[OsString]) -> u8 {
        let known = Self::command().ignore_errors(true).try_get_matches_from(arguments);
        match known.as_ref().map(|known| known.subcommand_name()) {
            Ok(Some("exec")) => exec::BEFORE_IT,
            Ok(_) | Err(_) => Kind::Usage.code(),
        }
    }

    /// The answer of a call that needs no [`App`], and must not fail for want of one.
    pub fn early_answer(&self, machine: &Machine) -> Option<String> {
        match &self.command {
            Command::Prompt(args) => Some(prompt::text(machine, args)),
            _ => None,
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// What the command meets.
    pub fn run(self, app: &App) -> Result<Box<dyn Outcome>, Failure> {
        match self.command {
            Command::Use(args) => boxed(use_::run(app, &args)),
            Command::Pin(args) => boxed(pin::run(app, &args)),
            Command::Install(args) => boxed(install::run(app, &args)),
            Command::Uninstall(args) => boxed(uninstall::run(app, &args)),
            Command::List(args) => boxed(list::run(app, &args)),
            Command::ListRemote(args) => boxed(list_remote::run(app, &args)),
            Command::Current(args) => boxed(current::run(app, &args)),
            Command::Which(args) => boxed(which::run(app, &args)),
            Command::Exec(args) => boxed(exec::run(app, args)),
            Command::Explain(args) => boxed(explain::run(app, &args)),
            Command::Inspect(args) => boxed(inspect::run(app, &args)),
            Command::Audit(args) => boxed(audit::run(app, &args)),
            Command::Verify(args) => boxed(verify::run(app, &args)),
            Command::Setup(args) => boxed(setup::run(app, &args)),
            Command::Teardown(args) => boxed(teardown::run(app, &args)),
            Command::Init(args) => boxed(init::run(app, &args)),
            Command::Shell(args) => boxed(shell::run(app, &args)),
            Command::Prompt(args) => boxed(Ok(prompt::Shown(prompt::text(&app.machine, &args)))),
            Command::Completions(args) => boxed(completions::run(app, &args)),
            Command::Env(args) => boxed(env::run(app, &args)),
            Command::Doctor(args) => boxed(doctor::run(app, &args)),
            Command::Check(args) => boxed(check::run(app, &args)),
            Command::Probe(args) => boxed(probe::run(app, &args)),
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or_else(|| "give seconds, like 30, or 0 not to wait at all".to_owned())
}

fn boxed<T: Outcome + 'static>(outcome: Result<T, Failure>) -> Result<Box<dyn Outcome>, Failure> {
    outcome.map(|outcome| Box::new(outcome) as Box<dyn Outcome>)
}

/// What a shell is answered that asks for completions; None where this is an ordinary call.
pub fn completion(machine: &Machine, arguments: Vec<OsString>) -> Option<String> {
    completions::answer(machine, arguments)
}

/// Prints what came of a command, and gives the exit code.
pub fn answer(ui: &Ui, command: &str, outcome: &dyn Outcome) -> i32 {
    let text = if ui.json() {
        document(&json!({ "schema": 1, "command": command, "data": outcome.json() }))
    } else {
        outcome.text()
    };
    match ui.answer(&text) {
        Ok(()) => outcome.code(),
        Err(error) => {
            ui.error(&format!("could not write the answer: {error}"), None);
            Kind::CouldNot.code().into()
        }
    }
}

/// Prints a failure, and gives the exit code.
pub fn fail(ui: &Ui, command: &str, failure: &Failure, code: u8) -> i32 {
    if ui.json() {
        let error = json!({
            "kind": failure.kind.word(),
            "code": failure.kind.code(),
            "message": failure.message,
            "hint": failure.hint,
        });
        let _ = ui.answer(&document(&json!({ "schema": 1, "command": command, "error": error })));
    }
    ui.error(&failure.message, failure.hint.as_deref());
    code.into()
}

fn document(value: &Value) -> String {
    format!("{value}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_call_of_exec_that_cannot_be_parsed_has_its_code() {
        let code = |words: &str| {
            let words: Vec<OsString> = words.split(' ').map(OsString::from).collect();
            assert!(Cli::try_parse_from(&words).is_err());
            Cli::usage_code(&words)
        };
        assert_eq!(code("gvm exec --bogus"), 125);
        assert_eq!(code("gvm --color never exec"), 125);
        assert_eq!(code("gvm exec 1.21 go version"), 125);
        assert_eq!(code("gvm list --bogus"), 2);
        assert_eq!(code("gvm install --bogus exec"), 2);
        assert_eq!(code("gvm frobnicate"), 2);
    }

    #[test]
    fn every_command_has_an_example() {
        for command in Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(
                help.contains(&format!("gvm {}", command.get_name())),
                "{}",
                command.get_name()
            );
        }
    }
}
