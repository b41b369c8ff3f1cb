//! What start files make of `go`, in the shells that read them: each file is written, the real shell falls for it, the doctor
//! names the line as that shell's child, and the cure is what that shell reads next.

use std::fs;

use crate::cast::{counted, place, sets, tells};
use crate::ground::{Ground, kept_goroot};
use crate::hijacked::{VERSION, ground, program};

/// A line of a start file that gives `go` another meaning.
struct Row {
    /// As it is started to read the file.
    shell: &'static str,
    /// Below the user's home.
    file: &'static str,
    /// A variable that leads the shell to the file.
    by: &'static str,
    line: &'static str,
    found: &'static str,
}

const fn row(
    shell: &'static str,
    file: &'static str,
    line: &'static str,
    found: &'static str,
) -> Row {
    Row { shell, file, by: "", line, found }
}

const ALIAS: &str = "alias go='echo hijacked'";
const FUNCTION: &str = "go() { echo hijacked; }";
const TCSH: &str = "alias go echo hijacked";
const FISH: &str = "function go; echo hijacked; end";

/// A shell's own function for the name, its alias, its hash; in each file that it reads (measured).
const ROWS: [Row; 29] = [
    row("bash -i", ".bashrc", ALIAS, "E010"),
    row("bash -i", ".bashrc", FUNCTION, "E011"),
    row("bash -i", ".bashrc", "hash -p $HOME/other go", "E012"),
    row("bash -l", ".bash_profile", FUNCTION, "E011"),
    row("bash -l", ".bash_login", FUNCTION, "E011"),
    row("bash -l", ".profile", FUNCTION, "E011"),
    Row { by: "BASH_ENV", ..row("bash", "batch", FUNCTION, "E011") },
    row("dash -l", ".profile", ALIAS, "E010"),
    row("dash -l", ".profile", FUNCTION, "E011"),
    Row { by: "ENV", ..row("dash -i", "typed", ALIAS, "E010") },
    row("zsh", ".zshenv", ALIAS, "E010"),
    row("zsh -l", ".zprofile", FUNCTION, "E011"),
    row("zsh -i", ".zshrc", ALIAS, "E010"),
    row("zsh -i", ".zshrc", FUNCTION, "E011"),
    row("zsh -i", ".zshrc", "hash go=$HOME/other", "E012"),
    row("zsh -l", ".zlogin", ALIAS, "E010"),
    Row { by: "ZDOTDIR", ..row("zsh -i", "zsh/.zshrc", ALIAS, "E010") },
    row("fish", "config/fish/config.fish", "alias go 'echo hijacked'", "E010"),
    row("fish", "config/fish/config.fish", FISH, "E011"),
    row("fish", "config/fish/conf.d/x.fish", FISH, "E011"),
    row("fish", "config/fish/functions/go.fish", FISH, "E011"),
    row("tcsh", ".tcshrc", TCSH, "E010"),
    row("tcsh", ".cshrc", TCSH, "E010"),
    row("tcsh -l", ".login", TCSH, "E010"),
    row("ksh -i", ".kshrc", ALIAS, "E010"),
    row("ksh -l", ".profile", FUNCTION, "E011"),
    row("mksh -i", ".mkshrc", ALIAS, "E010"),
    row("mksh -l", ".profile", FUNCTION, "E011"),
    row("busybox sh -l", ".profile", ALIAS, "E010"),
];

#[test]
fn what_a_start_file_makes_of_the_name_is_told_in_the_shell_that_reads_it() {
    let mut count = 0;
    for row in ROWS {
        let (Some(ground), Some(_)) = (ground(), place(row.shell)) else { continue };
        let name = format!("{} in {} of {}", row.line, row.file, row.shell);
        program(&ground.folder().join("home/other"), b"#!/bin/sh\necho hijacked\n");
        let file = ground.put(&format!("home/{}", row.file), format!("# mine\n{}\n", row.line));
        let led = if row.by == "ZDOTDIR" { file.parent().unwrap() } else { &file };
        let by = match row.by {
            "" => vec![],
            by => vec![(by, led.to_str().unwrap())],
        };
        // The system's files for logins set PATH anew.
        let first = with_path(&ground, row.shell);
        let typed = |lines: &str| ground.typed(row.shell, &by, &format!("{first}\n{lines}"));
        assert!(typed("go version").line().starts_with("hijacked"), "{name}");
        assert!(!typed(tells(row.shell)).line().ends_with("bin/go"), "{name}: it is the program");
        for way in past(&row) {
            assert!(typed(way).line().starts_with("go version go1"), "{name}: {way} does not help");
        }
        let findings = ground.found_in(row.shell, &by, &first);
        assert_eq!(findings.of("warning"), [row.found], "{name}: {:#?}", findings.0);
        let finding = findings.need(row.found);
        assert_eq!((&finding["file"], &finding["line"]), (&file.to_str().into(), &2.into()));
        let told = typed(&format!("{}\ngo version", findings.fix(row.found)));
        assert!(told.line().starts_with("go version go1"), "{name}: {told}");
        count += 1;
    }
    counted("meanings of `go` in start files, in the shell that reads each", count, ROWS.len());
}

