//! `gvm prompt`: what a prompt shows. It runs each time that somebody presses Enter: it reads no settings, asks no
//! network, warns of nothing and cannot fail.

use gvm_core::call::Call;
use gvm_core::request::Origin;
use gvm_core::world::World;
use gvm_core::{project, resolve};
use gvm_shim::world::Machine;
use serde_json::Value;

use super::{Outcome, toolchain};
use crate::settings::root;

/// Print the version that go would be here, for a prompt
///
/// Where there is none, or a file cannot be understood, nothing is printed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm prompt
  gvm prompt --project-only --format '({version}) '

{version} is like 1.22.4, and {origin} one of argument, variable, pin-file, go.mod, go.work, default, system. {{ and }}
are braces; all else stands for itself. What gvm fills in has letters, digits, dots, plus and minus signs only.")]
pub(super) struct Args {
    /// Print nothing outside Go projects: without a .go-version, go.mod, go.work, or golang line in .tool-versions
    #[arg(long)]
    project_only: bool,

    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "{version}")]
    format: String,
}

pub(super) struct Shown(pub(super) String);

impl Outcome for Shown {
    fn text(&self) -> String {
        self.0.clone()
    }

    fn json(&self) -> Value {
        Value::Null
    }
}

/// The text, without a newline, which prompts would show.
pub(super) fn text(machine: &Machine, args: &Args) -> String {
    found(machine, args).unwrap_or_default()
}

fn found(machine: &Machine, args: &Args) -> Option<String> {
    let layout = root::find(machine).ok()?;
    if args.project_only && !project::is_in_one(machine, &machine.cwd()?) {
        return None;
    }
    let choice = resolve::decide(machine, &layout, &Call::plain()).ok()?;
    let name = toolchain::name_of(machine, &choice.toolchain);
    let version = name.strip_prefix("go").unwrap_or(&name);
    is_harmless(version).then(|| filled(&args.format, version, word(&choice.origin)))
}

/// A prompt is read again by its shell: what a file of somebody else's could bring must mean nothing there.
fn is_harmless(version: &str) -> bool {
    version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-".contains(&byte))
}

fn word(origin: &Origin) -> &'static str {
    match origin {
        Origin::Argument | Origin::Name => "argument",
        Origin::Variable(_) | Origin::GoEnv { .. } => "variable",
        Origin::PinFile { .. } => "pin-file",
        Origin::Module { is_work: true, .. } => "go.work",
        Origin::Module { is_work: false, .. } => "go.mod",
        Origin::Default => "default",
        Origin::System => "system",
    }
}

fn filled(format: &str, version: &str, origin: &str) -> String {
    let mut text = String::new();
    let mut rest = format;
    let meanings = [("{version}", version), ("{origin}", origin), ("{{", "{"), ("}}", "}")];
    while let Some(first) = rest.chars().next() {
        let known = meanings.iter().find(|(written, _)| rest.starts_with(written));
        match known {
            Some((written, meaning)) => {
                text += meaning;
                rest = &rest[written.len()..];
            }
            None => {
                text.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_filled_and_all_else_stands_for_itself() {
        for (format, text) in [
            ("{version}", "1.22.4"),
            ("go {version} ({origin}) ", "go 1.22.4 (go.mod) "),
            ("{{version}} {version", "{version} {version"),
            ("ü%F{blue}{version}%f{nonsense}", "ü%F{blue}1.22.4%f{nonsense}"),
            ("", ""),
        ] {
            assert_eq!(filled(format, "1.22.4", "go.mod"), text, "{format}");
        }
        assert!(is_harmless("1.23rc1+x-y") && !is_harmless("1.22$(reboot)") && !is_harmless("%F"));
    }
}
