//! `gvm uninstall`.

use gvm_core::spec::{Kind as SpecKind, Selector, Spec};
use gvm_core::tag::Tag;
use serde_json::{Value, json};

use super::{Outcome, default};
use crate::activate::{current, derived, shims};
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::store::{HashLock, Install, change, installed, remove, root};
use crate::ui::size;

/// Remove installed versions
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm uninstall go1.21.13
  gvm uninstall --dry-run 1.21.13 go1.22.4.windows-amd64")]
pub(super) struct Args {
    /// The versions, by their exact names
    #[arg(required = true, value_name = "TAG")]
    tags: Vec<String>,

    /// Remove the default too
    #[arg(long)]
    force: bool,

    /// Say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Removed {
    removed: Vec<Install>,
    dry_run: bool,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Removed, Failure> {
    // All are looked up before the first is removed.
    let mut removed = Vec::new();
    for tag in &args.tags {
        let install = find(app, tag)?;
        if !removed.iter().any(|other: &Install| other.hash == install.hash) {
            removed.push(install);
        }
    }
    let default = default::install(app)?.map(|install| install.hash);
    for install in removed.iter().filter(|install| Some(&install.hash) == default.as_ref()) {
        if !args.force {
            return Err(is_default(install));
        }
    }
    if !args.dry_run {
        for install in &removed {
            take_away(app, install, args.force)?;
            app.ui.done(&format!("{} is removed", install.receipt.tag));
        }
    }
    Ok(Removed { removed, dry_run: args.dry_run })
}

fn find(app: &App, text: &str) -> Result<Install, Failure> {
    let name = text.strip_prefix('v').unwrap_or(text);
    let name = if name.starts_with("go") { name.to_owned() } else { format!("go{name}") };
    let tag = Tag::parse(&name).map_err(|error| {
        Failure::new(Kind::Usage, error.to_string())
            .hint("name the versions exactly, as `gvm list` shows them")
    })?;
    // `1.20.0` is called go1.20.
    let released = Tag::new(tag.version().as_released(), tag.target(app.host), app.host);
    for tag in [tag, released] {
        let install = installed::one(&app.layout, &tag.hash8())?;
        if let Some(install) = install.filter(|install| install.receipt.tag == tag.to_string()) {
            return Ok(install);
        }
    }
    Err(not_there(app, text, &name)?)
}

/// Why nothing is found: of a line it is said that it is one, with those of its releases that are meant perhaps.
fn not_there(app: &App, text: &str, name: &str) -> Result<Failure, Failure> {
    let spec = Spec::parse(text.as_bytes()).ok();
    let line = spec.filter(|spec| matches!(spec.kind(), SpecKind::Select(Selector::Line(_))));
    let mut tags = Vec::new();
    if let Some(line) = &line {
        let all = installed::all(&app.layout)?;
        let fitting = all.into_iter().filter(|install| line.admits(&install.receipt.version));
        tags.extend(fitting.map(|install| install.receipt.tag));
    }
    if tags.is_empty() {
        return Ok(Failure::new(Kind::NotInstalled, format!("{name} is not installed"))
            .hint("see what is with `gvm list`"));
    }
    let message = format!("{text} is a line, and not the name of one version");
    Ok(Failure::new(Kind::NotInstalled, message)
        .hint(format!("of this line are installed: {}", tags.join(", "))))
}

fn is_default(install: &Install) -> Failure {
    Failure::new(Kind::CouldNot, format!("{} is the default", install.receipt.tag))
        .hint("make another one the default with `gvm use`, or remove it with `--force`")
}

fn take_away(app: &App, install: &Install, force: bool) -> Result<(), Failure> {
    root::prepare(&app.layout, app.waiting())?;
    let tag = &install.receipt.tag;
    let lock = HashLock::acquire(&app.layout, &install.hash, tag, app.waiting())?;
    let write = change::begin(&app.layout, app.waiting())?;
    // Somebody may have chosen it meanwhile.
    let was_default = default::install(app)?.is_some_and(|default| default.hash == install.hash);
    if was_default && !force {
        return Err(is_default(install));
    }
    if install.receipt.target == app.host {
        shims::withdraw(&app.layout, &write, &install.receipt.version)?;
    }
    let litter = remove::remove(&app.layout, &lock, &write, install, app.live())?;
    if was_default {
        current::clear(&app.layout, &write)?;
    }
    derived::refresh(&app.layout, &write)?;
    drop(write);
    drop(litter);
    Ok(())
}

impl Outcome for Removed {
    fn text(&self) -> String {
        if !self.dry_run {
            return String::new();
        }
        let line = |install: &Install| {
            let receipt = &install.receipt;
            format!("{} ({}) would be removed\n", receipt.tag, size::human(receipt.bytes))
        };
        self.removed.iter().map(line).collect()
    }

    fn json(&self) -> Value {
        let one = |install: &Install| json!({ "tag": install.receipt.tag, "hash": install.hash, "bytes": install.receipt.bytes });
        let removed: Vec<Value> = self.removed.iter().map(one).collect();
        json!({ "removed": removed, "dry_run": self.dry_run })
    }
}