/// The order: an alias before a function, before the hash, before PATH; and what skips each.
fn past(row: &Row) -> &'static [&'static str] {
    match (row.shell.split(' ').next().unwrap(), row.found) {
        ("tcsh", _) => &["\\go version", "env go version"],
        ("fish", _) | (_, "E011") => &["command go version", "env go version"],
        (_, "E010") => &["\\go version", "command go version", "env go version"],
        _ => &["env go version"],
    }
}

fn with_path(ground: &Ground, shell: &str) -> String {
    let bin = kept_goroot(VERSION).join("bin");
    let path = format!("{}/a:{}:/usr/bin:/bin", ground.folder().display(), bin.display());
    if shell.ends_with(" -l") { sets(shell, "PATH", &path) } else { String::new() }
}

/// What the shell does not read is nobody's trouble there: another file stands in its place, or another shell reads it.
#[test]
fn a_file_that_the_shell_does_not_read_is_no_fault() {
    for (shell, unread, line, read, by) in [
        ("bash -l", ".profile", FUNCTION, ".bash_profile", ""),
        ("bash -i", ".bash_profile", FUNCTION, ".bashrc", ""),
        ("zsh -l", ".profile", FUNCTION, ".zprofile", ""),
        ("zsh -i", ".zshrc", ALIAS, "zsh/.zshrc", "ZDOTDIR"),
        ("tcsh", ".cshrc", TCSH, ".tcshrc", ""),
        ("fish", ".config/fish/config.fish", FISH, "config/fish/config.fish", ""),
        ("mksh -i", ".kshrc", ALIAS, ".mkshrc", ""),
        ("ksh -i", ".mkshrc", ALIAS, ".kshrc", ""),
    ] {
        let (Some(ground), Some(_)) = (ground(), place(shell)) else { continue };
        let name = format!("{unread} beside {read} for {shell}");
        ground.put(&format!("home/{unread}"), format!("{line}\n"));
        let file = ground.put(&format!("home/{read}"), "# nothing\n");
        let folder = file.parent().unwrap().to_str().unwrap();
        let by = if by.is_empty() { vec![] } else { vec![(by, folder)] };
        let first = with_path(&ground, shell);
        let told = ground.typed(shell, &by, &format!("{first}\ngo version"));
        assert!(told.line().starts_with("go version go1"), "{name}: {told}");
        if unread != ".bash_profile" {
            ground.found_in(shell, &by, &first).none(&name);
        }
    }
}

/// An abbreviation is for who types: fish's scripts do not see it.
#[test]
fn an_abbreviation_of_fishs_is_told_with_its_line() {
    let (Some(ground), Some(_)) = (ground(), place("fish")) else { return };
    ground.put("home/config/fish/config.fish", "\nabbr -a go 'echo hijacked'\n");
    let is_there = "abbr --query go; and echo there; or echo gone";
    assert_eq!(ground.typed("fish", &[], is_there).line(), "there");
    assert!(ground.typed("fish", &[], "go version").line().starts_with("go version go1"));
    let findings = ground.found_in("fish", &[], "");
    assert_eq!((findings.of("warning"), &findings.need("E010")["line"]), (vec!["E010"], &2.into()));
    let told = ground.typed("fish", &[], &format!("{}\n{is_there}", findings.fix("E010")));
    assert_eq!(told.line(), "gone");
}

