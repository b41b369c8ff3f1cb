//! Which `go` a shell finds: what stands before the right one on PATH, what start files make of the name, and what PATH
//! itself may hold. bash and dash, which every system here has, are seen to behave as they were measured.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::ground::{Findings, Ground, kept_goroot};
use crate::stage::tally;

const VERSION: &str = "1.22.10";

/// A folder `a` first on PATH, then a real release.
fn ground() -> Option<Ground> {
    let ground = Ground::on_path(VERSION)?;
    fs::create_dir(ground.folder().join("a")).unwrap();
    let path = format!(
        "{}/a:{}/bin:/usr/bin:/bin",
        ground.folder().display(),
        kept_goroot(VERSION).display()
    );
    Some(ground.set("PATH", &path).set("A", "../a"))
}

/// What a file named `go` in the folder that is first on PATH leads to.
struct Row {
    name: &'static str,
    put: fn(&Path),
    /// What bash and dash exit with.
    codes: [i32; 2],
    /// With `w:` before a warning, `n:` before a note.
    found: &'static str,
}

fn program(path: &Path, content: &[u8]) {
    let script = "cat > \"$0\" && chmod 755 \"$0\"";
    let mut child = std::process::Command::new("/bin/sh")
        .args(["-c", script])
        .arg(path)
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), content).unwrap();
    assert!(child.wait().unwrap().success());
}

/// A real program with the number of another processor in its header.
fn foreign(path: &Path) {
    let mut content = fs::read(kept_goroot(VERSION).join("bin/gofmt")).unwrap();
    content[18] = 183;
    program(path, &content);
}

const FIRST: [Row; 8] = [
    Row { name: "a folder", put: |go| fs::create_dir(go).unwrap(), codes: [0, 0], found: "n:E009" },
    Row {
        name: "no right to execute",
        put: |go| fs::write(go, "#!/bin/sh\n").unwrap(),
        codes: [0, 0],
        found: "w:E009",
    },
    Row {
        name: "a broken link",
        put: |go| symlink("nowhere", go).unwrap(),
        codes: [0, 0],
        found: "w:E009",
    },
    Row {
        name: "no interpreter",
        put: |go| program(go, b"#!/nonexistent/sh\n"),
        codes: [127, 0],
        found: "E005",
    },
    Row { name: "for another machine", put: foreign, codes: [126, 0], found: "E006" },
    Row {
        name: "damaged",
        put: |go| program(go, b"\x7fELF\x02\x01\x01\0\0\0\0\0"),
        codes: [126, 0],
        found: "E006",
    },
    Row { name: "empty", put: |go| program(go, b""), codes: [0, 0], found: "E007" },
    Row { name: "text", put: |go| program(go, b"exit 3\n"), codes: [3, 3], found: "E008" },
];

#[test]
fn what_stands_first_on_path_is_told() {
    for row in FIRST {
        let Some(ground) = ground() else { return };
        let go = ground.folder().join("a/go");
        (row.put)(&go);
        for (shell, code) in ["bash", "dash"].into_iter().zip(row.codes) {
            let told = ground
                .shell(&format!("{shell} -c 'go version'"))
                .code_of(&format!("{} in {shell}", row.name), code);
            if row.found == "E007" {
                assert_eq!(told.stdout, "", "an empty file prints nothing");
            }
        }
        let findings = ground.findings("");
        let (severity, id) = match row.found.split_once(':') {
            Some(("n", id)) => ("note", id),
            Some((_, id)) => ("warning", id),
            None => ("error", row.found),
        };
        assert!(findings.of(severity).contains(&id), "{}: {:#?}", row.name, findings.0);
        assert_eq!(findings.need(id)["file"], go.to_str().unwrap(), "{}", row.name);
        if severity != "note" {
            let fix = findings.fix(id);
            let _ = ground.shell(&format!("{fix}\nbash -c 'go version'")).code_of(row.name, 0);
            ground.findings("").none(row.name);
        }
    }
    tally::say("kinds of `go` that stand first on PATH", FIRST.len());
}

/// What it is, how it comes there, what a shell ends with, and the finding.
type Only = (&'static str, fn(&Path), i32, &'static str);

