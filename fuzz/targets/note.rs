//! Signed notes and keys: what is believed carries a true signature of the whole text by the known key.

#![no_main]

use std::sync::LazyLock;

use data_encoding::BASE64;
use gvm::verify::note::{self, Note, Verifier};
use gvm_fuzz::input::Input;
use gvm_fuzz::log::{Log, NAME};
use libfuzzer_sys::fuzz_target;

static LOG: LazyLock<Log> = LazyLock::new(|| Log::of(Vec::new()));
static KNOWN: LazyLock<[Verifier; 1]> = LazyLock::new(|| [LOG.verifier()]);

fuzz_target!(|bytes: &[u8]| {
    check_key(bytes);
    check(bytes);
    let mut input = Input(bytes);
    let text = input.bytes(255);
    let mut signed = LOG.signed(text);
    let is_spoiled = !input.is_over();
    // Lines by others, before and after: the text is not theirs to change.
    let more = input.bytes(100);
    signed.extend_from_slice(more);
    input.spoil(&mut signed);
    let is_believed = check(&signed);
    let is_text = text.ends_with(b"\n")
        && str::from_utf8(text).is_ok_and(|text| text.chars().all(|c| c >= ' ' || c == '\n'));
    assert!(is_spoiled || is_believed == is_text, "{:?}", String::from_utf8_lossy(text));
});

/// Whether the note is believed; panics where it must not be.
fn check(bytes: &[u8]) -> bool {
    let Ok(note) = note::open(bytes, &*KNOWN) else { return false };
    let Note { text, verified, unknown } = note;
    let [by] = &*verified else { panic!("one key is known: {verified:?}") };
    assert_eq!(by.name, NAME);
    assert!(!unknown.contains(by));
    let lines = bytes.strip_prefix(text.as_bytes()).and_then(|rest| rest.strip_prefix(b"\n"));
    let lines = str::from_utf8(lines.expect("the text comes first")).expect("a note is text");
    assert!(text.ends_with('\n') && !lines.contains("\n\n"), "the last blank line parts them");
    let start = format!("— {NAME} ");
    let signatures = lines.lines().filter_map(|line| line.strip_prefix(&start));
    let mut signatures = signatures.filter_map(|line| BASE64.decode(line.as_bytes()).ok());
    let is_signed = signatures.any(|signature| LOG.is_signed(text.as_bytes(), &signature));
    assert!(is_signed, "believed without a signature: {text:?}");
    true
}

/// A key is written in one way, and what is written reads back.
fn check_key(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let Ok(key) = Verifier::parse(text) else { return };
    assert!(key.to_string().eq_ignore_ascii_case(text));
    assert_eq!(Verifier::parse(&key.to_string()).as_ref(), Ok(&key));
    assert!(text.starts_with(&format!("{}+", key.name())));
}
