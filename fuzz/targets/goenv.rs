//! `go/env` and `go.env`: the first line of the input is the name that is looked up in the rest,
//! and a plain reading of Go's rule finds the same.

#![no_main]

use gvm_core::goenv::{Which, lookup};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|b| *b == b'\n').unwrap_or(input.len());
    let (name, file) = (&input[..end], &input[end.saturating_add(1).min(input.len())..]);
    if let Ok(name) = str::from_utf8(name) {
        check(file, name);
    }
    check(file, "GOTOOLCHAIN");
});

fn check(file: &[u8], name: &str) {
    let lines = file.split(|b| *b == b'\n').zip(1u32..);
    let found: Vec<_> = lines.filter_map(|(line, at)| Some((value(line, name)?, at))).collect();
    assert_eq!(lookup(file, name, Which::Goroot), found.first().copied());
    assert_eq!(lookup(file, name, Which::User), found.last().copied());
}

fn value<'a>(line: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let is_name = name.starts_with(|first: char| first.is_ascii_uppercase()) && !name.contains('=');
    line.strip_prefix(name.as_bytes()).filter(|_| is_name)?.strip_prefix(b"=")
}
