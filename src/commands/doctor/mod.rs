//! `gvm doctor`: all checks, each finding with its cause and its cure.
//!
//! What is checked stands in `crate::doctor`; here are the two renderings, and `--fix`.

use serde_json::Value;

use super::{Outcome, named_go};
use crate::activate::derived;
use crate::app::App;
use crate::doctor::disk::Real;
use crate::doctor::surroundings::text;
use crate::doctor::{self, Finding, Report, Surroundings};
use crate::failure::{Failure, Kind};
use crate::store::change;

mod json;
mod show;

pub(super) use json::finding;
pub(super) use show::finding as shown;

/// Find out why Go does not work here, and what mends it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm doctor                       the Go that runs here, and all around it
  gvm doctor 1.22                  an installed version
  gvm doctor /usr/local/go         any folder that holds a Go
  gvm doctor --fix                 mend gvm's own links, shims and litter

It only looks: it builds, starts, downloads and changes nothing. Exit code 1 when something does
not work. Each number, like GVM-E101, is explained in docs/doctor.md.")]
pub(super) struct Args {
    /// The version or the folder to look at; without it what runs here
    #[arg(value_name = "SPEC|DIR")]
    subject: Option<String>,

    /// Mend what is gvm's own: links, shims, litter. Never a file of yours
    #[arg(long)]
    fix: bool,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Examined {
    subject: Option<Seen>,
    report: Report,
    mended: Vec<Finding>,
}

/// The Go that was looked at.
struct Seen {
    version: Option<String>,
    goroot: String,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Examined, Failure> {
    let named = args.subject.as_deref().map(|subject| named_go::named(app, subject)).transpose()?;
    let look = || {
        let around =
            Surroundings::gather(&app.machine, &Real, Some(&app.layout), app.host, named.clone());
        let subject = around.subject.as_ref().map(|subject| Seen {
            version: subject.version.as_ref().map(gvm_core::version::Version::tag),
            goroot: text(&subject.goroot),
        });
        (subject, doctor::examine(&around))
    };
    let (subject, report) = look();
    let ours: Vec<Finding> = report.findings.iter().filter(|it| it.is_ours).cloned().collect();
    if !args.fix || ours.is_empty() {
        return Ok(Examined { subject, report, mended: Vec::new() });
    }
    let lock = change::begin(&app.layout, app.waiting())?;
    derived::refresh(&app.layout, &lock)?;
    drop(lock);
    let (subject, report) = look();
    let is_left = |finding: &Finding| report.findings.contains(finding);
    let mended = ours.into_iter().filter(|finding| !is_left(finding)).collect();
    Ok(Examined { subject, report, mended })
}

impl Outcome for Examined {
    fn text(&self) -> String {
        show::of(self)
    }

    fn json(&self) -> Value {
        json::of(self)
    }

    fn code(&self) -> i32 {
        if self.report.has_errors() { Kind::CouldNot.code().into() } else { 0 }
    }
}
