//! What is derived from the installed versions: the shims that bear a version's name, and the list that spares a shim the
//! folder of links. Both follow each change, and each crash.

use std::fs;

use crate::env::TestEnv;
use crate::fake::exe;
use crate::mint::Mint;
use crate::site::Site;

fn with(versions: &[&str]) -> (Site, TestEnv) {
    let site = Site::mint(Mint::new(versions));
    let env = TestEnv::at(&site);
    for version in versions {
        let _ = env.gvm("install").arg(version).ok();
    }
    (site, env)
}

#[test]
fn each_installed_version_has_a_shim_of_its_name_and_no_other_has() {
    let (_site, env) = with(&["1.21.13", "1.22.4"]);
    assert_eq!(env.names("shims"), ["go", "go1.21.13", "go1.22.4", "gofmt"]);
    let _ = env.gvm("uninstall 1.21.13").ok();
    assert_eq!(env.names("shims"), ["go", "go1.22.4", "gofmt"]);
}

#[test]
fn another_machines_version_has_none() {
    let other = if cfg!(windows) { "linux/amd64" } else { "windows/amd64" };
    let site = Site::mint(Mint::new(&["1.22.4"]).and("1.22.4", other));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.4 --target").arg(other).ok();
    assert_eq!(env.names("shims"), ["go", "gofmt"]);
}

#[test]
fn the_next_change_mends_what_a_crash_left() {
    let (_site, env) = with(&["1.21.13", "1.22.4"]);
    let shims = env.root().join("shims");
    fs::remove_file(exe(shims.join("go1.22.4"))).unwrap();
    fs::copy(exe(shims.join("go")), exe(shims.join("go1.20.1"))).unwrap();
    fs::write(shims.join("mine"), "").unwrap();
    let _ = env.gvm("use 1.22.4").ok();
    assert_eq!(env.names("shims"), ["go", "go1.21.13", "go1.22.4", "gofmt", "mine"]);
}

#[test]
fn the_list_of_versions_counts_until_the_folder_changes() {
    let (_site, env) = with(&["1.22.3", "1.22.4"]);
    let list = env.root().join("cache/installed");
    let text = fs::read_to_string(&list).unwrap();
    assert!(text.ends_with("\ngo1.22.4\ngo1.22.3\n"), "{text}");
    fs::write(&list, text.replace("go1.22.4\n", "")).unwrap();
    let newest = |env: &TestEnv| env.gvm("which").var("GVM_GO", "1.22").ok().stdout;
    assert!(newest(&env).contains(env.goroot("1.22.3").to_str().unwrap()), "it is read");
    fs::write(env.root().join("versions/x"), "").unwrap();
    assert!(newest(&env).contains(env.goroot("1.22.4").to_str().unwrap()), "it is outdated");
    let _ = env.gvm("use 1.22.3").ok();
    let text = fs::read_to_string(&list).unwrap();
    assert!(text.ends_with("\ngo1.22.4\ngo1.22.3\n"), "it is written anew: {text}");
}

#[test]
fn a_version_that_is_removed_by_hand_is_passed_over() {
    let (_site, env) = with(&["1.22.3", "1.22.4"]);
    fs::remove_dir_all(env.goroot("1.22.4")).unwrap();
    let found = env.gvm("which").var("GVM_GO", "1.22").ok().stdout;
    assert!(found.contains(env.goroot("1.22.3").to_str().unwrap()), "{found}");
}
