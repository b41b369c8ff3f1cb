//! `gvm audit SPEC`: what an installed version could do, against its receipt.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::{PermissionsExt, symlink};
#[cfg(unix)]
use std::path::Path;

use crate::env::{Outcome, TestEnv};
use crate::fake::copy_folder;
use crate::mint::Mint;
use crate::site::Site;

fn installed() -> TestEnv {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.4").ok();
    env
}

#[cfg(unix)]
fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn found(outcome: &Outcome) -> Vec<String> {
    let data = outcome.json();
    let finding = |it: &serde_json::Value| {
        format!("{} {}", it["kind"].as_str().unwrap(), it["path"].as_str().unwrap())
    };
    data["findings"].as_array().unwrap().iter().map(finding).collect()
}

#[test]
fn a_version_as_it_was_installed_has_nothing_to_find() {
    let env = installed();
    let told = env.gvm("audit 1.22").ok();
    assert!(told.stdout.starts_with("go1.22.4  nothing found in "), "{told}");
    assert_eq!(found(&env.gvm("audit --json 1.22.4").ok()), [""; 0]);
}

#[test]
fn what_was_added_is_found() {
    let env = installed();
    let goroot = env.goroot("1.22.4");
    fs::write(goroot.join("bin/more"), "MZ\0\0").unwrap();
    fs::write(goroot.join("bin/more.CMD"), "@echo off\r\n").unwrap();
    fs::write(goroot.join("notes"), "text").unwrap();
    let told = env.gvm("audit --json 1.22.4").run().code(1);
    let script = if cfg!(windows) { "program bin/more.CMD" } else { "added bin/more.CMD" };
    assert_eq!(found(&told), ["program bin/more", script, "added notes"]);
}

#[cfg(unix)]
#[test]
fn what_it_could_do_is_found_and_told_line_by_line() {
    let env = installed();
    let goroot = env.goroot("1.22.4");
    set(&goroot.join("bin/go"), 0o4755);
    set(&goroot.join("src"), 0o777);
    set(&goroot.join("VERSION"), 0o755);
    fs::write(goroot.join("bin/more"), "#!/bin/sh\n").unwrap();
    fs::write(goroot.join("notes"), "text").unwrap();
    symlink("/etc", goroot.join("out")).unwrap();
    set(&goroot.join("bin/more"), 0o755);
    set(&goroot.join("notes"), 0o644);
    let told = env.gvm("audit --json 1.22.4").run().code(1);
    let expected = [
        "execute-bit VERSION",
        "setuid bin/go",
        "program bin/more",
        "added notes",
        "link-out out",
        "writable-by-everybody src",
    ];
    assert_eq!(found(&told), expected);
    let text = env.gvm("audit 1.22.4").run().code(1);
    assert_eq!(text.stdout.lines().count(), 1 + expected.len(), "{text}");
    assert!(text.stdout.contains("\n  src everybody may write to it\n"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_receipt_that_others_may_write_is_found() {
    let env = installed();
    let receipts = env.root().join("receipts");
    let list = fs::read_dir(&receipts).unwrap().map(|entry| entry.unwrap().path());
    let list = list.into_iter().find(|path| path.extension().is_some_and(|it| it == "files"));
    set(&list.unwrap(), 0o666);
    let told = env.gvm("audit 1.22.4").run().code(1);
    assert!(told.stdout.contains(".files everybody may write to it"), "{told}");
}

#[test]
fn a_folder_without_a_receipt_is_looked_through_for_its_rights() {
    let env = installed();
    let copy = env.folder().join("copy");
    copy_folder(&env.goroot("1.22.4"), &copy);
    fs::write(copy.join("more"), "").unwrap();
    assert_eq!(found(&env.gvm("audit --json").arg(&copy).ok()), [""; 0]);
    #[cfg(unix)]
    set(&copy.join("bin/go"), 0o2755);
    let code = i32::from(cfg!(unix));
    let told = env.gvm("audit --json").arg(&copy).run().code(code);
    let expected: &[&str] = if cfg!(unix) { &["setgid bin/go"] } else { &[] };
    assert_eq!(found(&told), expected);
    assert!(told.stderr.contains("has no receipt"), "{told}");
    assert_eq!(told.json()["receipt"], false);
}

#[test]
fn what_is_not_there_is_not_found() {
    let env = installed();
    let _ = env.gvm("audit 1.21").run().code(3);
    let _ = env.gvm("audit").arg(env.work()).run().code(3);
}
