//! From the bytes of a pin file to its text: UTF-8 and UTF-16, with a byte order mark or without.
//!
//! UTF-16 comes from PowerShell 5, whose `>` writes it by default (little-endian, with a mark).

use alloc::borrow::Cow;
use alloc::string::String;

use super::{Line, PinError, lines};

/// The text of a file of at most `max` bytes, without its byte order mark.
pub(super) fn decoded(bytes: &[u8], max: usize) -> Result<Cow<'_, str>, PinError> {
    if bytes.len() > max {
        let line = Line { text: "", number: 1 };
        return Err(line.error(0, "the file is too long"));
    }
    match bytes {
        [0xef, 0xbb, 0xbf, text @ ..] => utf8(text),
        [0xff, 0xfe, units @ ..] => utf16(units, u16::from_le_bytes).map(Cow::Owned),
        [0xfe, 0xff, units @ ..] => utf16(units, u16::from_be_bytes).map(Cow::Owned),
        _ if is_ascii_as_utf16(bytes, u16::from_le_bytes) => {
            utf16(bytes, u16::from_le_bytes).map(Cow::Owned)
        }
        _ if is_ascii_as_utf16(bytes, u16::from_be_bytes) => {
            utf16(bytes, u16::from_be_bytes).map(Cow::Owned)
        }
        _ => utf8(bytes),
    }
}

/// How a unit of UTF-16 is read: by its byte order.
type Order = fn([u8; 2]) -> u16;

/// Whether every unit is ASCII and none is NUL: then it is UTF-16 beyond doubt, as text in UTF-8
/// has no NUL.
fn is_ascii_as_utf16(bytes: &[u8], order: Order) -> bool {
    let (units, odd) = bytes.as_chunks::<2>();
    !units.is_empty() && odd.is_empty() && units.iter().all(|u| (1..128).contains(&order(*u)))
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, PinError> {
    let Some(chunk) = bytes.utf8_chunks().next() else {
        return Ok(Cow::Borrowed(""));
    };
    if chunk.invalid().is_empty() {
        return Ok(Cow::Borrowed(chunk.valid()));
    }
    Err(ends_badly(chunk.valid(), "a byte that is not UTF-8"))
}

fn utf16(bytes: &[u8], order: Order) -> Result<String, PinError> {
    let (units, odd) = bytes.as_chunks::<2>();
    let mut text = String::new();
    for unit in char::decode_utf16(units.iter().map(|unit| order(*unit))) {
        match unit {
            Ok(char) => text.push(char),
            Err(_) => return Err(ends_badly(&text, "half a character of UTF-16")),
        }
    }
    match odd {
        [] => Ok(text),
        _ => Err(ends_badly(&text, "half a character of UTF-16")),
    }
}

/// The error for what comes after `read`, of which the last line is shown.
fn ends_badly(read: &str, why: &'static str) -> PinError {
    let last = lines(read).last().unwrap_or(Line { text: "", number: 1 });
    last.error(last.text.len(), why)
}
