//! GOROOT: in the environment, in go/env, in start files; and a `go` that stands outside its tree.

use gvm_core::goenv::Source;
use gvm_core::path;
use gvm_core::vars;

use super::entries::Named;
use super::envfile;
use super::finding::{self as id, Finding};
use super::program::Executable;
use super::quote;
use super::surroundings::{Surroundings, text};
use super::words;

pub(super) fn check(around: &Surroundings<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(set(around));
    findings.extend(start_files(around));
    findings.extend(lone(around));
    findings.extend(newline(around));
    findings.extend(old(around));
    findings
}

/// The value that counts: the process's, else that of go/env.
fn set(around: &Surroundings<'_>) -> Option<Finding> {
    let process = around.var(vars::GOROOT);
    let file = envfile::value(around, vars::GOROOT).filter(|(value, _)| !value.is_empty());
    let (value, line) = match (&process, &file) {
        (Some(value), _) => (value.as_slice(), None),
        (None, Some((value, line))) => (*value, Some(*line)),
        (None, None) => return None,
    };
    let shown = text(value);
    let world = around.world;
    let is_tree = |folder: &[u8]| world.is_folder(&path::join(folder, b"src/fmt"));
    let finding = if !path::is_absolute(value) || !world.is_folder(value) {
        let finding = Finding::error(id::GOROOT_INVALID, format!("GOROOT={shown} is no folder"));
        finding.why("every go command says: cannot find GOROOT directory")
    } else if !is_tree(value) {
        let finding =
            Finding::error(id::GOROOT_HOLLOW, format!("GOROOT={shown} holds no library (src/fmt)"));
        finding.why("builds say that `fmt` is not in GOROOT, or not in std")
    } else {
        let subject = around.subject.as_ref()?;
        if value == subject.goroot || world.same(value, &subject.goroot) {
            return None;
        }
        let runs = text(&subject.goroot);
        let what = format!("GOROOT={shown} is not the tree of the go that runs: {runs}");
        let why = "it builds with another version's library and tools: `compile: version … does not match`";
        Finding::error(id::GOROOT_OTHER, what).why(why)
    };
    let shields = around.is_through_shim();
    let finding = match shields {
        true => {
            let why = format!(
                "gvm keeps it from go; other programs still see it; without gvm, {}",
                finding.why
            );
            finding.why(why).graded(false)
        }
        false => finding,
    };
    Some(match (line, around.set_in_start_file(vars::GOROOT)) {
        (Some(line), _) => {
            let (file, _) = around.env_file.as_ref()?;
            finding.at(file, line).fix(envfile::without(file, vars::GOROOT))
        }
        (None, Some((file, line))) => {
            let unset = words::unset(around, vars::GOROOT);
            finding.at(file, line).fix(format!("{unset}   (and take the line out of the file)"))
        }
        (None, None) => finding.fix(words::unset(around, vars::GOROOT)),
    })
}

/// A start file that sets it breaks the next version even where this one works.
fn start_files(around: &Surroundings<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &around.start_files {
        for line in file.lines.iter().filter(|line| line.sets.as_deref() == Some(vars::GOROOT)) {
            findings.push(
                Finding::warning(
                    id::GOROOT_IN_START_FILE,
                    format!("a start file sets GOROOT: {}", text(line.text.as_bytes())),
                )
                .why("no Go from 1.9 on needs it, and it breaks every version but one")
                .at(&file.path, line.number)
                .fix(format!("sed -i.bak {}d {}", line.number, quote(&file.path))),
            );
        }
    }
    findings
}

/// A copy of `bin/go` finds no tree, or one of its builder's.
fn lone(around: &Surroundings<'_>) -> Option<Finding> {
    let entry = around.entries.iter().find(|entry| entry.is_found())?;
    let Some(Named::Executable(Executable::Program(program))) = &entry.go else { return None };
    let go = program.go.as_deref()?;
    // From 1.18 on it tells what it is; another program may be built by Go and be called so.
    let is_go = program.package.as_deref().is_none_or(|package| package == "cmd/go");
    let real = around.world.real(&entry.program())?;
    let tree = path::parent(path::parent(&real)?)?;
    let has_tree = [tree, path::parent(path::parent(&entry.program())?)?]
        .iter()
        .any(|tree| around.world.is_folder(&path::join(tree, b"pkg/tool")));
    if !is_go || has_tree || around.var(vars::GOROOT).is_some() {
        return None;
    }
    let shown = text(&entry.program());
    let is_trimmed = gvm_core::version::Version::from_tag(go.split(' ').next()?)
        .is_ok_and(|version| version.is_from_line("21"));
    let why = match is_trimmed {
        true => {
            "it says: cannot find GOROOT directory: 'go' binary is trimmed and GOROOT is not set"
        }
        false => {
            "it uses a different tree: the one it was built for, /usr/local/go, whatever stands there"
        }
    };
    Some(
        Finding::error(id::LONE_BINARY, format!("{shown} is {go} without its tree"))
            .why(why)
            .at(&entry.program(), None)
            .fix(format!("rm {}", quote(&entry.program()))),
    )
}

fn newline(around: &Surroundings<'_>) -> Option<Finding> {
    let subject = around.subject.as_ref()?;
    let what = format!("the path of the tree holds a newline: {}", text(&subject.goroot));
    subject.goroot.contains(&b'\n').then(|| {
        Finding::error(id::GOROOT_NEWLINE, what)
            .why("every build fails: importcfg and package paths are written by lines")
            .fix("mv it to a folder without one")
    })
}

/// 1.8 and older use the place that they were built for.
fn old(around: &Surroundings<'_>) -> Option<Finding> {
    let subject = around.subject.as_ref()?;
    let version = subject.version.as_ref()?;
    let is_lone =
        !version.finds_itself() && around.var(vars::GOROOT).is_none() && !around.is_through_shim();
    // gvm itself starts it with GOROOT: what it installed is asked about only when it is reached another way.
    let is_reached = around.choice.as_ref().is_some_and(|choice| !choice.origin.pins())
        && subject.hash.is_none()
        && !subject.is_named;
    (is_lone && is_reached).then(|| {
        Finding::error(id::GOROOT_NEEDED, format!("{} cannot find its own tree", around.go_name()))
            .why("versions up to 1.8 use /usr/local/go unless GOROOT says otherwise")
            .at(&subject.goroot, None)
            .fix(words::set(around, vars::GOROOT, &subject.goroot))
    })
}

/// Whether a setting is the process's.
pub(super) fn is_of_process(source: &Source) -> bool {
    matches!(source, Source::Process)
}
