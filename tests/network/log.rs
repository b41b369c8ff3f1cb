//! [`Log`]: a checksum database of some hundred records, so that it has full and partly filled tiles on two levels, and
//! whatever a dishonest one would make of it. Written straight from RFC 6962 and the tile format.

use data_encoding::BASE64;
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

use crate::stage::mint::{Mint, here};

/// The database's name.
pub const NAME: &str = "sum.example.com";
/// The version whose record comes first, and its place.
pub const EARLIER: (&str, usize) = ("1.21.13", 3);
/// The version that the attacks are about, and its place.
pub const LATER: (&str, usize) = ("1.22.4", 300);
/// Records in all.
pub const SIZE: usize = 600;

type Hash = [u8; 32];

/// The records of a database, and the key that it signs with.
#[derive(Clone)]
pub struct Log {
    records: Vec<String>,
    key: SigningKey,
}

impl Log {
    /// A log that vouches for both versions as `mint` has them, among records of other modules.
    pub fn of(mint: &Mint) -> Self {
        let other = |id| format!("example.com/m v1.0.{id} h1:{}\n", BASE64.encode(&[0; 32]));
        let mut records: Vec<String> = (0..SIZE).map(other).collect();
        for (version, id) in [EARLIER, LATER] {
            records[id] = record_of(mint, version);
        }
        Self { records, key: SigningKey::from_bytes(&[21; 32]) }
    }

    /// The same with another text for one record.
    pub fn with(&self, id: usize, text: impl Into<String>) -> Self {
        let mut log = self.clone();
        log.records[id] = text.into();
        log
    }

    /// The text of a record.
    pub fn record(&self, id: usize) -> &str {
        &self.records[id]
    }

    /// The value of GOSUMDB that trusts this log.
    pub fn gosumdb(&self) -> String {
        let (key, hash) = (self.public_key(), self.key_hash());
        format!("{NAME}+{}+{}", hex::encode(hash), BASE64.encode(&key))
    }

    /// What the honest database answers below its address when it has `size` records.
    pub fn answer(&self, path: &str, size: usize) -> Option<Vec<u8>> {
        match path {
            "supported" => return Some(Vec::new()),
            "latest" => return Some(self.note(size).into_bytes()),
            _ => {}
        }
        if path.starts_with("tile/") {
            return self.tile(path, size);
        }
        let version = path.strip_prefix("lookup/golang.org/toolchain@")?;
        let (_, id) = [EARLIER, LATER].into_iter().find(|(name, _)| version.contains(name))?;
        Some(self.lookup(id, &self.note(size)).into_bytes())
    }

    /// An answer about a record, with this note.
    pub fn lookup(&self, id: usize, note: &str) -> String {
        format!("{id}\n{}\n{note}", self.records[id])
    }

    /// The signed head of the tree of the first `size` records.
    pub fn note(&self, size: usize) -> String {
        self.sign(&self.head(size))
    }

    /// The text of that head.
    pub fn head(&self, size: usize) -> String {
        let root = BASE64.encode(&root(&self.leaves(0, size)));
        format!("go.sum database tree\n{size}\n{root}\n")
    }

    /// A text, signed.
    pub fn sign(&self, text: &str) -> String {
        format!("{text}\n{}", self.signature(text))
    }

    /// The line that signs a text.
    pub fn signature(&self, text: &str) -> String {
        self.signature_by(&self.key, self.key_hash(), text)
    }

    /// The line of another key, with this or its own hash of a key.
    pub fn foreign_signature(&self, text: &str, claims_ours: bool) -> String {
        let key = SigningKey::from_bytes(&[22; 32]);
        let hash = if claims_ours { self.key_hash() } else { [1, 2, 3, 4] };
        self.signature_by(&key, hash, text)
    }

    fn signature_by(&self, key: &SigningKey, hash: [u8; 4], text: &str) -> String {
        let signature = key.sign(text.as_bytes()).to_bytes();
        format!("— {NAME} {}\n", BASE64.encode(&[hash.as_slice(), &signature].concat()))
    }

    fn tile(&self, path: &str, size: usize) -> Option<Vec<u8>> {
        let (path, width) = match path.split_once(".p/") {
            Some((path, width)) => (path, width.parse().ok()?),
            None => (path, 256),
        };
        let parts: Vec<&str> = path.strip_prefix("tile/8/")?.split('/').collect();
        let (level, number): (u32, usize) = (parts[0].parse().ok()?, parts[1].parse().ok()?);
        let below = 256_usize.checked_pow(level).filter(|below| *below <= size)?;
        let first = number * 256 * below;
        let end = Some(first + width * below).filter(|end| *end <= size)?;
        let leaves = self.leaves(first, end);
        Some(leaves.chunks(below).flat_map(root).collect())
    }

    fn leaves(&self, first: usize, end: usize) -> Vec<Hash> {
        let leaf = |text: &String| Sha256::digest([b"\0", text.as_bytes()].concat()).into();
        self.records[first..end].iter().map(leaf).collect()
    }

    fn public_key(&self) -> Vec<u8> {
        [&[1], self.key.verifying_key().as_bytes().as_slice()].concat()
    }

    fn key_hash(&self) -> [u8; 4] {
        let hash = Sha256::digest([NAME.as_bytes(), b"\n", &self.public_key()].concat());
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

/// The record of a version, from the database that the mint brings along.
fn record_of(mint: &Mint, version: &str) -> String {
    let path =
        here(&format!("sumdb/{NAME}/lookup/golang.org/toolchain@v0.0.1-go{version}.linux-amd64"));
    let answer = String::from_utf8(mint.proxy(&path).unwrap()).unwrap();
    let (record, _) = answer.split_once("\n\n").unwrap();
    format!("{}\n", record.split_once('\n').unwrap().1)
}

/// MTH of RFC 6962, section 2.1.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest("").into(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Sha256::digest([&[1], root(left).as_slice(), &root(right)].concat()).into()
        }
    }
}
