//! The shells whose lookup was measured, each fed with lines as if somebody typed them.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::ground::{Findings, Ground};
use crate::stage::env::Outcome;
use crate::stage::tally;

/// All of them, as they are started where it does not matter which start files are read.
pub const SHELLS: [&str; 8] = ["bash", "dash", "zsh", "fish", "tcsh", "mksh", "ksh", "busybox sh"];

/// Where this machine has the program of a shell. None, said aloud, where it has not; where shells are demanded, that fails
/// the test.
pub fn place(shell: &str) -> Option<PathBuf> {
    let name = shell.split(' ').next().unwrap();
    let folders = ["/usr/bin", "/bin", "/usr/local/bin"];
    let place = folders.map(|folder| Path::new(folder).join(name));
    let place = place.into_iter().find(|path| path.is_file());
    if place.is_none() {
        crate::stage::stock::skip_shell(&format!("there is no {name}"));
    }
    place
}

/// Says how many there were; where all shells are here, it is the number of the document.
#[track_caller]
pub fn counted(what: &str, number: usize, of_all: usize) {
    match number == of_all {
        true => tally::count(what, number),
        false => tally::say(what, number),
    }
}

/// What tells what a name is.
pub fn tells(shell: &str) -> &'static str {
    if shell.starts_with("tcsh") { "which go" } else { "type go" }
}

/// A line that sets a variable for the shell and its children.
pub fn sets(shell: &str, name: &str, value: &str) -> String {
    match shell.split(' ').next().unwrap() {
        "fish" => format!("set -gx {name} {value}"),
        "tcsh" => format!("setenv {name} {value}"),
        _ => format!("export {name}={value}"),
    }
}

impl Ground {
    /// Lines in this shell, which reads one after the other. It has a session of its own, as it would take the terminal.
    pub fn typed(&self, shell: &str, variables: &[(&str, &str)], lines: &str) -> Outcome {
        let program = place(shell).unwrap();
        let lines = File::open(self.put("lines", format!("{lines}\n"))).unwrap();
        let words: Vec<&str> = shell.split(' ').skip(1).collect();
        let mut call = self.call("/usr/bin/setsid", "--wait").arg(&program).var("SHELL", &program);
        for (name, value) in variables {
            call = call.var(name, value);
        }
        call.var("GVM", env!("CARGO_BIN_EXE_gvm"))
            .with(|command| _ = command.args(words).stdin(lines))
            .run()
    }

    /// What the doctor finds as a child of this shell, after these lines.
    #[track_caller]
    pub fn found_in(&self, shell: &str, variables: &[(&str, &str)], lines: &str) -> Findings {
        let told = self.typed(shell, variables, &format!("{lines}\n$GVM doctor --json > ../found"));
        let document = std::fs::read_to_string(self.folder().join("found")).unwrap();
        let document: serde_json::Value =
            serde_json::from_str(&document).unwrap_or_else(|error| panic!("{error}: {told}"));
        Findings(document["data"]["findings"].as_array().unwrap().clone())
    }
}
