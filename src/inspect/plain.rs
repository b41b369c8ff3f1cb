//! What a file is that is no program of its own: a script, a text, an archive, nothing.

use super::text::shown;

/// So much of the beginning tells what it is.
pub(super) const HEAD: u64 = 4096;

/// A script: a text whose first line names the program that reads it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Script {
    /// That program.
    pub interpreter: String,
    /// The one argument that it gets before the script's name.
    pub argument: Option<String>,
}

/// What is no binary.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Plain {
    /// Nothing stands in it.
    Empty,
    /// A script.
    Script(Script),
    /// Text.
    Text,
    /// Something that is known by how it begins.
    Known(&'static str),
    /// Anything else.
    Data,
}

/// How what is not started, but might be given by mistake, begins.
const KNOWN: [(&[u8], &str); 12] = [
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "gzip"),
    (b"!<arch>\n", "an archive of object files"),
    (b"!<thin>\n", "an archive of object files"),
    (b"go object ", "a Go object file"),
    (b"\0asm", "WebAssembly"),
    (b"\xca\xfe\xba\xbe", "a Java class"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xd0\xcf\x11\xe0", "a Windows installer or another compound file"),
    (b"MZ", "a DOS program"),
];

/// What begins like this.
pub fn read(head: &[u8]) -> Plain {
    if head.is_empty() {
        return Plain::Empty;
    }
    if let Some(line) = head.strip_prefix(b"#!") {
        return script(line).map_or(Plain::Text, Plain::Script);
    }
    let known = KNOWN.iter().find(|(begin, _)| head.starts_with(begin));
    if let Some((_, what)) = known {
        return Plain::Known(what);
    }
    if is_text(head) { Plain::Text } else { Plain::Data }
}

/// As Linux reads the line: words are separated by blanks and tabs, and the rest is one argument. A carriage return is a
/// part of what it stands in, which is why scripts from Windows name programs that do not exist.
fn script(line: &[u8]) -> Option<Script> {
    let end = line.iter().position(|byte| *byte == b'\n').unwrap_or(line.len());
    let is_blank = |byte: &u8| *byte == b' ' || *byte == b'\t';
    let trimmed = |text: &[u8]| -> Vec<u8> {
        let start = text.iter().position(|byte| !is_blank(byte)).unwrap_or(text.len());
        let end = text.iter().rposition(|byte| !is_blank(byte)).map_or(start, |end| end + 1);
        text[start..end.max(start)].to_vec()
    };
    let line = trimmed(&line[..end]);
    let end = line.iter().position(is_blank).unwrap_or(line.len());
    let (interpreter, rest) = line.split_at(end);
    let rest = trimmed(rest);
    let argument = (!rest.is_empty()).then(|| shown(&rest));
    (!interpreter.is_empty()).then(|| Script { interpreter: shown(interpreter), argument })
}

/// UTF-8 without control characters but those of lines; its last character may be cut off.
fn is_text(head: &[u8]) -> bool {
    let is_odd = |byte: &u8| *byte < 32 && !b"\t\n\r\x0c\x1b".contains(byte);
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
    };
    is_utf8 && !head.iter().any(is_odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script_of(line: &str) -> Option<(String, Option<String>)> {
        match read(line.as_bytes()) {
            Plain::Script(script) => Some((script.interpreter, script.argument)),
            _ => None,
        }
    }

    #[test]
    fn scripts_name_their_program_and_one_argument() {
        let some = |name: &str, argument: Option<&str>| {
            Some((name.to_owned(), argument.map(str::to_owned)))
        };
        for (line, script) in [
            ("#!/bin/sh\nx", some("/bin/sh", None)),
            ("#! /usr/bin/env  bash -x \n", some("/usr/bin/env", Some("bash -x"))),
            ("#!/bin/sh\r\n", some("/bin/sh\\r", None)),
            ("#!/bin/sh", some("/bin/sh", None)),
            ("#!\n/bin/sh", None),
            ("#!", None),
        ] {
            assert_eq!(script_of(line), script, "{line:?}");
        }
    }

    #[test]
    fn what_is_no_program_is_told_by_how_it_begins() {
        for (head, plain) in [
            (&b""[..], Plain::Empty),
            (b"package main\n", Plain::Text),
            ("Größe".as_bytes(), Plain::Text),
            (&"Größe".as_bytes()[..3], Plain::Text),
            (b"\0\0\0", Plain::Data),
            (b"a\0b", Plain::Data),
            (b"\xffabc", Plain::Data),
            (b"PK\x03\x04rest", Plain::Known("a zip archive")),
            (b"MZ", Plain::Known("a DOS program")),
        ] {
            assert_eq!(read(head), plain, "{head:?}");
        }
    }
}
