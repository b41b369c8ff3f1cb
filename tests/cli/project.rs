//! A project without a pin: what its go.mod asks for, by the go command's own rule, in every command.

use crate::env::TestEnv;
use crate::mint::Mint;
use crate::site::Site;

/// A machine whose default is 1.22.4, with a network that has more.
fn machine() -> (Site, TestEnv) {
    let site = Site::mint(Mint::new(&["1.20.14", "1.22.3", "1.22.4", "1.22.5", "1.23.1"]));
    let env = TestEnv::at(&site).set("GOTOOLCHAIN", "auto");
    let _ = env.gvm("use 1.22.4").ok();
    (site, env)
}

#[test]
fn install_takes_what_go_mod_asks_for() {
    let (_site, env) = machine();
    env.write("go.mod", "module m\n\ngo 1.23.1\n");
    let _ = env.gvm("install").ok().says("go1.23.1 is installed");
    assert_eq!(
        env.gvm("current").ok().line(),
        format!("go1.23.1  (go.mod, {}:3)", env.work().join("go.mod").display())
    );
    let again = env.gvm("install --json").ok().json();
    assert_eq!(again["installed"][0]["already"], true);
}

#[test]
fn install_has_nothing_to_do_where_the_default_will_do() {
    let (_site, env) = machine();
    env.write("go.mod", "module m\n\ngo 1.21\n");
    let _ = env.gvm("install").ok().says("go1.22.4 is already installed");
    std::fs::remove_file(env.work().join("go.mod")).unwrap();
    let _ = env.gvm("install").run().code(2).says("nothing here asks for one");
}

#[test]
fn a_toolchain_that_is_asked_for_and_missing_is_named() {
    let (_site, env) = machine();
    env.write("go.mod", "module m\ngo 1.22\ntoolchain go1.23.1\n");
    let outcome = env.gvm("current").ok();
    assert!(outcome.line().starts_with("go1.22.4  (default"), "{outcome}");
    let _ = outcome.says("asks for go1.23.1, which is not installed").says("gvm install 1.23.1");
}

#[test]
fn a_pin_older_than_go_mod_is_told_beforehand() {
    let (_site, env) = machine();
    env.write("go.mod", "module m\ngo 1.23.1\n");
    let asked = |words: &str| env.gvm(words).var("GOTOOLCHAIN", "").ok();
    let _ = asked("pin 1.22.4").says("go.mod:2 needs go 1.23.1").says("gvm pin 1.23.1");
    let outcome = asked("current").says("go.mod:2 needs go 1.23.1");
    assert!(outcome.line().starts_with("go1.22.4  (.go-version"), "{outcome}");
    // With a GOTOOLCHAIN of the user's own the go command may switch, and refuses nothing.
    assert_eq!(env.gvm("current").ok().stderr, "");
}

#[test]
fn a_pinned_line_means_a_release_that_works_here() {
    let (_site, env) = machine();
    env.write("go.mod", "module m\ngo 1.22.5\n");
    env.write(".go-version", "1.22\n");
    let outcome = env.gvm("current").run().code(3).says("go.mod:2 needs go 1.22.5");
    let _ = outcome.says("the newest installed 1.22 is 1.22.4").says("gvm install 1.22");
    let _ = env.gvm("pin 1.22").ok().says("go1.22.5 is installed");
    assert_eq!(env.gvm("current --short").ok().line(), "1.22.5");
}

#[test]
fn a_pinned_line_that_can_never_work_here_is_told_so() {
    let (_site, env) = machine();
    env.write("go.mod", "module m\ngo 1.23.1\n");
    env.write(".go-version", "1.22\n");
    let _ = env.gvm("current").run().code(3).says("gvm pin 1.23.1");
    let _ = env.gvm("exec -- true").run().code(125).says("gvm pin 1.23.1");
}

#[test]
fn without_any_go_the_project_still_asks() {
    let site = Site::mint(Mint::new(&["1.22.4", "1.22.5"]));
    let env = TestEnv::at(&site);
    env.write("go.mod", "module m\ngo 1.22\n");
    let _ = env.gvm("install 1.22.5").ok();
    assert_eq!(env.gvm("current --short").ok().line(), "1.22.5");
    env.write("go.mod", "module m\ngo 1.22.6\n");
    let _ = env.gvm("current").run().code(3).says("go1.22.6 is not installed").says("go.mod:2");
}
