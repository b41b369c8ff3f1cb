//! A checksum database for tests, in memory: written straight from RFC 6962 and the tile format,
//! sharing no arithmetic with the code under test.

use std::collections::HashMap;
use std::ops::Range;

use data_encoding::BASE64;
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

use super::sumdb::{Database, SignedHead};
use super::tlog::{Hash, Node, Tile, TileHeight, TreeHead};

/// A log with a key of its own.
pub struct TestLog {
    name: String,
    key: SigningKey,
    /// The texts of the records.
    pub records: Vec<String>,
}

impl TestLog {
    /// An empty log signed by the key whose secret is `seed` repeated.
    pub fn new(name: &str, seed: u8) -> TestLog {
        let key = SigningKey::from_bytes(&[seed; 32]);
        TestLog { name: name.into(), key, records: Vec::new() }
    }

    /// A log of toolchain records of [`TestLog::version`] 0 to `size`.
    pub fn of_toolchains(size: usize) -> TestLog {
        let mut log = TestLog::new("sum.example.com", 1);
        log.records = (0..size).map(|id| record(&TestLog::version(id), id)).collect();
        log
    }

    /// The module version that record `id` is about.
    pub fn version(id: usize) -> String {
        format!("v0.0.1-go1.{id}.0.linux-amd64")
    }

    /// The `h1:` that record `id` gives.
    pub fn h1(id: usize) -> String {
        h1_of(&format!("files of {id}"))
    }

    pub fn verifier_text(&self) -> String {
        let key = [&[1], self.key.verifying_key().as_bytes().as_slice()].concat();
        format!("{}+{}+{}", self.name, hex::encode(self.key_hash()), BASE64.encode(&key))
    }

    pub fn database(&self, height: u8) -> Database {
        let database = Database::parse(&self.verifier_text()).unwrap();
        database.with_tile_height(TileHeight::new(height).unwrap())
    }

    /// The tree of the first `size` records.
    pub fn tree(&self, size: usize) -> TreeHead {
        let hash = root(&self.leaves(0..size));
        TreeHead { size: size as u64, hash }
    }

    /// The hash at `node`.
    pub fn node(&self, node: Node) -> Hash {
        let below = 1 << node.level;
        let first = usize::try_from(node.number).unwrap() * below;
        root(&self.leaves(first..first + below))
    }

    pub fn note(&self, size: usize) -> String {
        self.note_of(self.tree(size))
    }

    pub fn note_of(&self, tree: TreeHead) -> String {
        self.sign(&format!("go.sum database tree\n{}\n{}\n", tree.size, tree.hash))
    }

    pub fn sign(&self, text: &str) -> String {
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let bytes = [self.key_hash().as_slice(), &signature].concat();
        format!("{text}\n— {} {}\n", self.name, BASE64.encode(&bytes))
    }

    pub fn head(&self, size: usize) -> SignedHead {
        SignedHead::open(self.note(size).as_bytes(), &self.database(8)).unwrap()
    }

    /// The answer about record `id` when the log had `size` records.
    pub fn lookup(&self, id: usize, size: usize) -> Vec<u8> {
        format!("{id}\n{}\n{}", self.records[id], self.note(size)).into_bytes()
    }

    /// The content of `tiles` as the log serves them when it has `size` records.
    pub fn serve(&self, tiles: &[Tile], size: usize) -> HashMap<Tile, Vec<u8>> {
        tiles.iter().map(|tile| (*tile, self.content(&tile.path(), size).unwrap())).collect()
    }

    /// The content at `path`, read as the path of a tile. None where the log has not enough records
    /// for it.
    pub fn content(&self, path: &str, size: usize) -> Option<Vec<u8>> {
        let (path, width) = match path.split_once(".p/") {
            Some((path, width)) => (path, width.parse().unwrap()),
            None => (path, usize::MAX),
        };
        let parts: Vec<&str> = path.split('/').collect();
        let [height, level] = [parts[1], parts[2]].map(|part| part.parse::<u32>().unwrap());
        let number: usize = parts[3..].concat().replace('x', "").parse().unwrap();
        let width = width.min(1 << height);
        let below = 1 << (height * level);
        let first = number * (below << height);
        let end = Some(first + width * below).filter(|end| *end <= size)?;
        let leaves = self.leaves(first..end);
        Some(leaves.chunks(below).flat_map(|part| *root(part).as_bytes()).collect())
    }

    fn leaves(&self, ids: Range<usize>) -> Vec<Hash> {
        self.records[ids].iter().map(|text| Hash::of_record(text.as_bytes())).collect()
    }

    fn key_hash(&self) -> [u8; 4] {
        let key = [&[1], self.key.verifying_key().as_bytes().as_slice()].concat();
        let hash = Sha256::digest([self.name.as_bytes(), b"\n", &key].concat());
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

/// The text of a record about `version`.
pub fn record(version: &str, id: usize) -> String {
    let (h1, mod_h1) = (TestLog::h1(id), h1_of("module golang.org/toolchain\n"));
    let module = "golang.org/toolchain";
    format!("{module} {version} {h1}\n{module} {version}/go.mod {mod_h1}\n")
}

fn h1_of(text: &str) -> String {
    format!("h1:{}", BASE64.encode(&Sha256::digest(text)))
}

/// MTH of RFC 6962, section 2.1.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of_nothing(),
        [leaf] => *leaf,
        _ => {
            let left = leaves.len().next_power_of_two() / 2;
            Hash::of_node(root(&leaves[..left]), root(&leaves[left..]))
        }
    }
}
