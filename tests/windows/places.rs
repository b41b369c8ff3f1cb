//! ROOT in places that only Windows has: paths that are longer than 260 characters, drives, other spellings.

use std::fs;

use super::env::TestEnv;
use super::installed::Installed;
use super::mint::Mint;
use super::site::Site;

#[test]
fn a_root_may_be_deeper_than_260_characters() {
    let site = Site::mint(Mint::new(&["1.22.4", "1.21.3"]));
    let env = TestEnv::at(&site);
    let root = env
        .folder()
        .join("a folder with a long name ".repeat(6).trim())
        .join("größe ".repeat(20).trim());
    assert!(root.to_str().unwrap().chars().count() > 260);
    fs::create_dir_all(root.parent().unwrap()).unwrap();
    let env = env.set("GVM_DIR", &root);
    let _ = env.gvm("install 1.22.4 1.21.3").ok();
    let _ = env.gvm("use 1.22.4").ok();
    let _ = env.gvm("use 1.21.3").ok();
    let _ = env.gvm("verify").ok();
    let listed = env.gvm("list --json").ok().json();
    assert_eq!(listed["default"], "go1.21.3");
    let which = env.gvm("which").ok();
    assert!(fs::metadata(which.line()).unwrap().is_file(), "{which}");
    // To start a program from there is more than Wine can.
    let _ = env.gvm("uninstall 1.22.4").ok();
}

#[test]
fn a_root_that_depends_on_the_drive_one_stands_on_is_refused() {
    let env = TestEnv::new();
    for root in [r"C:gvm", r"\gvm", "/gvm", "gvm", r".\gvm"] {
        let refused = env.gvm("list").var("GVM_DIR", root).run().code(2);
        let _ = refused.says("is no absolute path");
    }
}

#[test]
fn one_root_may_be_spelled_in_several_ways() {
    let env = Installed::new(&["1.22.4"]);
    let root = env.root().to_str().unwrap().to_owned();
    for spelled in [root.to_uppercase(), root.replace('\\', "/"), format!("{root}\\")] {
        let listed = env.gvm("list --json").var("GVM_DIR", &spelled).ok().json();
        assert_eq!(listed["default"], "go1.22.4", "{spelled}");
        let told = env.go("version").var("GVM_DIR", &spelled).ok();
        assert!(told.line().starts_with("go1.22.4"), "{spelled}: {told}");
        let _ = env.gvm("use 1.22.4").var("GVM_DIR", &spelled).ok();
    }
}
