//! Fifty processes at a time in one ROOT.

use std::fs;
use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::stage::env::{Outcome, TestEnv, finish};
use crate::stage::fake::script;
use crate::stage::mint::Mint;
use crate::stage::site::{Answer, Site};
use crate::stage::tally;

const MANY: usize = 50;
const VERSIONS: [&str; 2] = ["1.21.13", "1.22.4"];

fn ends(env: &TestEnv, children: Vec<Child>) -> Vec<Outcome> {
    let end = |child| Outcome::new(env.folder(), &finish(child, "one of many"));
    children.into_iter().map(end).collect()
}

#[test]
fn fifty_that_install_the_same_fetch_it_once_and_one_installs_it() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let env = TestEnv::at(&site);
    let zip = "/proxy/golang.org/toolchain/@v/v0.0.1-go1.22.4.linux-amd64.zip";
    site.put(zip, Answer::Gated);
    let children: Vec<_> = (0..MANY).map(|_| env.gvm("install --json 1.22.4").start()).collect();
    site.open_gate();
    let outcomes = ends(&env, children).into_iter().map(|outcome| outcome.code(0).json());
    let new = outcomes.filter(|data| data["installed"][0]["already"] == false).count();
    assert_eq!((new, site.count(".zip")), (1, 1));
    let _ = env.gvm("verify").ok();
    tally::count("processes that install the same", MANY);
}

#[test]
fn fifty_that_install_different_versions_all_do() {
    let versions: Vec<String> = (0..MANY).map(|patch| format!("1.21.{patch}")).collect();
    let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
    let site = Site::mint(Mint::new(&versions));
    let env = TestEnv::at(&site);
    let children = versions.iter().map(|version| env.gvm("install").arg(version).start()).collect();
    for outcome in ends(&env, children) {
        let _ = outcome.code(0);
    }
    assert_eq!(env.published().len(), MANY);
    assert_eq!(env.names("versions").len(), MANY);
    assert_eq!(env.names("shims").len(), MANY + 2);
    assert_eq!(env.names("staging"), [""; 0]);
    let _ = env.gvm("verify").ok();
    tally::count("processes that install different versions", MANY);
}

/// Starts `go` by the shim until `done`; whoever does gets one of the versions each time.
fn run_shim(env: &TestEnv, done: &AtomicBool, runs: &AtomicUsize) {
    while !done.load(Ordering::SeqCst) {
        let said = env.go("version").ok();
        assert!(VERSIONS.iter().any(|version| said.stdout.contains(version)), "{said}");
        runs.fetch_add(1, Ordering::SeqCst);
    }
}

/// Does something while two others start the shim again and again; and goes on until they have done so often enough.
fn beside_shims(env: &TestEnv, at_least: usize, mut act: impl FnMut()) {
    struct Done<'a>(&'a AtomicBool);
    impl Drop for Done<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    let (done, runs) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        let end = Done(&done);
        let runners = [(); 2].map(|()| scope.spawn(|| run_shim(env, &done, &runs)));
        act();
        while runs.load(Ordering::SeqCst) < at_least
            && !runners.iter().any(thread::ScopedJoinHandle::is_finished)
        {
            act();
        }
        drop(end);
    });
}

fn with_both() -> (Site, TestEnv) {
    let site = Site::mint(Mint::new(&VERSIONS));
    let env = TestEnv::at(&site);
    for version in VERSIONS {
        let _ = env.gvm("use").arg(version).ok();
    }
    (site, env)
}

#[test]
fn fifty_that_switch_leave_one_of_two_and_no_shim_fails() {
    let (_site, env) = with_both();
    beside_shims(&env, 50, || {
        let start = |turn: usize| env.gvm("use").arg(VERSIONS[turn % 2]).start();
        for outcome in ends(&env, (0..MANY).map(start).collect()) {
            let _ = outcome.code(0);
        }
        // The words and the link are of one call.
        let words = fs::read_to_string(env.root().join("default")).unwrap();
        assert_eq!(env.gvm("current --short").ok().stdout, words);
    });
    tally::count("processes that switch the default", MANY);
}

#[cfg(unix)]
#[test]
fn shims_that_are_replaced_again_and_again_never_fail() {
    let (_site, env) = with_both();
    let shim = env.root().join("shims/go");
    let program = fs::read(&shim).unwrap();
    let mut turn = 0;
    beside_shims(&env, 100, || {
        turn += 1;
        // Another gvm's: it runs, and is not ours. Another process writes it: a child of this one's may hold it open for
        // writing (ETXTBSY) until it has become its program.
        let other = env.folder().join("other");
        let write =
            "cat \"$1\" >\"$0\" && echo \"$2\" >>\"$0\" && chmod 755 \"$0\" && mv \"$0\" \"$1\"";
        let mut shell = std::process::Command::new("/bin/sh");
        let written =
            shell.args(["-c", write]).args([&other, &shim]).arg(turn.to_string()).status();
        assert!(written.unwrap().success() && fs::read(&shim).unwrap() != program);
        let _ = env.gvm("use").arg(VERSIONS[turn % 2]).ok();
        assert!(fs::read(&shim).unwrap() == program, "it was replaced");
    });
}

/// A program that says its arguments, in one file: a script is opened once more by its interpreter.
#[cfg(unix)]
fn make_echo(go: &std::path::Path) {
    fs::remove_file(go).unwrap();
    let copied = std::process::Command::new("cp").arg("/bin/echo").arg(go).status();
    assert!(copied.unwrap().success());
}

/// A program that says its arguments.
#[cfg(windows)]
fn make_echo(go: &std::path::Path) {
    script(go, "#!/bin/sh\necho $*\n");
}

#[test]
fn fifty_that_run_while_it_is_removed_run_whole_or_say_that_it_is_not_there() {
    let (site, env) = with_both();
    // Whoever finds nothing can install nothing; a `go` on PATH is not what was asked for.
    let env = env.set("GOPROXY", "off").set("GVM_SOURCES", "goproxy");
    script(&env.bin().join("go"), "#!/bin/sh\necho another\n");
    let mut ran = 0;
    for _ in 0..5 {
        make_echo(&env.goroot("1.21.13").join("bin/go"));
        let begin = |turn: usize| match turn {
            4 => env.gvm("uninstall 1.21.13").start(),
            _ => env.gvm("exec 1.21.13 -- go whole").start(),
        };
        let mut outcomes = ends(&env, (0..10).map(begin).collect());
        let removal = outcomes.remove(4);
        if cfg!(unix) {
            let _ = removal.code(0);
        } else if !removal.ended_with(0) {
            // Programs that run cannot be removed there: it is said, and they are removed later.
            let _ = removal.code(1).says("hint: ");
            let _ = env.gvm("uninstall 1.21.13").ok();
        }
        for outcome in outcomes {
            let is_whole = outcome.ended_with(0) && outcome.stdout == "whole\n";
            // What runs there is a script after all, which is opened once more (2).
            let is_gone = outcome.ended_with(125) || cfg!(windows) && outcome.ended_with(2);
            assert!(is_whole || is_gone && outcome.stdout.is_empty(), "{outcome}");
            ran += usize::from(is_whole);
        }
        let again = env.gvm("install 1.21.13").var("GOPROXY", site.proxy());
        let _ = again.ok();
    }
    assert!(ran > 0, "none ran at all");
    tally::count("processes that run or remove", MANY);
}
