//! Pin files by somebody who wants to be misread, to stall gvm, or to be shown what is not theirs:
//! command and shim give one answer, soon, and nothing of it works on a terminal.

use std::fs::{self, File};
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::Path;
#[cfg(unix)]
use std::process::Command;
use std::time::{Duration, Instant};

use crate::env::{Call, Outcome, TestEnv};
use crate::fake::{exe, script};
use crate::mint::Mint;
use crate::site::Site;

/// Whoever reads a device or 10 GB, or waits for a pipe's writer, is slower than that.
const SOON: Duration = Duration::from_secs(20);
const DEFAULT: &str = "1.21.13";

/// With 1.21.13 as the default, and 1.20.14, 1.22.3 and 1.22.4 installed besides.
fn env() -> TestEnv {
    let site = Site::mint(Mint::new(&["1.20.14", DEFAULT, "1.22.3", "1.22.4"]));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.20.14 1.22.3 1.22.4").ok();
    let _ = env.gvm("use").arg(DEFAULT).ok();
    env
}

fn soon(call: Call<'_>) -> Outcome {
    let start = Instant::now();
    let outcome = call.run();
    assert!(start.elapsed() < SOON, "after {:?}: {outcome}", start.elapsed());
    outcome
}

/// Holds that command and shim both take `version`, by the line of the project's file if one is
/// given.
fn assert_taken(env: &TestEnv, row: &str, version: &str, line: Option<u64>) {
    let current = soon(env.gvm("current --json")).code_of(row, 0).json();
    assert_eq!(current["version"], format!("go{version}"), "{row}");
    assert_eq!(current["origin"]["line"].as_u64(), line, "{row}");
    let which = soon(env.gvm("which")).code_of(row, 0);
    let go = Path::new(&crate::env::hash8(version)).join("bin").join(exe("go"));
    assert!(which.line().ends_with(go.to_str().unwrap()), "{which}");
    let shim = soon(env.go("version")).code_of(row, 0);
    assert!(shim.line().starts_with(&format!("go version go{version} ")), "{row}: {shim}");
    let child = soon(env.gvm("exec -- go version")).code_of(row, 0);
    assert_eq!(child.line(), shim.line(), "{row}");
}

/// Holds that command and shim refuse alike, and gives what they say.
fn refused(env: &TestEnv, row: &str) -> String {
    let said = |outcome: &Outcome, before: &str| {
        let bytes = outcome.stderr.bytes().all(|b| b == b'\n' || (b' '..=b'~').contains(&b));
        assert!(bytes, "{row}: {:?} is not fit for a terminal", outcome.stderr);
        let what = outcome.stderr.lines().find_map(|line| line.strip_prefix(before));
        what.unwrap_or_else(|| panic!("{row}: {outcome}")).to_owned()
    };
    let what = said(&soon(env.gvm("current")).code_of(row, 2), "error: ");
    for call in ["which", "install"] {
        assert_eq!(said(&soon(env.gvm(call)).code_of(row, 2), "error: "), what, "{row}");
    }
    let json = soon(env.gvm("current --json")).code_of(row, 2).error();
    assert_eq!(json["message"], *what, "{row}");
    let exec = soon(env.gvm("exec -- echo")).code_of(row, 125);
    assert_eq!(said(&exec, "error: "), what, "{row}");
    assert_eq!(said(&soon(env.go("version")).code_of(row, 125), "gvm: "), what, "{row}");
    what
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn every_content_that_other_tools_read_is_taken_alike() {
    let env = env();
    for (content, version, line) in [
        ("1.22.3", "1.22.3", 1),
        ("go1.22.3", "1.22.3", 1),
        ("v1.22.3", "1.22.3", 1),
        ("1.22", "1.22.4", 1),
        ("go1.22", "1.22.4", 1),
        ("1.22.x", "1.22.4", 1),
        ("1.22.*", "1.22.4", 1),
        ("1.20", "1.20.14", 1),
        ("1", "1.22.4", 1),
        ("latest", "1.22.4", 1),
        ("stable", "1.22.4", 1),
        ("oldstable", DEFAULT, 1),
        ("unstable", "1.22.4", 1),
        (">=1.21 <1.22.4", "1.22.3", 1),
        ("~1.22.1, !=1.22.4", "1.22.3", 1),
        ("# ours\n1.22.3\n", "1.22.3", 2),
        ("\n\t\n  # größer\n 1.22.3 # not 1.20 \n#\n\n", "1.22.3", 4),
        ("1.22.3#", "1.22.3", 1),
        ("\t1.22.3 \t\n", "1.22.3", 1),
        ("\r\n1.22.3\r\n\r\n", "1.22.3", 2),
        ("#\r1.22.3\r", "1.22.3", 2),
        ("\u{feff}1.22.3\n", "1.22.3", 1),
    ] {
        env.write(".go-version", content);
        assert_taken(&env, &format!("{content:?}"), version, Some(line));
    }
}

#[test]
fn the_shells_of_windows_write_it_in_utf_16() {
    let env = env();
    for mark in ["\u{feff}", ""] {
        for order in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
            let content = utf16(&format!("{mark}# ours\r\n1.22.3\r\n"), order);
            env.write(".go-version", &content);
            assert_taken(&env, &format!("{content:x?}"), "1.22.3", Some(2));
        }
    }
}

