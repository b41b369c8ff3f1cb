//! What `setup` and `teardown` share: which shells, whose start files, and what came of it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Outcome;
use super::origin::harmless;
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::setup::{Change, Plan, Scope, homes};
use crate::shell::{self, Homes, Shell};

/// Which start files.
#[derive(Debug, clap::Args)]
pub(super) struct Choice {
    /// This shell only, and not each that is installed; may be given more than once
    #[arg(long = "shell", value_name = "SHELL", value_parser = by_name())]
    shells: Vec<&'static dyn Shell>,

    /// The start files of all users
    #[arg(long)]
    system: bool,

    /// Show what would change, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

impl Choice {
    /// The shells that were named, else these.
    pub(super) fn shells_or(
        &self,
        usual: impl FnOnce() -> Vec<&'static dyn Shell>,
    ) -> Vec<&'static dyn Shell> {
        if self.shells.is_empty() { usual() } else { self.shells.clone() }
    }
}

/// A shell by its name, or by that of its program.
pub(super) fn by_name() -> impl clap::builder::TypedValueParser<Value = &'static dyn Shell> {
    use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
    let possible = shell::ALL.iter().map(|shell| {
        let programs = shell.programs().iter().copied().filter(|name| *name != shell.name());
        PossibleValue::new(shell.name()).aliases(programs)
    });
    PossibleValuesParser::new(possible)
        .try_map(|name| shell::named(&name).ok_or_else(|| format!("{name} is no shell")))
}

/// Whose start files.
pub(super) enum Place {
    User(Homes),
    System(PathBuf),
}

impl Place {
    /// # Errors
    /// When there is no home.
    pub(super) fn find(app: &App, choice: &Choice) -> Result<Self, Failure> {
        if choice.system {
            return Ok(Self::System(PathBuf::from("/")));
        }
        let no_home = || Failure::new(Kind::CouldNot, "there is no home folder: HOME is not set");
        let homes = homes::find(&app.machine);
        Ok(Self::User(homes.ok_or_else(|| no_home().hint("set HOME to yours"))?))
    }

    pub(super) fn scope(&self) -> Scope<'_> {
        match self {
            Self::User(homes) => Scope::User(homes),
            Self::System(top) => Scope::System(top),
        }
    }
}

/// The folder of shims as shells are told of it.
///
/// # Errors
/// When not every shell can be.
pub(super) fn shims(app: &App) -> Result<String, Failure> {
    let shims = String::from_utf8(app.layout.shims());
    let shims = shims.ok().filter(|shims| !shims.contains(char::is_control));
    shims.ok_or_else(|| {
        let message = "ROOT's path is no text that every shell can hold";
        Failure::new(Kind::Usage, message).hint("set GVM_DIR to a folder with another name")
    })
}

/// For shells that read no start file.
pub(super) fn reads_none(shells: &[&'static dyn Shell]) -> Failure {
    let names: Vec<&str> = shells.iter().map(|shell| shell.name()).collect();
    let names = names.join(", ");
    let first = shells.first().map_or("sh", |shell| shell.name());
    Failure::new(Kind::Usage, format!("there is no start file of {names} to write to"))
        .hint(format!("see what it needs: `gvm init {first}`"))
}

/// What came of it.
pub(super) struct Done {
    dry_run: bool,
    changes: Vec<Change>,
    /// What else of gvm is there, and how it is removed.
    pub(super) left: Option<Vec<Left>>,
}

/// Something of gvm that teardown leaves.
pub(super) struct Left {
    pub(super) what: &'static str,
    pub(super) path: String,
    pub(super) remove: String,
}

/// Makes the changes, unless they are only to be shown.
pub(super) fn carry_out(app: &App, plan: Plan, choice: &Choice) -> Result<Done, Failure> {
    if !choice.dry_run {
        let changes = plan.changes.iter().filter(|change| change.word() != "unchanged");
        for change in changes {
            app.ui.note(shown(&change.diff()).trim_end());
        }
        plan.apply()?;
        for change in plan.changes.iter().filter(|change| change.word() != "unchanged") {
            app.ui.done(&format!("{} is {}", harmless(&change.subject()), change.word()));
        }
    }
    Ok(Done { dry_run: choice.dry_run, changes: plan.changes, left: None })
}

impl Done {
    /// Whether nothing had to change.
    pub(super) fn is_nothing(&self) -> bool {
        self.changes.iter().all(|change| change.word() == "unchanged")
    }
}

impl Outcome for Done {
    fn text(&self) -> String {
        let mut text = String::new();
        if self.dry_run {
            text.extend(self.changes.iter().map(|change| shown(&change.diff())));
        }
        let left = self.left.iter().flatten().collect::<Vec<_>>();
        if !left.is_empty() {
            text += "Still there:\n";
        }
        for Left { what, path, remove } in left {
            text += &format!("  {what}: {}\n      to remove it: {remove}\n", harmless(path));
        }
        text
    }

    fn json(&self) -> Value {
        let change = |change: &Change| {
            json!({
                "path": change.subject(),
                "shells": change.shells(),
                "change": change.word(),
                "diff": change.diff(),
            })
        };
        let mut data = json!({
            "dry_run": self.dry_run,
            "changes": self.changes.iter().map(change).collect::<Vec<_>>(),
        });
        if let Some(left) = &self.left {
            let left = left
                .iter()
                .map(|left| json!({ "what": left.what, "path": left.path, "remove": left.remove }));
            data["left"] = left.collect();
        }
        data
    }
}

/// A diff without what a terminal would follow, line by line.
fn shown(diff: &str) -> String {
    diff.lines().map(|line| harmless(line) + "\n").collect()
}

/// As a word of the shell that this system's users type into.
pub(super) fn word(path: &Path) -> String {
    let path = path.display().to_string();
    let language = if cfg!(windows) { "powershell" } else { "sh" };
    shell::named(language).map_or_else(|| path.clone(), |shell| shell.quote(&path))
}
