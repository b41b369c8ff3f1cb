//! Black-box tests: the real program, in an empty environment of its own.
//!
//! What they play on stands in `tests/stage`: environments, small releases, a loopback site. Here are the stories, by topic.

#![cfg(unix)]

mod altered;
mod auto_install;
mod bad_input;
mod bad_pin;
mod commands;
mod complaints;
mod cooperation;
mod damage;
mod derived;
mod docs;
#[path = "../stage/env.rs"]
mod env;
mod exit_codes;
mod explain;
mod godev;
mod hostile_pin;
#[path = "../stage/installed.rs"]
mod installed;
#[path = "../stage/mint.rs"]
mod mint;
mod named_shims;
mod project;
mod real;
mod real_go;
mod refusals;
mod rule;
#[path = "../stage/schema.rs"]
mod schema;
mod selection;
#[path = "../stage/site.rs"]
mod site;
#[path = "../stage/stock.rs"]
mod stock;
mod surface;
mod switch;
mod together;
mod transcript;
mod which_go;

use std::fs;
use std::path::Path;

#[test]
fn every_file_here_is_a_module() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let main = fs::read_to_string(folder.join("main.rs")).unwrap();
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let forgotten: Vec<_> = names
        .filter_map(|path| Some(path.file_name()?.to_str()?.strip_suffix(".rs")?.to_owned()))
        .filter(|name| name != "main" && !main.contains(&format!("\nmod {name};\n")))
        .collect();
    assert!(forgotten.is_empty(), "these files of tests/cli are not compiled: {forgotten:?}");
}
