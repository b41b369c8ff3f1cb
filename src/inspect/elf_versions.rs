//! The versions of symbols in ELF: which ones a file needs of its libraries, and which ones a library has. Read by the
//! dynamic table, as the loader does.

use object::elf;
use object::endian::Endianness;
use object::read::ReadRef;
use object::read::elf::FileHeader;

use super::elf::Parts;
use super::text::shown;

/// No file has more of either.
const MOST: u64 = 4096;

/// For each library that symbols' versions are needed of, these.
pub(super) fn needed<'a, Elf, R>(parts: &Parts<'a, Elf, R>) -> Vec<(String, Vec<String>)>
where
    Elf: FileHeader<Endian = Endianness>,
    R: ReadRef<'a>,
{
    let (Some(mut at), Some(count)) =
        (parts.value(elf::DT_VERNEED), parts.value(elf::DT_VERNEEDNUM))
    else {
        return Vec::new();
    };
    let mut needed = Vec::new();
    let mut left = MOST;
    for _ in 0..count.min(MOST) {
        let Some(entry) = structure::<elf::Verneed<Endianness>, _, _>(parts, at) else { break };
        let number = |field: object::U32<Endianness>| u64::from(field.get(parts.endian));
        let mut versions = Vec::new();
        let mut aux = at.saturating_add(number(entry.vn_aux));
        for _ in 0..entry.vn_cnt.get(parts.endian) {
            let Some(version) = structure::<elf::Vernaux<Endianness>, _, _>(parts, aux) else {
                break;
            };
            versions.extend(parts.dynamic_text(number(version.vna_name)).map(shown));
            left = left.saturating_sub(1);
            let next = number(version.vna_next);
            if next == 0 || left == 0 {
                break;
            }
            aux = aux.saturating_add(next);
        }
        let file = parts.dynamic_text(number(entry.vn_file)).map(shown);
        needed.extend(file.map(|file| (file, versions)));
        let next = number(entry.vn_next);
        if next == 0 || left == 0 {
            break;
        }
        at = at.saturating_add(next);
    }
    needed
}

/// The versions that a library has.
pub(super) fn defined<'a, Elf, R>(parts: &Parts<'a, Elf, R>) -> Vec<String>
where
    Elf: FileHeader<Endian = Endianness>,
    R: ReadRef<'a>,
{
    let (Some(mut at), Some(count)) = (parts.value(elf::DT_VERDEF), parts.value(elf::DT_VERDEFNUM))
    else {
        return Vec::new();
    };
    let mut defined = Vec::new();
    for _ in 0..count.min(MOST) {
        let Some(entry) = structure::<elf::Verdef<Endianness>, _, _>(parts, at) else { break };
        let number = |field: object::U32<Endianness>| u64::from(field.get(parts.endian));
        let aux = at.saturating_add(number(entry.vd_aux));
        if let Some(name) = structure::<elf::Verdaux<Endianness>, _, _>(parts, aux) {
            defined.extend(parts.dynamic_text(number(name.vda_name)).map(shown));
        }
        let next = number(entry.vd_next);
        if next == 0 {
            break;
        }
        at = at.saturating_add(next);
    }
    defined
}

fn structure<'a, T, Elf, R>(parts: &Parts<'a, Elf, R>, address: u64) -> Option<&'a T>
where
    T: object::Pod,
    Elf: FileHeader<Endian = Endianness>,
    R: ReadRef<'a>,
{
    let bytes = parts.memory.exactly(address, size_of::<T>() as u64)?;
    object::pod::from_bytes(bytes).ok().map(|(structure, _)| structure)
}
