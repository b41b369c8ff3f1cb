//! The code of `gvm init`, loaded twice into each shell that is here, and used.

use crate::cast::{Actor, CAST, are_required};
use crate::ground::Ground;
use crate::stage::tally;
use crate::terminal::Terminal;

/// So many shells must be here where `GVM_TEST_REQUIRE_SHELLS` is set.
const REQUIRED: usize = 7;

#[test]
fn the_code_does_in_each_shell_what_it_should() {
    let here: Vec<&Actor> = CAST.iter().filter(|actor| actor.place().is_some()).collect();
    let ground = Ground::new();
    for actor in &here {
        tally::say(&format!("shell that runs the code: {}", actor.name), 1);
        play(&ground, actor);
    }
    let names: Vec<_> = here.iter().map(|actor| actor.name).collect();
    assert!(!are_required() || here.len() >= REQUIRED, "only these are here: {names:?}");
    tally::say("shells in pseudo-terminals", here.len());
}

fn play(ground: &Ground, actor: &Actor) {
    let file = ground.code(actor.name).display().to_string();
    let start = format!("exec '{}' {}", actor.place().unwrap().display(), actor.start);
    let mut shell = Terminal::start(&start, &ground.vars(), &ground.elsewhere());
    let name = actor.name;

    shell.line("say ready 1", "[[ready:1]]");
    shell.line(&(actor.load)(&file), "");
    shell.line(&(actor.load)(&file), "");
    shell.line("say loaded 2", "[[loaded:2]]");

    let path = format!("[[path:{}:{}]]", ground.shims(), ground.path());
    shell.line("say path", &path);
    shell.line("go version", "go1.22.4: version");

    shell.line("gvm shell 1.21", "");
    shell.line("say var", "[[var:1.21]]");
    shell.line("go version", "go1.21.13: version");
    let refused = shell.line(&(actor.fails)("gvm shell 9.99"), "[[status:3]]");
    assert!(refused.contains("9.99"), "{name}: {refused}");
    shell.line("say var", "[[var:1.21]]");
    shell.line("gvm shell --help", "gvm shell --unset");
    shell.line("gvm shell --unset", "");
    shell.line("say var", "[[var:unset]]");
    shell.line("go version", "go1.22.4: version");

    shell.line(&(actor.fails)("gvm exec -- exit42"), "[[status:42]]");
    shell.line("gvm list", "1.21.13");

    let outside = shell.line("gvm_prompt --format 'p={version}=p'", "");
    shell.line("say outside 1", "[[outside:1]]");
    assert!(!outside.contains("p=1"), "{name}: {outside}");
    shell.line(&format!("cd '{}'", ground.project().display()), "");
    shell.line("gvm_prompt --format 'p={version}=p'", "p=1.22.4=p");

    if let Some(tab) = actor.tab {
        shell.line("say before 1", "[[before:1]]");
        shell.keys(&format!("gvm use 1.{tab}"));
        shell.expect_all(&["1.21.13", "1.22.4"]);
    }
}
