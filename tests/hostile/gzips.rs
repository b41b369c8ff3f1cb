//! What lies around a tar: gzip headers and trailers that are wrong, more than one member, and what follows.

use crate::case::{Case, at, honest_tar};
use crate::gzip::{Member, gzip, member};
use crate::tar::{file, tar, targz};

fn honest() -> Member {
    member(&tar(&honest_tar()))
}

fn one(what: &str, says: &str, change: impl FnOnce(&mut Member)) -> Case {
    let mut gzip = honest();
    change(&mut gzip);
    Case::targz(what, says, gzip.bytes())
}

pub fn cases() -> Vec<Case> {
    let header = "its gzip header is malformed";
    let follows = "something follows the compressed data";
    let broken = "its compressed data is broken";
    let whole = targz(&honest_tar());
    let evil = targz(&[file("go/evil", b"evil")]);
    let content = tar(&honest_tar());
    let halves = [gzip(&content[..700]), gzip(&content[700..])].concat();
    let crc = honest().announcing(2, &[0, 0]).bytes();
    let cut = |len: usize| whole[..len].to_vec();
    vec![
        one("gzip-checksum", "its gzip checksum is wrong", |gzip| gzip.trailer[0] ^= 1),
        one("gzip-checksum-zero", "its gzip checksum is wrong", |gzip| gzip.trailer[..4].fill(0)),
        one("gzip-length", "its gzip length is wrong", |gzip| gzip.trailer[7] ^= 1),
        one("gzip-length-zero", "its gzip length is wrong", |gzip| gzip.trailer[4..].fill(0)),
        one("gzip-trailer-missing", "it is cut off", |gzip| gzip.trailer.clear()),
        one("gzip-trailer-half", "it is cut off", |gzip| gzip.trailer.truncate(5)),
        one("gzip-method", header, |gzip| gzip.header[2] = 7),
        one("gzip-reserved-flag", header, |gzip| gzip.header[3] = 0x20),
        one("gzip-all-flags", header, |gzip| gzip.header[3] = 0xe0),
        one("gzip-extra-announced-only", "it is cut off", |gzip| {
            gzip.header = b"\x1f\x8b\x08\x04\0\0\0\0\0\x03\xff\xff".to_vec();
        }),
        one("gzip-name-without-end", "it is cut off", |gzip| {
            gzip.header[3] = 8;
            gzip.content = vec![b'x'; 3000];
            gzip.trailer.clear();
        }),
        one("gzip-content-broken", broken, |gzip| gzip.content.fill(0xff)),
        one("gzip-content-of-zeros", broken, |gzip| gzip.content.fill(0)),
        one("gzip-content-longer-than-its-stream", "its gzip checksum is wrong", |gzip| {
            gzip.content.push(0);
        }),
        Case::targz("gzip-header-checksum", header, crc),
        Case::targz("gzip-junk-after", follows, [&whole[..], b"junk"].concat()),
        Case::targz("gzip-zeros-after", follows, [&whole[..], &[0; 512]].concat()),
        Case::targz("gzip-same-member-twice", follows, [whole.clone(), whole.clone()].concat()),
        Case::targz("gzip-second-member-is-another-tar", follows, [whole.clone(), evil].concat()),
        Case::targz("gzip-empty-member-after", follows, [whole.clone(), gzip(b"")].concat()),
        Case::targz("gzip-empty-member-before", follows, [gzip(b""), whole.clone()].concat()),
        Case::targz("gzip-of-two-halves", follows, halves),
        Case::targz("gzip-of-nothing", "it has no end mark", gzip(b"")),
        Case::targz(
            "gzip-of-gzip",
            "its tar header is malformed: it is not of the format ustar",
            gzip(&long(&whole)),
        ),
        Case::targz("gzip-of-zip", "its tar header is malformed: it is not of the format ustar", {
            gzip(&long(&crate::zip::zip(&crate::case::honest_zip())))
        }),
        Case::targz(
            "gzip-of-text",
            at("<!DOCTYPE", "its tar header is malformed: it is not of the format ustar"),
            gzip(&[&b"<!DOCTYPE\0 html>"[..], &[b' '; 600]].concat()),
        ),
        Case::targz("gzip-cut-off-in-the-header", "it is cut off", cut(9)),
        Case::targz("gzip-cut-off-after-the-header", "it is cut off", cut(10)),
        Case::targz("gzip-cut-off-at-the-end", "it is cut off", cut(whole.len() - 1)),
        Case::targz("gzip-of-two-bytes", "it is cut off", cut(2)),
    ]
}

/// So much of it that there is a whole tar header to look at.
fn long(bytes: &[u8]) -> Vec<u8> {
    [bytes, &[0xaa; 600]].concat()
}
