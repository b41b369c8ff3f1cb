//! A tree head: the size and the root hash that a log stands for at one moment. Who signed it is
//! not here.

use thiserror::Error;

use super::hash::Hash;

/// The largest tree that is believed. Go's sizes are 63-bit numbers; no log of this world reaches
/// half of that, and below it no shift or sum here can overflow.
pub const MAX_SIZE: u64 = 1 << 62;

/// Bytes that the text of a tree may have (`golang.org/x/mod/sumdb/tlog/note.go`).
const MAX_TEXT: usize = 1_000_000;

/// The state of a log: how many records it has, and the hash over all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// Records in the tree, numbered from 0.
    pub size: u64,
    /// The hash at the root.
    pub hash: Hash,
}

/// The text is not that of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the signed text is not that of a checksum database's tree: {text:?}")]
pub struct MalformedHead {
    /// The beginning of the text.
    pub text: String,
}

impl TreeHead {
    /// Reads `go.sum database tree\n<size>\n<hash>\n`. Lines that follow are for later versions of
    /// the format and ignored.
    pub fn parse(text: &str) -> Result<TreeHead, MalformedHead> {
        let malformed = || MalformedHead { text: text.chars().take(200).collect() };
        if text.len() > MAX_TEXT {
            return Err(malformed());
        }
        let mut lines = text.split_inclusive('\n').map_while(|line| line.strip_suffix('\n'));
        let (Some("go.sum database tree"), Some(size), Some(hash)) =
            (lines.next(), lines.next(), lines.next())
        else {
            return Err(malformed());
        };
        let size = decimal(size).filter(|size| *size < MAX_SIZE).ok_or_else(malformed)?;
        let hash = hash.parse().map_err(|_| malformed())?;
        Ok(TreeHead { size, hash })
    }
}

/// The number that `text` writes in the only way that Go writes it: no sign, no leading zero.
pub(in crate::verify) fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HASH: &str = "f3f8U0MoQmXkWAgAEKDtXcaI3c2y6N9+55KNSRefF/w=";

    #[test]
    fn the_size_and_the_hash_are_read_and_more_lines_let_be() {
        let head = TreeHead::parse(&format!("go.sum database tree\n28905453\n{HASH}\nmore\n"));
        assert_eq!(
            head.map(|head| (head.size, head.hash.to_string())),
            Ok((28_905_453, HASH.into()))
        );
    }

    #[test]
    fn a_text_of_a_million_bytes_is_read() {
        let text = format!("go.sum database tree\n7\n{HASH}\n");
        let padded = |len: usize| text.clone() + &"x".repeat(len - text.len());
        assert!(TreeHead::parse(&padded(1_000_000)).is_ok());
        assert!(TreeHead::parse(&padded(1_000_001)).is_err());
    }

    #[test]
    fn anything_else_is_refused() {
        let long = format!("go.sum database tree\n7\n{HASH}\n{}\n", "x".repeat(MAX_TEXT));
        let huge = format!("go.sum database tree\n{MAX_SIZE}\n{HASH}\n");
        for text in [
            "",
            "go.sum database tree\n7\n",
            &format!("go.sum database tree\n7\n{HASH}"),
            &format!("go.sum database\n7\n{HASH}\n"),
            &format!("go.sum database tree\n07\n{HASH}\n"),
            &format!("go.sum database tree\n+7\n{HASH}\n"),
            &format!("go.sum database tree\n-7\n{HASH}\n"),
            &format!("go.sum database tree\n7\r\n{HASH}\n"),
            "go.sum database tree\n7\nf3f8\n",
            &long,
            &huge,
        ] {
            assert!(TreeHead::parse(text).is_err(), "{text:.60}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_stumble(
            text in "(go.sum database tree\n)?[0-9]{0,21}\n?\\PC{0,50}\n?",
        ) {
            let _ = TreeHead::parse(&text);
        }
    }
}
