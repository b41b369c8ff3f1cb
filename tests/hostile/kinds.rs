//! Entries that are neither files nor folders: links of every kind and chains of them, devices, pipes, sockets, and what
//! only one reader's attributes make of them.

use crate::case::{Case, at, entry};
use crate::zip::{self, ATTRIBUTES, MADE_BY};
use crate::{tar, zip::field};

const SYMBOLIC: &str = "it is a symbolic link, not a file or a folder";
const HARD: &str = "it is a hard link, not a file or a folder";

pub fn cases() -> Vec<Case> {
    [links_in_zip(), kinds_in_zip(), links_in_tar(), kinds_in_tar()].concat()
}

/// A symbolic link of a zip: its mode says so, and its content is the target.
fn symlink(name: &str, target: &str) -> zip::Entry {
    zip::stored(name, target.as_bytes()).mode(0o120_777)
}

fn links_in_zip() -> Vec<Case> {
    let link = |name: &str, target: &str| vec![symlink(name, target)];
    let then = |name: &str, target: &str, file: &str| {
        vec![symlink(name, target), zip::file(file, b"evil")]
    };
    let x = || entry("go/x", SYMBOLIC);
    let unicode_target = [&b"\x01\0\0\0\0"[..], b"/etc/passwd"].concat();
    vec![
        Case::zipped("symlink-absolute", x(), link("go/x", "/etc/passwd")),
        Case::zipped("symlink-parent", x(), link("go/x", "../../evil")),
        Case::zipped("symlink-inside", x(), link("go/x", "VERSION")),
        Case::zipped("symlink-to-itself", x(), link("go/x", "x")),
        Case::zipped("symlink-to-nothing", x(), link("go/x", "")),
        Case::zipped(
            "symlink-then-file-through-it",
            x(),
            then("go/x", "/tmp", "go/x/gvm-hostile-evil"),
        ),
        Case::zipped("symlink-then-same-name", x(), then("go/x", "../../evil", "go/x")),
        Case::zipped(
            "symlink-in-another-case",
            entry("go/SRC", SYMBOLIC),
            then("go/SRC", "/tmp", "go/src/x"),
        ),
        Case::zipped(
            "symlink-chain",
            x(),
            [symlink("go/x", "y"), symlink("go/y", ".."), zip::file("go/x/evil", b"evil")],
        ),
        Case::zipped("symlink-in-place-of-the-top", entry("go", SYMBOLIC), link("go", "/tmp")),
        Case::zipped("symlink-named-as-folder", entry("go/x/", SYMBOLIC), link("go/x/", "/tmp")),
        Case::zipped(
            "symlink-by-a-host-that-has-none",
            x(),
            [symlink("go/x", "/tmp").central(MADE_BY + 1, [0])],
        ),
        Case::zipped(
            "symlink-by-pkware-unix-field",
            at("go/x", "it has the extra field 0x000d, which is not supported"),
            [zip::file("go/x", b"")
                .extra(&field(0x000d, &[&[0; 12][..], b"/etc/passwd"].concat()))],
        ),
        Case::zipped(
            "symlink-by-asi-unix-field",
            at("go/x", "it has the extra field 0x756e, which is not supported"),
            [zip::file("go/x", b"").extra(&field(0x756e, &unicode_target))],
        ),
        Case::zipped(
            "reparse-point",
            entry("go/x", "it is a reparse point, not a file or a folder"),
            [zip::file("go/x", b"x").central(ATTRIBUTES, 0x400_u32.to_le_bytes())],
        ),
    ]
}

fn kinds_in_zip() -> Vec<Case> {
    let table = [
        ("character-device", 0o020_644, "it is a device, not a file or a folder"),
        ("block-device", 0o060_644, "it is a device, not a file or a folder"),
        ("pipe", 0o010_644, "it is a pipe, not a file or a folder"),
        ("socket", 0o140_644, "it is a socket, not a file or a folder"),
        ("kind-unknown", 0o170_644, "it is of an unknown kind, not a file or a folder"),
        ("whiteout", 0o160_000, "it is of an unknown kind, not a file or a folder"),
        (
            "folder-without-slash",
            0o040_755,
            "it is a folder by its attributes alone, not a file or a folder",
        ),
    ];
    let kind = |(what, mode, rule): &(&str, u32, &str)| {
        Case::zipped(*what, entry("go/x", rule), [zip::file("go/x", b"").mode(*mode)])
    };
    let by_dos = |what: &str, bits: u32, rule: &str| {
        let odd = zip::file("go/x", b"").central(ATTRIBUTES, bits.to_le_bytes());
        Case::zipped(what, entry("go/x", &format!("it is {rule}, not a file or a folder")), [odd])
    };
    let mut cases: Vec<Case> = table.iter().map(kind).collect();
    cases.extend([
        by_dos("folder-by-dos-alone", 0x10, "a folder by its attributes alone"),
        by_dos(
            "file-by-unix-and-folder-by-dos",
            0o100_644 << 16 | 0x10,
            "a file by its mode and a folder by its attributes",
        ),
        by_dos("volume-label", 0x08, "a volume label"),
        by_dos("device-by-dos", 0x40, "a device"),
        Case::zipped(
            "file-with-slash",
            entry("go/x/", "its name has an empty element"),
            [zip::file("go/x/", b"").mode(0o100_644)],
        ),
        Case::zipped(
            "folder-with-content",
            at("go/x/", "it is a folder with content"),
            [zip::stored("go/x/", b"evil").mode(0o040_755)],
        ),
    ]);
    cases
}

