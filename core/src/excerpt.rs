//! How a text that gvm does not trust is shown in a message: its first 32 characters, escaped.
//!
//! Where it came from and what is wrong with it is said by whoever shows it.

use alloc::string::String;

/// How many characters of a foreign text a message shows.
const SHOWN: usize = 32;

/// The first 32 characters of `text`, safe to print on any terminal: what is not printable ASCII is
/// escaped as Rust writes it (`\t`, `\u{ff0e}`), a byte that is not UTF-8 as `\xff`. `...` follows
/// where there was more.
pub fn excerpt(text: &[u8]) -> String {
    let mut shown = String::new();
    let mut room = SHOWN;
    for chunk in text.utf8_chunks() {
        for char in chunk.valid().chars().take(room) {
            shown.extend(char.escape_default());
        }
        let length = chunk.valid().chars().count();
        for byte in chunk.invalid().iter().take(room.saturating_sub(length)) {
            push_escaped(&mut shown, *byte);
        }
        match room.checked_sub(length + chunk.invalid().len()) {
            Some(left) => room = left,
            None => {
                shown.push_str("...");
                break;
            }
        }
    }
    shown
}

/// Not by `core::fmt`, which would be as large as all the rest of a shim.
fn push_escaped(shown: &mut String, byte: u8) {
    shown.push_str("\\x");
    for digit in [byte >> 4, byte & 15] {
        shown.extend(char::from_digit(u32::from(digit), 16));
    }
}

/// The 1-based column, in characters, of the byte `at` of `text`. A byte that is not UTF-8 counts
/// as a character.
pub fn column(text: &[u8], at: usize) -> u32 {
    let before = &text[..at.min(text.len())];
    let count: usize =
        before.utf8_chunks().map(|c| c.valid().chars().count() + c.invalid().len()).sum();
    u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_unprintable_gets_through() {
        for (text, shown) in [
            (&b"1.22"[..], "1.22"),
            (b"\x1b[31m\t", "\\u{1b}[31m\\t"),
            (b"1\xff2\0", "1\\xff2\\u{0}"),
            ("1．2\u{202e}".as_bytes(), "1\\u{ff0e}2\\u{202e}"),
            (b"0123456789012345678901234567890123", "01234567890123456789012345678901..."),
            (b"01234567890123456789012345678901", "01234567890123456789012345678901"),
        ] {
            assert_eq!(excerpt(text), shown);
        }
    }

    #[test]
    fn a_column_counts_characters() {
        assert_eq!(column("ä1".as_bytes(), 0), 1);
        assert_eq!(column("ä1".as_bytes(), 2), 2);
        assert_eq!(column(b"\xff\xff1", 2), 3);
        assert_eq!(column(b"1", 9), 2);
    }

    const MAX: usize = "\\u{10ffff}".len();

    proptest! {
        #[test]
        fn any_bytes_become_short_printable_ascii(bytes: Vec<u8>) {
            let shown = excerpt(&bytes);
            prop_assert!(shown.bytes().all(|b| (b' '..=b'~').contains(&b)));
            prop_assert!(shown.len() <= 32 * MAX + 3);
        }
    }
}
