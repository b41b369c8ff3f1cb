//! A GOROOT, whole or not: the few files without which builds fail, each parsed and not just looked for, and what the
//! tree says of its version against what its program says. No go command ever compares them.
//!
//! The lists are the smallest that were measured to matter, for 1.4, 1.5 to 1.19, 1.20, and from 1.21 on. Deeper losses
//! are told by the list of files that gvm keeps of what it installed.

use gvm_core::path;
use gvm_core::resolve;
use gvm_core::version::Version;
use rayon::prelude::*;

use super::disk::Kind;
use super::finding::{self as id, Finding};
use super::program::{self, Executable, Program};
use super::quote;
use super::surroundings::{Subject, Surroundings, text};
use crate::platform;
use crate::store::receipt;

/// How bad the loss of a file is.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Loss {
    /// Builds fail.
    Fatal,
    /// Programs with C in them cannot be built.
    Cgo,
    /// Every build compiles the library.
    Slow,
    /// Wrong defaults, or a wrong listing.
    Defaults,
    /// Nothing fails; it shows that somebody was here.
    Harmless,
}

pub(super) fn check(around: &Surroundings<'_>) -> Vec<Finding> {
    let Some(subject) = &around.subject else { return Vec::new() };
    tree(around, subject)
}

/// One tree without its list of files: those few that matter most, of a version that is not the one that runs.
pub(super) fn outline(around: &Surroundings<'_>, subject: &Subject) -> Vec<Finding> {
    let mut findings = tree(around, &Subject { hash: None, ..subject.clone() });
    let fix = anew(around, subject);
    for finding in findings.iter_mut().filter(|finding| finding.id != id::TREE_NOT_EXECUTABLE) {
        finding.fix = Some(fix.clone());
    }
    findings
}

fn tree(around: &Surroundings<'_>, subject: &Subject) -> Vec<Finding> {
    let go = below(subject, "bin/go");
    let Some(version) = &subject.version else { return no_tree(around, subject) };
    let mut findings = loader(around, subject);
    // A program for another machine has files for that one.
    let os_arch = target(around, subject);
    let mut has_loss = false;
    for (name, loss) in contract(version, &os_arch) {
        let found = one(around, subject, &name, loss);
        has_loss |= found.is_some();
        findings.extend(found);
    }
    findings.extend(versions(around, subject, version, &go));
    if !has_loss {
        findings.extend(lost(around, subject));
    }
    findings
}

fn no_tree(around: &Surroundings<'_>, subject: &Subject) -> Vec<Finding> {
    let folder = text(&subject.goroot);
    let has_go = around.disk.stat(&below(subject, "bin/go")).is_some();
    let has_source = around.world.is_folder(&path::join(&subject.goroot, b"src"));
    if !has_go && !has_source {
        return vec![
            Finding::error(id::NOT_A_TREE, format!("{folder} holds no Go"))
                .why("there is no bin/go in it, and no src")
                .at(&subject.goroot, None)
                .fix("gvm doctor"),
        ];
    }
    if !has_go {
        return vec![missing(subject, "bin/go", "it is the go command itself", around)];
    }
    // A development tree has a VERSION of its own, or none: what can be looked at is the program.
    let mut findings: Vec<Finding> =
        one(around, subject, "bin/go", Loss::Fatal).into_iter().collect();
    findings.extend(loader(around, subject));
    findings
}

fn below(subject: &Subject, name: &str) -> Vec<u8> {
    let mut file = path::join(&subject.goroot, name.as_bytes());
    if name.starts_with("bin/") || name.starts_with("pkg/tool/") {
        let is_for_windows =
            subject.program.as_ref().map_or(cfg!(windows), |it| it.os == "windows");
        file.extend_from_slice(if is_for_windows { b".exe" } else { b"" });
    }
    file
}

/// `linux_amd64`: what the tree's program is for, else this machine; or where the tools are, if there is one place only.
fn target(around: &Surroundings<'_>, subject: &Subject) -> String {
    let program = subject.program.as_ref();
    match program.and_then(|program| Some((program.os, program.arch?))) {
        Some((os, arch)) => format!("{os}_{arch}"),
        None => format!("{}_{}", around.host.os(), around.host.arch()),
    }
}

