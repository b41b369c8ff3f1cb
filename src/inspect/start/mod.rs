//! Whether a program starts on this machine, and if not, all that stands in its way. Nothing is run: what the kernel and
//! the loader would look at is looked at.
//!
//! | file | holds |
//! |---|---|
//! | here | the order of the questions |
//! | `machine` | what is known of this machine |
//! | `obstacle` | what can stand in the way, in words |
//! | `binfmt` | programs that Linux starts others with: emulators |
//! | `elf` | Linux' loaders and libraries |
//! | `cache` | the list of libraries that glibc's loader has |
//! | `other` | Windows' and macOS' libraries |

use std::path::Path;

use super::binary::{Binary, Format, Purpose, Signature};
use super::plain::{Plain, Script};
use super::{Content, libc};
use crate::platform::{self, Execution};

mod binfmt;
mod cache;
mod elf;
mod machine;
mod obstacle;
mod other;
#[cfg(all(test, unix))]
mod tests;

pub use machine::Here;
pub use obstacle::Obstacle;

/// Whether it starts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Start {
    /// Whether it does. None where that cannot be told, and for what is not started by itself.
    pub here: Option<bool>,
    /// The emulator or translator that would run it.
    pub by: Option<String>,
    /// What stands in the way.
    pub why: Vec<Obstacle>,
}

impl Start {
    fn no(why: Obstacle) -> Self {
        Self { here: Some(false), by: None, why: vec![why] }
    }
}

/// Whether what stands at `path` starts.
pub fn start(here: &Here, path: &Path, content: &Content) -> Start {
    let mut start = match content {
        Content::Binary(binary) => of_binary(here, path, binary),
        Content::Plain(Plain::Script(script)) => of_script(here, script),
        Content::Plain(Plain::Empty | Plain::Text | Plain::Known(_) | Plain::Data) => {
            return Start::no(Obstacle::NoProgram);
        }
    };
    // Libraries are mapped, not started.
    if start.here.is_none() && start.by.is_none() {
        return start;
    }
    let obstacle = match platform::execution(path) {
        Ok(Execution::Allowed) | Err(_) => None,
        Ok(Execution::NoBit) => Some(Obstacle::NoExecuteBit),
        Ok(Execution::NotForUs) => Some(Obstacle::NotForUs),
        Ok(Execution::NoExecMount) => Some(Obstacle::NoExecMount),
    };
    if let Some(obstacle) = obstacle {
        start.why.insert(0, obstacle);
        start.here = Some(false);
    }
    start
}

fn of_binary(here: &Here, path: &Path, binary: &Binary) -> Start {
    match binary.purpose {
        Purpose::Program => {}
        Purpose::Library | Purpose::Other => return Start::default(),
        Purpose::Object | Purpose::Core => return Start::no(Obstacle::NoProgram),
    }
    let mut start = Start { here: Some(true), ..Start::default() };
    if let Some(needed) = binary.needed_length {
        start.why.push(Obstacle::CutOff { needed });
    }
    if !is_for(binary, here.system) {
        let system = binary.system.clone().unwrap_or_else(|| format_name(binary.format).to_owned());
        return emulated(here, path, start, Obstacle::OtherSystem { system });
    }
    if !here.runs(&binary.architecture) {
        if let Some(translator) = here.translator(&binary.architecture) {
            start.by = Some(translator.to_owned());
        } else {
            let (architecture, own) = (binary.architecture.clone(), here.architecture.clone());
            let obstacle = Obstacle::OtherArchitecture { architecture, own };
            return emulated(here, path, start, obstacle);
        }
    }
    match binary.format {
        Format::Elf if here.system == "linux" => elf::look(here, path, binary, &mut start.why),
        Format::Elf => {}
        Format::Pe => other::windows(here, path, binary, &mut start.why),
        Format::MachO => other::macos(here, path, binary, &mut start.why),
    }
    start.why.extend(too_old(here, binary));
    let level = binary.go.as_ref().and_then(|go| go.setting("GOAMD64"));
    if let (Some(level), Some(own)) = (level.and_then(machine::level_of_setting), here.level)
        && binary.architecture == "amd64"
        && level > own
    {
        start.why.push(Obstacle::Processor { level, own });
    }
    let is_unsigned = matches!(binary.signature, None | Some(Signature::Broken));
    if binary.format == Format::MachO && binary.architecture == "arm64" && is_unsigned {
        start.why.push(Obstacle::Unsigned);
    }
    if !start.why.is_empty() {
        start.here = Some(false);
    }
    start
}

/// What no kernel takes here: unless another program is registered for it.
fn emulated(here: &Here, path: &Path, mut start: Start, obstacle: Obstacle) -> Start {
    match binfmt::program_for(here, path) {
        // What the emulator makes of it, and where it looks for libraries, is its own affair.
        Some(program) if start.why.is_empty() => Start { here: None, by: Some(program), ..start },
        Some(_) | None => {
            start.why.insert(0, obstacle);
            Start { here: Some(false), ..start }
        }
    }
}

/// Whether the system takes programs like this one. ELF files that do not say are for any of its systems.
fn is_for(binary: &Binary, system: &str) -> bool {
    let format = match system {
        "windows" => Format::Pe,
        "darwin" | "ios" => Format::MachO,
        _ => Format::Elf,
    };
    let said = binary.system.as_deref();
    binary.format == format && said.is_none_or(|said| said == system)
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::Elf => "Unix",
        Format::Pe => "windows",
        Format::MachO => "darwin",
    }
}

/// Whether the system is older than the program wants.
fn too_old(here: &Here, binary: &Binary) -> Option<Obstacle> {
    let (minimum, own) = (binary.minimum.as_ref()?, here.version.as_ref()?);
    let is_this = match here.system {
        "darwin" => minimum.system == "macos",
        system => minimum.system == system,
    };
    let is_older = libc::compare(own, &minimum.version).is_lt();
    (is_this && is_older)
        .then(|| Obstacle::OldSystem { needed: minimum.version.clone(), own: own.clone() })
}

fn of_script(here: &Here, script: &Script) -> Start {
    let mut start = Start { here: Some(true), ..Start::default() };
    if here.system == "windows" {
        return Start::no(Obstacle::OtherSystem { system: "Unix".to_owned() });
    }
    if !here.at(&script.interpreter).is_file() {
        return Start::no(Obstacle::NoInterpreter { path: script.interpreter.clone() });
    }
    let is_env = script.interpreter.ends_with("/env");
    let words = script.argument.as_deref().unwrap_or_default();
    let mut words = words.split(' ').filter(|word| *word != "-S" && !word.contains('='));
    if let Some(tool) =
        words.next().filter(|word| is_env && !word.starts_with('-') && !word.is_empty())
        && !here.path.iter().any(|folder| folder.join(tool).is_file())
    {
        start = Start::no(Obstacle::NotOnPath { name: tool.to_owned() });
    }
    start
}
