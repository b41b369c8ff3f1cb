//! `gvm install`: versions, or an archive that is at hand.

use std::path::{Component, Path, PathBuf};

use gvm_core::spec::{Kind as SpecKind, Spec};
use gvm_core::target::Target;
use serde_json::{Value, json};

use super::project::{self, Asked};
use super::{Outcome, candidates, default, origin, proof, toolchain};
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::install::{Installed, Order};
use crate::net::redact;
use crate::source::{Artifact, archive};
use crate::store::installed;
use crate::ui::size;

/// Download versions, prove them, and put them in place
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm install 1.22 1.21.13
  gvm install                      what the project here asks for
  gvm install --target windows/amd64 1.22
  gvm install ./go1.22.4.linux-amd64.tar.gz --sha256 HEX")]
pub(super) struct Args {
    /// The versions, or the path of an archive; none: what the project here asks for
    #[arg(value_name = "SPEC", add = candidates::remote())]
    specs: Vec<String>,

    /// Replace what is there
    #[arg(long)]
    force: bool,

    /// Say what would be fetched, and fetch nothing
    #[arg(long)]
    dry_run: bool,

    /// For another machine
    #[arg(long, value_name = "OS/ARCH")]
    target: Option<String>,

    /// From this source only: godev, goproxy, a URL or a folder
    #[arg(long, value_name = "NAME")]
    pub(super) source: Option<String>,

    /// The SHA-256 that the archive at hand must have
    #[arg(long, value_name = "HEX")]
    sha256: Option<String>,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Outcomes {
    installed: Vec<Value>,
    planned: Option<Vec<Value>>,
    text: String,
    default: Option<String>,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Outcomes, Failure> {
    let target = match &args.target {
        Some(target) => Target::parse(target)?,
        None => app.host,
    };
    let wanted = wanted(app, args)?;
    check_sha256(args, &wanted)?;
    if args.dry_run {
        return plan(app, args, target, &wanted);
    }
    let mut done = Vec::new();
    for wanted in &wanted {
        let installed = match wanted {
            Wanted::Version(spec) => {
                app.installer().install(Order { spec, target, force: args.force })?
            }
            Wanted::Archive(artifact) => app.installer().install_archive(artifact, args.force)?,
        };
        tell(app, &installed);
        done.push(proof::installed(&app.layout, &installed));
    }
    Ok(Outcomes {
        installed: done,
        planned: None,
        text: String::new(),
        default: default::install(app)?.map(|install| install.receipt.tag),
    })
}

enum Wanted {
    Version(Spec),
    Archive(Box<Artifact>),
}

fn wanted(app: &App, args: &Args) -> Result<Vec<Wanted>, Failure> {
    if args.specs.is_empty() {
        return match project::asked(app)? {
            Asked::For(spec) => Ok(vec![Wanted::Version(installable(spec)?)]),
            Asked::AnsweredBy(choice) => {
                let name = toolchain::name(app, &choice.toolchain);
                let by = origin::text(&choice.origin);
                app.ui
                    .done(&format!("{name} ({by}) does for the project here: nothing to install"));
                Ok(Vec::new())
            }
        };
    }
    let sha256 = args.sha256.as_deref().map(digest).transpose()?;
    let one = |text: &String| {
        if archive::is_archive_path(text) {
            let path = within(app.folder()?, Path::new(text));
            return Ok(Wanted::Archive(Box::new(archive::artifact(&path, sha256)?)));
        }
        Ok(Wanted::Version(installable(Spec::parse(text.as_bytes())?)?))
    };
    args.specs.iter().map(one).collect()
}

/// A path from a folder, without `.`, and without the `..` that it begins with: only these lead up by the name alone,
/// for what a link leads to lies below another folder.
fn within(folder: PathBuf, path: &Path) -> PathBuf {
    let mut whole = folder;
    let mut named = false;
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if !named => {
                whole.pop();
            }
            Component::ParentDir
            | Component::Normal(_)
            | Component::RootDir
            | Component::Prefix(_) => {
                named = true;
                whole.push(part);
            }
        }
    }
    whole
}

fn installable(spec: Spec) -> Result<Spec, Failure> {
    match spec.kind() {
        SpecKind::Exact(_) | SpecKind::Select(_) => Ok(spec),
        SpecKind::System => {
            Err(Failure::new(Kind::Usage, "system is the Go that is there already")
                .hint("make it the default with `gvm use system`"))
        }
        SpecKind::Path(_) => {
            Err(Failure::new(Kind::Usage, format!("{spec} is a path, and no archive's name"))
                .hint("an archive ends in .tar.gz or .zip; a GOROOT is used with `gvm use PATH`"))
        }
    }
}

fn digest(text: &str) -> Result<[u8; 32], Failure> {
    let mut digest = [0; 32];
    hex::decode_to_slice(text, &mut digest).map_err(|_| {
        Failure::new(Kind::Usage, "--sha256 takes 64 hexadecimal digits")
            .hint("the publisher shows it beside the archive")
    })?;
    Ok(digest)
}

fn check_sha256(args: &Args, wanted: &[Wanted]) -> Result<(), Failure> {
    let one_archive = matches!(wanted, [Wanted::Archive(_)]);
    if args.sha256.is_some() && !one_archive {
        return Err(Failure::new(Kind::Usage, "--sha256 belongs to one archive at hand")
            .hint("for example: `gvm install ./go1.22.4.linux-amd64.tar.gz --sha256 HEX`"));
    }
    Ok(())
}

fn tell(app: &App, installed: &Installed) {
    let receipt = &installed.install.receipt;
    if installed.already {
        app.ui.done(&format!("{} is already installed", receipt.tag));
        return;
    }
    let (size, sentence) = (size::human(receipt.bytes), proof::sentence(receipt));
    app.ui.done(&format!("{} is installed ({size}), {sentence}", receipt.tag));
}

fn plan(app: &App, args: &Args, target: Target, wanted: &[Wanted]) -> Result<Outcomes, Failure> {
    let mut planned = Vec::new();
    let mut text = String::new();
    for wanted in wanted {
        let artifact = match wanted {
            Wanted::Version(spec) => {
                app.installer().plan(Order { spec, target, force: args.force })?
            }
            Wanted::Archive(artifact) => artifact.as_ref().clone(),
        };
        let tag = app.installer().tag(&artifact.version, artifact.target);
        let already = installed::one(&app.layout, &tag.hash8())?.is_some() && !args.force;
        let url = artifact.urls.first().map(redact).unwrap_or_default();
        let size = artifact.size.map_or_else(|| "size unknown".into(), size::human);
        let there = if already { "; is already installed" } else { "" };
        text.push_str(&format!("{tag} from {}: {url} ({size}){there}\n", artifact.source));
        planned.push(json!({
            "version": artifact.version.tag(),
            "tag": tag.to_string(),
            "hash": tag.hash8(),
            "source": artifact.source,
            "url": url,
            "bytes": artifact.size,
            "already": already,
        }));
    }
    let default = default::install(app)?.map(|install| install.receipt.tag);
    Ok(Outcomes { installed: Vec::new(), planned: Some(planned), text, default })
}

impl Outcome for Outcomes {
    fn text(&self) -> String {
        self.text.clone()
    }

    fn json(&self) -> Value {
        let mut data = json!({ "installed": self.installed, "default": self.default });
        if let Some(planned) = &self.planned {
            data["planned"] = json!(planned);
        }
        data
    }
}
