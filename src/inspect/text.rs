//! Texts out of foreign files, safe to print. Whoever made the file chose them.

/// No name in a binary that means well is longer.
const LONGEST: usize = 4096;

/// The text that these bytes are: without what a terminal would act on or hide, and not endless.
pub fn shown(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes[..bytes.len().min(LONGEST)].utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '\'' | '"' | '\\' => text.push(char),
                _ => text.extend(char.escape_debug()),
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn names_stay_and_what_a_terminal_acts_on_does_not() {
        for (bytes, text) in [
            (&b"libc.so.6"[..], "libc.so.6"),
            ("C:\\Dateien\\Größe".as_bytes(), "C:\\Dateien\\Größe"),
            (b"\x1b[31m\n\0\xff", "\\u{1b}[31m\\n\\0\\xff"),
            ("a\u{202e}b".as_bytes(), "a\\u{202e}b"),
        ] {
            assert_eq!(shown(bytes), text);
        }
        assert!(shown(&[b'a'; 10_000]).len() < 5000);
    }
}
