//! `gvm audit`: what gvm has changed on this machine; `gvm audit SPEC`: what an installed version could do to it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::goroot::{self, Goroot};
use super::{Outcome, start_files};
use crate::app::App;
use crate::audit::{self, Audited, Danger, Finding, Outside};
use crate::failure::{Failure, Kind};
use crate::inspect::shown;
use crate::platform;
use crate::setup::homes;
use crate::store::receipt;

/// Show what gvm changed on this machine, or what an installed version could do to it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm audit             what gvm changed outside its own folder
  gvm audit 1.22.10     what that version could do
  gvm audit /usr/local/go")]
pub(super) struct Args {
    /// The version, or the folder of any Go; none: this machine
    #[arg(value_name = "SPEC")]
    spec: Option<String>,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

/// What came of it.
pub(super) enum Report {
    Machine { root: PathBuf, changes: Vec<Outside> },
    Version { name: String, path: PathBuf, has_receipt: bool, audited: Audited },
}

pub(super) fn run(app: &App, args: &Args) -> Result<Report, Failure> {
    match &args.spec {
        None => machine(app),
        Some(spec) => version(app, spec),
    }
}

fn machine(app: &App) -> Result<Report, Failure> {
    let shims = start_files::shims(app)?;
    let homes = homes::find(&app.machine);
    let changes = audit::machine(homes.as_ref(), Path::new("/"), &shims)?;
    Ok(Report::Machine { root: platform::path(app.layout.root()).to_owned(), changes })
}

fn version(app: &App, spec: &str) -> Result<Report, Failure> {
    let Goroot { name, path, install } = goroot::named(app, spec)?;
    let listed = match &install {
        Some(install) => receipt::files(&app.layout, &install.hash)?,
        None => None,
    };
    if listed.is_none() {
        app.ui.note(&format!(
            "{} has no receipt: gvm can say what its files may do, and not which were added",
            displayed(&path)
        ));
    }
    let root = platform::path(app.layout.root());
    let beside = if install.is_some() { root } else { path.as_path() };
    let mut audited = audit::tree(&path, listed.as_deref(), beside).map_err(unreadable)?;
    if let Some(install) = &install {
        // Whoever may write to the list can have it say what he likes.
        for file in [app.layout.receipt(&install.hash), app.layout.receipt_files(&install.hash)] {
            let file = platform::path(&file);
            if let Ok(Some(by)) = platform::others_who_may_write(file) {
                let danger = Danger::Writable { by };
                audited.findings.push(Finding { path: displayed(file), danger });
            }
        }
    }
    Ok(Report::Version { name, path, has_receipt: listed.is_some(), audited })
}

fn unreadable((path, error): (PathBuf, std::io::Error)) -> Failure {
    let message = format!("could not look at {}: {error}", displayed(&path));
    Failure::new(Kind::CouldNot, message).hint("look again as the user whom it belongs to")
}

fn displayed(path: &Path) -> String {
    shown(path.as_os_str().as_encoded_bytes())
}

impl Outcome for Report {
    fn text(&self) -> String {
        match self {
            Self::Machine { root, changes } => machine_text(root, changes),
            Self::Version { name, path, audited, .. } => version_text(name, path, audited),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Machine { root, changes } => {
                let change = |change: &Outside| {
                    json!({
                        "place": shown(change.at.subject.as_bytes()),
                        "shells": change.at.shells,
                        "for": if change.is_for_all { "all" } else { "you" },
                    })
                };
                let changes: Vec<Value> = changes.iter().map(change).collect();
                json!({ "root": displayed(root), "changes": changes })
            }
            Self::Version { name, path, has_receipt, audited } => {
                let finding = |Finding { path, danger }: &Finding| json!({ "kind": danger.word(), "path": path, "text": danger.to_string() });
                json!({
                    "version": name,
                    "path": displayed(path),
                    "receipt": has_receipt,
                    "files": audited.files,
                    "folders": audited.folders,
                    "findings": audited.findings.iter().map(finding).collect::<Vec<_>>(),
                })
            }
        }
    }

    /// That gvm stands in start files is what `setup` was asked for.
    fn code(&self) -> i32 {
        match self {
            Self::Version { audited, .. } if !audited.findings.is_empty() => {
                Kind::CouldNot.code().into()
            }
            Self::Version { .. } | Self::Machine { .. } => 0,
        }
    }
}

fn machine_text(root: &Path, changes: &[Outside]) -> String {
    let root = displayed(root);
    if changes.is_empty() {
        return format!("gvm changed nothing outside {root}\n");
    }
    let mut text = format!("gvm changed outside {root}:\n");
    for Outside { at, is_for_all } in changes {
        let subject = shown(at.subject.as_bytes());
        let whose = if *is_for_all { ", for all users" } else { "" };
        let what = match at.shells.as_slice() {
            [] => "an entry".to_owned(),
            shells => format!("a block, read by {}", shells.join(", ")),
        };
        text.push_str(&format!("  {subject}  {what}{whose}\n"));
    }
    text.push_str("`gvm teardown` takes it out again\n");
    text
}

fn version_text(name: &str, path: &Path, audited: &Audited) -> String {
    let Audited { files, folders, findings } = audited;
    let path = displayed(path);
    if findings.is_empty() {
        return format!("{name}  nothing found in {files} files and {folders} folders  {path}\n");
    }
    let mut text = format!("{name}  {}  {path}\n", counted(findings.len()));
    for Finding { path, danger } in findings {
        text.push_str(&format!("  {path} {danger}\n"));
    }
    text
}

fn counted(findings: usize) -> String {
    if findings == 1 { "1 finding".to_owned() } else { format!("{findings} findings") }
}
