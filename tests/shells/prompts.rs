//! The prompts of `docs/shells.md`, as people copy them: the version is seen in a project, and nothing outside.

use std::fs;
use std::path::Path;

use crate::cast::{Actor, CAST};
use crate::ground::Ground;
use crate::terminal::Terminal;

/// The default of a [`Ground`].
const VERSION: &str = "1.22.4";

#[test]
fn the_prompts_that_are_written_down_show_the_version_in_a_project_and_nothing_outside() {
    let ground = Ground::new();
    for actor in CAST.iter().filter(|actor| actor.name != "sh" && actor.place().is_some()) {
        let mut shell = prompting(&ground, actor);
        let outside = shell.line("say outside 1", "[[outside:1]]");
        assert!(!outside.contains(VERSION), "{}: {outside}", actor.name);
        shell.line(&format!("cd '{}'", ground.project().display()), "project");
        shell.expect(VERSION);
        shell.line(&format!("cd '{}'; say gone 1", ground.elsewhere().display()), "[[gone:1]]");
        // Elvish shows the old prompt until it has the new one.
        let mut lines = (0..20).map(|_| shell.line("say outside 2", "[[outside:2]]"));
        assert!(lines.any(|line| !line.contains(VERSION)), "{}", actor.name);
    }
}

/// A shell with the line for it typed in.
fn prompting(ground: &Ground, actor: &Actor) -> Terminal {
    let start = format!("exec '{}' {}", actor.place().unwrap().display(), actor.start);
    let mut shell = Terminal::start(&start, actor.ready, &ground.vars(), &ground.elsewhere());
    let load = (actor.load)(&ground.code(actor.name).display().to_string());
    shell.line("say ready 1", "[[ready:1]]");
    shell.line(&format!("{load}; say loaded 1"), "[[loaded:1]]");
    let lines = lines_for(actor.name);
    shell.line(&format!("{lines}; say set 1"), "[[set:1]]");
    shell
}

/// The row of the document's block of prompts.
fn lines_for(name: &str) -> String {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/shells.md");
    let document = fs::read_to_string(document).unwrap();
    let (_, block) = document.split_once("It is off until you use it:").unwrap();
    let block = block.split("```").nth(1).unwrap();
    let mut rows = block.lines().filter_map(|row| row.split_once(' '));
    let row = rows.find(|row| row.0.to_lowercase() == name);
    row.unwrap_or_else(|| panic!("docs/shells.md has no prompt for {name}")).1.trim().to_owned()
}
