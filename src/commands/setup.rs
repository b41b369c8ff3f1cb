//! `gvm setup`: gvm in the start files of the user's shells.

use super::advice;
use super::start_files::{self, Done, Place};
use crate::app::App;
use crate::failure::Failure;
use crate::platform;
use crate::settings::root;
use crate::setup::namesake::{self, Namesake};
use crate::setup::{Plan, homes};
use crate::shell::{self, Homes};

/// Put gvm into your shells' start files, as one marked block each
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm setup --dry-run         show what would be written
  gvm setup
  gvm setup --shell zsh --shell fish
  sudo gvm setup --system     for all users")]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) choice: start_files::Choice,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Done, Failure> {
    let shims = start_files::shims(app)?;
    let place = Place::find(app, &args.choice)?;
    if let Place::User(homes) = &place {
        warn_of_namesake(app, homes);
    }
    let shells = args.choice.shells_or(|| homes::shells(&app.machine));
    let plan = Plan::setup(&shells, place.scope(), &shims)?;
    if plan.changes.is_empty() {
        return Err(start_files::reads_none(&shells));
    }
    let done = start_files::carry_out(app, plan, &args.choice)?;
    if done.is_nothing() {
        app.ui.done("everything is set up already");
    }
    if !args.choice.dry_run {
        tell_what_now(app);
    }
    Ok(done)
}

/// Two programs of one name puzzle whoever types it.
fn warn_of_namesake(app: &App, homes: &Homes) {
    let Some(Namesake { folder, lines }) = namesake::find(&app.machine, homes) else { return };
    let folder = folder.display();
    app.ui.warn(&format!("another gvm, moovweb's, is in {folder}; nothing of it is touched"));
    for (path, line) in &lines {
        let path = path.display();
        app.ui.note(&format!("{path}:{line} defines its function `gvm` and sets GOROOT and PATH"));
    }
    app.ui.note(&format!(
        "To leave it: take those lines out, open a new shell, and remove {folder}. Until then, `gvm` \
         is the one that a start file loads last; `command gvm` is always this one."
    ));
}

fn tell_what_now(app: &App) {
    advice::warn_of_machine_wide_go(app);
    if !root::is_on_path(&app.machine, &app.layout) {
        let shell = app.machine.var_os("SHELL").and_then(|shell| shell.to_str());
        let line = shell::path_line(shell, platform::path(&app.layout.shims()));
        app.ui.note(&format!("New shells have it; this one after: {line}"));
    }
    if homes::on_path(&app.machine, "gvm").is_none() {
        // Windows has this folder on every user's PATH.
        let usual =
            if cfg!(windows) { r"%LOCALAPPDATA%\Microsoft\WindowsApps" } else { "~/.local/bin" };
        app.ui.note(&format!("gvm itself is in no folder on PATH: copy it to one, like {usual}"));
    }
}
