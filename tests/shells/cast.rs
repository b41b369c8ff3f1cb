//! The shells, and in each one's language what the tests do.

use std::path::Path;

/// A shell.
pub struct Actor {
    /// What gvm calls it.
    pub name: &'static str,
    /// Its program.
    pub program: &'static str,
    /// How it is started to be typed into, without anybody's start files.
    pub start: &'static str,
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
        start: "exec bash --norc --noprofile -i",
        load: dot,
        fails: dollar_question,
        tab: Some("\t\t"),
    },
    Actor {
        name: "zsh",
        program: "zsh",
        start: "exec zsh -f -i",
        load: |file| format!("autoload -Uz compinit; compinit -u -D; . '{file}'"),
        fails: dollar_question,
        tab: Some("\t\t"),
    },
    Actor {
        name: "fish",
        program: "fish",
        start: "exec fish --no-config -i",
        load: source,
        fails: dollar_status,
        tab: Some("\t\t"),
    },
    Actor {
        name: "sh",
        program: "dash",
        start: "exec dash -i",
        load: dot,
        fails: dollar_question,
        tab: None,
    },
    Actor {
        name: "tcsh",
        program: "tcsh",
        start: "exec tcsh -f -i",
        load: source,
        fails: dollar_status,
        tab: Some("\x04"),
    },
    Actor {
        name: "elvish",
        program: "elvish",
        start: "exec elvish -norc",
        load: |file| format!("eval (slurp < '{file}')"),
        fails: |command| {
            format!("try {{ {command} }} catch e {{ say status $e[reason][exit-status] }}")
        },
        tab: Some("\t"),
    },
    Actor {
        name: "xonsh",
        program: "xonsh",
        start: "exec xonsh --no-rc -i",
        load: source,
        fails: |command| format!("{command}\rsay status @(__xonsh__.history[-1].rtn)"),
        tab: Some("\t\t"),
    },
    Actor {
        name: "nushell",
        program: "nu",
        start: "exec nu --no-config-file",
        load: source,
        fails: |command| format!("try {{ {command} }} catch {{|e| say status $e.exit_code }}"),
        tab: Some("\t"),
    },
];

/// Whether this machine has it.
pub fn is_here(actor: &Actor) -> bool {
    ["/usr/bin", "/bin", "/usr/local/bin"]
        .iter()
        .any(|folder| Path::new(folder).join(actor.program).exists())
}
