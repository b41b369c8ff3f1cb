//! Several gvm at once in one ROOT.

use std::io::{BufRead, BufReader, Read};

use crate::env::{Outcome, TestEnv, finish};
use crate::mint::Mint;
use crate::site::{Answer, Site};

fn zip_of(version: &str) -> String {
    format!("/proxy/golang.org/toolchain/@v/v0.0.1-go{version}.linux-amd64.zip")
}

#[test]
fn of_twins_one_installs_and_the_other_waits() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let env = TestEnv::at(&site);
    site.put(zip_of("1.22.4"), Answer::Gated);
    let first = env.gvm("install --json 1.22.4").start();
    site.wait_for(&["1.22.4.linux-amd64.zip"]);

    let mut second = env.gvm("install --json 1.22.4").start();
    let mut heard = BufReader::new(second.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("Waiting for another gvm") {
        line.clear();
        assert_ne!(heard.read_line(&mut line).unwrap(), 0, "it ended without a word about waiting");
    }
    assert!(line.contains("go1.22.4"), "{line}");
    site.open_gate();

    let done = [first, second].map(|child| {
        let output = finish(child, "one of two twins");
        Outcome::new(env.folder(), &output).code(0).json()["installed"][0]["already"].clone()
    });
    assert_eq!(done, [false, true]);
    let mut rest = String::new();
    heard.read_to_string(&mut rest).unwrap();
    assert!(!rest.contains("Downloading"), "{rest}");
    assert_eq!(site.count(".zip"), 1, "the archive was fetched once");
}

#[test]
fn different_versions_are_downloaded_in_parallel() {
    let site = Site::mint(Mint::new(&["1.20.14", "1.21.13", "1.22.4"]));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.20.14").ok();
    let versions = ["1.21.13", "1.22.4"];
    let children = versions.map(|version| {
        site.put(zip_of(version), Answer::Gated);
        env.gvm("install").arg(version).start()
    });
    // Neither gets a byte before both have asked.
    site.wait_for(&["go1.21.13.linux-amd64.zip", "go1.22.4.linux-amd64.zip"]);
    site.open_gate();
    for child in children {
        let output = finish(child, "one of two");
        let _ = Outcome::new(env.folder(), &output).code(0);
    }
    assert_eq!(env.names("versions"), ["go1.20.14", "go1.21.13", "go1.22.4"]);
}

#[test]
fn whoever_may_not_wait_is_told_who_is_at_work() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let env = TestEnv::at(&site);
    site.put(zip_of("1.22.4"), Answer::Gated);
    let first = env.gvm("install 1.22.4").start();
    site.wait_for(&["1.22.4.linux-amd64.zip"]);
    let owner = format!("another gvm (process {}) is working on go1.22.4", first.id());
    for limit in ["0", "0.05"] {
        let busy = env.gvm("install --json 1.22.4 --lock-timeout").arg(limit).run().code(6);
        assert_eq!(busy.error()["kind"], "busy");
        let _ = busy.says(&owner).says("--lock-timeout 600");
    }
    let _ = env.gvm("exec --lock-timeout 0 1.22.4 -- go version").run().code(125).says(&owner);
    site.open_gate();
    let _ = Outcome::new(env.folder(), &finish(first, "the first")).code(0);
    let _ = env.gvm("install --lock-timeout 0 1.22.4").ok();
    let _ = env.gvm("list --lock-timeout soon").run().code(2).says("give seconds");
}

#[test]
fn many_first_calls_at_once_make_one_root() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    for _ in 0..4 {
        let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy");
        let children: Vec<_> = (0..8).map(|_| env.gvm("install 1.22.4").start()).collect();
        for child in children {
            let output = finish(child, "one of many");
            let _ = Outcome::new(env.folder(), &output).code(0);
        }
        assert_eq!(env.names("versions"), ["go1.22.4"]);
    }
}

#[cfg(unix)]
#[test]
fn a_gvm_that_is_interrupted_leaves_nothing_half_made() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let env = TestEnv::at(&site);
    site.put(zip_of("1.22.4"), Answer::Gated);
    let child = env.gvm("install 1.22.4").start();
    site.wait_for(&["1.22.4.linux-amd64.zip"]);
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = finish(child, "interrupted");
    let _ = Outcome::new(env.folder(), &output).code(130);
    assert_eq!((env.published(), env.names("staging")), (vec![], vec![]));
    site.open_gate();
    let _ = env.gvm("install 1.22.4").ok();
}

#[test]
fn what_a_killed_gvm_left_is_swept_by_the_next() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let env = TestEnv::at(&site);
    site.put(zip_of("1.22.4"), Answer::Gated);
    let mut child = env.gvm("install 1.22.4").start();
    site.wait_for(&["1.22.4.linux-amd64.zip"]);
    child.kill().unwrap();
    let _ = finish(child, "killed");
    let orphan = env.root().join("staging/orphan/tree/bin");
    std::fs::create_dir_all(&orphan).unwrap();
    std::fs::write(orphan.join("go"), "half").unwrap();
    site.open_gate();
    let _ = env.gvm("install 1.22.4").ok();
    assert_eq!(env.names("staging"), [""; 0]);
}