#[test]
fn the_go_line_of_tool_versions_is_taken_alike() {
    let env = env();
    for (content, version, line) in [
        ("golang 1.22.3", "1.22.3", Some(1)),
        ("nodejs ref:\u{7}/x\n# golang 1.20\ngo\t1.22.3 1.20 # why\r\n", "1.22.3", Some(3)),
        ("\u{feff}golang 1.22.3\ngo 1.20\n", "1.22.3", Some(1)),
        ("golangci-lint 1.22.3\ngopls 1.22.3\n", DEFAULT, None),
        ("", DEFAULT, None),
    ] {
        env.write(".tool-versions", content);
        assert_taken(&env, &format!("{content:?}"), version, line);
    }
    env.write(".go-version", "1.22.4");
    env.write(".tool-versions", "golang ../x");
    assert_taken(&env, "the one beside it is not read", "1.22.4", Some(1));
}

#[test]
fn system_is_the_first_go_on_path_for_both() {
    let env = env();
    let system = exe(env.bin().join("go"));
    script(&env.bin().join("go"), "#!/bin/sh\necho of the system\n");
    env.write(".go-version", "system\n");
    assert_eq!(Path::new(soon(env.gvm("which")).code(0).line()), system);
    assert_eq!(soon(env.go("version")).code(0).line(), "of the system");
}

#[test]
fn what_is_no_version_is_told_alike_and_in_its_place() {
    let env = env();
    let long = ["1.22.3\n#", &"x".repeat(4096)].concat();
    let lie = "\u{1b}]0;x\u{7}\u{1b}[2J\u{1b}[1;1Hgo1.22.3\r\n".repeat(9);
    for (content, place, why) in [
        (&b""[..], ":1:1: ", "no version"),
        (b"# none\n\n", ":1:1: ", "no version"),
        (b"1.22.3\n1.21.13\n", ":2:1: ", "second version"),
        (b"1.22.3 1.21.13\n", ":1:8: ", "second version"),
        (b"# a\n ../../x\n", ":2:2: ", "path"),
        (b"/opt/go\n", ":1:1: ", "path"),
        (b"C:\\go\n", ":1:1: ", "path"),
        (b"\\\\host\\share\n", ":1:1: ", "path"),
        (b"go/bin", ":1:1: ", "path"),
        (b"1.22\0.3\n", ":1:5: ", "NUL"),
        (b"1.22.3 # \x07\n", ":1:10: ", "control character"),
        (b"1.22.3\n\x9b31m", ":2:1: ", "not UTF-8"),
        ("1.22.3\n\u{9b}31m".as_bytes(), ":2:1: ", "control character"),
        ("1.22\u{202e}3".as_bytes(), ":1:5: ", "expected"),
        ("１.22".as_bytes(), ":1:1: ", "neither"),
        (lie.as_bytes(), ":1:1: ", "control character"),
        (b"$(touch x)\n", ":1:1: ", "neither"),
        (b"--help", ":1:1: ", "neither"),
        (b"1.022", ":1:3: ", "zero"),
        (b"\xff\xfe1\0\0\xd8", ":1:2: ", "UTF-16"),
        (long.as_bytes(), ".go-version", "longer than 4096 bytes"),
    ] {
        let file = env.write(".go-version", content);
        let row = format!("{:?}", String::from_utf8_lossy(&content[..content.len().min(60)]));
        let what = refused(&env, &row);
        let begin = format!("{}{}", file.display(), place.trim_start_matches(".go-version"));
        assert!(what.starts_with(&begin) && what.contains(why), "{row}: {what}");
        assert!(what.len() < begin.len() + 60 + 32 * "\\u{ffff}".len(), "{row}: {what}");
    }
}

