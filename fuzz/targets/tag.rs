//! Tags and targets: what is read prints as it was, and can be the name of a file on any system.

#![no_main]

use gvm_core::tag::Tag;
use gvm_core::target::Target;
use gvm_fuzz::shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match Tag::parse(text) {
        Ok(tag) => check_tag(text, &tag),
        Err(error) => shown::check_printable(&error.to_string()),
    }
    match Target::parse(text) {
        Ok(target) => assert!(text == target.to_string() || text == target.dashed()),
        Err(error) => shown::check_printable(&error.to_string()),
    }
});

fn check_tag(text: &str, tag: &Tag) {
    assert_eq!(tag.to_string(), text);
    assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)));
    assert!(text.starts_with(&tag.version().tag()) && !text.ends_with('.'));
    let (hash, host) = (tag.hash8(), Target::host());
    assert!(hash.len() == 8 && hash.bytes().all(|b| b"0123456789abcdef".contains(&b)));
    let target = tag.target(host);
    let foreign = Tag::new(tag.version().clone(), target, host);
    // Only `.os-arch` of this very machine may be written in full and not be printed by it.
    assert!(&foreign == tag || target == host);
}
