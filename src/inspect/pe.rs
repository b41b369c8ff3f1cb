//! PE: the programs of Windows, read by their headers, sections and directories.

use memchr::memmem;
use object::LittleEndian as LE;
use object::pe;
use object::read::pe::{ImageNtHeaders, ImageOptionalHeader, SectionTable};
use object::read::{self, ReadRef};

use super::binary::{Binary, Format, Minimum, Purpose, Signature};
use super::memory::{Memory, Piece};
use super::text::shown;
use super::{Broken, go, libc, pe_imports};

/// So many symbols are read at a time.
const CHUNK: usize = 4096;

/// A file's parts, found once. Addresses in `memory` are relative to where the program is loaded.
pub(super) struct Parts<'a, R> {
    pub(super) data: R,
    pub(super) directories: read::pe::DataDirectories<'a>,
    pub(super) sections: SectionTable<'a>,
    pub(super) memory: Memory<R>,
    pub(super) is_64: bool,
}

/// What a PE file is.
pub(super) fn read<'a, Pe, R>(data: R, start: u64) -> Result<Binary, Broken>
where
    Pe: ImageNtHeaders,
    R: ReadRef<'a>,
{
    let broken = |why: read::Error| Broken::new(Format::Pe, why.to_string());
    let mut offset = start;
    let (headers, directories) = Pe::parse(data, &mut offset).map_err(broken)?;
    let sections = headers.sections(data, offset).map_err(broken)?;
    let (file, optional) = (headers.file_header(), headers.optional_header());
    let is_64 = headers.is_type_64();
    let bits = if is_64 { 64 } else { 32 };
    let mut binary = Binary::new(Format::Pe, bits, architecture(file.machine.get(LE)));
    let pieces = sections.iter().map(|section| Piece {
        address: section.virtual_address.get(LE).into(),
        offset: section.pointer_to_raw_data.get(LE).into(),
        size: section.size_of_raw_data.get(LE).into(),
    });
    let memory = Memory::new(data, pieces.collect(), false, bits);
    let parts = Parts { data, directories, sections, memory, is_64 };
    binary.system = Some("windows".to_owned());
    let is_library = file.characteristics.get(LE).0 & pe::IMAGE_FILE_DLL.0 != 0;
    binary.purpose = match optional.subsystem() {
        _ if is_library => Purpose::Library,
        pe::IMAGE_SUBSYSTEM_WINDOWS_GUI | pe::IMAGE_SUBSYSTEM_WINDOWS_CUI => Purpose::Program,
        _ => Purpose::Other,
    };
    let flags = optional.dll_characteristics().0;
    let has = |flag: pe::DllFlags| Some(flags & flag.0 != 0);
    let no_relocations = file.characteristics.get(LE).0 & pe::IMAGE_FILE_RELOCS_STRIPPED.0 != 0;
    binary.hardening.pie = Some(!no_relocations);
    binary.hardening.aslr = has(pe::IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE);
    binary.hardening.high_entropy = has(pe::IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA);
    binary.hardening.nx = has(pe::IMAGE_DLLCHARACTERISTICS_NX_COMPAT);
    binary.hardening.guard = has(pe::IMAGE_DLLCHARACTERISTICS_GUARD_CF);
    let (major, minor) = (optional.major_subsystem_version(), optional.minor_subsystem_version());
    let version = format!("{major}.{minor}");
    binary.minimum = Some(Minimum { system: "windows".to_owned(), version });
    let needed = parts.needed_length();
    binary.needed_length = data.len().is_ok_and(|length| needed > length).then_some(needed);
    binary.signature = parts.signature();
    binary.libraries = pe_imports::read(&parts);
    binary.libc = libc::of_pe(&binary);
    binary.debug.elsewhere = parts.debug_file();
    let symbols = Symbols::new(file);
    binary.debug.has_symbols = symbols.is_some();
    let names = symbols.as_ref().and_then(|symbols| symbols.names(data));
    binary.debug.has_dwarf = parts.has_dwarf(names);
    binary.go = parts.go(optional.image_base(), symbols.as_ref(), names);
    Ok(binary)
}

