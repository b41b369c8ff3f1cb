//! `gvm audit SPEC`: what an installed version could do to a system.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Outcome;
use super::goroot::{self, Goroot};
use crate::app::App;
use crate::audit::{self, Audited, Finding};
use crate::failure::{Failure, Kind};
use crate::inspect::shown;
use crate::platform;
use crate::store::receipt;

/// Show what an installed version could do to a system
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm audit 1.22.10
  gvm audit /usr/local/go")]
pub(super) struct Args {
    /// The version, or the folder of any Go
    #[arg(value_name = "SPEC")]
    spec: String,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Report {
    name: String,
    path: PathBuf,
    has_receipt: bool,
    audited: Audited,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Report, Failure> {
    let Goroot { name, path, install } = goroot::named(app, &args.spec)?;
    let listed = match &install {
        Some(install) => receipt::files(&app.layout, &install.hash)?,
        None => None,
    };
    if listed.is_none() {
        app.ui.note(&format!(
            "{} has no receipt: gvm can say what its files may do, and not which were added",
            shown(path.as_os_str().as_encoded_bytes())
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
                let path = shown(file.as_os_str().as_encoded_bytes());
                let danger = audit::Danger::Writable { by };
                audited.findings.push(Finding { path, danger });
            }
        }
    }
    Ok(Report { name, path, has_receipt: listed.is_some(), audited })
}

fn unreadable((path, error): (PathBuf, std::io::Error)) -> Failure {
    let path: &Path = &path;
    let message = format!("could not look at {}: {error}", path.display());
    Failure::new(Kind::CouldNot, message).hint("look again as the user whom it belongs to")
}

impl Outcome for Report {
    fn text(&self) -> String {
        let Audited { files, folders, findings } = &self.audited;
        let path = shown(self.path.as_os_str().as_encoded_bytes());
        let name = &self.name;
        if findings.is_empty() {
            return format!(
                "{name}  nothing found in {files} files and {folders} folders  {path}\n"
            );
        }
        let mut text = format!("{name}  {}  {path}\n", counted(findings.len()));
        for Finding { path, danger } in findings {
            text.push_str(&format!("  {path} {danger}\n"));
        }
        text
    }

    fn json(&self) -> Value {
        let finding = |finding: &Finding| {
            json!({
                "kind": finding.danger.word(),
                "path": finding.path,
                "text": finding.danger.to_string(),
            })
        };
        json!({
            "version": self.name,
            "path": shown(self.path.as_os_str().as_encoded_bytes()),
            "receipt": self.has_receipt,
            "files": self.audited.files,
            "folders": self.audited.folders,
            "findings": self.audited.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    }

    fn code(&self) -> i32 {
        if self.audited.findings.is_empty() { 0 } else { Kind::CouldNot.code().into() }
    }
}

fn counted(findings: usize) -> String {
    if findings == 1 { "1 finding".to_owned() } else { format!("{findings} findings") }
}
