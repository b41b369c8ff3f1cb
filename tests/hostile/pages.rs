//! What is no archive at all under an archive's name.

use crate::case::Case;

const TABLE: &[(&str, &[u8], &str)] = &[
    ("no-bytes", b"", "empty"),
    ("html-page", b"<!DOCTYPE html><title>Log in</title>", "an HTML page"),
    ("html-page-with-a-mark", b"\xef\xbb\xbf\r\n<html>", "an HTML page"),
    (
        "xml-of-an-object-store",
        b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>",
        "an XML document",
    ),
    ("json-of-an-interface", b"{\"message\": \"Bad credentials\"}", "a JSON document"),
    ("text", b"404 page not found\n", "something else"),
    ("bzip2", b"BZh91AY&SY", "something else"),
    ("xz", b"\xfd7zXZ\0\0\x04", "something else"),
    ("zstandard", b"\x28\xb5\x2f\xfd\0\0", "something else"),
    ("seven-zip", b"7z\xbc\xaf\x27\x1c", "something else"),
    ("rar", b"Rar!\x1a\x07\x01\0", "something else"),
    ("program", b"\x7fELF\x02\x01\x01\0", "something else"),
    ("tar-without-gzip", b"go/VERSION\0\0\0", "something else"),
    ("signature-of-pk-alone", b"PK", "something else"),
];

pub fn cases() -> Vec<Case> {
    let both = |&(name, bytes, what): &(&str, &[u8], &str)| {
        let says = format!("it is {what}, not an archive");
        [Case::zip(name, says.clone(), bytes.to_vec()), Case::targz(name, says, bytes.to_vec())]
    };
    TABLE.iter().flat_map(both).collect()
}
