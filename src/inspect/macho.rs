//! Mach-O: the programs of macOS and its kin, read by their load commands. Files for several architectures hold one such
//! program for each.

use object::endian::{BigEndian, Endianness};
use object::macho;
use object::read::ReadRef;
use object::read::macho::{
    CodeSignature, FatArch, LoadCommandVariant, MachHeader, MachOFatFile, Nlist, Section, Segment,
};

use super::binary::{Binary, Format, Library, Minimum, Purpose, Signature};
use super::memory::{Memory, Piece};
use super::text::shown;
use super::{Broken, go};

/// No program has more.
const MOST: usize = 4096;

/// No file holds more: Apple has had eight architectures. Java's class files begin with the same four bytes, and have a
/// version of at least 45 there.
pub(super) const MOST_SLICES: u32 = 20;

/// So many symbols are read at a time.
const CHUNK: usize = 4096;

/// What a file for several architectures holds for `wanted`, else for the first of them.
pub(super) fn read_fat<'a, Fat, R>(data: R, wanted: &str) -> Result<Binary, Broken>
where
    Fat: FatArch,
    R: ReadRef<'a>,
{
    let fat = MachOFatFile::<Fat>::parse(data).map_err(|why| broken(&why))?;
    let slices: Vec<String> =
        fat.arches().iter().map(|slice| architecture(slice.cputype())).collect();
    let is_wanted = |slice: &&Fat| architecture(slice.cputype()) == wanted;
    let chosen = fat.arches().iter().find(is_wanted).or(fat.arches().first());
    let chosen = chosen.ok_or_else(|| Broken::new(Format::MachO, "it holds no program".into()))?;
    let (offset, size) = chosen.file_range();
    let magic = data
        .read_bytes_at(offset, 4)
        .map_err(|()| Broken::new(Format::MachO, "the program in it lies beyond its end".into()))?;
    let mut binary = match magic {
        [0xfe, 0xed, 0xfa, 0xcf] | [0xcf, 0xfa, 0xed, 0xfe] => {
            read::<macho::MachHeader64<Endianness>, R>(data, offset)
        }
        _ => read::<macho::MachHeader32<Endianness>, R>(data, offset),
    }?;
    let end = offset.saturating_add(size);
    let needed = binary.needed_length.unwrap_or(0).max(end);
    binary.needed_length = data.len().is_ok_and(|length| needed > length).then_some(needed);
    binary.slices = slices;
    Ok(binary)
}

/// What the program at this offset of the file is.
pub(super) fn read<'a, Mach, R>(data: R, start: u64) -> Result<Binary, Broken>
where
    Mach: MachHeader<Endian = Endianness>,
    R: ReadRef<'a>,
{
    let header = Mach::parse(data, start).map_err(|why| broken(&why))?;
    let endian = header.endian().map_err(|why| broken(&why))?;
    let bits = if header.is_type_64() { 64 } else { 32 };
    let mut binary = Binary::new(Format::MachO, bits, architecture(header.cputype(endian)));
    let flags = header.flags(endian).0;
    binary.purpose = match header.filetype(endian) {
        macho::MH_EXECUTE => Purpose::Program,
        macho::MH_DYLIB => Purpose::Library,
        macho::MH_OBJECT => Purpose::Object,
        macho::MH_CORE => Purpose::Core,
        _ => Purpose::Other,
    };
    if binary.purpose == Purpose::Program {
        binary.hardening.pie = Some(flags & macho::MH_PIE.0 != 0);
        binary.hardening.nx = Some(flags & macho::MH_ALLOW_STACK_EXECUTION.0 == 0);
    }
    let found = Commands::<Mach>::read(header, endian, data, start, &mut binary)?;
    let needed = found.needed_length;
    binary.needed_length = data.len().is_ok_and(|length| needed > length).then_some(needed);
    let is_big_endian = header.is_big_endian();
    let memory = Memory::new(data, found.pieces, is_big_endian, bits);
    let block = found.go_section.or(found.first_data);
    binary.go = block.and_then(|(address, size)| go::from_block(&memory, address, size));
    if let Some(symbols) = found.symbols {
        binary.debug.has_symbols = symbols.count > 0;
        if binary.go.is_none() {
            let variable = symbols.address::<Mach, R>(endian, data, go::VERSION_VARIABLE);
            binary.go = variable.and_then(|address| go::from_variable(&memory, address));
        }
    }
    if binary.libraries.iter().any(|library| library.name.ends_with("/libSystem.B.dylib")) {
        binary.libc = super::binary::Libc::System;
    }
    Ok(binary)
}

