//! What chance picks from: versions, names of toolchains, and the dice themselves.

use fastrand::Rng;

/// Versions that lines and variables name, in their order: those of [`BASES`], their neighbours,
/// and older ones.
pub const VERSIONS: [&str; 38] = [
    "1.17", "1.19.13", "1.20", "1.20.14", "1.21", "1.21rc2", "1.21.0", "1.21.1", "1.21.13",
    "1.21.14", "1.22", "1.22rc1", "1.22.0", "1.22.5", "1.22.10", "1.23", "1.23.0", "1.23.4",
    "1.24", "1.24rc1", "1.24.0", "1.24.13", "1.24.14", "1.25", "1.25.0", "1.25.14", "1.26",
    "1.26rc1", "1.26.0", "1.26.2", "1.27", "1.27.4", "1.27.5", "1.28", "1.28rc1", "1.28.0",
    "1.30.1", "1.31",
];

/// Names of toolchains that are not versions.
pub const NAMES: [&str; 28] = [
    "go1.21.0-corp",
    "go1.22.5-corp",
    "go1.24.13-corp",
    "go1.25.14-corp",
    "default",
    "local",
    "auto",
    "path",
    "1.22.10",
    "go1.22.10-corp",
    "go1.26.2-corp.7",
    "go1.27.4-corp",
    "go1.21.13-corp",
    "go1.22.10 corp",
    "bigcorp-go1.22.10",
    "go2",
    "go1",
    "go1.22.x",
    "go1.9.2rc2",
    "go1.022",
    "go1.22.10+auto",
    "go1.26.2/x",
    "go",
    "GO1.22.10",
    "go1.99999999999999999999.0",
    "go1.22.10rc1",
    "go1.26.0-",
    "go1.28beta1",
];

/// One of these.
pub fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(..from.len())]
}

/// A version, more often than not one that is newer than most.
pub fn version(rng: &mut Rng) -> &'static str {
    let from = [0, 18, 23, 26, 30][rng.usize(..5)];
    VERSIONS[rng.usize(from..VERSIONS.len())]
}

/// Whether something happens that happens so many times in a hundred.
pub fn chance(rng: &mut Rng, percent: u8) -> bool {
    rng.u8(..100) < percent
}
