//! An inclusion proof: the few hashes that lead from one record to the root of a tree (RFC 6962,
//! section 2.1.1).

use std::ops::Range;

use thiserror::Error;

use super::hash::Hash;
use super::head::TreeHead;
use super::node::Node;
use super::tiles::{TileError, Tiles};

/// The audit path of one record in one tree, from the record's neighbour up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// The hash of the other half at each step.
    pub path: Vec<Hash>,
}

/// Why a path does not show a record to be in a tree.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InclusionError {
    /// The tree ends before the record.
    #[error("record {id} is not in a tree of {size} records")]
    OutsideTree {
        /// The record's number.
        id: u64,
        /// Records in the tree.
        size: u64,
    },
    /// A path for this record in this tree has another length.
    #[error("the proof that record {id} is in the tree has {found} hashes, not {expected}")]
    Length {
        /// The record's number.
        id: u64,
        /// Hashes that the path must have.
        expected: usize,
        /// Hashes that it has.
        found: usize,
    },
    /// The path leads to another root: the record, the path or the tree is not what it was.
    #[error("the proof that record {id} is in the tree leads to {found}, not to {expected}")]
    Root {
        /// The record's number.
        id: u64,
        /// The hash of the tree.
        expected: Hash,
        /// Where the path leads.
        found: Hash,
    },
}

impl InclusionProof {
    /// Which nodes the path of record `id` in a tree of `size` records is made of. None when the
    /// record is outside.
    pub fn nodes(id: u64, size: u64) -> Vec<Node> {
        steps(id, size).into_iter().flat_map(|step| Node::covering(step.other)).collect()
    }

    /// The path of record `id` in the tree of `tiles`, which must hold [`InclusionProof::nodes`].
    pub fn build(id: u64, tiles: &Tiles) -> Result<InclusionProof, TileError> {
        let steps = steps(id, tiles.tree().size);
        let path: Result<Vec<Hash>, TileError> =
            steps.into_iter().map(|step| tiles.root_of(step.other)).collect();
        Ok(InclusionProof { path: path? })
    }

    /// Checks that the record numbered `id` with the hash `record` is in `tree`.
    pub fn check(&self, tree: TreeHead, id: u64, record: Hash) -> Result<(), InclusionError> {
        let TreeHead { size, hash: expected } = tree;
        if id >= size {
            return Err(InclusionError::OutsideTree { id, size });
        }
        let steps = steps(id, size);
        if self.path.len() != steps.len() {
            let (expected, found) = (steps.len(), self.path.len());
            return Err(InclusionError::Length { id, expected, found });
        }
        let found = steps.iter().zip(&self.path).fold(record, |below, (step, other)| {
            if step.goes_left { Hash::of_node(below, *other) } else { Hash::of_node(*other, below) }
        });
        if found != expected {
            return Err(InclusionError::Root { id, expected, found });
        }
        Ok(())
    }
}

/// One split of the tree on the way to a record.
struct Step {
    /// Whether the record is in the left part.
    goes_left: bool,
    /// The records of the part it is not in.
    other: Range<u64>,
}

/// The splits between the record `id` and the root of a tree of `size` records, from the record up.
fn steps(id: u64, size: u64) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut part = 0..size;
    while part.contains(&id) && part.end - part.start > 1 {
        // The largest power of two below the length.
        let left = 1 << (part.end - part.start - 1).ilog2();
        let middle = part.start + left;
        let goes_left = id < middle;
        let (next, other) = if goes_left {
            (part.start..middle, middle..part.end)
        } else {
            (middle..part.end, part.start..middle)
        };
        steps.push(Step { goes_left, other });
        part = next;
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::verify::testlog::TestLog;
    use crate::verify::tlog::{TileHeight, tiles_needed};

    /// The path of every record of the tree of `size` records, built from its tiles.
    fn proofs(log: &TestLog, size: usize, height: u8) -> Vec<InclusionProof> {
        let height = TileHeight::new(height).unwrap();
        let ids = 0..size as u64;
        let nodes: Vec<Node> =
            ids.clone().flat_map(|id| InclusionProof::nodes(id, size as u64)).collect();
        let content = log.serve(&tiles_needed(size as u64, &nodes, height), size);
        let tiles = Tiles::authenticate(log.tree(size), &nodes, height, &content).unwrap();
        ids.map(|id| InclusionProof::build(id, &tiles).unwrap()).collect()
    }

    fn record(log: &TestLog, id: usize) -> Hash {
        Hash::of_record(log.records[id].as_bytes())
    }

    #[test]
    fn every_record_of_every_tree_up_to_300_is_proved() {
        let log = TestLog::of_toolchains(300);
        let low = (1..=300).map(|size| (size, 2));
        // Reading a high node of a high tile hashes all of it, so these are fewer.
        let high = (1..=300).step_by(23).chain(255..=257).map(|size| (size, 8));
        for (size, height) in low.chain(high) {
            let tree = log.tree(size);
            for (id, proof) in proofs(&log, size, height).iter().enumerate() {
                assert_eq!(
                    proof.check(tree, id as u64, record(&log, id)),
                    Ok(()),
                    "{id} of {size}"
                );
            }
        }
    }

    #[test]
    fn a_path_is_good_for_its_own_record_and_tree_only() {
        let log = TestLog::of_toolchains(41);
        for (id, proof) in proofs(&log, 40, 2).iter().enumerate() {
            let other = (id + 1) % 40;
            assert!(proof.check(log.tree(40), id as u64, record(&log, other)).is_err());
            assert!(proof.check(log.tree(40), other as u64, record(&log, id)).is_err());
            assert!(proof.check(log.tree(41), id as u64, record(&log, id)).is_err());
        }
    }

    #[test]
    fn a_path_of_another_length_or_an_id_outside_is_named() {
        let log = TestLog::of_toolchains(5);
        let (tree, leaf) = (log.tree(5), record(&log, 4));
        let mut proof = proofs(&log, 5, 2).remove(4);
        assert_eq!(proof.check(tree, 5, leaf), Err(InclusionError::OutsideTree { id: 5, size: 5 }));
        proof.path.push(leaf);
        assert_eq!(
            proof.check(tree, 4, leaf),
            Err(InclusionError::Length { id: 4, expected: 1, found: 2 })
        );
    }

    proptest! {
        #[test]
        fn a_changed_bit_anywhere_in_the_path_is_noticed(
            size in 2_usize..200,
            at in any::<prop::sample::Index>(),
            bit in 0..256_usize,
        ) {
            let log = TestLog::of_toolchains(size);
            let id = at.index(size);
            let mut proof = proofs(&log, size, 2).remove(id);
            let changed = at.index(proof.path.len());
            let mut bytes = *proof.path[changed].as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            proof.path[changed] = Hash::new(bytes);
            let refused = proof.check(log.tree(size), id as u64, record(&log, id));
            prop_assert!(matches!(refused, Err(InclusionError::Root { .. })), "{refused:?}");
        }
    }
}
