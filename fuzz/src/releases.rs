//! Releases to choose from: some of every shape that was ever published, and builds of other
//! makers.

use gvm_core::version::Version;

const NAMES: &[&str] = &[
    "1",
    "1.0.1",
    "1.4.3",
    "1.8.5rc4",
    "1.9.2",
    "1.9.2rc2",
    "1.19",
    "1.20rc1",
    "1.20",
    "1.20.14",
    "1.21rc2",
    "1.21.0",
    "1.21.13",
    "1.22beta1",
    "1.22rc1",
    "1.22.0",
    "1.22.3",
    "1.22.3-bigcorp",
    "1.22.10",
    "1.23rc1",
    "1.23rc2",
    "1.23.4",
    "1.24rc1",
    "2.0.0",
];

/// The releases, oldest first.
pub fn all() -> Vec<Version> {
    let parsed = NAMES.iter().map(|name| Version::parse(name));
    parsed.map(|version| version.expect("the names above are versions")).collect()
}