fn contract(version: &Version, os_arch: &str) -> Vec<(String, Loss)> {
    let tool = |name: &str| format!("pkg/tool/{os_arch}/{name}");
    let mut files: Vec<(String, Loss)> = vec![("bin/go".into(), Loss::Fatal)];
    let mut add = |name: String, loss| files.push((name, loss));
    if !version.is_from_line("5") {
        // The tools were named by the architecture: 6 for amd64, 8 for 386, 5 for arm.
        let digit = match os_arch.rsplit('_').next() {
            Some("amd64") => '6',
            Some("386") => '8',
            _ => '5',
        };
        for letter in ['g', 'l', 'a', 'c'] {
            add(tool(&format!("{digit}{letter}")), Loss::Fatal);
        }
        add(format!("pkg/{os_arch}/runtime.a"), Loss::Slow);
        add(format!("pkg/{os_arch}/textflag.h"), Loss::Fatal);
        add("src/runtime/zversion.go".into(), Loss::Harmless);
    } else {
        for name in ["compile", "link", "asm"] {
            // Nothing of 1.8's library that a small program needs is assembled anew.
            add(tool(name), Loss::Fatal);
        }
        add(tool("cgo"), Loss::Cgo);
        add("src/runtime/proc.go".into(), Loss::Fatal);
        let needs_header = version.is_from_line("20");
        add(
            "pkg/include/textflag.h".into(),
            if needs_header { Loss::Fatal } else { Loss::Harmless },
        );
    }
    if version.is_from_line("5") && !version.is_from_line("20") {
        add(format!("pkg/{os_arch}/runtime.a"), Loss::Slow);
        add("src/runtime/internal/sys/zversion.go".into(), Loss::Fatal);
    }
    if version.is_from_line("20") {
        add("src/internal/buildcfg/zbootstrap.go".into(), Loss::Harmless);
    }
    add("src/fmt/print.go".into(), Loss::Fatal);
    add("src/unsafe/unsafe.go".into(), Loss::Fatal);
    if version.is_from_line("21") {
        add("go.env".into(), Loss::Defaults);
    }
    files
}

/// What is wrong with one file.
fn one(around: &Surroundings<'_>, subject: &Subject, name: &str, loss: Loss) -> Option<Finding> {
    let file = below(subject, name);
    let Some(stat) = around.disk.stat(&file) else {
        return Some(match loss {
            Loss::Fatal => missing(
                subject,
                name,
                "no build works without it, and `go version` says nothing of it",
                around,
            ),
            Loss::Cgo => graded(
                around,
                subject,
                id::CGO_MISSING,
                name,
                "packages with `import \"C\"` and -race cannot be built",
            ),
            Loss::Slow => graded(
                around,
                subject,
                id::ARCHIVES_MISSING,
                name,
                "every build with an empty cache compiles the library first",
            ),
            Loss::Defaults => graded(
                around,
                subject,
                id::GO_ENV_MISSING,
                name,
                "GOPROXY, GOSUMDB and GOTOOLCHAIN are empty: downloads say that the list contains no entries",
            ),
            Loss::Harmless => graded(
                around,
                subject,
                id::TREE_LOST,
                name,
                "builds work without it; something else may be gone too",
            ),
        });
    };
    if stat.kind != Kind::File {
        return Some(missing(subject, name, "something else stands in its place", around));
    }
    let is_program = name.starts_with("bin/") || name.starts_with("pkg/tool/");
    if stat.size == 0 {
        let why = match is_program {
            true => "it is there, and cannot be executed: exec format error",
            false => "it is there, and holds nothing",
        };
        let finding =
            Finding::error(id::TREE_EMPTY, format!("{name} of {} is empty", named(subject)));
        return Some(
            told(around, subject, finding, &file, why)
                .graded(loss == Loss::Fatal || loss == Loss::Cgo),
        );
    }
    if !is_program {
        return None;
    }
    let (id, why) = match program::read(around.disk, &file)? {
        Executable::Program(program) if program.least_size > stat.size => (
            id::TREE_CUT,
            format!(
                "it has {} bytes and its tables reach to {}: it was cut off",
                stat.size, program.least_size
            ),
        ),
        Executable::Program(program) if !is_like(subject, &program) => {
            (id::TREE_FOREIGN, format!("it is for {}", program.target()))
        }
        Executable::Program(_) if is_to_run(around, subject) && !around.world.is_program(&file) => {
            let finding = Finding::error(
                id::TREE_NOT_EXECUTABLE,
                format!("{name} of {} may not be executed", named(subject)),
            );
            let finding = told(around, subject, finding, &file, "permission denied");
            return Some(finding.fix(format!("chmod +x {}", quote(&file))));
        }
        // gvm's own tests have scripts there, and so may a wrapper; a tool that is text runs as well as it can.
        Executable::Program(_) | Executable::Script { .. } => return None,
        Executable::Empty | Executable::Text | Executable::Unknown => {
            (id::TREE_CUT, "it is no program: its header is damaged".into())
        }
    };
    let finding = Finding::error(id, format!("{name} of {} is damaged", named(subject)));
    Some(
        told(around, subject, finding, &file, &why)
            .graded(loss == Loss::Fatal || loss == Loss::Cgo),
    )
}

