//! `gvm pin`: a project's version.

use std::path::{Path, PathBuf};

use gvm_core::request::Origin;
use gvm_core::resolve::Choice;
use gvm_core::spec::{Kind as SpecKind, Spec};
use gvm_core::toolchain::need;
use serde_json::{Value, json};

use super::{Outcome, advice, candidates, proof, toolchain};
use crate::activate::pin;
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::install::Installed;
use crate::platform;

/// Write .go-version here, so that this folder and all below use a version
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm pin 1.22          the newest installed 1.22, whichever that is
  gvm pin --exact 1.22  the release that 1.22 stands for now")]
pub(super) struct Args {
    /// The version: 1.22.4, 1.22, latest, ">=1.21 <1.23", or system
    #[arg(add = candidates::installed())]
    spec: String,

    /// Write the release that it stands for, not the words
    #[arg(long)]
    exact: bool,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Pinned {
    file: PathBuf,
    spec: String,
    version: String,
    installed: Vec<Value>,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Pinned, Failure> {
    let folder = app.folder()?;
    let spec = Spec::parse(args.spec.as_bytes())?;
    if spec.as_str().contains(char::is_control) {
        return Err(Failure::new(Kind::Usage, "a file pins a version in one line")
            .hint("for example: `gvm pin \">=1.21 <1.23\"`"));
    }
    if matches!(spec.kind(), SpecKind::Path(_)) {
        return Err(Failure::new(
            Kind::Usage,
            "a file cannot pin a path: it means something else on every machine",
        )
        .hint("pin a version: `gvm pin 1.22`"));
    }
    let (choice, installed) = installed_or_new(app, &spec)?;
    let version = toolchain::version(app, &choice.toolchain);
    let written = match version.as_ref().filter(|_| args.exact) {
        Some(version) => Spec::exact(version),
        None => spec,
    };
    let file = pin::write(&folder, &written)?;
    let name = toolchain::name(app, &choice.toolchain);
    if let Some(new) = installed.as_ref().filter(|installed| !installed.already) {
        let sentence = proof::sentence(&new.install.receipt);
        app.ui.done(&format!("{} is installed, {sentence}", new.install.receipt.tag));
    }
    app.ui.done(&format!("{} pins {written}, which is {name}", file.display()));
    advice::give(app, &Choice { origin: origin_of(&file), ..choice });
    Ok(Pinned {
        file,
        spec: written.to_string(),
        version: name,
        installed: installed.iter().map(|one| proof::installed(&app.layout, one)).collect(),
    })
}

/// The newest installed one that fits; where the project here needs a newer one, the newest that there is.
fn installed_or_new(app: &App, spec: &Spec) -> Result<(Choice, Option<Installed>), Failure> {
    let found = toolchain::installed_or_new(app, spec, false)?;
    let is_select = matches!(spec.kind(), SpecKind::Select(_));
    let need = need(&app.machine, &[]).filter(|need| is_select && need.can_be_met_by(spec));
    match (need, &found.0.toolchain.version) {
        (Some(need), Some(version)) if !need.is_met_by(version) => {
            toolchain::installed_or_new(app, spec, true)
        }
        (Some(_) | None, _) => Ok(found),
    }
}

fn origin_of(file: &Path) -> Origin {
    Origin::PinFile { path: platform::bytes(file), line: 1 }
}

impl Outcome for Pinned {
    fn text(&self) -> String {
        String::new()
    }

    fn json(&self) -> Value {
        json!({
            "file": self.file.display().to_string(),
            "spec": self.spec,
            "version": self.version,
            "installed": self.installed,
        })
    }
}
