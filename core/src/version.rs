//! A Go version: its grammar, its order, and what the go command of that version can do by itself.
//!
//! Source of grammar and order: `src/internal/gover/gover.go` of Go 1.26, and for what was
//! published the index of go.dev/dl. What a person may write instead of a version is `spec`.

mod parts;

use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;

use crate::excerpt::excerpt;
use crate::line::Line;

pub(crate) use parts::Flaw;
use parts::Parts;

/// A Go version without the `go` in front: `1.22.4`, `1.20`, `1.21rc2`, `1.9.2rc2`,
/// `1.22.3-bigcorp`. Its characters are `[0-9A-Za-z._-]`, so that it can be part of a file's name.
///
/// The grammar is Go's, `major[.minor[.patch]][kind[number]]`, and two things more:
/// - a candidate of a patch, `1.9.2rc2`, because two of them were published; Go itself does not
///   read them (see [`Version::is_historic`]);
/// - `-suffix`, as builds of other makers carry it. It does not count for Go's order. It may not
///   end in a dot (Windows drops that from a file's name) nor like a foreign tag (`.linux-amd64`),
///   or a tag could be read in two ways.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version(String);

impl Version {
    /// Reads a version without prefix.
    pub fn parse(text: &str) -> Result<Version, VersionError> {
        Version::read(text).map_err(|flaw| VersionError::new(text, flaw))
    }

    /// Reads a version with its `go`, as tags and toolchains are called: `go1.22.4`.
    pub fn from_tag(text: &str) -> Result<Version, VersionError> {
        let read = match text.strip_prefix("go") {
            Some(rest) => Version::read(rest).map_err(|flaw| flaw.shifted(2)),
            None => Err(Flaw { at: 0, why: "expected `go`" }),
        };
        read.map_err(|flaw| VersionError::new(text, flaw))
    }

    /// As [`Version::parse`], for those who have their own error.
    pub(crate) fn read(text: &str) -> Result<Version, Flaw> {
        Parts::scan(text)?;
        Ok(Version(String::from(text)))
    }

    /// `go1.22.4`: what Go itself calls the release.
    pub fn tag(&self) -> String {
        let mut tag = String::from("go");
        tag.push_str(&self.0);
        tag
    }

    /// The version as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Go's own order (`gover.Compare`), in which `1.20` equals `1.20.0` and a suffix does not
    /// count: 1.20rc1 < 1.20 = 1.20.0 < 1.21 < 1.21rc1 < 1.21.0.
    ///
    /// 1.9.2rc2 stands between 1.9.1 and 1.9.2.
    pub fn compare_as_go(&self, other: &Version) -> Ordering {
        self.parts().compare(&other.parts())
    }

    /// Whether both name one release: `1.20` and `1.20.0` do, with and without a suffix do not.
    pub fn is_same_release(&self, other: &Version) -> bool {
        self.compare_as_go(other) == Ordering::Equal && self.suffix() == other.suffix()
    }

    /// The version as the release was called: up to 1.20 the first of a line has no `.0`, so
    /// `1.20.0` becomes `1.20` (and `1.0.0` becomes `1`). All others stay as they are.
    pub fn as_released(&self) -> Version {
        let parts = self.parts();
        let is_first = parts.patch == "0" && parts.kind.is_empty() && parts.suffix.is_none();
        if !is_first || !parts.has_short_first_release() {
            return self.clone();
        }
        if parts.minor == "0" {
            return Version(String::from(parts.major));
        }
        Version(self.0.trim_end_matches(".0").into())
    }

    /// Neither alpha, beta nor candidate. (The download site calls stable what has neither `beta`
    /// nor `rc` in its name; here a suffix is not looked at.)
    pub fn is_stable(&self) -> bool {
        self.parts().kind.is_empty()
    }

    /// `rc`, `beta`, …; empty for a release.
    pub(crate) fn kind(&self) -> &str {
        self.parts().kind
    }

    /// Whether a number follows the kind: yes for 1.23rc1, no for 1.23rc and 1.23.1.
    pub(crate) fn is_numbered_prerelease(&self) -> bool {
        !self.parts().number.is_empty()
    }

    pub(crate) fn major(&self) -> &str {
        self.parts().major
    }

