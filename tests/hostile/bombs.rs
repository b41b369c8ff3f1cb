//! Archives that are small and become large: by ratio, by what they declare, by count, by depth.

use flate2::Compression;
use sha2::{Digest, Sha256};

use crate::case::{Case, at, entry};
use crate::gzip::{gzip, member_at};
use crate::tar::{OWNER, PREFIX, file, folder, member_with, tar, targz};
use crate::zip::{self, SIZE, put};

const RATIO: &str = "it unpacks to more than 32 times its size";
const UNPACKED: &str = "it unpacks to more than 2147483648 bytes";
const MANY: &str = "it holds more than 50000 files and folders";
const FOLDERS: &str = "it holds more than 4000 folders";
const LONG: &str = "its path is longer than 240 bytes";

pub fn cases() -> Vec<Case> {
    [in_zip(), in_tar()].concat()
}

fn in_zip() -> Vec<Case> {
    let zeros = zip::file("go/x", &vec![0; 40 << 20]);
    let small = vec![0; 1 << 20];
    let eighty: Vec<_> = (0..80).map(|n| zip::file(format!("go/{n}"), &small)).collect();
    let claim = |what: &str, says: String, size: u32| {
        let size = size.to_le_bytes();
        Case::zipped(what, says, [zip::file("go/x", b"evil").both(SIZE, size)])
    };
    let many: Vec<_> = (0..50_001).map(|n| zip::stored(format!("go/{n}"), b"")).collect();
    let folders: Vec<_> = (0..50_001).map(|n| zip::folder(format!("go/{n}/"))).collect();
    let deep: Vec<_> = (0..450).map(|n| zip::stored(deep(n), b"")).collect();
    // Each file is the whole of one kernel, as in Fifield's bomb without its overlap.
    let quine = zip::file("go/x", &zip::zip(&[zip::file("go/x", &vec![0; 20 << 20])]));
    let inside = at("go/x", "it does not have the declared size of 4 bytes");
    vec![
        Case::zipped("bomb-by-ratio", RATIO, [zeros.clone()]),
        Case::zipped("bomb-by-many-small-ones", RATIO, eighty),
        Case::zipped("bomb-streamed", RATIO, [zeros.clone().streamed()]),
        Case::zipped(
            "bomb-below-what-is-declared",
            inside,
            [zeros.both(SIZE, 4_u32.to_le_bytes())],
        ),
        claim("bomb-by-a-claim-of-3-gib", UNPACKED.into(), 3 << 30),
        claim("bomb-by-a-claim-of-1-gib", RATIO.into(), 1 << 30),
        Case::zipped("bomb-by-claims", RATIO, {
            (0..3)
                .map(|n| zip::file(format!("go/{n}"), b"x").both(SIZE, (1_u32 << 30).to_le_bytes()))
        }),
        Case::zip("bomb-by-count-of-files", many_count(&many), zip::zip(&many)),
        Case::zip("bomb-by-count-of-folders", many_count(&folders), zip::zip(&folders)),
        Case::zip("bomb-by-depth", FOLDERS, zip::zip(&deep)),
        Case::zipped("bomb-by-path-length", entry(&shown(241), LONG), [zip::file(long(241), b"")]),
        Case::zipped("bomb-in-a-bomb", at("go/y", "its checksum is wrong"), [quine, spoilt()]),
    ]
}

/// More than 65535 would not fit into the end record; as many as these are refused before any name is read.
fn many_count(entries: &[zip::Entry]) -> &'static str {
    assert!(entries.len() > 50_000);
    MANY
}

/// What refuses an archive that is only remarkable inside.
fn spoilt() -> zip::Entry {
    zip::stored("go/y", b"1").both(zip::CRC, [0; 4])
}

fn in_tar() -> Vec<Case> {
    let zeros = vec![0; 64 << 20];
    let many = (0..40).map(|n| file(format!("go/{n}"), &vec![0; 1 << 20]));
    let members = |make: &dyn Fn(usize) -> Vec<u8>| {
        let all: Vec<_> = (0..50_001).map(make).collect();
        member_at(&tar(&all), Compression::fast()).bytes()
    };
    let deep = (0..450).map(|n| {
        let name = deep(n);
        let (prefix, name) = name.split_at(150);
        member_with(&name[1..], b'0', b"", |header| put(header, PREFIX, prefix.as_bytes()))
    });
    vec![
        Case::tarred("bomb-by-ratio", RATIO, [file("go/x", &zeros)]),
        Case::tarred("bomb-by-many-small-ones", RATIO, many),
        Case::targz("bomb-of-zeros-alone", RATIO, gzip(&zeros)),
        Case::targz(
            "bomb-after-the-end-mark",
            RATIO,
            gzip(&[tar(&crate::case::honest_tar()), zeros.clone()].concat()),
        ),
        Case::tarred(
            "bomb-by-a-claim-of-8-gib",
            UNPACKED,
            [member_with("go/x", b'0', b"", |header| {
                put(header, crate::tar::SIZE, b"77777777777\0");
            })],
        ),
        // What nobody looks at differs, or the headers alone would make it a bomb by ratio.
        Case::targz(
            "bomb-by-count-of-entries",
            MANY,
            members(&|n| {
                member_with("go/", b'5', b"", |header| {
                    put(header, OWNER, &Sha256::digest(n.to_le_bytes()));
                })
            }),
        ),
        Case::targz(
            "bomb-by-count-of-folders",
            FOLDERS,
            members(&|n| {
                let digest = hex::encode(Sha256::digest(n.to_le_bytes()));
                folder(format!("go/{digest}"))
            }),
        ),
        Case::targz("bomb-by-depth", FOLDERS, targz(&deep.collect::<Vec<_>>())),
        Case::tarred(
            "bomb-by-path-length",
            entry(&shown(241), LONG),
            [crate::tar::pax(&[("path", &long(241))]), file("go/x", b"")],
        ),
    ]
}

/// A path of 119 folders of its own.
fn deep(number: usize) -> String {
    format!("go/{number:03}{}/x", "/a".repeat(117))
}

/// A path of so many bytes below the top, in folders.
fn long(bytes: usize) -> String {
    format!("go/{}{}", "a/".repeat(bytes / 2 - 1), "x".repeat(2 + bytes % 2))
}

/// The same as a message shows it.
fn shown(bytes: usize) -> String {
    format!("{}…", &long(bytes)[..80])
}
