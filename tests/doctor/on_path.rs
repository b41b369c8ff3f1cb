//! What stands on PATH under the name `go`, in each shell that was measured: the shell is seen to do what it did, the doctor
//! is its child, and the cure is what it reads next.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::cast::{SHELLS, counted, place};
use crate::ground::{Ground, kept_goroot};
use crate::hijacked::{VERSION, ground, program};

/// What a file named `go` in the folder that is first on PATH leads to.
struct Row {
    name: &'static str,
    put: fn(&Path),
    /// What each shell exits with.
    codes: [i32; 8],
    /// With `w:` before a warning, `n:` before a note.
    found: &'static str,
}

/// A real program with the number of another processor in its header.
fn foreign(path: &Path) {
    let mut content = fs::read(kept_goroot(VERSION).join("bin/gofmt")).unwrap();
    content[18] = 183;
    program(path, &content);
}

/// The codes are those of bash, dash, zsh, fish, tcsh, mksh, ksh and busybox; 0 is that of the next `go` on PATH.
const FIRST: [Row; 8] = [
    Row { name: "a folder", put: |go| fs::create_dir(go).unwrap(), codes: [0; 8], found: "n:E009" },
    Row {
        name: "no right to execute",
        put: |go| fs::write(go, "#!/bin/sh\n").unwrap(),
        codes: [0; 8],
        found: "w:E009",
    },
    Row {
        name: "a broken link",
        put: |go| symlink("nowhere", go).unwrap(),
        codes: [0; 8],
        found: "w:E009",
    },
    Row {
        name: "no interpreter",
        put: |go| program(go, b"#!/nonexistent/sh\n"),
        codes: [127, 0, 0, 127, 0, 126, 0, 0],
        found: "E005",
    },
    Row {
        name: "for another machine",
        put: foreign,
        codes: [126, 0, 0, 126, 1, 1, 126, 2],
        found: "E006",
    },
    Row {
        name: "damaged",
        put: |go| program(go, b"\x7fELF\x02\x01\x01\0\0\0\0\0"),
        codes: [126, 0, 0, 126, 1, 1, 126, 127],
        found: "E006",
    },
    Row { name: "empty", put: |go| program(go, b""), codes: [0; 8], found: "E007" },
    Row { name: "text", put: |go| program(go, b"exit 3\n"), codes: [3; 8], found: "E008" },
];

#[test]
fn what_stands_first_on_path_is_told_in_each_shell() {
    let mut count = 0;
    for (shell, at) in SHELLS.into_iter().zip(0..) {
        let (Some(ground), Some(_)) = (ground(), place(shell)) else { continue };
        let go = ground.folder().join("a/go");
        for row in &FIRST {
            let name = format!("{} in {shell}", row.name);
            (row.put)(&go);
            let told = ground.typed(shell, &[], "go version").code_of(&name, row.codes[at]);
            let is_next = row.codes[at] == 0 && row.found != "E007";
            assert_eq!(told.stdout.starts_with("go version go1"), is_next, "{name}: {told}");
            let findings = ground.found_in(shell, &[], "");
            let (severity, id) = graded(row.found);
            assert!(findings.of(severity).contains(&id), "{name}: {:#?}", findings.0);
            assert_eq!(findings.need(id)["file"], go.to_str().unwrap(), "{name}");
            if severity == "note" {
                fs::remove_dir(&go).unwrap();
            } else {
                let mended = format!("{}\ngo version", findings.fix(id));
                let _ = ground.typed(shell, &[], &mended).code_of(&name, 0);
                ground.found_in(shell, &[], "").none(&name);
            }
            count += 1;
        }
    }
    let all = FIRST.len() * SHELLS.len();
    counted("kinds of `go` that stand first on PATH, times shells", count, all);
}

fn graded(found: &'static str) -> (&'static str, &'static str) {
    match found.split_once(':') {
        Some(("n", id)) => ("note", id),
        Some((_, id)) => ("warning", id),
        None => ("error", found),
    }
}

/// What it is, how it comes there, what each shell ends with, and the finding.
type Only = (&'static str, fn(&Path), [i32; 8], &'static str);

#[test]
fn what_is_the_only_go_on_path_is_told_in_each_shell() {
    let only: [Only; 3] = [
        (
            "no right to execute",
            |go| fs::write(go, "#!/bin/sh\n").unwrap(),
            [126, 127, 126, 126, 1, 126, 126, 126],
            "E002",
        ),
        (
            "a folder",
            |go| symlink(kept_goroot(VERSION), go).unwrap(),
            [127, 127, 126, 126, 1, 126, 126, 127],
            "E003",
        ),
        (
            "a broken link",
            |go| symlink("nowhere", go).unwrap(),
            [127, 127, 127, 127, 1, 127, 127, 127],
            "E004",
        ),
    ];
    for (name, put, codes, id) in only {
        for (shell, code) in SHELLS.into_iter().zip(codes) {
            let (Some(ground), Some(_)) = (ground(), place(shell)) else { continue };
            let (row, go) = (format!("{name} in {shell}"), ground.folder().join("a/go"));
            let path = format!("{}/a:/usr/bin:/bin", ground.folder().display());
            let path = [("PATH", path.as_str())];
            put(&go);
            let _ = ground.typed(shell, &path, "go version").code_of(&row, code);
            let findings = ground.found_in(shell, &path, "");
            assert!(findings.of("error").contains(&id), "{row}: {:#?}", findings.0);
            assert_eq!(findings.need(id)["file"], go.to_str().unwrap(), "{row}");
            let fix = findings.fix(id);
            let left = ground.found_in(shell, &path, &fix);
            assert!(left.get(id).is_none(), "{row}: {:#?}", left.0);
            if id != "E004" {
                let told = ground.typed(shell, &path, &format!("{fix}\ngo version"));
                let _ = told.code_of(&row, 0);
            }
        }
    }
}

