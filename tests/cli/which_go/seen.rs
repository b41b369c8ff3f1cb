//! [`Seen`]: what came of a call, told by what the small programs print and by the go command's own
//! words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::env;

use super::case::{Outcome, knows_chdir};

/// What came of a call.
#[derive(Debug, Eq, PartialEq)]
pub struct Seen {
    /// Which Go ran.
    pub outcome: Outcome,
    /// What the small program said it was given, or all that the base wrote, and its exit code.
    pub text: String,
}

impl Seen {
    /// What the output of a call says; the names of toolchains by the paths of their programs.
    pub fn of(call: &env::Outcome, names: &BTreeMap<PathBuf, String>) -> Self {
        if call.stdout.starts_with("PICKED ") {
            return Self::picked(&call.stdout, names);
        }
        Self { outcome: refused(&call.stderr), text: plain(&call.to_string()) }
    }

    /// What the small program said: without PATH, which differs on purpose, and what its shell
    /// adds.
    fn picked(stdout: &str, names: &BTreeMap<PathBuf, String>) -> Self {
        let (mut program, mut at, mut words, mut variables) = ("", "", Vec::new(), Vec::new());
        for line in stdout.lines() {
            match line.split_once(' ').unwrap_or((line, "")) {
                ("PICKED", path) => program = path,
                ("AT", path) => at = path,
                ("WITH", word) => words.push(word),
                _ => variables.push(line),
            }
        }
        let is_own = |line: &str| {
            let name = line.split('=').next().and_then(|start| start.split(' ').next_back());
            matches!(name, Some("PATH" | "PWD" | "OLDPWD" | "SHLVL" | "_"))
        };
        variables.retain(|line| !is_own(line));
        variables.sort_unstable();
        let name = names.get(Path::new(program)).unwrap_or_else(|| panic!("{stdout}"));
        let at = match knows_chdir(name) {
            true => chdir(Path::new(at), &mut words),
            false => PathBuf::from(at),
        };
        let text = format!("in {}\nwith {words:?}\n{}\n", at.display(), variables.join("\n"));
        Self { outcome: Outcome::Picked(name.clone()), text }
    }
}

/// Where a go command works that was started in `at`: the real one has followed `-C` before it
/// starts another.
fn chdir(at: &Path, words: &mut Vec<&str>) -> PathBuf {
    let is_flag = |word: &&str| *word == "-C" || *word == "--C";
    let found = words
        .iter()
        .position(|word| is_flag(word) || word.starts_with("-C=") || word.starts_with("--C="));
    let Some(index) = found else { return at.to_owned() };
    let word = words.remove(index);
    let folder = match word.split_once('=') {
        Some((_, folder)) => folder,
        None if index < words.len() => words.remove(index),
        None => return at.to_owned(),
    };
    at.join(folder).canonicalize().unwrap_or_else(|_| at.to_owned())
}

/// What the base's own words say, when it started nothing.
fn refused(stderr: &str) -> Outcome {
    for line in stderr.lines() {
        let Some(line) = line.strip_prefix("go: ") else { continue };
        if let Some(rest) = line.strip_prefix("cannot find \"")
            && let Some((name, _)) = rest.split_once("\" in PATH")
        {
            return Outcome::Missing(name.to_owned());
        }
        if let Some(rest) = line.strip_prefix("download go") {
            let name = rest.split(": ").next().unwrap_or_default();
            let name = name.split(" for ").next().unwrap_or_default();
            return Outcome::Missing(format!("go{name}"));
        }
        // What `auto` says of a language's name that is neither on PATH nor at the proxy.
        if let Some(rest) = line.strip_prefix("invalid toolchain: ")
            && let Some((name, _)) = rest.split_once(" is a language version")
        {
            return Outcome::Missing(name.to_owned());
        }
        let line = line.strip_prefix("go: ").unwrap_or(line);
        let refusals = [
            "invalid GOTOOLCHAIN",
            "invalid toolchain",
            "invalid GOWORK: not an absolute path",
            "chdir ",
            "read ",
            "cannot determine current directory",
        ];
        if refusals.iter().any(|words| line.starts_with(words)) {
            return Outcome::Fatal;
        }
    }
    Outcome::Base
}

/// Without what differs from one start to the next.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("go-build") {
        let end = at + "go-build".len();
        plain.push_str(&rest[..end]);
        rest = rest[end..].trim_start_matches(|c: char| c.is_ascii_digit());
    }
    plain + rest
}