#[test]
fn a_go_line_of_tool_versions_builds_nothing_and_names_no_folder() {
    let env = env();
    for (content, place, why) in [
        ("golang ref:main\n", ":1:8: ", "build from source"),
        ("# a\ngo  path:/opt/go\n", ":2:5: ", "path"),
        ("golang ../go\n", ":1:8: ", "path"),
        ("golang\n", ":1:7: ", "no version"),
        ("golang 1.22.3 \u{1b}[0m\n", ":1:15: ", "control character"),
    ] {
        let file = env.write(".tool-versions", content);
        let what = refused(&env, content);
        let begin = format!("{}{place}", file.display());
        assert!(what.starts_with(&begin) && what.contains(why), "{what}");
    }
}

/// Makes one thing at the path that is no regular file.
type Make = fn(&Path);

#[test]
fn only_a_regular_file_is_read_and_nobody_waits_for_another() {
    let table: &[(&str, Make, &str)] = &[
        ("a folder", |at| fs::create_dir(at).unwrap(), "is a folder"),
        #[cfg(unix)]
        ("a pipe", fifo, "is a pipe"),
        #[cfg(unix)]
        (
            "a socket",
            |at| drop(std::os::unix::net::UnixListener::bind(at).unwrap()),
            "is a special file",
        ),
        #[cfg(unix)]
        ("a link to a pipe", linked_fifo, "is a pipe"),
        #[cfg(unix)]
        ("a link to a folder", |at| symlink(".", at).unwrap(), "is a folder"),
        #[cfg(unix)]
        ("a link to endless zeros", |at| symlink("/dev/zero", at).unwrap(), "is a device"),
        #[cfg(unix)]
        ("a link to the terminal", |at| symlink("/dev/tty", at).unwrap(), ""),
        #[cfg(unix)]
        ("a link to itself", |at| symlink(at, at).unwrap(), "cannot be read"),
    ];
    let env = env();
    for name in [".go-version", ".tool-versions"] {
        for &(row, make, why) in table {
            let at = env.work().join(name);
            make(&at);
            let what = refused(&env, row);
            assert!(what.starts_with(at.to_str().unwrap()) && what.contains(why), "{row}: {what}");
            fs::remove_dir(&at).or_else(|_| fs::remove_file(&at)).unwrap();
        }
    }
}

#[cfg(unix)]
fn fifo(at: &Path) {
    assert!(Command::new("mkfifo").arg(at).status().unwrap().success());
}

#[cfg(unix)]
fn linked_fifo(at: &Path) {
    let pipe = at.with_file_name("pipe");
    if !pipe.exists() {
        fifo(&pipe);
    }
    symlink(pipe, at).unwrap();
}

