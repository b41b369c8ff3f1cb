//! The database's answer to a lookup, and how it is proved.
//!
//! Rules: `Lookup` in `golang.org/x/mod/sumdb/client.go` as of Go 1.27.3.

use std::collections::HashMap;

use super::database::Database;
use super::error::{Fork, SumdbError};
use super::head::SignedHead;
use super::record::{Record, Sums};
use super::stored::StoredProof;
use crate::verify::note::Verifier;
use crate::verify::tlog::{Hash, InclusionProof, Node, Tile, TileHeight, Tiles, tiles_needed};

/// The body of `/lookup/golang.org/toolchain@VERSION`: signed, and not yet proved.
#[derive(Clone, Debug)]
pub struct Lookup {
    record: Record,
    head: SignedHead,
    verifier: Verifier,
    tile_height: TileHeight,
}

/// What the log says about one toolchain, proved to be in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    h1: String,
    go_mod_h1: String,
    version: String,
    record: Record,
    head: SignedHead,
    inclusion: InclusionProof,
    verifier: Verifier,
}

impl Lookup {
    /// Reads the answer and checks the signature of the tree that comes with it.
    pub fn parse(bytes: &[u8], database: &Database) -> Result<Lookup, SumdbError> {
        let (record, note) = Record::parse(bytes)?;
        let head = SignedHead::open(note, database)?;
        let verifier = database.verifier().clone();
        Ok(Lookup { record, head, verifier, tile_height: database.tile_height() })
    }

    /// Every tile that [`Lookup::prove`] will want, given the newest head seen before. None of them
    /// depends on the content of another, so all can be fetched at once. A server that has outgrown
    /// a partly filled tile may have its [`Tile::full`] form only.
    pub fn plan(&self, latest: Option<&SignedHead>) -> Vec<Tile> {
        let (older, authority) = self.by_size(latest);
        tiles_needed(authority.tree().size, &self.nodes(older, authority), self.tile_height)
    }

    /// Proves that the record is in the log, that the log is one with that of `latest`, and that
    /// the record speaks of the toolchain module `version` (`v0.0.1-go1.22.4.linux-amd64`).
    ///
    /// The larger of the two trees is the authority, for the record as well: an answer from a cache
    /// may bring an old tree. `tiles` holds the content of what [`Lookup::plan`] listed, as it was
    /// received, under the coordinates listed there.
    pub fn prove(
        &self,
        version: &str,
        latest: Option<&SignedHead>,
        tiles: &HashMap<Tile, Vec<u8>>,
    ) -> Result<Proven, SumdbError> {
        let (older, authority) = self.by_size(latest);
        let nodes = self.nodes(older, authority);
        check_same_size(older, authority)?;
        let tiles = Tiles::authenticate(authority.tree(), &nodes, self.tile_height, tiles)?;
        check_timeline(older, authority, &tiles)?;
        self.check_record(&tiles)?;
        let inclusion = InclusionProof::build(self.record.id, &tiles)?;
        // Only now, and from nothing but the text whose hash is in the log (CVE-2026-56864).
        let Sums { h1, go_mod_h1 } = self.record.sums(version)?;
        Ok(Proven {
            h1,
            go_mod_h1,
            version: version.to_owned(),
            record: self.record.clone(),
            head: authority.clone(),
            inclusion,
            verifier: self.verifier.clone(),
        })
    }

    /// The smaller tree, if there are two, and the larger one. Of two equal ones the one known
    /// already is the authority.
    fn by_size<'a>(
        &'a self,
        latest: Option<&'a SignedHead>,
    ) -> (Option<&'a SignedHead>, &'a SignedHead) {
        match latest {
            None => (None, &self.head),
            Some(latest) if latest.tree().size < self.head.tree().size => {
                (Some(latest), &self.head)
            }
            Some(latest) => (Some(&self.head), latest),
        }
    }

    /// The nodes whose hashes are read: the record, its audit path, and the smaller tree's parts.
    fn nodes(&self, older: Option<&SignedHead>, authority: &SignedHead) -> Vec<Node> {
        let size = authority.tree().size;
        let mut nodes = Node::covering(0..older.map_or(0, |older| older.tree().size));
        nodes.extend(InclusionProof::nodes(self.record.id, size));
        nodes.push(Node::record(self.record.id));
        nodes
    }

    fn check_record(&self, tiles: &Tiles) -> Result<(), SumdbError> {
        let (id, size) = (self.record.id, tiles.tree().size);
        if id >= size {
            return Err(SumdbError::OutsideTree { id, size });
        }
        let (expected, found) = (tiles.hash(Node::record(id))?, self.record.hash());
        if expected != found {
            return Err(SumdbError::Record { id, expected, found });
        }
        Ok(())
    }
}

