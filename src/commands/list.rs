//! `gvm list`: what is installed.

use serde_json::{Value, json};

use super::{Outcome, default};
use crate::app::App;
use crate::failure::Failure;
use crate::platform;
use crate::store::{Install, installed};
use crate::ui::{size, table};

/// Show what is installed
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "ls",
    after_help = "Examples:
  gvm list
  gvm list --json | jq -r '.data.versions[].version'"
)]
pub(super) struct Args {
    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Listed {
    root: String,
    versions: Vec<Row>,
    default: Option<String>,
    elsewhere: Option<String>,
}

struct Row {
    install: Install,
    path: String,
    is_default: bool,
}

pub(super) fn run(app: &App, _: &Args) -> Result<Listed, Failure> {
    let hash = default::hash(app);
    let row = |install: Install| Row {
        path: platform::path(&app.layout.goroot(&install.hash)).display().to_string(),
        is_default: hash.as_ref() == Some(&install.hash),
        install,
    };
    let inventory = installed::inventory(&app.layout)?;
    for (_, damaged) in inventory.damaged {
        let failure = Failure::from(damaged);
        app.ui.warn(&[failure.message, failure.hint.unwrap_or_default()].join("; "));
    }
    let versions: Vec<Row> = inventory.installs.into_iter().map(row).collect();
    let elsewhere = default::elsewhere(app).map(|goroot| goroot.display().to_string());
    if versions.is_empty() && elsewhere.is_none() && !app.ui.json() {
        app.ui.note("Nothing is installed yet; try `gvm use latest`");
    }
    let default = versions.iter().find(|row| row.is_default);
    Ok(Listed {
        root: platform::path(app.layout.root()).display().to_string(),
        default: default.map(|row| row.install.receipt.tag.clone()),
        elsewhere,
        versions,
    })
}

impl Outcome for Listed {
    fn text(&self) -> String {
        let mut rows: Vec<[String; 5]> = Vec::new();
        for row in &self.versions {
            let receipt = &row.install.receipt;
            rows.push([
                if row.is_default { "*".into() } else { " ".into() },
                receipt.tag.clone(),
                row.install.hash.clone(),
                receipt.target.to_string(),
                size::human(receipt.bytes),
            ]);
        }
        let mut text = table::columns(&rows);
        if let Some(elsewhere) = &self.elsewhere {
            text.push_str(&format!("*  {elsewhere}\n"));
        }
        text
    }

    fn json(&self) -> Value {
        let version = |row: &Row| {
            let receipt = &row.install.receipt;
            json!({
                "version": receipt.version.tag(),
                "tag": receipt.tag,
                "hash": row.install.hash,
                "path": row.path,
                "target": receipt.target.to_string(),
                "default": row.is_default,
                "size_bytes": receipt.bytes,
            })
        };
        let versions: Vec<Value> = self.versions.iter().map(version).collect();
        json!({
            "root": self.root,
            "default": self.default,
            "default_path": self.elsewhere,
            "versions": versions,
        })
    }
}
