//! Answers to a lookup: what is proved stands in the record of that number, which is in the log that was signed; and
//! what a receipt would keep of it proves the same again.

#![no_main]

use std::collections::HashMap;
use std::sync::LazyLock;

use gvm::verify::sumdb::{Database, Lookup, Proven, SignedHead, StoredProof};
use gvm::verify::tlog::{Tile, TileHeight};
use gvm_fuzz::input::Input;
use gvm_fuzz::log::{self, Log};
use libfuzzer_sys::fuzz_target;

const SIZE: usize = 11;

/// Logs of all sizes have one key, and each extends the one before.
static LOG: LazyLock<Log> = LazyLock::new(|| Log::of_toolchains(SIZE));

static HEADS: LazyLock<Vec<SignedHead>> = LazyLock::new(|| {
    let notes = (0..=SIZE).map(|size| LOG.signed(LOG.head(size).as_bytes()));
    notes.map(|note| SignedHead::open(&note, &database()).expect("it is signed")).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let size = 1 + input.below(SIZE);
    let id = input.below(size);
    let asked = log::version(input.below(SIZE + 1));
    let latest = input.below(SIZE + 2);
    let latest = HEADS.get(latest);
    let own = input.bytes(200);
    // The log may hold a record of the input's own making, and its owner signs it.
    let log = LOG.with_record(size, id, Some(own).filter(|own| !own.is_empty()));
    let mut answer = log.answer(id, size);
    let spoils_tiles = input.byte() & 1 == 1;
    let mut tile = Input(if spoils_tiles { input.0 } else { &[] });
    if !spoils_tiles {
        input.spoil(&mut answer);
    }
    let Ok(lookup) = Lookup::parse(&answer, &database()) else { return };
    let planned = lookup.plan(latest);
    let logs = if latest.is_some_and(|head| head.tree().size > size as u64) { &*LOG } else { &log };
    let mut tiles: HashMap<Tile, Vec<u8>> = logs.serve(&planned);
    if let Some(content) = planned.get(tile.below(planned.len())).and_then(|at| tiles.get_mut(at)) {
        tile.spoil(content);
    }
    if let Ok(proven) = lookup.prove(&asked, latest, &tiles) {
        check(&proven, logs, &asked);
        check_stored(&mut input, &proven.to_stored(), logs, &asked);
    }
});

fn database() -> Database {
    let database = Database::parse(&LOG.key_text()).expect("it is a key");
    database.with_tile_height(TileHeight::new(2).expect("2 is a height"))
}

/// The record is the log's, and both hashes are lines of it about the version that was asked for.
fn check(proven: &Proven, log: &Log, asked: &str) {
    let record = proven.record();
    let (id, size) = (record.id as usize, proven.head().tree().size as usize);
    assert_eq!(record.text.as_bytes(), log.records()[id], "another record than the log's");
    assert_eq!(proven.head().tree().hash, log.root(0..size), "another tree than the log's");
    check_lines(&record.text, asked, proven.h1(), proven.go_mod_h1());
}

fn check_lines(record: &str, asked: &str, h1: &str, go_mod_h1: &str) {
    for (version, hash) in [(asked.to_owned(), h1), (format!("{asked}/go.mod"), go_mod_h1)] {
        let line = format!("golang.org/toolchain {version} {hash}");
        assert!(record.lines().any(|found| found == line), "{line:?} is not in {record:?}");
        assert!(hash.starts_with("h1:") && hash.len() == 47);
    }
}

/// It proves the same without the network, and spoiled nothing else.
fn check_stored(input: &mut Input<'_>, stored: &StoredProof, log: &Log, asked: &str) {
    let again = stored.recheck(&log.verifier()).expect("what was proved stays proved");
    check_lines(&stored.record, asked, &again.h1, &again.go_mod_h1);
    let mut path = stored.path.join(" ").into_bytes();
    let mut record = stored.record.clone().into_bytes();
    let of_path = input.byte() & 1 == 1;
    input.spoil(if of_path { &mut path } else { &mut record });
    let (Ok(path), Ok(record)) = (String::from_utf8(path), String::from_utf8(record)) else {
        return;
    };
    let path = path.split(' ').filter(|hash| !hash.is_empty()).map(String::from).collect();
    let other = StoredProof { path, record, ..stored.clone() };
    assert!(other == *stored || other.recheck(&log.verifier()).is_err(), "{other:?}");
}
