//! `gvm inspect` held against the tools that others trust: readelf, objdump, llvm-objdump and `go version -m`, over all
//! binaries of four real toolchains and programs of this system. Each side's words become the same facts, by name.

#[path = "agreement/ours.rs"]
mod ours;
#[path = "agreement/theirs.rs"]
mod theirs;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use zip::ZipArchive;

use crate::env::TestEnv;
use crate::stage::tally;
use crate::stock::{Stock, skip, stock};

/// What one side says about a file.
type Facts = BTreeMap<String, String>;

/// The programs of this system that are looked at, the first ten that there are.
const PROGRAMS: [&str; 14] = [
    "/bin/ls",
    "/bin/cat",
    "/bin/sh",
    "/bin/bash",
    "/usr/bin/env",
    "/usr/bin/sort",
    "/usr/bin/awk",
    "/usr/bin/tar",
    "/bin/grep",
    "/bin/sed",
    "/usr/bin/find",
    "/usr/bin/id",
    "/usr/bin/gzip",
    "/usr/bin/perl",
];

/// The binaries of a release, unpacked below `into`.
fn unpacked(stock: &Stock, release: &str, into: &Path) -> Vec<PathBuf> {
    let path = stock.file(&format!("golang.org/toolchain/@v/{release}.zip")).unwrap();
    let mut zip = ZipArchive::new(File::open(path.unwrap()).unwrap()).unwrap();
    let mut paths = Vec::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let name = name.split_once('/').and_then(|(_, rest)| rest.split_once('/')).unwrap().1;
        if entry.is_dir() || !(name.starts_with("bin/") || name.starts_with("pkg/tool/")) {
            continue;
        }
        let path = into.join(release).join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        io::copy(&mut entry, &mut File::create(&path).unwrap()).unwrap();
        paths.push(path);
    }
    assert!(paths.len() >= 10, "{release} has {paths:?}");
    paths
}

/// Whether a tool is there; said aloud where it is not.
fn has(tool: &str) -> bool {
    let is_there = Command::new(tool).arg("--version").output().is_ok();
    if !is_there {
        skip(&format!("{tool} is not there to be asked"));
    }
    is_there
}

/// Holds each file's facts against those of the tool; gives the number of facts.
fn hold(env: &TestEnv, paths: &[PathBuf], facts: fn(&Path) -> Facts) -> usize {
    let mut count = 0;
    for (path, ours) in paths.iter().zip(ours::facts(env, paths)) {
        let theirs = facts(path);
        assert!(theirs.len() > 3, "{}: the tool says {theirs:?} only", path.display());
        let shared: Facts =
            ours.into_iter().filter(|(name, _)| theirs.contains_key(name)).collect();
        assert_eq!(shared, theirs, "{}: left gvm, right the tool", path.display());
        count += theirs.len();
    }
    count
}

#[cfg(unix)]
#[test]
fn elf_programs_are_what_readelf_says() {
    let Some(stock) = stock().filter(|_| has("readelf")) else { return };
    let env = TestEnv::new();
    let mut paths = unpacked(stock, "v0.0.1-go1.27.4.linux-amd64", env.folder());
    paths.extend(unpacked(stock, "v0.0.1-go1.27.3.linux-arm64", env.folder()));
    // Dynamic ones, with DWARF, and pointers to what the newer ones hold themselves.
    paths.extend(unpacked(stock, "v0.0.1-go1.13.15.linux-amd64", env.folder()));
    let programs = PROGRAMS.map(PathBuf::from).into_iter().filter(|path| path.is_file());
    let programs: Vec<PathBuf> = programs.take(10).collect();
    assert_eq!(programs.len(), 10, "this system has too few programs");
    paths.extend(programs);
    tally::say("facts of ELF programs agreed upon", hold(&env, &paths, theirs::readelf));
}

#[cfg(unix)]
#[test]
fn windows_programs_are_what_objdump_says() {
    let Some(stock) = stock().filter(|_| has("objdump")) else { return };
    let env = TestEnv::new();
    let paths = unpacked(stock, "v0.0.1-go1.26.10.windows-amd64", env.folder());
    tally::say("facts of Windows programs agreed upon", hold(&env, &paths, theirs::objdump));
}

#[cfg(unix)]
#[test]
fn macos_programs_are_what_llvm_says() {
    let Some(stock) = stock().filter(|_| has("llvm-objdump")) else { return };
    let env = TestEnv::new();
    let paths = unpacked(stock, "v0.0.1-go1.27.3.darwin-arm64", env.folder());
    tally::say("facts of macOS programs agreed upon", hold(&env, &paths, theirs::llvm_objdump));
}

#[test]
fn go_programs_are_what_go_says() {
    let Some(stock) = stock() else { return };
    let env = TestEnv::new();
    let mut paths = Vec::new();
    for release in [
        "v0.0.1-go1.27.4.linux-amd64",
        "v0.0.1-go1.27.3.linux-arm64",
        "v0.0.1-go1.27.3.darwin-arm64",
        "v0.0.1-go1.26.10.windows-amd64",
        "v0.0.1-go1.13.15.linux-amd64",
    ] {
        paths.extend(unpacked(stock, release, env.folder()));
    }
    let theirs = theirs::go_version(&paths);
    assert_eq!(theirs.len(), paths.len(), "it says nothing about some of them");
    for (path, ours) in paths.iter().zip(ours::go_lines(&env, &paths)) {
        assert_eq!(ours, theirs[path], "{}: left gvm, right go", path.display());
    }
    tally::say("Go programs agreed upon", paths.len());
}

/// Before 1.13 no go command can say which Go built a program: its own VERSION file can.
#[test]
fn old_go_programs_have_the_version_of_their_tree() {
    let Some(stock) = stock() else { return };
    let env = TestEnv::new();
    for (release, version, without) in [
        ("v0.0.1-go1.8.7.linux-amd64", "go1.8.7", &[][..]),
        // Tools in C.
        ("v0.0.1-go1.4.3.linux-amd64", "go1.4.3", &["6a", "6c", "6g", "6l", "dist"]),
    ] {
        let paths = unpacked(stock, release, env.folder());
        for (path, lines) in paths.iter().zip(ours::go_lines(&env, &paths)) {
            let name = path.file_name().unwrap().to_str().unwrap();
            let expected = if without.contains(&name) { vec![] } else { vec![version.to_owned()] };
            assert_eq!(lines, expected, "{}", path.display());
        }
    }
}
