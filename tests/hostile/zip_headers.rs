//! Zips whose two headers disagree, or whose entry is kept in a way that readers understand differently: flags, methods,
//! sizes, checksums, extra fields.

use crate::case::{Case, at};
use crate::zip::{
    CRC, DISK, Entry, FLAGS, MADE_BY, METHOD, NAME_LEN, PACKED, SIZE, deflated, entry, field, file,
    stored,
};

pub fn cases() -> Vec<Case> {
    [disagreements(), kept_oddly(), untrue(), extras()].concat()
}

const CONTENT: &[u8] =
    b"package x // with so much in it that deflate can make it shorter, shorter, shorter\n";

fn x() -> Entry {
    file("go/x", CONTENT)
}

fn one(what: &str, defect: &str, odd: Entry) -> Case {
    Case::zipped(what, at("go/x", defect), [odd, file("go/y", b"after")])
}

fn disagreements() -> Vec<Case> {
    let on = |what: &str, which: &str, odd: Entry| {
        let defect = format!("its local header disagrees with the central directory on {which}");
        one(&format!("local-{what}"), &defect, odd)
    };
    let s = || stored("go/x", CONTENT);
    vec![
        on("signature", "where it is", x().local(0, b"PK\x01\x02")),
        on("signature-zeroed", "where it is", x().local(0, [0; 4])),
        on("name", "the name", x().local_name(b"go/z")),
        on("name-traversal", "the name", x().local_name(b"../z")),
        on("name-shorter", "the name", x().local(NAME_LEN, [3, 0])),
        on("name-longer", "the name", x().local_name(b"go/x.go")),
        on("name-in-another-case", "the name", x().local_name(b"go/X")),
        on("name-absolute", "the name", x().local_name(b"/o/x")),
        on("flag-descriptor", "flags", x().local(FLAGS, [8, 0])),
        on("flag-utf8", "flags", x().local(FLAGS, [0, 8])),
        on("flag-encrypted", "flags", x().local(FLAGS, [1, 0])),
        on("method-stored", "the compression method", x().local(METHOD, [0, 0])),
        on("method-unknown", "the compression method", x().local(METHOD, [99, 0])),
        on("packed-size", "the size", x().local(PACKED, [1, 0, 0, 0])),
        on("size", "the size", x().local(SIZE, [1, 0, 0, 0])),
        on("size-zero", "the size", x().local(SIZE, [0; 4])),
        on("size-huge", "the size", x().local(SIZE, [0xfe, 0xff, 0xff, 0xff])),
        on("checksum", "the checksum", x().local(CRC, [1, 2, 3, 4])),
        on("sums-unknown-without-descriptor", "the size", x().local(CRC, [0; 12])),
        on("size-despite-descriptor", "the size", x().streamed().local(SIZE, [1, 0, 0, 0])),
        on("checksum-despite-descriptor", "the checksum", x().streamed().local(CRC, [1, 0, 0, 0])),
        on("stored-size", "the size", s().local(SIZE, [1, 0, 0, 0]).local(PACKED, [1, 0, 0, 0])),
    ]
}

fn kept_oddly() -> Vec<Case> {
    let flags = |what: &str, flags: u16| {
        let defect = format!("it has the flags {flags:#06x}, which are not supported");
        one(what, &defect, x().both(FLAGS, flags.to_le_bytes()))
    };
    let encrypted = |what: &str, odd: Entry| one(what, "it is encrypted", odd);
    let methods = [
        ("shrunk", 1),
        ("imploded", 6),
        ("deflate64", 9),
        ("bzip2", 12),
        ("lzma", 14),
        ("ibm-terse", 18),
        ("zstandard", 93),
        ("mp3", 94),
        ("xz", 95),
        ("jpeg", 96),
        ("ppmd", 98),
        ("aes", 99),
        ("none-such", 0xffff),
    ];
    let method = |(name, number): (&str, u16)| {
        let defect = format!("it has compression method {number}, which is not supported");
        one(&format!("method-{name}"), &defect, x().both(METHOD, number.to_le_bytes()))
    };
    let mut cases = vec![
        encrypted("encrypted-traditional", x().both(FLAGS, [1, 0])),
        encrypted("encrypted-strong", x().both(FLAGS, [0x41, 0])),
        encrypted("encrypted-aes", x().both(FLAGS, [1, 0]).both(METHOD, [99, 0])),
        encrypted("encrypted-streamed", x().both(FLAGS, [9, 0])),
        flags("flag-strong-encryption-alone", 1 << 6),
        flags("flag-masked-headers", 1 << 13),
        flags("flag-patch-data", 1 << 5),
        flags("flag-enhanced-deflate", 1 << 4),
        flags("flag-reserved", 1 << 15),
    ];
    cases.extend(methods.into_iter().map(method));
    cases
}

