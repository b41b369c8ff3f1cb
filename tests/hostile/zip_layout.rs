//! Zips whose parts do not lie as they say: overlap, gaps, entries that only one reader sees, bytes before and after, end
//! records that lie, zip64's games.

use crate::case::{Case, at, honest_zip};
use crate::zip::{
    COMMENT_LEN, END_AT, END_COMMENT, END_DIRECTORY_DISK, END_DISK, END_HERE, END_LEN, Entry,
    NAME_LEN, OFFSET, PACKED, Parts, SIZE, field, file, put, stored, zip,
};

const GAP: &str = "there are bytes that belong to no entry";
const OVERLAP: &str = "it overlaps what follows";
const PLACE: &str = "its end record is malformed: the central directory is not where it says";
const MANY: &str = "it holds more than 50000 files and folders";
const WIDE: &str = "its zip64 field does not hold what the header leaves to it";
const ONES: [u8; 4] = [0xff; 4];

pub fn cases() -> Vec<Case> {
    [shared(), unclaimed(), ends(), zip64_fields(), zip64_ends()].concat()
}

/// The honest entries and these.
fn with(more: impl IntoIterator<Item = Entry>) -> Vec<Entry> {
    honest_zip().into_iter().chain(more).collect()
}

fn parts(more: impl IntoIterator<Item = Entry>) -> Parts {
    Parts::of(&with(more))
}

/// An entry that the directory does not know.
fn hidden(name: &str) -> Entry {
    Entry { central: Vec::new(), ..file(name, b"evil") }
}

/// Entries that claim the same bytes.
fn shared() -> Vec<Case> {
    // The last record of the directory, set to begin where the entry before it does.
    let mut twice = parts([file("go/x", b"1"), file("go/y", b"1")]);
    let starts = twice.data.len() as u32 - 2 * file("go/x", b"1").bytes();
    let at_last = twice.directory.len() - file("go/y", b"1").central.len() + OFFSET;
    put(&mut twice.directory, at_last, &starts.to_le_bytes());
    // As Fifield's bomb quotes the local headers that follow within stored blocks: each content holds the next entry.
    let inner = stored("go/y", &[b'0'; 300]);
    let quoting = [&inner.local[..], &inner.content].concat();
    let outer = stored("go/x", &quoting);
    let mut quote = parts([outer, inner.clone()]);
    quote.data.truncate(quote.data.len() - inner.bytes() as usize);
    let at_last = quote.directory.len() - inner.central.len() + OFFSET;
    put(&mut quote.directory, at_last, &(quote.data.len() as u32 - inner.bytes()).to_le_bytes());
    let quote = quote.gap(b"");
    let beyond = stored("go/x", b"1").both(PACKED, [0, 1, 0, 0]).both(SIZE, [0, 1, 0, 0]);
    let before = stored("go/x", &[b'0'; 100]).both(PACKED, [50, 0, 0, 0]).both(SIZE, [50, 0, 0, 0]);
    let mut outside = parts([file("go/x", b"1")]);
    let at_last = outside.directory.len() - file("go/x", b"1").central.len() + OFFSET;
    put(&mut outside.directory, at_last, &0x7fff_ffff_u32.to_le_bytes());
    vec![
        Case::zip("overlap-same-entry-twice", at("go/x", OVERLAP), twice.bytes()),
        Case::zip("overlap-quoted-entry", at("go/x", OVERLAP), quote.bytes()),
        Case::zipped(
            "overlap-next-entry",
            at("go/x", OVERLAP),
            [beyond.clone(), file("go/y", b"1")],
        ),
        Case::zipped("overlap-directory", at("go/x", OVERLAP), [beyond]),
        Case::zipped(
            "content-beyond-what-is-declared",
            at("go/x", "its checksum is wrong"),
            [before],
        ),
        Case::zip("offset-beyond-the-file", at("go/x", OVERLAP), outside.bytes()),
    ]
}