/// Whoever stands in a folder with a `go` in it runs that one, whatever the entry looks like.
#[test]
fn entries_that_lead_here_do_so_in_each_shell_until_the_cure() {
    for shell in SHELLS {
        let (Some(ground), Some(_)) = (ground(), place(shell)) else { continue };
        program(&ground.work().join("go"), b"#!/bin/sh\necho hijacked\n");
        fs::create_dir(ground.work().join("x")).unwrap();
        let bin = format!("{}/bin", kept_goroot(VERSION).display());
        for (entries, number) in [
            (format!(":{bin}:/usr/bin:/bin"), "entry 1"),
            (format!("/none::{bin}:/usr/bin:/bin"), "entry 2"),
            (format!(".:{bin}:/usr/bin:/bin"), "entry 1"),
            (format!("x/..:{bin}:/usr/bin:/bin"), "entry 1"),
        ] {
            let (row, path) = (format!("{entries} in {shell}"), [("PATH", entries.as_str())]);
            assert_eq!(ground.typed(shell, &path, "go version").line(), "hijacked", "{row}");
            let findings = ground.found_in(shell, &path, "");
            assert_eq!(findings.of("warning"), ["E014"], "{row}");
            assert!(findings.need("E014")["what"].as_str().unwrap().starts_with(number), "{row}");
            let mended = format!("{}\ngo version", findings.fix("E014"));
            let told = ground.typed(shell, &path, &mended);
            assert!(told.line().starts_with("go version go1"), "{row}: {told}");
        }
    }
}

/// A tilde that is part of PATH is a home to bash alone; quotes are part of a name to all.
#[test]
fn tildes_and_quotes_in_path_are_told_in_each_shell() {
    for shell in SHELLS {
        let (Some(ground), Some(_)) = (ground(), place(shell)) else { continue };
        symlink(kept_goroot(VERSION), ground.folder().join("home/sdk")).unwrap();
        let bin = kept_goroot(VERSION).join("bin");
        for (entry, id, is_found) in [
            ("~/sdk/bin".to_owned(), "E015", shell == "bash"),
            (format!("\"{}\"", bin.display()), "E016", false),
        ] {
            let path = format!("{entry}:/usr/bin:/bin");
            let (row, path) = (format!("{entry} in {shell}"), [("PATH", path.as_str())]);
            let told = ground.typed(shell, &path, "go version");
            assert_eq!(told.ended_with(0), is_found, "{row}: {told}");
            let findings = ground.found_in(shell, &path, "");
            assert_eq!(findings.of("warning"), [id], "{row}");
            let left = ground.found_in(shell, &path, &findings.fix(id));
            assert!(left.get(id).is_none(), "{row}: {:#?}", left.0);
        }
    }
}

#[test]
fn an_empty_path_is_the_folder_here_or_nowhere_and_is_told() {
    let Some(ground) = Ground::linked(&[VERSION]) else { return };
    program(&ground.work().join("go"), b"#!/bin/sh\necho hijacked\n");
    for shell in SHELLS {
        let Some(_) = place(shell) else { continue };
        let path = [("PATH", "")];
        // Debian's start file for zsh puts something in the place of an empty PATH.
        let empty = if shell == "zsh" { "PATH=" } else { "" };
        let told = ground.typed(shell, &path, &format!("{empty}\ngo version"));
        assert_eq!(told.line() == "hijacked", shell != "ksh", "{shell}: {told}");
        let findings = ground.found_in(shell, &path, empty);
        // fish gives its children `.` for it.
        let fix = if shell == "fish" {
            assert_eq!(findings.of("warning"), ["E021", "E014"], "{shell}");
            format!("{}\n{}", findings.fix("E014"), findings.fix("E021"))
        } else {
            assert_eq!(findings.of("error"), ["E017"], "{shell}");
            format!("{empty}\n{}", findings.fix("E017"))
        };
        let told = ground.typed(shell, &path, &format!("{fix}\ngo version"));
        assert!(told.line().starts_with("go version go1"), "{shell}: {told}");
        ground.found_in(shell, &path, &fix).none(shell);
    }
}

/// bash alone fails where a `go` was that it ran; what helps is said in the shell's words, and nothing where none is needed.
#[test]
fn a_go_that_vanished_is_told_in_each_shell() {
    for shell in SHELLS {
        let (Some(ground), Some(_)) = (ground(), place(shell)) else { continue };
        let tree = ground.folder().join("gone");
        fs::create_dir_all(tree.join("pkg/tool")).unwrap();
        let next = format!("{}/bin:/usr/bin:/bin", kept_goroot(VERSION).display());
        let path = format!("{}/bin:{next}", tree.display());
        let path = [("PATH", path.as_str())];
        let after = |lines: &str| {
            fs::create_dir_all(tree.join("bin")).unwrap();
            program(&tree.join("bin/go"), b"#!/bin/sh\necho first\n");
            ground.typed(shell, &path, &format!("go\nrm ../gone/bin/go\n{lines}\ngo version"))
        };
        assert_eq!(after("true").line() == "first", shell == "bash", "{shell}");
        let finding = ground.found_in(shell, &path, "").need("E013").clone();
        assert_eq!(finding["file"], tree.join("bin").to_str().unwrap(), "{shell}");
        let fix = finding["fix"].as_str().unwrap_or("true");
        assert_eq!(fix == "true", shell == "fish", "{shell}: {fix}");
        let told = after(fix);
        assert!(!told.stderr.to_lowercase().contains("command not found"), "{shell}: {told}");
        assert!(told.line().starts_with("go version go1"), "{shell}: {told}");
    }
}
