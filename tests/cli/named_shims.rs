//! `go1.X.Y` beside `go` and `gofmt`: one for each installed version and only those, and each is
//! that version for ever.

use std::fs;

use crate::env::TestEnv;
use crate::fake::{exe, script};
use crate::installed::Installed;
use crate::mint::Mint;
use crate::site::Site;

/// The shims that are named after a version.
fn named(env: &TestEnv) -> Vec<String> {
    let is_named = |name: &String| name != "go" && name != "gofmt";
    env.names("shims").into_iter().filter(is_named).collect()
}

#[test]
fn they_appear_with_install_and_vanish_with_uninstall() {
    let other = if cfg!(windows) { "linux/amd64" } else { "windows/amd64" };
    let site = Site::mint(Mint::new(&["1.20.14", "1.22.4", "1.23rc1"]).and("1.22.4", other));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.4").ok();
    assert_eq!(named(&env), ["go1.22.4"]);
    let _ = env.gvm("install 1.20.14 1.23rc1").ok();
    assert_eq!(named(&env), ["go1.20.14", "go1.22.4", "go1.23rc1"]);
    let _ = env.gvm("use 1.22.4").ok();
    let _ = env.gvm("install 1.22.4 --target").arg(other).ok();
    assert_eq!(named(&env), ["go1.20.14", "go1.22.4", "go1.23rc1"], "only what runs here");
    let _ = env.gvm("uninstall 1.20.14").ok();
    assert_eq!(named(&env), ["go1.22.4", "go1.23rc1"]);
    let _ = env.gvm("uninstall --force 1.22.4 1.23rc1").ok();
    assert_eq!(named(&env), [""; 0]);
}

#[test]
fn each_is_exactly_its_version_whatever_else_asks() {
    let env = Installed::new(&["1.21.13", "1.22.4", "1.22.10", "1.24.4"]).on_path();
    let files =
        [(".go-version", "1.24.4\n"), ("go.mod", "module m\n\ngo 1.22.4\ntoolchain go1.24.4\n")];
    let here = env.project("here", &files);
    let vars = [("GVM_GO", "1.21.13"), ("GOROOT", "/nonexistent")];
    for (version, switch) in [("1.22.4", None), ("1.22.10", None), ("1.22.4", Some("go1.22.4"))] {
        let switched = switch.map(|switch| ("GOTOOLCHAIN_INTERNAL_SWITCH_VERSION", switch));
        let vars: Vec<_> = vars.into_iter().chain(switched).collect();
        let told =
            vars.iter().fold(here.shim(&format!("go{version}"), "build"), |call, (name, value)| {
                call.var(name, value)
            });
        let rest = if switch.is_some() { "SWITCH_VERSION=go1.22.4" } else { "GOTOOLCHAIN=local" };
        assert_eq!(told.ok().line(), format!("go{version} {rest}: build"));
    }
    let _ = env.gvm("use 1.24.4").ok();
    assert!(here.shim("go1.22.4", "build").ok().line().starts_with("go1.22.4 "));
    let moved = here.shim("go1.22.4", "run example.com/tool@latest").ok();
    assert!(moved.line().starts_with("go1.22.4"), "{moved}");
    let told = here.shim("go1.22.4", "build").var("GOTOOLCHAIN", "go1.24.4").ok();
    assert!(told.line().starts_with("go1.22.4 GOTOOLCHAIN=local"), "for ever: {told}");
}

/// The go command starts them by their name, found on PATH.
#[test]
fn a_nested_go_below_one_of_them_decides_afresh() {
    let env = Installed::new(&["1.21.13", "1.22.4", "1.24.4"]).on_path();
    let other = env.project("other", &[(".go-version", "1.24.4\n")]);
    let words = format!("nested {} vet", other.folder().display());
    let told = env.project("here", &[]).shim("go1.22.4", &words).ok();
    assert_eq!(told.line(), "go1.24.4 GOTOOLCHAIN=local: vet");
}

/// One whose version was taken away by hand runs nothing else in its place.
#[test]
fn one_without_its_version_refuses() {
    let env = Installed::new(&["1.21.13", "1.22.4"]);
    let here = env.project("here", &[]);
    fs::remove_dir_all(env.goroot("1.22.4")).unwrap();
    let refused = here.shim("go1.22.4", "build").run();
    assert!(refused.stderr.starts_with("gvm: ") && refused.stdout.is_empty(), "{refused}");
    assert!(refused.stderr.contains("1.22.4"), "{refused}");
    let _ = refused.code(127);
}

/// They are kept in step: what an interrupted gvm left out, the next one makes good.
#[test]
fn the_next_command_puts_right_what_is_missing_or_too_much() {
    let site = Site::mint(Mint::new(&["1.20.14", "1.22.4"]));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.4").ok();
    fs::remove_file(exe(env.root().join("shims/go1.22.4"))).unwrap();
    let shims = env.root().join("shims");
    fs::copy(exe(shims.join("go")), exe(shims.join("go1.99.1"))).unwrap();
    let _ = env.gvm("install 1.20.14").ok();
    assert_eq!(named(&env), ["go1.20.14", "go1.22.4"]);
}

/// A file there that is none of gvm's stays.
#[test]
fn what_somebody_else_put_there_stays() {
    let site = Site::mint(Mint::new(&["1.20.14", "1.22.4"]));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.4").ok();
    script(&env.root().join("shims/gopls"), "#!/bin/sh\necho mine\n");
    let _ = env.gvm("install 1.20.14").ok();
    let _ = env.gvm("uninstall 1.22.4").ok();
    assert_eq!(env.call(env.root().join("shims/gopls"), "").ok().line(), "mine");
}
