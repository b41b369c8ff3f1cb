//! Which `go` a shell finds here: PATH and what stands on it, and what start files make of the name.

use gvm_core::explain::manager;
use gvm_core::layout::Layout;
use gvm_core::path;
use gvm_core::vars;

use super::entries::{Entry, Named};
use super::finding::{self as id, Finding};
use super::program::Executable;
use super::quote;
use super::startfiles::Meaning;
use super::surroundings::{Surroundings, text};
use super::words;
use crate::{platform, shell};

pub(super) fn check(around: &Surroundings<'_>) -> Vec<Finding> {
    let mut findings = meanings(around);
    findings.extend(first(around));
    findings.extend(shims(around));
    findings.extend(around.entries.iter().filter_map(|entry| odd(around, entry)));
    findings.extend(passed_over(around));
    findings.extend(around.entries.iter().filter_map(|entry| vanished(around, entry)));
    findings.extend(makefile(around));
    findings
}

/// Aliases, functions and hashes come before any program.
fn meanings(around: &Surroundings<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if around.var("BASH_FUNC_go%%").is_some() {
        findings.push(
            Finding::warning(id::FUNCTION, "a function named `go` is exported to every bash")
                .why("BASH_FUNC_go%% is in the environment; `env go` and make do not see it")
                .fix("unset -f go"),
        );
    }
    let shell = around.shell();
    for file in &around.start_files {
        let is_read = shell.as_deref().is_none_or(|shell| file.is_read_by(shell));
        for line in &file.lines {
            let Some(meaning) = line.defines else { continue };
            let (id, what) = match meaning {
                Meaning::Alias => (id::ALIAS, "an alias named `go` comes before every program"),
                Meaning::Function => {
                    (id::FUNCTION, "a function named `go` comes before every program")
                }
                Meaning::Hash => (id::HASHED, "the place of `go` is fixed by the shell's hash"),
            };
            let fix = words::forget(file.shell, line, meaning);
            let finding =
                if is_read { Finding::warning(id, what) } else { Finding::note(id, what) };
            findings.push(
                finding
                    .why(format!("{} reads: {}", file.shell, text(line.text.as_bytes())))
                    .at(&file.path, line.number)
                    .fix(format!("{fix}   (and take the line out of the file)")),
            );
        }
    }
    findings
}

/// What the search ends at; or that it ends at nothing.
fn first(around: &Surroundings<'_>) -> Option<Finding> {
    let found = around.entries.iter().find(|entry| entry.is_found());
    let Some(entry) = found.filter(|_| around.var(vars::PATH).is_some()) else {
        return nothing(around);
    };
    let program = entry.program();
    let shown = text(&program);
    let Some(Named::Executable(executable)) = &entry.go else { return None };
    let remove = format!("rm {}", quote(&program));
    match executable {
        Executable::Empty => Some(
            Finding::error(id::EMPTY_GO, format!("the first `go` on PATH is empty: {shown}"))
                .why("shells run it as a script: `go` ends with code 0 and prints nothing")
                .at(&program, None)
                .fix(remove),
        ),
        Executable::Text => Some(
            Finding::error(id::TEXT_GO, format!("the first `go` on PATH is text without `#!`: {shown}"))
                .why("shells run it line by line; everything else says: exec format error")
                .at(&program, None)
                .fix(remove),
        ),
        Executable::Unknown => Some(
            Finding::error(id::FOREIGN_GO, format!("the first `go` on PATH is no program: {shown}"))
                .why("most shells say that they cannot execute it; dash and zsh take the next one")
                .at(&program, None)
                .fix(remove),
        ),
        Executable::Script { interpreter } if !has_interpreter(around, interpreter) => Some(
            Finding::error(id::NO_INTERPRETER, format!("{shown} cannot be started"))
                .why(format!(
                    "its interpreter {} is missing: bash, fish and mksh fail; dash, zsh, ksh and tcsh take the next one",
                    text(interpreter)
                ))
                .at(&program, 1)
                .fix(remove),
        ),
        Executable::Program(found) if !found.is_for(around.host) => Some(
            Finding::error(id::FOREIGN_GO, format!("the first `go` on PATH is for {}: {shown}", found.target()))
                .why(format!(
                    "this machine is {}: most shells say `Exec format error`; dash and zsh take the next one",
                    around.host
                ))
                .at(&program, None)
                .fix(remove),
        ),
        Executable::Script { .. } | Executable::Program(_) => None,
    }
}

