//! Zips that are odd but honest: each says one thing only, in a form that some writer uses.

use flate2::Compression;

use crate::case::{Case, HONEST, honest_zip};
use crate::zip::{
    ATTRIBUTES, END_AT, END_HERE, END_LEN, Entry, FLAGS, MADE_BY, OFFSET, PACKED, Parts, SIZE,
    TIME, VERSION, deflated_at, entry, field, file, folder, put, stored, zip,
};

const ONES: [u8; 4] = [0xff; 4];

pub fn cases() -> Vec<Case> {
    [kept(), named(), ordered(), annotated(), zip64()].concat()
}

/// The honest files, each made so.
fn each(what: &str, make: impl Fn(&str, &[u8]) -> Entry) -> Case {
    let entries: Vec<_> = HONEST.iter().map(|(name, content)| make(name, content)).collect();
    Case::zip(what, "", zip(&entries))
}

fn more(what: &str, odd: Entry) -> Case {
    Case::zipped(what, "", [odd])
}

fn kept() -> Vec<Case> {
    let at_level = |level| {
        move |name: &str, content: &[u8]| {
            entry(name.as_bytes(), 8, content, deflated_at(content, Compression::new(level)))
        }
    };
    vec![
        each("stored", |name, content| stored(name, content)),
        each("deflated", |name, content| file(name, content)),
        each("deflated-at-level-0", at_level(0)),
        each("deflated-at-level-1", at_level(1)),
        each("streamed-as-go-does", |name, content| file(name, content).streamed()),
        each("streamed-and-stored", |name, content| stored(name, content).streamed()),
        each("flags-of-levels", |name, content| file(name, content).both(FLAGS, [6, 0])),
        more("empty-file-stored", stored("go/empty", b"")),
        more("empty-file-deflated", file("go/empty", b"")),
        more("zeros-of-a-megabyte", file("go/zeros", &vec![0; 1 << 20])),
    ]
}

fn named() -> Vec<Case> {
    let allowed = "go/!#$%&()+,-.=@[]^_{}~ x";
    let longest = format!("go/{}", "x".repeat(240));
    let deepest = format!("go/{}x", "a/".repeat(119));
    let unsaid = file("go/test/Þfoo.go", b"package x\n").both(FLAGS, [0, 0]);
    vec![
        more("all-characters-allowed", file(allowed, b"x")),
        more("percent-signs-stay-percent-signs", file("go/%2e%2e/%2e%2e/x", b"x")),
        more("letters-of-latin-1", file("go/test/Þfoo.go", b"package x\n")),
        more("names-of-unix-without-flag", unsaid),
        more("longest-path", file(longest, b"x")),
        more("deepest-path", file(deepest, b"x")),
        more("hidden-files", file("go/.github/.x", b"x")),
        more("two-dots-within-a-name", file("go/a..b/...c", b"x")),
        more("almost-devices", file("go/src/auxv.go", b"x")),
        more("flag-utf8-on-ascii", file("go/x", b"x").both(FLAGS, [0, 8])),
    ]
}

fn ordered() -> Vec<Case> {
    let folders = || {
        [
            folder("go/"),
            folder("go/bin/"),
            folder("go/src/"),
            folder("go/src/fmt/"),
            folder("go/empty/"),
        ]
    };
    let first: Vec<_> = folders().into_iter().chain(honest_zip()).collect();
    let last: Vec<_> = honest_zip().into_iter().chain(folders().into_iter().rev()).collect();
    let reverse: Vec<_> = honest_zip().into_iter().rev().collect();
    // The directory in another order than the entries lie.
    let mut turned = Parts::of(&honest_zip());
    let starts: Vec<u32> = honest_zip()
        .iter()
        .scan(0, |at, entry| {
            let start = *at;
            *at += (entry.local.len() + entry.content.len()) as u32;
            Some(start)
        })
        .collect();
    turned.directory.clear();
    for (entry, start) in honest_zip().iter().zip(starts).rev() {
        let mut record = entry.central.clone();
        put(&mut record, OFFSET, &start.to_le_bytes());
        turned.directory.extend(record);
    }
    vec![
        Case::zip("folders-first", "", zip(&first)),
        Case::zip("folders-last-and-inside-out", "", zip(&last)),
        Case::zip("files-in-reverse", "", zip(&reverse)),
        Case::zip("directory-in-another-order", "", turned.bytes()),
        more("folder-twice", folder("go/bin/")),
        more("folder-deflated-to-two-bytes", entry(b"go/y/", 8, b"", vec![3, 0]).mode(0o040_755)),
        more("folder-by-dos", stored("go/y/", b"").central(ATTRIBUTES, 0x10_u32.to_le_bytes())),
    ]
}

