//! Gzipped tars: what gvm unpacks is a sound tree, holds nothing beside it, and is what another reader finds in the
//! same bytes if it reads them at all.

#![no_main]

use std::io::Read;
use std::sync::LazyLock;

use gvm::report::Silent;
use gvm::unpack;
use gvm_fuzz::input::Input;
use gvm_fuzz::scratch::Scratch;
use gvm_fuzz::{tarred, tree};
use libfuzzer_sys::fuzz_target;
use tar::{Archive, EntryType};

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::default);

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let as_it_is = bytes.starts_with(&[0x1f, 0x8b]) || bytes.get(257..262) == Some(b"ustar");
    let number = if as_it_is { 0 } else { input.byte() };
    let (shape, top) = tree::shape(number);
    let (gzip, tar) = tarred::from_input(&mut input, &top);
    let into = SCRATCH.empty();
    let archive = SCRATCH.archive(&gzip);
    let unpacked = unpack::unpack(archive, "a.tar.gz", &shape, &into, None, &Silent);
    SCRATCH.check_outside();
    let Ok(staged) = unpacked else { return };
    let files = tree::check(&staged);
    let Some(entries) = entries(&tar) else { return };
    let (all, theirs) = (entries.len(), tree::as_gvm_has_it(entries, &shape, &top));
    assert_eq!(staged.left_out(), all - theirs.len());
    assert_eq!(files, theirs, "left: gvm's files, right: the tar crate's");
});

/// The files of a tar as the `tar` crate reads them. None where it refuses what gvm reads.
fn entries(tar: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = Archive::new(tar);
    let mut entries = Vec::new();
    for entry in archive.entries().ok()? {
        let mut entry = entry.ok()?;
        let name = String::from_utf8(entry.path_bytes().into_owned()).expect("names are text");
        match entry.header().entry_type() {
            EntryType::Directory => {}
            EntryType::Regular => {
                let mut content = Vec::new();
                entry.read_to_end(&mut content).expect("it reads each content");
                entries.push((name, content));
            }
            other => panic!("{name:?} is of the kind {other:?}"),
        }
    }
    Some(entries)
}
