//! The shells: one file and one template each, which hold all that gvm knows about it. Pure text: nobody is asked here
//! what stands on this machine, and nothing is written.
//!
//! A template has two parts, with a line `@interactive@` between them: what sets PATH, for every start file; and what only
//! a shell that somebody types into wants: the function for `gvm shell`, completions, a function for prompts. Neither
//! starts a process when it is loaded, and to load either twice changes nothing.

use std::fmt;
use std::path::{Path, PathBuf};

mod bash;
mod cmd;
mod elvish;
mod fish;
mod nushell;
mod posix;
mod powershell;
mod quote;
mod tcsh;
mod xonsh;
mod zsh;

/// A shell.
pub trait Shell: fmt::Debug + Sync {
    /// What `gvm init` and `--shell` call it.
    fn name(&self) -> &'static str;

    /// The names of its program: what `$SHELL` ends with, and what stands on PATH where it is installed.
    fn programs(&self) -> &'static [&'static str];

    /// Its code, with `@shims@` for the folder to put on PATH.
    fn template(&self) -> String;

    /// Whether folders on its PATH may have Windows' own names. Those for Unix are there by way of MSYS2, as Git for Windows
    /// has it, where `C:\dir` is `/c/dir` and a colon parts two folders.
    fn knows_drives(&self) -> bool {
        false
    }

    /// A text as one word of its language. This and the three below are POSIX where a shell does not say otherwise.
    fn quote(&self, text: &str) -> String {
        posix::word(text)
    }

    /// The line that puts a folder first on PATH, to be read by people.
    fn path_line(&self, folder: &str) -> String {
        posix::path_line(folder)
    }

    /// The line that sets a variable for this shell and its children, or unsets it.
    fn assign(&self, name: &str, value: Option<&str>) -> String {
        posix::assign(name, value)
    }

    /// As [`Shell::assign`], for the function that `gvm init` has defined.
    fn assign_by_hook(&self, name: &str, value: Option<&str>) -> String {
        self.assign(name, value)
    }

    /// What a user types to have a variable set by a program's output.
    fn eval(&self, call: &str) -> String {
        posix::eval(call)
    }

    /// The user's start files in which gvm belongs.
    fn start_files(&self, homes: &Homes) -> Vec<StartFile>;

    /// The machine's start files in which gvm belongs; `top` is `/`.
    fn system_files(&self, top: &Path) -> Vec<StartFile>;
}

/// All of them.
pub const ALL: [&dyn Shell; 10] = [
    &posix::Posix,
    &bash::Bash,
    &zsh::Zsh,
    &fish::Fish,
    &tcsh::Tcsh,
    &elvish::Elvish,
    &xonsh::Xonsh,
    &nushell::Nushell,
    &powershell::PowerShell,
    &cmd::Cmd,
];

/// The shell of this name, or whose program is called so.
pub fn named(name: &str) -> Option<&'static dyn Shell> {
    let is_it = |shell: &&dyn Shell| shell.name() == name || shell.programs().contains(&name);
    ALL.into_iter().find(is_it)
}

/// The shell that `$SHELL` names by its path.
pub fn of_variable(value: Option<&str>) -> Option<&'static dyn Shell> {
    let name = value?.rsplit(['/', '\\']).next()?;
    named(name.strip_suffix(".exe").unwrap_or(name))
}

/// Where a user's start files may be.
#[derive(Clone, Debug)]
pub struct Homes {
    /// The home folder.
    pub home: PathBuf,
    /// `$XDG_CONFIG_HOME`, else `.config` in the home folder.
    pub config: PathBuf,
    /// `$ZDOTDIR`, where zsh knows one.
    pub zdotdir: Option<PathBuf>,
    /// The user's documents, where PowerShell on Windows keeps its profiles.
    pub documents: Option<PathBuf>,
}

/// A start file, and what of gvm belongs into it.
#[derive(Clone, Debug)]
pub struct StartFile {
    /// The shell reads one of these: the first that exists. Where none does, the last is to be made.
    pub any_of: Vec<PathBuf>,
    /// The shell in whose language it is written: bash reads a file that others read too.
    pub language: &'static dyn Shell,
    /// What of that shell's code belongs into it.
    pub part: Part,
    /// Whether it is made where there is none.
    pub is_made: bool,
}

impl StartFile {
    fn new(language: &'static dyn Shell, path: PathBuf, part: Part) -> Self {
        Self::first_of(language, &[path], part)
    }

    fn first_of(language: &'static dyn Shell, any_of: &[PathBuf], part: Part) -> Self {
        // With the system's own separators, as people are shown them.
        let any_of = any_of.iter().map(|path| path.components().collect()).collect();
        Self { any_of, language, part, is_made: true }
    }

