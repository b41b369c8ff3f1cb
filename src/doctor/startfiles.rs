//! The start files of shells: which lines set a variable, or give the name `go` another meaning. They are read by lines and
//! never run, so what stands in a condition counts too; what they in turn read does not.
//!
//! Which shell reads which file was measured (strace) for bash, dash, zsh, fish, tcsh, ksh, mksh and busybox.

use gvm_core::path;
use gvm_core::world::World;

/// A start file may hold so many bytes.
const LIMIT: usize = 1 << 20;

/// Files below the user's home, and who reads each.
const AT_HOME: [(&str, &str); 17] = [
    (".bash_profile", "bash"),
    (".bash_login", "bash"),
    (".profile", "sh"),
    (".bashrc", "bash"),
    (".bash_aliases", "bash"),
    (".zshenv", "zsh"),
    (".zprofile", "zsh"),
    (".zshrc", "zsh"),
    (".zlogin", "zsh"),
    (".config/fish/config.fish", "fish"),
    (".tcshrc", "tcsh"),
    (".cshrc", "tcsh"),
    (".login", "tcsh"),
    (".kshrc", "ksh"),
    (".mkshrc", "mksh"),
    (".shrc", "sh"),
    (".pam_environment", "pam"),
];

/// Files of the system's, and who reads each.
const OF_SYSTEM: [(&str, &str); 13] = [
    ("/etc/environment", "pam"),
    ("/etc/profile", "sh"),
    ("/etc/bash.bashrc", "bash"),
    ("/etc/bashrc", "bash"),
    ("/etc/zsh/zshenv", "zsh"),
    ("/etc/zsh/zprofile", "zsh"),
    ("/etc/zsh/zshrc", "zsh"),
    ("/etc/zsh/zlogin", "zsh"),
    ("/etc/zshenv", "zsh"),
    ("/etc/zprofile", "zsh"),
    ("/etc/zshrc", "zsh"),
    ("/etc/csh.cshrc", "tcsh"),
    ("/etc/csh.login", "tcsh"),
];

/// A start file.
#[derive(Clone, Debug)]
pub struct StartFile {
    /// Its path.
    pub path: Vec<u8>,
    /// The shell that reads it; `sh` for all of its family, `pam` for what a login sets.
    pub shell: &'static str,
    /// The lines that matter.
    pub lines: Vec<Line>,
}

/// A line of a start file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// Its number, from 1.
    pub number: u32,
    /// The variable that it sets.
    pub sets: Option<String>,
    /// The meaning that it gives to the name `go`.
    pub defines: Option<Meaning>,
    /// What it says, without blanks around it.
    pub text: String,
}

/// What the name `go` can be beside a program.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Meaning {
    /// An alias, or fish's abbreviation.
    Alias,
    /// A function.
    Function,
    /// A program whose place is given to the shell's hash.
    Hash,
}

/// All start files that are there.
pub fn read(world: &dyn World) -> Vec<StartFile> {
    let home = world.var("HOME").filter(|home| path::is_absolute(home));
    let mut files = Vec::new();
    for (name, shell) in OF_SYSTEM {
        files.extend(file(world, name.as_bytes().to_vec(), shell));
    }
    files.extend(folder(world, b"/etc/profile.d", b".sh", "sh"));
    files.extend(folder(world, b"/etc/fish/conf.d", b".fish", "fish"));
    if let Some(home) = &home {
        for (name, shell) in AT_HOME {
            files.extend(file(world, path::join(home, name.as_bytes()), shell));
        }
        files.extend(folder(world, &path::join(home, b".config/fish/conf.d"), b".fish", "fish"));
    }
    for (variable, shell) in [("ENV", "sh"), ("BASH_ENV", "bash")] {
        let named = world.var(variable).filter(|name| path::is_absolute(name));
        files.extend(named.and_then(|name| file(world, name, shell)));
    }
    if let Some(folder) = world.var("ZDOTDIR").filter(|folder| Some(folder) != home.as_ref()) {
        for name in [".zshenv", ".zprofile", ".zshrc", ".zlogin"] {
            files.extend(file(world, path::join(&folder, name.as_bytes()), "zsh"));
        }
    }
    files
}

fn folder(world: &dyn World, folder: &[u8], ending: &[u8], shell: &'static str) -> Vec<StartFile> {
    let mut names = Vec::new();
    world.list(folder, &mut |name| {
        if name.ends_with(ending) {
            names.push(name.to_vec());
        }
    });
    names.sort();
    names.iter().filter_map(|name| file(world, path::join(folder, name), shell)).collect()
}

