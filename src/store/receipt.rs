//! Receipts: what an installed version is, where it came from and by which proof; and the list of its files, which says
//! *which* file was changed.
//!
//! Both are believed only as far as they can be checked: `gvm verify` holds the tree against the list, and the list
//! against the signed proof.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use gvm_core::layout::Layout;
use gvm_core::tag::Tag;
use gvm_core::target::Target;
use gvm_core::version::Version;
use serde::{Deserialize, Serialize};

use super::{StoreError, at};
use crate::unpack::TreeFile;
use crate::verify::Proof;
use crate::verify::sumdb::StoredProof;
use crate::{atomic, checkpoint, platform};

/// What is kept about an installed version.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The tag: the version's name, and the target if it is not this machine's.
    pub tag: String,
    /// The version.
    pub version: Version,
    /// The target.
    pub target: Target,
    /// The name of the source.
    pub source: String,
    /// What the user asked for.
    pub requested: String,
    /// When it was installed, in RFC 3339.
    pub installed: String,
    /// Which gvm installed it.
    pub gvm: String,
    /// The sizes of its files, added up.
    pub bytes: u64,
    /// The `h1:` of its files as the toolchain module would have them.
    pub h1: String,
    /// By which proof.
    pub proof: Proof,
}

/// The file. Wire types stay apart from the domain's, so that neither binds the other.
#[derive(Deserialize, Serialize)]
struct Wire {
    tag: String,
    version: String,
    target: String,
    source: String,
    requested: String,
    installed: String,
    gvm: String,
    bytes: u64,
    h1: String,
    sumdb: Option<WireSumdb>,
    sha256: Option<WireSha256>,
}

#[derive(Deserialize, Serialize)]
struct WireSumdb {
    verifier: String,
    module: String,
    id: u64,
    record: String,
    note: String,
    path: Vec<String>,
}

#[derive(Deserialize, Serialize)]
struct WireSha256 {
    archive: String,
    origin: String,
}

impl Receipt {
    /// The receipt of the version with this hash; None when there is none.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub fn read(layout: &Layout, hash: &str) -> Result<Option<Self>, StoreError> {
        let path = layout.receipt(hash);
        let path = platform::path(&path);
        let text = match platform::read_text(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(at("read", path)(error)),
        };
        let bad = |why: String| StoreError::BadReceipt { path: path.to_owned(), why };
        let wire: Wire = toml::from_str(&text).map_err(|error| bad(error.message().to_owned()))?;
        let receipt = wire.into_receipt().map_err(&bad)?;
        receipt.check(hash).map_err(bad)?;
        Ok(Some(receipt))
    }

    /// Its tag becomes a path: it must be that of the folder, and say what the rest says.
    fn check(&self, hash: &str) -> Result<(), String> {
        let tag = Tag::parse(&self.tag).map_err(|error| error.to_string())?;
        if tag.hash8() != hash {
            return Err(format!("it is that of {tag}, which has another folder"));
        }
        if *tag.version() != self.version || tag.target(self.target) != self.target {
            return Err(format!("{tag} is not {} for {}", self.version, self.target));
        }
        Ok(())
    }

    /// Writes the receipt and its list of files.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, layout: &Layout, hash: &str, files: &[TreeFile]) -> Result<(), StoreError> {
        let (list, receipt) = (layout.receipt_files(hash), layout.receipt(hash));
        self.write_to(platform::path(&list), platform::path(&receipt), files)
    }

    /// Writes the list of files and the receipt to places that are not theirs yet.
    pub(super) fn write_to(
        &self,
        list_path: &Path,
        path: &Path,
        files: &[TreeFile],
    ) -> Result<(), StoreError> {
        let bad = |why: String| StoreError::BadReceipt { path: path.to_owned(), why };
        let text = toml::to_string(&Wire::from(self)).map_err(|error| bad(error.to_string()))?;
        atomic::write(list_path, list(files).as_bytes())?;
        checkpoint::reach("receipt.files-listed");
        atomic::write(path, text.as_bytes())?;
        checkpoint::reach("receipt.written");
        Ok(())
    }
}

/// The list of files that belongs to a receipt, as it was when the version was installed. None when there is none.
///
/// # Errors
/// When it cannot be read or understood.
pub fn files(layout: &Layout, hash: &str) -> Result<Option<Vec<TreeFile>>, StoreError> {
    let path = layout.receipt_files(hash);
    let path = platform::path(&path);
    let text = match platform::read_text(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at("read", path)(error)),
    };
    let parsed: Option<Vec<TreeFile>> = text.lines().map(parse_line).collect();
    let bad = || StoreError::BadReceipt { path: path.to_owned(), why: "a line is broken".into() };
    parsed.map(Some).ok_or_else(bad)
}

/// One line a file: `SHA256 MODE SIZE PATH`.
fn list(files: &[TreeFile]) -> String {
    let mut text = String::with_capacity(files.len() * 128);
    for file in files {
        let mode = if file.executable { "755" } else { "644" };
        let digest = hex::encode(file.sha256);
        let _ = writeln!(text, "{digest} {mode} {} {}", file.size, file.path);
    }
    text
}

