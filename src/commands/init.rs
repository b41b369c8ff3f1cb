//! `gvm init`: a shell's code.

use serde_json::Value;

use super::{Outcome, start_files};
use crate::app::App;
use crate::failure::Failure;
use crate::shell::{self, Part, Shell};

/// Print a shell's code: PATH, `gvm shell`, completions, and a function for prompts
///
/// The code starts no process when a shell loads it, and to load it twice changes nothing. `gvm setup` writes the same
/// into the start files.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  eval \"$(gvm init bash)\"                        bash, zsh and sh
  gvm init fish | source
  eval (gvm init elvish | slurp)
  gvm init nushell | save -f ($nu.user-autoload-dirs.0 | path join gvm.nu)
  execx($(gvm init xonsh))
  gvm init tcsh > ~/.gvm.csh; source ~/.gvm.csh
  gvm init powershell | Out-String | Invoke-Expression
  gvm init cmd > gvm-init.cmd & call gvm-init.cmd")]
pub(super) struct Args {
    /// The shell
    #[arg(value_parser = start_files::by_name())]
    shell: &'static dyn Shell,
}

pub(super) struct Code(String);

pub(super) fn run(app: &App, args: &Args) -> Result<Code, Failure> {
    Ok(Code(shell::code(args.shell, &start_files::shims(app)?, Part::All)))
}

impl Outcome for Code {
    fn text(&self) -> String {
        self.0.clone()
    }

    fn json(&self) -> Value {
        Value::Null
    }
}
