//! Mach-O of 64 bits: macOS.

use super::{File, Numbers, Program, Sections, text};

const LC_SEGMENT_64: u64 = 0x19;

/// The header's facts; None where its tables lead outside the file.
pub(super) fn read(file: &File<'_>, head: &[u8]) -> Option<(Program, Sections)> {
    let numbers = Numbers { bytes: head, is_big_endian: false };
    let arch = match numbers.u32(4)? {
        0x0100_0007 => Some("amd64"),
        0x0100_000c => Some("arm64"),
        _ => None,
    };
    let mut program = Program { os: "darwin", arch, ..Program::default() };
    let mut sections = Sections { buildinfo: None, loaded: Vec::new(), is_big_endian: false };
    let (count, size) = (numbers.u32(16)?, numbers.u32(20)?);
    let commands = file.exact(32, size)?;
    let numbers = Numbers { bytes: &commands, is_big_endian: false };
    let mut at = 0_usize;
    for _ in 0..count {
        let (kind, length) = (numbers.u32(at)?, usize::try_from(numbers.u32(at + 4)?).ok()?);
        if kind == LC_SEGMENT_64 {
            let (address, offset, size) =
                (numbers.u64(at + 24)?, numbers.u64(at + 40)?, numbers.u64(at + 48)?);
            program.least_size = program.least_size.max(offset.saturating_add(size));
            sections.loaded.push((address, offset, size));
            for index in 0..usize::try_from(numbers.u32(at + 64)?).ok()? {
                let section = at + 72 + index * 80;
                if text(commands.get(section..section + 16)?) == b"__go_buildinfo" {
                    let found = (numbers.u32(section + 48)?, numbers.u64(section + 40)?);
                    sections.buildinfo = Some(found);
                }
            }
        }
        at = at.checked_add(length.max(8))?;
    }
    Some((program, sections))
}
