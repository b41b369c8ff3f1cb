//! Modes and owners: whoever can write to a toolchain runs code as its user. So nobody else may, whatever the umask; and
//! where somebody else may already, nothing is put there any more.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ground::{Ground, NEW, OLD, OTHER, assert_sound};
use crate::stage::env::{Call, TestEnv};
use crate::stage::stock::skip;
use crate::stage::tally::count;

const NOBODY: u32 = 65534;

/// A call of gvm under this umask.
fn under<'a>(env: &'a TestEnv, umask: &str, words: &str) -> Call<'a> {
    let line = format!("umask {umask}; exec \"$0\" \"$@\"");
    let call = env.call("/bin/sh", "-c").arg(line).arg(env!("CARGO_BIN_EXE_gvm"));
    call.with(|call| _ = call.args(words.split_whitespace()))
}

/// Everything below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut all = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type().unwrap().is_dir() {
            true => all.extend(below(&entry.path())),
            false => all.push(entry.path()),
        }
    }
    all
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

/// Each way in which something comes to stand in ROOT or in a project.
const WAYS: [&str; 8] = [
    "install 1.20.14",
    "list-remote",
    "use 1.21.13",
    "exec 1.22.4 -- /bin/true",
    "pin 1.20.14",
    "install --dry-run 1.22.4",
    "verify",
    "uninstall 1.20.14",
];

#[test]
fn nobody_else_may_write_to_what_gvm_writes_whatever_the_umask() {
    let ground = Ground::new();
    let mut looked_at = 0;
    for umask in ["000", "002", "022", "027", "077", "777"] {
        let env = ground.bare();
        for words in WAYS {
            let told = under(&env, umask, words).run();
            // Without any right of the user's own only root goes on.
            if umask != "777" {
                let _ = told.code_of(&format!("{umask}, {words}"), 0);
            }
        }
        let written = below(&env.root()).into_iter().chain([env.work().join(".go-version")]);
        for path in written.filter(|path| path.exists() && !path.is_symlink()) {
            let mode = mode(&path);
            assert_eq!(mode & 0o022, 0, "{umask}: {mode:o} {}", path.display());
            let is_private = path.starts_with(env.root().join("staging"));
            if rustix::process::geteuid().is_root() && !is_private && path.starts_with(env.root()) {
                let all = if path.is_dir() { 0o555 } else { 0o444 };
                assert_eq!(mode & all, all, "{umask}: {mode:o} {}", path.display());
            }
            looked_at += 1;
        }
    }
    assert!(looked_at > 100, "{looked_at}");
    count("ways to write under a umask", 6 * WAYS.len());
}

/// The program that `exec` becomes is the user's own affair, and so is what it writes.
#[test]
fn exec_gives_the_users_umask_to_its_program() {
    let ground = Ground::new();
    let env = ground.copy();
    for umask in ["0000", "0022", "0077"] {
        let told = under(&env, umask, "exec -- sh -c umask").var("PATH", "/usr/bin:/bin").ok();
        assert_eq!(told.line(), umask);
    }
}

#[test]
fn a_setgid_folder_changes_nothing_but_the_group() {
    let ground = Ground::new();
    let env = ground.bare();
    fs::create_dir(env.root()).unwrap();
    fs::set_permissions(env.root(), Permissions::from_mode(0o2755)).unwrap();
    let _ = env.gvm("use").arg(OLD).ok();
    for path in below(&env.root()).iter().filter(|path| !path.is_symlink()) {
        assert_eq!(mode(path) & 0o022, 0, "{}", path.display());
    }
    let told = env.go("version").ok();
    assert_eq!(told.line(), format!("go version go{OLD} linux/amd64"));
}

/// The folders that are looked at, each open to everybody for once.
#[test]
fn where_everybody_may_write_nothing_is_put_any_more() {
    let ground = Ground::new();
    let hash = crate::stage::env::hash8(OTHER);
    let folders =
        ["", "shims", "versions", "receipts", "cache/archives", &hash, &format!("{hash}/bin")];
    let mut refused = 0;
    for folder in folders {
        for bits in [0o777, 0o757, 0o1777] {
            let env = ground.copy();
            let open = env.root().join(folder);
            fs::set_permissions(&open, Permissions::from_mode(bits)).unwrap();
            let row = format!("{bits:o} {folder}");
            for words in ["install 1.22.4", "use 1.20.14", "uninstall 1.20.14", "pin 1.22.4"] {
                let told = env.gvm(words).run().code_of(&format!("{row}: {words}"), 1);
                let open = open.to_str().unwrap().trim_end_matches('/');
                let told = told.says(&format!("error: everybody may write to {open}"));
                let _ = told.says(&format!("hint: `chmod go-w {open}"));
                refused += 1;
            }
            for words in ["list", "current", "which", "explain", "exec -- true"] {
                let told = env.gvm(words).var("PATH", "/usr/bin:/bin").run().code_of(&row, 0);
                let _ = told.says("warning: everybody may write to ");
            }
            let shim = env.go("version").ok();
            assert_eq!(shim.stderr, "", "the shim says nothing of it");
            assert_sound(&env, &row, None, &shim);
            fs::set_permissions(&open, Permissions::from_mode(0o755)).unwrap();
            let well = env.gvm("install 1.22.4").ok();
            assert!(!well.stderr.contains("warning"), "{well}");
        }
    }
    count("changes refused where everybody may write", refused);
}