impl Entry {
    /// Bytes that it takes.
    fn bytes(&self) -> u32 {
        (self.local.len() + self.content.len() + self.descriptor.len()) as u32
    }
}

/// Bytes that no entry claims, and entries that only one reader sees.
fn unclaimed() -> Vec<Case> {
    let honest = zip(&honest_zip());
    let last = || at("go/src/fmt/print.go", GAP);
    let first = with([]).first().cloned().into_iter();
    let between =
        zip(&first.clone().chain([hidden("go/h"), file("go/x", b"1")]).collect::<Vec<_>>());
    let before = zip(&[hidden("go/h")].into_iter().chain(first).collect::<Vec<_>>());
    let shadow = zip(&with([hidden("go/VERSION")]));
    let local_only = Entry { local: Vec::new(), content: Vec::new(), ..file("go/x", b"1") };
    let junk = |before: &[u8], after: &[u8]| [before, &honest, after].concat();
    let mut moved = Parts::of(&honest_zip());
    moved.data.splice(0..0, *b"junk");
    let moved = moved.gap(b"");
    let other = "it is something else, not an archive";
    vec![
        Case::zip("hidden-entry-between", at("go/VERSION", GAP), between),
        Case::zip("hidden-entry-before", GAP, before),
        Case::zip("hidden-entry-after", last(), zip(&with([hidden("go/h")]))),
        Case::zip("hidden-entry-of-a-known-name", last(), shadow),
        Case::zip("directory-without-entry", at("go/x", OVERLAP), zip(&with([local_only]))),
        Case::zip("gap-before-the-directory", last(), Parts::of(&honest_zip()).gap(b"gap").bytes()),
        Case::zip("gap-of-a-whole-directory", last(), {
            let known = Parts::of(&honest_zip());
            let directory = known.directory.clone();
            known.gap(&directory).bytes()
        }),
        Case::zip("junk-before", other, junk(b"junk", b"")),
        Case::zip("program-before", other, junk(b"#!/bin/sh\nexit\n", b"")),
        Case::zip("junk-before-in-an-entrys-clothes", PLACE, junk(b"PK\x03\x04", b"")),
        Case::zip("junk-before-with-right-directory", other, moved.bytes()),
        Case::zip("junk-after", "it does not end with a zip's end record", junk(b"", b"junk")),
        Case::zip("zeros-after", "it does not end with a zip's end record", junk(b"", &[0; 512])),
        Case::zip("zip-after-zip", PLACE, [zip(&honest_zip()), honest.clone()].concat()),
        Case::zip("empty-zip-before", PLACE, junk(&zip(&[]), b"")),
        Case::zip("spanning-marker", other, junk(b"PK\x07\x08", b"")),
    ]
}

