//! Receipts and their lists of files: what is believed of one is about the folder it stands for, reads back as it was
//! written, and its proof holds only for what the log says.

#![no_main]

use std::sync::LazyLock;

use gvm::store::Receipt;
use gvm::store::receipt;
use gvm::verify::Proof;
use gvm_core::layout::Layout;
use gvm_core::tag::Tag;
use gvm_fuzz::log::{self, Log};
use gvm_fuzz::scratch::Scratch;
use libfuzzer_sys::fuzz_target;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::default);
static LOG: LazyLock<Log> = LazyLock::new(|| Log::of_toolchains(5));

fuzz_target!(|bytes: &[u8]| {
    // A list of files follows after a NUL, which no receipt holds.
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let (text, files) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let tag = Tag::parse("go1.2.0").expect("it is a tag");
    let (hash, layout) = (tag.hash8(), layout());
    SCRATCH.write(&format!("receipts/{hash}.toml"), text);
    SCRATCH.write(&format!("receipts/{hash}.files"), files);
    let listed = receipt::files(&layout, &hash).ok().flatten();
    let Ok(receipt) = Receipt::read(&layout, &hash) else { return };
    let receipt = receipt.expect("it is there");
    assert_eq!(receipt.tag, tag.to_string(), "a receipt of another folder");
    assert_eq!(receipt.version, *tag.version());
    if let Proof::Sumdb(proof) = &receipt.proof
        && let Ok(proved) = proof.recheck(&LOG.verifier())
    {
        let id = proof.id as usize;
        assert_eq!(proof.record.as_bytes(), LOG.records()[id], "another record than the log's");
        assert_eq!(proof.version, log::version(id), "proved for another version");
        assert!(proof.record.contains(&format!(" {} {}\n", proof.version, proved.h1)));
    }
    let files = listed.unwrap_or_default();
    receipt.write(&layout, &hash, &files).expect("a receipt that was read can be written");
    let again = Receipt::read(&layout, &hash).expect("what was written reads back");
    assert_eq!(format!("{again:?}"), format!("{:?}", Some(receipt)));
    assert_eq!(receipt::files(&layout, &hash).ok().flatten(), Some(files));
});

fn layout() -> Layout {
    let root = SCRATCH.path().to_str().expect("a scratch folder's name is text");
    Layout::new(root.as_bytes().to_vec())
}
