//! ELF: Linux, and the BSDs.

use super::{File, Numbers, Program, Sections, text};

/// EI_OSABI of the systems whose linkers set it.
const SYSTEMS: [(u8, &str); 4] = [(6, "solaris"), (9, "freebsd"), (2, "netbsd"), (12, "openbsd")];

const PT_LOAD: u64 = 1;
const PT_INTERP: u64 = 3;
const SHT_NOBITS: u64 = 8;

/// The header's facts; None where its tables lead outside the file.
pub(super) fn read(file: &File<'_>, head: &[u8]) -> Option<(Program, Sections)> {
    let (is_wide, is_big_endian) = (*head.get(4)? == 2, *head.get(5)? == 2);
    let numbers = Numbers { bytes: head, is_big_endian };
    let os = SYSTEMS.iter().find(|(abi, _)| Some(abi) == head.get(7));
    let mut program = Program {
        os: os.map_or("linux", |(_, os)| os),
        arch: arch(numbers.u16(18)?, is_wide, is_big_endian),
        ..Program::default()
    };
    let mut sections = Sections { buildinfo: None, loaded: Vec::new(), is_big_endian };
    let (segments, table) = match is_wide {
        true => (numbers.u64(32)?, numbers.u64(40)?),
        false => (numbers.u32(28)?, numbers.u32(32)?),
    };
    let at = if is_wide { 54 } else { 42 };
    let field = |index: usize| numbers.u16(at + 2 * index);
    let (segment_size, segment_count) = (field(0)?, field(1)?);
    let (row, count, names) = (field(2)?, field(3)?, field(4)?);
    let bytes = file.exact(segments, segment_size * segment_count)?;
    for segment in bytes.chunks_exact(usize::try_from(segment_size).ok()?.max(1)) {
        let numbers = Numbers { bytes: segment, is_big_endian };
        let (offset, address, size) = match is_wide {
            true => (numbers.u64(8)?, numbers.u64(16)?, numbers.u64(32)?),
            false => (numbers.u32(4)?, numbers.u32(8)?, numbers.u32(16)?),
        };
        program.least_size = program.least_size.max(offset.saturating_add(size));
        match numbers.u32(0)? {
            PT_LOAD => sections.loaded.push((address, offset, size)),
            PT_INTERP => {
                program.interpreter = file.exact(offset, size).map(|it| text(&it).to_vec());
            }
            _ => {}
        }
    }
    program.least_size = program.least_size.max(table.saturating_add(row * count));
    // A file that was cut off has lost this table, which linkers of Go write last or near the end.
    if let Some(bytes) = file.exact(table, row * count) {
        let rows = Rows { bytes: &bytes, row: usize::try_from(row).ok()?, is_wide, is_big_endian };
        let (_, start, length, _) = rows.get(usize::try_from(names).ok()?).unwrap_or_default();
        let names = file.exact(start, length).unwrap_or_default();
        for index in 0..usize::try_from(count).ok()? {
            let (name, offset, size, kind) = rows.get(index)?;
            if kind != SHT_NOBITS {
                program.least_size = program.least_size.max(offset.saturating_add(size));
            }
            let name = names.get(usize::try_from(name).ok()?..).map(text);
            if name == Some(b".go.buildinfo") {
                sections.buildinfo = Some((offset, size));
            }
        }
    }
    Some((program, sections))
}

/// The table of sections.
struct Rows<'a> {
    bytes: &'a [u8],
    row: usize,
    is_wide: bool,
    is_big_endian: bool,
}

impl Rows<'_> {
    /// Of one section: the place of its name, its own, its length, its kind.
    fn get(&self, index: usize) -> Option<(u64, u64, u64, u64)> {
        let start = index.checked_mul(self.row)?;
        let bytes = self.bytes.get(start..start.checked_add(self.row)?)?;
        let numbers = Numbers { bytes, is_big_endian: self.is_big_endian };
        let (offset, size) = match self.is_wide {
            true => (numbers.u64(24)?, numbers.u64(32)?),
            false => (numbers.u32(16)?, numbers.u32(20)?),
        };
        Some((numbers.u32(0)?, offset, size, numbers.u32(4)?))
    }
}

/// `e_machine`, as GOARCH.
fn arch(machine: u64, is_wide: bool, is_big_endian: bool) -> Option<&'static str> {
    Some(match machine {
        3 => "386",
        62 => "amd64",
        40 => "arm",
        183 => "arm64",
        243 if is_wide => "riscv64",
        258 => "loong64",
        22 => "s390x",
        21 if is_big_endian => "ppc64",
        21 => "ppc64le",
        8 => match (is_wide, is_big_endian) {
            (true, true) => "mips64",
            (true, false) => "mips64le",
            (false, true) => "mips",
            (false, false) => "mipsle",
        },
        _ => return None,
    })
}
