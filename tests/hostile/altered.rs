//! Honest archives altered at random, unpacked in this process: each is refused, or it is the tree that it was.

use std::io::Write;

use gvm::report::Silent;
use gvm::unpack::{Shape, Staged, TreeFile, UnpackError, unpack};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use tempfile::TempDir;

use crate::case::Case;
use crate::gzip::gzip;
use crate::tar::set_sum;
use crate::{honest_tar, honest_zip};

/// What is done to an archive.
#[derive(Debug, Clone)]
enum Change {
    /// This byte at this place.
    Set(Index, u8),
    /// Other bits at this place.
    Flip(Index, u8),
    /// So many bytes left out.
    Drop(Index, u8),
    /// So many of the bytes at the first place again at the second.
    Repeat(Index, Index, u8),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let place = any::<Index>;
    let change = prop_oneof![
        (place(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (place(), 1..=255_u8).prop_map(|(at, bits)| Change::Flip(at, bits)),
        (place(), any::<u8>()).prop_map(|(at, len)| Change::Drop(at, len)),
        (place(), place(), any::<u8>()).prop_map(|(from, to, len)| Change::Repeat(from, to, len)),
    ];
    prop::collection::vec(change, 1..4)
}

fn altered(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let len = bytes.len().max(1);
        let until = |at: usize, len: u8, bytes: &[u8]| (at + usize::from(len)).min(bytes.len());
        match change {
            _ if bytes.is_empty() => {}
            Change::Set(at, byte) => bytes[at.index(len)] = *byte,
            Change::Flip(at, bits) => bytes[at.index(len)] ^= bits,
            Change::Drop(at, count) => {
                let at = at.index(len);
                bytes.drain(at..until(at, *count, &bytes));
            }
            Change::Repeat(from, to, count) => {
                let from = from.index(len);
                let again = bytes[from..until(from, *count, &bytes)].to_vec();
                let to = to.index(len);
                bytes.splice(to..to, again);
            }
        }
    }
    bytes
}

fn unpacked(bytes: &[u8]) -> (TempDir, Result<Staged, UnpackError>) {
    let into = tempfile::tempdir().unwrap();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let shape = Shape::Archive { covered_only: false };
    let staged = unpack(&file, "altered", &shape, into.path(), None, &Silent);
    (into, staged)
}

fn small(cases: Vec<Case>) -> Vec<Case> {
    cases.into_iter().filter(|case| case.bytes.len() < 3000).collect()
}

fn try_all(cases: &[Case], runs: u32, hold: impl Fn(&Case, &[Change])) {
    let config = Config { cases: runs, failure_persistence: None, ..Config::default() };
    let which = (any::<Index>(), changes());
    TestRunner::new(config)
        .run(&which, |(case, changes)| {
            hold(case.get(cases), &changes);
            Ok(())
        })
        .unwrap();
}

/// A changed zip: every byte of it counts, so whatever is accepted is the same tree.
pub fn zips(runs: u32) {
    let cases = small(honest_zip::cases());
    let trees: Vec<Vec<TreeFile>> =
        cases.iter().map(|case| unpacked(&case.bytes).1.unwrap().files().to_vec()).collect();
    try_all(&cases, runs, |case, changes| {
        let (_into, staged) = unpacked(&altered(case.bytes.clone(), changes));
        let tree = &trees[cases.iter().position(|other| other.name == case.name).unwrap()];
        if let Ok(staged) = staged {
            assert_eq!(staged.files(), tree, "{}: {changes:?}", case.name);
        }
    });
}

/// A changed tar within a sound gzip and with sound header checksums, which is another tree, so whatever is accepted stands
/// where it says and nowhere else.
pub fn tars(runs: u32) {
    let plain = |case: &Case| {
        let mut tar = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&case.bytes[..]), &mut tar)
            .unwrap();
        tar
    };
    let cases = small(honest_tar::cases());
    try_all(&cases, runs, |case, changes| {
        let mut tar = altered(plain(case), changes);
        for block in tar.chunks_exact_mut(512).filter(|block| block[257..262] == *b"ustar") {
            set_sum(block);
        }
        let (into, staged) = unpacked(&gzip(&tar));
        let Ok(staged) = staged else { return };
        for file in staged.files() {
            let meta = std::fs::symlink_metadata(into.path().join(&file.path)).unwrap();
            assert!(meta.is_file() && meta.len() == file.size, "{}: {changes:?}", file.path);
        }
    });
}
