//! Versions and shims that run, or are open, while they are removed or replaced.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader};
use std::os::windows::fs::OpenOptionsExt;
use std::process::{Child, Stdio};

use super::env::Call;
use super::fake::{exe, script};
use super::installed::Installed;

const GO: &str = "#!/bin/sh
hold
";

/// A call that runs until it is let go.
fn running(call: Call<'_>) -> Child {
    let mut child = call.with(|command| _ = command.stdin(Stdio::piped())).start();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim_end(), "here");
    child
}

/// Lets it go on to its end.
fn let_go(mut child: Child) {
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_shim_that_runs_is_replaced_and_what_is_left_of_it_is_swept() {
    let env = Installed::new(&["1.22.4", "1.21.3"]);
    script(&env.goroot("1.22.4").join("bin/go"), GO);
    let shim = exe(env.root().join("shims/go"));
    let child = running(env.go(""));
    // Another gvm's shim, by one byte.
    let new = fs::read(&shim).unwrap();
    let old = [&new[..], b"\n"].concat();
    let aside = env.root().join("shims/aside");
    fs::rename(&shim, &aside).unwrap();
    fs::write(&shim, old).unwrap();
    fs::remove_file(&aside).unwrap_err();
    let second = running(env.go(""));
    let _ = env.gvm("use 1.21.3").ok();
    assert_eq!(fs::read(&shim).unwrap(), new);
    let_go(child);
    let_go(second);
    fs::remove_file(&aside).unwrap();
    let _ = env.gvm("use 1.22.4").ok();
    let left: Vec<_> = env.names("shims").into_iter().filter(|it| it.starts_with('.')).collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_version_that_runs_is_removed_as_a_whole_or_not_at_all() {
    let env = Installed::new(&["1.22.4", "1.21.3"]);
    script(&env.goroot("1.21.3").join("bin/go"), GO);
    let child = running(env.go("+1.21.3"));
    let outcome = env.gvm("uninstall 1.21.3").run();
    let stands = env.goroot("1.21.3").is_dir();
    // Windows moves no folder in which something runs, and Wine does.
    if stands {
        let _ = outcome.code(6).says("go.exe");
        assert!(env.goroot("1.21.3").join("VERSION").is_file());
        assert!(env.names("shims").contains(&"go1.21.3".to_owned()));
    } else {
        let _ = outcome.code(0);
        assert!(!env.names("shims").contains(&"go1.21.3".to_owned()));
    }
    let_go(child);
    let _ = env.gvm("uninstall 1.21.3").run().code(if stands { 0 } else { 3 });
    let _ = env.gvm("use 1.22.4").ok();
    assert_eq!(env.names("staging"), [""; 0]);
}

#[test]
fn a_folder_that_cannot_be_moved_is_named_and_stays_whole() {
    const BACKUP_SEMANTICS: u32 = 0x0200_0000;
    let env = Installed::new(&["1.22.4", "1.21.3"]);
    let goroot = env.goroot("1.21.3");
    let before = env.gvm("list").ok().stdout;
    // As a window has it that works there: everything is shared but the removal.
    let mut options = OpenOptions::new();
    let options = options.read(true).share_mode(3).custom_flags(BACKUP_SEMANTICS);
    let window = options.open(&goroot).unwrap();
    let refused = env.gvm("uninstall 1.21.3").run().code(6);
    let _ = refused.says("is in use").says(goroot.file_name().unwrap().to_str().unwrap());
    assert_eq!(env.gvm("list").ok().stdout, before);
    assert!(env.names("shims").contains(&"go1.21.3".to_owned()));
    drop(window);
    let _ = env.gvm("uninstall 1.21.3").ok();
}

#[test]
fn a_junction_that_was_begun_and_is_an_empty_folder_yet_is_swept() {
    let env = Installed::new(&["1.22.4", "1.21.3"]);
    let begun = env.root().join("versions").join(".gvm-7-0badf00d");
    fs::create_dir(&begun).unwrap();
    let _ = env.gvm("use 1.21.3").ok();
    assert!(!begun.exists());
}
