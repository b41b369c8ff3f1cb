//! `GVM_AUTO_INSTALL=1`: a shim that lacks a version has it installed, once, and goes on.

use crate::env::{Outcome, TestEnv, finish};
use crate::fake;
use crate::mint::Mint;
use crate::site::{Answer, Site};

/// An environment with a default, a pin of another version, and gvm itself on PATH.
fn lacking(site: &Site, pin: &str) -> TestEnv {
    let env = TestEnv::at(site);
    let path = std::env::join_paths([env.root().join("shims"), env.bin()]).unwrap();
    let env = env.set("PATH", path);
    fake::place(&fake::gvm(), &env.bin().join("gvm"));
    let _ = env.gvm("use 1.21.13").ok();
    env.write(".go-version", pin);
    env
}

fn zip_of(version: &str) -> String {
    format!("/proxy/golang.org/toolchain/@v/v0.0.1-go{version}.linux-amd64.zip")
}

#[test]
fn what_a_pin_lacks_is_installed_and_runs() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4", "1.22.10", "1.24.4"]));
    for (pin, version) in [("1.22.4\n", "1.22.4"), ("1.22\n", "1.22.10"), (">=1.23\n", "1.24.4")] {
        let env = lacking(&site, pin);
        let _ = env.go("version").run().code_of("without the variable", 127);
        let ran = env.go("version").var("GVM_AUTO_INSTALL", "1").ok();
        assert_eq!(ran.stdout, format!("go version go{version} linux/amd64\n"), "{ran}");
        assert!(ran.stderr.contains("installed"), "progress is on standard error: {ran}");
        let again = env.go("version").var("GVM_AUTO_INSTALL", "1").ok();
        assert_eq!(again.stderr, "", "{again}");
    }
}

#[test]
fn other_values_than_1_are_no() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let env = lacking(&site, "1.22.4\n");
    for value in ["0", ""] {
        let _ = env.go("version").var("GVM_AUTO_INSTALL", value).run().code_of(value, 127);
    }
    assert_eq!(site.count("go1.22.4.linux-amd64.zip"), 0);
}

#[test]
fn arguments_variables_and_gofmt_install_too() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4", "1.24.4"]));
    let env = lacking(&site, "1.21.13\n").set("GVM_AUTO_INSTALL", "1");
    assert_eq!(env.go("+1.22.4 version").ok().line(), "go version go1.22.4 linux/amd64");
    let formatted = env.call(env.root().join("shims/gofmt"), "").var("GVM_GO", "1.24.4").ok();
    assert_eq!(formatted.line(), "gofmt of go1.24.4");
}

/// The IDE and the shell start at once.
#[test]
fn of_twins_one_installs_and_both_run() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let env = lacking(&site, "1.22.4\n").set("GVM_AUTO_INSTALL", "1");
    site.put(zip_of("1.22.4"), Answer::Gated);
    let twins: Vec<_> = (0..4).map(|_| env.go("version").start()).collect();
    site.wait_for(&["go1.22.4.linux-amd64.zip"]);
    site.open_gate();
    for twin in twins {
        let ran = Outcome::new(env.folder(), &finish(twin, "a twin")).code(0);
        assert_eq!(ran.stdout, "go version go1.22.4 linux/amd64\n", "{ran}");
    }
    assert_eq!(site.count("go1.22.4.linux-amd64.zip"), 1, "the archive was fetched once");
}

/// It says so once; it does not try again and again, nor run another version.
#[test]
fn what_cannot_be_installed_ends_in_127() {
    let site = Site::mint(Mint::new(&["1.21.13"]));
    let env = lacking(&site, "1.22.4\n").set("GVM_AUTO_INSTALL", "1");
    let refused = env.go("version").run().code(127);
    assert_eq!(refused.stdout, "", "{refused}");
    assert!(refused.stderr.contains("1.22.4") && refused.stderr.lines().count() <= 8, "{refused}");
    let offline = env.go("version").var("GVM_OFFLINE", "1").run().code(127);
    assert_eq!(offline.stdout, "", "{offline}");
}

/// What is installed does not do either: that is found once, not for ever.
#[test]
fn a_pin_that_go_mod_rules_out_is_tried_once() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let env = lacking(&site, "1.22\n").set("GVM_AUTO_INSTALL", "1");
    env.write("go.mod", "module m\n\ngo 1.23.1\n");
    let refused = env.go("version").run().code(127);
    assert!(refused.stdout.is_empty() && refused.stderr.contains("1.23.1"), "{refused}");
    assert!(site.count("go1.22.4.linux-amd64.zip") <= 1);
}

/// A broken pin, or nothing asked at all, installs nothing.
#[test]
fn nothing_is_installed_that_nobody_named() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let env = lacking(&site, "1.22.4\n1.23\n").set("GVM_AUTO_INSTALL", "1");
    let _ = env.go("version").run().code(125);
    assert_eq!(site.count("go1.22.4.linux-amd64.zip"), 0);
}