/// End records that lie, and directories that are not what they say.
fn ends() -> Vec<Case> {
    let lie = |what: &str, says: &str, at: usize, bytes: &[u8]| {
        Case::zip(what, says, parts([]).end(at, bytes).bytes())
    };
    let directory = |says: &str| format!("its central directory is malformed: {says}");
    let (few, more) = (
        directory("it has fewer records than announced"),
        directory("it has more than the announced records"),
    );
    let disks = "its end record is malformed: it speaks of more than one disk";
    let comment = parts([]).end(END_COMMENT, [3, 0]).bytes();
    let fake = [&parts([]).end(END_COMMENT, [22, 0]).bytes()[..], &zip(&[])].concat();
    let reach = file("go/x", b"1").central(NAME_LEN + 2, [0xff, 0x00]);
    let long = file("go/x", b"1").comment(&[b' '; 60_000]);
    let locator = [&b"PK\x06\x07"[..], &[0; 16]].concat();
    vec![
        lie("end-disk", disks, END_DISK, &[1, 0]),
        lie("end-directory-on-another-disk", disks, END_DIRECTORY_DISK, &[1, 0]),
        lie(
            "end-two-counts",
            "its end record is malformed: it has two counts of the entries",
            END_HERE,
            &[2, 0],
        ),
        lie("end-count-too-small", &more, END_HERE, &[2, 0, 2, 0]),
        lie("end-count-too-large", &few, END_HERE, &[4, 0, 4, 0]),
        lie("end-count-zero", &directory("it is too long for its entries"), END_HERE, &[0; 4]),
        lie("end-count-65534", MANY, END_HERE, &[0xfe, 0xff, 0xfe, 0xff]),
        lie("end-directory-elsewhere", PLACE, END_AT, &[0; 4]),
        lie("end-directory-beyond", PLACE, END_AT, &[0xf0, 0xff, 0xff, 0x7f]),
        lie("end-directory-shorter", PLACE, END_LEN, &[10, 0, 0, 0]),
        lie("end-directory-huge", PLACE, END_LEN, &[0, 0, 0, 0x80]),
        Case::zip(
            "end-comment",
            "it does not end with a zip's end record",
            [&comment[..], b"abc"].concat(),
        ),
        Case::zip("end-comment-announced-only", "its end record has a comment", comment),
        Case::zip("end-comment-holds-an-end", PLACE, fake),
        Case::zip("end-missing", "it does not end with a zip's end record", {
            let whole = parts([]).bytes();
            whole[..whole.len() - 22].to_vec()
        }),
        Case::zip("empty", "it holds no file", zip(&[])),
        Case::zip(
            "folders-only",
            "it holds no file",
            zip(&[crate::zip::folder("go/"), crate::zip::folder("go/a/")]),
        ),
        Case::zip("end-of-four-bytes", "it is cut off", b"PK\x05\x06".to_vec()),
        Case::zipped(
            "record-reaches-beyond-directory",
            directory("a record reaches beyond it"),
            [reach],
        ),
        Case::zipped(
            "record-comment-too-long",
            directory("it is too long for its entries"),
            [long],
        ),
        Case::zipped(
            "record-comment-length-lies",
            directory("a record reaches beyond it"),
            [file("go/x", b"1").central(COMMENT_LEN, [9, 0])],
        ),
        Case::zipped(
            "zip64-locator-in-a-comment",
            "its zip64 end record is malformed: it is not where its locator says",
            [file("go/x", b"1").comment(&locator)],
        ),
        Case::zipped(
            "record-signature",
            directory("it has fewer records than announced"),
            [file("go/x", b"1").central(0, b"PK\x01\x03")],
        ),
    ]
}

/// What zip64's field of an entry can say.
fn zip64_fields() -> Vec<Case> {
    let x = || file("go/x", b"1");
    let wide = |numbers: &[u64]| {
        field(1, &numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>())
    };
    let one =
        |what: &str, odd: Entry| Case::zipped(what, at("go/x", WIDE), [odd, file("go/y", b"")]);
    let size = |number: u64| x().central(SIZE + 2, ONES).central_extra(&wide(&[number]));
    let disagrees = "its local header disagrees with the central directory on the size";
    vec![
        one("zip64-ones-without-field", x().both(SIZE, ONES)),
        one("zip64-packed-ones-without-field", x().both(PACKED, ONES)),
        Case::zip("zip64-offset-ones-without-field", at("go/x", WIDE), open_offset()),
        one("zip64-field-that-overrides", x().central_extra(&wide(&[7, 7]))),
        one("zip64-field-too-short", x().central(SIZE + 2, ONES).central_extra(&field(1, &[0; 4]))),
        one("zip64-field-too-long", x().central(SIZE + 2, ONES).central_extra(&wide(&[1, 1]))),
        one(
            "zip64-field-with-a-disk",
            x().central(SIZE + 2, ONES).central_extra(&field(1, &[0; 12])),
        ),
        one("zip64-local-field-that-overrides", x().local_extra(&wide(&[7, 7]))),
        one("zip64-local-field-of-one-size", x().local(SIZE, ONES).local_extra(&wide(&[1]))),
        Case::zipped(
            "zip64-field-twice",
            at("go/x", "its extra fields are malformed"),
            [x().central_extra(&[wide(&[]), wide(&[])].concat())],
        ),
        Case::zipped(
            "zip64-size-of-an-exabyte",
            "it unpacks to more than 2147483648 bytes",
            [size(1 << 60)],
        ),
        Case::zipped(
            "zip64-size-of-all-ones",
            "it unpacks to more than 2147483648 bytes",
            [size(u64::MAX)],
        ),
        Case::zipped(
            "zip64-packed-of-all-ones",
            at("go/x", OVERLAP),
            [x().central(PACKED + 2, ONES).central_extra(&wide(&[u64::MAX]))],
        ),
        Case::zipped(
            "zip64-local-size-is-another",
            at("go/x", disagrees),
            [x().local(SIZE, ONES).local(PACKED, ONES).local_extra(&wide(&[7, 3]))],
        ),
    ]
}