/// Lines that put another Go before gvm's shims, or in their place; `$OTHER` is its folder.
const PATHS: [(&str, &str, &str); 12] = [
    ("bash -i", ".bashrc", "export PATH=$OTHER:$PATH"),
    ("bash -l", ".profile", "export PATH=$OTHER:$PATH"),
    ("zsh", ".zshenv", "path=($OTHER $path)"),
    ("zsh -l", ".zprofile", "export PATH=$OTHER:$PATH"),
    ("fish", "config/fish/config.fish", "set -gx PATH $OTHER $PATH"),
    ("fish", "config/fish/conf.d/x.fish", "fish_add_path --path $OTHER"),
    ("tcsh", ".tcshrc", "set path = ($OTHER $path)"),
    ("tcsh", ".cshrc", "set path=($OTHER $path)"),
    ("tcsh -l", ".login", "setenv PATH $OTHER\\:$PATH"),
    ("ksh -i", ".kshrc", "PATH=$OTHER:$PATH"),
    ("mksh -i", ".mkshrc", "export PATH=$OTHER:$PATH"),
    ("dash -l", ".profile", "PATH=$OTHER:$PATH"),
];

#[test]
fn a_start_file_that_puts_another_go_first_is_told_in_the_shell_that_reads_it() {
    let Some(ground) = Ground::linked(&[VERSION]) else { return };
    let other = kept_goroot("1.20.14").join("bin");
    let mut count = 0;
    for (shell, file, line) in PATHS {
        let Some(_) = place(shell) else { continue };
        let line = line.replace("$OTHER", other.to_str().unwrap()).replace("\\:", ":");
        let (name, line) = (format!("{line} in {file} of {shell}"), format!("# mine\n{line}\n"));
        let file = ground.put(&format!("home/{file}"), line);
        if shell == "fish" {
            // What it was told to put first once it does not put there again.
            let shims = ground.root().join("shims");
            let _ = ground.typed(shell, &[], &format!("fish_add_path {}", shims.display()));
        }
        let told = ground.typed(shell, &[], "go version");
        assert_eq!(told.line(), "go version go1.20.14 linux/amd64", "{name}: {told}");
        let findings = ground.found_in(shell, &[], "");
        let id = if findings.get("E020").is_some() { "E020" } else { "E021" };
        let finding = findings.need(id);
        assert_eq!(
            (&finding["file"], &finding["line"]),
            (&file.to_str().into(), &2.into()),
            "{name}: {finding}"
        );
        let told = ground.typed(shell, &[], &format!("{}\ngo version", findings.fix(id)));
        assert_eq!(told.line(), format!("go version go{VERSION} linux/amd64"), "{name}: {told}");
        fs::remove_file(&file).unwrap();
        // What fish adds to PATH once it keeps for all sessions.
        let _ = fs::remove_file(ground.folder().join("home/config/fish/fish_variables"));
        count += 1;
    }
    counted("lines that put another Go first, in the shell that reads each", count, PATHS.len());
}

/// A GOROOT that is gone, set as each shell does it; fish keeps variables of its own in a file as well.
#[test]
fn a_start_file_that_sets_a_goroot_is_told_in_the_shell_that_reads_it() {
    for (shell, file, line) in [
        ("bash -i", ".bashrc", "export GOROOT=/gone"),
        ("zsh", ".zshenv", "typeset -x GOROOT=/gone"),
        ("fish", "config/fish/config.fish", "set -gx GOROOT /gone"),
        ("fish", "config/fish/fish_variables", "SETUVAR --export GOROOT:/gone"),
        ("tcsh", ".tcshrc", "setenv GOROOT /gone"),
        ("ksh -i", ".kshrc", "export GOROOT=/gone"),
        ("mksh -i", ".mkshrc", "export GOROOT=/gone"),
        ("dash -l", ".profile", "export GOROOT=/gone"),
    ] {
        let (Some(ground), Some(_)) = (ground(), place(shell)) else { continue };
        let name = format!("{line} in {file} of {shell}");
        let head = if file.ends_with("variables") { "# VERSION: 3.0" } else { "# mine" };
        let file = ground.put(&format!("home/{file}"), format!("{head}\n{line}\n"));
        let first = with_path(&ground, shell);
        let told = ground.typed(shell, &[], &format!("{first}\ngo version"));
        assert!(!told.ended_with(0), "{name}: {told}");
        let findings = ground.found_in(shell, &[], &first);
        for id in ["E101", "E104"] {
            let finding = findings.need(id);
            assert_eq!(finding["file"], file.to_str().unwrap(), "{name}: {finding}");
            assert_eq!(finding["line"], 2, "{name}: {finding}");
        }
        let mended = format!("{first}\n{}\ngo version", findings.fix("E101"));
        let _ = ground.typed(shell, &[], &mended).code_of(&name, 0);
        let lasting = format!("{first}\n{}", findings.fix("E104"));
        let _ = ground.typed(shell, &[], &lasting);
        let told = ground.typed(shell, &[], &format!("{first}\ngo version"));
        let _ = told.code_of(&name, 0);
    }
}
