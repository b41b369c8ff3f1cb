//! Versions: the input's lines are versions that are compared with one another. The order is total,
//! names survive being printed, and what is refused is told in its place.

#![no_main]

use std::cmp::Ordering;

use gvm_core::line::Line;
use gvm_core::spec::{Kind, Spec};
use gvm_core::version::{Version, VersionError};
use gvm_fuzz::shown;
use libfuzzer_sys::fuzz_target;

/// Lines after these are not read: three are enough for every law of an order.
const LINES: usize = 3;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let mut versions = Vec::new();
    for line in text.split('\n').take(LINES) {
        match Version::parse(line) {
            Ok(version) => versions.push(version),
            Err(error) => check_error(line, &error),
        }
        if let Err(error) = Version::from_tag(line) {
            check_error(line, &error);
        }
    }
    for version in &versions {
        check_version(version);
    }
    for [a, b] in pairs(&versions) {
        check_pair(a, b);
    }
    if let [a, b, c] = &versions[..] {
        check_transitive(a, b, c);
    }
});

fn check_error(text: &str, error: &VersionError) {
    shown::check_printable(&error.to_string());
    assert_eq!(error.text, text);
    let columns = 1..=text.chars().count() + 1;
    assert!(columns.contains(&(error.column as usize)), "{error} lies outside");
}

fn check_version(version: &Version) {
    let text = version.as_str();
    assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)));
    assert!(!text.ends_with('.'), "it can be a file's name");
    assert_eq!(version.to_string(), text);
    assert_eq!(Version::from_tag(&version.tag()).as_ref(), Ok(version));
    assert_eq!(Line::parse(&version.line().to_string()), Some(version.line()));
    assert!(version.compare_line(&version.line()).is_eq());
    let released = version.as_released();
    assert!(released.is_same_release(version) && released.as_released() == released);
    assert!(!version.selects_toolchains() || version.finds_itself());
    assert!(!version.finds_itself() || !version.keeps_library_by_mtime());
    check_exact(version);
}

/// A release can be asked for by its name. A language version is none, nor is what has a kind
/// without a number (`1.23rc` is all of them) or one that no release has.
fn check_exact(version: &Version) {
    let name = Spec::exact(version);
    match Spec::parse_in_file(name.as_str()) {
        Ok(spec) if *spec.kind() == *name.kind() => assert_eq!(spec, name),
        Ok(spec) => {
            assert!(version.is_language() || ends_in_kind(version), "{name} is {:?}", spec.kind());
        }
        Err(error) => assert!(!version.is_stable(), "{error}"),
    }
    assert_eq!(*name.kind(), Kind::Exact(version.as_released()));
}

fn ends_in_kind(version: &Version) -> bool {
    !version.is_stable() && version.as_str().ends_with(|last: char| last.is_ascii_lowercase())
}

fn pairs(versions: &[Version]) -> impl Iterator<Item = [&Version; 2]> {
    versions.iter().flat_map(|a| versions.iter().map(move |b| [a, b]))
}

fn check_pair(a: &Version, b: &Version) {
    assert_eq!(a.cmp(b), b.cmp(a).reverse());
    assert_eq!(a.cmp(b) == Ordering::Equal, a == b, "only equal versions compare equal");
    assert_eq!(a.compare_as_go(b), b.compare_as_go(a).reverse());
    assert!(a.compare_as_go(b).is_eq() || a.compare_as_go(b) == a.cmp(b));
    assert_eq!(a.is_in_line_of(b), a.line() == b.line());
    assert_eq!(a.compare_line(&b.line()), a.line().cmp(&b.line()));
    if a.line() != b.line() {
        assert_eq!(a.compare_as_go(b), a.line().cmp(&b.line()), "lines lie apart");
    }
    // A maker's own build keeps the name that it came with.
    if a.is_same_release(b) && a.suffix().is_none() {
        assert_eq!(a.as_released(), b.as_released(), "one release has one name");
    }
    if let (Some(left), Some(right)) = (numbers(a), numbers(b)) {
        assert_eq!(a.compare_as_go(b), left.cmp(&right), "numbers are ordered as numbers");
    }
}

/// What a release or candidate is ordered by, where it is of a plain shape: line, patch (-1 before
/// `rc`), number of the candidate.
fn numbers(version: &Version) -> Option<(u64, u64, i64, u64)> {
    let (release, candidate) = match version.as_str().split_once("rc") {
        Some((release, number)) => (release, Some(number.parse().ok()?)),
        None => (version.as_str(), None),
    };
    let mut parts = release.split('.').map(str::parse);
    let (major, minor) = (parts.next()?.ok()?, parts.next()?.ok()?);
    match (parts.next(), candidate) {
        (Some(patch), None) => Some((major, minor, i64::try_from(patch.ok()?).ok()?, 0)),
        (None, Some(number)) => Some((major, minor, -1, number)),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

fn check_transitive(a: &Version, b: &Version, c: &Version) {
    let mut sorted = [a, b, c];
    sorted.sort();
    let [low, middle, high] = sorted;
    assert!(low <= middle && middle <= high && low <= high);
    assert!(low.compare_as_go(middle).is_le() && middle.compare_as_go(high).is_le());
    assert!(low.compare_as_go(high).is_le());
}