fn has_interpreter(around: &Surroundings<'_>, interpreter: &[u8]) -> bool {
    // Windows reads no `#!`; a relative one counts from the working directory.
    cfg!(windows) || around.world.is_program(interpreter)
}

fn nothing(around: &Surroundings<'_>) -> Option<Finding> {
    let is_empty = around.var(vars::PATH).is_none();
    let named = around.entries.iter().find_map(|entry| Some((entry, entry.go.as_ref()?)));
    let Some((entry, named)) = named.filter(|_| !is_empty) else {
        let (id, what, why) = match is_empty {
            true => (
                id::EMPTY_PATH,
                "PATH is empty or not set",
                "ksh then looks nowhere, other shells in the working directory",
            ),
            false => (id::NO_GO, "no `go` is found on PATH", "no folder of PATH holds one"),
        };
        let line = around.layout.map(|layout| match is_empty {
            // What is put before an empty PATH leaves an empty entry, and no other program is found either.
            true => {
                let list = [&layout.shims(), USUAL].join(&path::LIST_SEPARATOR);
                words::set(around, vars::PATH, &list)
            }
            false => path_line(around, layout),
        });
        let finding = Finding::error(id, what).why(why);
        return Some(match line {
            Some(line) => finding.fix(line),
            None => finding,
        });
    };
    let program = entry.program();
    let shown = text(&program);
    let finding = match named {
        Named::NotExecutable => {
            Finding::error(id::ONLY_NOT_EXECUTABLE, format!("{shown} may not be executed"))
                .why("it is the only `go` on PATH: shells say `Permission denied`, code 126")
                .fix(format!("chmod +x {}", quote(&program)))
        }
        Named::Folder => Finding::error(id::ONLY_FOLDER, format!("{shown} is a folder"))
            .why("it is the only `go` on PATH; its programs may be in the folder bin below it")
            .fix(words::path_first(around, &path::join(&program, b"bin"))),
        Named::BrokenLink => {
            let target = around.world.link(&program).unwrap_or_default();
            Finding::error(
                id::ONLY_BROKEN_LINK,
                format!("{shown} leads to {}, which is gone", text(&target)),
            )
            .why("it is the only `go` on PATH: shells say `not found`, code 127")
            .fix(format!("rm {}", quote(&program)))
        }
        Named::Executable(_) => return None,
    };
    Some(finding.at(&program, None))
}

/// Whether gvm's shims are what is found.
fn shims(around: &Surroundings<'_>) -> Option<Finding> {
    let layout = around.layout?;
    let mut has_versions = false;
    around.world.list(&layout.versions(), &mut |_| has_versions = true);
    if !has_versions || around.subject.as_ref().is_some_and(|subject| subject.is_named) {
        return None;
    }
    let is_ours = |entry: &&Entry| around.is_shims(&entry.folder);
    let is_on_path = around.entries.iter().any(|entry| is_ours(&entry));
    let first = around.entries.iter().find(|entry| entry.is_found() || is_ours(entry));
    let line = path_line(around, layout);
    match first {
        // `go` is missing from PATH altogether: that is said already.
        None => None,
        Some(first) if is_ours(&first) || is_chosen(around, first) => None,
        Some(first) => {
            let program = text(&first.program());
            let whose =
                manager(&first.folder).map(|name| format!(" (of {name})")).unwrap_or_default();
            let finding = match is_on_path {
                true => Finding::warning(
                    id::EARLIER_GO,
                    format!("{program}{whose} comes before gvm's shims"),
                )
                .why(format!(
                    "entry {} of PATH is before {}",
                    first.number,
                    text(&layout.shims())
                )),
                false => Finding::warning(
                    id::SHIMS_NOT_ON_PATH,
                    format!("{} is not on PATH", text(&layout.shims())),
                )
                .why(format!("`go` is {program}{whose}: gvm's choice does not reach it")),
            };
            let finding = match named_in_start_file(around, &first.folder) {
                Some((file, number)) => finding.at(file, number),
                None => finding,
            };
            Some(finding.fix(format!("{line}   (for good: `gvm setup`)")))
        }
    }
}

