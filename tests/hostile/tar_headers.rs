//! Tars whose headers lie or are of a form that readers understand differently, and tars that end where they should not.

use crate::case::{Case, at, entry};
use crate::gzip::gzip;
use crate::tar::{
    LINK, MAGIC, PADDING, PREFIX, SIZE, SUM, file, folder, gnu, member, member_with, tar, targz,
};
use crate::zip::put;

pub fn cases() -> Vec<Case> {
    [fields(), sizes(), long_names(), ends(), tops()].concat()
}

fn malformed(what: &str, rule: &str, change: impl FnOnce(&mut [u8])) -> Case {
    let says = at("go/x", &format!("its tar header is malformed: {rule}"));
    Case::tarred(what, says, [member_with("go/x", b'0', b"", change)])
}

fn fields() -> Vec<Case> {
    let not_ustar = "it is not of the format ustar";
    let mut wrong_sum = file("go/x", b"");
    put(&mut wrong_sum, SUM, b"000000\0 ");
    let mut no_sum = file("go/x", b"");
    no_sum[SUM..SUM + 8].fill(0);
    let mut signed = member_with("go/x", b'0', b"", |header| header[LINK] = 0xff);
    let sum: i32 = signed
        .iter()
        .enumerate()
        .map(|(at, &byte)| match at {
            SUM..156 => 32,
            _ => i32::from(byte as i8),
        })
        .sum();
    put(&mut signed, SUM, format!("{sum:06o}\0 ").as_bytes());
    let sum = at("go/x", "its tar header is malformed: its checksum is wrong");
    let in_gnu = |at: usize| {
        move |header: &mut [u8]| {
            gnu(header);
            put(header, at, b"../../evil");
        }
    };
    vec![
        malformed("format-v7", not_ustar, |header| header[MAGIC..MAGIC + 8].fill(0)),
        malformed("format-ustar-of-another-version", not_ustar, |header| {
            put(header, MAGIC + 6, b"99");
        }),
        malformed("format-half-gnu", not_ustar, |header| put(header, MAGIC, b"ustar \x0000")),
        malformed("format-star", "there is something in its padding", |header| {
            put(header, 508, b"tar\0");
        }),
        malformed("padding-used", "there is something in its padding", |header| {
            put(header, PADDING, b"x");
        }),
        malformed("gnu-with-prefix", "there is something in its GNU fields", in_gnu(PREFIX)),
        malformed("gnu-with-sparse-map", "there is something in its GNU fields", in_gnu(386)),
        malformed("gnu-with-real-size", "there is something in its GNU fields", in_gnu(483)),
        Case::tarred("checksum-wrong", sum.clone(), [wrong_sum]),
        Case::tarred("checksum-missing", sum.clone(), [no_sum]),
        Case::tarred("checksum-of-signed-bytes", sum, [signed]),
        Case::tarred(
            "header-of-text",
            at(&"x".repeat(80), "its tar header is malformed: it is not of the format ustar")
                .replace("x`", "x…`"),
            [vec![b'x'; 512]],
        ),
        Case::tarred(
            "prefix-that-leads-out",
            entry("go/../../x", "its name has an element of dots only"),
            [member_with("x", b'0', b"", |header| put(header, PREFIX, b"go/../.."))],
        ),
        Case::tarred(
            "prefix-absolute",
            entry("/go/x", "its name is absolute"),
            [member_with("x", b'0', b"", |header| put(header, PREFIX, b"/go"))],
        ),
        Case::tarred(
            "prefix-before-the-top",
            entry("evil/go/x", "its name does not begin with `go/`"),
            [member_with("go/x", b'0', b"", |header| put(header, PREFIX, b"evil"))],
        ),
        Case::tarred(
            "prefix-with-its-own-slash",
            entry("go//x", "its name has an empty element"),
            [member_with("x", b'0', b"", |header| put(header, PREFIX, b"go/"))],
        ),
    ]
}

