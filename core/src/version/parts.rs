//! A version taken apart: the grammar, and the order that follows from the parts.
//!
//! What the parts mean is said in `version`; the tests of both are there.

use core::cmp::Ordering;

use crate::line::{compare_decimals, is_decimal};
use crate::target::Target;

/// A version taken apart as `gover.Parse` does. Numbers are the decimals as written. A patch that
/// is not written is "0" up to 1.20 and empty from 1.21 on and before a kind. The default is what
/// Go has for a malformed version.
#[derive(Clone, Copy, Default)]
pub(super) struct Parts<'a> {
    pub(super) major: &'a str,
    pub(super) minor: &'a str,
    pub(super) patch: &'a str,
    pub(super) kind: &'a str,
    pub(super) number: &'a str,
    pub(super) suffix: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(super) fn scan(text: &'a str) -> Result<Parts<'a>, Flaw> {
        let (release, suffix) = match text.split_once('-') {
            Some((release, suffix)) => (release, Some(suffix)),
            None => (text, None),
        };
        let mut rest = Rest { text: release, at: 0 };
        let mut parts = Parts { major: rest.decimal()?, suffix, ..Parts::default() };
        if rest.is_empty() {
            // Go reads "1" as 1.0.0.
            (parts.minor, parts.patch) = ("0", "0");
        } else {
            rest.dot()?;
            parts.minor = rest.decimal()?;
            parts.scan_after_line(&mut rest)?;
        }
        check_suffix(text, suffix)?;
        Ok(parts)
    }

    /// The patch, the kind or both.
    fn scan_after_line(&mut self, rest: &mut Rest<'a>) -> Result<(), Flaw> {
        if rest.is_empty() {
            self.patch = if self.has_short_first_release() { "0" } else { "" };
            return Ok(());
        }
        if rest.next() == Some(b'.') {
            rest.dot()?;
            self.patch = rest.decimal()?;
        }
        if rest.is_empty() {
            return Ok(());
        }
        let start = rest.at;
        self.kind = rest.kind()?;
        let is_of_patch = !self.patch.is_empty();
        if is_of_patch && !["alpha", "beta", "rc"].contains(&self.kind) {
            return Err(Flaw { at: start, why: "expected the end, `rc` or `-`" });
        }
        if is_of_patch || !rest.is_empty() {
            self.number = rest.decimal()?;
        }
        if rest.is_empty() {
            return Ok(());
        }
        Err(rest.flaw("expected the end or `-`"))
    }

    pub(super) fn compare(&self, other: &Parts<'_>) -> Ordering {
        compare_decimals(self.major, other.major)
            .then_with(|| compare_decimals(self.minor, other.minor))
            .then_with(|| compare_decimals(self.patch, other.patch))
            // A candidate of a patch comes before it, although "" < "rc": without a patch the
            // empty kind is the language version, which comes before its candidates.
            .then_with(|| self.is_numbered_release().cmp(&other.is_numbered_release()))
            .then_with(|| self.kind.cmp(other.kind))
            .then_with(|| compare_decimals(self.number, other.number))
    }

    fn is_numbered_release(&self) -> bool {
        !self.patch.is_empty() && self.kind.is_empty()
    }

    /// Up to 1.20 the first release of a line is called `1.N`, from 1.21 on `1.N.0`. Go looks at
    /// the minor number alone.
    pub(super) fn has_short_first_release(&self) -> bool {
        compare_decimals(self.minor, "21") == Ordering::Less
    }

    /// Whether it belongs to the line 1.`minor` or a later one.
    pub(super) fn is_from(&self, minor: &str) -> bool {
        compare_decimals(self.major, "1").then_with(|| compare_decimals(self.minor, minor))
            != Ordering::Less
    }
}

fn check_suffix(text: &str, suffix: Option<&str>) -> Result<(), Flaw> {
    let Some(suffix) = suffix else {
        return Ok(());
    };
    let start = text.len() - suffix.len();
    if suffix.is_empty() {
        return Err(Flaw { at: start, why: "expected a suffix after `-`" });
    }
    let is_foreign = |b: u8| !b.is_ascii_alphanumeric() && !b"._-".contains(&b);
    if let Some(at) = suffix.bytes().position(is_foreign) {
        let why = "a suffix has only letters, digits, `.`, `_` and `-`";
        return Err(Flaw { at: start + at, why });
    }
    if suffix.ends_with('.') {
        return Err(Flaw { at: text.len() - 1, why: "a suffix does not end in a dot" });
    }
    match Target::split_ending(text) {
        Some((head, _)) => {
            Err(Flaw { at: head.len(), why: "a suffix does not end in a target's name" })
        }
        None => Ok(()),
    }
}

/// What is left to read of a version, and where that begins.
struct Rest<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Rest<'a> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn is_empty(&self) -> bool {
        self.next().is_none()
    }

    fn flaw(&self, why: &'static str) -> Flaw {
        let is_capital = self.next().is_some_and(|b| b.is_ascii_uppercase());
        let why = if is_capital { "a version is written in lower case" } else { why };
        Flaw { at: self.at, why }
    }

    fn dot(&mut self) -> Result<(), Flaw> {
        if self.next() != Some(b'.') {
            return Err(self.flaw("expected a dot"));
        }
        self.at += 1;
        Ok(())
    }

    fn decimal(&mut self) -> Result<&'a str, Flaw> {
        let digits = self.span(|b| b.is_ascii_digit());
        if digits.is_empty() {
            return Err(self.flaw("expected a digit"));
        }
        if !is_decimal(digits) {
            return Err(self.flaw("a number has no zero in front"));
        }
        self.at += digits.len();
        Ok(digits)
    }

    fn kind(&mut self) -> Result<&'a str, Flaw> {
        let letters = self.span(|b| b.is_ascii_lowercase());
        if letters.is_empty() {
            return Err(self.flaw("expected the end, a dot, a kind such as `rc`, or `-`"));
        }
        self.at += letters.len();
        Ok(letters)
    }

    fn span(&self, belongs: impl Fn(u8) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest.bytes().position(|b| !belongs(b)).unwrap_or(rest.len());
        &rest[..end]
    }
}

/// What is wrong with a text, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) at: usize,
    pub(crate) why: &'static str,
}

impl Flaw {
    /// The same in a text that has `by` bytes more in front.
    pub(crate) fn shifted(self, by: usize) -> Flaw {
        Flaw { at: self.at + by, why: self.why }
    }
}
