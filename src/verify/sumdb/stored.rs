//! A proof as a receipt keeps it: self-contained, some kilobytes of text, checked again without the
//! network.
//!
//! How it is written to a file is not here.

use super::error::SumdbError;
use super::head::SignedHead;
use super::record::Record;
use crate::verify::note::Verifier;
use crate::verify::tlog::{Hash, InclusionProof, TreeHead};

/// The signed tree, the record, and the path between them. Plain text, and believed only after
/// [`StoredProof::recheck`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredProof {
    /// The key of the database that signed, `name+hash+key`.
    pub verifier: String,
    /// The module version that was asked for, `v0.0.1-go1.22.4.linux-amd64`.
    pub version: String,
    /// The note of the tree, signatures and all.
    pub note: String,
    /// The record's number.
    pub id: u64,
    /// The record's text, with the final newline.
    pub record: String,
    /// The audit path, each hash in base64, from the record up.
    pub path: Vec<String>,
}

/// What a stored proof was found to prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rechecked {
    /// The hash of the module's files, `h1:…`.
    pub h1: String,
    /// The hash of the module's go.mod file, `h1:…`.
    pub go_mod_h1: String,
    /// The tree that the record is in.
    pub tree: TreeHead,
}

impl StoredProof {
    /// Checks signature, record and path again, against the key that is `trusted` now. A proof that
    /// named its own judge would prove nothing; a caller that does want to believe the receipt's
    /// key passes what [`Verifier::parse`] makes of it.
    ///
    /// Not checked: that this is the version which the receipt is about, and that the log has not
    /// forked since.
    pub fn recheck(&self, trusted: &Verifier) -> Result<Rechecked, SumdbError> {
        let expected = trusted.to_string();
        if self.verifier != expected {
            return Err(SumdbError::OtherKey { expected, found: self.verifier.clone() });
        }
        let tree = SignedHead::open_by(self.note.as_bytes(), trusted)?.tree();
        let path: Result<Vec<Hash>, _> = self.path.iter().map(|hash| hash.parse()).collect();
        let record = Record { id: self.id, text: self.record.clone() };
        InclusionProof { path: path? }.check(tree, self.id, record.hash())?;
        let sums = record.sums(&self.version)?;
        Ok(Rechecked { h1: sums.h1, go_mod_h1: sums.go_mod_h1, tree })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::note::NoteError;
    use crate::verify::sumdb::Lookup;
    use crate::verify::testlog::TestLog;
    use crate::verify::tlog::InclusionError;

    const ID: usize = 7;

    fn stored(log: &TestLog) -> (StoredProof, Verifier) {
        let database = log.database(2);
        let lookup = Lookup::parse(&log.lookup(ID, 20), &database).unwrap();
        let tiles = log.serve(&lookup.plan(None), 20);
        let proven = lookup.prove(&TestLog::version(ID), None, &tiles).unwrap();
        (proven.to_stored(), database.verifier().clone())
    }

    #[test]
    fn a_stored_proof_is_good_without_the_log() {
        let log = TestLog::of_toolchains(20);
        let (proof, trusted) = stored(&log);
        let checked = proof.recheck(&trusted).unwrap();
        assert_eq!((checked.h1, checked.tree), (TestLog::h1(ID), log.tree(20)));
    }

    #[test]
    fn each_part_of_it_is_checked() {
        let (good, trusted) = stored(&TestLog::of_toolchains(20));
        let changed = |change: fn(&mut StoredProof)| {
            let mut proof = good.clone();
            change(&mut proof);
            proof.recheck(&trusted).unwrap_err()
        };
        let error = changed(|proof| proof.record = proof.record.replace(".7.0.", ".8.0."));
        assert!(matches!(error, SumdbError::Inclusion(InclusionError::Root { .. })));
        let error = changed(|proof| proof.id ^= 1);
        assert!(matches!(error, SumdbError::Inclusion(InclusionError::Root { .. })));
        let error = changed(|proof| proof.id = 20);
        assert!(matches!(error, SumdbError::Inclusion(InclusionError::OutsideTree { .. })));
        let error = changed(|proof| proof.path.swap(0, 1));
        assert!(matches!(error, SumdbError::Inclusion(InclusionError::Root { .. })));
        let error = changed(|proof| proof.path.truncate(2));
        assert!(matches!(error, SumdbError::Inclusion(InclusionError::Length { .. })));
        let error = changed(|proof| proof.path[0].truncate(9));
        assert!(matches!(error, SumdbError::Path(_)));
        let error = changed(|proof| proof.note = proof.note.replace("\n20\n", "\n21\n"));
        assert!(matches!(error, SumdbError::Note(NoteError::InvalidSignature { .. })));
        let error = changed(|proof| proof.version = TestLog::version(8));
        assert!(matches!(error, SumdbError::MissingLine { .. }));
    }

    #[test]
    fn a_proof_cannot_bring_its_own_key() {
        let (_, trusted) = stored(&TestLog::of_toolchains(20));
        let mut other = TestLog::new("sum.example.com", 9);
        other.records = TestLog::of_toolchains(20).records;
        let (forged, forger) = stored(&other);
        assert!(forged.recheck(&forger).is_ok());
        assert!(matches!(forged.recheck(&trusted), Err(SumdbError::OtherKey { .. })));
    }
}
