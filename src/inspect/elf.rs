//! ELF: the programs of Linux, the BSDs and others, read by what loads them: headers, segments and the dynamic table.
//! Sections, which may be missing, say only what nothing else does.

use object::endian::Endianness;
use object::read::ReadRef;
use object::read::elf::{Dyn, FileHeader, ProgramHeader, SectionHeader, SectionTable};
use object::{elf, read};

use super::binary::{Binary, Format, Library, Purpose, Relro};
use super::memory::{Memory, Piece};
use super::text::shown;
use super::{Broken, elf_notes, elf_symbols, elf_versions, go, libc};

/// No program or library needs more.
const MOST_LIBRARIES: usize = 4096;

/// A file's parts, found once.
pub(super) struct Parts<'a, Elf: FileHeader<Endian = Endianness>, R: ReadRef<'a>> {
    pub(super) data: R,
    pub(super) endian: Endianness,
    pub(super) segments: &'a [Elf::ProgramHeader],
    pub(super) sections: SectionTable<'a, Elf, R>,
    pub(super) memory: Memory<R>,
    dynamic: Vec<(i64, u64)>,
}

/// What an ELF file is.
pub(super) fn read<'a, Elf, R>(data: R) -> Result<Binary, Broken>
where
    Elf: FileHeader<Endian = Endianness>,
    R: ReadRef<'a>,
{
    let broken = |why: read::Error| Broken::new(Format::Elf, why.to_string());
    let header = Elf::parse(data).map_err(broken)?;
    let endian = header.endian().map_err(broken)?;
    let segments = header.program_headers(endian, data).map_err(broken)?;
    let bits = if header.is_class_64() { 64 } else { 32 };
    let architecture = architecture(header.e_machine(endian), bits, header.is_big_endian());
    let mut binary = Binary::new(Format::Elf, bits, architecture);
    let needed = needed_length::<Elf, R>(header, endian, segments, data);
    let length = data.len().unwrap_or(0);
    binary.needed_length = (needed > length).then_some(needed);
    // They may be cut off, or spoiled so that others stumble: the loader does without.
    let sections: SectionTable<'_, Elf, R> = header.sections(endian, data).unwrap_or_default();
    let pieces = segments.iter().filter(|segment| segment.p_type(endian) == elf::PT_LOAD);
    let pieces = pieces.map(|segment| {
        let (offset, size) = segment.file_range(endian);
        Piece { address: segment.p_vaddr(endian).into(), offset, size }
    });
    let memory = Memory::new(data, pieces.collect(), header.is_big_endian(), bits);
    let dynamic = dynamic::<Elf, R>(segments, endian, data);
    let parts = Parts::<Elf, R> { data, endian, segments, sections, memory, dynamic };
    parts.tell(header, &mut binary);
    Ok(binary)
}