fn sizes() -> Vec<Case> {
    let octal = "its size is not octal";
    let claims = |what: &str, says: String, size: &'static [u8]| {
        Case::tarred(
            what,
            says,
            [member_with("go/x", b'0', b"", move |header| put(header, SIZE, size))],
        )
    };
    vec![
        malformed("size-negative", octal, |header| put(header, SIZE, b"-0000000001\0")),
        malformed("size-with-plus", octal, |header| put(header, SIZE, b"+0000000001\0")),
        malformed("size-base-256", octal, |header| {
            put(header, SIZE, &[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        }),
        malformed("size-base-256-negative", octal, |header| put(header, SIZE, &[0xff; 12])),
        malformed("size-decimal-digit", octal, |header| put(header, SIZE, b"00000000009\0")),
        malformed("size-hexadecimal", octal, |header| put(header, SIZE, b"0x000000001\0")),
        malformed("size-empty", octal, |header| put(header, SIZE, &[0; 12])),
        malformed("size-with-a-hole", octal, |header| put(header, SIZE, b"0000\x00000001\0")),
        claims("size-of-all", "it unpacks to more than 2147483648 bytes".into(), b"777777777777"),
        claims("size-beyond-the-end", at("go/x", "it is cut off"), b"00000100000\0"),
        // The next header is taken for content, and what follows for a header.
        Case::tarred(
            "size-hides-the-next-header",
            "its tar header is malformed: it is not of the format ustar",
            [
                member_with("go/x", b'0', b"", |header| put(header, SIZE, b"00000001000\0")),
                file("go/y", &[7; 512]),
            ],
        ),
        Case::tarred(
            "size-shows-content-as-header",
            entry("go/evil", "it is a symbolic link, not a file or a folder"),
            [member_with("go/x", b'0', &crate::tar::link("go/evil", b'2', "/tmp"), |header| {
                put(header, SIZE, b"00000000000\0");
            })],
        ),
    ]
}

fn long_names() -> Vec<Case> {
    let long = |content: &[u8]| member_with("././@LongLink", b'L', content, gnu);
    let dangling = at("././@LongLink", "its extension header stands before no entry");
    let names = [
        (
            "long-name-traversal",
            &b"go/../../evil\0"[..],
            entry("go/../../evil", "its name has an element of dots only"),
        ),
        (
            "long-name-absolute",
            b"/gvm-hostile-evil\0",
            entry("/gvm-hostile-evil", "its name is absolute"),
        ),
        ("long-name-empty", b"\0", entry("", "its name is empty")),
        (
            "long-name-with-nul",
            b"go/x\0/../../evil\0",
            entry("go/x\\0/../../evil", "its name has the character '\\0'"),
        ),
        (
            "long-name-without-nul",
            b"go/x",
            at("././@LongLink", "its GNU long name is malformed: it does not end in a NUL"),
        ),
        (
            "long-name-of-nothing",
            b"",
            at("././@LongLink", "its GNU long name is malformed: it does not end in a NUL"),
        ),
    ];
    let case = |(what, content, says): (&str, &[u8], String)| {
        Case::tarred(what, says, [long(content), file("go/x", b"")])
    };
    let mut cases: Vec<Case> = names.into_iter().map(case).collect();
    cases.extend([
        Case::tarred("long-name-before-nothing", dangling.clone(), [long(b"go/y\0")]),
        Case::tarred(
            "long-name-twice",
            dangling.clone(),
            [long(b"go/y\0"), long(b"go/z\0"), file("go/x", b"")],
        ),
        Case::tarred(
            "long-name-then-pax",
            dangling,
            [long(b"go/y\0"), crate::tar::pax(&[("path", "go/z")]), file("go/x", b"")],
        ),
        Case::tarred(
            "long-name-of-a-megabyte",
            at("././@LongLink", "its GNU long name is malformed: it is longer than 65536 bytes"),
            [long(&[b'x'; 1 << 20]), file("go/x", b"")],
        ),
        Case::tarred(
            "long-name-of-a-link",
            entry("go/x", "it is a symbolic link, not a file or a folder"),
            [long(b"go/y\0"), crate::tar::link("go/x", b'2', "/tmp")],
        ),
    ]);
    cases
}

fn ends() -> Vec<Case> {
    let honest = crate::case::honest_tar().concat();
    let end = |what: &str, says: &str, tail: &[u8]| {
        Case::targz(what, says, gzip(&[&honest[..], tail].concat()))
    };
    let (none, follows) = ("it has no end mark", "something follows its end mark");
    let hidden = file("go/evil", b"evil");
    let whole = tar(&crate::case::honest_tar());
    vec![
        end("end-mark-missing", none, b""),
        end("end-mark-half", none, &[0; 512]),
        end("end-mark-half-then-entry", none, &[&[0; 512][..], &hidden, &[0; 1024]].concat()),
        end("end-mark-not-whole", "it is cut off", &[0; 1000]),
        end("entry-after-end-mark", follows, &[&[0; 1024][..], &hidden, &[0; 1024]].concat()),
        end("tar-after-tar", follows, &[&[0; 1024][..], &whole].concat()),
        end("text-after-end-mark", follows, &[&[0; 1024][..], b"evil"].concat()),
        end("text-far-after-end-mark", follows, &[&[0; 700_000][..], b"evil"].concat()),
        Case::targz("tar-cut-off-in-a-header", "it is cut off", gzip(&whole[..1024 + 100])),
        Case::targz(
            "tar-cut-off-in-content",
            at("go/VERSION", "it is cut off"),
            gzip(&whole[..512 + 10]),
        ),
        Case::targz(
            "tar-cut-off-in-padding",
            at("go/VERSION", "it is cut off"),
            gzip(&whole[..512 + 100]),
        ),
        Case::targz("tar-of-nothing", "it holds no file", targz(&[])),
        Case::targz("tar-of-folders", "it holds no file", targz(&[folder("go/"), folder("go/a")])),
    ]
}

fn tops() -> Vec<Case> {
    let outside = |name: &str| entry(name, "its name does not begin with `go/`");
    vec![
        Case::tarred("two-tops", outside("evil/x"), [file("evil/x", b"")]),
        Case::tarred("two-tops-by-a-folder", outside("evil/"), [folder("evil/")]),
        Case::tarred(
            "top-spelt-with-a-dot",
            entry("./", "its name has an element of dots only"),
            [folder("./")],
        ),
        Case::targz(
            "nested-archive-only",
            outside("go1.22.4.tar.gz"),
            targz(&[file("go1.22.4.tar.gz", &targz(&[]))]),
        ),
        Case::targz(
            "no-top",
            outside("VERSION"),
            targz(&[file("VERSION", b"go1.22.4"), file("bin/go", b"")]),
        ),
        Case::targz(
            "files-of-another-root",
            outside("usr/local/go/VERSION"),
            targz(&[member("usr/local/go/VERSION", b'0', b"")]),
        ),
    ]
}