    /// The line it belongs to: 1.22 for 1.22.4, 1.0 for 1.
    pub fn line(&self) -> Line {
        let parts = self.parts();
        Line::new(parts.major, parts.minor)
    }

    /// Where its line stands to `line`; as comparing [`Version::line`] does, without making one.
    pub fn compare_line(&self, line: &Line) -> Ordering {
        let parts = self.parts();
        line.compare_numbers(parts.major, parts.minor).reverse()
    }

    /// Whether both are of one line.
    pub fn is_in_line_of(&self, other: &Version) -> bool {
        let (ours, theirs) = (self.parts(), other.parts());
        (ours.major, ours.minor) == (theirs.major, theirs.minor)
    }

    /// Whether it names the language and no release: two numbers, from 1.21 on (`gover.IsLang`;
    /// go.dev/issue/57631). No toolchain is called so: the first of the line is 1.21.0.
    pub fn is_language(&self) -> bool {
        let parts = self.parts();
        parts.patch.is_empty() && parts.kind.is_empty()
    }

    /// Whether it is a candidate of a patch (1.9.2rc2, 1.8.5rc4), which can be installed but which
    /// no go command up to 1.27 reads: it must never stand in a GOTOOLCHAIN.
    pub fn is_historic(&self) -> bool {
        let parts = self.parts();
        !parts.patch.is_empty() && !parts.kind.is_empty()
    }

    /// What follows the first `-`: `bigcorp` of `1.22.3-bigcorp`.
    pub fn suffix(&self) -> Option<&str> {
        self.parts().suffix
    }

    /// Whether it belongs to the line 1.`minor` or a later one.
    pub fn is_from_line(&self, minor: &str) -> bool {
        self.parts().is_from(minor)
    }

    /// Whether its go command reads `toolchain` lines and GOTOOLCHAIN: from 1.21 on
    /// (go.dev/doc/toolchain).
    pub fn selects_toolchains(&self) -> bool {
        self.parts().is_from("21")
    }

    /// Whether its go command finds its own GOROOT: from 1.9 on. 1.8 and older need the variable
    /// (measured with 1.8.7 and 1.9.2).
    pub fn finds_itself(&self) -> bool {
        self.parts().is_from("9")
    }

    /// Whether its go command trusts the compiled standard library only while its files are not
    /// older than the sources: up to 1.4. Such a tree needs one modification time for all files
    /// (measured: 1.2.2, 1.3.3 and 1.4.3 rebuild and fail otherwise, 1.5.4 to 1.10.8 do not care).
    pub fn keeps_library_by_mtime(&self) -> bool {
        !self.parts().is_from("5")
    }

    fn parts(&self) -> Parts<'_> {
        // The text was scanned when it became a version; Go orders a malformed one first.
        Parts::scan(&self.0).unwrap_or_default()
    }
}

/// Go's order, and between versions that Go finds equal (1.20 and 1.20.0, with and without a
/// suffix) that of their texts, so that only equal versions compare equal.
impl Ord for Version {
    fn cmp(&self, other: &Version) -> Ordering {
        self.compare_as_go(other).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A text that is no version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionError {
    /// The whole text, as it came.
    pub text: String,
    /// Where it goes wrong: a column in characters, from 1.
    pub column: u32,
    /// What is wrong there.
    pub why: &'static str,
}

impl VersionError {
    fn new(text: &str, flaw: Flaw) -> VersionError {
        let column = crate::excerpt::column(text.as_bytes(), flaw.at);
        VersionError { text: String::from(text), column, why: flaw.why }
    }
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let VersionError { text, column, why } = self;
        write!(f, "`{}` is no Go version: {why} at column {column}", excerpt(text.as_bytes()))
    }
}

impl core::error::Error for VersionError {}

#[cfg(test)]
pub(crate) mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;
    use std::hash::{BuildHasher, RandomState};

    use proptest::prelude::*;

    use super::*;

