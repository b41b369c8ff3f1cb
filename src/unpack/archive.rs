//! The open archive: read at any place from any thread, through the one handle that the download
//! left open, so that nobody can swap the file for another between its checks. Tells what kind of
//! archive it is.

use std::fs::File;
use std::io;
use std::path::Path;

use super::error::{Defect, Fault, Found, UnpackError};

/// The two formats that Go is published in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A zip: Windows' archives and all modules.
    Zip,
    /// A gzipped tar: all other archives.
    TarGz,
}

/// An archive that is open, and what the caller calls it.
#[derive(Debug)]
pub(super) struct Archive<'a> {
    file: &'a File,
    name: &'a str,
    size: u64,
}

impl Format {
    /// Tells the format by the first bytes; the name, which is for messages, and what a server said
    /// do not count.
    pub fn sniff(file: &File, name: &str) -> Result<Format, UnpackError> {
        Archive::new(file, name)
            .and_then(|archive| Format::of(&archive))
            .map_err(|fault| UnpackError { archive: String::from(name), fault })
    }

    pub(super) fn of(archive: &Archive<'_>) -> Result<Format, Fault> {
        let mut start = [0; 512];
        let read = archive.read_at(&mut start, 0)?;
        let start = &start[..read];
        if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
            return Ok(Format::Zip);
        }
        if start.starts_with(&[0x1f, 0x8b]) {
            return Ok(Format::TarGz);
        }
        Err(Fault::NotAnArchive(found(start)))
    }
}

impl<'a> Archive<'a> {
    /// Takes an open file; `name` is for messages.
    pub(super) fn new(file: &'a File, name: &'a str) -> Result<Archive<'a>, Fault> {
        let size = file.metadata().map_err(Fault::io("read", Path::new(name)))?.len();
        Ok(Archive { file, name, size })
    }

    /// What the caller calls it.
    pub(super) fn name(&self) -> &str {
        self.name
    }

    /// Bytes in all.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Fills `buffer` from `position` on, as far as there is something. The handle's own position
    /// does not matter.
    pub(super) fn read_at(&self, buffer: &mut [u8], position: u64) -> Result<usize, Fault> {
        let mut read = 0;
        while read < buffer.len() {
            match pread(self.file, &mut buffer[read..], position + read as u64) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Fault::io("read", Path::new(self.name))(error)),
            }
        }
        Ok(read)
    }

    /// Fills the whole `buffer`.
    pub(super) fn read_exact_at(&self, buffer: &mut [u8], position: u64) -> Result<(), Fault> {
        let read = self.read_at(buffer, position)?;
        if read < buffer.len() { Err(Defect::CutOff.into()) } else { Ok(()) }
    }
}

#[cfg(unix)]
fn pread(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, position)
}

#[cfg(windows)]
fn pread(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, position)
}

/// What the start of something that is no archive looks like.
fn found(start: &[u8]) -> Found {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let begins =
        |with: &[u8]| text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    if start.is_empty() {
        return Found::Nothing;
    }
    if begins(b"<?xml") {
        return Found::Xml;
    }
    if [&b"<!doctype"[..], b"<html", b"<head", b"<body", b"<!--"].iter().any(|with| begins(with)) {
        return Found::Html;
    }
    if begins(b"{") || begins(b"[") { Found::Json } else { Found::Other }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn the_content_tells_the_format() {
        assert_eq!(format(b"PK\x03\x04...").unwrap(), Format::Zip);
        assert_eq!(format(b"\x1f\x8b\x08...").unwrap(), Format::TarGz);
    }

    #[test]
    fn what_is_no_archive_is_called_by_its_name() {
        let table: [(&[u8], &str); 8] = [
            (b"", "empty"),
            (b"<!DOCTYPE html><html>", "an HTML page"),
            (b"\xef\xbb\xbf\r\n <HTML lang=en>", "an HTML page"),
            (b"<?xml version='1.0'?><Error>", "an XML document"),
            (b"{\"error\": 1}", "a JSON document"),
            (b"PK", "something else"),
            (b"BZh9", "something else"),
            (b"not found", "something else"),
        ];
        for (bytes, name) in table {
            let message = format(bytes).unwrap_err().to_string();
            assert_eq!(message, format!("unpack `x`: it is {name}, not an archive"));
        }
    }

    fn format(bytes: &[u8]) -> Result<Format, UnpackError> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Format::sniff(&file, "x")
    }
}