fn untrue() -> Vec<Case> {
    let packed = deflated(CONTENT);
    let more = deflated(&[CONTENT, b"more"].concat());
    let less = deflated(&CONTENT[1..]);
    let other = deflated(&CONTENT.to_ascii_uppercase());
    let with = |packed: &[u8]| entry(b"go/x", 8, CONTENT, packed.to_vec());
    let size = format!("it does not have the declared size of {} bytes", CONTENT.len());
    let fill = format!("its compressed data does not fill the declared {} bytes", packed.len() + 3);
    let upper = CONTENT.to_ascii_uppercase();
    let mut descriptor = x().streamed();
    descriptor.descriptor[4] ^= 1;
    let mut unsigned = x().streamed();
    unsigned.descriptor.drain(..4);
    let mut no_descriptor = x().streamed();
    no_descriptor.descriptor.clear();
    // A host that is no Unix does not say how it writes what is beyond ASCII.
    let unsaid = file("go/Þ", CONTENT).both(FLAGS, [0, 0]).central(MADE_BY + 1, [0]);
    let disagrees = "its data descriptor disagrees with the central directory";
    vec![
        one("content-longer-than-declared", &size, with(&more)),
        one("content-shorter-than-declared", &size, with(&less)),
        one("content-is-another", "its checksum is wrong", with(&other)),
        one(
            "stored-content-is-another",
            "its checksum is wrong",
            entry(b"go/x", 0, CONTENT, upper),
        ),
        one("stored-with-two-sizes", &size, entry(b"go/x", 0, CONTENT, CONTENT[1..].to_vec())),
        one("checksum-wrong-in-both", "its checksum is wrong", x().both(CRC, [1, 2, 3, 4])),
        one("deflate-broken", "its compressed data is broken", with(b"\xff\xff\xff")),
        one("deflate-empty", "its compressed data is broken", with(b"")),
        one("deflate-cut-off", "its compressed data is broken", with(&packed[..packed.len() - 1])),
        one("deflate-then-more", &fill, with(&[&packed[..], b"hid"].concat())),
        one("descriptor-checksum", disagrees, descriptor),
        one("descriptor-without-signature", "it overlaps what follows", unsigned),
        one("descriptor-missing", "it overlaps what follows", no_descriptor),
        Case::zipped("name-without-encoding", at("go/Þ", "its name has no encoding"), [unsaid]),
    ]
}

fn extras() -> Vec<Case> {
    let kinds = [
        ("unicode-path", 0x7075, &b"\x01\0\0\0\0../../evil"[..]),
        ("unicode-comment", 0x6375, b"\x01\0\0\0\0x"),
        ("aes", 0x9901, b"\x02\0AE\x03\x08\0"),
        ("strong-encryption", 0x0017, b"\x02\0\x03\x66\0\x01\x01\0"),
        ("acl", 0x4453, b"\0\0\0\0"),
        ("java", 0xcafe, b""),
        ("alignment", 0xd935, b"\0\0"),
    ];
    let kind = |(name, kind, content): (&str, u16, &[u8])| {
        let defect = format!("it has the extra field {kind:#06x}, which is not supported");
        one(&format!("extra-{name}"), &defect, x().extra(&field(kind, content)))
    };
    let malformed = "its extra fields are malformed";
    let mut cases: Vec<Case> = kinds.into_iter().map(kind).collect();
    cases.extend([
        one("extra-longer-than-its-room", malformed, x().extra(b"UT\x09\0\x01")),
        one("extra-of-three-bytes", malformed, x().extra(b"UT\0")),
        one("extra-local-only-malformed", malformed, x().local_extra(b"UT\x09\0\x01")),
        one(
            "extra-unicode-path-local-only",
            "it has the extra field 0x7075, which is not supported",
            x().local_extra(&field(0x7075, b"\x01\0\0\0\0../../evil")),
        ),
        Case::zipped(
            "entry-on-another-disk",
            "its central directory is malformed: it speaks of more than one disk",
            [x().central(DISK, [1, 0])],
        ),
    ]);
    cases
}
