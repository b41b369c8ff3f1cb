//! `gvm inspect`, over real Go and over files that are spoiled, forged or none.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use gvm_core::target::Target;
use serde_json::Value;

use crate::env::{Outcome, TestEnv};
use crate::fake::exe;
use crate::mint::Mint;
use crate::site::Site;
use crate::stock::{NEWER, Stock, line, stock};

const LOADER: &str = "/lib64/ld-linux-x86-64.so.2";

/// The program `go` of a release for linux/amd64.
fn program(stock: &Stock, version: &str) -> PathBuf {
    stock.program_for(version, Target::parse("linux/amd64").unwrap())
}

/// The same, changed, and what is said about it.
fn changed(version: &str, change: impl FnOnce(&mut Vec<u8>)) -> Option<Outcome> {
    let program = program(stock()?, version);
    let env = TestEnv::new();
    let mut content = fs::read(program).unwrap();
    change(&mut content);
    set_mode(&env.write("program", content), 0o755);
    Some(env.gvm("inspect --json program").run())
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Files have none here.
#[cfg(windows)]
fn set_mode(_: &Path, _: u32) {}

fn replaced(content: &mut [u8], from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let at = content.windows(from.len()).position(|it| it == from.as_bytes()).unwrap();
    content[at..at + to.len()].copy_from_slice(to.as_bytes());
}

/// The kinds of what stands in the way.
fn obstacles(outcome: &Outcome) -> Vec<String> {
    let file = &outcome.json()["files"][0];
    let why = file["starts"]["why"].as_array().unwrap();
    why.iter().map(|why| why["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_program_is_shown_with_what_it_needs() {
    let Some(stock) = stock() else { return };
    let env = TestEnv::new();
    fs::copy(program(stock, "1.20.14"), env.work().join("go")).unwrap();
    let told = env.gvm("inspect ./go").run().to_string();
    let (told, starts) = told.split_once("out:   starts here  ").unwrap();
    let answer = if cfg!(windows) { "no: it is for linux\n" } else { "yes\n" };
    assert_eq!(starts, answer);
    insta::assert_snapshot!(told, @r"
    code 0
    out: ./go
    out:   what         ELF program, 64 bits, linux/amd64
    out:   linking      dynamic, loaded by /lib64/ld-linux-x86-64.so.2
    out:   libraries    libresolv.so.2, libpthread.so.0, libc.so.6
    out:   C library    glibc 2.3.2 or newer
    out:   protection   no PIE, NX, no RELRO
    out:   Go           go1.20.14, cmd/go, CGO_ENABLED=1, GOAMD64=v1
    out:   build ID     PYtBShZw6yyuOcv9Tef_/F7l1LFsRSYdKmEz4xB5d/KEQ2KhJiM3vaNcSzkoqv/-w1dNY9OEhjo6nPobUZf
    out:   debugging    symbols, DWARF
    ");
}

#[test]
fn several_files_are_all_answered() {
    let env = TestEnv::new();
    env.write("text", "package main\n");
    env.write("empty", "");
    env.write("archive.zip", "PK\x03\x04rest");
    for (name, script) in [("script", "#!/bin/sh\n"), ("from-windows", "#!/bin/sh\r\n")] {
        set_mode(&env.write(name, script), 0o755);
    }
    fs::create_dir(env.work().join("folder")).unwrap();
    let words = "inspect text empty archive.zip script from-windows missing";
    let told = env.gvm(words).run().to_string();
    // What Unix starts by a file's first line Windows does not.
    let starts = match cfg!(windows) {
        true => ["no: it is for Unix"; 2],
        false => ["yes", "no: its first line ends as on Windows, so that /bin/sh is not found"],
    };
    assert_eq!(starts.map(|it| told.contains(&format!("starts here  {it}\n"))), [true; 2]);
    let starts_here = told.lines().filter(|line| !line.contains("starts here  "));
    insta::assert_snapshot!(starts_here.collect::<Vec<_>>().join("\n"), @r"
    code 1
    out: text
    out:   what         text
    out: 
    out: empty
    out:   what         an empty file
    out: 
    out: archive.zip
    out:   what         a zip archive
    out: 
    out: script
    out:   what         a script for /bin/sh
    out: 
    out: from-windows
    out:   what         a script for /bin/sh\r
    out: 
    out: missing
    out:   problem      could not read TEMP/project/missing: No such file or directory (os error 2)
    ");
    let data = env.gvm(words).arg("--json").run().code(1).json();
    let kinds: Vec<&Value> =
        data["files"].as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    let expected = ["text", "empty", "data", "script", "script", "unreadable"];
    assert_eq!(kinds, expected);
    let device = if cfg!(windows) { "NUL" } else { "/dev/null" };
    let told = env.gvm("inspect --json").arg(device).run().code(1).json();
    assert_eq!(told["files"][0]["kind"], "unreadable");
    insta::assert_snapshot!(env.gvm("inspect folder").run(), @r"
    code 3
    err: error: TEMP/project/folder is not a GOROOT: it has no bin/go, pkg or src (asked for by the command line)
    err: hint: name the folder that holds bin/go
    ");
}

#[cfg(unix)]
#[test]
fn a_loader_that_is_missing_is_named() {
    let other = LOADER.replace("so.2", "so.9");
    let Some(outcome) = changed("1.20.14", |it| replaced(it, LOADER, &other)) else { return };
    assert_eq!(obstacles(&outcome), ["no-loader"]);
    let text = &outcome.json()["files"][0]["starts"]["why"][0]["text"];
    assert_eq!(*text, format!("needs the loader {other}, which this system lacks (glibc's)"));
}

#[cfg(unix)]
#[test]
fn a_library_or_a_version_of_its_symbols_that_is_missing_is_named() {
    if !Path::new(LOADER).exists() {
        return;
    }
    let library = |it: &mut Vec<u8>| replaced(it, "libresolv.so.2", "libresolv.so.9");
    let Some(outcome) = changed("1.20.14", library) else { return };
    assert_eq!(obstacles(&outcome), ["no-library"]);
    let version = |it: &mut Vec<u8>| replaced(it, "GLIBC_2.3.2", "GLIBC_9.3.2");
    let outcome = changed("1.20.14", version).unwrap();
    assert_eq!(obstacles(&outcome), ["no-symbol-version"]);
    let libc = &outcome.json()["files"][0]["binary"]["libc"];
    assert_eq!((&libc["kind"], &libc["version"]), (&"glibc".into(), &"9.3.2".into()));
}

#[test]
fn what_the_processor_lacks_is_named() {
    let machine = |it: &mut Vec<u8>| it[18] = 0xb7;
    let Some(outcome) = changed("1.22.10", machine) else { return };
    let data = outcome.code(0).json();
    let file = &data["files"][0];
    assert_eq!(file["binary"]["architecture"], "arm64");
    // An emulator may be registered.
    let starts = &file["starts"];
    let kind = if cfg!(windows) { "other-system" } else { "other-architecture" };
    assert!(starts["by"].is_string() || starts["why"][0]["kind"] == kind, "{file}");
}

#[cfg(unix)]
#[test]
fn a_program_without_an_execute_bit_is_not_started() {
    let Some(stock) = stock() else { return };
    let env = TestEnv::new();
    let path = env.work().join("go");
    fs::copy(program(stock, "1.22.10"), &path).unwrap();
    assert_eq!(obstacles(&env.gvm("inspect --json ./go").ok()), [""; 0]);
    set_mode(&path, 0o644);
    assert_eq!(obstacles(&env.gvm("inspect --json ./go").ok()), ["no-execute-bit"]);
}

#[test]
fn a_program_that_is_cut_off_is_told_wherever_it_was_cut() {
    let Some(stock) = stock() else { return };
    let whole = fs::read(program(stock, "1.20.14")).unwrap();
    let env = TestEnv::new();
    for length in [4, 15, 16, 63, 64, 65, 200, 4096, 1 << 20, whole.len() / 2, whole.len() - 1] {
        env.write("cut", &whole[..length]);
        let told = env.gvm("inspect --json cut").run().code_of(&length.to_string(), 1);
        let file = told.json()["files"][0].take();
        assert!(file["problem"].is_string(), "{length}: {file}");
        if file["kind"] == "program" {
            assert_eq!(file["starts"]["here"], false, "{length}: {file}");
        }
    }
}

/// Where the numbers stand in a header.
const PLACES: [usize; 8] = [0x20, 0x28, 0x30, 0x36, 0x38, 0x3a, 0x3c, 0x3e];
/// A file that is long and has nothing in it takes room on Windows.
const LENGTH: u64 = if cfg!(windows) { 2 << 30 } else { 64 << 30 };

/// Numbers in a header that speak of more than there is: 64 GiB of sections, notes, symbols. Where a shell can limit the
/// memory, it does.
#[test]
fn a_forged_or_huge_file_is_answered_with_little_memory_and_soon() {
    let Some(stock) = stock() else { return };
    let env = TestEnv::new();
    let whole = fs::read(program(stock, "1.20.14")).unwrap();
    let path = env.write("forged", &whole);
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(LENGTH).unwrap();
    drop(file);
    env.write("zeros", "");
    let zeros = fs::OpenOptions::new().write(true).open(env.work().join("zeros")).unwrap();
    zeros.set_len(LENGTH).unwrap();
    for place in PLACES {
        let mut forged = whole[..1 << 16].to_vec();
        forged[place..place + 2].copy_from_slice(&[0xff, 0xff]);
        env.write(&format!("forged-{place:x}"), &forged);
    }
    let start = Instant::now();
    let gvm = env!("CARGO_BIN_EXE_gvm");
    let line = format!("ulimit -v 524288; exec {gvm} inspect --json forged zeros forged-*");
    let call = match cfg!(windows) {
        true => env.gvm("inspect --json forged zeros").with(|call| {
            call.args(PLACES.map(|place| format!("forged-{place:x}")));
        }),
        false => env.call("/bin/sh", "-c").arg(line),
    };
    let told = call.run().code(1);
    assert_eq!(told.json()["files"].as_array().unwrap().len(), 10);
    assert!(start.elapsed().as_secs() < 10, "it took {:?}", start.elapsed());
}

#[test]
fn all_binaries_of_a_version_are_a_table() {
    let Some(stock) = stock() else { return };
    let site = Site::stock(stock);
    let env = TestEnv::at(&site);
    let _ = env.gvm("install").arg(NEWER).ok();
    let table = env.gvm("inspect").arg(line(NEWER)).ok();
    let lines: Vec<&str> = table.stdout.lines().collect();
    assert!(lines[0].starts_with(&format!("go{NEWER}  ")), "{table}");
    let tools =
        env.goroot(NEWER).join("pkg/tool").join(Target::host().to_string().replace('/', "_"));
    let count = fs::read_dir(&tools).unwrap().count();
    assert!(count >= 5);
    assert_eq!(lines.len(), 1 + 2 + count, "{table}");
    let kind = if cfg!(windows) { "PE amd64" } else { "ELF amd64" };
    assert!(lines[1..].iter().all(|line| line.contains(kind)), "{table}");
    let data = env.gvm("inspect --json").arg(NEWER).ok().json();
    let files = data["toolchains"][0]["files"].as_array().unwrap();
    let built_by = format!("go{NEWER}");
    assert!(files.iter().all(|it| it["binary"]["go"]["version"] == *built_by), "{data}");
    fs::write(exe(tools.join("link")), "").unwrap();
    let told = env.gvm("inspect").arg(NEWER).run().code(0);
    assert!(told.stdout.contains("link") && told.stdout.contains("an empty file"), "{told}");
}

#[test]
fn a_version_is_a_version_and_a_path_is_a_file() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.4").ok();
    env.write("1.22.4", "text\n");
    assert!(env.gvm("inspect 1.22.4").ok().stdout.starts_with("go1.22.4  "));
    assert!(env.gvm("inspect ./1.22.4").ok().stdout.contains("text"));
    let _ = env.gvm("inspect 1.21").run().code(3);
    let _ = env.gvm("inspect").run().code(2);
}
