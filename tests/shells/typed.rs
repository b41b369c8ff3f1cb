//! The code of `gvm init`, loaded twice into each shell that is here, and used.

use crate::cast::{Actor, CAST, are_required};
use crate::ground::Ground;
use crate::stage::tally;
use crate::terminal::Terminal;

/// So many shells must be here where `GVM_TEST_REQUIRE_SHELLS` is set.
const REQUIRED: usize = 7;

#[test]
fn enough_shells_are_here() {
    let here = CAST.iter().filter(|actor| actor.place().is_some());
    let names: Vec<_> = here.map(|actor| actor.name).collect();
    tally::say(
        &format!("shells run the code in pseudo-terminals: {}", names.join(", ")),
        names.len(),
    );
    assert!(!are_required() || names.len() >= REQUIRED, "only these are here: {names:?}");
}

#[test]
fn bash_runs_the_code() {
    try_in("bash");
}

#[test]
fn zsh_runs_the_code() {
    try_in("zsh");
}

#[test]
fn fish_runs_the_code() {
    try_in("fish");
}

#[test]
fn sh_runs_the_code() {
    try_in("sh");
}

#[test]
fn tcsh_runs_the_code() {
    try_in("tcsh");
}

#[test]
fn elvish_runs_the_code() {
    try_in("elvish");
}

#[test]
fn xonsh_runs_the_code() {
    try_in("xonsh");
}

#[test]
fn nushell_runs_the_code() {
    try_in("nushell");
}

fn try_in(name: &str) {
    let actor = CAST.iter().find(|actor| actor.name == name).unwrap();
    if actor.place().is_some() {
        play(&Ground::new(), actor);
    }
}

fn play(ground: &Ground, actor: &Actor) {
    let file = ground.code(actor.name).display().to_string();
    let start = format!("exec '{}' {}", actor.place().unwrap().display(), actor.start);
    let mut shell = Terminal::start(&start, actor.ready, &ground.vars(), &ground.elsewhere());
    let name = actor.name;

    let load = (actor.load)(&file);
    shell.line("say ready 1", "[[ready:1]]");
    shell.line(&format!("{load}; say loaded 1"), "[[loaded:1]]");
    shell.line(&format!("{load}; say loaded 2"), "[[loaded:2]]");

    let path = format!("[[path:{}:{}]]", ground.shims(), ground.path());
    shell.line("say path", &path);
    shell.line("go version", "go1.22.4: version");

    shell.line("gvm shell 1.21; say var", "[[var:1.21]]");
    shell.line("go version", "go1.21.13 GOTOOLCHAIN=local: version");
    let refused = shell.line(&(actor.fails)("gvm shell 9.99"), "[[status:3]]");
    assert!(refused.contains("9.99"), "{name}: {refused}");
    shell.line("say var", "[[var:1.21]]");
    shell.line("gvm shell --help", "gvm shell --unset");
    shell.line("gvm shell --unset; say var", "[[var:unset]]");
    shell.line("go version", "go1.22.4: version");

    shell.line(&(actor.fails)("gvm exec -- exit42"), "[[status:42]]");
    shell.line("gvm list", "1.21.13");

    let outside = shell.line("gvm_prompt --format 'p={version}=p'; say outside 1", "[[outside:1]]");
    let is_nothing = !outside.contains("p=1") && !outside.contains("not found");
    assert!(is_nothing, "{name}: {outside}");
    shell.line(&format!("cd '{}'", ground.project().display()), "project");
    shell.line("gvm_prompt --format 'p={version}=p'", "p=1.22.4=p");

    if let Some(tab) = actor.tab {
        shell.line("say before 1", "[[before:1]]");
        shell.keys(&format!("gvm use 1.2{tab}"));
        shell.expect_all(&["1.21.13", "1.22.4"]);
    }
}
