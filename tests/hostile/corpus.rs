//! All archives of the generator as files, for whoever wants to begin from them (a fuzzer's seeds):
//! `GVM_TEST_WRITE_CORPUS=DIR cargo test --test hostile corpus` writes `DIR/zip/NAME` and `DIR/targz/NAME`, and the tars
//! without their gzip to `DIR/tar/NAME`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::PathBuf;

use flate2::read::GzDecoder;

use crate::case::{Case, Kind};

/// Seeds that are larger than this slow a fuzzer down more than they teach it.
const LARGEST: usize = 64 << 10;

/// Writes the small ones where the variable says, if it does.
#[allow(clippy::disallowed_methods, reason = "the test's own setting")]
pub fn write_where_asked(cases: &[Case]) {
    let Some(folder) = std::env::var_os("GVM_TEST_WRITE_CORPUS").map(PathBuf::from) else { return };
    for kind in ["zip", "targz", "tar"] {
        fs::create_dir_all(folder.join(kind)).unwrap();
    }
    for case in cases.iter().filter(|case| case.bytes.len() <= LARGEST) {
        let name = file_name(case);
        let (kind, bytes) = match case.kind {
            Kind::Zip => ("zip", &case.bytes),
            Kind::TarGz => ("targz", &case.bytes),
        };
        fs::write(folder.join(kind).join(&name), bytes).unwrap();
        let mut tar = Vec::new();
        // What is no gzip has no tar in it; one that breaks off later has some.
        let _ = GzDecoder::new(&bytes[..]).take(LARGEST as u64).read_to_end(&mut tar);
        if case.kind == Kind::TarGz && !tar.is_empty() {
            fs::write(folder.join("tar").join(&name), tar).unwrap();
        }
    }
}

/// Holds that no two archives of one kind have one name.
pub fn are_named_apart(cases: &[Case]) {
    let mut seen = BTreeSet::new();
    for case in cases {
        let is_new = seen.insert((case.kind == Kind::Zip, file_name(case)));
        assert!(is_new, "two are called {}", case.name);
    }
}

fn file_name(case: &Case) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let name: String = case.name.chars().map(plain).collect();
    if case.says.is_empty() { format!("honest-{name}") } else { name }
}
