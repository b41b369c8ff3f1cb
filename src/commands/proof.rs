//! Proofs and installed versions, as documents show them.

use gvm_core::layout::Layout;
use serde_json::{Value, json};

use crate::install::Installed;
use crate::platform;
use crate::store::Receipt;
use crate::verify::Proof;
use crate::verify::tlog::TreeHead;

/// The proof of a receipt.
pub(super) fn json(receipt: &Receipt) -> Value {
    match &receipt.proof {
        Proof::Sumdb(_) => json!({
            "kind": "sumdb",
            "h1": receipt.h1,
            "tree_size": tree_size(receipt),
        }),
        Proof::Sha256 { archive, .. } => json!({
            "kind": "sha256",
            "h1": receipt.h1,
            "sha256": hex::encode(archive),
            "tree_size": null,
        }),
    }
}

/// How many records the tree had in which the version was proved to be.
pub(super) fn tree_size(receipt: &Receipt) -> Option<u64> {
    match &receipt.proof {
        Proof::Sumdb(proof) => TreeHead::parse(&proof.note).ok().map(|head| head.size),
        Proof::Sha256 { .. } => None,
    }
}

/// One installed version, as `install` and `use` show it.
pub(super) fn installed(layout: &Layout, installed: &Installed) -> Value {
    let receipt = &installed.install.receipt;
    json!({
        "version": receipt.version.tag(),
        "tag": receipt.tag,
        "hash": installed.install.hash,
        "path": platform::path(&layout.goroot(&installed.install.hash)).display().to_string(),
        "source": receipt.source,
        "proof": json(receipt),
        "bytes": receipt.bytes,
        "already": installed.already,
    })
}

/// In a sentence: `proved by sum.golang.org in a tree of 71999284 records`.
pub(super) fn sentence(receipt: &Receipt) -> String {
    match &receipt.proof {
        Proof::Sumdb(proof) => {
            let name = proof.verifier.split('+').next().unwrap_or_default();
            let size = tree_size(receipt).unwrap_or_default();
            format!("proved by {name} in a tree of {size} records")
        }
        Proof::Sha256 { origin, .. } => format!("proved by the archive's SHA-256 ({origin})"),
    }
}