/// The archive's writer sets each offset: so the last one is spoilt afterwards.
fn open_offset() -> Vec<u8> {
    let x = file("go/x", b"1");
    let mut all = parts([x.clone()]);
    let at_last = all.directory.len() - x.central.len() + OFFSET;
    put(&mut all.directory, at_last, &ONES);
    all.bytes()
}

/// What zip64's end record can say.
fn zip64_ends() -> Vec<Case> {
    let bad = |says: &str| format!("its zip64 end record is malformed: {says}");
    let lie = |what: &str, says: &str, change: fn(&mut [u8], &mut [u8])| {
        Case::zip(what, bad(says), parts([]).zip64(change).bytes())
    };
    let disagree = "it disagrees with the plain one";
    let elsewhere = "it is not where its locator says";
    let disks = "it speaks of more than one disk";
    let open = || parts([]).end(END_HERE, ONES).end(END_LEN, ONES).end(END_AT, ONES);
    let claim = open().zip64(|record, _| {
        put(record, 24, &10_000_000_u64.to_le_bytes());
        put(record, 32, &10_000_000_u64.to_le_bytes());
    });
    let all_ones = open().zip64(|record, _| put(record, 24, &[0xff; 32]));
    vec![
        lie("zip64-end-entries", disagree, |record, _| {
            put(record, 24, &[1]);
            put(record, 32, &[1]);
        }),
        lie("zip64-end-directory-elsewhere", disagree, |record, _| put(record, 48, &[0; 8])),
        lie("zip64-end-directory-shorter", disagree, |record, _| put(record, 40, &[1, 0])),
        lie("zip64-end-two-counts", "it has two counts of the entries", |record, _| {
            put(record, 24, &[1]);
        }),
        lie("zip64-end-disk", disks, |record, _| put(record, 16, &[1])),
        lie("zip64-end-of-two-disks", disks, |_, locator| put(locator, 16, &[2])),
        lie("zip64-end-longer", "it has another length", |record, _| put(record, 4, &[45])),
        lie("zip64-end-signature", elsewhere, |record, _| put(record, 0, b"PK\x01\x02")),
        lie("zip64-locator-elsewhere", elsewhere, |_, locator| put(locator, 8, &[0; 8])),
        lie("zip64-locator-beyond", elsewhere, |_, locator| put(locator, 8, &[0xff; 8])),
        Case::zip("zip64-ones-without-end-record", PLACE, parts([]).end(END_AT, ONES).bytes()),
        Case::zip("zip64-claims-ten-million-entries", MANY, claim.bytes()),
        Case::zip("zip64-claims-all-ones", MANY, all_ones.bytes()),
        Case::zip("zip64-junk-between", PLACE, {
            let mut odd = parts([]).zip64(|_, _| ());
            let at = (odd.data.len() + odd.directory.len() + 4) as u64;
            odd.between.splice(0..0, *b"junk");
            put(&mut odd.between, 4 + 56 + 8, &at.to_le_bytes());
            odd.bytes()
        }),
    ]
}
