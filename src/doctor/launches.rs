//! Who finds which `go`: this shell, and those that start programs with another PATH: sudo, cron, a desktop, an empty
//! environment. They read none of the user's start files.

use gvm_core::path;
use gvm_core::vars;

use super::entries;
use super::finding::{self as id, Finding, Id};
use super::surroundings::{Surroundings, text};
use crate::platform::{self, KeptPath, Whose};

/// Somebody who starts programs, and the `go` that they find.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Launch {
    /// Who.
    pub who: String,
    /// The program that they find.
    pub go: Option<Vec<u8>>,
    /// Where their PATH comes from.
    pub why: String,
}

/// A PATH, and where it stands.
struct List {
    path: Vec<u8>,
    why: String,
    place: Option<(Vec<u8>, u32)>,
}

/// Somebody who finds a `go` otherwise than this shell, and what mends it.
struct Other {
    who: &'static str,
    id: Id,
    go: Option<Vec<u8>>,
    why: String,
    place: Option<(Vec<u8>, u32)>,
    fix: &'static str,
}

const SUDOERS: &[u8] = b"/etc/sudoers";
const CRONTAB: &[u8] = b"/etc/crontab";
const ENVIRONMENT: &[u8] = b"/etc/environment";

/// All that are known here, and notes on those that find another `go` than this shell, or none.
pub(super) fn all(around: &Surroundings<'_>) -> (Vec<Launch>, Vec<Finding>) {
    let here = around.entries.iter().find(|entry| entry.is_found()).map(entries::Entry::program);
    let mut launches =
        vec![Launch { who: "this shell".into(), go: here.clone(), why: "PATH here".into() }];
    if let Some(shell) = around.shell()
        && let Some(list) = empty_environment(&shell)
    {
        launches.push(Launch {
            who: format!("env -i {shell}"),
            go: found(around, list.as_bytes()),
            why: format!("built into {shell}: {list}"),
        });
    }
    let mut findings = Vec::new();
    for Other { who, id, go, why, place, fix } in others(around) {
        let is_same = |here: &Vec<u8>| go.as_ref().is_some_and(|go| path::is_same_name(go, here));
        if here.as_ref().is_some_and(|here| !is_same(here)) {
            let what = match &go {
                Some(go) => format!("{who} finds {} in place of what this shell finds", text(go)),
                None => format!("{who} finds no `go`, though one is installed"),
            };
            let finding = Finding::note(id, what).why(why.clone()).fix(fix);
            findings.push(match &place {
                Some((file, line)) => finding.at(file, *line),
                None => finding,
            });
        }
        launches.push(Launch { who: who.into(), go, why });
    }
    (launches, findings)
}

fn others(around: &Surroundings<'_>) -> Vec<Other> {
    let lists = [
        ("sudo", id::SUDO, sudo(around), "sudo env \"PATH=$PATH\" go version"),
        (
            "cron",
            id::CRON,
            cron(around),
            "(crontab -l; echo \"PATH=$PATH\") | crontab -   (put the line first)",
        ),
        (
            "the desktop",
            id::DESKTOP,
            desktop(around),
            "mkdir -p ~/.config/environment.d && echo \"PATH=$PATH\" > ~/.config/environment.d/go.conf",
        ),
        ("a new window", id::NEW_WINDOW, new_window(around), "gvm setup --system"),
    ];
    let of_list = |(who, id, list, fix): (&'static str, Id, Option<List>, &'static str)| {
        let List { path, why, place } = list?;
        Some(Other { who, id, go: found(around, &path), why, place, fix })
    };
    let mut others: Vec<Other> = lists.into_iter().filter_map(of_list).collect();
    if let Some((program, key)) = platform::app_path("go.exe") {
        others.push(Other {
            who: "Windows' search",
            id: id::APP_PATHS,
            go: Some(program.trim_matches('"').as_bytes().to_vec()),
            why: format!("{key} names it"),
            place: None,
            fix: "uninstall that Go, or remove the key with the registry editor",
        });
    }
    others
}

/// What a window gets that is opened from now on: the machine's PATH, then the user's.
fn new_window(around: &Surroundings<'_>) -> Option<List> {
    let variable = |name: &str| String::from_utf8(around.var(name)?).ok();
    let mut entries = Vec::new();
    for whose in [Whose::Machine, Whose::User] {
        entries.extend(platform::kept_path(whose).ok()??.entries(&variable));
    }
    Some(List {
        path: entries.join(&KeptPath::BETWEEN.to_string()).into_bytes(),
        why: "the registry keeps its PATH: the machine's, then yours".into(),
        place: None,
    })
}

/// The PATHs of others, where they are known.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    /// Of the user's shell in an empty environment.
    pub empty: Option<Vec<u8>>,
    /// Of cron's jobs.
    pub cron: Option<Vec<u8>>,
    /// Of what sudo starts.
    pub sudo: Option<Vec<u8>>,
}

