//! What Go wrote into a program: its version and the text about modules and settings, found as `debug/buildinfo` does.
//!
//! Since 1.13 the linker leaves a block that begins with `\xff Go buildinf:`; since 1.18 it holds the texts themselves,
//! before that two pointers to them. A plain search of the file would find the magic in `link` itself first. Older
//! programs have the variable `runtime.buildVersion`, to be found by its symbol.

use memchr::memmem;
use object::ReadRef;

use super::binary::Go;
use super::memory::{self, Memory};
use super::{module_info, text};

const MAGIC: &[u8] = b"\xff Go buildinf:";
const HEADER: u64 = 32;
const ALIGNMENT: usize = 16;

/// Where there is no section for it, the block is looked for in so many bytes of data: the linker puts it near the
/// beginning, and a C linker may put other data before it.
const SEARCHED: u64 = 8 << 20;
const CHUNK: u64 = 1 << 20;

/// No module text is longer.
const LONGEST: u64 = 4 << 20;

/// The name of the variable that holds the version.
pub const VERSION_VARIABLE: &[u8] = b"runtime.buildVersion";

/// What stands in the block that begins at `start`, or up to `size` bytes after it.
pub fn from_block<'a, R: ReadRef<'a>>(memory: &Memory<R>, start: u64, size: u64) -> Option<Go> {
    let block = find(memory, start, size.min(SEARCHED))?;
    let header = memory.exactly(block, HEADER)?;
    let (pointer, flags) = (header[14], header[15]);
    let (version, modules) = if flags & 2 != 0 {
        let (version, after) = inline(memory, block + HEADER)?;
        (version, inline(memory, after).map(|(modules, _)| modules).unwrap_or_default())
    } else {
        if pointer != 4 && pointer != 8 {
            return None;
        }
        let mut memory = memory.clone();
        (memory.pointer, memory.is_big_endian) = (pointer, flags & 1 != 0);
        let size = usize::from(pointer);
        let at = |from: usize| memory::number(&header[from..from + size], memory.is_big_endian);
        let version = string(&memory, at(16)?)?;
        (version, string(&memory, at(16 + size)?).unwrap_or_default())
    };
    if version.is_empty() {
        return None;
    }
    Some(module_info::parse(text::shown(version), unframed(modules)))
}

/// What the variable at this address says. There is nothing about modules beside it.
pub fn from_variable<'a, R: ReadRef<'a>>(memory: &Memory<R>, address: u64) -> Option<Go> {
    let version = string(memory, address)?;
    let is_version = !version.is_empty() && version.iter().all(|byte| (b' '..=b'~').contains(byte));
    is_version.then(|| Go { version: text::shown(version), ..Go::default() })
}

/// The address of the block.
fn find<'a, R: ReadRef<'a>>(memory: &Memory<R>, start: u64, size: u64) -> Option<u64> {
    let end = start.checked_add(size)?;
    let mut at = start.checked_next_multiple_of(ALIGNMENT as u64)?;
    while at < end {
        let chunk = memory.up_to(at, CHUNK.min(end - at))?;
        let found = memmem::find_iter(chunk, MAGIC).find(|found| found % ALIGNMENT == 0);
        if let Some(found) = found {
            return Some(at + found as u64);
        }
        at = at.checked_add(CHUNK)?;
    }
    None
}

/// A text with its length before it, and the address after it.
fn inline<'a, R: ReadRef<'a>>(memory: &Memory<R>, address: u64) -> Option<(&'a [u8], u64)> {
    let (length, size) = varint(memory.up_to(address, 10)?)?;
    let start = address.checked_add(size)?;
    let text = if length == 0 { &[] } else { memory.exactly(start, length.min(LONGEST + 1))? };
    (length <= LONGEST).then_some((text, start.checked_add(length)?))
}

/// A number as Go's `binary.Uvarint` reads it, and its size.
fn varint(bytes: &[u8]) -> Option<(u64, u64)> {
    let mut number = 0_u64;
    for (index, byte) in (0_u32..10).zip(bytes) {
        let bits = u64::from(byte & 0x7f);
        if index == 9 && bits > 1 {
            return None;
        }
        number |= bits << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, u64::from(index) + 1));
        }
    }
    None
}

