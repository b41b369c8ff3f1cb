//! What mends a shell, in the words of the shell that the user types into: what sets, unsets and forgets. A cure that this
//! shell does not understand is none.

use super::startfiles::{Line, Meaning, family};
use super::surroundings::{Surroundings, text};
use crate::shell::{self, Shell};

/// The user's shell.
fn of(around: &Surroundings<'_>) -> &'static dyn Shell {
    shell::or_usual(around.shell().as_deref())
}

/// What gives a variable this value.
pub(super) fn set(around: &Surroundings<'_>, name: &str, value: &[u8]) -> String {
    of(around).assign(name, Some(&text(value)))
}

/// What takes a variable away.
pub(super) fn unset(around: &Surroundings<'_>, name: &str) -> String {
    of(around).assign(name, None)
}

/// What gives a variable the folder that a command makes and names.
pub(super) fn set_to_output(around: &Surroundings<'_>, name: &str, command: &str) -> String {
    match of(around).name() {
        "tcsh" => format!("setenv {name} \"`{command}`\""),
        "fish" => format!("set -gx {name} ({command})"),
        _ => format!("export {name}=\"$({command})\""),
    }
}

/// What puts a folder first on PATH. fish would leave one where it is that it was told of before.
pub(super) fn path_first(around: &Surroundings<'_>, folder: &[u8]) -> String {
    let shell = of(around);
    match shell.name() {
        "fish" => format!("fish_add_path --path --move {}", shell.quote(&text(folder))),
        _ => shell.path_line(&text(folder)),
    }
}

/// What takes the meaning from `go` that this line of a shell's start file gave it.
pub(super) fn forget(shell: &str, line: &Line, meaning: Meaning) -> &'static str {
    match (shell, meaning) {
        ("fish", _) if line.text.starts_with("abbr") => "abbr -e go",
        // What fish calls an alias is a function.
        ("fish", _) => "functions -e go",
        (_, Meaning::Alias) => "unalias go",
        (_, Meaning::Function) => "unset -f go",
        (_, Meaning::Hash) => "hash -r",
    }
}

/// What makes the shell forget where it found programs; None where it looks anew each time (measured).
pub(super) fn rehash(around: &Surroundings<'_>) -> Option<&'static str> {
    match family(&around.shell().unwrap_or_default()) {
        "fish" => None,
        "tcsh" => Some("rehash"),
        _ => Some("hash -r"),
    }
}
