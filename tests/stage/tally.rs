//! [`count`]: what a chapter of tests counted, said aloud and held to `docs/testing.md`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Says how many of these there were, where it is not the same number on every machine.
pub fn say(what: &str, number: usize) {
    let _ = writeln!(io::stderr(), "count: {number} {what}");
}

/// Says how many of these there were, past the test runner's capture of what passing tests print, and holds that the
/// document's row for them says the same: `| WHAT | NUMBER | …`.
#[track_caller]
pub fn count(what: &str, number: usize) {
    say(what, number);
    // It tells of Linux: what is not done elsewhere is not counted there.
    if cfg!(windows) {
        return;
    }
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/testing.md");
    let document = fs::read_to_string(document).expect("docs/testing.md is there");
    let row = format!("| {what} | {number} |");
    let is_said = document.lines().any(|line| line.starts_with(&row));
    assert!(is_said, "docs/testing.md has no row that begins with `{row}`");
}
