//! The table of SPECs in the command line's contract, row by row, and what may never happen.

use alloc::string::ToString;
use alloc::vec::Vec;
use alloc::{format, vec};

use proptest::prelude::*;

use super::*;
use crate::version::tests::{any_version, version};

/// Enough of the history for every rule, deliberately not sorted.
const THERE_IS: [&str; 26] = [
    "1.22.4",
    "1.4.3",
    "1.8.5rc4",
    "1.9.1",
    "1.9.2",
    "1.9.2rc2",
    "1.20",
    "1.20.1",
    "1.20.14",
    "1.20rc3",
    "1.21rc2",
    "1.21.0",
    "1.21.13",
    "1.22beta1",
    "1.22beta2",
    "1.22.3-bigcorp",
    "1.22rc1",
    "1.22.0",
    "1.22.3",
    "1.22.10",
    "1.23rc1",
    "1.23rc2",
    "1.23.0",
    "1.24beta1",
    "1.24rc1",
    "1.22.11-bigcorp",
];

fn spec(text: &str) -> Spec {
    Spec::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn all() -> Vec<Version> {
    THERE_IS.iter().map(|text| version(text)).collect()
}

fn picked(text: &str) -> Option<String> {
    spec(text).pick(&all()).map(ToString::to_string)
}

#[test]
fn each_way_of_writing_picks_the_newest_that_fits() {
    for (text, newest) in [
        ("1.22.4", Some("1.22.4")),
        ("go1.22.4", Some("1.22.4")),
        ("v1.22.4", Some("1.22.4")),
        (" 1.22.4\n", Some("1.22.4")),
        ("1.22.5", None),
        ("go1.20", Some("1.20")),
        ("1.20.0", Some("1.20")),
        ("go1.20.0", Some("1.20")),
        ("1.20", Some("1.20.14")),
        ("v1.20", Some("1.20.14")),
        ("go1.4", None),
        ("1.4", Some("1.4.3")),
        ("go1.21rc2", Some("1.21rc2")),
        ("1.22", Some("1.22.10")),
        ("go1.22", Some("1.22.10")),
        ("1.22.x", Some("1.22.10")),
        ("1.22.*", Some("1.22.10")),
        ("go1.20.x", Some("1.20.14")),
        ("1.19", None),
        ("1.24", None),
        ("1", Some("1.23.0")),
        ("go1", Some("1.23.0")),
        ("1.x", Some("1.23.0")),
        ("latest", Some("1.23.0")),
        ("stable", Some("1.23.0")),
        ("oldstable", Some("1.22.10")),
        ("unstable", Some("1.24rc1")),
        ("2", None),
        ("1.23rc1", Some("1.23rc1")),
        ("1.22beta1", Some("1.22beta1")),
        ("1.23rc", Some("1.23rc2")),
        ("go1.22beta", Some("1.22beta2")),
        ("1.9rc", None),
        ("1.9.2rc2", Some("1.9.2rc2")),
        ("1.9", Some("1.9.2")),
        ("1.8", None),
        ("1.22.3-bigcorp", Some("1.22.3-bigcorp")),
        ("1.22.4-bigcorp", None),
        ("=1.22.3-bigcorp", Some("1.22.3-bigcorp")),
        ("1.99999999999999999999999", None),
    ] {
        assert_eq!(picked(text).as_deref(), newest, "{text}");
    }
}

#[test]
fn a_range_picks_the_newest_that_satisfies_all_parts() {
    for (text, newest) in [
        (">=1.21 <1.23", Some("1.22.10")),
        (">=1.21, <1.23", Some("1.22.10")),
        (">= 1.21,< 1.23", Some("1.22.10")),
        ("  >=\t1.21 ,\t<v1.23 ", Some("1.22.10")),
        ("^1.21", Some("1.23.0")),
        ("^1.24", None),
        ("^1", Some("1.23.0")),
        ("<2", Some("1.23.0")),
        (">1", None),
        ("~1.22.1", Some("1.22.10")),
        ("~1.22", Some("1.22.10")),
        ("=1.22", Some("1.22.10")),
        ("~1.22.11", None),
        ("=1.22.4", Some("1.22.4")),
        ("!=1.23.0", Some("1.22.10")),
        ("!=1.23", Some("1.22.10")),
        ("1.22 !=1.22.10", Some("1.22.4")),
        ("1.22.x, != 1.22.10, !=1.22.4", Some("1.22.3")),
        (">1.22", Some("1.23.0")),
        (">1.23", None),
        ("<=1.22", Some("1.22.10")),
        ("<1.22", Some("1.21.13")),
        (">1.22.4", Some("1.23.0")),
        ("<1.22.4", Some("1.22.3")),
        ("<=1.20", Some("1.20.14")),
        ("<=go1.20", Some("1.20")),
        ("<1.20.1", Some("1.20")),
        (">1.20 <1.21.1", Some("1.21.0")),
        (">=1.23rc1", Some("1.23.0")),
        (">=1.23rc1 <1.23.0", Some("1.23rc2")),
        ("<1.23rc2", Some("1.23rc1")),
        ("<1.23.0", Some("1.22.10")),
        (">=1.24rc1", Some("1.24rc1")),
        (">=1.24beta1", Some("1.24rc1")),
        ("<1.24rc1 >1.23", Some("1.24beta1")),
        ("!=1.24rc1", Some("1.23.0")),
        (">=1.24 !=1.24rc1", None),
        (">1.23.0", None),
        ("=1.23rc", Some("1.23rc2")),
        ("<1.23rc", Some("1.22.10")),
        (">=1.22 <=1.23rc", Some("1.23rc2")),
        ("~1.22beta1 <1.22.0", Some("1.22rc1")),
        (">=1.9.2rc2 <1.9.2", Some("1.9.2rc2")),
        (">=1.9rc <1.9.2", Some("1.9.2rc2")),
        (">1.9rc <1.9.2rc3", Some("1.9.2rc2")),
        (">=1.22 <1.22", None),
    ] {
        assert_eq!(picked(text).as_deref(), newest, "{text}");
    }
}

#[test]
fn a_caret_ends_with_the_major_version() {
    let versions = [version("1.23.0"), version("2.0.1")];
    assert_eq!(spec("^1.21").pick(&versions), Some(&versions[0]));
    assert_eq!(spec(">=1.21").pick(&versions), Some(&versions[1]));
}

#[test]
fn one_thing_has_one_meaning() {
    let line = Kind::Select(Selector::Line(version("1.22.0").line()));
    for text in ["1.22", "1.22.x", "1.22.*", "go1.22", "v1.22", "=1.22", "~1.22", "= 1.22"] {
        assert_eq!(spec(text).kind(), &line, "{text}");
    }
    for text in ["1.20.0", "go1.20", "v1.20.0", "=1.20.0", "=go1.20"] {
        assert_eq!(spec(text).names_one(), Some(&version("1.20")), "{text}");
    }
    for text in ["1", "go1", "latest", "stable", "=1"] {
        assert_eq!(spec(text).kind(), &Kind::Select(Selector::Stable), "{text}");
    }
    for text in ["1.20", "latest", "1.23rc", "~1.22.1", "system", "/go"] {
        assert_eq!(spec(text).names_one(), None, "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_told_the_column() {
    for (text, column, why) in [
        ("", 1, "nothing"),
        ("  ", 1, "nothing"),
        ("foo", 1, "neither"),
        ("rc", 1, "neither"),
        ("golang1.22", 1, "neither"),
        ("LATEST", 1, "lower case"),
        ("Go1.22", 1, "lower case"),
        ("goX", 3, "lower case"),
        ("1.22RC1", 5, "lower case"),
        ("go", 3, "missing"),
        ("go 1.22", 3, "missing"),
        ("1.022", 3, "zero"),
        ("1..2", 3, "digit"),
        ("1.22.4.5", 7, "end"),
        ("1.22.4.x", 7, "end"),
        ("1.22.y", 6, "digit"),
        ("1.22foo1", 5, "`rc`"),
        ("go1.22foo", 7, "`rc`"),
        ("1.22 1.23", 6, "second"),
        (">=1.21 1.22", 8, "second"),
        (">=1.21<1.23", 7, "comma"),
        (">=1.21 || 1.23", 8, "second"),
        (">=", 3, "missing"),
        (">= ,1.22", 4, "missing"),
        (",1.22", 1, "missing"),
        ("1.22,", 6, "missing"),
        (">=1.21,,<1.23", 8, "missing"),
        ("==1.22", 2, "missing"),
        (">=latest", 3, "alone"),
        ("^system", 2, "alone"),
        (">=1.21 <1.022", 11, "zero"),
        (">=1.22.3-bigcorp", 1, "suffix"),
        (">=1.21 =1.22.3-bigcorp", 8, "suffix"),
        ("1.22.4-a.linux-amd64", 9, "target"),
        ("ä", 1, "neither"),
        ("1.22．4", 5, "expected"),
        ("~/go", 2, "neither"),
        ("a/b", 1, "neither"),
    ] {
        let error = Spec::parse(text.as_bytes()).unwrap_err();
        assert_eq!((&*error.text, error.column), (text, column), "{error}");
        assert!(error.why.contains(why), "{error}");
    }
    let error = Spec::parse(b"1.2\xff").unwrap_err();
    assert_eq!(error.to_string(), "`1.2\\xff` names no Go version: not UTF-8 at column 4");
}

#[test]
fn a_path_is_read_as_it_is_but_never_from_a_file() {
    for path in [&b"/sdk/go"[..], b"./go", b"../go", b".", b"..", b"/a \xff "] {
        assert_eq!(Spec::parse(path).unwrap().kind(), &Kind::Path(path.to_vec()));
        let text = String::from_utf8_lossy(path);
        assert!(Spec::parse_in_file(&text).unwrap_err().why.contains("path"), "{text}");
    }
    for text in ["go/bin", "~/go", r"C:\go", r"\\host\go", r".\go", "path:/go", "../../x"] {
        assert!(Spec::parse_in_file(text).unwrap_err().why.contains("path"), "{text}");
    }
    assert!(Spec::parse(b"/a\0").unwrap_err().why.contains("NUL"));
    assert_eq!(Spec::parse_in_file("system").unwrap().kind(), &Kind::System);
    assert_eq!(Spec::parse_in_file(" 1.22 ").unwrap(), spec("1.22"));
}

// Found by fuzzing: text and column were those of the text without its blanks.
#[test]
fn a_path_in_a_file_is_told_as_it_stands_there() {
    let error = Spec::parse_in_file("\t ../go ").unwrap_err();
    assert_eq!((&*error.text, &*error.shown, error.column), ("\t ../go ", "\\t ../go ", 3));
}

#[test]
fn windows_has_more_ways_to_write_a_path() {
    for text in [r"C:\go", "c:/go", r"\\host\share", r".\go", r"..\go", r"\go"] {
        assert!(is_path(text.as_bytes(), true), "{text}");
        assert!(!is_path(text.as_bytes(), false), "{text}");
    }
    for text in ["C:go", "", "...", ".go", "..go", "1.22", "go/x"] {
        assert!(!is_path(text.as_bytes(), true), "{text}");
    }
}

#[test]
fn oldstable_is_the_line_before_and_no_other() {
    let pick = |texts: &[&str]| {
        let versions: Vec<Version> = texts.iter().map(|text| version(text)).collect();
        spec("oldstable").pick(&versions).map(ToString::to_string)
    };
    assert_eq!(pick(&["1.22.1", "1.21.3", "1.21.9", "1.23rc1"]).as_deref(), Some("1.21.9"));
    assert_eq!(pick(&["1.22.1", "1.20.14"]), None);
    assert_eq!(pick(&["1.22.1"]), None);
    assert_eq!(pick(&[]), None);
}

#[test]
fn what_was_perhaps_meant_is_near() {
    let nearest = |text: &str| {
        let versions = all();
        let near = spec(text).nearest(&versions);
        near.into_iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for (text, near) in [
        ("1.22.5", vec!["1.22.4", "1.22.10", "1.22.3"]),
        ("1.22.99", vec!["1.22.10", "1.22.4", "1.22.3"]),
        ("1.23.9", vec!["1.23.0", "1.22.10", "1.22.4"]),
        ("1.22rc2", vec!["1.22rc1", "1.22.0", "1.22beta2"]),
        ("1.25", vec!["1.23.0", "1.22.10", "1.21.13"]),
        ("1.10", vec!["1.9.2", "1.20.14", "1.4.3"]),
        (">=1.24", vec!["1.23.0", "1.22.10", "1.21.13"]),
        ("1.25rc", vec!["1.24rc1", "1.24beta1", "1.23rc2"]),
        ("1.22.4-bigcorp", vec!["1.22.3", "1.22.4", "1.22.0"]),
        ("system", vec![]),
        ("/go", vec![]),
    ] {
        assert_eq!(nearest(text), near, "{text}");
    }
}

#[test]
fn an_exact_release_is_written_so_that_it_reads_back() {
    for (release, text) in [
        ("1.22.4", "1.22.4"),
        ("1.20", "go1.20"),
        ("1.20.0", "go1.20"),
        ("1", "1.0.0"),
        ("1.21rc2", "1.21rc2"),
        ("1.9.2rc2", "1.9.2rc2"),
        ("1.20-corp", "1.20-corp"),
        ("1-corp", "1-corp"),
    ] {
        let written = Spec::exact(&version(release));
        assert_eq!(written.to_string(), text);
        assert_eq!(Spec::parse_in_file(text), Ok(written));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_in_place(bytes: Vec<u8>) {
        match Spec::parse(&bytes) {
            Ok(spec) => prop_assert_eq!(Spec::parse(spec.as_str().as_bytes()).is_ok(), true),
            Err(error) => prop_assert!(error.column as usize <= bytes.len() + 1),
        }
    }

    #[test]
    fn a_spec_survives_being_printed(
        text in prop_oneof![
            "(go|v)?1(\\.[0-9]{1,2}){0,2}(\\.x|rc1?|-a)?",
            "([<>=^~!]{1,2} ?1\\.2[0-9](rc1)?[, ]{0,2}){1,3}",
        ],
    ) {
        let Ok(spec) = Spec::parse_in_file(&text) else { return Ok(()) };
        prop_assert_eq!(Spec::parse(spec.to_string().as_bytes()), Ok(spec));
    }

    #[test]
    fn what_is_picked_is_admitted_and_nothing_newer_is(
        versions in proptest::collection::vec(any_version(), 0..20),
        operator in prop_oneof![
            Just(""), Just(">="), Just(">"), Just("<="), Just("<"), Just("!="), Just("^"), Just("~")
        ],
        operand in any_version(),
    ) {
        let Ok(spec) = Spec::parse(format!("{operator}{operand}").as_bytes()) else {
            return Ok(());
        };
        let newest = versions.iter().filter(|v| spec.admits(v)).max();
        let picked = spec.pick(&versions);
        prop_assert_eq!(picked.is_some(), newest.is_some());
        if let (Some(picked), Some(newest)) = (picked, newest) {
            prop_assert!(picked.is_same_release(newest) && spec.admits(picked));
        }
    }

    #[test]
    fn an_exact_release_picks_itself(v in any_version()) {
        let text = Spec::exact(&v).to_string();
        if let Ok(spec) = Spec::parse(text.as_bytes()) && spec.names_one().is_some() {
            prop_assert_eq!(spec.pick([&v]), Some(&v));
        }
    }
}
