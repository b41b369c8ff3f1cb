//! What a PE file imports: for each DLL the functions, read address by address, since the tables may lie in any section.

use object::LittleEndian as LE;
use object::pe;
use object::read::ReadRef;

use super::binary::Library;
use super::pe::Parts;
use super::text::shown;

/// No program imports from more DLLs.
const MOST_LIBRARIES: usize = 2048;

/// All functions of all DLLs.
const MOST_FUNCTIONS: usize = 32_768;

/// The DLLs, those that are loaded at the start first.
pub(super) fn read<'a, R: ReadRef<'a>>(parts: &Parts<'a, R>) -> Vec<Library> {
    let mut libraries = Vec::new();
    let mut left = MOST_FUNCTIONS;
    let table = directory(parts, pe::IMAGE_DIRECTORY_ENTRY_IMPORT);
    for it in structures::<pe::ImageImportDescriptor, _>(parts, table) {
        let name = it.name.get(LE);
        if name == 0 || libraries.len() == MOST_LIBRARIES {
            break;
        }
        // Where the one list is missing, the other still has the names: it is filled in when the program is loaded.
        let lists = [it.original_first_thunk.get(LE), it.first_thunk.get(LE)];
        let list = lists.into_iter().find(|list| *list != 0).unwrap_or(0);
        let functions = functions(parts, list, &mut left);
        let Some(name) = parts.memory.text(name.into()) else { continue };
        libraries.push(Library { name: shown(name), functions, ..Library::default() });
    }
    let table = directory(parts, pe::IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT);
    for it in structures::<pe::ImageDelayloadDescriptor, _>(parts, table) {
        let name = it.dll_name_rva.get(LE);
        if name == 0 || libraries.len() == MOST_LIBRARIES {
            break;
        }
        let functions = functions(parts, it.import_name_table_rva.get(LE), &mut left);
        let Some(name) = parts.memory.text(name.into()) else { continue };
        let name = shown(name);
        libraries.push(Library { name, functions, is_optional: true, ..Library::default() });
    }
    libraries
}

fn directory<'a, R: ReadRef<'a>>(parts: &Parts<'a, R>, index: usize) -> u64 {
    let entry = parts.directories.get(index);
    entry.map_or(0, |entry| entry.virtual_address.get(LE)).into()
}

/// The structures that follow each other from an address on; none where that is 0.
fn structures<'a, T, R>(parts: &Parts<'a, R>, start: u64) -> impl Iterator<Item = &'a T>
where
    T: object::Pod,
    R: ReadRef<'a>,
{
    let one = size_of::<T>() as u64;
    (0..).take_while(move |_| start != 0).map_while(move |index| {
        let bytes = parts.memory.exactly(start + index * one, one)?;
        object::pod::from_bytes(bytes).ok().map(|(structure, _)| structure)
    })
}

/// The names in a list that ends with zero; an ordinal where the highest bit is set.
fn functions<'a, R: ReadRef<'a>>(parts: &Parts<'a, R>, list: u32, left: &mut usize) -> Vec<String> {
    let mut functions = Vec::new();
    let (size, ordinal) = if parts.is_64 { (8, 1 << 63) } else { (4, 1 << 31) };
    let mut at = u64::from(list);
    while list != 0 && *left > 0 {
        let Some(entry) = parts.memory.number(at).filter(|entry| *entry != 0) else { break };
        *left -= 1;
        if entry & ordinal != 0 {
            functions.push(format!("#{}", entry & 0xffff));
        } else {
            // A hint of two bytes stands before the name.
            let name = parts.memory.text((entry & 0x7fff_ffff) + 2);
            functions.extend(name.filter(|name| !name.is_empty()).map(shown));
        }
        at += size;
    }
    functions
}
