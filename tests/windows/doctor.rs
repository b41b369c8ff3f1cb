//! `gvm doctor` on what only Windows has: a PATH of the machine before the user's, and programs by name in the registry.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::env::Outcome;
use super::installed::Installed;

/// A version that is set up: its shims stand in this process's PATH and in the user's.
fn set_up() -> Installed {
    let env = Installed::new(&["1.22.4"]).on_path();
    let _ = env.gvm("setup --shell cmd").ok();
    env
}

/// A Go as its MSI installs it for all users.
fn machine_wide(env: &Installed) -> PathBuf {
    let go = env.folder().join("Program Files").join("Go").join("bin").join("go.exe");
    fs::create_dir_all(go.parent().unwrap()).unwrap();
    fs::copy(env.root().join("shims").join("go.exe"), &go).unwrap();
    go
}

fn ids(told: &Outcome) -> Vec<String> {
    let data = told.json();
    let findings = data["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["id"].as_str().unwrap().to_owned()).collect()
}

fn launch(told: &Outcome, who: &str) -> Value {
    let data = told.json();
    let all = data["launches"].as_array().unwrap().clone();
    all.into_iter().find(|it| it["who"] == who).unwrap_or_else(|| panic!("{data}"))["go"].take()
}

#[test]
fn where_gvm_is_set_up_a_new_window_finds_its_shims() {
    let env = set_up();
    env.registry().key("Machine").set_expand_string("Path", r"%SystemRoot%\system32").unwrap();
    let told = env.gvm("doctor --json").run();
    let shim = env.root().join("shims").join("go.exe");
    assert_eq!(launch(&told, "a new window"), shim.to_str().unwrap());
    assert!(!ids(&told).iter().any(|id| id == "GVM-E025" || id == "GVM-E026"), "{told}");
}

#[test]
fn a_go_for_all_users_that_new_windows_find_is_named_with_what_helps() {
    let env = set_up();
    let go = machine_wide(&env);
    let machine = env.registry().key("Machine");
    machine.set_string("Path", go.parent().unwrap().to_str().unwrap()).unwrap();
    let told = env.gvm("doctor --json").run();
    assert_eq!(launch(&told, "a new window"), go.to_str().unwrap());
    assert!(ids(&told).contains(&"GVM-E025".to_owned()), "{told}");
    let _ = env.gvm("setup --system --shell cmd").ok();
    assert!(!ids(&env.gvm("doctor --json").run()).contains(&"GVM-E025".to_owned()));
}

#[test]
fn a_go_that_windows_starts_by_name_is_named_with_its_key() {
    let env = set_up();
    let go = machine_wide(&env);
    env.registry().key(r"App Paths\go.exe").set_string("", go.to_str().unwrap()).unwrap();
    let told = env.gvm("doctor --json").run();
    assert!(ids(&told).contains(&"GVM-E026".to_owned()), "{told}");
    assert!(env.gvm("doctor").run().stdout.contains(r"App Paths\go.exe names it"), "{told}");
}