/// Whether a tool is for the machine that the tree is for.
fn is_like(subject: &Subject, tool: &Program) -> bool {
    let Some(go) = &subject.program else { return true };
    go.os == tool.os && go.arch == tool.arch
}

fn is_to_run(around: &Surroundings<'_>, subject: &Subject) -> bool {
    subject.program.as_ref().is_none_or(|program| program.is_for(around.host))
}

fn missing(subject: &Subject, name: &str, why: &str, around: &Surroundings<'_>) -> Finding {
    let finding =
        Finding::error(id::TREE_MISSING, format!("{name} of {} is missing", named(subject)));
    told(around, subject, finding, &below(subject, name), why)
}

fn graded(
    around: &Surroundings<'_>,
    subject: &Subject,
    id: id::Id,
    name: &str,
    why: &str,
) -> Finding {
    let finding = Finding::warning(id, format!("{name} of {} is missing", named(subject)));
    told(around, subject, finding, &below(subject, name), why)
}

/// With what puts the tree in order.
fn told(
    around: &Surroundings<'_>,
    subject: &Subject,
    finding: Finding,
    file: &[u8],
    why: &str,
) -> Finding {
    finding.why(why).at(file, None).fix(anew(around, subject))
}

fn anew(around: &Surroundings<'_>, subject: &Subject) -> String {
    let is_ours = subject.hash.is_some();
    // Of a tree whose program was exchanged, what it was installed as counts.
    let recorded = subject
        .hash
        .as_ref()
        .zip(around.layout)
        .and_then(|(hash, layout)| crate::store::installed::one(layout, hash).ok().flatten());
    let tag = recorded.map(|install| install.receipt.version.as_str().to_owned());
    let tag = tag.or_else(|| subject.version.as_ref().map(|version| version.as_str().to_owned()));
    match (tag, is_ours) {
        (Some(version), true) => format!("gvm install --force {version}"),
        (Some(version), false) => format!("gvm use {version}   (a whole one, in place of this)"),
        (None, _) => "gvm use latest".into(),
    }
}

fn named(subject: &Subject) -> String {
    subject.version.as_ref().map_or_else(|| text(&subject.goroot), Version::tag)
}

/// Whether this machine can start `bin/go` at all.
fn loader(around: &Surroundings<'_>, subject: &Subject) -> Vec<Finding> {
    let Some(program) = &subject.program else { return Vec::new() };
    let go = below(subject, "bin/go");
    if !program.is_for(around.host) {
        let what = format!(
            "{} is for {}, and this machine is {}",
            named(subject),
            program.target(),
            around.host
        );
        let finding =
            Finding::error(id::FOREIGN_TREE, what).why("it cannot be executed: exec format error");
        // Whoever installed it for another machine knows that.
        let finding = finding.at(&go, None).graded(!subject.is_named);
        return vec![match &subject.version {
            Some(version) => finding.fix(format!("gvm use {}", version.as_str())),
            None => finding,
        }];
    }
    let Some(interpreter) = program.interpreter.as_deref() else { return Vec::new() };
    if around.disk.stat(interpreter).is_some() {
        return Vec::new();
    }
    let what = format!(
        "{} wants the loader {}, which this system lacks",
        named(subject),
        text(interpreter)
    );
    let why = "the system says `No such file or directory` of a file that is there; Go from 1.21 on needs no loader";
    vec![Finding::error(id::NO_LOADER, what).why(why).at(&go, None).fix("gvm use latest")]
}