/// Two trees of one size are the same tree or a fork; no tile is needed to tell.
fn check_same_size(older: Option<&SignedHead>, newer: &SignedHead) -> Result<(), SumdbError> {
    match older {
        Some(older) if older.tree().size == newer.tree().size => {
            check_hash(older, newer, newer.tree().hash)
        }
        Some(_) | None => Ok(()),
    }
}

/// The records of the smaller tree must be the first records of the larger one.
fn check_timeline(
    older: Option<&SignedHead>,
    newer: &SignedHead,
    tiles: &Tiles,
) -> Result<(), SumdbError> {
    match older {
        Some(older) => check_hash(older, newer, tiles.root_at(older.tree().size)?),
        None => Ok(()),
    }
}

fn check_hash(older: &SignedHead, newer: &SignedHead, found: Hash) -> Result<(), SumdbError> {
    if older.tree().hash == found {
        return Ok(());
    }
    Err(SumdbError::Fork(Box::new(Fork { older: older.clone(), newer: newer.clone(), found })))
}

impl Proven {
    /// The hash of the module's files, `h1:…`.
    pub fn h1(&self) -> &str {
        &self.h1
    }

    /// The hash of the module's go.mod file, `h1:…`.
    pub fn go_mod_h1(&self) -> &str {
        &self.go_mod_h1
    }

    /// The record that says so.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The tree that the record was proved to be in: the larger of the answer's and the one known
    /// before. It is what to keep as the newest head seen.
    ///
    /// Replace the kept head only while it is still the one that was handed to [`Lookup::prove`],
    /// under a lock; otherwise plan and prove again with the one that stands there now, or two
    /// forks could each be believed by one of two processes.
    pub fn head(&self) -> &SignedHead {
        &self.head
    }

    /// The way from the record to that tree's root.
    pub fn inclusion(&self) -> &InclusionProof {
        &self.inclusion
    }

