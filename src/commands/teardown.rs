//! `gvm teardown`: gvm out of the start files again.

use std::path::Path;

use super::start_files::{self, Done, Left, Place};
use crate::app::App;
use crate::failure::Failure;
use crate::platform;
use crate::settings::root;
use crate::setup::Plan;
use crate::shell;

/// Take gvm's blocks out of your shells' start files, and show what else of gvm is there
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm teardown --dry-run      show what would be taken out
  gvm teardown
  sudo gvm teardown --system  out of all users' start files")]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) choice: start_files::Choice,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Done, Failure> {
    let place = Place::find(app, &args.choice)?;
    let shims = start_files::shims(app)?;
    // A shell that is not installed any more may have had a block in its time.
    let shells = args.choice.shells_or(|| shell::ALL.to_vec());
    let plan = Plan::teardown(&shells, place.scope(), &shims)?;
    let mut done = start_files::carry_out(app, plan, &args.choice)?;
    if done.is_nothing() {
        app.ui.done("no start file has a block of gvm's");
    }
    done.left = Some(left(app));
    Ok(done)
}

/// What people type to remove something, before its path.
const REMOVE_FILE: &str = if cfg!(windows) { "Remove-Item" } else { "rm" };
const REMOVE_FOLDER: &str = if cfg!(windows) { "Remove-Item -Recurse -Force" } else { "rm -rf" };

fn left(app: &App) -> Vec<Left> {
    let mut left = Vec::new();
    let root = root::shown(&app.layout);
    if root.exists() {
        left.push(of("the installed versions, their proofs and the cache", root, REMOVE_FOLDER));
    }
    if let Ok(program) = platform::own_program() {
        left.push(of("the program", &program, REMOVE_FILE));
    }
    left.push(Left {
        what: "what `gvm pin` wrote",
        path: ".go-version in your projects".into(),
        remove: "they are your projects' own; other programs read them too".into(),
    });
    left
}

fn of(what: &'static str, path: &Path, remove: &str) -> Left {
    let remove = format!("{remove} {}", start_files::word(path));
    Left { what, path: path.display().to_string(), remove }
}