/// `gvm exec` puts the chosen tree itself there.
fn is_chosen(around: &Surroundings<'_>, entry: &Entry) -> bool {
    let subject = around.subject.as_ref().filter(|subject| subject.hash.is_some());
    subject.is_some_and(|subject| {
        around.world.same(&entry.folder, &path::join(&subject.goroot, b"bin"))
    })
}

/// The line of a start file that puts this folder on PATH.
fn named_in_start_file<'a>(around: &'a Surroundings<'_>, folder: &[u8]) -> Option<(&'a [u8], u32)> {
    let home = around.var("HOME").unwrap_or_default();
    let (home, folder) =
        (String::from_utf8_lossy(&home).into_owned(), String::from_utf8_lossy(folder));
    around.start_files.iter().find_map(|file| {
        let line = file.lines.iter().find(|line| {
            let text =
                line.text.replace("${HOME}", &home).replace("$HOME", &home).replace('~', &home);
            line.sets.as_deref() == Some(vars::PATH) && text.contains(&*folder)
        })?;
        Some((file.path.as_slice(), line.number))
    })
}

/// What puts the shims first, in the words of the user's shell.
pub(super) fn path_line(around: &Surroundings<'_>, layout: &Layout) -> String {
    let shims = layout.shims();
    match around.shell().as_deref() {
        Some("fish") => words::path_first(around, &shims),
        shell => shell::path_line(shell, platform::path(&shims)),
    }
}

/// The folders of PATH that every system has.
const USUAL: &[u8] = if cfg!(windows) { br"C:\Windows\System32" } else { b"/usr/bin:/bin" };

/// An entry that does not mean what it seems to.
fn odd(around: &Surroundings<'_>, entry: &Entry) -> Option<Finding> {
    let number = entry.number;
    let shown = text(&entry.text);
    let has_quotes = |byte: &u8| matches!(byte, b'"' | b'\'');
    let finding = match entry.text.as_slice() {
        b"" if around.var(vars::PATH).is_none() => return None,
        b"" | b"." => {
            Finding::warning(id::HERE_ON_PATH, format!("entry {number} of PATH is the working directory"))
                .why("whoever puts a file named `go` into a folder has it run there")
        }
        text if text.starts_with(b"~") => {
            Finding::warning(id::TILDE_ON_PATH, format!("entry {number} of PATH is {shown}"))
                .why("bash alone reads it as a home; other shells and every program look for a folder of that name")
        }
        text if text.iter().any(has_quotes) => {
            Finding::warning(id::QUOTES_ON_PATH, format!("entry {number} of PATH holds quotes: {shown}"))
                .why("they are part of the name: nothing is found there")
        }
        text if !path::is_absolute(text) => {
            Finding::warning(id::HERE_ON_PATH, format!("entry {number} of PATH is relative: {shown}"))
                .why("another folder is searched wherever one stands")
        }
        _ => return None,
    };
    let finding = match around.set_in_start_file(vars::PATH) {
        Some((file, line)) if finding.id != id::HERE_ON_PATH => finding.at(file, line),
        Some(_) | None => finding,
    };
    Some(finding.fix(without_entry(around, number)))
}

/// PATH again, without one entry.
fn without_entry(around: &Surroundings<'_>, number: usize) -> String {
    let kept = around.entries.iter().filter(|entry| entry.number != number);
    let kept: Vec<&[u8]> = kept.map(|entry| entry.text.as_slice()).collect();
    let list = if kept.is_empty() { USUAL.to_vec() } else { kept.join(&path::LIST_SEPARATOR) };
    words::set(around, vars::PATH, &list)
}

