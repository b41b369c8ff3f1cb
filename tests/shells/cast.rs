//! The shells, and in each one's language what the tests do.

use std::path::PathBuf;

/// A shell.
#[derive(Debug)]
pub struct Actor {
    /// What gvm calls it.
    pub name: &'static str,
    /// Its program.
    pub program: &'static str,
    /// How it is started to be typed into, without anybody's start files: its options.
    pub start: &'static str,
    /// What it shows when it takes the next line, where it forgets what was typed before; else nothing.
    pub ready: &'static str,
    /// What loads a file.
    pub load: fn(&str) -> String,
    /// What runs a command that fails, and has `say status` tell how.
    pub fails: fn(&str) -> String,
    /// What completes the word before the cursor, and shows all that it may become; none where it cannot.
    pub tab: Option<&'static str>,
}

fn dot(file: &str) -> String {
    format!(". '{file}'")
}

fn source(file: &str) -> String {
    format!("source '{file}'")
}

fn dollar_question(command: &str) -> String {
    format!("{command}; say status $?")
}

fn dollar_status(command: &str) -> String {
    format!("{command}; say status $status")
}

/// All of them.
pub const CAST: [Actor; 8] = [
    Actor {
        name: "bash",
        program: "bash",
        start: "--norc --noprofile -i",
        ready: "",
        load: dot,
        fails: dollar_question,
        tab: Some("\t\t"),
    },
    Actor {
        name: "zsh",
        program: "zsh",
        start: "-f -i",
        ready: "\x1b[?2004h",
        load: |file| format!("autoload -Uz compinit; compinit -u -D; . '{file}'"),
        fails: dollar_question,
        tab: Some("\t"),
    },
    Actor {
        name: "fish",
        program: "fish",
        start: "--no-config -i",
        ready: "",
        load: source,
        fails: dollar_status,
        tab: Some("\t\t"),
    },
    Actor {
        name: "sh",
        program: "dash",
        start: "-i",
        ready: "",
        load: dot,
        fails: dollar_question,
        tab: None,
    },
    Actor {
        name: "tcsh",
        program: "tcsh",
        start: "-f -i",
        ready: " ",
        load: source,
        fails: dollar_status,
        tab: Some("\x04"),
    },
    Actor {
        name: "elvish",
        program: "elvish",
        start: "-norc",
        ready: "",
        load: |file| format!("eval (slurp < '{file}')"),
        fails: |command| {
            format!("try {{ {command} }} catch e {{ say status $e[reason][exit-status] }}")
        },
        tab: Some("\t"),
    },
    Actor {
        name: "xonsh",
        program: "xonsh",
        start: "--no-rc -i",
        ready: "\x1b[?2004h",
        load: source,
        fails: |command| format!("{command}\rsay status @(__xonsh__.history[-1].rtn)"),
        tab: Some("\t\t"),
    },
    Actor {
        name: "nushell",
        program: "nu",
        start: "--no-config-file",
        ready: "\x1b]133;B",
        load: source,
        fails: |command| format!("try {{ {command} }} catch {{|e| say status $e.exit_code }}"),
        tab: Some("\t"),
    },
];

impl Actor {
    /// Where this machine has it.
    pub fn place(&self) -> Option<PathBuf> {
        on_path(self.program)
    }
}

/// A program of this machine's.
#[allow(clippy::disallowed_methods, reason = "no setting of gvm's: what the machine has")]
pub fn on_path(program: &str) -> Option<PathBuf> {
    let list = std::env::var_os("PATH")?;
    std::env::split_paths(&list).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Whether a shell or a linter that is not here fails the tests.
#[allow(clippy::disallowed_methods, reason = "no setting of gvm's: an order to the tests")]
pub fn are_required() -> bool {
    std::env::var_os("GVM_TEST_REQUIRE_SHELLS").is_some()
}
