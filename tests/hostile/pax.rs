//! PAX headers that make of the entry after them something else than its own header says, or that readers take apart
//! differently. `TARmageddon` (CVE-2025-62518) among them.

use crate::case::{Case, at, entry};
use crate::tar::{SIZE, file, link, member, member_with, pax, record, tar};
use crate::zip::put;

pub fn cases() -> Vec<Case> {
    [keywords(), paths(), shapes(), orders()].concat()
}

const HEADER: &str = "PaxHeaders.0/x";

/// A PAX header of these bytes before a file.
fn raw(what: &str, says: String, records: &[u8]) -> Case {
    Case::tarred(what, says, [member(HEADER, b'x', records), file("go/x", b"content")])
}

fn keywords() -> Vec<Case> {
    let table = [
        ("size", "0"),
        ("size", "1"),
        ("size", "-1"),
        ("size", "99999999999999999999"),
        ("linkpath", "/etc/passwd"),
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.map", "0,1"),
        ("GNU.sparse.name", "../evil"),
        ("GNU.sparse.realsize", "99999999999"),
        ("GNU.sparse.size", "1"),
        ("GNU.sparse.numblocks", "1"),
        ("SCHILY.realsize", "99999999999"),
        ("SCHILY.filetype", "sparse"),
        ("hdrcharset", "BINARY"),
        ("charset", "BINARY"),
        ("RHT.security.selinux", "evil"),
        ("GNU.volume.filename", "evil"),
        ("GNU.dumpdir", "x"),
        ("PATH", "../evil"),
        ("path ", "../evil"),
        (" path", "../evil"),
        ("", "go/x"),
    ];
    let case = |(at_row, (keyword, value)): (usize, (&str, &str))| {
        let says =
            at(HEADER, &format!("it has the PAX keyword `{keyword}`, which is not supported"));
        raw(&format!("pax-keyword-{at_row}-{keyword}"), says, &record(keyword, value))
    };
    table.into_iter().enumerate().map(case).collect()
}

fn paths() -> Vec<Case> {
    let table = [
        ("traversal", "go/../../evil", "its name has an element of dots only"),
        ("absolute", "/gvm-hostile-evil", "its name is absolute"),
        ("empty", "", "its name is empty"),
        ("backslash", "go\\..\\evil", "its name has the character '\\\\'"),
        ("nul", "go/x\0.go", "its name has the character '\\0'"),
        ("newline", "go/x\ny", "its name has the character '\\n'"),
        ("outside", "evil", "its name does not begin with `go/`"),
        ("known", "go/VERSION", "its name stands there twice"),
        ("known-in-another-case", "go/version", "its name differs from `VERSION` only in case"),
        ("of-a-folder", "go/bin", "`bin` is a file and a folder"),
        ("decomposed", "go/A\u{308}", "its name has the character '\\u{308}' (U+0308)"),
        ("slash-at-the-end", "go/x/", "its name has an empty element"),
    ];
    let case = |(what, path, rule): (&str, &str, &str)| {
        let shown: String = path.escape_debug().collect();
        let shown = shown.replace("A\u{308}", "A\\u{308}");
        raw(&format!("pax-path-{what}"), entry(&shown, rule), &record("path", path))
    };
    table.into_iter().map(case).collect()
}

