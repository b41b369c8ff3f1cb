//! Tiles whose every hash is known to belong to a signed tree: which ones are needed, and how they
//! are authenticated.
//!
//! Tiles at the right edge of the tree together give its root hash; any other tile is whole, and
//! its root is a hash of the tile above. [`Tiles`] holds nothing but hashes that passed one of the
//! two checks, and hashes are read from it only: in Go's reader before 1.27.3 a loop that began too
//! late left some tiles unchecked (CVE-2026-56865).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use thiserror::Error;

use super::hash::Hash;
use super::head::TreeHead;
use super::node::Node;
use super::tile::{Tile, TileHeight};

/// Authenticated tiles of one tree.
#[derive(Debug)]
pub struct Tiles {
    tree: TreeHead,
    height: TileHeight,
    /// By level and number.
    hashes: BTreeMap<(u32, u64), Vec<Hash>>,
}

/// Why tiles do not show a hash to be in a tree.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TileError {
    /// A tile that is needed was not handed in.
    #[error("{tile} of the checksum database is missing")]
    Missing {
        /// The tile.
        tile: Tile,
    },
    /// A tile has neither its own length nor that of its full form.
    #[error("{tile} of the checksum database has {found} bytes, not {}", tile.content_len())]
    Length {
        /// The tile.
        tile: Tile,
        /// Bytes that were handed in.
        found: usize,
    },
    /// The tiles at the edge do not give the hash of the tree: at least one of them is wrong.
    #[error(
        "the checksum database's tiles give its tree of {} records the hash {found}, \
         not the signed {}", tree.size, tree.hash
    )]
    Root {
        /// The tree that was signed.
        tree: TreeHead,
        /// What the tiles give.
        found: Hash,
        /// The tiles at the edge.
        tiles: Vec<Tile>,
    },
    /// A tile is not the one that the tile above it stands for.
    #[error("{tile} of the checksum database has the hash {found}, not {expected}")]
    Altered {
        /// The tile.
        tile: Tile,
        /// Its hash by the tile above.
        expected: Hash,
        /// The hash of what was handed in.
        found: Hash,
    },
    /// The node is outside the tree, or its tile is not among the authenticated ones.
    #[error("no authenticated tile holds hash {} of level {} of the tree", node.number, node.level)]
    NotHeld {
        /// The node that was asked for.
        node: Node,
    },
}

/// Every tile needed to know the hashes of `nodes` in a tree of `size` records: the tiles that hold
/// them, those above up to the root, and those at the right edge. Parents come before their
/// children. Nodes outside the tree are left out.
pub fn tiles_needed(size: u64, nodes: &[Node], height: TileHeight) -> Vec<Tile> {
    let mut tiles: BTreeSet<Tile> = edge(size, height).into_iter().collect();
    for node in nodes {
        let mut next = Tile::holding(*node, size, height);
        while let Some(tile) = next
            && tiles.insert(tile)
        {
            next = Tile::holding(tile.root(), size, height);
        }
    }
    let mut tiles: Vec<Tile> = tiles.into_iter().collect();
    tiles.sort_by_key(|tile| (Reverse(tile.level()), tile.number()));
    tiles
}

/// The partly filled tiles at the right edge of a tree, from the root down.
fn edge(size: u64, height: TileHeight) -> Vec<Tile> {
    let levels = (0..).take_while(|level| height.nodes_at(*level, size) > 0);
    let tiles: Vec<Tile> = levels.filter_map(|level| Tile::at_edge(level, size, height)).collect();
    tiles.into_iter().rev().collect()
}

impl Tiles {
    /// Authenticates the tiles that `nodes` need (see [`tiles_needed`]) against `tree`. A partly
    /// filled tile may be handed in as its [`Tile::full`] form's content under its own coordinates;
    /// what exceeds its width is not looked at.
    pub fn authenticate(
        tree: TreeHead,
        nodes: &[Node],
        height: TileHeight,
        content: &HashMap<Tile, Vec<u8>>,
    ) -> Result<Tiles, TileError> {
        let mut tiles = Tiles::at_edge(tree, height, content)?;
        for tile in tiles_needed(tree.size, nodes, height) {
            if tiles.hashes.contains_key(&(tile.level(), tile.number())) {
                continue;
            }
            let hashes = hashes(tile, content)?;
            let expected = tiles.hash(tile.root())?;
            let found =
                Hash::of_perfect(&hashes).ok_or(TileError::NotHeld { node: tile.root() })?;
            if found != expected {
                return Err(TileError::Altered { tile, expected, found });
            }
            tiles.hashes.insert((tile.level(), tile.number()), hashes);
        }
        Ok(tiles)
    }

