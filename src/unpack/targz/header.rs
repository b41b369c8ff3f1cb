//! One tar header, field by field. Pure.
//!
//! Sources: POSIX.1-2024, `pax`, "ustar Interchange Format"; for the GNU variant, which differs in
//! the magic and has no name prefix, `src/archive/tar/format.go` of Go. Every field that gvm uses
//! must be in its plain form: octal digits, no sign, no base-256. (The
//! `tar` crate takes signs and base-256 too.)

use super::super::entry::Unsafe;
use super::super::error::{Defect, Fault};

/// Headers are blocks, and contents are padded to blocks.
pub(super) const BLOCK: usize = 512;

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) name: Vec<u8>,
    pub(super) kind: Kind,
    /// Bytes of content that follow.
    pub(super) size: u64,
}

/// What a header stands before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    /// PAX records about the next entry.
    Pax,
    /// The next entry's name, as GNU tar writes it beyond 100 bytes.
    LongName,
}

/// Reads a header. None for a block of zeros, of which two end the tar.
pub(super) fn read(block: &[u8; BLOCK]) -> Result<Option<Header>, Fault> {
    if block.iter().all(|&byte| byte == 0) {
        return Ok(None);
    }
    let malformed = |what| match printable_name(block) {
        Some(name) => Fault::from(Defect::Header(what)).in_entry(name),
        None => Defect::Header(what).into(),
    };
    let gnu = match &block[257..265] {
        b"ustar\x0000" => false,
        b"ustar  \0" => true,
        _ => return Err(malformed("it is not of the format ustar")),
    };
    if octal(&block[148..156]) != Some(sum(block)) {
        return Err(malformed("its checksum is wrong"));
    }
    let name = if gnu { gnu_name(block) } else { full_name(block) }.map_err(malformed)?;
    let kind = kind(block[156]).map_err(|fault| fault.named(&name))?;
    let size = octal(&block[124..136]).ok_or_else(|| malformed("its size is not octal"))?;
    Ok(Some(Header { name, kind, size }))
}

/// The name of something that may be no header at all, if it looks like a name.
fn printable_name(block: &[u8; BLOCK]) -> Option<&[u8]> {
    let name = text(&block[..100]);
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}

/// Why a type is refused: for what the entry is, or for what it does to others.
enum Refused {
    Entry(&'static str),
    Extension(char),
}

impl Refused {
    fn named(self, name: &[u8]) -> Fault {
        match self {
            Refused::Entry(kind) => Fault::entry(name, Unsafe::Kind(kind)),
            Refused::Extension(kind) => Fault::from(Defect::Extension(kind)).in_entry(name),
        }
    }
}

fn kind(flag: u8) -> Result<Kind, Refused> {
    match flag {
        b'0' | 0 => Ok(Kind::File),
        b'5' => Ok(Kind::Folder),
        b'x' => Ok(Kind::Pax),
        b'L' => Ok(Kind::LongName),
        b'1' => Err(Refused::Entry("a hard link")),
        b'2' => Err(Refused::Entry("a symbolic link")),
        b'3' | b'4' => Err(Refused::Entry("a device")),
        b'6' => Err(Refused::Entry("a pipe")),
        b'S' => Err(Refused::Entry("a sparse file")),
        other => Err(Refused::Extension(char::from(other))),
    }
}

/// The name of a GNU header, which has times and sparse maps where POSIX has the prefix. Some
/// readers (Python's) take them for the prefix: so they must be zeros, as they are for a plain file.
fn gnu_name(block: &[u8; BLOCK]) -> Result<Vec<u8>, &'static str> {
    if block[345..].iter().any(|&byte| byte != 0) {
        return Err("there is something in its GNU fields");
    }
    Ok(text(&block[..100]).to_vec())
}

/// The name of a POSIX header: a prefix and a slash may stand before it. What follows the prefix
/// must be zeros: another format (star's) keeps other things there.
fn full_name(block: &[u8; BLOCK]) -> Result<Vec<u8>, &'static str> {
    if block[500..].iter().any(|&byte| byte != 0) {
        return Err("there is something in its padding");
    }
    let mut name = text(&block[345..500]).to_vec();
    if !name.is_empty() {
        name.push(b'/');
    }
    name.extend_from_slice(text(&block[..100]));
    Ok(name)
}

/// A field up to its first NUL.
fn text(field: &[u8]) -> &[u8] {
    field.split(|&byte| byte == 0).next().unwrap_or(field)
}

/// Octal digits, padded by blanks before and by blanks and NULs behind.
fn octal(field: &[u8]) -> Option<u64> {
    let end = field.iter().rposition(|byte| !matches!(byte, 0 | b' '))? + 1;
    let start = field.iter().position(|&byte| byte != b' ')?;
    field[start..end].iter().try_fold(0, |number: u64, digit| match digit {
        b'0'..=b'7' => Some(number * 8 + u64::from(digit - b'0')),
        _ => None,
    })
}

/// The sum of all bytes, those of the checksum itself taken as blanks.
fn sum(block: &[u8; BLOCK]) -> u64 {
    let (before, after) = (&block[..148], &block[156..]);
    before.iter().chain(after).map(|&byte| u64::from(byte)).sum::<u64>() + 8 * u64::from(b' ')
}
