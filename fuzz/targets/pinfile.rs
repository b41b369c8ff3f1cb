//! `.go-version` and `.tool-versions`: whatever the bytes, an answer that stands in the file or an
//! error that is fit for a terminal; and the same answer whatever the encoding.

#![no_main]

use gvm_core::pinfile::{self, GO_VERSION_MAX, Pin, PinError};
use gvm_core::spec::{Kind, Spec};
use gvm_fuzz::shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let pin = pinfile::go_version(bytes);
    let line = pinfile::tool_versions(bytes);
    check(bytes, pin.as_ref());
    match &line {
        Ok(Some(pin)) => check(bytes, Ok(pin)),
        Ok(None) => check_no_go_line(bytes),
        Err(error) => check(bytes, Err(error)),
    }
    if let Some(text) = text(bytes) {
        check_utf16(text, &pin);
    }
});

fn check(bytes: &[u8], answer: Result<&Pin, &PinError>) {
    match answer {
        Ok(pin) => check_pin(bytes, pin),
        Err(error) => check_error(bytes, error),
    }
}

fn check_pin(bytes: &[u8], pin: &Pin) {
    let written = pin.spec.to_string();
    assert_eq!(Spec::parse_in_file(&written).as_ref(), Ok(&pin.spec), "it reads back");
    assert!(!matches!(pin.spec.kind(), Kind::Path(_)), "a file names no path");
    assert!(written.len() <= bytes.len() && pin.line >= 1);
    if let Some(text) = text(bytes) {
        let line = line(text, pin.line).expect("the line is one of the file's");
        assert!(line.contains(&written), "{written:?} is not in {line:?}");
    }
}

fn check_error(bytes: &[u8], error: &PinError) {
    shown::check_excerpt(&error.shown);
    shown::check_printable(&error.to_string());
    assert!(error.line >= 1 && error.column >= 1);
    match text(bytes) {
        Some(text) => {
            let line = line(text, error.line).expect("the line is one of the file's");
            let end = line.chars().count() + 1;
            assert!(error.column as usize <= end, "{error} lies behind {line:?}");
        }
        None => assert!((error.line as usize).max(error.column as usize) <= bytes.len() + 1),
    }
}

fn check_no_go_line(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    for line in lines(text) {
        let written = line.split('#').next().unwrap_or_default();
        let tool = written.split_ascii_whitespace().next();
        assert!(!matches!(tool, Some("go" | "golang")), "passed over: {line:?}");
    }
}

/// What an editor that writes UTF-16 makes of the text means the same.
fn check_utf16(text: &str, pin: &Result<Pin, PinError>) {
    let orders: [fn(u16) -> [u8; 2]; 2] = [u16::to_le_bytes, u16::to_be_bytes];
    for order in orders {
        let bytes: Vec<u8> =
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect();
        if bytes.len() <= GO_VERSION_MAX && !text.is_empty() {
            assert_eq!(&pinfile::go_version(&bytes), pin, "in UTF-16");
        }
    }
}

/// The file as a text, if it is UTF-8 beyond doubt: without NUL, and none of the long ones.
fn text(bytes: &[u8]) -> Option<&str> {
    if bytes.len() > GO_VERSION_MAX || bytes.contains(&0) {
        return None;
    }
    let text = str::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn line(text: &str, number: u32) -> Option<String> {
    lines(text).into_iter().nth(number as usize - 1)
}

fn lines(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n").split(['\n', '\r']).map(String::from).collect()
}
