//! What a shim survives: odd callers, odd arguments, odd folders, closed streams; and what it says when it cannot go on.

#[cfg(unix)]
use std::ffi::OsStr;
use std::fs;
#[cfg(unix)]
use std::os::unix::{
    ffi::OsStrExt,
    fs::{PermissionsExt, symlink},
    process::CommandExt,
};
use std::process::Output;
#[cfg(unix)]
use std::process::{Command, Stdio};

use crate::fake::exe;
use crate::form::FORMS;
#[cfg(unix)]
use crate::form::Form;
use crate::place::{Child, Place, REPORT};

fn pinned() -> Place {
    let place = Place::new();
    place.install("go1.22.4", "0a0b0c0d");
    place.write("p/.go-version", b"1.22.4\n");
    place
}

/// Two lines, each by gvm; and the code.
fn refused(output: &Output) -> (i32, String) {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() == 2 && lines.iter().all(|line| line.starts_with("gvm: ")), "{text}");
    assert_eq!(output.stdout, b"", "{text}");
    (output.status.code().unwrap(), lines[0]["gvm: ".len()..].to_owned())
}

#[test]
fn an_empty_environment_is_no_hardship() {
    let place = pinned();
    for form in FORMS {
        let child = Child::of(&place.go(form).env_clear().args(["-c", REPORT]).output().unwrap());
        assert_eq!(child.program, exe(place.path("r/0a0b0c0d/bin/go")));
        assert_eq!(child.environment[..2], ["GOTOOLCHAIN=local", "GVM_SET_GOTOOLCHAIN=1"]);
    }
}

#[cfg(unix)]
#[test]
fn what_the_caller_calls_it_is_handed_on_and_does_not_count() {
    let place = pinned();
    for (form, name) in FORMS.into_iter().flat_map(|form| ["", ".", "gofmt"].map(|n| (form, n))) {
        let mut call = place.go(form);
        let child = Child::of(&call.arg0(name).args(["-c", REPORT, "x"]).output().unwrap());
        assert_eq!(child.program, place.path("r/0a0b0c0d/bin/go"), "{form:?} {name}");
        assert_eq!(child.arguments, [name, "-c", REPORT, "x"].map(OsStr::new));
    }
}

#[test]
fn arguments_of_any_bytes_and_any_number_pass_whole() {
    let place = pinned();
    for form in FORMS {
        #[cfg(unix)]
        let odd = [&b"\xff\xfe"[..], b"", b" ", b"\t$x*'"].map(OsStr::from_bytes);
        #[cfg(windows)]
        let odd = ["\u{fffd}\u{1f980}", "", " ", "\t$x*'", "a\\", "\"\\\\\"", "%PATH%"];
        let child = Child::of(&place.go(form).args(["-c", REPORT]).args(odd).output().unwrap());
        assert_eq!(child.arguments[3..], odd, "{form:?}");
        let number = if cfg!(windows) { 8_000 } else { 60_000 };
        let many = vec!["x"; number];
        let output = place.go(form).args(["-c", "echo $#", "sh"]).args(many).output().unwrap();
        assert_eq!(
            output.stdout,
            format!("{number}\n").as_bytes(),
            "{form:?}: {:?}",
            output.stderr
        );
    }
}

#[test]
fn every_alignment_of_the_stack_will_do() {
    let place = pinned();
    for (form, length) in FORMS.into_iter().flat_map(|form| (0..65).map(move |n| (form, n))) {
        let output = place.go(form).env("PAD", "x".repeat(length)).args(["-c", "exit 7"]).output();
        assert_eq!(output.unwrap().status.code(), Some(7), "{form:?} {length}");
    }
}