fn annotated() -> Vec<Case> {
    let unix = [
        field(0x5455, b"\x03\0\0\0\0\0\0\0\0"),
        field(0x7875, b"\x01\x04\xe8\x03\0\0\x04\xe8\x03\0\0"),
    ]
    .concat();
    let short =
        [field(0x5455, b"\x03\0\0\0\0"), field(0x7875, b"\x01\x04\xe8\x03\0\0\x04\xe8\x03\0\0")]
            .concat();
    let ntfs = field(0x000a, &[&[0; 4][..], &field(1, &[0; 24])].concat());
    let with = |what: &str, change: fn(Entry) -> Entry| {
        each(what, |name, content| change(file(name, content)))
    };
    vec![
        each("times-and-owners-of-info-zip", |name, content| {
            file(name, content).local_extra(&unix).central_extra(&short)
        }),
        each("times-of-ntfs", |name, content| file(name, content).central_extra(&ntfs)),
        with("comments", |entry| entry.comment(b"PK\x05\x06 is no end here")),
        with("no-attributes", |entry| entry.central(ATTRIBUTES, [0; 4])),
        with("attributes-of-windows", |entry| {
            entry.central(ATTRIBUTES, [0x20, 0x20, 0, 0]).central(MADE_BY + 1, [0])
        }),
        with("modes-of-everybody", |entry| entry.mode(0o100_777)),
        with("set-user-id", |entry| entry.mode(0o106_755)),
        with("no-time", |entry| entry.both(TIME, [0; 4])),
        with("times-that-differ", |entry| entry.local(TIME, [0; 4])),
        with("versions-that-differ", |entry| entry.local(VERSION, [45, 0])),
    ]
}

fn zip64() -> Vec<Case> {
    let sizes = |entry: &Entry, content: &[u8]| {
        field(
            1,
            &[(content.len() as u64).to_le_bytes(), (entry.content.len() as u64).to_le_bytes()]
                .concat(),
        )
    };
    let local = move |name: &str, content: &[u8]| {
        let entry = file(name, content);
        let wide = sizes(&entry, content);
        entry.local(SIZE, ONES).local(PACKED, ONES).local_extra(&wide)
    };
    let both = move |name: &str, content: &[u8]| {
        let entry = local(name, content);
        let wide = sizes(&entry, content);
        entry.central(SIZE + 2, ONES).central(PACKED + 2, ONES).central_extra(&wide)
    };
    // As Python writes to what cannot seek: nothing known beforehand, and wide sizes afterwards.
    let streamed = move |name: &str, content: &[u8]| {
        let plain = file(name, content);
        let mut entry = plain
            .clone()
            .streamed()
            .local(SIZE, ONES)
            .local(PACKED, ONES)
            .local_extra(&field(1, &[0; 16]));
        entry.descriptor.truncate(8);
        entry.descriptor.extend((plain.content.len() as u64).to_le_bytes());
        entry.descriptor.extend((content.len() as u64).to_le_bytes());
        entry
    };
    vec![
        each("zip64-local-sizes", local),
        each("zip64-sizes-in-both", both),
        each("zip64-streamed", streamed),
        Case::zip("zip64-end-record-too", "", Parts::of(&honest_zip()).zip64(|_, _| ()).bytes()),
        Case::zip("zip64-end-record-alone", "", {
            Parts::of(&honest_zip())
                .zip64(|_, _| ())
                .end(END_HERE, ONES)
                .end(END_LEN, ONES)
                .end(END_AT, ONES)
                .bytes()
        }),
    ]
}