    /// All of it that a receipt keeps.
    pub fn to_stored(&self) -> StoredProof {
        StoredProof {
            verifier: self.verifier.to_string(),
            version: self.version.clone(),
            note: self.head.note().to_owned(),
            id: self.record.id,
            record: self.record.text.clone(),
            path: self.inclusion.path.iter().map(ToString::to_string).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::verify::testlog::{TestLog, record};
    use crate::verify::tlog::TileError;

    /// Asks `log` about record `id` when it has `size` records, having seen it at `seen`.
    fn ask(
        log: &TestLog,
        id: usize,
        size: usize,
        seen: Option<&SignedHead>,
    ) -> Result<Proven, SumdbError> {
        prove(log, &log.lookup(id, size), &TestLog::version(id), seen)
    }

    /// Proves `answer` with the tiles that `log` serves today.
    fn prove(
        log: &TestLog,
        answer: &[u8],
        version: &str,
        seen: Option<&SignedHead>,
    ) -> Result<Proven, SumdbError> {
        let lookup = Lookup::parse(answer, &log.database(2))?;
        let tiles = log.serve(&lookup.plan(seen), log.records.len());
        lookup.prove(version, seen, &tiles)
    }

    #[test]
    fn a_first_answer_is_proved_and_its_tree_is_the_one_to_keep() {
        let log = TestLog::of_toolchains(50);
        let proven = ask(&log, 17, 50, None).unwrap();
        assert_eq!(proven.h1(), TestLog::h1(17));
        let go_mod = format!("{}/go.mod {}\n", TestLog::version(17), proven.go_mod_h1());
        assert!(log.records[17].ends_with(&go_mod), "{go_mod}");
        assert_eq!((proven.record().id, proven.head().tree()), (17, log.tree(50)));
    }

    #[test]
    fn a_larger_tree_replaces_the_one_seen() {
        let log = TestLog::of_toolchains(50);
        let proven = ask(&log, 45, 50, Some(&log.head(31))).unwrap();
        assert_eq!(proven.head(), &log.head(50));
    }

    #[test]
    fn a_stale_answer_is_proved_in_the_tree_seen() {
        let log = TestLog::of_toolchains(50);
        let proven = ask(&log, 17, 31, Some(&log.head(50))).unwrap();
        assert_eq!(proven.head(), &log.head(50));
        assert_eq!(proven.inclusion().check(log.tree(50), 17, proven.record().hash()), Ok(()));
    }

    #[test]
    fn of_two_notes_of_one_tree_the_one_seen_is_kept() {
        let log = TestLog::of_toolchains(50);
        // As a database with a witness may sign it.
        let witnessed = format!("{}— witness AAAAAAE=\n", log.note(50));
        let seen = SignedHead::open(witnessed.as_bytes(), &log.database(2)).unwrap();
        let proven = ask(&log, 17, 50, Some(&seen)).unwrap();
        assert_eq!(proven.head().note(), witnessed);
    }

    /// The same log, but record `id` says something else.
    fn forked_at(id: usize, size: usize) -> TestLog {
        let mut log = TestLog::of_toolchains(size);
        log.records[id] = record(&TestLog::version(id), 999);
        log
    }

    #[test]
    fn a_fork_is_shown_with_both_notes() {
        let (log, fork) = (TestLog::of_toolchains(50), forked_at(3, 50));
        for (seen, size) in [(31, 50), (50, 31), (50, 50)] {
            let (seen, answer) = (log.head(seen), fork.lookup(3, size));
            // Whoever forks serves each the tiles of the larger tree that it was shown.
            let serving = if seen.tree().size > size as u64 { &log } else { &fork };
            let refused = prove(serving, &answer, &TestLog::version(3), Some(&seen));
            let Err(SumdbError::Fork(shown)) = refused else { panic!("{refused:?}") };
            let mut notes = [shown.older.note(), shown.newer.note()];
            notes.sort_unstable();
            let mut expected = [seen.note(), &fork.note(size)];
            expected.sort_unstable();
            assert_eq!(notes, expected);
            // The message has both, each line of them indented.
            let message = shown.to_string();
            let indented =
                |note: &str| note.lines().map(|l| format!("    {l}\n")).collect::<String>();
            assert!(expected.iter().all(|note| message.contains(&indented(note))), "{message}");
        }
    }

    #[test]
    fn an_empty_tree_is_the_beginning_of_every_log() {
        let log = TestLog::of_toolchains(5);
        assert!(ask(&log, 2, 5, Some(&log.head(0))).is_ok());
        assert!(ask(&log, 2, 0, Some(&log.head(5))).is_ok());
        let refused = ask(&log, 2, 0, None);
        assert_eq!(refused, Err(SumdbError::OutsideTree { id: 2, size: 0 }));
    }

    #[test]
    fn a_record_beyond_the_tree_is_refused() {
        let log = TestLog::of_toolchains(50);
        let refused = ask(&log, 31, 31, Some(&log.head(20)));
        assert_eq!(refused, Err(SumdbError::OutsideTree { id: 31, size: 31 }));
        let answer = format!("{}\n{}\n{}", u64::MAX, log.records[0], log.note(50));
        let refused = prove(&log, answer.as_bytes(), &TestLog::version(0), None);
        assert_eq!(refused, Err(SumdbError::OutsideTree { id: u64::MAX, size: 50 }));
    }

    #[test]
    fn a_record_under_the_number_of_another_is_refused() {
        let log = TestLog::of_toolchains(50);
        let answer = format!("18\n{}\n{}", log.records[17], log.note(50));
        let refused = prove(&log, answer.as_bytes(), &TestLog::version(17), None);
        assert!(matches!(refused, Err(SumdbError::Record { id: 18, .. })));
    }

    #[test]
    fn an_answer_signed_by_somebody_else_is_refused() {
        let mut other = TestLog::new("sum.example.com", 9);
        other.records = TestLog::of_toolchains(5).records;
        let answer = other.lookup(0, 5);
        let refused = prove(&TestLog::of_toolchains(5), &answer, &TestLog::version(0), None);
        assert!(matches!(refused, Err(SumdbError::Note(_))));
    }

    #[test]
    fn cve_2026_42501_a_missing_line_is_an_error() {
        let mut log = TestLog::of_toolchains(5);
        let version = TestLog::version(1);
        log.records[1] = record(&version, 1).lines().next_back().unwrap().to_owned() + "\n";
        log.records[2] = record(&TestLog::version(2), 2).lines().next().unwrap().to_owned() + "\n";
        log.records[3] = record(&version, 3).replace("golang.org/toolchain", "golang.org/x/tools");
        let missing = |id, asked: &str| match prove(&log, &log.lookup(id, 5), asked, None) {
            Err(SumdbError::MissingLine { version, .. }) => version,
            other => panic!("{other:?}"),
        };
        assert_eq!(missing(1, &version), version);
        assert_eq!(missing(2, &TestLog::version(2)), format!("{}/go.mod", TestLog::version(2)));
        assert_eq!(missing(3, &version), version);
        assert_eq!(missing(4, &version), version, "the answer about another version");
        assert_eq!(missing(0, "v0.0.1-go1.0"), "v0.0.1-go1.0", "the beginning of a version");
    }

    #[test]
    fn cve_2026_56864_lines_outside_the_record_are_not_believed() {
        let log = TestLog::of_toolchains(5);
        let version = TestLog::version(77);
        let planted = record(&version, 77);
        let tree = log.note(5);
        let in_the_note = format!("0\n{}\n{planted}\n{tree}", log.records[0]);
        let among_signatures = format!("0\n{}\n{tree}{planted}", log.records[0]);
        for answer in [&in_the_note, &among_signatures] {
            assert!(matches!(
                Lookup::parse(answer.as_bytes(), &log.database(2)),
                Err(SumdbError::Note(_))
            ));
        }
        let (tree_text, _) = tree.rsplit_once("\n\n").unwrap();
        let signed =
            format!("0\n{}\n{}", log.records[0], log.sign(&format!("{tree_text}\n{planted}")));
        let refused = prove(&log, signed.as_bytes(), &version, None);
        assert!(matches!(refused, Err(SumdbError::MissingLine { .. })), "{refused:?}");
        let in_the_record = format!("0\n{}{planted}\n{tree}", log.records[0]);
        let refused = prove(&log, in_the_record.as_bytes(), &version, None);
        assert!(matches!(refused, Err(SumdbError::Record { .. })), "{refused:?}");
    }

    #[test]
    fn cve_2026_56865_a_forged_tile_does_not_carry_a_forged_record() {
        let log = TestLog::of_toolchains(50);
        let forged = record(&TestLog::version(3), 999);
        let answer = format!("3\n{forged}\n{}", log.note(50));
        let lookup = Lookup::parse(answer.as_bytes(), &log.database(2)).unwrap();
        let mut tiles = log.serve(&lookup.plan(None), 50);
        let leaf = tiles.keys().find(|tile| tile.path() == "tile/2/0/000").copied().unwrap();
        tiles.get_mut(&leaf).unwrap()[96..]
            .copy_from_slice(Hash::of_record(forged.as_bytes()).as_bytes());
        let refused = lookup.prove(&TestLog::version(3), None, &tiles);
        let Err(SumdbError::Tile(TileError::Altered { tile, .. })) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(tile, leaf);
    }

    #[test]
    fn every_changed_bit_of_an_answer_is_noticed() {
        let log = TestLog::of_toolchains(20);
        let good = log.lookup(7, 20);
        for bit in 0..good.len() * 8 {
            let mut answer = good.clone();
            answer[bit / 8] ^= 1 << (bit % 8);
            assert!(prove(&log, &answer, &TestLog::version(7), None).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn the_tiles_of_the_plan_are_exactly_those_needed() {
        let log = TestLog::of_toolchains(50);
        let (seen, lookup) =
            (log.head(22), Lookup::parse(&log.lookup(33, 50), &log.database(2)).unwrap());
        let tiles = log.serve(&lookup.plan(Some(&seen)), 50);
        assert!(lookup.prove(&TestLog::version(33), Some(&seen), &tiles).is_ok());
        for tile in tiles.keys() {
            let mut fewer = tiles.clone();
            fewer.remove(tile);
            let refused = lookup.prove(&TestLog::version(33), Some(&seen), &fewer);
            assert_eq!(refused, Err(SumdbError::Tile(TileError::Missing { tile: *tile })));
        }
    }

    proptest! {
        #[test]
        fn any_record_is_proved_whatever_was_seen_before(
            size in 1_usize..400,
            seen in 0_usize..400,
            id in any::<prop::sample::Index>(),
            height in prop::sample::select(vec![1_u8, 2, 3, 8]),
        ) {
            let (id, authority) = (id.index(size), size.max(seen));
            let log = TestLog::of_toolchains(authority);
            let (database, seen) = (log.database(height), log.head(seen));
            let lookup = Lookup::parse(&log.lookup(id, size), &database).unwrap();
            let tiles = log.serve(&lookup.plan(Some(&seen)), authority);
            let proven = lookup.prove(&TestLog::version(id), Some(&seen), &tiles).unwrap();
            prop_assert_eq!(proven.h1(), TestLog::h1(id));
            prop_assert_eq!(proven.head().tree(), log.tree(authority));
            prop_assert!(proven.to_stored().recheck(database.verifier()).is_ok());
        }
    }
}