impl<'a, Elf: FileHeader<Endian = Endianness>, R: ReadRef<'a>> Parts<'a, Elf, R> {
    fn tell(&self, header: &Elf, binary: &mut Binary) {
        let interpreter = self.segments.iter().find_map(|segment| {
            segment.interpreter(self.endian, self.data).ok().flatten().map(shown)
        });
        binary.interpreter = interpreter;
        self.tell_libraries(binary);
        let notes = elf_notes::read(self);
        binary.build_ids.go = notes.go_build_id;
        binary.build_ids.gnu = notes.gnu_build_id;
        binary.minimum = notes.minimum;
        let is_library = self.text_of(elf::DT_SONAME).is_some();
        let flags = self.value(elf::DT_FLAGS).unwrap_or(0);
        let more_flags = self.value(elf::DT_FLAGS_1).unwrap_or(0);
        let has_flag = |flag: elf::DynamicFlags1| more_flags & flag.0 != 0;
        // A library with a loader of its own, as glibc's libc.so.6, is one all the same.
        let is_pie = has_flag(elf::DF_1_PIE) || binary.interpreter.is_some() && !is_library;
        binary.purpose = match header.e_type(self.endian) {
            elf::ET_EXEC => Purpose::Program,
            elf::ET_DYN if is_pie => Purpose::Program,
            elf::ET_DYN => Purpose::Library,
            elf::ET_REL => Purpose::Object,
            elf::ET_CORE => Purpose::Core,
            _ => Purpose::Other,
        };
        let is_loaded = matches!(binary.purpose, Purpose::Program | Purpose::Library);
        if binary.purpose == Purpose::Program {
            binary.hardening.pie = Some(header.e_type(self.endian) == elf::ET_DYN);
        }
        if is_loaded {
            binary.hardening.nx = self.stack_is_data();
            let binds_at_once = self.value(elf::DT_BIND_NOW).is_some()
                || flags & elf::DF_BIND_NOW.0 != 0
                || has_flag(elf::DF_1_NOW);
            binary.hardening.relro =
                Some(match (self.has_segment(elf::PT_GNU_RELRO), binds_at_once) {
                    (false, _) => Relro::No,
                    (true, false) => Relro::Partial,
                    (true, true) => Relro::Full,
                });
        }
        binary.debug.has_symbols = elf_symbols::table(self).is_some();
        for (name, section) in self.named_sections() {
            match name {
                b".debug_info" | b".zdebug_info" => binary.debug.has_dwarf = true,
                b".gnu_debuglink" => binary.debug.elsewhere = self.debug_link(section),
                _ => {}
            }
        }
        binary.go = self.go();
        binary.libc = libc::of_elf(binary);
        let by_abi = system_of_abi(header.e_ident().os_abi);
        let by_settings = binary.go.as_ref().and_then(|go| go.setting("GOOS"));
        binary.system = by_settings
            .map(str::to_owned)
            .or_else(|| binary.minimum.as_ref().map(|minimum| minimum.system.clone()))
            .or_else(|| by_abi.map(str::to_owned))
            .or_else(|| libc::system_of_loader(binary.interpreter.as_deref()?).map(str::to_owned));
    }

    fn tell_libraries(&self, binary: &mut Binary) {
        for (tag, value) in &self.dynamic {
            let Some(text) = self.dynamic_text(*value) else { continue };
            let folders = || shown(text).split(':').map(str::to_owned).collect::<Vec<_>>();
            if *tag == elf::DT_NEEDED.0 && binary.libraries.len() < MOST_LIBRARIES {
                binary.libraries.push(Library { name: shown(text), ..Library::default() });
            } else if *tag == elf::DT_RPATH.0 {
                binary.search.rpath.extend(folders());
            } else if *tag == elf::DT_RUNPATH.0 {
                binary.search.runpath.extend(folders());
            }
        }
        binary.defines = elf_versions::defined(self);
        for (file, versions) in elf_versions::needed(self) {
            let library = binary.libraries.iter_mut().find(|library| library.name == file);
            if let Some(library) = library {
                library.versions = versions;
            }
        }
    }

    /// The value of the first entry of the dynamic table with this tag.
    pub(super) fn value(&self, tag: elf::DynamicTag) -> Option<u64> {
        self.dynamic.iter().find(|(other, _)| *other == tag.0).map(|(_, value)| *value)
    }

    fn text_of(&self, tag: elf::DynamicTag) -> Option<&'a [u8]> {
        self.dynamic_text(self.value(tag)?)
    }

    /// A text of the dynamic table.
    pub(super) fn dynamic_text(&self, offset: u64) -> Option<&'a [u8]> {
        let table = self.value(elf::DT_STRTAB)?;
        self.memory.text(table.checked_add(offset)?)
    }

    fn has_segment(&self, kind: elf::ProgramType) -> bool {
        self.segments.iter().any(|segment| segment.p_type(self.endian) == kind)
    }

    /// Whether its stack cannot be executed. None where it does not say: then the kernel decides, by architecture.
    fn stack_is_data(&self) -> Option<bool> {
        let is_stack =
            |segment: &&Elf::ProgramHeader| segment.p_type(self.endian) == elf::PT_GNU_STACK;
        let stack = self.segments.iter().find(is_stack)?;
        Some(stack.p_flags(self.endian).0 & elf::PF_X.0 == 0)
    }

    /// Its sections with their names.
    pub(super) fn named_sections(
        &self,
    ) -> impl Iterator<Item = (&'a [u8], &'a Elf::SectionHeader)> {
        self.sections.iter().map(|section| {
            let name = self.sections.section_name(self.endian, section);
            (name.unwrap_or_default(), section)
        })
    }

    fn debug_link(&self, section: &Elf::SectionHeader) -> Option<String> {
        let (offset, size) = section.file_range(self.endian)?;
        let end = offset.checked_add(size)?;
        self.data.read_bytes_at_until(offset..end, 0).ok().map(shown)
    }

    fn go(&self) -> Option<super::binary::Go> {
        let section = self.named_sections().find(|(name, _)| *name == b".go.buildinfo");
        let start = match section {
            Some((_, section)) => {
                let (address, size) =
                    (section.sh_addr(self.endian).into(), section.sh_size(self.endian).into());
                Some((address, size))
            }
            None => self.segments.iter().find_map(|segment| {
                let rights = segment.p_flags(self.endian).0 & (elf::PF_W.0 | elf::PF_X.0);
                let is_data = segment.p_type(self.endian) == elf::PT_LOAD && rights == elf::PF_W.0;
                let (address, size) =
                    (segment.p_vaddr(self.endian).into(), segment.p_memsz(self.endian).into());
                is_data.then_some((address, size))
            }),
        };
        let block = start.and_then(|(address, size)| go::from_block(&self.memory, address, size));
        block.or_else(|| {
            let variable = elf_symbols::address(self, go::VERSION_VARIABLE)?;
            go::from_variable(&self.memory, variable)
        })
    }
}

