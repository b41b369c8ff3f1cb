//! `gvm which`: the program that a shim would start.

use gvm_core::call::Call;
use gvm_core::resolve;
use gvm_core::world::World;
use serde_json::{Value, json};

use super::{Outcome, toolchain};
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::platform;

/// Show the path of the program that go, or another tool, would be here
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm which
  gvm which gofmt")]
pub(super) struct Args {
    /// The tool
    #[arg(default_value = "go")]
    tool: String,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Found {
    tool: String,
    path: String,
    version: String,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Found, Failure> {
    let is_name =
        !args.tool.contains(['/', '\\']) && !matches!(args.tool.as_str(), "" | "." | "..");
    if !is_name {
        return Err(Failure::new(Kind::Usage, format!("{:?} is no tool's name", args.tool))
            .hint("for example: `gvm which gofmt`"));
    }
    let choice = resolve::decide(&app.machine, &app.layout, &Call::plain())?;
    let version = toolchain::name(app, &choice.toolchain);
    let program = choice.toolchain.program(&args.tool);
    if !app.machine.is_program(&program) {
        let message = format!("{version} has no {}", args.tool);
        return Err(Failure::new(Kind::CouldNot, message).hint("it has go and gofmt"));
    }
    let path = platform::path(&program).display().to_string();
    Ok(Found { tool: args.tool.clone(), path, version })
}

impl Outcome for Found {
    fn text(&self) -> String {
        format!("{}\n", self.path)
    }

    fn json(&self) -> Value {
        json!({ "tool": self.tool, "path": self.path, "version": self.version })
    }
}
