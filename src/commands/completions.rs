//! `gvm completions`: static completion scripts and man pages; and what a shell is answered that asks for completions.
//!
//! A shell asks by calling gvm with the variable COMPLETE, as clap_complete has it: `COMPLETE=bash gvm` prints a script,
//! which asks on. The code of `gvm init` asks with `COMPLETE=lines gvm -- WORDS…`: one line for each thing that the last
//! word may become, with a tab before what it means. That form stays as it is, since it stands in start files.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, ValueEnum};
use clap_complete::env::Shells;
use clap_complete::{CompleteEnv, Shell, engine};
use clap_complete_nushell::Nushell;
use gvm_core::world::World;
use gvm_shim::world::Machine;
use serde_json::Value;

use super::{Cli, Outcome};
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::platform;

/// Print a static completion script, or write the man pages
///
/// What `gvm init` prints completes versions too, and needs no script.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm completions bash > ~/.local/share/bash-completion/completions/gvm
  gvm completions fish > ~/.config/fish/completions/gvm.fish
  gvm completions --man ~/.local/share/man/man1")]
pub(super) struct Args {
    /// The shell
    #[arg(value_enum, required_unless_present = "man")]
    shell: Option<Scripted>,

    /// Write a man page for each command into this folder
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    man: Option<PathBuf>,
}

/// A shell that has static scripts.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Scripted {
    Bash,
    Elvish,
    Fish,
    #[value(alias = "nu")]
    Nushell,
    #[value(name = "powershell", alias = "pwsh")]
    PowerShell,
    Zsh,
}

pub(super) struct Script(String);

pub(super) fn run(app: &App, args: &Args) -> Result<Script, Failure> {
    if let Some(folder) = &args.man {
        write_pages(folder).map_err(|error| {
            let message = format!("could not write the man pages to {}: {error}", folder.display());
            Failure::new(Kind::CouldNot, message).hint("name a folder that you may write to")
        })?;
        app.ui.done(&format!("the man pages are in {}", folder.display()));
    }
    Ok(Script(args.shell.map(script).unwrap_or_default()))
}

fn script(shell: Scripted) -> String {
    let mut script = Vec::new();
    let mut command = Cli::command();
    let shell = match shell {
        Scripted::Bash => Shell::Bash,
        Scripted::Elvish => Shell::Elvish,
        Scripted::Fish => Shell::Fish,
        Scripted::PowerShell => Shell::PowerShell,
        Scripted::Zsh => Shell::Zsh,
        Scripted::Nushell => {
            clap_complete::generate(Nushell, &mut command, "gvm", &mut script);
            return String::from_utf8_lossy(&script).into_owned();
        }
    };
    clap_complete::generate(shell, &mut command, "gvm", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

fn write_pages(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Cli::command(), folder)
}

/// What a shell is answered; None where this is an ordinary call.
pub(super) fn answer(machine: &Machine, arguments: Vec<OsString>) -> Option<String> {
    let name = machine.var_os("COMPLETE")?.to_str()?;
    if name == "lines" {
        return Some(lines(machine, words(machine, &arguments)));
    }
    // Somebody else's COMPLETE is none of ours.
    Shells::builtins().completer(name)?;
    let folder = machine.cwd().map(|folder| platform::path(&folder).to_owned());
    let asked = CompleteEnv::with_factory(Cli::command).bin("gvm").completer("gvm");
    // What it has to say, it has printed.
    matches!(asked.try_complete(arguments, folder.as_deref()), Ok(true)).then(String::new)
}

/// The words up to the one that is to be completed: behind `--`, or tcsh's variable.
fn words(machine: &Machine, arguments: &[OsString]) -> Vec<OsString> {
    if let Some(at) = arguments.iter().position(|argument| argument == "--") {
        return arguments[at + 1..].to_vec();
    }
    let line = machine.var("COMMAND_LINE").unwrap_or_default();
    let line = String::from_utf8_lossy(&line).into_owned();
    let mut words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
    if line.ends_with(char::is_whitespace) {
        words.push(OsString::new());
    }
    words
}

fn lines(machine: &Machine, words: Vec<OsString>) -> String {
    let folder = machine.cwd().map(|folder| platform::path(&folder).to_owned());
    let Some(last) = words.len().checked_sub(1) else { return String::new() };
    let mut command = Cli::command();
    command.build();
    let found = engine::complete(&mut command, words, last, folder.as_deref());
    let line = |candidate: &engine::CompletionCandidate| {
        let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
        let value = candidate.get_value().to_str()?;
        // A file may be called anything.
        let is_one_line = !value.contains(char::is_control);
        let help = help.lines().next().unwrap_or_default().to_owned();
        let tab = if help.is_empty() { "" } else { "\t" };
        is_one_line.then(|| format!("{value}{tab}{help}\n"))
    };
    let is_shown = |candidate: &&engine::CompletionCandidate| !candidate.is_hide_set();
    found.unwrap_or_default().iter().filter(is_shown).filter_map(line).collect()
}

impl Outcome for Script {
    fn text(&self) -> String {
        self.0.clone()
    }

    fn json(&self) -> Value {
        Value::Null
    }
}
