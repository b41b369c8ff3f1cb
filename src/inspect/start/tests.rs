//! Forged programs on a forged machine: a folder that stands for its root.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::inspect::forge::{Elf, Pe, go_block, macho};

const GLIBC: &str = "/lib64/ld-linux-x86-64.so.2";
const MUSL: &str = "/lib/ld-musl-x86_64.so.1";
const ARM64: u32 = 0x0100_000c;
const AMD64: u32 = 0x0100_0007;

/// A machine with what is put there.
struct Machine {
    root: TempDir,
    here: Here,
}

impl Machine {
    fn new(system: &'static str, architecture: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let here = Here {
            root: root.path().to_owned(),
            system,
            architecture: architecture.to_owned(),
            version: (system == "linux").then(|| "5.10.0".into()),
            path: vec![root.path().join("bin")],
            library_path: Vec::new(),
            level: Some(2),
        };
        Self { root, here }
    }

    fn linux() -> Self {
        Self::new("linux", "amd64")
    }

    /// With glibc's loader, and its library with these versions.
    fn glibc(versions: &[&str]) -> Self {
        let loader = Elf { kind: 3, soname: Some("ld-linux-x86-64.so.2"), ..Elf::default() };
        let libc = Elf {
            kind: 3,
            soname: Some("libc.so.6"),
            needed: &["ld-linux-x86-64.so.2"],
            defines: versions,
            ..Elf::default()
        };
        Self::linux().with(GLIBC, loader.build()).with("/lib64/libc.so.6", libc.build())
    }

    fn with(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.put(path, content.as_ref());
        self
    }

    fn put(&self, path: &str, content: &[u8]) -> PathBuf {
        let path = self.here.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn start(&self, content: &[u8]) -> Start {
        let path = self.put("/bin/program", content);
        let content = super::super::file(&path, &self.here.architecture).unwrap();
        start(&self.here, &path, &content)
    }

    /// The words for what stands in the way; `yes` where nothing does.
    fn words(&self, content: &[u8]) -> Vec<&'static str> {
        let start = self.start(content);
        match start.here {
            Some(true) => vec!["yes"],
            None => vec!["unknown"],
            Some(false) => start.why.iter().map(Obstacle::word).collect(),
        }
    }
}

fn needing<'a>(needed: &'a [&'a str], versions: &'a [(&'a str, &'a str)]) -> Elf<'a> {
    Elf { kind: 3, interpreter: Some(GLIBC), needed, versions, ..Elf::default() }
}

#[test]
fn a_static_program_needs_nothing_but_its_processor() {
    let machine = Machine::linux();
    assert_eq!(machine.words(&Elf::default().build()), ["yes"]);
    let arm = Elf { machine: 0xb7, ..Elf::default() };
    assert_eq!(machine.words(&arm.build()), ["other-architecture"]);
    assert_eq!(machine.words(&macho(AMD64, true, &[])), ["other-system"]);
}

#[test]
fn a_loader_must_be_there_and_be_one() {
    let program = needing(&["libc.so.6"], &[]).build();
    assert_eq!(Machine::linux().words(&program), ["no-loader"]);
    assert_eq!(Machine::linux().with(GLIBC, "text").words(&program), ["other-loader"]);
    let arm = Elf { machine: 0xb7, ..Elf::default() }.build();
    assert_eq!(Machine::linux().with(GLIBC, arm).words(&program), ["other-loader"]);
    assert_eq!(Machine::glibc(&[]).words(&program), ["yes"]);
}

#[test]
fn libraries_must_have_the_versions_that_are_needed() {
    let machine = Machine::glibc(&["GLIBC_2.2.5", "GLIBC_2.31"]);
    let version = |version| needing(&["libc.so.6"], &[("libc.so.6", version)]).build();
    assert_eq!(machine.words(&version("GLIBC_2.31")), ["yes"]);
    assert_eq!(machine.words(&version("GLIBC_2.34")), ["no-symbol-version"]);
    let library = machine.here.at("/lib64/libc.so.6").display().to_string();
    let told = machine.start(&version("GLIBC_2.34")).why[0].to_string();
    assert_eq!(told, format!("needs GLIBC_2.34, which {library} here does not have"));
    // One without any is taken with a warning.
    assert_eq!(Machine::glibc(&[]).words(&version("GLIBC_2.34")), ["yes"]);
}

