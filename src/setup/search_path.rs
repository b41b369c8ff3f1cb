//! gvm in the PATH that Windows keeps in its registry: an entry put first, and taken out to the character.

use gvm_core::path;

use crate::platform::KeptPath;

const BETWEEN: char = KeptPath::BETWEEN;

/// The value with `entry` first, unless it is an entry already: where it stands is then somebody's own choice.
///
/// A value that was not there is one that expands variables, as the system makes it. An empty one keeps a separator, which
/// tells it from none when the entry is taken out.
pub fn put(kept: &KeptPath, entry: &str) -> KeptPath {
    match &kept.text {
        None => KeptPath { text: Some(entry.to_owned()), expands: true },
        Some(text) if has(text, entry) => kept.clone(),
        Some(text) => {
            KeptPath { text: Some(format!("{entry}{BETWEEN}{text}")), expands: kept.expands }
        }
    }
}

/// The value without `entry`: what [`put`] was given, wherever the entry has gone since.
pub fn take_out(kept: &KeptPath, entry: &str) -> KeptPath {
    let Some(mut text) = kept.text.clone() else { return kept.clone() };
    while let Some((start, end)) = find(&text, entry) {
        if start == 0 && end == text.len() {
            return KeptPath { text: None, expands: kept.expands };
        }
        // With the separator behind it; that of the last one stands before it.
        if end < text.len() {
            text.replace_range(start..=end, "");
        } else {
            text.truncate(start - 1);
        }
    }
    KeptPath { text: Some(text), expands: kept.expands }
}

fn has(text: &str, entry: &str) -> bool {
    find(text, entry).is_some()
}

/// Where the entry stands, in whatever case it is written.
fn find(text: &str, entry: &str) -> Option<(usize, usize)> {
    let mut start = 0;
    text.split(BETWEEN).find_map(|other| {
        let at = (start, start + other.len());
        start = at.1 + BETWEEN.len_utf8();
        is_same(other, entry).then_some(at)
    })
}

/// As Windows compares them. (Tested on every system, so not by [`path::is_same_name`] alone.)
fn is_same(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.trim().trim_end_matches(['\\', '/']).to_lowercase();
    path::is_same_name(one.as_bytes(), other.as_bytes()) || plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHIMS: &str = r"C:\Users\jörg\AppData\Local\gvm\shims";

    fn kept(text: Option<&str>, expands: bool) -> KeptPath {
        KeptPath { text: text.map(str::to_owned), expands }
    }

    #[test]
    fn the_entry_comes_first_and_goes_without_a_trace() {
        let long = r"C:\a\rather\long\folder;".repeat(200);
        for before in [
            None,
            Some(""),
            Some(r"C:\Windows"),
            Some(r"%USERPROFILE%\bin;C:\b"),
            Some(r";C:\Windows"),
            Some(r"C:\Windows;"),
            Some(";"),
            Some(r"C:\a;;C:\b"),
            Some(&long),
        ] {
            for expands in [false, true] {
                let before = kept(before, expands || before.is_none());
                let after = put(&before, SHIMS);
                let text = after.text.clone().unwrap();
                assert!(text.starts_with(SHIMS), "{text}");
                assert!(text.ends_with(before.text.as_deref().unwrap_or_default()));
                assert_eq!(after.expands, before.expands);
                assert_eq!(put(&after, SHIMS), after, "twice is once");
                assert_eq!(take_out(&after, SHIMS), before);
            }
        }
    }

    #[test]
    fn an_entry_that_is_there_stays_where_it_is_in_whatever_case() {
        for text in [
            r"C:\Windows;c:\users\JÖRG\appdata\local\GVM\shims\;C:\b",
            r"C:\Users\jörg\AppData\Local\gvm\shims",
        ] {
            let before = kept(Some(text), false);
            assert_eq!(put(&before, SHIMS), before);
        }
        let other = kept(Some(r"C:\Users\jörg\AppData\Local\gvm\shims-old"), false);
        assert_ne!(put(&other, SHIMS), other);
    }

    #[test]
    fn an_entry_that_was_moved_is_taken_out_where_it_stands() {
        for (text, rest) in [
            (format!(r"C:\a;{SHIMS};C:\b"), Some(r"C:\a;C:\b")),
            (format!(r"C:\a;{SHIMS}"), Some(r"C:\a")),
            (format!(r"{SHIMS};C:\a;{SHIMS}\"), Some(r"C:\a")),
            (SHIMS.to_owned(), None),
            (r"C:\a".to_owned(), Some(r"C:\a")),
        ] {
            assert_eq!(take_out(&kept(Some(&text), true), SHIMS), kept(rest, true));
        }
        assert_eq!(take_out(&kept(None, true), SHIMS), kept(None, true));
    }

    proptest! {
        #[test]
        fn whatever_is_there_comes_back(text in "[a-zA-Z:;%\\\\ ü]{0,60}") {
            let before = kept(Some(&text), true);
            prop_assume!(!has(&text, SHIMS));
            prop_assert_eq!(take_out(&put(&before, SHIMS), SHIMS), before);
        }
    }
}
