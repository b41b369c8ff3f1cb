//! `gvm audit`: all that gvm changes outside ROOT. The whole life of an installation is watched by the kernel's own
//! account of it, and what was changed is what the list says.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use crate::env::TestEnv;
use crate::env::{Outcome, finish};
use crate::mint::Mint;
use crate::site::Site;
use crate::stock::skip;

/// Calls that change what stands on a disk, or may.
const CALLS: &str = "open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,symlink,\
    symlinkat,link,linkat,chmod,fchmodat,chown,fchownat,lchown,truncate,mknod,mknodat,setxattr,lsetxattr";

/// Runs gvm with these words under strace; gives what it changed or opened for writing, by the paths it named.
fn watched(env: &TestEnv, words: &str) -> (Outcome, BTreeSet<PathBuf>) {
    let log = env.folder().join("strace.log");
    let call =
        env.call("/usr/bin/strace", "-f -qq -y -s 4096").arg("-e").arg(format!("trace={CALLS}"));
    let call = call.arg("-o").arg(&log).arg(env!("CARGO_BIN_EXE_gvm"));
    let call = call.with(|call| _ = call.args(words.split_whitespace()));
    let outcome = Outcome::new(env.folder(), &finish(call.start(), words));
    let text = fs::read_to_string(&log).unwrap();
    (outcome, text.lines().flat_map(changed).collect())
}

/// The paths that a line's call changes.
fn changed(line: &str) -> Vec<PathBuf> {
    let Some((call, rest)) = line.split_once('(') else { return Vec::new() };
    let call = call.rsplit(' ').next().unwrap_or_default();
    let reads = call.starts_with("open")
        && !["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|it| rest.contains(it));
    if reads || rest.contains(" = -1 ") {
        return Vec::new();
    }
    // Relative to an open folder, whose path strace tells: `AT_FDCWD</project>, "name"`.
    let folder = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    let folder = folder.map_or(Path::new(""), |(folder, _)| Path::new(folder));
    let names = rest.split('"').skip(1).step_by(2);
    // What a link leads to is no file that is changed.
    let names = names.skip(usize::from(call.starts_with("symlink")));
    names.map(|name| folder.join(name)).collect()
}

fn can_trace() -> bool {
    let tried =
        std::process::Command::new("strace").args(["-f", "-o", "/dev/null", "/bin/true"]).output();
    let can = tried.is_ok_and(|output| output.status.success());
    if !can {
        skip("strace is not here, or may not look at a process");
    }
    can
}

/// The places that `gvm audit` names.
fn listed(env: &TestEnv) -> BTreeSet<PathBuf> {
    let data = env.gvm("audit --json").ok().json();
    let changes = data["changes"].as_array().unwrap().iter();
    let own = changes.filter(|change| change["for"] == "you");
    own.map(|change| PathBuf::from(change["place"].as_str().unwrap())).collect()
}

#[cfg(unix)]
#[test]
fn nothing_is_changed_outside_root_but_what_audit_lists() {
    if !can_trace() {
        return;
    }
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let env = TestEnv::at(&site);
    fs::write(env.folder().join("home/.bashrc"), "alias ll='ls -l'\n").unwrap();
    let (setup, mut all) = watched(&env, "setup --shell bash --shell zsh --shell fish");
    let _ = setup.code(0);
    let standing = listed(&env);
    assert!(standing.len() >= 3, "{standing:?}");
    for words in [
        "use 1.22",
        "install 1.21.13",
        "list",
        "list-remote",
        "current",
        "explain",
        "verify",
        "inspect 1.22",
        "audit",
        "audit 1.22",
        "install --force 1.21.13",
        "uninstall 1.21.13",
        "completions bash",
    ] {
        let (outcome, changed) = watched(&env, words);
        let _ = outcome.code_of(words, 0);
        all.extend(changed);
        assert_eq!(listed(&env), standing, "after {words}");
    }
    let (teardown, changed) = watched(&env, "teardown");
    let _ = teardown.code(0);
    all.extend(changed);
    assert_eq!(listed(&env), BTreeSet::new());
    let (root, home) = (env.root(), env.folder().join("home"));
    let outside = all.iter().filter(|path| !path.starts_with(&root) && !path.starts_with("/dev"));
    // A file is written beside its place first; a folder of a start file is made for it.
    let is_listed = |path: &&PathBuf| {
        standing.iter().any(|place| {
            place.starts_with(path) || path.parent() == place.parent() && path.starts_with(&home)
        })
    };
    let unlisted: Vec<_> = outside.filter(|path| !is_listed(path)).collect();
    assert!(all.len() > 100, "too little was seen: {all:?}");
    assert_eq!(unlisted, Vec::<&PathBuf>::new());
    assert_eq!(fs::read_to_string(home.join(".bashrc")).unwrap(), "alias ll='ls -l'\n");
}

#[test]
fn a_machine_on_which_nothing_was_set_up_is_told_as_one() {
    let env = TestEnv::new();
    let told = env.gvm("audit").ok();
    assert!(told.stdout.starts_with("gvm changed "), "{told}");
    assert_eq!(listed(&env), BTreeSet::new());
}

#[test]
fn what_setup_changes_is_told_line_by_line_and_how_it_goes_away() {
    let env = TestEnv::new();
    let _ = env.gvm("setup --shell fish").ok();
    let told = env.gvm("audit").ok();
    assert!(told.stdout.contains("fish"), "{told}");
    assert!(told.stdout.contains("`gvm teardown`"), "{told}");
    let mut files = listed(&env);
    files.retain(|place| place.is_absolute());
    assert!(files.iter().all(|path| path.starts_with(env.folder())), "{told}");
    assert!(!files.is_empty());
}