impl<'a, R: ReadRef<'a>> Parts<'a, R> {
    fn needed_length(&self) -> u64 {
        let ends = self.sections.iter().map(|section| {
            let size = u64::from(section.size_of_raw_data.get(LE));
            if size == 0 { 0 } else { u64::from(section.pointer_to_raw_data.get(LE)) + size }
        });
        ends.max().unwrap_or(0)
    }

    /// Authenticode stands after all sections, and its place is one in the file.
    fn signature(&self) -> Option<Signature> {
        let entry = self.directories.get(pe::IMAGE_DIRECTORY_ENTRY_SECURITY)?;
        let (offset, size) = (entry.virtual_address.get(LE), entry.size.get(LE));
        if offset == 0 || size == 0 {
            return None;
        }
        let is_there = u64::from(offset) + u64::from(size) <= self.data.len().unwrap_or(0);
        Some(if is_there { Signature::Authenticode(size) } else { Signature::Broken })
    }

    /// The name of its PDB.
    fn debug_file(&self) -> Option<String> {
        let entry = self.directories.get(pe::IMAGE_DIRECTORY_ENTRY_DEBUG)?;
        let (address, size) = (u64::from(entry.virtual_address.get(LE)), entry.size.get(LE));
        let one = size_of::<pe::ImageDebugDirectory>() as u64;
        for index in 0..(u64::from(size) / one).min(64) {
            let bytes = self.memory.exactly(address + index * one, one)?;
            let (it, _) = object::pod::from_bytes::<pe::ImageDebugDirectory>(bytes).ok()?;
            if it.typ.get(LE) != pe::IMAGE_DEBUG_TYPE_CODEVIEW {
                continue;
            }
            let offset = u64::from(it.pointer_to_raw_data.get(LE));
            // `RSDS`, a GUID and an age stand before the name.
            let end = offset + u64::from(it.size_of_data.get(LE));
            let is_pdb = self.data.read_bytes_at(offset, 4).is_ok_and(|magic| magic == b"RSDS");
            if is_pdb && offset + 24 < end {
                return self.data.read_bytes_at_until(offset + 24..end, 0).ok().map(shown);
            }
        }
        None
    }

    /// Names of more than eight bytes stand in the table of strings: `/N`.
    fn has_dwarf(&self, names: Option<&[u8]>) -> bool {
        self.sections.iter().any(|section| {
            let name = section.raw_name();
            let long = || -> Option<&[u8]> {
                let digits = std::str::from_utf8(name.strip_prefix(b"/")?).ok()?;
                names?.get(digits.parse::<usize>().ok()?..)
            };
            let name = long().unwrap_or(name);
            name.starts_with(b".debug_info\0") || name.starts_with(b".zdebug_info\0")
        })
    }

    fn go(
        &self,
        base: u64,
        symbols: Option<&Symbols>,
        names: Option<&[u8]>,
    ) -> Option<super::binary::Go> {
        // As `debug/buildinfo`: the first section of initialised data that can be written.
        let data = pe::IMAGE_SCN_CNT_INITIALIZED_DATA.0
            | pe::IMAGE_SCN_MEM_READ.0
            | pe::IMAGE_SCN_MEM_WRITE.0;
        let section = self.sections.iter().find(|section| {
            section.virtual_address.get(LE) != 0
                && section.size_of_raw_data.get(LE) != 0
                && section.characteristics.get(LE).0 & !pe::IMAGE_SCN_ALIGN_32BYTES.0 == data
        });
        // Go's own pointers are absolute.
        let pieces = self.sections.iter().map(|section| Piece {
            address: base.wrapping_add(section.virtual_address.get(LE).into()),
            offset: section.pointer_to_raw_data.get(LE).into(),
            size: section.size_of_raw_data.get(LE).into(),
        });
        let bits = if self.is_64 { 64 } else { 32 };
        let memory = Memory::new(self.data, pieces.collect(), false, bits);
        let block = section.and_then(|section| {
            let start = base.wrapping_add(section.virtual_address.get(LE).into());
            go::from_block(&memory, start, section.virtual_size.get(LE).into())
        });
        block.or_else(|| {
            let (number, value) = symbols?.find(self.data, names?, go::VERSION_VARIABLE)?;
            let section = self.sections.section(object::SectionIndex(number)).ok()?;
            let start = base.wrapping_add(section.virtual_address.get(LE).into());
            go::from_variable(&memory, start.wrapping_add(value))
        })
    }
}

/// Where the symbols of COFF stand, which Windows has no use for.
struct Symbols {
    offset: u64,
    count: usize,
}

impl Symbols {
    fn new(file: &pe::ImageFileHeader) -> Option<Self> {
        let offset = u64::from(file.pointer_to_symbol_table.get(LE));
        let count = file.number_of_symbols.get(LE) as usize;
        (offset != 0 && count != 0).then_some(Self { offset, count })
    }

    /// The table of strings, which follows with its length in its first four bytes.
    fn names<'a, R: ReadRef<'a>>(&self, data: R) -> Option<&'a [u8]> {
        let start = self.offset + self.count as u64 * pe::IMAGE_SIZEOF_SYMBOL as u64;
        let size = data.read_at::<object::U32<LE>>(start).ok()?.get(LE);
        data.read_bytes_at(start, size.into()).ok()
    }

    /// The section and the offset in it of the symbol with this long name.
    fn find<'a, R: ReadRef<'a>>(&self, data: R, names: &[u8], name: &[u8]) -> Option<(usize, u64)> {
        let found = memmem::find(names, &[name, b"\0"].concat())?;
        let mut at = 0;
        while at < self.count {
            let some = CHUNK.min(self.count - at);
            let from = self.offset + at as u64 * pe::IMAGE_SIZEOF_SYMBOL as u64;
            let symbols = data.read_slice_at::<pe::ImageSymbol>(from, some).ok()?;
            // What follows a symbol about itself looks like one whose name is elsewhere.
            let is_it = |symbol: &&pe::ImageSymbol| {
                let (zeros, offset) = symbol.name.split_at(4);
                zeros == [0; 4] && offset == (found as u32).to_le_bytes()
            };
            if let Some(symbol) = symbols.iter().find(is_it) {
                return Some((symbol.section_number.get(LE).into(), symbol.value.get(LE).into()));
            }
            at += some;
        }
        None
    }
}

/// The processor, as GOARCH calls it.
fn architecture(machine: pe::Machine) -> String {
    let name = match machine {
        pe::IMAGE_FILE_MACHINE_I386 => "386",
        pe::IMAGE_FILE_MACHINE_AMD64 => "amd64",
        pe::IMAGE_FILE_MACHINE_ARMNT | pe::IMAGE_FILE_MACHINE_ARM => "arm",
        pe::IMAGE_FILE_MACHINE_ARM64 => "arm64",
        pe::Machine(number) => return format!("machine {number:#x}"),
    };
    name.to_owned()
}