#[test]
fn what_is_the_only_go_on_path_is_told() {
    let only: [Only; 3] = [
        ("no right to execute", |go| fs::write(go, "#!/bin/sh\n").unwrap(), 126, "E002"),
        ("a folder", |go| symlink(kept_goroot(VERSION), go).unwrap(), 127, "E003"),
        ("a broken link", |go| symlink("nowhere", go).unwrap(), 127, "E004"),
    ];
    for (name, put, code, id) in only {
        let Some(ground) = ground() else { return };
        let path = format!("{}/a:/usr/bin:/bin", ground.folder().display());
        let ground = ground.set("PATH", &path);
        put(&ground.folder().join("a/go"));
        let _ = ground.shell("bash -c 'go version'").code_of(name, code);
        let findings = ground.findings("");
        assert!(findings.of("error").contains(&id), "{name}: {:#?}", findings.0);
        let fix = findings.fix(id);
        let left = ground.findings(&fix);
        assert!(left.get(id).is_none(), "{name}: {:#?}", left.0);
        if id != "E004" {
            let _ = ground.shell(&format!("{fix}\nbash -c 'go version'")).code_of(name, 0);
        }
    }
}

#[test]
fn entries_that_do_not_mean_what_they_seem_to_are_told() {
    let Some(ground) = ground() else { return };
    for (path, id, number) in [
        (":$PATH", "E014", "entry 1"),
        ("$PATH:", "E014", "entry 5"),
        ("/bin::$PATH", "E014", "entry 2"),
        (".:$PATH", "E014", "entry 1"),
        ("bin:$PATH", "E014", "entry 1"),
        ("~/bin:$PATH", "E015", "entry 1"),
        ("\\\"/usr/lib/go/bin\\\":$PATH", "E016", "entry 1"),
    ] {
        let set = format!("export PATH=\"{path}\"");
        let findings = ground.findings(&set);
        assert_eq!(findings.of("warning"), [id], "{path}: {:#?}", findings.0);
        let what = findings.need(id)["what"].as_str().unwrap();
        assert!(what.starts_with(number), "{path}: {what}");
        ground.findings(&format!("{set}\n{}", findings.fix(id))).none(path);
    }
}

#[test]
fn a_go_in_the_working_directory_is_found_through_an_empty_entry() {
    let Some(ground) = ground() else { return };
    program(&ground.work().join("go"), b"#!/bin/sh\necho hijacked\n");
    let set = "export PATH=\":$PATH\"";
    for shell in ["bash", "dash"] {
        assert_eq!(ground.shell(&format!("{set}\n{shell} -c 'go version'")).line(), "hijacked");
    }
    let fix = ground.findings(set).fix("E014");
    assert!(ground.shell(&format!("{set}\n{fix}\ngo version")).line().starts_with("go version"));
}

#[test]
fn no_path_at_all_is_told() {
    let Some(ground) = ground() else { return };
    for set in ["export PATH=", "unset PATH"] {
        let findings = ground.findings(set);
        assert_eq!(findings.of("error"), ["E017"], "{set}");
    }
    let nothing = ground.findings("export PATH=/nonexistent");
    assert_eq!(nothing.of("error"), ["E001"]);
}

/// What start files make of the name.
#[test]
fn aliases_functions_and_hashes_are_told_with_their_line() {
    for (line, id) in [
        ("alias go='echo hijacked'", "E010"),
        ("go() { echo hijacked; }", "E011"),
        ("hash -p /bin/true go", "E012"),
    ] {
        let Some(ground) = ground() else { return };
        ground.put("home/.bashrc", format!("# mine\n{line}\n"));
        let bash = |lines: &str| {
            ground.shell(&format!(
                "cat > s <<'END'\nshopt -s expand_aliases\n. ~/.bashrc\n{lines}\nEND\nbash s"
            ))
        };
        assert_ne!(
            bash("go version").line(),
            format!("go version go{VERSION} linux/amd64"),
            "{line}"
        );
        let findings = ground.findings("");
        assert_eq!(findings.of("warning"), [id], "{line}");
        assert_eq!(findings.need(id)["line"], 2);
        assert!(findings.need(id)["file"].as_str().unwrap().ends_with("/.bashrc"));
        let mended = bash(&format!("{}\ngo version", findings.fix(id)));
        assert_eq!(mended.line(), format!("go version go{VERSION} linux/amd64"), "{line}");
        // It is nobody's trouble in a shell that does not read the file.
        ground.findings("SHELL=/bin/zsh; export SHELL").none(line);
    }
}