    /// The tiles at the edge, checked together: each of their hashes lies below one of the nodes
    /// that cover the tree.
    fn at_edge(
        tree: TreeHead,
        height: TileHeight,
        content: &HashMap<Tile, Vec<u8>>,
    ) -> Result<Tiles, TileError> {
        let edge = edge(tree.size, height);
        let mut tiles = Tiles { tree, height, hashes: BTreeMap::new() };
        for tile in &edge {
            tiles.hashes.insert((tile.level(), tile.number()), hashes(*tile, content)?);
        }
        let found = tiles.root_at(tree.size)?;
        if found != tree.hash {
            return Err(TileError::Root { tree, found, tiles: edge });
        }
        Ok(tiles)
    }

    /// The tree whose tiles these are.
    pub fn tree(&self) -> TreeHead {
        self.tree
    }

    /// The hash at `node`.
    pub fn hash(&self, node: Node) -> Result<Hash, TileError> {
        Tile::holding(node, self.tree.size, self.height)
            .and_then(|tile| {
                let hashes = self.hashes.get(&(tile.level(), tile.number()))?;
                Hash::of_perfect(hashes.get(tile.range_of(node)?)?)
            })
            .ok_or(TileError::NotHeld { node })
    }

    /// The root over the records of `range`, a part that RFC 6962 splits the tree into.
    pub fn root_of(&self, range: Range<u64>) -> Result<Hash, TileError> {
        let subtrees: Result<Vec<Hash>, TileError> =
            Node::covering(range).into_iter().map(|node| self.hash(node)).collect();
        Ok(Hash::of_subtrees(&subtrees?))
    }

    /// The hash that the log's tree had when it had `size` records.
    pub fn root_at(&self, size: u64) -> Result<Hash, TileError> {
        self.root_of(0..size)
    }
}

