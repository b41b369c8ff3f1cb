//! No loops: a shim never starts a shim, neither itself nor one of another ROOT, nor by way of another manager's.

use std::fs;
use std::process::Output;

use crate::fake::{self, exe};
use crate::form::{FORMS, Form};
use crate::link;
use crate::place::Place;

fn place() -> Place {
    let place = Place::new();
    fs::remove_dir_all(place.path("r/versions")).unwrap();
    place
}

fn script(place: &Place, name: &str, content: &str) {
    fake::script(&place.path(name), content);
}

/// The one message: there was no second process that had something to say.
fn only_message(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(125), "{output:?}");
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    text
}

#[test]
fn two_roots_on_path_end_in_one_message_that_names_both_shims() {
    for (form, other) in FORMS.into_iter().flat_map(|form| FORMS.map(|other| (form, other))) {
        let place = place();
        let theirs = exe(place.path("r2/shims").join("go"));
        fs::create_dir_all(theirs.parent().unwrap()).unwrap();
        // A copy: the same file by another name would be passed over, as gvm's own.
        fake::copy_file(&place.shim(other, "go"), &theirs);
        let path = std::env::join_paths([place.path("r/shims"), place.path("r2/shims")]).unwrap();
        let text = only_message(&place.go(form).env("PATH", path).output().unwrap());
        for shim in [exe(place.path("r/shims").join("go")), theirs] {
            assert!(text.contains(&shim.display().to_string()), "{form:?} {other:?}: {text}");
        }
    }
}

#[test]
fn a_default_or_a_folder_that_leads_back_is_refused() {
    for form in FORMS {
        let place = place();
        place.goroot("other", "go1.22.4");
        let program = place.path("other/bin/go");
        fs::remove_file(exe(&program)).unwrap();
        fake::place(&place.shim(form, "go"), &program);
        let shim = place.path("r/shims/go");
        let other = std::path::Path::new("other").join("bin").join("go").display().to_string();
        let by_variable = place.call(&shim).env("GVM_GO", place.path("other")).output().unwrap();
        assert!(only_message(&by_variable).contains(&other), "{form:?}");
        link::make(place.path("other").to_str().unwrap(), &place.path("r/current"));
        let by_default = place.call(&shim).output().unwrap();
        assert!(only_message(&by_default).contains(&other), "{form:?}");
    }
}

#[test]
fn another_managers_shim_that_asks_gvm_again_ends_too() {
    for (form, how) in FORMS.into_iter().flat_map(|form| ["exec go", "go"].map(|how| (form, how))) {
        let place = place();
        let count = place.path("count");
        let line = format!("#!/bin/sh\necho x >>{}\n{how} \"$@\"\n", count.display());
        script(&place, "manager/go", &line);
        let path = std::env::join_paths([place.path("r/shims"), place.path("manager")]).unwrap();
        let output = place.go(form).env("PATH", path).arg("version").output().unwrap();
        let manager = std::path::Path::new("manager").join(exe("go"));
        let text = only_message(&output);
        assert!(text.contains(manager.to_str().unwrap()), "{form:?} {how}: {text}");
        assert!(fs::read_to_string(count).unwrap().lines().count() < 20, "{form:?} {how}");
    }
}

#[test]
fn a_manager_that_finds_a_real_go_is_no_loop() {
    let place = place();
    place.goroot("other", "go1.22.4");
    script(&place, "manager/go", "#!/bin/sh\nexec ../other/bin/go \"$@\"\n");
    let call = |form: Form| {
        let mut call = place.go(form);
        call.env("PATH", place.path("manager")).args(["-c", "exit 7"]).status().unwrap()
    };
    assert_eq!(FORMS.map(call).map(|status| status.code()), [Some(7); FORMS.len()]);
}
