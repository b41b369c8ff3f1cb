//! `gvm check`: the smoke chain. Whether a Go works is found out by working with it, in folders of its own.
//!
//! The steps stand in `chain`; what is said of them in `show` and here.

use std::time::Duration;

use gvm_core::version::Version;
use serde_json::{Value, json};

use super::private::{Private, Tried};
use super::{Outcome, doctor, named_go};
use crate::app::App;
use crate::doctor::disk::Real;
use crate::doctor::surroundings::text;
use crate::doctor::{Finding, Severity, Surroundings};
use crate::failure::{Failure, Kind};

mod chain;

/// Try a Go out: whether it is whole, starts, and builds
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm check                        the Go that runs here: its tree, and two calls of it
  gvm check 1.22 --full            build and run programs too: up to a minute
  gvm check /usr/local/go

It works in folders of its own, without your settings and without the network.")]
pub(super) struct Args {
    /// The version or the folder; without it what runs here
    #[arg(value_name = "SPEC|DIR")]
    subject: Option<String>,

    /// Build and run a program, one with C in it, and one with the race detector
    #[arg(long)]
    full: bool,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Checked {
    go: String,
    goroot: String,
    steps: Vec<Step>,
    findings: Vec<Finding>,
}

/// A step of the chain.
struct Step {
    name: &'static str,
    /// What was run.
    command: String,
    took: Duration,
    end: End,
}

/// How a step ended.
enum End {
    Passed,
    /// Why it was left out.
    Skipped(String),
    /// What was said.
    Failed(String),
}

pub(super) fn run(app: &App, args: &Args) -> Result<Checked, Failure> {
    let named = match &args.subject {
        Some(subject) => named_go::named(app, subject)?,
        None => named_go::here(app)?,
    };
    let around =
        Surroundings::gather(&app.machine, &Real, Some(&app.layout), app.host, Some(named));
    let (goroot, version) = match &around.subject {
        Some(subject) => (subject.goroot.clone(), subject.version.clone()),
        None => (Vec::new(), None),
    };
    let version = version.ok_or_else(|| {
        Failure::new(Kind::CouldNot, format!("{} does not say which Go it is", text(&goroot)))
            .hint(format!("find out why: `gvm doctor {}`", text(&goroot)))
    })?;
    let tried = Tried { goroot, version };
    let private = Private::new(app)?;
    let chain = chain::Chain { app, private: &private, tried: &tried, around: &around };
    let (steps, findings) = chain.run(args.full)?;
    let (go, goroot) = (Version::tag(&tried.version), text(&tried.goroot));
    Ok(Checked { go, goroot, steps, findings })
}

impl Checked {
    fn failed(&self) -> Option<&Step> {
        self.steps.iter().find(|step| matches!(step.end, End::Failed(_)))
    }
}

impl Outcome for Checked {
    fn text(&self) -> String {
        let mut shown = format!("{}  {}\n", self.go, self.goroot);
        for step in &self.steps {
            let seconds = format!("{:.2} s", step.took.as_secs_f64());
            shown.push_str(&match &step.end {
                End::Passed => format!("✓  {}  ({seconds})\n", step.name),
                End::Skipped(why) => format!("·  {}  left out: {why}\n", step.name),
                End::Failed(_) => format!("✗  {}  ({seconds})\n", step.name),
            });
        }
        if let Some(Step { command, end: End::Failed(said), .. }) = self.failed() {
            shown.push_str(&format!("\n$ {command}\n{}\n", said.trim_end()));
            shown.extend(self.findings.iter().map(doctor::shown));
            if self.findings.is_empty() {
                shown.push_str("\nthe doctor finds nothing that explains it\n");
            }
        }
        shown
    }

    fn json(&self) -> Value {
        let step = |step: &Step| {
            let (skipped, message) = match &step.end {
                End::Passed => (None, None),
                End::Skipped(why) => (Some(why), None),
                End::Failed(said) => (None, Some(said)),
            };
            json!({
                "name": step.name,
                "command": step.command,
                "ok": !matches!(step.end, End::Failed(_)),
                "skipped": skipped,
                "seconds": step.took.as_secs_f64(),
                "message": message,
            })
        };
        let steps: Vec<Value> = self.steps.iter().map(step).collect();
        let findings: Vec<Value> = self.findings.iter().map(doctor::finding).collect();
        json!({
            "go": { "version": self.go, "path": self.goroot },
            "steps": steps,
            "findings": findings,
        })
    }

    fn code(&self) -> i32 {
        if self.failed().is_some() { Kind::CouldNot.code().into() } else { 0 }
    }
}

/// Those that can explain a failure.
fn grave(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(|finding| finding.severity != Severity::Note).collect()
}