#[test]
fn a_group_that_may_write_is_named_and_a_folder_above_that_everybody_may() {
    if !rustix::process::geteuid().is_root() {
        return skip("only root can give a folder to another group");
    }
    let ground = Ground::new();
    let env = ground.copy();
    chown(env.root(), None, Some(50)).unwrap();
    fs::set_permissions(env.root(), Permissions::from_mode(0o2775)).unwrap();
    let told = env.gvm("install 1.22.4").ok();
    let _ =
        told.says("warning: the group ").says(&format!("may write to {}", env.root().display()));
    assert_eq!(env.gvm("current").ok().stderr, "");
    fs::set_permissions(env.root(), Permissions::from_mode(0o755)).unwrap();

    fs::set_permissions(env.folder(), Permissions::from_mode(0o777)).unwrap();
    let told = env.gvm("use").arg(NEW).ok();
    let _ = told.says(&format!("warning: everybody may write to {}", env.folder().display()));
    fs::set_permissions(env.folder(), Permissions::from_mode(0o1777)).unwrap();
    let told = env.gvm("use").arg(OLD).ok();
    assert!(!told.stderr.contains("warning"), "{told}");
}

/// Has a call made by the user that owns nothing.
fn as_nobody<'a>(env: &'a TestEnv, program: &Path, words: &str) -> Call<'a> {
    env.call(program, words).with(|call| {
        call.uid(NOBODY).gid(NOBODY);
    })
}

/// A root that another user made is read, and not changed.
#[test]
fn a_root_of_somebody_else_is_read_and_not_changed() {
    if !rustix::process::geteuid().is_root() {
        return skip("only root can become another user");
    }
    let ground = Ground::new();
    let env = ground.copy();
    let gvm = env.folder().join("gvm");
    fs::copy(env!("CARGO_BIN_EXE_gvm"), &gvm).unwrap();
    fs::set_permissions(env.folder(), Permissions::from_mode(0o755)).unwrap();
    chown(env.work(), Some(NOBODY), None).unwrap();
    let before: Vec<PathBuf> = below(&env.root());
    for words in ["install 1.22.4", "use 1.20.14", "uninstall 1.20.14", "pin 1.22.4"] {
        let told = as_nobody(&env, &gvm, words).run().code_of(words, 1);
        let _ =
            told.says(&format!("error: {} belongs to root", env.root().display())).says("hint: ");
    }
    for words in ["list", "current", "which", "explain", "verify", "pin 1.20.14"] {
        let _ = as_nobody(&env, &gvm, words).run().code_of(words, 0);
    }
    let told = as_nobody(&env, &gvm, "exec 1.21.13 -- go version").ok();
    assert_eq!(told.line(), format!("go version go{OLD} linux/amd64"));
    let told = as_nobody(&env, &env.root().join("shims/go"), "version").ok();
    assert_eq!(told.line(), format!("go version go{OTHER} linux/amd64"));
    assert_eq!(below(&env.root()), before);
}

/// The other way round: root would make files in a user's root that this user cannot remove.
#[test]
fn root_leaves_a_users_root_alone() {
    if !rustix::process::geteuid().is_root() {
        return skip("only root can give a folder away");
    }
    let ground = Ground::new();
    let env = ground.copy();
    let owner = Command::new("chown").arg("-R").arg("65534:65534").arg(env.root()).status();
    assert!(owner.unwrap().success());
    for words in ["install 1.22.4", "use 1.20.14", "uninstall 1.20.14"] {
        let _ = env.gvm(words).run().code_of(words, 1).says("belongs to nobody");
    }
    // These leave something in a root of one's own: lists, tiles and tree heads.
    let copy = env.work().join("go");
    let copied = Command::new("cp").arg("-r").arg(env.goroot(OLD)).arg(&copy).status();
    assert!(copied.unwrap().success());
    let _ = env.gvm("list-remote").ok();
    let _ = env.gvm("verify").arg(copy).ok();
    let _ = env.gvm("verify").ok();
    let is_strange = |path: &PathBuf| fs::symlink_metadata(path).unwrap().uid() != NOBODY;
    let strange: Vec<PathBuf> = below(&env.root()).into_iter().filter(is_strange).collect();
    assert!(strange.is_empty(), "{strange:?}");
}
