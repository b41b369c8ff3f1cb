//! The build information of a Go program: the version, and the lines of its module (`debug/buildinfo` of Go 1.18).
//!
//! It is read where the linker put it: a search for its mark would find a string constant of `link` first.

use super::{File, Numbers, Sections};

const MAGIC: &[u8] = b"\xff Go buildinf:";

/// The version, and the main package where the lines of the module name one.
pub(super) fn read(file: &File<'_>, sections: &Sections) -> Option<(String, Option<String>)> {
    let (offset, size) = sections.buildinfo?;
    let head = file.exact(offset, size.min(4096))?;
    if !head.starts_with(MAGIC) {
        return None;
    }
    let (width, flags) = (usize::from(*head.get(14)?), *head.get(15)?);
    let (version, module) = if flags & 2 != 0 {
        let (version, rest) = inline(head.get(32..)?)?;
        (version.to_vec(), inline(rest).map(|(module, _)| module.to_vec()))
    } else {
        let pointers = Pointers { file, sections, width };
        let pointer = |at| pointers.number(&head, at);
        (pointers.string(pointer(16)?)?, pointers.string(pointer(16 + width)?))
    };
    let version = String::from_utf8(version).ok().filter(|version| version.starts_with("go"))?;
    let module = module.unwrap_or_default();
    // 16 bytes of a mark stand before and after the lines.
    let lines = module.get(16..).unwrap_or_default().split(|byte| *byte == b'\n');
    let package = lines.filter_map(|line| line.strip_prefix(b"path\t")).next();
    Some((version, package.map(|package| String::from_utf8_lossy(package).into_owned())))
}

/// A length as a varint, then so many bytes; and what follows. What lies beyond the piece is cut off.
fn inline(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut length, mut shift) = (0_usize, 0);
    for (at, byte) in bytes.iter().enumerate().take(5) {
        length |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            let rest = &bytes[at + 1..];
            return Some(rest.split_at(length.min(rest.len())));
        }
    }
    None
}

/// The form up to 1.17: addresses of Go strings, which are an address and a length.
struct Pointers<'a> {
    file: &'a File<'a>,
    sections: &'a Sections,
    width: usize,
}

impl Pointers<'_> {
    fn number(&self, bytes: &[u8], at: usize) -> Option<u64> {
        let numbers = Numbers { bytes, is_big_endian: self.sections.is_big_endian };
        numbers.word(at, self.width == 8)
    }

    fn string(&self, address: u64) -> Option<Vec<u8>> {
        let header = self.at(address, 2 * self.width as u64)?;
        let (data, length) = (self.number(&header, 0)?, self.number(&header, self.width)?);
        self.at(data, length.min(4096))
    }

    fn at(&self, address: u64, length: u64) -> Option<Vec<u8>> {
        let holds = |(start, _, size): &&(u64, u64, u64)| {
            (*start..start.saturating_add(*size)).contains(&address)
        };
        let (start, offset, _) = self.sections.loaded.iter().find(holds)?;
        self.file.exact(offset + (address - start), length)
    }
}