/// VERSION, the library and the program against each other.
fn versions(
    around: &Surroundings<'_>,
    subject: &Subject,
    version: &Version,
    go: &[u8],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let file = path::join(&subject.goroot, b"VERSION");
    let content = around.world.read(&file, 4096).unwrap_or_default();
    let line = content.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    if line.is_empty() {
        let what = format!("VERSION of {} is missing or empty", named(subject));
        let why =
            "builds work; whoever reads it, gvm and editors among them, cannot tell what this is";
        let finding = Finding::warning(id::VERSION_MISSING, what);
        findings.push(told(around, subject, finding, &file, why));
    } else if let Some(says) = resolve::version_of(around.world, &subject.goroot)
        && says != *version
    {
        let what = format!("VERSION says {}, and bin/go is {}", says.tag(), version.tag());
        let why = "go version believes the program; gvm, editors and scripts believe the file";
        let finding = Finding::warning(id::VERSION_MISMATCH, what);
        findings.push(told(around, subject, finding, &file, why).at(&file, 1));
    }
    if let Some((file, number, source)) = source_version(around, subject)
        && source != *version
    {
        let what = format!("the library is {}, and bin/go is {}", source.tag(), version.tag());
        let why =
            format!("two trees were mixed, as by unpacking one over the other ({})", text(go));
        let finding = Finding::error(id::SOURCE_MISMATCH, what);
        findings.push(told(around, subject, finding, &file, &why).at(&file, number));
    }
    findings
}

/// The version that the library's own source holds, and where.
fn source_version(around: &Surroundings<'_>, subject: &Subject) -> Option<(Vec<u8>, u32, Version)> {
    let files = [
        "src/internal/buildcfg/zbootstrap.go",
        "src/cmd/internal/objabi/zbootstrap.go",
        "src/runtime/internal/sys/zversion.go",
        "src/runtime/zversion.go",
    ];
    files.iter().find_map(|name| {
        let file = path::join(&subject.goroot, name.as_bytes());
        let content = around.world.read(&file, 64 * 1024).ok()?;
        let content = String::from_utf8_lossy(&content).into_owned();
        content.lines().zip(1..).find_map(|(line, number)| {
            let (name, value) = line.trim().split_once('=')?;
            let name = name.trim().rsplit(' ').next()?;
            if !["version", "TheVersion", "theVersion"].contains(&name) {
                return None;
            }
            let value = value.trim().trim_matches(['`', '"']);
            Some((file.clone(), number, Version::from_tag(value).ok()?))
        })
    })
}

/// The files that were installed and that are gone or of another size.
fn lost(around: &Surroundings<'_>, subject: &Subject) -> Option<Finding> {
    let (hash, layout) = (subject.hash.as_ref()?, around.layout?);
    let files = receipt::files(layout, hash).ok()??;
    let wrong: Vec<&str> = files
        .par_iter()
        .filter(|file| {
            let path = path::join(&subject.goroot, file.path.as_bytes());
            let found = std::fs::symlink_metadata(platform::path(&path));
            !found.is_ok_and(|found| found.is_file() && found.len() == file.size)
        })
        .map(|file| file.path.as_str())
        .collect();
    let first = *wrong.first()?;
    let file = path::join(&subject.goroot, first.as_bytes());
    let what = match wrong.len() - 1 {
        0 => format!("{first} of {} is gone or of another size", named(subject)),
        more => format!(
            "{first} and {more} more files of {} are gone or of another size",
            named(subject)
        ),
    };
    // Nothing of the go command's own source is built with a program, and from 1.20 on zversion.go holds nothing.
    let is_librarys = |name: &&str| {
        let is_unread = name.starts_with("src/cmd/") || name.ends_with("/zversion.go");
        name.starts_with("src/") && !is_unread
    };
    let has_librarys = wrong.iter().any(is_librarys);
    let why = "what needs it fails, or is built from something else: `gvm verify` names them all";
    Some(
        told(around, subject, Finding::error(id::TREE_LOST, what), &file, why).graded(has_librarys),
    )
}
