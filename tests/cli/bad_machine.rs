//! Folders and links that belong to others: as only Unix has them.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::env::TestEnv;
use crate::mint::Mint;
use crate::site::Site;
use crate::stock::skip;

/// The user that owns nothing.
const NOBODY: u32 = 65534;

fn site() -> Site {
    Site::mint(Mint::new(&["1.21.13", "1.22.3", "1.22.4"]))
}

/// Has a call made by the user that owns nothing, with a program that this user can reach. None, said aloud, where the
/// test runs as somebody who cannot do that.
fn as_nobody<'a>(env: &'a TestEnv, words: &str) -> Option<crate::env::Call<'a>> {
    if !rustix::process::geteuid().is_root() {
        skip("only root can become another user");
        return None;
    }
    let program = env.folder().join("gvm");
    if !program.exists() {
        fs::copy(env!("CARGO_BIN_EXE_gvm"), &program).unwrap();
        fs::set_permissions(env.folder(), PermissionsExt::from_mode(0o755)).unwrap();
    }
    let become_nobody = |command: &mut Command| {
        command.uid(NOBODY).gid(NOBODY);
    };
    Some(env.call(program, words).with(become_nobody))
}

#[test]
fn a_root_of_another_user_is_left_alone() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.21.13").ok();
    let Some(call) = as_nobody(&env, "install 1.22.4") else { return };
    insta::assert_snapshot!(call.run().code(1), @r"
    code 1
    err: error: TEMP/root belongs to root
    err: hint: work as root, or set GVM_DIR to a folder of your own; `GVM_GO=1.22` or a .go-version file chooses a version without changing it
    ");
    assert_eq!(env.published().len(), 1);
    let _ = as_nobody(&env, "list").unwrap().ok();

    chown(env.root(), Some(NOBODY), Some(NOBODY)).unwrap();
    insta::assert_snapshot!(env.gvm("install 1.22.4").run().code(1), @r"
    code 1
    err: error: TEMP/root belongs to nobody
    err: hint: work as nobody, or set GVM_DIR to a folder of your own; `GVM_GO=1.22` or a .go-version file chooses a version without changing it
    ");
}

#[test]
fn a_root_that_cannot_be_written_is_told() {
    let site = site();
    let env = TestEnv::at(&site);
    fs::create_dir(env.root()).unwrap();
    chown(env.root(), Some(NOBODY), Some(NOBODY)).ok();
    fs::set_permissions(env.root(), PermissionsExt::from_mode(0o555)).unwrap();
    let Some(call) = as_nobody(&env, "install 1.22.4") else { return };
    insta::assert_snapshot!(call.run().code(1), @r"
    code 1
    err: error: could not create TEMP/root/locks: Permission denied (os error 13)
    err: hint: TEMP/root belongs to nobody: make it writable, or set GVM_DIR to a folder that is
    ");
    assert_eq!(env.names(""), [""; 0]);
    let nowhere = env.folder().join("nowhere/root");
    let call = as_nobody(&env, "install 1.22.4").unwrap().var("GVM_DIR", nowhere);
    insta::assert_snapshot!(call.run().code(1), @r"
    code 1
    err: error: could not create TEMP/nowhere/root: Permission denied (os error 13)
    err: hint: TEMP belongs to root: make it writable, or set GVM_DIR to a folder that is
    ");
}

#[test]
fn a_project_that_cannot_be_written_is_told() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.4").ok();
    chown(env.root(), Some(NOBODY), Some(NOBODY)).ok();
    let Some(call) = as_nobody(&env, "pin 1.22.4") else { return };
    let own = Command::new("chown").args(["-R", "65534:65534"]).arg(env.root()).status();
    assert!(own.unwrap().success());
    insta::assert_snapshot!(call.run().code(1), @r"
    code 1
    err: error: could not write TEMP/project/.go-version: Permission denied (os error 13)
    err: hint: look at TEMP/project, which belongs to root: it must be writable
    ");
}
