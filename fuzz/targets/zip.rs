//! Zips: what gvm unpacks is a sound tree, holds nothing beside it, and is what another reader finds in the same bytes
//! if it reads them at all.

#![no_main]

use std::io::{Cursor, Read};
use std::sync::LazyLock;

use gvm::report::Silent;
use gvm::unpack;
use gvm_fuzz::input::Input;
use gvm_fuzz::scratch::Scratch;
use gvm_fuzz::{tree, zipped};
use libfuzzer_sys::fuzz_target;
use zip::ZipArchive;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::default);

fuzz_target!(|bytes: &[u8]| {
    // A zip as it is stands for an official archive: its first byte chooses nothing.
    let mut input = Input(bytes);
    let number = if bytes.starts_with(b"PK") { 0 } else { input.byte() };
    let (shape, top) = tree::shape(number);
    let zip = zipped::from_input(&mut input, &top);
    let into = SCRATCH.empty();
    let archive = SCRATCH.archive(&zip);
    let unpacked = unpack::unpack(archive, "a.zip", &shape, &into, None, &Silent);
    SCRATCH.check_outside();
    let Ok(staged) = unpacked else { return };
    let files = tree::check(&staged);
    let Some(entries) = entries(&zip) else { return };
    let (all, theirs) = (entries.len(), tree::as_gvm_has_it(entries, &shape, &top));
    assert_eq!(staged.left_out(), all - theirs.len());
    assert_eq!(files, theirs, "left: gvm's files, right: the zip crate's");
});

/// The files of a zip as the `zip` crate reads them. None where it refuses what gvm reads: extra fields with times and
/// owners that it cannot make sense of, and numbers of zip64 that it wants elsewhere.
fn entries(zip: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = ZipArchive::new(Cursor::new(zip)).ok()?;
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).ok()?;
        let name = String::from_utf8(entry.name_raw().to_vec()).expect("names are text");
        assert!(!entry.is_symlink() && !entry.encrypted(), "{name:?}");
        if entry.is_dir() {
            continue;
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("it reads each content");
        entries.push((name, content));
    }
    Some(entries)
}