/// What its load commands say, beside what is told at once.
struct Commands<Mach> {
    pieces: Vec<Piece>,
    needed_length: u64,
    go_section: Option<(u64, u64)>,
    first_data: Option<(u64, u64)>,
    symbols: Option<Symbols>,
    mach: std::marker::PhantomData<Mach>,
}

/// Where its symbols stand in the file.
struct Symbols {
    offset: u64,
    count: usize,
    names: u64,
    names_size: u64,
}

impl<Mach: MachHeader<Endian = Endianness>> Commands<Mach> {
    fn read<'a, R: ReadRef<'a>>(
        header: &Mach,
        endian: Endianness,
        data: R,
        start: u64,
        binary: &mut Binary,
    ) -> Result<Self, Broken> {
        let mut found = Self {
            pieces: Vec::new(),
            needed_length: 0,
            go_section: None,
            first_data: None,
            symbols: None,
            mach: std::marker::PhantomData,
        };
        let mut commands = header.load_commands(endian, data, start).map_err(|why| broken(&why))?;
        while let Some(command) = commands.next().map_err(|why| broken(&why))? {
            if let Ok(Some((segment, rest))) = Mach::Segment::from_command(command) {
                let sections = segment.sections(endian, rest).map_err(|why| broken(&why))?;
                found.take_segment(segment, sections, endian, start, binary);
                continue;
            }
            let text = |text| command.string(endian, text).ok().map(shown);
            match command.variant().map_err(|why| broken(&why))? {
                LoadCommandVariant::Dylib(it) if binary.libraries.len() < MOST => {
                    let is_optional = command.cmd() == macho::LC_LOAD_WEAK_DYLIB;
                    let name = text(it.dylib.name);
                    let library = |name| Library { name, is_optional, ..Library::default() };
                    binary.libraries.extend(name.map(library));
                }
                LoadCommandVariant::LoadDylinker(it) => binary.interpreter = text(it.name),
                LoadCommandVariant::Rpath(it) if binary.search.rpath.len() < MOST => {
                    binary.search.rpath.extend(text(it.path));
                }
                LoadCommandVariant::Uuid(it) => binary.build_ids.uuid = Some(hex::encode(it.uuid)),
                LoadCommandVariant::BuildVersion(it, _) => {
                    let system = platform(it.platform.get(endian));
                    binary.minimum = Some(minimum(system, it.minos.get(endian)));
                }
                LoadCommandVariant::VersionMin(it) => {
                    let system = match command.cmd() {
                        macho::LC_VERSION_MIN_IPHONEOS => "ios",
                        macho::LC_VERSION_MIN_TVOS => "tvos",
                        macho::LC_VERSION_MIN_WATCHOS => "watchos",
                        _ => "macos",
                    };
                    binary.minimum = Some(minimum(system, it.version.get(endian)));
                }
                LoadCommandVariant::Symtab(it) => {
                    let at = |offset: u32| start.saturating_add(offset.into());
                    found.symbols = Some(Symbols {
                        offset: at(it.symoff.get(endian)),
                        count: it.nsyms.get(endian) as usize,
                        names: at(it.stroff.get(endian)),
                        names_size: it.strsize.get(endian).into(),
                    });
                }
                LoadCommandVariant::LinkeditData(it)
                    if command.cmd() == macho::LC_CODE_SIGNATURE =>
                {
                    let offset = start.saturating_add(it.dataoff.get(endian).into());
                    let size = u64::from(it.datasize.get(endian));
                    found.needed_length = found.needed_length.max(offset.saturating_add(size));
                    binary.signature = Some(signature(data, offset, size));
                }
                _ => {}
            }
        }
        binary.system = Some(match binary.minimum.as_ref().map(|it| it.system.as_str()) {
            None | Some("macos") => "darwin".to_owned(),
            Some(other) => other.to_owned(),
        });
        Ok(found)
    }

