//! `gvm use`: the default version.

use gvm_core::call::Call;
use gvm_core::request;
use gvm_core::resolve::{self, Choice};
use serde_json::{Value, json};

use super::{Outcome, advice, candidates, origin, proof, toolchain};
use crate::activate::{current, derived};
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::install::Installed;
use crate::platform;
use crate::settings::root;
use crate::shell;
use crate::store::change;

/// Make a version the default; install it if need be
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm use 1.22        the newest installed 1.22; installed now if there is none
  gvm use --latest 1.22
  gvm use system      the go that stands elsewhere on PATH")]
pub(super) struct Args {
    /// The version: 1.22.4, 1.22, latest, ">=1.21 <1.23", system, or a GOROOT's path
    #[arg(add = candidates::installed())]
    spec: String,

    /// Take the newest that there is, not the newest that is installed
    #[arg(long)]
    latest: bool,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Used {
    installed: Vec<Value>,
    default: String,
    path_line: Option<String>,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Used, Failure> {
    let spec = toolchain::spec(app, &args.spec)?;
    let (choice, installed) = toolchain::installed_or_new(app, &spec, args.latest)?;
    let goroot = choice.toolchain.goroot().map(<[u8]>::to_vec).ok_or_else(|| {
        let program = choice.toolchain.program("go");
        let program = platform::path(&program).display();
        Failure::new(Kind::CouldNot, format!("{program} does not tell where its GOROOT is"))
            .hint("name it: `gvm use /path/to/goroot`")
    })?;
    if resolve::goroot_at(&app.machine, &goroot).is_none() {
        toolchain::check_is_there(app, &choice.toolchain)?;
        let goroot = platform::path(&goroot).display();
        let message = format!("{goroot} is no whole GOROOT: it lacks bin/go, pkg or src");
        return Err(Failure::new(Kind::CouldNot, message).hint("name another: `gvm use 1.22`"));
    }
    let lock = change::begin(&app.layout, app.waiting())?;
    toolchain::check_is_there(app, &choice.toolchain)?;
    current::set(&app.layout, &lock, &choice.toolchain, &goroot, &spec)?;
    derived::refresh(&app.layout, &lock)?;
    drop(lock);
    let name = toolchain::name(app, &choice.toolchain);
    tell(app, &name, installed.as_ref());
    tell_who_overrules(app, &choice);
    advice::warn_of_machine_wide_go(app);
    let on_path = root::is_on_path(&app.machine, &app.layout);
    Ok(Used {
        installed: installed.iter().map(|one| proof::installed(&app.layout, one)).collect(),
        default: name,
        path_line: (!on_path).then(|| path_line(app)),
    })
}

fn tell(app: &App, name: &str, installed: Option<&Installed>) {
    if let Some(new) = installed.filter(|installed| !installed.already) {
        let sentence = proof::sentence(&new.install.receipt);
        app.ui.done(&format!("{} is installed, {sentence}", new.install.receipt.tag));
    }
    app.ui.done(&format!("{name} is the default"));
}

/// A default that does not count here would puzzle whoever has just set it.
fn tell_who_overrules(app: &App, used: &Choice) {
    let request = match request::find(&app.machine, &Call::plain()) {
        Ok(Some(request)) => request,
        Ok(None) => return,
        Err(error) => return app.ui.warn(&format!("nothing changes here: {error}")),
    };
    let (spec, origin) = (request.spec.clone(), request.origin.clone());
    let here = resolve::resolve(&app.machine, &app.layout, request);
    if !here.is_ok_and(|here| here.toolchain.place == used.toolchain.place) {
        app.ui.warn(&format!(
            "nothing changes here: {spec} is asked for by {}",
            origin::text(&origin)
        ));
    }
}

fn path_line(app: &App) -> String {
    let shell = app.machine.var_os("SHELL").and_then(|shell| shell.to_str());
    if !app.ui.json() {
        app.ui.note(
            "Put the shims on PATH: for new shells with `gvm setup`, in this one with this line:",
        );
    }
    shell::path_line(shell, platform::path(&app.layout.shims()))
}

impl Outcome for Used {
    fn text(&self) -> String {
        self.path_line.as_ref().map(|line| format!("{line}\n")).unwrap_or_default()
    }

    fn json(&self) -> Value {
        json!({ "installed": self.installed, "default": self.default })
    }
}
