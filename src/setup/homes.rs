//! Where this user's start files are.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gvm_core::path::{self, LIST_SEPARATOR};
use gvm_core::vars;
use gvm_core::world::World;
use gvm_shim::world::Machine;

use crate::platform;
use crate::shell::{self, Homes, Shell};

/// The folders, by the variables of this process. None where there is no home.
pub fn find(machine: &Machine) -> Option<Homes> {
    // On Windows this variable is that of the shells for Unix, which the system does not know.
    let home = folder(machine, "HOME").or_else(dirs::home_dir)?;
    let config = folder(machine, "XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
    let zdotdir = folder(machine, "ZDOTDIR").or_else(|| zdotdir(machine, &home));
    Some(Homes { config, zdotdir, documents: dirs::document_dir(), home })
}

fn folder(machine: &Machine, name: &str) -> Option<PathBuf> {
    machine.var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute())
}

/// A user of another shell has no ZDOTDIR in the environment: a start file of zsh's sets it. What that comes to only zsh
/// can tell. It is asked where such a file has the word, so that nobody's files are run for nothing.
fn zdotdir(machine: &Machine, home: &Path) -> Option<PathBuf> {
    let files = [&home.join(".zshenv"), Path::new("/etc/zsh/zshenv"), Path::new("/etc/zshenv")];
    let has_the_word = |file: &&Path| {
        let text = platform::read(file).unwrap_or_default();
        let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_start);
        let word = b"ZDOTDIR";
        lines.any(|line| !line.starts_with(b"#") && line.windows(word.len()).any(|at| at == word))
    };
    files.iter().find(|file| has_the_word(file))?;
    let zsh = on_path(machine, "zsh")?;
    let mut asked = Command::new(zsh);
    asked.args(["-c", "printf %s \"${ZDOTDIR-}\""]).stdin(Stdio::null()).stderr(Stdio::null());
    let answer = asked.output().ok()?.stdout;
    let folder = platform::path(&answer);
    folder.is_absolute().then(|| folder.to_owned())
}

/// The shells that this user has: the system's own, that of `$SHELL`, and those whose program is on PATH. A login reads the
/// start file of the system's, whatever shell comes then.
pub fn shells(machine: &Machine) -> Vec<&'static dyn Shell> {
    let variable = machine.var_os("SHELL").and_then(|shell| shell.to_str());
    let own = shell::of_variable(variable).map(Shell::name);
    let systems = if cfg!(windows) { "powershell" } else { "sh" };
    let is_there = |shell: &&dyn Shell| {
        let mut programs = shell.programs().iter();
        let is_own = Some(shell.name()) == own || shell.name() == systems;
        is_own || programs.any(|name| on_path(machine, name).is_some())
    };
    shell::ALL.into_iter().filter(is_there).collect()
}

/// A program in an absolute entry of PATH.
pub fn on_path(machine: &Machine, program: &str) -> Option<PathBuf> {
    let list = machine.var(vars::PATH)?;
    list.split(|byte| *byte == LIST_SEPARATOR).filter(|entry| path::is_absolute(entry)).find_map(
        |entry| {
            let mut program = path::join(entry, program.as_bytes());
            program.extend_from_slice(path::PROGRAM_SUFFIX);
            machine.is_program(&program).then(|| platform::path(&program).to_owned())
        },
    )
}
