//! `gvm completions`: a static completion script.

use clap::Command;
use clap_complete::Shell;
use serde_json::Value;

use super::Outcome;

/// Print a completion script
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm completions bash > ~/.local/share/bash-completion/completions/gvm
  gvm completions fish > ~/.config/fish/completions/gvm.fish")]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) struct Script(String);

pub(super) fn run(args: &Args, mut command: Command) -> Script {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "gvm", &mut script);
    Script(String::from_utf8_lossy(&script).into_owned())
}

impl Outcome for Script {
    fn text(&self) -> String {
        self.0.clone()
    }

    fn json(&self) -> Value {
        Value::Null
    }
}
