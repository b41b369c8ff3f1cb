//! [`Program`]: the few header bytes of an executable that findings need: for which machine it is, which loader it wants,
//! whether it is whole, and which Go built it. What else a binary tells is not read here.
//!
//! Of ELF (gABI chapter 4 and 5), Mach-O and PE/COFF only what Go and C linkers write for 32 and 64 bits is understood.

use gvm_core::target::Target;

use super::disk::{Disk, Kind};

mod buildinfo;
mod elf;
mod macho;
mod pe;

/// What the header of an executable says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Program {
    /// The operating system that it is for, as GOOS; `linux` of an ELF file that names none.
    pub os: &'static str,
    /// The architecture, as GOARCH; None where Go has no name for it.
    pub arch: Option<&'static str>,
    /// The loader that the system must have: `/lib64/ld-linux-x86-64.so.2`.
    pub interpreter: Option<Vec<u8>>,
    /// How long the file must be at least, by its own tables.
    pub least_size: u64,
    /// The Go that built it, where it tells (from 1.13 on): `go1.22.10`.
    pub go: Option<String>,
    /// The main package that it was built from, where it tells: `cmd/go`.
    pub package: Option<String>,
}

/// A file that somebody may try to execute.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Executable {
    /// There is nothing in it.
    Empty,
    /// It begins with `#!`: the program that runs it.
    Script {
        /// As the first line names it.
        interpreter: Vec<u8>,
    },
    /// A program of this or another system.
    Program(Program),
    /// Text that a shell would run line by line.
    Text,
    /// Anything else, also a program whose header is damaged.
    Unknown,
}

/// What a header says of where its parts stand, from which build information is read.
struct Sections {
    /// Where the build information begins, and how far it may reach.
    buildinfo: Option<(u64, u64)>,
    /// Loaded parts: address, place in the file, length.
    loaded: Vec<(u64, u64, u64)>,
    is_big_endian: bool,
}

/// Reads a regular file's head. None where there is no such file, or it cannot be read.
pub fn read(disk: &dyn Disk, path: &[u8]) -> Option<Executable> {
    let stat = disk.stat(path).filter(|stat| stat.kind == Kind::File)?;
    if stat.size == 0 {
        return Some(Executable::Empty);
    }
    let head = disk.piece(path, 0, 4096)?;
    let file = File { disk, path };
    let read = match head.as_slice() {
        [b'#', b'!', rest @ ..] => {
            return Some(Executable::Script { interpreter: first_word(rest) });
        }
        [0x7f, b'E', b'L', b'F', ..] => elf::read(&file, &head),
        [0xcf, 0xfa, 0xed, 0xfe, ..] => macho::read(&file, &head),
        [b'M', b'Z', ..] => pe::read(&file, &head),
        _ => {
            let is_text =
                head.iter().all(|byte| !byte.is_ascii_control() || byte.is_ascii_whitespace());
            return Some(if is_text { Executable::Text } else { Executable::Unknown });
        }
    };
    let Some((mut program, sections)) = read else { return Some(Executable::Unknown) };
    if let Some((go, package)) = buildinfo::read(&file, &sections) {
        program.go = Some(go);
        program.package = package;
    }
    Some(Executable::Program(program))
}

impl Program {
    /// Whether this machine can start it at all, its loader aside.
    pub fn is_for(&self, host: Target) -> bool {
        let arch = self.arch.unwrap_or("?");
        // Rosetta, and WOW64 with its like for arm64, run the neighbour's.
        let is_translated = matches!(
            (host.os(), host.arch(), arch),
            ("darwin", "arm64", "amd64") | ("windows", "arm64", "amd64" | "386")
        );
        let is_smaller = matches!((host.arch(), arch), ("amd64", "386") | ("arm64", "arm"));
        self.os == host.os() && (arch == host.arch() || is_translated || is_smaller)
    }

    /// For which target it is, in words.
    pub fn target(&self) -> String {
        format!("{}/{}", self.os, self.arch.unwrap_or("an unknown processor"))
    }
}

fn first_word(line: &[u8]) -> Vec<u8> {
    let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.next().unwrap_or_default().to_vec()
}

/// A file that is read in pieces.
struct File<'a> {
    disk: &'a dyn Disk,
    path: &'a [u8],
}

impl File<'_> {
    /// All of these bytes, or none.
    fn exact(&self, offset: u64, length: u64) -> Option<Vec<u8>> {
        let length = usize::try_from(length).ok().filter(|length| *length <= 1 << 20)?;
        let piece = self.disk.piece(self.path, offset, length)?;
        (piece.len() == length).then_some(piece)
    }
}

/// Numbers in a piece of a header.
struct Numbers<'a> {
    bytes: &'a [u8],
    is_big_endian: bool,
}

impl Numbers<'_> {
    fn of<const N: usize>(&self, at: usize) -> Option<u64> {
        let bytes = self.bytes.get(at..at.checked_add(N)?)?;
        let put = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(match self.is_big_endian {
            true => bytes.iter().fold(0, put),
            false => bytes.iter().rev().fold(0, put),
        })
    }

    fn u16(&self, at: usize) -> Option<u64> {
        self.of::<2>(at)
    }

    fn u32(&self, at: usize) -> Option<u64> {
        self.of::<4>(at)
    }

    fn u64(&self, at: usize) -> Option<u64> {
        self.of::<8>(at)
    }

    /// An address: of 8 bytes where `is_wide`, else of 4.
    fn word(&self, at: usize, is_wide: bool) -> Option<u64> {
        if is_wide { self.u64(at) } else { self.u32(at) }
    }
}

/// The text at the beginning of `bytes`, up to the first NUL.
fn text(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}
