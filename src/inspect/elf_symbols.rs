//! One symbol of an ELF file, by its name, without reading all names: they are looked through as one text.

use memchr::memmem;
use object::elf;
use object::endian::Endianness;
use object::read::ReadRef;
use object::read::elf::{FileHeader, SectionHeader, Sym};

use super::elf::Parts;

/// So many symbols are read at a time.
const CHUNK: u64 = 4096;

/// The table of symbols that debuggers use; what the loader needs is in another.
pub(super) fn table<'a, Elf, R>(parts: &Parts<'a, Elf, R>) -> Option<&'a Elf::SectionHeader>
where
    Elf: FileHeader<Endian = Endianness>,
    R: ReadRef<'a>,
{
    parts.sections.iter().find(|section| section.sh_type(parts.endian) == elf::SHT_SYMTAB)
}

/// The address of the symbol with this name.
pub(super) fn address<'a, Elf, R>(parts: &Parts<'a, Elf, R>, name: &[u8]) -> Option<u64>
where
    Elf: FileHeader<Endian = Endianness>,
    R: ReadRef<'a>,
{
    let table = table(parts)?;
    let names = parts.sections.section(table.link(parts.endian)).ok()?;
    let (offset, size) = names.file_range(parts.endian)?;
    let names = parts.data.read_bytes_at(offset, size).ok()?;
    let found = memmem::find(names, &[name, b"\0"].concat())?;
    let (offset, size) = table.file_range(parts.endian)?;
    let one = size_of::<Elf::Sym>() as u64;
    let count = size / one;
    let mut at = 0;
    while at < count {
        let some = CHUNK.min(count - at);
        let from = offset.checked_add(at * one)?;
        let symbols = parts.data.read_slice_at::<Elf::Sym>(from, some as usize).ok()?;
        let symbol = symbols.iter().find(|symbol| symbol.st_name(parts.endian) as usize == found);
        if let Some(symbol) = symbol {
            return Some(symbol.st_value(parts.endian).into());
        }
        at += some;
    }
    None
}
