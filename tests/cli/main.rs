//! Black-box tests: the real program, in an empty environment of its own.
//!
//! What they play on stands in `tests/stage`: environments, small releases, a loopback site. Here are the stories, by topic.

#[cfg_attr(windows, allow(dead_code, unused_imports, reason = "some of it needs Linux's programs"))]
mod agreement;
mod altered;
mod archives;
mod at_the_prompt;
mod audit;
mod auto_install;
mod bad_input;
#[cfg(unix)]
mod bad_machine;
mod bad_pin;
mod commands;
mod complaints;
mod cooperation;
mod damage;
mod derived;
#[cfg(unix)]
mod docs;
mod exit_codes;
mod explain;
mod godev;
mod hostile_pin;
#[cfg_attr(windows, allow(dead_code, unused_imports, reason = "some of it needs Linux's programs"))]
mod inspect;
mod named_shims;
mod old_go;
#[cfg_attr(windows, allow(dead_code, unused_imports, reason = "some of it needs Linux's programs"))]
mod outside;
mod project;
mod real;
#[cfg_attr(windows, allow(dead_code, unused_imports, reason = "some of it needs old releases"))]
mod real_go;
mod refusals;
mod rule;
mod selection;
mod start_files;
mod surface;
mod switch;
mod together;
#[cfg_attr(windows, allow(dead_code, reason = "documents are held where a shell types them"))]
mod transcript;
mod which_go;

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;

use stage::{env, fake, installed, link, mint, site, stock};