#[test]
fn libraries_are_looked_for_where_the_loader_looks() {
    let library = |soname| Elf { kind: 3, soname: Some(soname), ..Elf::default() }.build();
    let program = Elf { runpath: Some("$ORIGIN/../own:/opt/x"), ..needing(&["libx.so"], &[]) };
    let program = program.build();
    assert_eq!(Machine::glibc(&[]).words(&program), ["no-library"]);
    for place in ["/own", "/opt/x", "/lib64", "/usr/lib", "/usr/lib/x86_64-linux-gnu"] {
        let machine = Machine::glibc(&[]).with(&format!("{place}/libx.so"), library("libx.so"));
        assert_eq!(machine.words(&program), ["yes"], "{place}");
    }
    let mut machine = Machine::glibc(&[]).with("/elsewhere/libx.so", library("libx.so"));
    assert_eq!(machine.words(&program), ["no-library"]);
    machine.here.library_path = vec![machine.root.path().join("elsewhere")];
    assert_eq!(machine.words(&program), ["yes"]);
    // For another processor: passed over, as the loader does.
    let arm = Elf { machine: 0xb7, kind: 3, soname: Some("libx.so"), ..Elf::default() }.build();
    assert_eq!(Machine::glibc(&[]).with("/lib64/libx.so", arm).words(&program), ["no-library"]);
}

#[test]
fn what_libraries_need_is_needed_too() {
    let one = Elf { kind: 3, soname: Some("liba.so"), needed: &["libb.so"], ..Elf::default() };
    let machine = Machine::glibc(&[]).with("/lib64/liba.so", one.build());
    let start = machine.start(&needing(&["liba.so"], &[]).build());
    let missing = Obstacle::NoLibrary { name: "libb.so".into(), by: Some("liba.so".into()) };
    assert_eq!(start.why, [missing]);
    // Two that need each other.
    let other = Elf { kind: 3, soname: Some("libb.so"), needed: &["liba.so"], ..Elf::default() };
    let machine = machine.with("/lib64/libb.so", other.build());
    assert_eq!(machine.words(&needing(&["liba.so"], &[]).build()), ["yes"]);
}

#[test]
fn musl_is_its_own_library_and_looks_in_folders_of_its_own() {
    let loader = Elf { kind: 3, soname: Some("libc.musl-x86_64.so.1"), ..Elf::default() };
    let machine = Machine::linux().with(MUSL, loader.build());
    let program = |needed| Elf { interpreter: Some(MUSL), needed, ..needing(&[], &[]) }.build();
    let own = ["libc.musl-x86_64.so.1", "libc.so", "libpthread.so.0"];
    assert_eq!(machine.words(&program(&own)), ["yes"]);
    let library = Elf { kind: 3, soname: Some("libz.so.1"), ..Elf::default() }.build();
    let machine = machine.with("/opt/lib/libz.so.1", library);
    assert_eq!(machine.words(&program(&["libz.so.1"])), ["no-library"]);
    let machine = machine.with("/etc/ld-musl-x86_64.path", "/lib\n/opt/lib\n");
    assert_eq!(machine.words(&program(&["libz.so.1"])), ["yes"]);
    // The other way round: a system without glibc.
    assert_eq!(machine.words(&needing(&["libc.so.6"], &[]).build()), ["no-loader"]);
}

#[test]
fn the_level_of_the_processor_counts() {
    let machine = Machine::linux();
    let built = |level: &str| {
        let go = go_block("go1.27.4", &format!("build\tGOAMD64={level}\n"));
        Elf { go: Some(go), ..Elf::default() }.build()
    };
    for (level, words) in [("v1", "yes"), ("v2", "yes"), ("v3", "old-processor"), ("v9", "yes")] {
        assert_eq!(machine.words(&built(level)), [words], "{level}");
    }
}

