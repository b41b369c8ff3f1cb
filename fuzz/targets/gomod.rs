//! go.mod and go.work: the values are those that a plain reading of Go's rule finds, in their
//! lines; a toolchain's name is no version, or one that the go command reads too.

#![no_main]

use gvm_core::gomod::{GoMod, Value, lookup, toolchain_version};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let GoMod { go, toolchain } = GoMod::read(file);
    for (key, value) in [("go", go), ("toolchain", toolchain)] {
        assert_eq!(lookup(file, key.as_bytes()), value, "both ways to ask agree");
        if let Some(value) = value {
            check_value(file, key, value);
            check_name(value.text);
        }
        if let Ok(text) = str::from_utf8(file) {
            assert_eq!(value.map(|value| (value.text, value.line)), plainly(text, key));
        }
        let below = [b"// above\n", file].concat();
        let moved = lookup(&below, key.as_bytes()).map(|value| (value.text, value.line - 1));
        assert_eq!(moved, value.map(|value| (value.text, value.line)), "one line lower");
    }
    check_name(file);
});

fn check_value(file: &[u8], key: &str, value: Value<'_>) {
    let Value { text, line } = value;
    assert!(!text.is_empty() && !text.contains(&b'\n'));
    assert_eq!(text.trim_ascii(), text, "it is trimmed");
    assert!(!text.windows(2).any(|two| two == b"//"), "a comment is no part of it");
    let line = file.split(|b| *b == b'\n').nth(line as usize - 1).expect("the file has this line");
    let contains = |part: &[u8]| line.windows(part.len()).any(|window| window == part);
    assert!(contains(key.as_bytes()) && contains(text));
}

/// The rule on texts, where the standard library knows what a blank is.
fn plainly<'a>(text: &'a str, key: &str) -> Option<(&'a [u8], u32)> {
    for (line, number) in text.split('\n').zip(1..) {
        let Some(rest) = line.trim().strip_prefix(key) else { continue };
        if !rest.starts_with([' ', '\t']) {
            continue;
        }
        let value = rest.split("//").next().unwrap_or_default().trim();
        return (!value.is_empty()).then_some((value.as_bytes(), number));
    }
    None
}

fn check_name(name: &[u8]) {
    let Some(version) = toolchain_version(name) else { return };
    assert!(name.starts_with(version.tag().as_bytes()), "it begins with its version");
    assert!(!version.is_historic() && version.suffix().is_none());
    let with_suffix = [version.tag().as_bytes(), b"-maker"].concat();
    assert_eq!(toolchain_version(&with_suffix), Some(version));
}
