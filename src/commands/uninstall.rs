//! `gvm uninstall`.

use gvm_core::spec::{Kind as SpecKind, Selector, Spec};
use gvm_core::tag::{Tag, published_for};
use serde_json::{Value, json};

use super::{Outcome, candidates, default};
use crate::activate::{current, derived, shims};
use crate::app::App;
use crate::checkpoint;
use crate::failure::{Failure, Kind};
use crate::store::{HashLock, Install, WriteLock, change, installed, remove, root};
use crate::ui::size;

/// Remove installed versions
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm uninstall go1.21.13
  gvm uninstall --dry-run 1.21.13 go1.22.4.windows-amd64")]
pub(super) struct Args {
    /// The versions, by their exact names
    #[arg(add = candidates::tags_of_installed(), required = true, value_name = "TAG")]
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
    removed: Vec<Gone>,
    dry_run: bool,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Removed, Failure> {
    // All are looked up before the first is removed.
    let mut installs = Vec::new();
    let mut removed: Vec<Gone> = Vec::new();
    for tag in &args.tags {
        match find(app, tag, args.dry_run)? {
            Found::Finished(gone) => removed.push(gone),
            Found::Install(install) => {
                if !removed.iter().any(|other| other.hash == install.hash) {
                    removed.push(Gone::from(&*install));
                    installs.push(install);
                }
            }
        }
    }
    let default = default::install(app)?.map(|install| install.hash);
    for install in installs.iter().filter(|install| Some(&install.hash) == default.as_ref()) {
        if !args.force {
            return Err(is_default(install));
        }
    }
    if !args.dry_run {
        for install in &installs {
            take_away(app, install, args.force)?;
            app.ui.done(&format!("{} is removed", install.receipt.tag));
        }
    }
    Ok(Removed { removed, dry_run: args.dry_run })
}

/// What a name stands for.
enum Found {
    /// This, which is to be removed.
    Install(Box<Install>),
    /// A version whose removal another gvm began and did not live to finish. Now it is.
    Finished(Gone),
}

/// A version that is gone, or would be.
struct Gone {
    tag: String,
    hash: String,
    /// What its files took; nothing where only the rest of a removal was left.
    bytes: u64,
}

impl From<&Install> for Gone {
    fn from(install: &Install) -> Self {
        let receipt = &install.receipt;
        Self { tag: receipt.tag.clone(), hash: install.hash.clone(), bytes: receipt.bytes }
    }
}

fn find(app: &App, text: &str, dry_run: bool) -> Result<Found, Failure> {
    let name = text.strip_prefix('v').unwrap_or(text);
    let name = if name.starts_with("go") { name.to_owned() } else { format!("go{name}") };
    let tag = Tag::parse(&name).map_err(|error| {
        Failure::new(Kind::Usage, error.to_string())
            .hint("name the versions exactly, as `gvm list` shows them")
    })?;
    // `1.20.0` is called go1.20.
    let released = Tag::new(tag.version().as_released(), tag.target(app.host), app.host);
    let tags = [tag, released];
    for tag in &tags {
        let install = installed::one(&app.layout, &tag.hash8())?;
        if let Some(install) = install.filter(|install| install.receipt.tag == tag.to_string()) {
            return Ok(Found::Install(Box::new(install)));
        }
    }
    for tag in tags.iter().filter(|_| !dry_run) {
        if let Some(found) = finish(app, tag)? {
            return Ok(found);
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

/// Finishes a removal that was cut off. None where there was none.
fn finish(app: &App, tag: &Tag) -> Result<Option<Found>, Failure> {
    let (hash, tag) = (tag.hash8(), tag.to_string());
    let is_dangling_default =
        || !remove::stands(&app.layout, &hash) && default::hash(app).as_ref() == Some(&hash);
    let looks_cut_off = || is_dangling_default() || remove::is_cut_off(&app.layout, &hash, &tag);
    if !looks_cut_off() && !remove::is_in_staging(&app.layout, &hash) {
        return Ok(None);
    }
    root::prepare(&app.layout, app.waiting())?;
    // Whoever is at it now is waited for: only what a dead one left is the rest of a removal.
    let lock = HashLock::acquire(&app.layout, &hash, &tag, app.waiting())?;
    let is_cut_off = looks_cut_off();
    drop(lock);
    let write = change::begin(&app.layout, app.waiting())?;
    tidy(app, &write, &hash)?;
    // What looked like the rest of a removal may have been the beginning of an installation.
    let install = installed::one(&app.layout, &hash)?;
    if let Some(install) = install.filter(|install| install.receipt.tag == tag) {
        return Ok(Some(Found::Install(Box::new(install))));
    }
    if !is_cut_off {
        return Ok(None);
    }
    app.ui.done(&format!("{tag} is removed: another gvm had begun it"));
    Ok(Some(Found::Finished(Gone { tag, hash, bytes: 0 })))
}

/// Takes away what still speaks of a version that is gone, unless somebody has installed it meanwhile. One that stands and
/// has lost its receipt is not gone.
fn tidy(app: &App, write: &WriteLock, hash: &str) -> Result<(), Failure> {
    let is_gone = !remove::stands(&app.layout, hash);
    if is_gone && default::hash(app).as_deref() == Some(hash) {
        current::clear(&app.layout, write)?;
    }
    Ok(derived::refresh(&app.layout, write)?)
}

fn is_default(install: &Install) -> Failure {
    Failure::new(Kind::CouldNot, format!("{} is the default", install.receipt.tag))
        .hint("make another one the default with `gvm use`, or remove it with `--force`")
}

fn take_away(app: &App, install: &Install, force: bool) -> Result<(), Failure> {
    root::prepare(&app.layout, app.waiting())?;
    let tag = &install.receipt.tag;
    let lock = change::begin_version(&app.layout, &install.hash, tag, app.waiting())?;
    let write = change::begin(&app.layout, app.waiting())?;
    // Somebody may have removed it meanwhile.
    if installed::one(&app.layout, &install.hash)?.is_none() {
        tidy(app, &write, &install.hash)?;
        let message = format!("{tag} was removed meanwhile");
        return Err(Failure::new(Kind::NotInstalled, message).hint("see what is with `gvm list`"));
    }
    // Or chosen it.
    let was_default = default::install(app)?.is_some_and(|default| default.hash == install.hash);
    if was_default && !force {
        return Err(is_default(install));
    }
    if install.receipt.target == published_for(&install.receipt.version, app.host) {
        shims::withdraw(&app.layout, &write, &install.receipt.version)?;
    }
    let litter = match remove::remove(&app.layout, &lock, &write, install, app.live()) {
        Ok(litter) => litter,
        Err(error) => {
            // The version stands, and so is its shim to.
            derived::refresh(&app.layout, &write)?;
            return Err(error.into());
        }
    };
    if was_default {
        current::clear(&app.layout, &write)?;
    }
    derived::refresh(&app.layout, &write)?;
    drop(write);
    checkpoint::reach("uninstall.unlocked");
    drop(litter);
    Ok(())
}

impl Outcome for Removed {
    fn text(&self) -> String {
        if !self.dry_run {
            return String::new();
        }
        let line =
            |gone: &Gone| format!("{} ({}) would be removed\n", gone.tag, size::human(gone.bytes));
        self.removed.iter().map(line).collect()
    }

    fn json(&self) -> Value {
        let one = |gone: &Gone| json!({ "tag": gone.tag, "hash": gone.hash, "bytes": gone.bytes });
        let removed: Vec<Value> = self.removed.iter().map(one).collect();
        json!({ "removed": removed, "dry_run": self.dry_run })
    }
}