fn parse_line(line: &str) -> Option<TreeFile> {
    let mut fields = line.splitn(4, ' ');
    let mut sha256 = [0; 32];
    hex::decode_to_slice(fields.next()?, &mut sha256).ok()?;
    let executable = match fields.next()? {
        "755" => true,
        "644" => false,
        _ => return None,
    };
    let size = fields.next()?.parse().ok()?;
    Some(TreeFile { path: fields.next()?.to_owned(), sha256, size, executable })
}

impl From<&Receipt> for Wire {
    fn from(receipt: &Receipt) -> Self {
        let (sumdb, sha256) = match &receipt.proof {
            Proof::Sumdb(proof) => (Some(WireSumdb::from(proof)), None),
            Proof::Sha256 { archive, origin } => {
                let origin = origin.clone();
                (None, Some(WireSha256 { archive: hex::encode(archive), origin }))
            }
        };
        Self {
            tag: receipt.tag.clone(),
            version: receipt.version.to_string(),
            target: receipt.target.to_string(),
            source: receipt.source.clone(),
            requested: receipt.requested.clone(),
            installed: receipt.installed.clone(),
            gvm: receipt.gvm.clone(),
            bytes: receipt.bytes,
            h1: receipt.h1.clone(),
            sumdb,
            sha256,
        }
    }
}

impl From<&StoredProof> for WireSumdb {
    fn from(proof: &StoredProof) -> Self {
        Self {
            verifier: proof.verifier.clone(),
            module: proof.version.clone(),
            id: proof.id,
            record: proof.record.clone(),
            note: proof.note.clone(),
            path: proof.path.clone(),
        }
    }
}

impl Wire {
    fn into_receipt(self) -> Result<Receipt, String> {
        let proof = match (self.sumdb, self.sha256) {
            (Some(sumdb), None) => Proof::Sumdb(StoredProof {
                verifier: sumdb.verifier,
                version: sumdb.module,
                note: sumdb.note,
                id: sumdb.id,
                record: sumdb.record,
                path: sumdb.path,
            }),
            (None, Some(sha256)) => {
                let mut archive = [0; 32];
                hex::decode_to_slice(&sha256.archive, &mut archive)
                    .map_err(|error| format!("the archive's digest: {error}"))?;
                Proof::Sha256 { archive, origin: sha256.origin }
            }
            (None, None) | (Some(_), Some(_)) => return Err("it holds no single proof".into()),
        };
        Ok(Receipt {
            tag: self.tag,
            version: Version::parse(&self.version).map_err(|error| error.to_string())?,
            target: Target::parse(&self.target).map_err(|error| error.to_string())?,
            source: self.source,
            requested: self.requested,
            installed: self.installed,
            gvm: self.gvm,
            bytes: self.bytes,
            h1: self.h1,
            proof,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(proof: Proof) -> Receipt {
        Receipt {
            tag: "go1.22.4".into(),
            version: Version::parse("1.22.4").unwrap(),
            target: Target::parse("linux/amd64").unwrap(),
            source: "goproxy".into(),
            requested: "1.22".into(),
            installed: "2026-11-23T20:00:00Z".into(),
            gvm: "0.1.0".into(),
            bytes: 5,
            h1: "h1:x=".into(),
            proof,
        }
    }

    #[test]
    fn a_receipt_says_after_reading_what_it_said_when_written() {
        let stored = StoredProof {
            verifier: "v".into(),
            version: "v0.0.1-go1.22.4.linux-amd64".into(),
            note: "tree\n\n— sig\n".into(),
            id: 7,
            record: "line\n".into(),
            path: vec!["a=".into()],
        };
        let sha256 = Proof::Sha256 { archive: [7; 32], origin: "the user".into() };
        for proof in [Proof::Sumdb(stored), sha256] {
            let folder = tempfile::tempdir().unwrap();
            let layout = Layout::new(platform::bytes(folder.path()));
            std::fs::create_dir(platform::path(&layout.receipts())).unwrap();
            let file =
                TreeFile { path: "bin/go x".into(), sha256: [1; 32], size: 5, executable: true };
            let written = receipt(proof);
            written.write(&layout, "c3a05a89", std::slice::from_ref(&file)).unwrap();
            let read = Receipt::read(&layout, "c3a05a89").unwrap().unwrap();
            assert_eq!(format!("{read:?}"), format!("{written:?}"));
            let files = files(&layout, "c3a05a89").unwrap().unwrap();
            assert_eq!(format!("{files:?}"), format!("{:?}", [file]));
        }
    }

    #[test]
    fn a_receipt_without_a_proof_is_none() {
        let mut wire = Wire::from(&receipt(Proof::Sha256 { archive: [7; 32], origin: "x".into() }));
        wire.sha256 = None;
        assert!(wire.into_receipt().is_err());
    }
}