    fn take_segment(
        &mut self,
        segment: &Mach::Segment,
        sections: &[Mach::Section],
        endian: Endianness,
        start: u64,
        binary: &mut Binary,
    ) {
        let (offset, size) = segment.file_range(endian);
        let offset = start.saturating_add(offset);
        let address = segment.vmaddr(endian).into();
        if size > 0 {
            self.needed_length = self.needed_length.max(offset.saturating_add(size));
        }
        if segment.name() != b"__PAGEZERO" && self.pieces.len() < MOST {
            self.pieces.push(Piece { address, offset, size });
        }
        let read_and_write = macho::VM_PROT_READ.0 | macho::VM_PROT_WRITE.0;
        let rights = (segment.initprot(endian).0, segment.maxprot(endian).0);
        let is_data = address != 0 && size != 0 && rights == (read_and_write, read_and_write);
        if is_data && self.first_data.is_none() {
            self.first_data = Some((address, segment.vmsize(endian).into()));
        }
        for section in sections {
            match section.name() {
                b"__go_buildinfo" if self.go_section.is_none() => {
                    let size = section.size(endian).into();
                    self.go_section = Some((section.addr(endian).into(), size));
                }
                b"__debug_info" | b"__zdebug_info" => binary.debug.has_dwarf = true,
                _ => {}
            }
        }
    }
}

impl Symbols {
    /// The address of the symbol with this name, with an underscore before it or none.
    fn address<'a, Mach, R>(&self, endian: Endianness, data: R, name: &[u8]) -> Option<u64>
    where
        Mach: MachHeader<Endian = Endianness>,
        R: ReadRef<'a>,
    {
        let names = data.read_bytes_at(self.names, self.names_size).ok()?;
        let found = memchr::memmem::find(names, &[name, b"\0"].concat())?;
        let begins = [Some(found), found.checked_sub(1)];
        let one = size_of::<Mach::Nlist>() as u64;
        let mut at = 0;
        while at < self.count {
            let some = CHUNK.min(self.count - at);
            let from = self.offset.checked_add(at as u64 * one)?;
            let symbols = data.read_slice_at::<Mach::Nlist>(from, some).ok()?;
            let is_it = |it: &&Mach::Nlist| begins.contains(&Some(it.n_strx(endian) as usize));
            if let Some(symbol) = symbols.iter().find(is_it) {
                return Some(symbol.n_value(endian).into());
            }
            at += some;
        }
        None
    }
}

/// The signature that stands there, as it says itself.
fn signature<'a, R: ReadRef<'a>>(data: R, offset: u64, size: u64) -> Signature {
    let bytes = data.read_bytes_at(offset, size).ok();
    let Some(signature) = bytes.and_then(|bytes| CodeSignature::parse(bytes).ok()) else {
        return Signature::Broken;
    };
    let mut directory = None;
    let mut is_signed = false;
    for blob in signature.blobs().take(MOST).map_while(Result::ok) {
        if blob.magic() == macho::CSMAGIC_BLOBWRAPPER {
            is_signed = !blob.contents().is_empty();
        }
        // Further directories repeat the first with other digests.
        if directory.is_none() {
            directory = blob.code_directory().ok().flatten();
        }
    }
    let Some(directory) = directory else { return Signature::Broken };
    let identifier = directory.ident().map(shown).unwrap_or_default();
    let is_ad_hoc = directory.header().flags.get(BigEndian).0 & macho::CS_ADHOC.0 != 0;
    if is_ad_hoc || !is_signed {
        return Signature::AdHoc { identifier };
    }
    let team = directory.team_id().ok().flatten().map(shown);
    Signature::Certificate { identifier, team }
}

fn broken(why: &object::read::Error) -> Broken {
    Broken::new(Format::MachO, why.to_string())
}

fn minimum(system: &str, version: macho::Version) -> Minimum {
    let (major, minor, patch) = (version.0 >> 16, version.0 >> 8 & 0xff, version.0 & 0xff);
    let patch = if patch == 0 { String::new() } else { format!(".{patch}") };
    Minimum { system: system.to_owned(), version: format!("{major}.{minor}{patch}") }
}

fn platform(platform: macho::Platform) -> &'static str {
    match platform {
        macho::PLATFORM_MACOS => "macos",
        macho::PLATFORM_IOS => "ios",
        macho::PLATFORM_TVOS => "tvos",
        macho::PLATFORM_WATCHOS => "watchos",
        macho::PLATFORM_MACCATALYST => "maccatalyst",
        _ => "another platform of Apple's",
    }
}

/// The processor, as GOARCH calls it.
fn architecture(cpu: macho::CpuType) -> String {
    let name = match cpu {
        macho::CPU_TYPE_X86 => "386",
        macho::CPU_TYPE_X86_64 => "amd64",
        macho::CPU_TYPE_ARM => "arm",
        macho::CPU_TYPE_ARM64 => "arm64",
        macho::CPU_TYPE_POWERPC => "ppc",
        macho::CPU_TYPE_POWERPC64 => "ppc64",
        macho::CpuType(number) => return format!("machine {number:#x}"),
    };
    name.to_owned()
}
