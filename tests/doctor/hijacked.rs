//! What hides the right `go`: entries of PATH, aliases, functions, makefiles, copies, other managers. Here in bash and dash;
//! `on_path` and `in_shells` are about what differs in others.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::ground::{Findings, Ground, kept_goroot};

pub const VERSION: &str = "1.22.10";

/// A folder `a` first on PATH, then a real release.
pub fn ground() -> Option<Ground> {
    let ground = Ground::on_path(VERSION)?;
    fs::create_dir(ground.folder().join("a")).unwrap();
    let path = format!(
        "{}/a:{}/bin:/usr/bin:/bin",
        ground.folder().display(),
        kept_goroot(VERSION).display()
    );
    Some(ground.set("PATH", &path).set("A", "../a"))
}

pub fn program(path: &Path, content: &[u8]) {
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
    let Some(ground) = Ground::linked(&[VERSION]) else { return };
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
        ("config/fish/config.fish", "set -gx GOROOT /usr/lib/go"),
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

/// Programs that look for themselves, beside shells: they skip aliases and functions, and what may not be executed.
#[test]
fn programs_that_start_go_find_what_path_says() {
    let Some(ground) = ground() else { return };
    let only = format!("{}/a:/usr/bin:/bin", ground.folder().display());
    let python = |path: &str, ask: &str| {
        ground.shell(&format!("export PATH=\"{path}\"\n/usr/bin/python3 -c '{ask}'"))
    };
    let run = "import subprocess; print(subprocess.run([\"go\", \"version\"]).returncode)";
    let which = "import shutil; print(shutil.which(\"go\"))";
    ground.put("a/go", "#!/bin/sh\n");
    assert!(!ground.shell("env go version").line().is_empty(), "env takes the next one");
    let _ =
        ground.shell(&format!("PATH={only} env go version")).says("Permission denied").code(126);
    let _ = ground.shell("PATH= /usr/bin/env go version").code(127);
    if !Path::new("/usr/bin/python3").exists() {
        return;
    }
    assert_eq!(python("$PATH", run).line(), "0");
    assert_eq!(python(&only, which).line(), "None");
    let _ = python(&only, run).says("PermissionError");
    let findings = ground.findings(&format!("export PATH={only}"));
    assert_eq!(findings.of("error"), ["E002"]);
    // What is found in the folder here is hidden by its relative name.
    program(&ground.work().join("go"), b"#!/bin/sh\necho hijacked\n");
    assert!([".//go", "./go", "go"].contains(&python(":/usr/bin", which).line()));
    assert_eq!(ground.findings("export PATH=\":$PATH\"").of("warning"), ["E014"]);
}

/// The same for one target alone.
#[test]
fn a_makefile_that_sets_path_for_a_target_is_told() {
    let Some(ground) = ground() else { return };
    for line in ["version: export PATH := /usr/bin:/bin", "version: PATH = /usr/bin:/bin"] {
        ground.write("Makefile", format!("{line}\nversion:\n\tgo version\n"));
        let findings = ground.findings("");
        assert_eq!(
            (findings.of("warning"), &findings.need("E018")["line"]),
            (vec!["E018"], &1.into())
        );
        if Path::new("/usr/bin/make").exists() {
            assert!(!ground.shell("make version").ended_with(0), "{line}");
            let _ = ground.shell(&format!("{} version", findings.fix("E018"))).code(0);
        }
    }
    ground.write("Makefile", "version:\n\t@echo \"x: PATH = y\"; go version\n");
    ground.findings("").none("a recipe that speaks of it");
}