/// Things named `go` before the one that is found. Shells agree on them.
fn passed_over(around: &Surroundings<'_>) -> Vec<Finding> {
    let Some(found) = around.entries.iter().position(Entry::is_found) else { return Vec::new() };
    let note = |entry: &Entry| {
        let program = entry.program();
        let (why, fix) = match entry.go.as_ref()? {
            Named::Folder => return None,
            Named::NotExecutable => {
                // What it was meant to be nobody knows: made executable, it would be what runs.
                ("it may not be executed", format!("mv {0} {0}.bak", quote(&program)))
            }
            Named::BrokenLink => {
                ("it is a link that leads nowhere", format!("rm {}", quote(&program)))
            }
            Named::Executable(_) => return None,
        };
        let why =
            format!("{why}: shells take the next one, {}", text(&around.entries[found].program()));
        let what = format!("{} is passed over", text(&program));
        Some(Finding::warning(id::PASSED_OVER, what).why(why).at(&program, None).fix(fix))
    };
    let folder = |entry: &Entry| {
        let program = entry.program();
        let is_folder = entry.go == Some(Named::Folder);
        let what = format!("{} is a folder: shells pass over it", text(&program));
        let why = format!("they take {}", text(&around.entries[found].program()));
        is_folder.then(|| Finding::note(id::PASSED_OVER, what).why(why).at(&program, None))
    };
    around.entries[..found]
        .iter()
        .filter_map(|entry| note(entry).or_else(|| folder(entry)))
        .collect()
}

/// An entry that was a Go's: a bash that ran it remembers the place and fails, while others go on.
fn vanished(around: &Surroundings<'_>, entry: &Entry) -> Option<Finding> {
    if entry.go.is_some() || !is_gos(around, entry) {
        return None;
    }
    let next = around.entries.iter().find(|entry| entry.is_found())?;
    let what =
        format!("there is no Go any more in entry {} of PATH: {}", entry.number, text(&entry.text));
    let why = format!(
        "a bash that ran it there says `No such file or directory` until it forgets the place; other and new shells take {}",
        text(&next.program())
    );
    let finding = Finding::note(id::VANISHED, what).why(why).at(&entry.folder, None);
    Some(match words::rehash(around) {
        Some(fix) => finding.fix(fix),
        None => finding,
    })
}

/// Whether the folder is, or was, the `bin` of a Go: a version of gvm's, or a tree that still has its other parts.
fn is_gos(around: &Surroundings<'_>, entry: &Entry) -> bool {
    if path::file_name(&entry.folder) != b"bin" {
        return false;
    }
    let Some(tree) = path::parent(&entry.folder) else { return false };
    let is_version = around.layout.is_some_and(|layout| {
        path::parent(tree) == Some(layout.root())
            && gvm_core::layout::is_hash(path::file_name(tree))
    });
    is_version
        || around.world.is_folder(&path::join(tree, b"pkg/tool"))
        || tree == b"/usr/local/go" && !entry.is_there
}

/// A makefile that sets PATH hides the user's from its recipes.
fn makefile(around: &Surroundings<'_>) -> Option<Finding> {
    let here = around.world.cwd()?;
    let names = [&b"GNUmakefile"[..], b"makefile", b"Makefile"];
    let (file, content) = names.iter().find_map(|name| {
        let file = path::join(&here, name);
        let content = around.world.read(&file, 1 << 20).ok()?;
        Some((file, content))
    })?;
    let content = String::from_utf8_lossy(&content);
    let (line, number) = content.lines().zip(1..).find(|(line, _)| {
        // A recipe's line begins with a tab; for one target alone it is `TARGET: PATH := …`.
        if line.starts_with('\t') {
            return false;
        }
        let line = line.split_once(": ").map_or(*line, |(_, rest)| rest);
        let line = line.trim_start_matches("export ").trim_start_matches("override ");
        let Some((name, value)) = line.split_once('=') else { return false };
        let name = name.trim_end_matches([':', '?', '+', ' ']);
        name == vars::PATH
            && !line.contains("+=")
            && !line.contains("?=")
            && !value.contains("$(PATH)")
            && !value.contains("${PATH}")
    })?;
    let first = around.entries.iter().find(|entry| entry.is_found());
    let first = first.map_or_else(|| "nothing".into(), |entry| text(&entry.program()));
    Some(
        Finding::warning(
            id::MAKEFILE_PATH,
            format!("the makefile sets {}", text(line.trim().as_bytes())),
        )
        .why(format!("its recipes do not find what this shell finds: {first}"))
        .at(&file, number)
        .fix("make PATH=\"$PATH\""),
    )
}