    fn if_there(self) -> Self {
        Self { is_made: false, ..self }
    }
}

/// A part of a shell's code.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Part {
    /// What sets PATH.
    Path,
    /// What a shell wants that somebody types into.
    Interactive,
    /// Both.
    All,
}

const INTERACTIVE: &str = "@interactive@\n";

/// A shell's code, for the folder of shims.
pub fn code(shell: &dyn Shell, shims: &str, part: Part) -> String {
    let template = shell.template();
    let (path, interactive) = template.split_once(INTERACTIVE).unwrap_or((&template, ""));
    let code = match part {
        Part::Path => path.to_owned(),
        Part::Interactive => interactive.to_owned(),
        Part::All => format!("{path}{interactive}"),
    };
    code.replace("@shims@", &shell.quote(&on_path(shell, shims)))
}

/// A folder as this shell has it on PATH. Source: <https://www.msys2.org/docs/filesystem-paths/>.
fn on_path(shell: &dyn Shell, folder: &str) -> String {
    match folder.split_once(r":\") {
        Some((drive, rest)) if drive.len() == 1 && !shell.knows_drives() => {
            format!("/{}/{}", drive.to_ascii_lowercase(), rest.replace('\\', "/"))
        }
        Some(_) | None => folder.to_owned(),
    }
}

/// The shell that `$SHELL` names; where it is not known, the one that this system's users type into.
pub fn or_usual(variable: Option<&str>) -> &'static dyn Shell {
    let usual: &dyn Shell = if cfg!(windows) { &powershell::PowerShell } else { &posix::Posix };
    of_variable(variable).unwrap_or(usual)
}

/// The line that puts the shims on PATH, for the shell that `$SHELL` names; POSIX where it is not known.
pub fn path_line(shell: Option<&str>, shims: &Path) -> String {
    let shims = shims.display().to_string();
    let shell = or_usual(shell);
    shell.path_line(&on_path(shell, &shims))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_gets_its_own_line() {
        let table = [
            (Some("/bin/bash"), "/r/shims", "export PATH=\"/r/shims:$PATH\""),
            (Some("/bin/zsh"), "/my home/it's", "export PATH=\"/my home/it's:$PATH\""),
            (Some("/usr/bin/fish"), "/r/shims", "fish_add_path --prepend /r/shims"),
            (Some("nu"), "/r/\"x", "$env.PATH = ($env.PATH | prepend \"/r/\\\"x\")"),
            (Some("/bin/tcsh"), "/r/shims", "set path = (/r/shims $path)"),
            (Some("/usr/bin/bash"), r"C:\r\shims", "export PATH=\"/c/r/shims:$PATH\""),
            (Some("nu"), r"C:\r", r#"$env.PATH = ($env.PATH | prepend "C:\\r")"#),
        ];
        for (shell, shims, line) in table {
            assert_eq!(path_line(shell, Path::new(shims)), line);
        }
    }

    #[test]
    fn names_and_programs_are_nobody_elses() {
        for shell in ALL {
            assert_eq!(named(shell.name()).unwrap().name(), shell.name());
            for program in shell.programs() {
                assert_eq!(named(program).unwrap().name(), shell.name());
            }
        }
    }

    #[test]
    fn no_other_shell_speaks_posix_for_want_of_words_of_its_own() {
        let words = |shell: &dyn Shell| {
            let text = "it's $HOME!";
            let (quoted, line) = (shell.quote(text), shell.path_line("/a b"));
            [quoted, line, shell.assign("A", Some(text)), shell.eval("gvm shell 1")]
        };
        for shell in ALL {
            let is_posix = ["sh", "bash", "zsh"].contains(&shell.name());
            for (own, posix) in words(shell).iter().zip(words(&posix::Posix)) {
                assert_eq!(*own == posix, is_posix, "{}: {own}", shell.name());
            }
        }
    }

    #[test]
    fn code_is_whole_and_what_sets_path_is_its_beginning() {
        for shell in ALL {
            let all = code(shell, "/it's ü/shims", Part::All);
            for placeholder in ["@shims@", "@interactive@", "@shell@"] {
                assert!(!all.contains(placeholder), "{}: {all}", shell.name());
            }
            let path = code(shell, "/it's ü/shims", Part::Path);
            assert!(path.contains("shims") && all.starts_with(&path), "{}", shell.name());
            let interactive = code(shell, "/it's ü/shims", Part::Interactive);
            assert_eq!(all, format!("{path}{interactive}"));
            assert!(!interactive.contains("it's"), "{}", shell.name());
        }
    }
}
