//! What a file is, by its own words: the format, libraries, protections, signature and Go's notes of a program, and
//! whether it will start on this machine. Nothing is run.
//!
//! Readers are functions over bytes, whoever holds them; a file is read piece by piece, and of a huge or forged one not
//! much. What cannot be understood is an error or left out, never a guess.
//!
//! | file | holds |
//! |---|---|
//! | `binary` | what is said about a program |
//! | `bounded` | a file of which only pieces are read |
//! | `forge`, `tests` | tiny programs for tests |
//! | `elf`, `elf_notes`, `elf_symbols`, `elf_versions` | ELF |
//! | `macho` | Mach-O |
//! | `pe`, `pe_imports` | PE |
//! | `memory` | bytes by address |
//! | `go`, `module_info` | what Go wrote into a program |
//! | `libc` | which C library it needs |
//! | `plain` | scripts, texts and the rest |
//! | `start` | whether it will start here |
//! | `text` | foreign texts, safe to print |

use std::io;
use std::path::{Path, PathBuf};

use object::endian::Endianness;
use object::read::ReadRef;

use crate::platform;

pub mod binary;
mod bounded;
mod elf;
mod elf_notes;
mod elf_symbols;
mod elf_versions;
#[cfg(test)]
mod forge;
mod go;
mod libc;
mod macho;
mod memory;
mod module_info;
mod pe;
mod pe_imports;
pub mod plain;
pub mod start;
#[cfg(test)]
mod tests;
mod text;

use binary::{Binary, Format};
use bounded::Opened;
use plain::Plain;

pub use text::shown;

/// What a file is.
#[derive(Clone, Debug)]
pub enum Content {
    /// A program, a library, or a part of one.
    Binary(Box<Binary>),
    /// Something else.
    Plain(Plain),
}

/// A file that says it is a program and is none that can be understood.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("it begins like {} and cannot be understood: {why}", begin(*.format))]
pub struct Broken {
    /// What it says it is.
    pub format: Format,
    /// What is wrong.
    pub why: String,
}

/// A file that gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// The system does not let it be read.
    #[error("could not read {}: {source}", shown(path.as_os_str().as_encoded_bytes()))]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It says that it is a program and is none.
    #[error("could not read {}: {broken}", shown(path.as_os_str().as_encoded_bytes()))]
    Broken {
        /// The file.
        path: PathBuf,
        /// In what way.
        broken: Broken,
    },
}

impl Broken {
    fn new(format: Format, why: String) -> Self {
        Self { format, why }
    }
}

fn begin(format: Format) -> &'static str {
    match format {
        Format::Elf => "an ELF program",
        Format::Pe => "a Windows program",
        Format::MachO => "a macOS program",
    }
}

/// What the file at `path` is; links are followed. Of a Mach-O file for several architectures, what it holds for
/// `wanted`, as GOARCH calls it, if it does.
///
/// # Errors
/// When it cannot be read, or says that it is a program and cannot be understood.
pub fn file(path: &Path, wanted: &str) -> Result<Content, InspectError> {
    let failed = |source| InspectError::Read { path: path.to_owned(), source };
    let file = platform::open_regular(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let opened = Opened::new(file, length);
    read(opened.pieces(), wanted)
        .map_err(|broken| InspectError::Broken { path: path.to_owned(), broken })
}

/// What these bytes are, as [`file()`] has it.
///
/// # Errors
/// When they say that they are a program and cannot be understood.
pub fn read<'a, R: ReadRef<'a>>(data: R, wanted: &str) -> Result<Content, Broken> {
    match binary(data, wanted)? {
        Some(binary) => Ok(Content::Binary(Box::new(binary))),
        None => Ok(Content::Plain(plain::read(head(data, plain::HEAD)))),
    }
}

fn binary<'a, R: ReadRef<'a>>(data: R, wanted: &str) -> Result<Option<Binary>, Broken> {
    let head = head(data, 16);
    Ok(Some(match head {
        [0x7f, b'E', b'L', b'F', 1, ..] => {
            elf::read::<object::elf::FileHeader32<Endianness>, R>(data)?
        }
        [0x7f, b'E', b'L', b'F', ..] => {
            elf::read::<object::elf::FileHeader64<Endianness>, R>(data)?
        }
        [0xfe, 0xed, 0xfa, 0xce, ..] | [0xce, 0xfa, 0xed, 0xfe, ..] => {
            macho::read::<object::macho::MachHeader32<Endianness>, R>(data, 0)?
        }
        [0xfe, 0xed, 0xfa, 0xcf, ..] | [0xcf, 0xfa, 0xed, 0xfe, ..] => {
            macho::read::<object::macho::MachHeader64<Endianness>, R>(data, 0)?
        }
        [0xca, 0xfe, 0xba, 0xbe, a, b, c, d, ..]
            if u32::from_be_bytes([*a, *b, *c, *d]) <= macho::MOST_SLICES =>
        {
            macho::read_fat::<object::macho::FatArch32, R>(data, wanted)?
        }
        [0xca, 0xfe, 0xba, 0xbf, ..] => {
            macho::read_fat::<object::macho::FatArch64, R>(data, wanted)?
        }
        [b'M', b'Z', ..] => return windows(data),
        _ => return Ok(None),
    }))
}

/// A DOS program, unless its header leads to Windows' own.
fn windows<'a, R: ReadRef<'a>>(data: R) -> Result<Option<Binary>, Broken> {
    let Ok(dos) = object::pe::ImageDosHeader::parse(data) else { return Ok(None) };
    let start = u64::from(dos.nt_headers_offset());
    let Ok(magic) = data.read_bytes_at(start, 4) else { return Ok(None) };
    if magic != b"PE\0\0" {
        return Ok(None);
    }
    let kind = object::read::pe::optional_header_magic(data);
    let kind = kind.map_err(|why| Broken::new(Format::Pe, why.to_string()))?;
    let binary = if kind == object::pe::IMAGE_NT_OPTIONAL_HDR64_MAGIC {
        pe::read::<object::pe::ImageNtHeaders64, R>(data, start)
    } else {
        pe::read::<object::pe::ImageNtHeaders32, R>(data, start)
    };
    binary.map(Some)
}

/// At most so many bytes from the beginning.
fn head<'a, R: ReadRef<'a>>(data: R, most: u64) -> &'a [u8] {
    let length = data.len().unwrap_or(0).min(most);
    data.read_bytes_at(0, length).unwrap_or_default()
}
