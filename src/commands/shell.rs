//! `gvm shell`: the version of one shell and its children.
//!
//! A program cannot change the shell that started it: it prints the line that does. The function `gvm` of `gvm init` has
//! the shell run that line.

use gvm_core::request::{Origin, Request};
use gvm_core::{resolve, vars};
use serde_json::Value;

use super::{Outcome, candidates, start_files, toolchain};
use crate::app::App;
use crate::failure::Failure;
use crate::shell::{self, Shell};

/// Use a version in this shell only
///
/// It sets GVM_GO, which beats every file, and needs the function that `gvm init` defines and `gvm setup` puts into start
/// files; without it, the line to eval is printed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm shell 1.21
  gvm shell --unset           back to what files and the default say
  eval \"$(gvm shell 1.21)\"    where the shell has no function of gvm's")]
pub(super) struct Args {
    /// The version, which must be installed: 1.22.4, 1.22, latest, system, or a GOROOT's path
    #[arg(add = candidates::installed(), required_unless_present = "unset", conflicts_with = "unset")]
    spec: Option<String>,

    /// End it
    #[arg(long)]
    unset: bool,

    /// Said by the function that `gvm init` defines: it runs what is printed
    #[arg(long, hide = true, value_name = "SHELL", value_parser = start_files::by_name())]
    hook: Option<&'static dyn Shell>,
}

pub(super) struct Line(String);

pub(super) fn run(app: &App, args: &Args) -> Result<Line, Failure> {
    let value = match &args.spec {
        Some(spec) => Some(checked(app, spec)?),
        None => None,
    };
    let value = value.as_deref();
    if let Some(shell) = args.hook {
        return Ok(Line(shell.assign_by_hook(vars::GO, value)));
    }
    let own = app.machine.var_os("SHELL").and_then(|shell| shell.to_str());
    let shell = shell::of_variable(own).or_else(|| shell::named("sh"));
    let Some(shell) = shell else { return Ok(Line(String::new())) };
    let call = match value {
        Some(value) => format!("gvm shell {}", shell.quote(value)),
        None => "gvm shell --unset".to_owned(),
    };
    app.ui.note(&format!(
        "This shell has no function `gvm` that could change it, and a program cannot. Run the line below, or: {}",
        shell.eval(&call)
    ));
    app.ui.note(&format!("`gvm setup` gives new shells the function; so does: {}", {
        shell.eval(&format!("gvm init {}", shell.name()))
    }));
    Ok(Line(shell.assign(vars::GO, value)))
}

/// The SPEC as the variable is to hold it, if there is a Go for it.
fn checked(app: &App, spec: &str) -> Result<String, Failure> {
    let spec = toolchain::spec(app, spec)?;
    let request = Request { spec: spec.clone(), origin: Origin::Argument };
    let choice = resolve::resolve(&app.machine, &app.layout, request)?;
    toolchain::check_is_there(app, &choice.toolchain)?;
    app.ui.done(&format!("{} for this shell", toolchain::name(app, &choice.toolchain)));
    Ok(spec.as_str().to_owned())
}

impl Outcome for Line {
    fn text(&self) -> String {
        format!("{}\n", self.0)
    }

    fn json(&self) -> Value {
        Value::Null
    }
}
