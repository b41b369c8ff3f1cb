//! `gvm env`: the go command's variables, each with its value, where that comes from, and what is wrong with it.
//!
//! The rule stands in `crate::doctor::variables`; here are the renderings, and `--compare`.

use gvm_core::call::Call;
use gvm_core::dispatch::{self, Change};
use gvm_core::resolve;
use serde_json::Value;

use super::Outcome;
use crate::app::App;
use crate::doctor::disk::Real;
use crate::doctor::finding::Place;
use crate::doctor::variables::{self, Origin, Variable};
use crate::doctor::{self, Finding, Surroundings};
use crate::failure::{Failure, Kind};

mod changed;
mod compare;
mod json;
mod show;

/// Show the Go environment, and where each value comes from
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm env                          as go env, without asking go
  gvm env GOPROXY GOFLAGS          two values, a line each
  gvm env --explain                where each comes from, what it hides, what is wrong with it
  gvm env --compare                what a login shell, cron and sudo have in their place
  gvm env --export fish GOPATH     lines for a shell")]
pub(super) struct Args {
    /// Say where each value comes from, what it hides, and what is wrong with it
    #[arg(long, conflicts_with_all = ["export", "compare"])]
    explain: bool,

    /// Show what differs in a login shell, an empty environment, cron and sudo
    #[arg(long, conflicts_with = "export")]
    compare: bool,

    /// Print lines that set the variables in this shell
    #[arg(long, value_name = "SHELL")]
    export: Option<show::Shell>,

    /// Answer with one JSON document
    #[arg(long, conflicts_with = "export")]
    pub(super) json: bool,

    /// The variables; without any, all
    #[arg(value_name = "VAR")]
    names: Vec<String>,
}

pub(super) struct Shown {
    go: String,
    goroot: String,
    variables: Vec<Told>,
    others: Vec<compare::Other>,
    manner: Manner,
}

/// A variable, and what is wrong with it.
struct Told {
    variable: Variable,
    findings: Vec<Finding>,
}

enum Manner {
    Plain,
    Values,
    Explained,
    Compared,
    Export(show::Shell),
}

pub(super) fn run(app: &App, args: &Args) -> Result<Shown, Failure> {
    let choice = resolve::decide(&app.machine, &app.layout, &Call::plain())?;
    let launch = dispatch::launch(&app.machine, &choice, &Call::plain());
    let changes = launch.map(|launch| launch.changes).unwrap_or_default();
    let world = changed::Changed { world: &app.machine, changes: &changes };
    let around = Surroundings::gather(&world, &Real, Some(&app.layout), app.host, None);
    let (Some(subject), Some(version)) = (&around.subject, around.version()) else {
        return Err(Failure::new(
            Kind::CouldNot,
            "the version of the go that runs here is not known",
        )
        .hint("find out why: `gvm doctor`"));
    };
    let ours: Vec<_> = changes.iter().map(|Change { name, why, .. }| (*name, *why)).collect();
    let mut variables = variables::all(&around, &ours);
    let unknown = args.names.iter().find(|name| !variables.iter().any(|it| it.name == **name));
    if let Some(name) = unknown {
        return Err(Failure::new(
            Kind::Usage,
            format!("{} has no variable {name:?}", version.tag()),
        )
        .hint("all that it has: `gvm env`"));
    }
    if !args.names.is_empty() {
        let place = |variable: &Variable| args.names.iter().position(|name| name == variable.name);
        variables.retain(|variable| place(variable).is_some());
        variables.sort_by_key(place);
    }
    let real = Surroundings::gather(&app.machine, &Real, Some(&app.layout), app.host, None);
    let findings =
        if args.explain || args.json { doctor::examine(&real).findings } else { Vec::new() };
    let told = |variable: Variable| Told { findings: about(&findings, &variable), variable };
    let manner = match &args.export {
        Some(shell) => Manner::Export(*shell),
        None if args.explain => Manner::Explained,
        None if args.compare => Manner::Compared,
        None if !args.names.is_empty() => Manner::Values,
        None => Manner::Plain,
    };
    Ok(Shown {
        go: version.tag(),
        goroot: doctor::surroundings::text(&subject.goroot),
        others: if args.compare { compare::all(&real) } else { Vec::new() },
        variables: variables.into_iter().map(told).collect(),
        manner,
    })
}

/// The findings that speak of a variable: by its name, or of the line that sets it.
fn about(findings: &[Finding], variable: &Variable) -> Vec<Finding> {
    let is_word = |text: &str| {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        words.any(|word| word == variable.name)
    };
    let line = match &variable.origin {
        Origin::Set(gvm_core::goenv::Source::File { path, line }) => {
            Some(Place { file: path.clone(), line: Some(*line) })
        }
        Origin::Set(_) | Origin::Gvm(_) | Origin::Default | Origin::Computed(_) => None,
    };
    let speaks =
        |finding: &&Finding| is_word(&finding.what) || line.is_some() && finding.place == line;
    findings.iter().filter(speaks).cloned().collect()
}

impl Outcome for Shown {
    fn text(&self) -> String {
        show::of(self)
    }

    fn json(&self) -> Value {
        json::of(self)
    }
}
