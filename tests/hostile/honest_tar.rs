//! Tars and gzips that are odd but honest: each says one thing only, in a form that some writer uses.

use flate2::Compression;

use crate::case::{Case, HONEST, honest_tar};
use crate::gzip::{Member, crc32, gzip, member_at};
use crate::tar::{
    LINK, MTIME, OWNER, PREFIX, SIZE, UID, file, folder, gnu, member, member_with, pax, tar, targz,
};
use crate::zip::put;

pub fn cases() -> Vec<Case> {
    [headers(), long_names(), extended(), ordered(), gzips()].concat()
}

/// The honest files, the header of each changed so.
fn each(what: &str, change: impl Fn(&mut [u8]) + Copy) -> Case {
    let members: Vec<_> =
        HONEST.iter().map(|(name, content)| member_with(name, b'0', content, change)).collect();
    Case::targz(what, "", targz(&members))
}

fn more(what: &str, odd: Vec<u8>) -> Case {
    Case::tarred(what, "", [odd])
}

fn headers() -> Vec<Case> {
    vec![
        each("ustar-as-go-writes", |_| ()),
        each("gnu-as-gnu-tar-writes", |header| {
            gnu(header);
            put(header, OWNER, b"root");
            put(header, OWNER + 32, b"wheel");
        }),
        each("type-of-old-files", |header| header[156] = 0),
        each("owners-in-base-256", |header| {
            put(header, UID, &[0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff]);
        }),
        each("time-in-base-256", |header| put(header, MTIME, &[0xff; 12])),
        each("numbers-with-blanks", |header| {
            let size = String::from_utf8_lossy(&header[SIZE..SIZE + 11]).into_owned();
            let digits = size.trim_start_matches('0').to_owned();
            put(header, SIZE, format!("{digits:>11} ").as_bytes());
        }),
        each("no-mode-and-no-owner", |header| header[100..124].fill(0)),
        each("modes-of-everybody", |header| put(header, 100, b"0006777\0")),
        each("target-of-no-link", |header| put(header, LINK, b"/etc/passwd")),
        each("leftovers-after-the-name", |header| put(header, 60, b"go/../evil")),
        more("empty-file", file("go/empty", b"")),
        more("letters-of-latin-1", file("go/test/Þfoo.go", b"package x\n")),
        more("percent-signs-stay-percent-signs", file("go/%2e%2e/%2e%2e/x", b"x")),
        more("content-of-one-block", file("go/x", &[7; 512])),
        more("content-that-looks-like-an-end", file("go/x", &[0; 2048])),
        more(
            "content-that-is-a-tar",
            file("go/x.tar", &tar(&[crate::tar::link("evil", b'2', "/tmp")])),
        ),
    ]
}

fn long_names() -> Vec<Case> {
    let long = format!("go/{}x", "a/".repeat(70));
    let element = format!("go/{}", "x".repeat(240));
    let by_gnu = [
        member_with("././@LongLink", b'L', format!("{long}\0").as_bytes(), gnu),
        member_with(&long[..100], b'0', b"x", gnu),
    ];
    let folder_by_gnu = [
        member_with("././@LongLink", b'L', format!("{long}/\0").as_bytes(), gnu),
        member_with(&long[..100], b'5', b"", gnu),
    ];
    let by_prefix =
        member_with(&long[99..], b'0', b"x", |header| put(header, PREFIX, &long.as_bytes()[..98]));
    vec![
        more("long-name-by-prefix", by_prefix),
        more("long-name-by-gnu", by_gnu.concat()),
        more("long-folder-by-gnu", folder_by_gnu.concat()),
        more("long-name-by-pax", [pax(&[("path", &long)]), file("go/short", b"x")].concat()),
        more("longest-name-by-pax", [pax(&[("path", &element)]), file("go/short", b"x")].concat()),
        more("name-of-100-bytes", file(format!("go/{}", "x".repeat(97)), b"x")),
    ]
}

fn extended() -> Vec<Case> {
    let of = |what: &str, records: &[(&str, &str)]| {
        more(what, [pax(records), file("go/x", b"x")].concat())
    };
    vec![
        of("pax-times-alone", &[("mtime", "1717097167.123456789"), ("atime", "1"), ("ctime", "1")]),
        of(
            "pax-owners",
            &[("uid", "4294967294"), ("gid", "4294967294"), ("uname", "Þórr"), ("gname", "")],
        ),
        of("pax-path-beyond-ascii", &[("path", "go/Þfoo.go")]),
        of(
            "pax-as-bsdtar-writes",
            &[("LIBARCHIVE.creationtime", "1"), ("SCHILY.xattr.user.x", "a=b\n")],
        ),
        of("pax-path-and-times", &[("mtime", "1.5"), ("path", "go/y")]),
        more("pax-of-nothing", [member("PaxHeaders.0/x", b'x', b""), file("go/x", b"x")].concat()),
        more("pax-of-a-folder", [pax(&[("path", "go/ÿ/")]), folder("go/y")].concat()),
    ]
}

fn ordered() -> Vec<Case> {
    let folders = || {
        [
            folder("go/"),
            folder("go/bin"),
            folder("go/src/"),
            folder("go/src/fmt/"),
            folder("go/empty"),
        ]
    };
    let padded = |zeros: usize| gzip(&[honest_tar().concat(), vec![0; zeros]].concat());
    vec![
        Case::targz(
            "folders-first",
            "",
            targz(&folders().into_iter().chain(honest_tar()).collect::<Vec<_>>()),
        ),
        Case::tarred("folders-last-and-inside-out", "", folders().into_iter().rev()),
        Case::targz(
            "files-in-reverse",
            "",
            targz(&honest_tar().into_iter().rev().collect::<Vec<_>>()),
        ),
        Case::targz("blocking-factor-20", "", {
            let whole = honest_tar().concat();
            gzip(
                &[
                    &whole[..],
                    &vec![0; (whole.len() + 1024).next_multiple_of(10_240) - whole.len()],
                ]
                .concat(),
            )
        }),
        Case::targz("zeros-of-a-megabyte-after", "", padded(1 << 20)),
        Case::targz("zeros-that-fill-no-block", "", padded(1024 + 7)),
    ]
}

fn gzips() -> Vec<Case> {
    let whole = || tar(&honest_tar());
    let at = |level| member_at(&whole(), Compression::new(level));
    let of = |what: &str, gzip: Member| Case::targz(what, "", gzip.bytes());
    let mut checked = at(6);
    checked.header[3] = 2;
    let sum = crc32(&checked.header) as u16;
    checked.header.extend(sum.to_le_bytes());
    let mut dated = at(6);
    put(&mut dated.header, 4, &[0x4f, 0x2a, 0x58, 0x66, 2, 255]);
    vec![
        of("gzip-at-level-0", at(0)),
        of("gzip-at-level-9", at(9)),
        of("gzip-with-a-name", at(6).announcing(8, b"../../evil\0")),
        of("gzip-with-a-comment", at(6).announcing(16, b"by hand\0")),
        of("gzip-with-an-extra-field", at(6).announcing(4, b"\x04\0ab\0\0")),
        of("gzip-with-a-header-checksum", checked),
        of("gzip-with-all-of-it", at(6).announcing(28, b"\x04\0ab\0\0name\0comment\0")),
        of("gzip-said-to-be-text", at(6).announcing(1, b"")),
        of("gzip-with-time-and-system", dated),
    ]
}