/// A Go string: a pointer and a length.
fn string<'a, R: ReadRef<'a>>(memory: &Memory<R>, address: u64) -> Option<&'a [u8]> {
    let start = memory.number(address)?;
    let length = memory.number(address.checked_add(u64::from(memory.pointer))?)?;
    if length == 0 {
        return Some(&[]);
    }
    if length > LONGEST { None } else { memory.exactly(start, length) }
}

/// The text about modules without the 16 bytes before and after it, by which a program finds its own.
fn unframed(modules: &[u8]) -> &[u8] {
    let end = modules.len().checked_sub(17).filter(|end| *end >= 16 && modules[*end] == b'\n');
    end.map_or(&[], |end| &modules[16..=end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::memory::Piece;

    fn read(content: &[u8]) -> Option<Go> {
        let piece = Piece { address: 0x1000, offset: 0, size: content.len() as u64 };
        let memory = Memory::new(content, vec![piece], false, 64);
        from_block(&memory, 0x1000, content.len() as u64)
    }

    fn framed(modules: &str) -> Vec<u8> {
        [&[b'<'; 16], modules.as_bytes(), &[b'>'; 16]].concat()
    }

    fn inline_block(version: &[u8], modules: &[u8]) -> Vec<u8> {
        let mut block = [MAGIC, &[8, 2], &[0; 16]].concat();
        block.push(u8::try_from(version.len()).unwrap());
        block.extend(version);
        let length = modules.len();
        block.extend([(length & 0x7f) as u8 | 0x80, (length >> 7) as u8]);
        block.extend(modules);
        block
    }

    #[test]
    fn the_texts_of_the_block_are_read() {
        let go =
            read(&inline_block(b"go1.27.4", &framed("path\tcmd/go\nbuild\tGOOS=linux\n"))).unwrap();
        assert_eq!((go.version.as_str(), go.path.as_deref()), ("go1.27.4", Some("cmd/go")));
        assert_eq!(go.setting("GOOS"), Some("linux"));
    }

    #[test]
    fn the_block_may_begin_later_where_its_alignment_is_right() {
        let block = inline_block(b"go1.20", b"");
        let late = [&[0; 32][..], &block].concat();
        assert_eq!(read(&late).unwrap().version, "go1.20");
        assert_eq!(read(&[&[0; 8][..], &block].concat()), None);
        // The magic as a constant of the linker's own, then the block.
        let constant = [&[0; 3][..], MAGIC, &[0; 15]].concat();
        assert_eq!(read(&[&constant[..], &block].concat()).unwrap().version, "go1.20");
    }

    #[test]
    fn pointers_lead_to_the_texts() {
        let mut block = [MAGIC, &[8, 0]].concat();
        // A string's pointer and length stand where the header ends, and its text after them.
        for address in [0x1020_u64, 0, 0x1030, 8] {
            block.extend(address.to_le_bytes());
        }
        block.extend(b"go1.13.1");
        assert_eq!(read(&block).unwrap().version, "go1.13.1");
    }

    #[test]
    fn a_block_that_lies_is_none() {
        let whole = inline_block(b"go1.27.4", &framed("path\tx\n"));
        for length in 0..33 + 9 {
            let content = &whole[..whole.len().min(length)];
            assert_eq!(read(content).filter(|go| go.path.is_some()), None, "cut at {length}");
        }
        let mut huge = whole.clone();
        huge[32..42].copy_from_slice(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]);
        assert_eq!(read(&huge), None);
        let mut odd = whole;
        (odd[14], odd[15]) = (7, 0);
        assert_eq!(read(&odd), None);
    }

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        assert_eq!(varint(&[0x05]), Some((5, 1)));
        assert_eq!(varint(&[0xac, 0x02]), Some((300, 2)));
        assert_eq!(varint(&[0x80]), None);
        assert_eq!(varint(&[0xff; 11]), None);
        assert_eq!(
            varint(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
            Some((u64::MAX, 10))
        );
    }
}
