//! A node of the log's tree: where a hash stands.

use std::ops::Range;

/// A complete inner node or a record: the root of the `2^level` records from `number << level` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Height above the records, which are level 0.
    pub level: u32,
    /// Place within the level, from 0.
    pub number: u64,
}

impl Node {
    /// The node of the record `id`.
    pub const fn record(id: u64) -> Node {
        Node { level: 0, number: id }
    }

    /// The largest complete nodes that together hold the records of `range`, from left to right.
    ///
    /// `range.start` must be a multiple of the largest power of two that fits into the range, as it
    /// is for every part that RFC 6962 splits a tree into; from 0 on, it always is.
    pub fn covering(range: Range<u64>) -> Vec<Node> {
        let Range { mut start, end } = range;
        let mut nodes = Vec::new();
        while start < end {
            let level = (end - start).ilog2();
            nodes.push(Node { level, number: start >> level });
            start += 1 << level;
        }
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_covered_by_one_node_a_set_bit() {
        let nodes = Node::covering(0..13);
        let expected = [(3, 0), (2, 2), (0, 12)].map(|(level, number)| Node { level, number });
        assert_eq!(nodes, expected);
        assert_eq!(Node::covering(8..13), expected[1..]);
        assert_eq!(Node::covering(0..0), []);
    }
}
