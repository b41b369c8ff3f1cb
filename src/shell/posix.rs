//! The POSIX shell: dash, ash, ksh and what else reads `.profile`. bash and zsh share its code.

use std::path::Path;

use super::{Homes, Part, Shell, StartFile, quote};

#[derive(Debug)]
pub(super) struct Posix;

impl Shell for Posix {
    fn name(&self) -> &'static str {
        "sh"
    }

    fn programs(&self) -> &'static [&'static str] {
        &["sh", "dash", "ash", "ksh", "ksh93", "mksh", "busybox"]
    }

    fn template(&self) -> String {
        template(self)
    }

    fn start_files(&self, homes: &Homes) -> Vec<StartFile> {
        vec![StartFile::new(&Posix, homes.home.join(".profile"), Part::All)]
    }

    fn system_files(&self, top: &Path) -> Vec<StartFile> {
        vec![profile_d(top)]
    }
}

/// What every login shell of this family reads. Of the user's shells, some are no bash: POSIX it must be.
pub(super) fn profile_d(top: &Path) -> StartFile {
    StartFile::new(&Posix, top.join("etc/profile.d/gvm.sh"), Part::All)
}

/// What bash and zsh begin with too.
pub(super) fn template(shell: &dyn Shell) -> String {
    include_str!("templates/posix.sh").replace("@shell@", shell.name())
}

pub(super) fn word(text: &str) -> String {
    quote::always_single(text, "'\\''")
}

pub(super) fn path_line(folder: &str) -> String {
    let folder = quote::double(folder, "\\\"$`");
    format!("export PATH={}:$PATH\"", &folder[..folder.len() - 1])
}

pub(super) fn assign(name: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("export {name}={}", quote::single(value, "'\\''")),
        None => format!("unset {name}"),
    }
}

pub(super) fn eval(call: &str) -> String {
    format!("eval \"$({call})\"")
}