#[test]
fn a_function_that_bash_exports_is_told() {
    let Some(ground) = ground() else { return };
    let lines = "bash -c 'go() { echo hijacked; }; export -f go; exec \"$GVM\" doctor --json'";
    let findings = Findings::new(&ground.shell(lines));
    assert_eq!(findings.of("warning"), ["E011"]);
    let fix = findings.fix("E011");
    let told = ground
        .shell(&format!("bash -c 'go() {{ echo hijacked; }}; export -f go; {fix}; go version'"));
    assert!(told.line().starts_with("go version"), "{told}");
}

#[test]
fn a_makefile_that_sets_path_is_told() {
    let Some(ground) = ground() else { return };
    ground.write("Makefile", "PATH := /usr/bin:/bin\n\nversion:\n\tgo version\n");
    let findings = ground.findings("");
    assert_eq!(findings.of("warning"), ["E018"]);
    assert_eq!(findings.need("E018")["line"], 1);
    if !Path::new("/usr/bin/make").exists() {
        return;
    }
    assert!(!ground.shell("make version").ended_with(0));
    let _ = ground.shell(&findings.fix("E018")).code(0);
}

#[test]
fn a_copy_of_the_program_alone_is_told() {
    for version in ["1.13.15", "1.20.14", "1.22.10", "1.27.4"] {
        let Some(ground) = ground() else { return };
        let copy = ground.folder().join("a/go");
        fs::copy(kept_goroot(version).join("bin/go"), &copy).unwrap();
        fs::set_permissions(&copy, PermissionsExt::from_mode(0o755)).unwrap();
        let findings = ground.findings("");
        let why = findings.need("E106")["why"].as_str().unwrap();
        let is_trimmed = ["1.22.10", "1.27.4"].contains(&version);
        assert_eq!(why.contains("uses a different tree"), !is_trimmed, "{version}: {why}");
        assert_eq!(!ground.shell("go version").ended_with(0), is_trimmed, "{version}");
        let _ =
            ground.shell(&format!("{}\ngo build -o x .", findings.fix("E106"))).code_of(version, 0);
        ground.findings("").none(version);
    }
}

/// A link to it finds its tree.
#[test]
fn a_link_to_the_program_is_fine() {
    let Some(ground) = ground() else { return };
    symlink(kept_goroot("1.27.4").join("bin/go"), ground.folder().join("a/go")).unwrap();
    assert_eq!(ground.shell("go version").line(), "go version go1.27.4 linux/amd64");
    ground.findings("").none("a link");
}

#[test]
fn another_go_before_the_shims_is_told_with_the_line_that_put_it_there() {
    let Some(ground) = Ground::installed(&[VERSION]) else { return };
    let other = kept_goroot("1.20.14").join("bin");
    ground.put("home/.profile", format!("umask 022\nexport PATH={}:$PATH\n", other.display()));
    for (path, id) in [
        (format!("{}:$PATH", other.display()), "E020"),
        (format!("{}:/usr/bin:/bin", other.display()), "E021"),
    ] {
        let set = format!("export PATH={path}");
        let findings = ground.findings(&set);
        assert_eq!(findings.of("warning"), [id], "{:#?}", findings.0);
        assert_eq!(findings.need(id)["line"], 2, "{:#?}", findings.0);
        let told = ground.shell(&format!("{set}\n{}\ngo version", findings.fix(id)));
        assert_eq!(told.line(), format!("go version go{VERSION} linux/amd64"));
    }
}

#[test]
fn a_start_file_that_sets_goroot_is_told_in_each_shells_language() {
    let Some(ground) = ground() else { return };
    for (file, line) in [
        (".bashrc", "export GOROOT=/usr/lib/go"),
        (".zshenv", "typeset -x GOROOT=/usr/lib/go"),
        (".config/fish/config.fish", "set -gx GOROOT /usr/lib/go"),
        (".tcshrc", "setenv GOROOT /usr/lib/go"),
    ] {
        let path = ground.put(&format!("home/{file}"), format!("\n{line}\n"));
        let findings = ground.findings("");
        assert_eq!(findings.of("warning"), ["E104"], "{file}");
        assert_eq!(findings.need("E104")["file"], path.to_str().unwrap());
        assert_eq!(findings.need("E104")["line"], 2);
        ground.findings(&findings.fix("E104")).none(file);
    }
}
