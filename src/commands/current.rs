//! `gvm current`: the version that `go` would be here, and why.

use gvm_core::call::Call;
use gvm_core::request::Origin;
use gvm_core::resolve;
use serde_json::{Value, json};

use super::{Outcome, advice, origin, toolchain};
use crate::app::App;
use crate::failure::Failure;
use crate::platform;

/// Show which version go would be here, and why
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm current
  gvm current --short")]
pub(super) struct Args {
    /// The version alone, as 1.22.4
    #[arg(long)]
    short: bool,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Current {
    version: String,
    path: String,
    origin: Origin,
    short: bool,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Current, Failure> {
    let choice = resolve::decide(&app.machine, &app.layout, &Call::plain())?;
    advice::give(app, &choice);
    let place =
        choice.toolchain.goroot().map_or_else(|| choice.toolchain.programs(), <[u8]>::to_vec);
    Ok(Current {
        version: toolchain::name(app, &choice.toolchain),
        path: platform::path(&place).display().to_string(),
        origin: choice.origin,
        short: args.short,
    })
}

impl Outcome for Current {
    fn text(&self) -> String {
        if self.short {
            return format!("{}\n", self.version.strip_prefix("go").unwrap_or(&self.version));
        }
        format!("{}  ({})\n", self.version, origin::text(&self.origin))
    }

    fn json(&self) -> Value {
        json!({ "version": self.version, "path": self.path, "origin": origin::json(&self.origin) })
    }
}
