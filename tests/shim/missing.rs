//! What is asked for and not installed: the failure that says so, and with GVM_AUTO_INSTALL=1, the one call of gvm.

use std::fs;
use std::process::Command;

use crate::fake::{self, exe};
use crate::form::{FORMS, Form};
use crate::link;
use crate::place::Place;

/// A project that pins what is not there, and a gvm that writes down how it was called and then does `what`.
fn place(what: &str) -> Place {
    let place = Place::new();
    place.write("p/.go-version", b"1.22\n");
    let there = place.path("");
    let script = format!(
        "#!/bin/sh\ncd {} || exit 9\necho \"$GVM_DIR $*\" >>log\necho progress\n{what}\n",
        there.display()
    );
    fake::script(&place.path("gvm"), &script);
    link::make(exe(place.path("gvm")).to_str().unwrap(), &place.path("r/command"));
    place
}

fn call(place: &Place, form: Form) -> Command {
    let mut call = place.go(form);
    call.env("GVM_AUTO_INSTALL", "1").env("PATH", "/usr/bin:/bin").args(["-c", "echo ran"]);
    call
}

#[cfg(windows)]
const INSTALLS: &str = "cp -r made r/0a0b0c0d && ln -s ../0a0b0c0d r/versions/go1.22.4";
#[cfg(unix)]
const INSTALLS: &str =
    "mkdir -p r/0a0b0c0d && cp -r made/* r/0a0b0c0d && ln -s ../0a0b0c0d r/versions/go1.22.4";

#[test]
fn what_is_missing_is_installed_once_and_runs() {
    for form in FORMS {
        let place = place(INSTALLS);
        place.goroot("made", "go1.22.4");
        let output = call(&place, form).output().unwrap();
        assert_eq!(output.stdout, b"ran\n", "{form:?} {output:?}");
        assert_eq!(output.stderr, b"progress\n", "{form:?}");
        let log = fs::read_to_string(place.path("log")).unwrap();
        assert_eq!(log, format!("{} install -- 1.22\n", place.path("r").display()));
        assert_eq!(call(&place, form).output().unwrap().stderr, b"", "{form:?}");
    }
}

#[test]
fn what_is_asked_for_in_the_call_is_installed_too() {
    for form in FORMS {
        let place = place("");
        let mut call = place.go(form);
        call.env("GVM_AUTO_INSTALL", "1")
            .env("PATH", "/usr/bin:/bin")
            .args(["+~1.21.3", "version"]);
        let output = call.output().unwrap();
        assert_eq!(output.status.code(), Some(127), "{form:?}");
        assert!(fs::read_to_string(place.path("log")).unwrap().ends_with("install -- ~1.21.3\n"));
    }
}

#[test]
fn an_install_that_fails_is_said_and_not_tried_again() {
    for form in FORMS {
        let place = place("exit 4");
        let output = call(&place, form).output().unwrap();
        assert_eq!(output.status.code(), Some(127), "{form:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("installing it did not help"), "{form:?} {text}");
        assert_eq!(fs::read_to_string(place.path("log")).unwrap().lines().count(), 1);
    }
}

#[test]
fn without_the_users_word_or_without_gvm_nothing_is_installed() {
    for form in FORMS {
        let place = place(INSTALLS);
        for word in ["", "0", "yes"] {
            let output = call(&place, form).env("GVM_AUTO_INSTALL", word).output().unwrap();
            assert_eq!(output.status.code(), Some(127), "{form:?} {word}");
        }
        fs::remove_file(place.path("r/command")).unwrap();
        assert_eq!(call(&place, form).output().unwrap().status.code(), Some(127), "{form:?}");
        assert!(!place.path("log").exists(), "{form:?}");
    }
}
