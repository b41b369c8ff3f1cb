//! Whether `go` on PATH is gvm's at all: another `go` before the shims, or no shims.

use alloc::vec::Vec;

use super::{Case, Warning};
use crate::path;
use crate::resolve::Place;
use crate::vars;

/// Folders that give a manager away, anywhere in the path of a `go`.
const MANAGERS: [(&str, &str); 14] = [
    (".asdf", "asdf"),
    ("asdf", "asdf"),
    (".goenv", "goenv"),
    ("goenv", "goenv"),
    ("mise", "mise"),
    (".goup", "goup"),
    (".go", "goup"),
    (".gvm", "another gvm"),
    (".gobrew", "gobrew"),
    (".g", "g"),
    (".proto", "proto"),
    (".vfox", "vfox"),
    ("homebrew", "Homebrew"),
    ("linuxbrew", "Homebrew"),
];

/// What a shell finds by the name `go` when that is not this gvm's shim.
pub(super) fn warning(case: &Case<'_>) -> Option<Warning> {
    let shims = case.layout.shims();
    let list = case.world.var(vars::PATH).unwrap_or_default();
    let mut entries =
        list.split(|byte| *byte == path::LIST_SEPARATOR).filter(|entry| path::is_absolute(entry));
    let is_ours = |entry: &[u8]| entry == shims || case.world.same(entry, &shims);
    // `gvm exec` puts the chosen toolchain itself there.
    let is_answer = |entry: &[u8]| match case.result {
        Ok(choice) => match choice.toolchain.place {
            Place::Installed { .. } => case.world.same(entry, &choice.toolchain.programs()),
            Place::Folder { .. } | Place::System { .. } => false,
        },
        Err(_) => false,
    };
    let has_go = |entry: &[u8]| case.world.is_program(&program(entry));
    let first = entries.clone().find(|entry| is_ours(entry) || has_go(entry));
    let (on_path, first) =
        (entries.any(is_ours), first.filter(|entry| !is_ours(entry) && !is_answer(entry)));
    match (on_path, first) {
        (true, None) => None,
        (true, Some(entry)) => {
            Some(Warning::EarlierGo { program: program(entry), manager: manager(entry), shims })
        }
        (false, first) => Some(Warning::NotOnPath { shims, first: first.map(program) }),
    }
}

fn program(folder: &[u8]) -> Vec<u8> {
    let mut program = path::join(folder, b"go");
    program.extend_from_slice(path::PROGRAM_SUFFIX);
    program
}

/// The manager whose folder a path lies in, where its name tells.
pub fn manager(folder: &[u8]) -> Option<&'static str> {
    let mut parts = folder.split(|byte| path::is_separator(*byte));
    parts.find_map(|part| {
        let known = MANAGERS.iter().find(|(name, _)| name.as_bytes() == part);
        known.map(|(_, manager)| *manager)
    })
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::*;

    #[test]
    fn a_manager_is_known_by_its_folder() {
        for (folder, name) in [
            ("/home/a/.asdf/shims", Some("asdf")),
            ("/home/a/.local/share/mise/shims", Some("mise")),
            ("/home/a/.goenv/shims", Some("goenv")),
            ("/home/a/.go/current/bin", Some("goup")),
            ("/home/a/.gvm/gos/go1.22/bin", Some("another gvm")),
            ("/opt/homebrew/bin", Some("Homebrew")),
            ("/usr/local/go/bin", None),
        ] {
            assert_eq!(manager(folder.as_bytes()), name, "{folder}");
        }
    }
}
