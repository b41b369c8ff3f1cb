//! A tile: up to `2^height` neighbouring hashes of one level, the unit in which a log is served.
//! Fetching it is not here.

use std::fmt;
use std::ops::Range;

use super::hash::Hash;
use super::node::Node;

/// Levels of the tree in one tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileHeight(u8);

impl TileHeight {
    /// The height that the go command asks every checksum database for.
    pub const GO: TileHeight = TileHeight(8);

    /// A height of 1 to 30, the limits of Go's package.
    pub fn new(height: u8) -> Option<TileHeight> {
        (1..=30).contains(&height).then_some(TileHeight(height))
    }

    /// The complete nodes of the tiles' level `tile_level` in a tree of `size` records.
    pub(super) fn nodes_at(self, tile_level: u32, size: u64) -> u64 {
        let level = self.level_of(tile_level);
        size.checked_shr(level).unwrap_or(0)
    }

    /// The tree level of the hashes in a tile of level `tile_level`.
    pub(super) fn level_of(self, tile_level: u32) -> u32 {
        tile_level * u32::from(self.0)
    }

    /// Hashes in a whole tile.
    pub(super) fn full(self) -> u64 {
        1 << self.0
    }
}

/// The coordinates of a tile. Shown as its path, which is what a server is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    height: TileHeight,
    level: u32,
    number: u64,
    width: u64,
}

impl Tile {
    /// The tile with `node` in or below one of its hashes, as wide as a tree of `size` records
    /// allows. None when the tree has no such node.
    pub(super) fn holding(node: Node, size: u64, height: TileHeight) -> Option<Tile> {
        let level = node.level / u32::from(height.0);
        let below = node.level - height.level_of(level);
        let number = node.number.checked_shr(u32::from(height.0) - below)?;
        let last = node.number.checked_add(1)?.checked_mul(1 << below)?;
        let in_tree = height.nodes_at(level, size);
        let width = in_tree.checked_sub(number * height.full())?.min(height.full());
        (last <= in_tree).then_some(Tile { height, level, number, width })
    }

    /// The tile of level `level` at the right edge of a tree of `size` records, if one is only
    /// partly filled.
    pub(super) fn at_edge(level: u32, size: u64, height: TileHeight) -> Option<Tile> {
        let in_tree = height.nodes_at(level, size);
        let (number, width) = (in_tree / height.full(), in_tree % height.full());
        (width > 0).then_some(Tile { height, level, number, width })
    }

    /// The node at the root of a whole tile: a hash of the tile above.
    pub(super) fn root(&self) -> Node {
        Node { level: self.height.level_of(self.level + 1), number: self.number }
    }

    /// Which level of tiles it is of; the records' hashes are in level 0.
    pub(super) fn level(&self) -> u32 {
        self.level
    }

    /// Its place within the level.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The hashes of `bytes`, this tile's own content or that of its [`Tile::full`] form. None for
    /// any other length.
    pub(super) fn hashes(&self, bytes: &[u8]) -> Option<Vec<Hash>> {
        let (hashes, rest) = bytes.as_chunks::<{ Hash::LEN }>();
        let own = hashes.len() as u64 == self.width;
        let full = hashes.len() as u64 == self.height.full();
        if !rest.is_empty() || !(own || full) {
            return None;
        }
        let hashes = hashes.iter().map(|hash| Hash::new(*hash));
        Some(hashes.take(usize::try_from(self.width).ok()?).collect())
    }

    /// The range of the hashes below `node` in a tile that holds it.
    pub(super) fn range_of(&self, node: Node) -> Option<Range<usize>> {
        let below = node.level.checked_sub(self.height.level_of(self.level))?;
        let first = (node.number << below).checked_sub(self.number * self.height.full())?;
        let first = usize::try_from(first).ok()?;
        Some(first..first.checked_add(1 << below)?)
    }

    /// The same tile when it is whole: what a server has instead once its log has grown. Its
    /// content does as well.
    #[must_use]
    pub fn full(&self) -> Tile {
        Tile { width: self.height.full(), ..*self }
    }

    /// Whether it has all hashes that a tile can have.
    pub fn is_full(&self) -> bool {
        self.width == self.height.full()
    }

    /// Bytes of its content.
    pub fn content_len(&self) -> u64 {
        self.width * Hash::LEN as u64
    }

    /// Its path below the database's URL, `tile/8/0/x001/234.p/5`: height, level, number, and the
    /// width unless it is whole.
    pub fn path(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/{}", self.height.0, self.level)?;
        let digits = self.number.to_string();
        // Three digits an element, so that no folder of a server has more than a thousand entries
        // of a kind.
        let groups = digits.len().div_ceil(3);
        let digits = format!("{digits:0>width$}", width = groups * 3);
        for group in 0..groups {
            let more = if group + 1 < groups { "x" } else { "" };
            write!(f, "/{more}{}", &digits[group * 3..group * 3 + 3])?;
        }
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(number: u64, width: u64) -> Tile {
        Tile { height: TileHeight::GO, level: 2, number, width }
    }

    #[test]
    fn the_path_is_written_in_groups_of_three_digits() {
        for (number, width, path) in [
            (0, 256, "tile/8/2/000"),
            (67, 1, "tile/8/2/067.p/1"),
            (999, 255, "tile/8/2/999.p/255"),
            (1000, 256, "tile/8/2/x001/000"),
            (1_234_067, 256, "tile/8/2/x001/x234/067"),
            (123_456_789, 17, "tile/8/2/x123/x456/789.p/17"),
        ] {
            assert_eq!(tile(number, width).path(), path);
        }
        assert_eq!(tile(67, 1).full().path(), "tile/8/2/067");
    }

    #[test]
    fn a_node_is_in_the_tile_that_holds_the_hashes_below_it() {
        let height = TileHeight::new(2).unwrap();
        for (level, number, size, path) in [
            (0, 0, 15, "tile/2/0/000"),
            (0, 14, 15, "tile/2/0/003.p/3"),
            (1, 5, 15, "tile/2/0/002"),
            (1, 6, 15, "tile/2/0/003.p/3"),
            (2, 2, 15, "tile/2/1/000.p/3"),
            (3, 0, 15, "tile/2/1/000.p/3"),
        ] {
            let found = Tile::holding(Node { level, number }, size, height);
            assert_eq!(found.map(|tile| tile.path()).as_deref(), Some(path));
        }
    }

    #[test]
    fn a_node_outside_the_tree_is_in_no_tile() {
        let height = TileHeight::new(2).unwrap();
        for (level, number) in [(0, 15), (1, 7), (2, 3), (4, 0), (63, 0), (0, u64::MAX)] {
            assert_eq!(Tile::holding(Node { level, number }, 15, height), None);
        }
    }

    #[test]
    fn content_is_of_its_own_width_or_that_of_the_whole_tile() {
        let bytes = [7; 256 * 32];
        for (len, hashes) in
            [(0, None), (96, Some(3)), (97, None), (128, None), (8191, None), (8192, Some(3))]
        {
            let found = tile(0, 3).hashes(&bytes[..len]).map(|hashes| hashes.len());
            assert_eq!(found, hashes, "{len}");
        }
        assert_eq!(tile(0, 3).content_len(), 96);
    }

    #[test]
    fn heights_are_those_that_go_knows() {
        assert_eq!(TileHeight::new(8), Some(TileHeight::GO));
        assert_eq!((TileHeight::new(0), TileHeight::new(31)), (None, None));
    }
}
