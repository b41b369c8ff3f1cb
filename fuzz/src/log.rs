//! A small checksum database: records, its tree written straight from RFC 6962 and sharing no arithmetic with gvm, and
//! a key of its own.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use data_encoding::BASE64;
use ed25519_dalek::{Signer, SigningKey};
use gvm::verify::note::Verifier;
use gvm::verify::tlog::{Hash, Tile};
use sha2::{Digest, Sha256};

/// The name that signs.
pub const NAME: &str = "sum.example.com";

/// The records and who signs for them.
pub struct Log {
    key: SigningKey,
    records: Vec<Vec<u8>>,
    /// The roots that were asked for: hashing them anew is most of what a target would do.
    roots: Mutex<HashMap<Range<usize>, Hash>>,
}

impl Log {
    /// A log of these records.
    pub fn of(records: Vec<Vec<u8>>) -> Log {
        Log { key: SigningKey::from_bytes(&[1; 32]), records, roots: Mutex::default() }
    }

    /// A log of `size` records about toolchains.
    pub fn of_toolchains(size: usize) -> Log {
        Log::of((0..size).map(|id| record(&version(id), id).into_bytes()).collect())
    }

    /// The log when it had `size` records, by the same key, with `own` as the record `id` if there is one.
    pub fn with_record(&self, size: usize, id: usize, own: Option<&[u8]>) -> Log {
        let mut records = self.records[..size].to_vec();
        if let Some(own) = own {
            records[id] = own.to_vec();
        }
        Log { key: self.key.clone(), records, roots: Mutex::default() }
    }

    /// The texts of the records.
    pub fn records(&self) -> &[Vec<u8>] {
        &self.records
    }

    /// The key as GOSUMDB has it.
    pub fn key_text(&self) -> String {
        format!("{NAME}+{}+{}", hex::encode(self.key_hash()), BASE64.encode(&self.encoded_key()))
    }

    /// The key as gvm reads it.
    pub fn verifier(&self) -> Verifier {
        Verifier::parse(&self.key_text()).expect("it is a key")
    }

    /// The text, signed.
    pub fn signed(&self, text: &[u8]) -> Vec<u8> {
        let signature = self.key.sign(text).to_bytes();
        let line = BASE64.encode(&[self.key_hash().as_slice(), &signature].concat());
        [text, format!("\n— {NAME} {line}\n").as_bytes()].concat()
    }

    /// Whether `signature`, the bytes of a note's line, is this key's for `text`.
    pub fn is_signed(&self, text: &[u8], signature: &[u8]) -> bool {
        let Some((hash, signature)) = signature.split_first_chunk::<4>() else { return false };
        let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return false };
        *hash == self.key_hash() && self.key.verifying_key().verify_strict(text, &signature).is_ok()
    }

    /// The root over the records of `range`: MTH of RFC 6962, section 2.1.
    pub fn root(&self, range: Range<usize>) -> Hash {
        let known = self.roots.lock().unwrap_or_else(PoisonError::into_inner).get(&range).copied();
        known.unwrap_or_else(|| {
            let root = self.hashed(range.clone());
            self.roots.lock().unwrap_or_else(PoisonError::into_inner).insert(range, root);
            root
        })
    }

    fn hashed(&self, range: Range<usize>) -> Hash {
        match range.len() {
            0 => Hash::new(Sha256::digest([]).into()),
            1 => {
                let record = [&[0], &*self.records[range.start]].concat();
                Hash::new(Sha256::digest(record).into())
            }
            length => {
                let middle = range.start + length.next_power_of_two() / 2;
                let parts = [self.root(range.start..middle), self.root(middle..range.end)];
                let node = [&[1], &parts[0].as_bytes()[..], parts[1].as_bytes()].concat();
                Hash::new(Sha256::digest(node).into())
            }
        }
    }

    /// The text of the tree of the first `size` records.
    pub fn head(&self, size: usize) -> String {
        format!("go.sum database tree\n{size}\n{}\n", self.root(0..size))
    }

    /// The answer about record `id` when there were `size` records.
    pub fn answer(&self, id: usize, size: usize) -> Vec<u8> {
        let note = self.signed(self.head(size).as_bytes());
        [format!("{id}\n").as_bytes(), &self.records[id], b"\n", &note].concat()
    }

    /// The content of `tiles` as this log serves them.
    pub fn serve(&self, tiles: &[Tile]) -> HashMap<Tile, Vec<u8>> {
        tiles.iter().map(|tile| (*tile, self.content(&tile.path()))).collect()
    }

    /// What is at the path of a tile.
    fn content(&self, path: &str) -> Vec<u8> {
        let (path, width) = path.split_once(".p/").unwrap_or((path, "0"));
        let width: usize = width.parse().expect("a width is a number");
        let parts: Vec<&str> = path.split('/').collect();
        let [height, level] = [parts[1], parts[2]].map(str::parse::<usize>);
        let (Ok(height), Ok(level)) = (height, level) else { panic!("{path} is no tile") };
        let number = parts[3..].concat().replace('x', "");
        let number: usize = number.parse().expect("a tile has a number");
        let width = if width == 0 { 1 << height } else { width };
        let below = 1 << (height * level);
        let first = number * (below << height);
        let nodes = (0..width).map(|at| self.root(first + at * below..first + (at + 1) * below));
        nodes.flat_map(|hash| *hash.as_bytes()).collect()
    }

    fn encoded_key(&self) -> Vec<u8> {
        [&[1], self.key.verifying_key().as_bytes().as_slice()].concat()
    }

    fn key_hash(&self) -> [u8; 4] {
        let hash = Sha256::digest([NAME.as_bytes(), b"\n", &self.encoded_key()].concat());
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

/// The module version that record `id` of [`Log::of_toolchains`] is about.
pub fn version(id: usize) -> String {
    format!("v0.0.1-go1.{id}.0.linux-amd64")
}

/// The text of a record about `version`.
pub fn record(version: &str, id: usize) -> String {
    let sum = |text: String| BASE64.encode(&Sha256::digest(text));
    let (files, go_mod) = (sum(format!("files of {id}")), sum(String::from("go.mod")));
    let module = "golang.org/toolchain";
    format!("{module} {version} h1:{files}\n{module} {version}/go.mod h1:{go_mod}\n")
}

#[cfg(test)]
mod tests {
    use gvm::verify::sumdb::{Database, Lookup};

    use super::*;

    #[test]
    fn a_true_answer_is_proved_and_another_log_is_not() {
        let log = Log::of_toolchains(5);
        let database = Database::parse(&log.key_text()).unwrap();
        let lookup = Lookup::parse(&log.answer(2, 5), &database).unwrap();
        let planned = lookup.plan(None);
        assert!(lookup.prove(&version(2), None, &log.serve(&planned)).is_ok());
        let other = log.with_record(5, 4, Some(b"another"));
        assert!(lookup.prove(&version(2), None, &other.serve(&planned)).is_err());
    }
}
