//! A line of Go releases: `1.22`, to which 1.22rc1, 1.22.0 and 1.22.4 belong. Also the order of the
//! decimals that versions are made of, which is needed wherever lines or versions are compared.
//!
//! Which releases exist in a line is not known here.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

/// Major and minor number. Ordered as numbers: 1.9 < 1.10.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    major: String,
    minor: String,
}

impl Line {
    /// Reads `1.22`: two decimals without leading zeros. None for anything else.
    pub fn parse(text: &str) -> Option<Line> {
        let (major, minor) = text.split_once('.')?;
        (is_decimal(major) && is_decimal(minor)).then(|| Line::new(major, minor))
    }

    /// The line of two decimals that were checked before.
    pub(crate) fn new(major: &str, minor: &str) -> Line {
        Line { major: String::from(major), minor: String::from(minor) }
    }

    /// Its order to the line of these decimals.
    pub(crate) fn compare_numbers(&self, major: &str, minor: &str) -> Ordering {
        compare_decimals(&self.major, major).then_with(|| compare_decimals(&self.minor, minor))
    }

    /// What follows the line at the beginning of a text: `.4` of `1.22.4` for 1.22, also `0.1` of `1.220.1`.
    pub(crate) fn strip_from<'a>(&self, text: &'a [u8]) -> Option<&'a [u8]> {
        let rest = text.strip_prefix(self.major.as_bytes())?.strip_prefix(b".")?;
        rest.strip_prefix(self.minor.as_bytes())
    }

    pub(crate) fn major(&self) -> &str {
        &self.major
    }

    /// The line before it: 1.21 for 1.22. None for the first one of a major version.
    pub fn before(&self) -> Option<Line> {
        let minor = decremented(&self.minor)?;
        Some(Line { major: self.major.clone(), minor })
    }
}

impl Ord for Line {
    fn cmp(&self, other: &Line) -> Ordering {
        self.compare_numbers(&other.major, &other.minor)
    }
}

impl PartialOrd for Line {
    fn partial_cmp(&self, other: &Line) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.major)?;
        f.write_str(".")?;
        f.write_str(&self.minor)
    }
}

/// The order of two decimals without leading zeros, of any length; the empty one is the smallest.
/// They stay texts because Go's own tests have versions that fit no integer (`gover.CmpInt`).
pub(crate) fn compare_decimals(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Whether `text` is a decimal as versions write it: digits, no unneeded zero in front.
pub(crate) fn is_decimal(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

fn decremented(decimal: &str) -> Option<String> {
    let mut digits: Vec<u8> = decimal.bytes().collect();
    let last = digits.iter().rposition(|digit| *digit != b'0')?;
    digits[last] -= 1;
    digits[last + 1..].fill(b'9');
    let unneeded = usize::from(digits.len() > 1 && digits[0] == b'0');
    Some(digits[unneeded..].iter().map(|digit| char::from(*digit)).collect())
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_two_decimals_are_a_line() {
        for text in ["1.22", "1.0", "1.99999999999999999999999"] {
            assert_eq!(Line::parse(text).map(|line| line.to_string()).as_deref(), Some(text));
        }
        for text in ["1", "1.", ".1", "1.022", "1.22.0", "1.22rc1", "01.2", "", "1.2 "] {
            assert_eq!(Line::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_line_before_is_one_less() {
        for (line, before) in [
            ("1.22", Some("1.21")),
            ("1.10", Some("1.9")),
            ("1.100", Some("1.99")),
            ("1.1", Some("1.0")),
            ("1.40000000000000000000", Some("1.39999999999999999999")),
            ("1.0", None),
        ] {
            let found = Line::parse(line).and_then(|line| line.before());
            assert_eq!(found, before.and_then(Line::parse), "{line}");
        }
    }

    proptest! {
        #[test]
        fn lines_are_ordered_as_numbers(a: (u8, u64), b: (u8, u64)) {
            let line = |(major, minor): (u8, u64)| {
                Line::new(&major.to_string(), &minor.to_string())
            };
            prop_assert_eq!(line(a).cmp(&line(b)), a.cmp(&b));
            let before = a.1.checked_sub(1).map(|minor| line((a.0, minor)));
            prop_assert_eq!(line(a).before(), before);
        }
    }
}