/// The PATHs of others.
pub fn paths(around: &Surroundings<'_>) -> Paths {
    let shell = around.shell();
    Paths {
        empty: shell.and_then(|shell| Some(empty_environment(&shell)?.as_bytes().to_vec())),
        cron: cron(around).map(|list| list.path),
        sudo: sudo(around).map(|list| list.path),
    }
}

fn found(around: &Surroundings<'_>, list: &[u8]) -> Option<Vec<u8>> {
    let entries = entries::of_path(around.world, around.disk, Some(list));
    entries.iter().find(|entry| entry.is_found()).map(entries::Entry::program)
}

/// The PATH that a shell has where nobody gives it one (measured: bash 5.2, dash 0.5.12, fish 3.6, mksh 59c, zsh 5.9).
fn empty_environment(shell: &str) -> Option<&'static str> {
    Some(match shell {
        "bash" => "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin:.",
        "dash" | "sh" => "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "zsh" => "/bin:/usr/bin:/usr/ucb:/usr/local/bin",
        "fish" => "/bin:/usr/bin",
        "mksh" => "/usr/bin:/bin",
        _ => return None,
    })
}

/// `secure_path` takes PATH's place, whatever is kept otherwise.
fn sudo(around: &Surroundings<'_>) -> Option<List> {
    let programs = [&b"/usr/bin/sudo"[..], b"/usr/local/bin/sudo"];
    let is_there = programs.iter().any(|program| around.world.is_program(program));
    if !is_there && around.disk.stat(SUDOERS).is_none() {
        return None;
    }
    let mut files = vec![SUDOERS.to_vec()];
    let mut more = Vec::new();
    around
        .world
        .list(b"/etc/sudoers.d", &mut |name| more.push(path::join(b"/etc/sudoers.d", name)));
    more.sort();
    files.extend(more);
    let set = files.iter().rev().find_map(|file| {
        let content = around.world.read(file, 1 << 20).ok()?;
        let content = String::from_utf8_lossy(&content).into_owned();
        let found = content.lines().zip(1..).filter_map(|(line, number)| {
            let line = line.trim();
            let value =
                line.strip_prefix("Defaults").and_then(|rest| rest.split_once("secure_path"))?.1;
            let value = value.trim_start().strip_prefix('=')?.trim().trim_matches('"');
            Some((value.as_bytes().to_vec(), number))
        });
        found.last().map(|(value, number)| (value, file.clone(), number))
    });
    Some(match set {
        Some((value, file, line)) => List {
            why: format!(
                "secure_path in {}:{line} takes the place of PATH: {}",
                text(&file),
                text(&value)
            ),
            path: value,
            place: Some((file, line)),
        },
        None if around.world.read(SUDOERS, 1 << 20).is_ok() => List {
            path: around.world.var(vars::PATH)?,
            why: "no secure_path is set: PATH is kept".into(),
            place: None,
        },
        None => {
            let usual = b"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
            let why = "/etc/sudoers is not for you to read; most systems set secure_path there";
            List { path: usual.to_vec(), why: why.into(), place: None }
        }
    })
}

/// Cron starts `sh -c`, which reads no start file.
fn cron(around: &Surroundings<'_>) -> Option<List> {
    let has_cron = [&b"/usr/sbin/cron"[..], b"/usr/sbin/crond"];
    let content = around.world.read(CRONTAB, 1 << 20);
    if content.is_err() && !has_cron.iter().any(|program| around.world.is_program(program)) {
        return None;
    }
    let content = content.unwrap_or_default();
    let content = String::from_utf8_lossy(&content);
    let set = content
        .lines()
        .zip(1..)
        .find_map(|(line, number)| Some((line.trim().strip_prefix("PATH=")?, number)));
    Some(match set {
        Some((value, line)) => List {
            path: value.as_bytes().to_vec(),
            why: format!("{}:{line} sets PATH, and `sh -c` reads no start file", text(CRONTAB)),
            place: Some((CRONTAB.to_vec(), line)),
        },
        None => List {
            path: b"/usr/bin:/bin".to_vec(),
            why: "its own PATH is /usr/bin:/bin, and `sh -c` reads no start file".into(),
            place: None,
        },
    })
}

/// What a session begins with, before any shell.
fn desktop(around: &Surroundings<'_>) -> Option<List> {
    around.var("XDG_CURRENT_DESKTOP")?;
    let home = around.var("HOME").unwrap_or_default();
    let folder = path::join(&home, b".config/environment.d");
    let mut files = vec![ENVIRONMENT.to_vec()];
    around.world.list(&folder, &mut |name| files.push(path::join(&folder, name)));
    files.sort();
    let set = files.iter().rev().find_map(|file| {
        let content = around.world.read(file, 1 << 20).ok()?;
        let content = String::from_utf8_lossy(&content).into_owned();
        let (value, line) = content.lines().zip(1..).find_map(|(line, number)| {
            Some((line.trim().strip_prefix("PATH=")?.trim_matches('"').to_owned(), number))
        })?;
        Some((value, file.clone(), line))
    });
    let (value, file, line) = set?;
    Some(List {
        path: value.into_bytes(),
        why: format!("{}:{line} sets PATH before any shell's start file", text(&file)),
        place: Some((file, line)),
    })
}