#[test]
fn a_program_that_is_cut_off_does_not_start() {
    let machine = Machine::glibc(&[]);
    let program = Elf { go: Some(vec![0; 64]), ..needing(&["libc.so.6"], &[]) }.build();
    assert_eq!(machine.words(&program[..program.len() - 8]), ["cut-off"]);
}

#[test]
fn another_processors_programs_may_have_an_emulator() {
    let arm = |interpreter| Elf { machine: 0xb7, interpreter, ..Elf::default() }.build();
    let entry = "enabled\ninterpreter /usr/bin/qemu-aarch64\nflags: \noffset 0\n\
        magic 7f454c460201010000000000000000000200b700\n\
        mask ffffffffffffff00fffffffffffffffffeffffff\n";
    let machine = Machine::linux().with("/proc/sys/fs/binfmt_misc/qemu-aarch64", entry);
    let start = machine.start(&arm(None));
    assert_eq!((start.here, start.by.as_deref()), (None, Some("/usr/bin/qemu-aarch64")));
    let off = entry.replace("enabled", "disabled");
    let machine = machine.with("/proc/sys/fs/binfmt_misc/qemu-aarch64", off);
    assert_eq!(machine.words(&arm(None)), ["other-architecture"]);
}

#[test]
fn macos_asks_for_a_signature_a_version_and_its_processor() {
    let mut machine = Machine::new("darwin", "arm64");
    machine.here.version = Some("13.6.1".into());
    assert_eq!(machine.words(&macho(ARM64, true, &[])), ["yes"]);
    assert_eq!(machine.words(&macho(ARM64, false, &[])), ["unsigned"]);
    assert_eq!(machine.words(&macho(AMD64, false, &[])), ["other-architecture"]);
    machine.here.version = Some("12.7".into());
    assert_eq!(machine.words(&macho(ARM64, true, &[])), ["old-system"]);
    let machine = machine.with("/Library/Apple/usr/libexec/oah/libRosettaRuntime", "");
    let machine =
        Machine { here: Here { version: Some("14.0".into()), ..machine.here }, ..machine };
    let start = machine.start(&macho(AMD64, false, &[]));
    assert_eq!((start.here, start.by.as_deref()), (Some(true), Some("Rosetta 2")));
}

#[test]
fn windows_looks_for_dlls_beside_the_program_and_in_its_own_folders() {
    let imports: &[(&str, &[&str])] =
        &[("KERNEL32.dll", &["ExitProcess"]), ("api-ms-win-crt-heap-l1-1-0.dll", &["malloc"])];
    let program = Pe { is_64: true, imports, delayed: &[], is_signed: false, go: None }.build();
    let machine = Machine::new("windows", "amd64");
    assert_eq!(machine.words(&program), ["no-library"]);
    for place in ["/Windows/System32", "/Windows", "/bin"] {
        let machine = Machine::new("windows", "amd64").with(&format!("{place}/KERNEL32.dll"), "");
        assert_eq!(machine.words(&program), ["yes"], "{place}");
    }
    assert_eq!(Machine::linux().words(&program), ["other-system"]);
}

#[test]
fn scripts_need_the_program_that_reads_them() {
    let machine = Machine::linux().with("/bin/sh", "").with("/usr/bin/env", "");
    for (script, word) in [
        ("#!/bin/sh\n", "yes"),
        ("#!/bin/bash\n", "no-interpreter"),
        ("#!/bin/sh\r\n", "no-interpreter"),
        ("#!/usr/bin/env sh\n", "yes"),
        ("#!/usr/bin/env -S A=1 sh -x\n", "yes"),
        ("#!/usr/bin/env python3\n", "not-on-path"),
        ("text\n", "no-program"),
    ] {
        assert_eq!(machine.words(script.as_bytes()), [word], "{script:?}");
    }
}

#[test]
fn libraries_are_not_started_and_rights_count() {
    let machine = Machine::linux();
    let library = Elf { kind: 3, soname: Some("libz.so.1"), ..Elf::default() }.build();
    assert_eq!(machine.start(&library), Start::default());
    let path = machine.put("/bin/program", &Elf::default().build());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let content = super::super::file(&path, "amd64").unwrap();
    assert_eq!(start(&machine.here, &path, &content).why, [Obstacle::NoExecuteBit]);
}
