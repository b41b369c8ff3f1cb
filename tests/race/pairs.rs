//! Two processes at a time, one of them held where it hurts.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::process::Child;
use std::thread;

use gvm_core::target::Target;
use sha2::{Digest, Sha256};

use crate::stage::env::{Outcome, TestEnv, finish};
use crate::stage::fake::script;
use crate::stage::held::Held;
use crate::stage::mint::{Mint, archive_files, tar_gz};
use crate::stage::site::Site;

const OLD: &str = "1.21.13";
const NEW: &str = "1.22.4";

fn with(versions: &[&str]) -> (Site, TestEnv) {
    let site = Site::mint(Mint::new(&[OLD, NEW]));
    let env = TestEnv::at(&site);
    for version in versions {
        let _ = env.gvm("install").arg(version).ok();
    }
    (site, env)
}

#[test]
fn a_sweep_leaves_a_live_installs_tree_alone() {
    for point in ["staging.folder-made", "unpack.file-written@3", "install.synced"] {
        let (_site, env) = with(&[OLD]);
        let held = Held::at(&env, "install 1.22.4", point);
        let before = env.names("staging");
        assert_eq!(before.len(), 1);
        let _ = env.gvm("use").arg(OLD).ok();
        assert_eq!(env.names("staging"), before, "{point}");
        let _ = held.go_on(&env).code(0);
        assert_eq!(env.names("staging"), [""; 0]);
        let _ = env.gvm("verify").ok();
    }
}

#[test]
fn a_dead_owners_lock_never_blocks_and_a_live_ones_does() {
    let calls = [
        ("lock.version-taken", "install 1.22.4", "go1.22.4"),
        ("lock.root-taken", "use 1.21.13", "the same folder"),
    ];
    for (point, words, what) in calls {
        let (_site, env) = with(&[OLD]);
        let held = Held::at(&env, words, point);
        let busy = env.gvm(words).arg("--lock-timeout").arg("0").run().code(6);
        let _ = busy.says(&format!("another gvm (process {}) is working on {what}", held.id()));
        held.kill();
        let _ = env.gvm(words).arg("--lock-timeout").arg("0").ok();
    }
}

#[test]
fn what_is_removed_before_it_starts_is_not_replaced_by_another_go() {
    let (_site, env) = with(&[OLD, NEW]);
    script(&env.bin().join("go"), "#!/bin/sh\necho another\n");
    for words in ["exec 1.22.4 -- go version", "exec 1.22.4 -- gofmt"] {
        let held = Held::at(&env, words, "exec.ready");
        let _ = env.gvm("uninstall").arg(NEW).ok();
        let said = held.go_on(&env).code(125).says("go1.22.4 was removed meanwhile");
        assert_eq!(said.stdout, "");
        let _ = env.gvm("install").arg(NEW).ok();
    }
}

#[test]
fn of_two_that_remove_one_does_and_the_other_says_so() {
    let (_site, env) = with(&[OLD, NEW]);
    let held = Held::at(&env, "uninstall 1.22.4", "change.swept");
    let second = env.gvm("uninstall 1.22.4").start();
    // It waits by now, or it has not looked yet: either way it comes too late.
    let _ = held.go_on(&env).code(0);
    let second = Outcome::new(env.folder(), &finish(second, "the second")).code(3);
    assert!(
        second.stderr.contains("was removed meanwhile")
            || second.stderr.contains("is not installed")
    );
    assert_eq!(env.names("versions"), ["go1.21.13"]);
}

#[test]
fn a_removal_and_a_switch_leave_no_default_that_is_gone() {
    let (_site, env) = with(&[OLD, NEW]);
    let _ = env.gvm("use").arg(OLD).ok();
    let held = Held::at(&env, "uninstall 1.22.4", "remove.moved-aside");
    let switch = env.gvm("use 1.22.4").var("GOPROXY", "off").start();
    let _ = held.go_on(&env).code(0);
    // Whatever it saw, it does not make a version the default that is not there.
    let switch = Outcome::new(env.folder(), &finish(switch, "the switch"));
    assert!(!switch.ended_with(0), "{switch}");
    assert!(env.go("version").ok().line().contains(OLD));
}

/// The two trees differ by a file: in between, the new one stands under the old one's receipt.
#[test]
fn a_tree_that_is_being_replaced_is_not_said_to_be_tampered_with() {
    let (_site, env) = with(&[OLD]);
    let archive = tar_gz(&archive_files(&(NEW.to_owned(), Target::host())));
    let digest = hex::encode(Sha256::digest(&archive));
    let path = env.write(&format!("go{NEW}.{}-amd64.tar.gz", Target::host().os()), &archive);
    let _ = env.gvm("install --sha256").arg(&digest).arg(&path).ok();
    let held = Held::at(&env, "install --force --source goproxy 1.22.4", "replace.exchanged");
    let verify = waiting(&env, "verify");
    let _ = held.go_on(&env).code(0);
    let _ = Outcome::new(env.folder(), &finish(verify, "verify")).code(0);
    assert!(!fs::exists(env.goroot(NEW).join("doc")).unwrap());
}

#[test]
fn a_tree_that_is_removed_while_it_is_listed_or_verified_is_no_damage() {
    let (_site, env) = with(&[OLD, NEW]);
    let held = Held::at(&env, "uninstall 1.22.4", "remove.forgotten");
    for words in ["list", "verify"] {
        let outcome = env.gvm(words).ok();
        assert!(!outcome.stdout.contains(NEW) && outcome.stderr.is_empty(), "{outcome}");
    }
    let _ = held.go_on(&env).code(0);
}

/// Between its receipt and its tree a version that is being made looks like the rest of one that was removed.
#[test]
fn what_is_installed_while_it_is_to_be_removed_is_removed() {
    let (_site, env) = with(&[OLD]);
    let held = Held::at(&env, "install 1.22.4", "publish.receipt-written");
    let removal = waiting(&env, "uninstall 1.22.4");
    let _ = held.go_on(&env).code(0);
    let _ = Outcome::new(env.folder(), &finish(removal, "the removal")).code(0);
    assert!(!env.goroot(NEW).exists());
    let _ = env.gvm("uninstall 1.22.4").run().code(3);
}

/// A call that has said that it waits for another one.
fn waiting(env: &TestEnv, words: &str) -> Child {
    let mut child = env.gvm(words).start();
    let mut heard = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("Waiting for another gvm") {
        line.clear();
        assert_ne!(heard.read_line(&mut line).unwrap(), 0, "it did not wait");
    }
    // What it says later must find somebody who listens.
    thread::spawn(move || io::copy(&mut heard, &mut io::sink()));
    child
}
