//! `gvm list-remote`: what can be installed.

use gvm_core::spec::{Kind as SpecKind, Selector, Spec};
use gvm_core::tag::published_for;
use gvm_core::target::Target;
use gvm_core::version::Version;
use serde_json::{Value, json};

use super::Outcome;
use crate::app::App;
use crate::failure::{self, Failure, Kind};
use crate::source::{self, SourceError};
use crate::store::installed;

/// Show what can be installed, newest last
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "ls-remote",
    after_help = "Examples:
  gvm list-remote
  gvm list-remote 1.22
  gvm list-remote --all --target darwin/arm64"
)]
pub(super) struct Args {
    /// Only what this fits: 1.22, ">=1.21 <1.23"
    spec: Option<String>,

    /// Betas and release candidates too
    #[arg(long)]
    all: bool,

    /// For another machine
    #[arg(long, value_name = "OS/ARCH")]
    target: Option<String>,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Listed {
    source: String,
    versions: Vec<(Version, bool)>,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Listed, Failure> {
    let target = match &args.target {
        Some(target) => Target::parse(target)?,
        None => app.host,
    };
    let spec = args.spec.as_ref().map(|spec| Spec::parse(spec.as_bytes())).transpose()?;
    let (source, mut versions) = union(app, &target)?;
    versions.sort();
    versions.dedup();
    if let Some(spec) = &spec {
        versions = fitting(spec, &target, &source, versions)?;
    }
    // A candidate that was asked for by its name is not hidden.
    let asked_for = spec.is_some() && versions.iter().all(|version| !version.is_stable());
    versions.retain(|version| args.all || asked_for || version.is_stable());
    let here = installed::all(&app.layout)?;
    let is_here = |version: &Version| {
        let target = published_for(version, target);
        here.iter()
            .any(|install| install.receipt.version == *version && install.receipt.target == target)
    };
    let versions = versions.into_iter().map(|version| (version.clone(), is_here(&version)));
    Ok(Listed { source, versions: versions.collect() })
}

fn fitting(
    spec: &Spec,
    target: &Target,
    source: &str,
    mut versions: Vec<Version>,
) -> Result<Vec<Version>, Failure> {
    let nearest: Vec<String> = spec.nearest(&versions).iter().map(|near| near.tag()).collect();
    match spec.kind() {
        // They mean one version, whatever else there is.
        SpecKind::Select(Selector::Stable | Selector::OldStable | Selector::Unstable) => {
            versions = spec.pick(&versions).into_iter().cloned().collect();
        }
        SpecKind::Select(_) | SpecKind::Exact(_) | SpecKind::System | SpecKind::Path(_) => {
            versions.retain(|version| spec.admits(version));
        }
    }
    if !versions.is_empty() {
        return Ok(versions);
    }
    let message = format!("there is no Go {spec} for {target} (asked: {source})");
    let failure = Failure::new(Kind::NoSuchVersion, message);
    Err(if nearest.is_empty() {
        failure.hint("see what there is with `gvm list-remote --all`")
    } else {
        failure.hint(format!("the nearest are {}", nearest.join(", ")))
    })
}

/// What the sources that answer have, and their names. That one does not answer is said.
fn union(app: &App, target: &Target) -> Result<(String, Vec<Version>), Failure> {
    let mut versions = Vec::new();
    let mut names = Vec::new();
    let mut reasons = Vec::new();
    for source in source::all(app.access())? {
        match source::list_for(source.as_ref(), target, app.report()) {
            Ok(list) => {
                versions.extend(list);
                names.push(source.name().to_owned());
            }
            Err(error) => reasons.push((source.name().to_owned(), error)),
        }
    }
    if names.is_empty() {
        let line = |(name, error): &(String, SourceError)| format!("\n  {name}: {error}");
        let message = reasons.iter().map(line).collect::<String>();
        let advice = failure::advice(reasons.iter().map(|(_, error)| error));
        let message = format!("no source answered{message}");
        return Err(Failure::new(Kind::Network, message).hint(advice));
    }
    for (name, error) in reasons {
        app.ui.warn(&format!("this source did not answer: {name}: {error}"));
    }
    Ok((names.join(","), versions))
}

impl Outcome for Listed {
    fn text(&self) -> String {
        let line = |(version, installed): &(Version, bool)| {
            let mark = if *installed { "  installed" } else { "" };
            format!("{}{mark}\n", version.tag())
        };
        self.versions.iter().map(line).collect()
    }

    fn json(&self) -> Value {
        let one = |(version, installed): &(Version, bool)| json!({ "version": version.tag(), "stable": version.is_stable(), "installed": installed });
        let versions: Vec<Value> = self.versions.iter().map(one).collect();
        json!({ "source": self.source, "versions": versions })
    }
}
