//! The code under strict modes, where what is unset or fails ends the shell; and what linters say of it.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::cast::{are_required, on_path};
use crate::ground::Ground;
use crate::stage::stock::skip_program;

fn said(output: &Output) -> String {
    format!(
        "{:?}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn strict_modes_do_not_break() {
    let ground = Ground::new();
    let modes: [(&str, &str, &[&str]); 5] = [
        ("sh", "dash", &["-eu"]),
        ("bash", "bash", &["-eu", "-o", "pipefail"]),
        ("bash", "bash", &["--posix", "-eu"]),
        ("zsh", "zsh", &["-f", "-eu", "-o", "pipefail"]),
        ("zsh", "zsh", &["-f", "-eu", "-o", "ksh_arrays", "-o", "sh_word_split"]),
    ];
    for (name, program, options) in modes {
        let Some(place) = on_path(program) else { continue };
        let file = ground.code(name).display().to_string();
        let story = ". \"$1\"; . \"$1\"; gvm_prompt; gvm list >/dev/null; gvm shell 1.21; say var; go version; \
                     gvm shell --unset; say var; say path; if gvm shell 9.9; then :; else say status $?; fi; \
                     gvm shell 9.9; say never 1";
        let mut call = ground.run(&place);
        let ended = call.args(options).args(["-c", story, "x", &file]).output().unwrap();
        let text = said(&ended);
        let shims = ground.shims();
        for expected in [
            "[[var:1.21]]",
            "go1.21.13 GOTOOLCHAIN=local: version",
            "[[var:unset]]",
            &format!("[[path:{shims}:"),
            "[[status:3]]",
        ] {
            assert!(text.contains(expected), "{program} {options:?}: {expected} is not in {text}");
        }
        assert!(!text.contains("[[never"), "{program} {options:?}: {text}");
        assert_eq!(ended.status.code(), Some(3), "{program} {options:?}: {text}");
    }
}

#[test]
fn an_empty_or_missing_path_gets_the_shims_alone() {
    let ground = Ground::new();
    let file = ground.code("sh").display().to_string();
    for begin in ["PATH=", "unset PATH"] {
        let line = format!("{begin}; . \"$1\"; printf '%s' \"$PATH\"");
        let output = ground
            .run(Path::new("/bin/dash"))
            .args(["-eu", "-c", &line, "x", &file])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), ground.shims(), "{begin}");
    }
}

/// `/etc/csh.cshrc` and `~/.cshrc` are read by both.
#[test]
fn a_csh_that_is_no_tcsh_passes_over_the_code() {
    let ground = Ground::new();
    let Some(csh) = on_path("bsd-csh") else { return skip_program("bsd-csh is not here") };
    let file = ground.code("tcsh").display().to_string();
    let story = "source $FILE; source $FILE; echo still here";
    let ended = ground.run(&csh).args(["-f", "-c", story]).env("FILE", file).output().unwrap();
    assert!(ended.status.success(), "{}", said(&ended));
    assert_eq!([ended.stdout, ended.stderr].concat(), b"still here\n");
}

#[test]
fn linters_find_nothing() {
    let ground = Ground::new();
    let lints: [(&str, &str, &[&str]); 8] = [
        ("sh", "shellcheck", &["--shell=dash", "--severity=style"]),
        ("sh", "shellcheck", &["--shell=sh", "--severity=style"]),
        ("bash", "shellcheck", &["--shell=bash", "--severity=style"]),
        ("sh", "dash", &["-n"]),
        ("bash", "bash", &["-n"]),
        ("zsh", "zsh", &["-n"]),
        ("fish", "fish", &["--no-execute"]),
        ("tcsh", "tcsh", &["-n"]),
    ];
    for (name, program, options) in lints {
        let place = on_path(program);
        assert!(place.is_some() || !are_required(), "{program} is not here");
        let Some(place) = place else { continue };
        // Quotes in a path would be taken for a mistake: there is none here but those of the code.
        let file = ground.code_for(name, "/home/ü ü/gvm");
        let output = ground.run(&place).args(options).arg(&file).output().unwrap();
        let text = said(&output);
        let is_silent = output.stdout.is_empty() && output.stderr.is_empty();
        assert!(output.status.success() && is_silent, "{program} {options:?} of {name}: {text}");
    }
}

/// No PowerShell and no cmd are to be had where these tests run: their code is parsed, by grammars that others keep.
#[test]
fn grammars_find_no_error_in_what_no_shell_here_runs() {
    let ground = Ground::new();
    let grammars = [
        ("powershell", tree_sitter_powershell::LANGUAGE.into(), "if (1) {\n"),
        ("cmd", tree_sitter_batch::LANGUAGE.into(), "if exist x (\n"),
    ];
    for (name, grammar, half) in grammars {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&grammar).unwrap();
        let code = fs::read_to_string(ground.code_for(name, "/home/it's ü/gvm")).unwrap();
        let tree = parser.parse(&code, None).unwrap();
        assert!(!tree.root_node().has_error(), "{name}: {}\n{code}", tree.root_node().to_sexp());
        let tree = parser.parse(format!("{code}{half}"), None).unwrap();
        assert!(tree.root_node().has_error(), "{name}: the grammar finds fault with nothing");
    }
}
