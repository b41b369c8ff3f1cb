//! SPECs: what is read prints and reads back, chooses only what it admits, and the newest of that;
//! what is refused is told in its place.

#![no_main]

use std::sync::LazyLock;

use gvm_core::spec::{Kind, Selector, Spec, SpecError};
use gvm_core::version::Version;
use gvm_fuzz::{releases, shown};
use libfuzzer_sys::fuzz_target;

static RELEASES: LazyLock<Vec<Version>> = LazyLock::new(releases::all);

fuzz_target!(|bytes: &[u8]| {
    let argument = Spec::parse(bytes);
    match &argument {
        Ok(spec) => check_spec(bytes, spec),
        Err(error) => check_error(bytes, error),
    }
    let Ok(text) = str::from_utf8(bytes) else { return };
    match Spec::parse_in_file(text) {
        Ok(spec) => assert_eq!(Ok(spec), argument, "an argument means the same"),
        Err(error) => check_error(bytes, &error),
    }
});

fn check_spec(bytes: &[u8], spec: &Spec) {
    assert_eq!(spec.to_string(), spec.as_str());
    match spec.kind() {
        Kind::Path(path) => assert_eq!(path, bytes),
        Kind::System | Kind::Exact(_) | Kind::Select(_) => {
            assert_eq!(Spec::parse_in_file(spec.as_str()).as_ref(), Ok(spec), "it reads back");
        }
    }
    check_choice(spec);
}

fn check_choice(spec: &Spec) {
    let pick = spec.pick(RELEASES.iter());
    let admitted: Vec<&Version> = RELEASES.iter().filter(|version| spec.admits(version)).collect();
    assert!(pick.is_none_or(|pick| admitted.contains(&pick)), "only what fits is chosen");
    if *spec.kind() != Kind::Select(Selector::OldStable) {
        assert_eq!(pick, admitted.iter().max().copied(), "the newest that fits is chosen");
    }
    assert_eq!(spec.pick(RELEASES.iter().rev()), pick, "whatever the order");
    if let Some(one) = spec.names_one() {
        assert!(admitted.len() <= 1 && spec.admits(one));
    }
    assert!(spec.nearest(RELEASES.iter()).len() <= 3);
}

fn check_error(bytes: &[u8], error: &SpecError) {
    shown::check_excerpt(&error.shown);
    shown::check_printable(&error.to_string());
    assert_eq!(error.text, String::from_utf8_lossy(bytes));
    let end = str::from_utf8(bytes).map_or(bytes.len(), |text| text.chars().count()) + 1;
    assert!((1..=end).contains(&(error.column as usize)), "{error} lies outside");
}