fn file(world: &dyn World, path: Vec<u8>, shell: &'static str) -> Option<StartFile> {
    let content = world.read(&path, LIMIT).ok()?;
    let content = String::from_utf8_lossy(&content);
    let lines = content.lines().zip(1..).filter_map(|(text, number)| line(text.trim(), number));
    Some(StartFile { path, shell, lines: lines.collect() })
}

/// A line that matters.
fn line(text: &str, number: u32) -> Option<Line> {
    if text.starts_with('#') {
        return None;
    }
    let (sets, defines) = (sets(text), defines(text));
    let text = text.to_owned();
    (sets.is_some() || defines.is_some()).then_some(Line { number, sets, defines, text })
}

/// The variable that a line sets in any shell's way: PATH, HOME, TMPDIR, or what begins with GO, CGO_ or CC.
fn sets(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = match words.as_slice() {
        ["setenv" | "set-env", name, ..] => name,
        ["set", "path", "=", ..] | ["fish_add_path", ..] => "PATH",
        ["set", rest @ ..] => rest.iter().find(|word| !word.starts_with('-'))?,
        ["export" | "typeset" | "declare" | "readonly" | "local", rest @ ..] => {
            rest.iter().find(|word| !word.starts_with('-'))?.split_once('=')?.0
        }
        [first, ..] => {
            let (name, _) = first.split_once('=')?;
            if name == "path" || name == "path+" { "PATH" } else { name }
        }
        [] => return None,
    };
    let name = name.trim_end_matches('+');
    let matters = ["GO", "CGO_"].iter().any(|start| name.starts_with(start))
        || ["PATH", "CC", "CXX", "TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"]
            .contains(&name);
    matters.then(|| name.to_owned())
}

/// What a line makes of the name `go`.
fn defines(text: &str) -> Option<Meaning> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_go = |word: &str| word == "go" || word.starts_with("go=");
    match words.as_slice() {
        ["alias" | "abbr", rest @ ..] => {
            let first = rest.iter().find(|word| !word.starts_with('-'))?;
            // An alias that asks gvm is the user's own way to it.
            (is_go(first) && !text.contains("gvm")).then_some(Meaning::Alias)
        }
        ["hash", "-p", _, "go", ..] => Some(Meaning::Hash),
        ["hash", name, ..] if name.starts_with("go=") => Some(Meaning::Hash),
        ["function", "go" | "go()" | "go(){", ..]
        | ["go()" | "go(){", ..]
        | ["go", "()" | "(){", ..] => Some(Meaning::Function),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_set_in_each_shells_way() {
        for (text, name) in [
            ("export GOROOT=/usr/lib/go", Some("GOROOT")),
            ("GOROOT=/usr/lib/go", Some("GOROOT")),
            ("setenv GOROOT /usr/lib/go", Some("GOROOT")),
            ("set -gx GOROOT /usr/lib/go", Some("GOROOT")),
            ("typeset -x GOFLAGS=-v", Some("GOFLAGS")),
            ("set path = (/x $path)", Some("PATH")),
            ("fish_add_path /x", Some("PATH")),
            ("path+=(/x)", Some("PATH")),
            ("export PATH", None),
            ("# export GOROOT=/x", None),
            ("echo GOROOT", None),
            ("EDITOR=vi", None),
        ] {
            let found = line(text, 1).and_then(|line| line.sets);
            assert_eq!(found.as_deref(), name, "{text}");
        }
    }

    #[test]
    fn the_name_go_is_given_a_meaning_in_each_shells_way() {
        for (text, meaning) in [
            ("alias go=/usr/lib/go/bin/go", Some(Meaning::Alias)),
            ("alias go '/usr/lib/go/bin/go'", Some(Meaning::Alias)),
            ("abbr -a go 'go run'", Some(Meaning::Alias)),
            ("alias go='gvm exec --'", None),
            ("alias gob='go build'", None),
            ("go() { command go \"$@\"; }", Some(Meaning::Function)),
            ("function go", Some(Meaning::Function)),
            ("go () {", Some(Meaning::Function)),
            ("hash -p /opt/go/bin/go go", Some(Meaning::Hash)),
            ("hash go=/opt/go/bin/go", Some(Meaning::Hash)),
            ("go version", None),
            ("goto() {", None),
        ] {
            assert_eq!(defines(text), meaning, "{text}");
        }
    }
}