/// The dynamic table without its end.
fn dynamic<'a, Elf, R>(
    segments: &'a [Elf::ProgramHeader],
    endian: Endianness,
    data: R,
) -> Vec<(i64, u64)>
where
    Elf: FileHeader<Endian = Endianness>,
    R: ReadRef<'a>,
{
    let table = segments.iter().find_map(|segment| segment.dynamic(endian, data).ok().flatten());
    let entries = table.unwrap_or_default().iter();
    let entries = entries.map(|entry| (entry.tag(endian).0, entry.val(endian)));
    entries.take_while(|(tag, _)| *tag != elf::DT_NULL.0).collect()
}

/// How long the file must be for what its headers speak of.
fn needed_length<'a, Elf, R>(
    header: &Elf,
    endian: Endianness,
    segments: &[Elf::ProgramHeader],
    data: R,
) -> u64
where
    Elf: FileHeader<Endian = Endianness>,
    R: ReadRef<'a>,
{
    let segments = segments.iter().map(|segment| segment.file_range(endian));
    let table = u64::from(header.e_shnum(endian)) * u64::from(header.e_shentsize(endian));
    let sections = header.section_headers(endian, data).unwrap_or_default().iter();
    let sections = sections.filter_map(|section| section.file_range(endian));
    let ranges = segments.chain(sections).chain([(header.e_shoff(endian).into(), table)]);
    let ends = ranges.filter(|(_, size)| *size > 0);
    ends.map(|(offset, size)| offset.saturating_add(size)).max().unwrap_or(0)
}

/// The processor, as GOARCH calls it.
fn architecture(machine: elf::Machine, bits: u8, is_big_endian: bool) -> String {
    let name = match (machine, bits, is_big_endian) {
        (elf::EM_386, ..) => "386",
        // 32 bits on a 64-bit processor, which Go has no name for.
        (elf::EM_X86_64, 32, _) => "x32",
        (elf::EM_X86_64, ..) => "amd64",
        (elf::EM_ARM, _, false) => "arm",
        (elf::EM_ARM, _, true) => "armbe",
        (elf::EM_AARCH64, _, false) => "arm64",
        (elf::EM_AARCH64, _, true) => "arm64be",
        (elf::EM_MIPS, 64, false) => "mips64le",
        (elf::EM_MIPS, 64, true) => "mips64",
        (elf::EM_MIPS, _, false) => "mipsle",
        (elf::EM_MIPS, _, true) => "mips",
        (elf::EM_PPC, ..) => "ppc",
        (elf::EM_PPC64, _, false) => "ppc64le",
        (elf::EM_PPC64, _, true) => "ppc64",
        (elf::EM_S390, 64, _) => "s390x",
        (elf::EM_S390, ..) => "s390",
        (elf::EM_RISCV, 64, _) => "riscv64",
        (elf::EM_RISCV, ..) => "riscv",
        (elf::EM_LOONGARCH, 64, _) => "loong64",
        (elf::EM_SPARCV9, ..) => "sparc64",
        (elf::Machine(number), ..) => return format!("machine {number:#x}"),
    };
    name.to_owned()
}

/// The system by the byte for it. Most say "System V", which is none.
fn system_of_abi(abi: elf::OsAbi) -> Option<&'static str> {
    match abi {
        elf::ELFOSABI_LINUX => Some("linux"),
        elf::ELFOSABI_FREEBSD => Some("freebsd"),
        elf::ELFOSABI_NETBSD => Some("netbsd"),
        elf::ELFOSABI_OPENBSD => Some("openbsd"),
        elf::ELFOSABI_SOLARIS => Some("solaris"),
        _ => None,
    }
}
