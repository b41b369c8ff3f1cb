//! tcsh. Each of its shells reads `.tcshrc`, or `.cshrc` where there is none. A csh that is no tcsh reads the latter too, and
//! passes over this code.

use std::path::Path;

use super::{Homes, Part, Shell, StartFile, quote};

#[derive(Debug)]
pub(super) struct Tcsh;

impl Shell for Tcsh {
    fn name(&self) -> &'static str {
        "tcsh"
    }

    fn programs(&self) -> &'static [&'static str] {
        &["tcsh", "csh"]
    }

    fn template(&self) -> String {
        include_str!("templates/tcsh.csh").to_owned()
    }

    fn quote(&self, text: &str) -> String {
        word(text)
    }

    fn path_line(&self, folder: &str) -> String {
        format!("set path = ({} $path)", quote::single(folder, "'\\''"))
    }

    fn assign(&self, name: &str, value: Option<&str>) -> String {
        match value {
            Some(value) => format!("setenv {name} {}", word(value)),
            None => format!("unsetenv {name}"),
        }
    }

    fn eval(&self, call: &str) -> String {
        format!("eval \"`{call}`\"")
    }

    fn start_files(&self, homes: &Homes) -> Vec<StartFile> {
        let rc = [".tcshrc", ".cshrc"].map(|name| homes.home.join(name)).to_vec();
        vec![StartFile::first_of(&Tcsh, &rc, Part::All)]
    }

    fn system_files(&self, top: &Path) -> Vec<StartFile> {
        vec![StartFile::new(&Tcsh, top.join("etc/csh.cshrc"), Part::All)]
    }
}

/// An exclamation mark calls on the history even in single quotes.
fn word(text: &str) -> String {
    quote::always_single(text, "'\\''").replace('!', "\\!")
}