fn links_in_tar() -> Vec<Case> {
    let link = |kind, target: &str| vec![tar::link("go/x", kind, target)];
    let evil = || tar::file("go/x/gvm-hostile-evil", b"evil");
    let x = |rule| entry("go/x", rule);
    vec![
        Case::tarred("symlink-absolute", x(SYMBOLIC), link(b'2', "/etc/passwd")),
        Case::tarred("symlink-parent", x(SYMBOLIC), link(b'2', "../../evil")),
        Case::tarred("symlink-inside", x(SYMBOLIC), link(b'2', "VERSION")),
        Case::tarred("symlink-to-itself", x(SYMBOLIC), link(b'2', "x")),
        Case::tarred(
            "symlink-then-file-through-it",
            x(SYMBOLIC),
            [tar::link("go/x", b'2', "/tmp"), evil()],
        ),
        Case::tarred(
            "symlink-then-same-name",
            x(SYMBOLIC),
            [tar::link("go/x", b'2', "../../evil"), tar::file("go/x", b"evil")],
        ),
        Case::tarred(
            "symlink-chain",
            x(SYMBOLIC),
            [tar::link("go/x", b'2', "y"), tar::link("go/y", b'2', ".."), evil()],
        ),
        Case::tarred(
            "symlink-after-folder-of-the-name",
            x(SYMBOLIC),
            [tar::folder("go/x/"), tar::link("go/x", b'2', "/tmp"), evil()],
        ),
        Case::targz(
            "symlink-in-place-of-the-top",
            entry("go", SYMBOLIC),
            tar::targz(&[tar::link("go", b'2', "/tmp"), evil()]),
        ),
        Case::tarred("hard-link-outside", x(HARD), link(b'1', "/etc/passwd")),
        Case::tarred("hard-link-parent", x(HARD), link(b'1', "go/../../home/config")),
        Case::tarred("hard-link-inside", x(HARD), link(b'1', "go/VERSION")),
        Case::tarred(
            "hard-link-to-symlink",
            entry("go/y", SYMBOLIC),
            [tar::link("go/y", b'2', "/etc/passwd"), tar::link("go/x", b'1', "go/y")],
        ),
        Case::tarred(
            "hard-link-with-content",
            x(HARD),
            [tar::member_with("go/x", b'1', b"evil", |header| {
                zip::put(header, tar::LINK, b"go/VERSION");
            })],
        ),
        Case::tarred(
            "symlink-by-long-link",
            at(
                "././@LongLink",
                "it has a tar extension header of type 'K', which is not supported",
            ),
            [
                tar::member("././@LongLink", b'K', b"/etc/passwd\0"),
                tar::link("go/x", b'2', "short"),
            ],
        ),
        Case::tarred(
            "symlink-by-pax-linkpath",
            at("PaxHeaders.0/x", "it has the PAX keyword `linkpath`, which is not supported"),
            [tar::pax(&[("linkpath", "/etc/passwd")]), tar::link("go/x", b'2', "VERSION")],
        ),
    ]
}

fn kinds_in_tar() -> Vec<Case> {
    let rule = |what: &str| entry("go/x", &format!("it is {what}, not a file or a folder"));
    let extension = |kind: char| {
        at(
            "go/x",
            &format!("it has a tar extension header of type {kind:?}, which is not supported"),
        )
    };
    let table = [
        ("character-device", b'3', rule("a device")),
        ("block-device", b'4', rule("a device")),
        ("pipe", b'6', rule("a pipe")),
        ("sparse-gnu", b'S', rule("a sparse file")),
        ("contiguous-file", b'7', extension('7')),
        ("dump-folder-gnu", b'D', extension('D')),
        ("continued-from-another-volume", b'M', extension('M')),
        ("old-long-names", b'N', extension('N')),
        ("volume-name", b'V', extension('V')),
        ("solaris-extension", b'X', extension('X')),
        ("solaris-acl", b'A', extension('A')),
        ("global-header", b'g', extension('g')),
        ("type-unknown", b'Z', extension('Z')),
        ("type-control", 7, extension('\u{7}')),
        ("type-not-ascii", 0xff, extension('ÿ')),
    ];
    let kind = |(what, kind, says): (&str, u8, String)| {
        Case::tarred(what, says, [tar::member("go/x", kind, b""), tar::file("go/y", b"")])
    };
    let mut cases: Vec<Case> = table.into_iter().map(kind).collect();
    cases.extend([
        Case::tarred(
            "file-with-slash",
            entry("go/x/", "its name has an empty element"),
            [tar::file("go/x/", b"")],
        ),
        Case::tarred(
            "folder-with-content",
            at("go/x/", "it is a folder with content"),
            [tar::member("go/x/", b'5', b"evil")],
        ),
    ]);
    cases
}
