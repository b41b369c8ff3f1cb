//! A hash of the log, and how the hash of a record and of an inner node are made (RFC 6962, section
//! 2.1).

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// A SHA-256 of the log: of a record, of a subtree or of a whole tree. Shown as Go shows it, in
/// padded base64.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; Hash::LEN]);

/// The text is not the padded base64 of 32 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{text:?} is not a hash of the log")]
pub struct MalformedHash {
    /// What stood there.
    pub text: String,
}

impl Hash {
    /// Bytes in a hash, in a tile as well.
    pub const LEN: usize = 32;

    /// The hash whose bytes these are.
    pub const fn new(bytes: [u8; Hash::LEN]) -> Hash {
        Hash(bytes)
    }

    /// The hash of a tree without records.
    pub fn of_nothing() -> Hash {
        Hash(Sha256::digest([]).into())
    }

    /// The hash of a record, that is of its text with the final newline.
    pub fn of_record(text: &[u8]) -> Hash {
        Hash(Sha256::new().chain_update([0]).chain_update(text).finalize().into())
    }

    /// The hash of the node above `left` and `right`. The leading byte keeps a node from passing
    /// for a record.
    pub fn of_node(left: Hash, right: Hash) -> Hash {
        let hasher = Sha256::new().chain_update([1]).chain_update(left.0);
        Hash(hasher.chain_update(right.0).finalize().into())
    }

    /// The root above `hashes`, a power of two of them, all of one level. None when there are none.
    pub fn of_perfect(hashes: &[Hash]) -> Option<Hash> {
        match hashes {
            [] => None,
            [hash] => Some(*hash),
            _ => {
                let (left, right) = hashes.split_at(hashes.len() / 2);
                Some(Hash::of_node(Hash::of_perfect(left)?, Hash::of_perfect(right)?))
            }
        }
    }

    /// The root above perfect subtrees of falling size, joined from the right: what
    /// [`super::Node::covering`] lists.
    pub fn of_subtrees(subtrees: &[Hash]) -> Hash {
        let joined =
            subtrees.iter().rev().copied().reduce(|right, left| Hash::of_node(left, right));
        joined.unwrap_or_else(Hash::of_nothing)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; Hash::LEN] {
        &self.0
    }
}

impl FromStr for Hash {
    type Err = MalformedHash;

    fn from_str(text: &str) -> Result<Hash, MalformedHash> {
        BASE64
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Hash)
            .ok_or_else(|| MalformedHash { text: text.to_owned() })
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_record_has_the_hash_that_go_computes() {
        let text = "golang.org/toolchain v0.0.1-go1.21.9.linux-amd64 \
                    h1:rRL9rPpsjKfpdDFcppvNgw1/dynUMrpDcTxdIwtyFR0=\n\
                    golang.org/toolchain v0.0.1-go1.21.9.linux-amd64/go.mod \
                    h1:8wlg68NqwW7eMnI1aABk/C2pDYXj8mrMY4TyRfiLeS0=\n";
        let hash = Hash::of_record(text.as_bytes());
        let shown = "A/+TP2a1pyCJM2jsWxhtn8S+e4UYsO5MYbxns1Xhj+o=";
        assert_eq!((hash.to_string(), format!("{hash:?}")), (shown.into(), shown.into()));
    }

    #[test]
    fn the_empty_tree_has_the_hash_of_no_bytes() {
        let nothing = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert_eq!(Hash::of_subtrees(&[]).to_string(), nothing);
        assert_eq!(Hash::of_perfect(&[]), None);
    }

    #[test]
    fn a_record_and_a_node_of_the_same_bytes_differ() {
        let [left, right] = [Hash::of_record(b"a\n"), Hash::of_record(b"b\n")];
        let both = [left.as_bytes().as_slice(), right.as_bytes()].concat();
        assert_ne!(Hash::of_record(&both), Hash::of_node(left, right));
    }

    #[test]
    fn only_the_one_base64_of_32_bytes_is_read() {
        let text = "A/+TP2a1pyCJM2jsWxhtn8S+e4UYsO5MYbxns1Xhj+o=";
        assert_eq!(text.parse::<Hash>().map(|hash| hash.to_string()), Ok(text.to_owned()));
        for bad in
            ["", "AAAA", "A/+TP2a1pyCJM2jsWxhtn8S+e4UYsO5MYbxns1Xhj+o", &text.replace("o=", "p=")]
        {
            assert!(bad.parse::<Hash>().is_err(), "{bad}");
        }
    }
}