/// On Windows it is the one that the system looks for them in: by name.
#[test]
fn the_order_of_variables_stays() {
    let place = pinned();
    for form in FORMS {
        let mut call = place.go(form);
        call.env_clear().envs([("A", "1"), ("GOROOT", "/old"), ("Z", "2"), ("GOTOOLCHAIN", "")]);
        let child = Child::of(&call.args(["-c", REPORT]).output().unwrap());
        let (last, own) = ("Z=2", "GVM_SET_GOTOOLCHAIN=1");
        let [third, fourth] = if cfg!(windows) { [own, last] } else { [last, own] };
        let expected = ["A=1", "GOTOOLCHAIN=local", third, fourth];
        let seen = child.environment.iter().filter(|line| expected.iter().any(|it| line == it));
        assert_eq!(seen.collect::<Vec<_>>(), expected, "{form:?}");
    }
}

#[test]
fn paths_of_any_bytes_are_paths() {
    let place = pinned();
    #[cfg(unix)]
    let (odd, shown) = (OsStr::from_bytes(b"p/\xff\x1b dir"), "\\xff\\x1b dir/");
    // Of the characters that steer a terminal, Windows lets this be.
    #[cfg(windows)]
    let (odd, shown) = ("p/\u{9b} dir", "\\xc2\\x9b dir\\");
    let odd = place.path(odd);
    fs::create_dir_all(&odd).unwrap();
    fs::write(odd.join(".go-version"), "nonsense").unwrap();
    for form in FORMS {
        let (code, what) = refused(&place.go(form).current_dir(&odd).output().unwrap());
        let shown = format!("{shown}.go-version:1:1");
        assert!(code == 125 && what.contains(&shown), "{form:?} {what}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_gone_pins_nothing() {
    let place = pinned();
    place.install("go1.21.13", "0d0c0b0a");
    symlink("0d0c0b0a", place.path("r/current")).unwrap();
    let script = "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" \"$@\"";
    for form in FORMS {
        let mut call = place.call("/bin/sh".as_ref());
        call.args(["-c", script]).arg(place.shim(form, "go")).args(["-c", REPORT]);
        let child = Child::of(&call.output().unwrap());
        assert_eq!(child.program, place.path("r/0d0c0b0a/bin/go"), "{form:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_deeper_than_any_path_can_say_still_has_its_pin() {
    let place = pinned();
    let name = "d".repeat(200);
    let script = format!(
        "i=0; while [ $i -lt 25 ]; do mkdir -p {name}; cd -P {name} || exit 9; i=$((i+1)); done; \
         exec \"$0\" \"$@\""
    );
    for form in FORMS {
        let mut call = place.call("/bin/sh".as_ref());
        call.args(["-c", &script]).arg(place.shim(form, "go")).args(["-c", REPORT]);
        let child = Child::of(&call.output().unwrap());
        assert_eq!(child.program, place.path("r/0a0b0c0d/bin/go"), "{form:?}");
    }
    // The usual way of removing a folder stumbles over such a path.
    Command::new("rm").arg("-rf").arg(place.path("p")).status().unwrap();
}

#[cfg(unix)]
#[test]
fn closed_streams_stay_closed_and_harm_nobody() {
    let place = pinned();
    let script = "exec \"$0\" \"$@\" <&- >&- 2>&-";
    for (form, version, code) in
        FORMS.into_iter().flat_map(|form| [(form, "1.22.4", 7), (form, "x y", 125)])
    {
        let mut call = place.call("/bin/sh".as_ref());
        call.env("GVM_GO", version).args(["-c", script]).arg(place.shim(form, "go"));
        let status = call.args(["-c", "exit 7"]).stdout(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(code), "{form:?}");
    }
}

#[test]
fn a_program_that_cannot_run_is_named_with_the_reason() {
    let place = pinned();
    let go = exe(place.path("r").join("0a0b0c0d").join("bin").join("go"));
    fs::remove_file(&go).unwrap();
    for form in FORMS {
        let (code, what) = refused(&place.go(form).output().unwrap());
        assert_eq!(code, 127, "{form:?} {what}");
    }
    fs::write(&go, "\x7fELF").unwrap();
    #[cfg(unix)]
    let reasons = [(0o755, "exec format error"), (0o644, "permission denied")];
    #[cfg(windows)]
    let reasons = [(0, "it is no program for Windows")];
    for (mode, reason) in reasons {
        #[cfg(unix)]
        fs::set_permissions(&go, fs::Permissions::from_mode(mode)).unwrap();
        let _ = mode;
        for form in FORMS {
            let (code, what) = refused(&place.go(form).output().unwrap());
            assert_eq!(code, 126, "{form:?} {what}");
            assert_eq!(what, format!("{} cannot be started: {reason}", go.display()));
        }
    }
}

#[cfg(unix)]
#[test]
fn too_many_arguments_for_the_child_are_said_in_words() {
    let place = pinned();
    for form in FORMS {
        // The child gets two variables more: somewhere below the limit, the shim starts and the child does not.
        let words = |count: usize| {
            let mut call = place.go(form);
            call.args(["-c", ":"]).args(vec!["x".repeat(999); 500]).args(vec!["y"; count]);
            call.output()
        };
        let (mut low, mut high) = (0_usize, 400_000);
        while high - low > 1 {
            let middle = low.midpoint(high);
            if words(middle).is_ok() { low = middle } else { high = middle }
        }
        let (code, what) = refused(&words(low).unwrap());
        assert!(code == 126 && what.ends_with("argument list too long"), "{form:?} {what}");
    }
}

#[test]
fn a_relative_root_is_refused_and_an_empty_one_is_none() {
    let place = pinned();
    for form in FORMS {
        let (code, what) = refused(&place.go(form).env("GVM_DIR", "r").output().unwrap());
        assert_eq!((code, what.as_str()), (125, "GVM_DIR=r is no absolute path"), "{form:?}");
        let output = place.go(form).env("GVM_DIR", "").args(["-c", "exit 7"]).output().unwrap();
        assert_eq!(output.status.code(), Some(7), "{form:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_of_the_users_own_leads_to_the_same_root() {
    let place = pinned();
    fs::create_dir_all(place.path("elsewhere/shims")).unwrap();
    for form in FORMS {
        let shim = place.shim(form, "go");
        for name in ["elsewhere/golang", "elsewhere/shims/go"] {
            let _ = fs::remove_file(place.path(name));
            symlink(&shim, place.path(name)).unwrap();
            let child =
                Child::of(&place.call(&place.path(name)).args(["-c", REPORT]).output().unwrap());
            assert_eq!(child.program, place.path("r/0a0b0c0d/bin/go"), "{form:?} {name}");
        }
    }
}

#[test]
fn a_pin_that_is_no_file_is_refused_at_once() {
    let place = pinned();
    let pin = place.path("p/.go-version");
    fs::remove_file(&pin).unwrap();
    #[cfg(windows)]
    {
        fs::create_dir(&pin).unwrap();
        let (code, what) = refused(&place.go(FORMS[0]).output().unwrap());
        assert!(code == 125 && what.ends_with("is a folder, not a file"), "{what}");
    }
    #[cfg(unix)]
    assert!(Command::new("mkfifo").arg(&pin).status().unwrap().success());
    #[cfg(unix)]
    for form in FORMS {
        let (code, what) = refused(&place.go(form).output().unwrap());
        assert_eq!(code, 125);
        assert!(what.ends_with("/p/.go-version is a pipe, not a file"), "{form:?} {what}");
    }
    #[cfg(unix)]
    for (target, kind) in [("/dev/zero", "device"), ("/", "folder")] {
        fs::remove_file(&pin).unwrap();
        symlink(target, &pin).unwrap();
        for form in FORMS {
            let (code, what) = refused(&place.go(form).output().unwrap());
            assert!(code == 125 && what.contains(kind), "{form:?} {what}");
        }
    }
}

#[cfg(unix)]
#[test]
fn the_embedded_form_is_another_program_than_the_hosted_one() {
    let embedded = fs::read(Form::Embedded.path()).unwrap();
    assert!(embedded.len() < fs::read(Form::Hosted.path()).unwrap().len());
}
