//! What a message may show of a text that gvm does not trust, checked without `gvm_core::excerpt`.

/// The most characters of the text itself.
const MOST: usize = 32;

/// Panics unless `shown` is printable ASCII and shows at most 32 characters, perhaps escaped, with
/// `...` for the rest.
pub fn check_excerpt(shown: &str) {
    check_printable(shown);
    let whole = characters(shown);
    let cut = shown.strip_suffix("...").map(characters);
    assert!(whole <= MOST || cut == Some(MOST), "too much is shown: {shown:?}");
}

/// Panics unless a terminal shows `message` as it is: printable ASCII in one line.
pub fn check_printable(message: &str) {
    let is_printable = message.bytes().all(|b| (b' '..=b'~').contains(&b));
    assert!(is_printable, "not fit for a terminal: {message:?}");
}

/// How many characters an escaped text stands for: `\t`, `\\`, `\xff` and `\u{1b}` are one each.
fn characters(escaped: &str) -> usize {
    let (mut rest, mut count) = (escaped, 0);
    while let Some(first) = rest.chars().next() {
        let length = match rest.as_bytes() {
            [b'\\', b'x', _, _, ..] => 4,
            [b'\\', b'u', b'{', tail @ ..] => {
                let end = tail.iter().position(|b| *b == b'}').expect("an escape is closed");
                end + 4
            }
            [b'\\', _, ..] => 2,
            _ => first.len_utf8(),
        };
        rest = &rest[length..];
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_count_as_what_they_stand_for() {
        assert_eq!(characters("a\\t\\\\\\xff\\u{1b}b"), 6);
        check_excerpt(&["\\u{10ffff}".repeat(32), "...".into()].concat());
    }

    #[test]
    #[should_panic(expected = "too much is shown")]
    fn a_character_more_is_too_much() {
        check_excerpt(&"x".repeat(33));
    }

    #[test]
    #[should_panic(expected = "not fit for a terminal")]
    fn a_control_character_is_found() {
        check_excerpt("\u{1b}[31m");
    }
}