fn shapes() -> Vec<Case> {
    let says = at(HEADER, "its PAX header is malformed: a record is out of shape");
    let two = [record("path", "go/a"), record("path", "../evil")].concat();
    let same = [record("path", "go/a"), record("path", "go/a")].concat();
    let table: [(&str, &[u8]); 14] = [
        ("no-length", b"path=go/a\n"),
        ("length-too-long", b"99 path=go/a\n"),
        ("length-too-short", b"5 path=go/a\n"),
        ("length-of-itself", b"2 \n"),
        ("length-zero", b"0 "),
        ("length-negative", b"-13 path=go/a\n"),
        ("length-with-plus", b"+14 path=go/a\n"),
        ("length-with-zeros", b"014 path=go/a\n"),
        ("length-hexadecimal", b"0xd path=go/a\n"),
        ("length-huge", b"99999999999999999999 path=go/a\n"),
        ("no-newline", b"12 path=go/a"),
        ("no-equals", b"8 patha\n"),
        ("nul-after", b"13 path=go/a\n\0"),
        ("keyword-not-utf8", b"9 \xff=go/a\n"),
    ];
    let mut cases: Vec<Case> = table
        .into_iter()
        .map(|(what, bytes)| raw(&format!("pax-{what}"), says.clone(), bytes))
        .collect();
    let twice = at(HEADER, "its PAX header is malformed: it has two paths");
    let long = at(HEADER, "its PAX header is malformed: it is longer than 65536 bytes");
    cases.extend([
        raw("pax-two-paths", twice.clone(), &two),
        raw("pax-one-path-twice", twice, &same),
        raw("pax-of-a-megabyte", long.clone(), &record("uname", &"x".repeat(1 << 20))),
        Case::tarred(
            "pax-that-claims-a-gigabyte",
            long,
            [
                member_with(HEADER, b'x', b"", |header| put(header, SIZE, b"10000000000\0")),
                file("go/x", b""),
            ],
        ),
    ]);
    cases
}

/// What stands between a PAX header and the entry that it is about.
fn orders() -> Vec<Case> {
    let dangling = || at(HEADER, "its extension header stands before no entry");
    let size = || at(HEADER, "it has the PAX keyword `size`, which is not supported");
    let inner = tar(&[file("go/evil", b"evil")]);
    let sized = pax(&[("size", &inner.len().to_string())]);
    // The outer header says 0 bytes, PAX says all of them: one reader skips what the other unpacks.
    let zero =
        || member_with("go/inner.tar", b'0', &inner, |header| put(header, SIZE, b"00000000000\0"));
    let path = || pax(&[("path", "go/a")]);
    let long = || member("././@LongLink", b'L', b"go/b\0");
    vec![
        Case::tarred("tarmageddon", size(), [sized.clone(), zero()]),
        Case::tarred("tarmageddon-long-name-between", size(), [sized.clone(), long(), zero()]),
        Case::tarred("tarmageddon-after-path", dangling(), [path(), sized.clone(), zero()]),
        Case::tarred(
            "tarmageddon-long-name-first",
            at("././@LongLink", "its extension header stands before no entry"),
            [long(), sized, zero()],
        ),
        Case::tarred("pax-before-nothing", dangling(), [path()]),
        Case::tarred("pax-twice", dangling(), [path(), path(), file("go/x", b"")]),
        Case::tarred("pax-then-long-name", dangling(), [path(), long(), file("go/x", b"")]),
        Case::tarred(
            "pax-before-a-link",
            entry("go/x", "it is a symbolic link, not a file or a folder"),
            [path(), link("go/x", b'2', "/tmp")],
        ),
        Case::tarred(
            "pax-global-path",
            at(
                "pax_global_header",
                "it has a tar extension header of type 'g', which is not supported",
            ),
            [member("pax_global_header", b'g', &record("path", "../evil")), file("go/x", b"")],
        ),
        Case::tarred(
            "pax-global-comment",
            at(
                "pax_global_header",
                "it has a tar extension header of type 'g', which is not supported",
            ),
            [member("pax_global_header", b'g', &record("comment", "0000")), file("go/x", b"")],
        ),
        Case::tarred(
            "pax-sparse-of-format-1",
            at(HEADER, "it has the PAX keyword `GNU.sparse.major`, which is not supported"),
            [
                pax(&[
                    ("GNU.sparse.major", "1"),
                    ("GNU.sparse.minor", "0"),
                    ("GNU.sparse.name", "go/x"),
                ]),
                file("go/GNUSparseFile.0/x", b"1\n0\n10\n"),
            ],
        ),
    ]
}