/// The hashes of `tile` as they were handed in.
fn hashes(tile: Tile, content: &HashMap<Tile, Vec<u8>>) -> Result<Vec<Hash>, TileError> {
    let bytes = content.get(&tile).ok_or(TileError::Missing { tile })?;
    tile.hashes(bytes).ok_or(TileError::Length { tile, found: bytes.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::testlog::TestLog;

    fn height(height: u8) -> TileHeight {
        TileHeight::new(height).unwrap()
    }

    fn paths(tiles: &[Tile]) -> Vec<String> {
        tiles.iter().map(Tile::path).collect()
    }

    #[test]
    fn the_plan_goes_from_the_root_to_the_record() {
        let tiles = tiles_needed(15, &[Node::record(1)], height(2));
        assert_eq!(paths(&tiles), ["tile/2/1/000.p/3", "tile/2/0/000", "tile/2/0/003.p/3"]);
        // Where all tiles of a level are whole, none at its edge is asked for.
        let tiles = tiles_needed(16, &[Node::record(1)], height(2));
        assert_eq!(paths(&tiles), ["tile/2/2/000.p/1", "tile/2/1/000", "tile/2/0/000"]);
        let tiles = tiles_needed(71_999_284, &[Node::record(24_929_362)], TileHeight::GO);
        assert_eq!(
            paths(&tiles),
            [
                "tile/8/3/000.p/4",
                "tile/8/2/001",
                "tile/8/2/004.p/74",
                "tile/8/1/380",
                "tile/8/1/x001/098.p/159",
                "tile/8/0/x097/380",
                "tile/8/0/x281/247.p/52",
            ]
        );
        assert_eq!(tiles_needed(0, &[Node::record(0)], TileHeight::GO), []);
    }

    #[test]
    fn every_node_of_every_small_tree_is_read_as_it_is() {
        let log = TestLog::of_toolchains(70);
        for size in 0..=70_usize {
            let nodes: Vec<Node> = (0..7)
                .flat_map(|level| {
                    (0..size as u64 >> level).map(move |number| Node { level, number })
                })
                .collect();
            for height in [1, 2, 3, 8].map(height) {
                let content = log.serve(&tiles_needed(size as u64, &nodes, height), size);
                let tiles = Tiles::authenticate(log.tree(size), &nodes, height, &content).unwrap();
                for node in &nodes {
                    assert_eq!(tiles.hash(*node), Ok(log.node(*node)), "{node:?} of {size}");
                }
            }
        }
    }

    #[test]
    fn trees_of_the_past_have_the_roots_they_had() {
        let log = TestLog::of_toolchains(60);
        for (past, height) in (0..=60).flat_map(|past| [1, 2, 8].map(|h| (past, height(h)))) {
            let nodes = Node::covering(0..past as u64);
            let content = log.serve(&tiles_needed(60, &nodes, height), 60);
            let tiles = Tiles::authenticate(log.tree(60), &nodes, height, &content).unwrap();
            assert_eq!(tiles.root_at(past as u64), Ok(log.tree(past).hash));
        }
    }

    /// The first and last byte of each hash: a hash is compared or hashed as a whole.
    fn places(content: &HashMap<Tile, Vec<u8>>) -> Vec<(Tile, usize)> {
        let ends = |len| (0..len).step_by(32).flat_map(|start| [start, start + 31]);
        content
            .iter()
            .flat_map(|(tile, bytes)| ends(bytes.len()).map(move |place| (*tile, place)))
            .collect()
    }

    #[test]
    fn cve_2026_56865_no_tile_is_believed_unchecked() {
        let log = TestLog::of_toolchains(300);
        for (size, id, h) in
            [(15, 1, 2), (16, 5, 2), (64, 0, 2), (85, 33, 2), (300, 7, 2), (300, 7, 8)]
        {
            let (tree, nodes) = (log.tree(size), [Node::record(id)]);
            let good = log.serve(&tiles_needed(tree.size, &nodes, height(h)), size);
            for (bit, (tile, place)) in places(&good).into_iter().enumerate() {
                let mut content = good.clone();
                content.get_mut(&tile).unwrap()[place] ^= 1 << (bit % 8);
                let refused = Tiles::authenticate(tree, &nodes, height(h), &content);
                assert!(
                    matches!(refused, Err(TileError::Root { .. } | TileError::Altered { .. })),
                    "byte {place} of {tile} in a tree of {size}"
                );
            }
        }
    }

    #[test]
    fn swapped_missing_and_cut_tiles_are_named() {
        let log = TestLog::of_toolchains(40);
        let nodes = [Node::record(1), Node::record(5)];
        let good = log.serve(&tiles_needed(40, &nodes, height(2)), 40);
        let [first, second] = nodes.map(|node| Tile::holding(node, 40, height(2)).unwrap());
        let result = |content| Tiles::authenticate(log.tree(40), &nodes, height(2), &content);

        let mut swapped = good.clone();
        swapped.extend([(first, good[&second].clone()), (second, good[&first].clone())]);
        assert!(matches!(result(swapped), Err(TileError::Altered { tile, .. }) if tile == first));
        let mut missing = good.clone();
        missing.remove(&second);
        assert_eq!(result(missing).err(), Some(TileError::Missing { tile: second }));
        let mut cut = good.clone();
        cut.insert(second, good[&second][..127].to_vec());
        assert_eq!(result(cut).err(), Some(TileError::Length { tile: second, found: 127 }));
    }

    #[test]
    fn a_full_tile_does_for_a_partly_filled_one() {
        let log = TestLog::of_toolchains(300);
        let nodes = [Node::record(37)];
        let needed = tiles_needed(39, &nodes, height(2));
        let partial: Vec<Tile> = needed.iter().copied().filter(|tile| !tile.is_full()).collect();
        let mut content = log.serve(&needed, 39);
        content.extend(partial.iter().map(|t| (*t, log.content(&t.full().path(), 300).unwrap())));
        let tiles = Tiles::authenticate(log.tree(39), &nodes, height(2), &content).unwrap();
        assert!(!partial.is_empty());
        assert_eq!(tiles.hash(nodes[0]), Ok(Hash::of_record(log.records[37].as_bytes())));
    }

    #[test]
    fn what_was_not_authenticated_cannot_be_read() {
        let log = TestLog::of_toolchains(40);
        let content = log.serve(&tiles_needed(40, &[Node::record(1)], height(2)), 40);
        let tiles =
            Tiles::authenticate(log.tree(40), &[Node::record(1)], height(2), &content).unwrap();
        for node in [Node::record(5), Node::record(40), Node { level: 6, number: 0 }] {
            assert_eq!(tiles.hash(node), Err(TileError::NotHeld { node }));
        }
    }
}