#[test]
fn ten_gigabytes_are_not_read() {
    let env = env();
    for (name, limit) in [(".go-version", "4096"), (".tool-versions", "65536")] {
        let path = env.work().join(name);
        File::create(&path).unwrap().set_len(10 << 30).unwrap();
        let what = refused(&env, name);
        assert!(what.ends_with(&format!("longer than {limit} bytes")), "{what}");
        fs::remove_file(path).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_pin_is_followed() {
    let env = env();
    env.write("all/go", "1.22.3\n");
    symlink("all/go", env.work().join(".go-version")).unwrap();
    assert_taken(&env, "a link", "1.22.3", Some(1));
}

/// Whoever wrote the repository could make the machine that builds it print a secret into a public
/// log.
#[cfg(unix)]
#[test]
fn nothing_is_shown_of_the_file_that_a_link_leads_to() {
    let env = env();
    let secrets = [
        "root:$6$q3vNZQ0c$salted:19000:0:99999:7:::\n",
        "tok_q3vNZQ0c1hJ7\n",
        "1.22.3 q3vNZQ0c\n",
        "machine host login me password q3vNZQ0c\n",
        "# a\ngolang q3vNZQ0c\n",
        "golang ref:q3vNZQ0c",
        "q3vNZQ0c\x1b",
        "\u{feff}q3vNZQ0c\0",
    ];
    for name in [".go-version", ".tool-versions"] {
        let pin = env.work().join(name);
        symlink(env.folder().join("secret"), &pin).unwrap();
        for secret in secrets {
            fs::write(env.folder().join("secret"), secret).unwrap();
            if name == ".tool-versions" && !secret.contains("golang") {
                assert_taken(&env, secret, DEFAULT, None);
                continue;
            }
            let what = refused(&env, secret);
            assert!(what.starts_with(&format!("{}:", pin.display())), "{what}");
            assert!(!what.contains("q3v") && !what.contains("root"), "{secret:?}: {what}");
        }
        fs::remove_file(pin).unwrap();
    }
}

#[test]
fn a_folder_s_name_cannot_speak_for_gvm() {
    let env = env();
    #[cfg(unix)]
    let name =
        <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"x\x1b[2K\rgvm: fine\n\xff");
    // Of the characters that steer a terminal, Windows lets these be.
    #[cfg(windows)]
    let name = "x\u{9b}2K\u{85}gvm: fine\u{202e}".replace(": ", " ");
    let shown = match cfg!(windows) {
        true => "x\\xc2\\x9b2K\\xc2\\x85gvm fine\\xe2\\x80\\xae\\.go-version:1:1: ",
        false => "x\\x1b[2K\\rgvm: fine\\n\\xff/.go-version:1:1: ",
    };
    let folder = env.work().join(name);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join(".go-version"), "nonsense\n").unwrap();
    for call in [env.gvm("current"), env.go("version"), env.gvm("install")] {
        let outcome = soon(call.within(&folder));
        assert!(outcome.stderr.contains(shown), "{outcome}");
        let steering = ['\u{1b}', '\r', '\u{fffd}', '\u{9b}', '\u{85}', '\u{202e}'];
        assert!(!outcome.stderr.contains(steering), "{outcome}");
    }
}

/// No pin, so these are looked at; what the go command itself would do with them is its own affair.
#[test]
fn a_go_mod_that_never_ends_stops_nobody() {
    let table: &[(&str, Make)] = &[
        #[cfg(unix)]
        ("a pipe", fifo),
        ("a folder", |at| fs::create_dir(at).unwrap()),
        #[cfg(unix)]
        ("a device", |at| symlink("/dev/zero", at).unwrap()),
        ("10 GB", |at| File::create(at).unwrap().set_len(10 << 30).unwrap()),
    ];
    let env = env();
    for name in ["go.mod", "go.work"] {
        for &(row, make) in table {
            let at = env.work().join(name);
            make(&at);
            assert_taken(&env, row, DEFAULT, None);
            fs::remove_dir(&at).or_else(|_| fs::remove_file(&at)).unwrap();
        }
    }
}
