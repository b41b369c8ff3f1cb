//! PE/COFF: Windows.

use super::{File, Numbers, Program, Sections, text};

/// The header's facts; None where its tables lead outside the file.
pub(super) fn read(file: &File<'_>, head: &[u8]) -> Option<(Program, Sections)> {
    let start = Numbers { bytes: head, is_big_endian: false }.u32(0x3c)?;
    let header = file.exact(start, 24)?;
    if !header.starts_with(b"PE\0\0") {
        return None;
    }
    let numbers = Numbers { bytes: &header, is_big_endian: false };
    let arch = match numbers.u16(4)? {
        0x014c => Some("386"),
        0x8664 => Some("amd64"),
        0xaa64 => Some("arm64"),
        0x01c4 => Some("arm"),
        _ => None,
    };
    let mut program = Program { os: "windows", arch, ..Program::default() };
    let mut sections = Sections { buildinfo: None, loaded: Vec::new(), is_big_endian: false };
    let (count, optional) = (numbers.u16(6)?, numbers.u16(20)?);
    let base = file.exact(start + 24, optional)?;
    let base = Numbers { bytes: &base, is_big_endian: false };
    let image = if base.u16(0)? == 0x20b { base.u64(24)? } else { base.u32(28)? };
    let table = file.exact(start + 24 + optional, count * 40)?;
    for row in table.chunks_exact(40) {
        let numbers = Numbers { bytes: row, is_big_endian: false };
        let (address, size, offset) = (numbers.u32(12)?, numbers.u32(16)?, numbers.u32(20)?);
        program.least_size = program.least_size.max(offset.saturating_add(size));
        sections.loaded.push((image.saturating_add(address), offset, size));
        // There is no section of its own: it begins `.data` (measured with 1.26.10).
        if text(&row[..8]) == b".data" {
            sections.buildinfo = Some((offset, size));
        }
    }
    Some((program, sections))
}