    pub(crate) fn version(text: &str) -> Version {
        Version::parse(text).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Versions of every shape, close enough to one another to meet.
    pub(crate) fn any_version() -> impl Strategy<Value = Version> {
        let number = || prop_oneof!["[0-3]", "2[01]", "9{20}"];
        let kind = prop_oneof![Just("alpha"), Just("beta"), Just("rc"), Just("testmod")];
        let shape = (
            number(),
            proptest::option::of(number()),
            proptest::option::of(number()),
            proptest::option::of((kind, proptest::option::of(number()))),
            proptest::option::of("[0-9A-Za-z._-]{1,6}"),
        );
        shape.prop_filter_map("not a version", |(major, minor, patch, kind, suffix)| {
            let mut text = major;
            for number in [minor, patch].into_iter().flatten() {
                text = text + "." + &number;
            }
            if let Some((kind, number)) = kind {
                text = text + kind + &number.unwrap_or_default();
            }
            if let Some(suffix) = suffix {
                text = text + "-" + &suffix;
            }
            Version::parse(&text).ok()
        })
    }

    #[test]
    fn versions_stand_in_go_s_order() {
        let ordered = [
            "1",
            "1.0.1",
            "1.1",
            "1.4.3",
            "1.8beta1",
            "1.8rc1",
            "1.8",
            "1.8.4",
            "1.8.5rc4",
            "1.8.5",
            "1.9.1",
            "1.9.2rc2",
            "1.9.2",
            "1.10",
            "1.19alpha3",
            "1.19beta2",
            "1.19rc1",
            "1.19rc2",
            "1.19rc10",
            "1.19",
            "1.19.1",
            "1.20rc1",
            "1.20",
            "1.20.14",
            "1.21",
            "1.21rc",
            "1.21rc1",
            "1.21rc2",
            "1.21.0",
            "1.21.1",
            "1.22.10",
            "1.99999999999999998",
            "1.99999999999999999",
            "2",
        ];
        let versions: Vec<Version> = ordered.iter().map(|text| version(text)).collect();
        for (i, a) in versions.iter().enumerate() {
            for (j, b) in versions.iter().enumerate() {
                assert_eq!(a.compare_as_go(b), i.cmp(&j), "{a} and {b}");
                assert_eq!(a.cmp(b), i.cmp(&j), "{a} and {b}");
            }
        }
    }

    #[test]
    fn go_finds_some_equal_that_are_not_the_same() {
        for (a, b) in [("1.20", "1.20.0"), ("1", "1.0"), ("1.20", "1.20.0-bigcorp")] {
            assert_eq!(version(a).compare_as_go(&version(b)), Ordering::Equal);
            assert_eq!(version(a).cmp(&version(b)), Ordering::Less);
        }
        assert!(version("1.20").is_same_release(&version("1.20.0")));
        assert!(!version("1.20").is_same_release(&version("1.20-bigcorp")));
        assert!(!version("1.21").is_same_release(&version("1.21.0")));
    }

    #[test]
    fn what_is_no_version_is_told_where_it_goes_wrong() {
        for (text, column, why) in [
            ("", 1, "digit"),
            ("x", 1, "digit"),
            ("go1.22", 1, "digit"),
            ("1.", 3, "digit"),
            ("1.22.", 6, "digit"),
            ("1..2", 3, "digit"),
            ("01.2", 1, "zero"),
            ("1.022", 3, "zero"),
            ("1.22.00", 6, "zero"),
            ("1.21rc01", 7, "zero"),
            ("1rc1", 2, "dot"),
            ("1 ", 2, "dot"),
            ("1.22+auto", 5, "end"),
            ("1.22.4+x", 7, "end"),
            ("1.22.4foo1", 7, "rc"),
            ("1.22.4rc", 9, "digit"),
            ("1.22rc1x", 8, "end"),
            ("1.22.4.5", 7, "end"),
            ("1.22RC1", 5, "lower case"),
            ("1.22rC1", 6, "lower case"),
            ("1.22.4-", 8, "suffix"),
            ("1.22.4-a/b", 9, "letters"),
            ("1.22.4-ä", 8, "letters"),
            ("1.2é", 4, "end"),
            ("1.22.4-a.", 9, "dot"),
            ("1.22.4-a.linux-amd64", 9, "target"),
        ] {
            let error = Version::parse(text).unwrap_err();
            assert_eq!((&*error.text, error.column), (text, column));
            assert!(error.why.contains(why), "{error}");
        }
    }

    #[test]
    fn a_tag_is_the_version_with_go_in_front() {
        assert_eq!(Version::from_tag("go1.22.4"), Ok(version("1.22.4")));
        assert_eq!(Version::from_tag("1.22.4").unwrap_err().column, 1);
        assert_eq!(Version::from_tag("go1.022").unwrap_err().column, 5);
        let message = Version::from_tag("go1.2 ").unwrap_err().to_string();
        assert!(message.starts_with("`go1.2 ` is no Go version: expected"), "{message}");
        assert!(message.ends_with("at column 6"), "{message}");
    }

    #[test]
    fn a_first_release_has_one_name() {
        for (text, released) in [
            ("1.20.0", "1.20"),
            ("1.20", "1.20"),
            ("1.0.0", "1"),
            ("1.0", "1"),
            ("1.21.0", "1.21.0"),
            ("1.20.10", "1.20.10"),
            ("1.20rc1", "1.20rc1"),
            ("1.20.0-x", "1.20.0-x"),
            ("1.9.0rc1", "1.9.0rc1"),
            ("1.10.0", "1.10"),
        ] {
            assert_eq!(version(text).as_released(), version(released));
        }
    }

    #[test]
    fn each_version_knows_what_its_go_can_do() {
        let found = |text| {
            let v = version(text);
            let can = [v.selects_toolchains(), v.finds_itself(), v.keeps_library_by_mtime()];
            let is = [v.is_stable(), v.is_language(), v.is_historic()];
            (v.line().to_string(), can, is)
        };
        let (yes, no) = (true, false);
        for (text, line, can, is) in [
            ("1", "1.0", [no, no, yes], [yes, no, no]),
            ("1.4.3", "1.4", [no, no, yes], [yes, no, no]),
            ("1.5beta1", "1.5", [no, no, no], [no, no, no]),
            ("1.8.5rc4", "1.8", [no, no, no], [no, no, yes]),
            ("1.9beta1", "1.9", [no, yes, no], [no, no, no]),
            ("1.20", "1.20", [no, yes, no], [yes, no, no]),
            ("1.21", "1.21", [yes, yes, no], [yes, yes, no]),
            ("1.21rc2", "1.21", [yes, yes, no], [no, no, no]),
            ("1.22.0-rc1", "1.22", [yes, yes, no], [yes, no, no]),
            ("1.999testmod", "1.999", [yes, yes, no], [no, no, no]),
            ("2", "2.0", [yes, yes, no], [yes, no, no]),
        ] {
            assert_eq!(found(text), (line.into(), can, is), "{text}");
        }
        assert_eq!(version("1.22.3-big-corp").suffix(), Some("big-corp"));
        assert_eq!(version("1.22.3").suffix(), None);
    }

    proptest! {
        #[test]
        fn a_version_survives_being_printed(v in any_version()) {
            prop_assert_eq!(Version::parse(&v.to_string()), Ok(v.clone()));
            prop_assert_eq!(Version::from_tag(&v.tag()), Ok(v));
        }

        #[test]
        fn the_order_is_total(a in any_version(), b in any_version(), c in any_version()) {
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a.compare_as_go(&b), b.compare_as_go(&a).reverse());
            prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
            let mut sorted = [&a, &b, &c];
            sorted.sort();
            let [a, b, c] = sorted;
            prop_assert!(a <= b && b <= c && a <= c);
            prop_assert!(a.compare_as_go(c) != Ordering::Greater);
            prop_assert!(a.line() <= b.line() && b.line() <= c.line());
        }

        #[test]
        fn equal_versions_have_equal_hashes(a in any_version(), b in any_version()) {
            let state = RandomState::new();
            prop_assert!(a != b || state.hash_one(&a) == state.hash_one(&b));
        }

        #[test]
        fn any_text_is_read_or_refused_in_place(text in "\\PC*|1\\.[0-9.rc-]{0,9}\\PC?") {
            match Version::parse(&text) {
                Ok(v) => {
                    let is_safe = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
                    prop_assert!(v.as_str().bytes().all(is_safe));
                    prop_assert_eq!(v.as_released().compare_as_go(&v), Ordering::Equal);
                }
                Err(error) => {
                    prop_assert!(error.column as usize <= text.chars().count() + 1);
                }
            }
        }
    }
}
