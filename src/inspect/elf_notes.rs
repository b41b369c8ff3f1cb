//! ELF's notes: build identifiers, and the system and version that a program is for.

use object::elf;
use object::endian::Endianness;
use object::read::ReadRef;
use object::read::elf::{FileHeader, NoteIterator, ProgramHeader, SectionHeader};

use super::binary::Minimum;
use super::elf::Parts;
use super::text::shown;

/// What the notes say.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) go_build_id: Option<String>,
    pub(super) gnu_build_id: Option<String>,
    pub(super) minimum: Option<Minimum>,
}

/// Go's own build identifier: `go tool buildid`.
const GO_BUILD_ID: u32 = 4;

/// What FreeBSD, NetBSD, OpenBSD and Android say their version in.
const SYSTEMS_OWN: u32 = 1;

/// Of its segments, else of its sections.
pub(super) fn read<'a, Elf, R>(parts: &Parts<'a, Elf, R>) -> Notes
where
    Elf: FileHeader<Endian = Endianness>,
    R: ReadRef<'a>,
{
    let mut notes = Notes::default();
    for segment in parts.segments {
        take(&mut notes, parts.endian, segment.notes(parts.endian, parts.data).ok().flatten());
    }
    for section in parts.sections.iter() {
        take(&mut notes, parts.endian, section.notes(parts.endian, parts.data).ok().flatten());
    }
    notes
}

fn take<Elf>(notes: &mut Notes, endian: Endianness, list: Option<NoteIterator<'_, Elf>>)
where
    Elf: FileHeader<Endian = Endianness>,
{
    let Some(mut list) = list else { return };
    while let Ok(Some(note)) = list.next() {
        let (kind, desc) = (note.n_type(endian).0, note.desc());
        match note.name() {
            b"Go" if kind == GO_BUILD_ID => {
                notes.go_build_id.get_or_insert_with(|| shown(desc.trim_ascii()));
            }
            b"GNU" if kind == elf::NT_GNU_BUILD_ID.0 && desc.len() <= 64 => {
                notes.gnu_build_id.get_or_insert_with(|| hex::encode(desc));
            }
            b"GNU" if kind == elf::NT_GNU_ABI_TAG.0 => {
                let minimum = numbers(desc, endian).and_then(kernel);
                notes.minimum = notes.minimum.take().or(minimum);
            }
            name if kind == SYSTEMS_OWN => {
                let system = match name {
                    b"FreeBSD" => "freebsd",
                    b"NetBSD" => "netbsd",
                    b"OpenBSD" => "openbsd",
                    b"Android" => "android",
                    _ => continue,
                };
                let version = first(desc, endian).map(|number| number.to_string());
                let version = version.unwrap_or_default();
                notes.minimum.get_or_insert_with(|| Minimum { system: system.into(), version });
            }
            _ => {}
        }
    }
}

/// The system and the oldest kernel of GNU's note.
fn kernel([system, major, minor, patch]: [u32; 4]) -> Option<Minimum> {
    let system = match system {
        elf::ELF_NOTE_OS_LINUX => "linux",
        elf::ELF_NOTE_OS_FREEBSD => "freebsd",
        elf::ELF_NOTE_OS_SOLARIS2 => "solaris",
        _ => return None,
    };
    Some(Minimum { system: system.into(), version: format!("{major}.{minor}.{patch}") })
}

fn numbers(desc: &[u8], endian: Endianness) -> Option<[u32; 4]> {
    let mut numbers = [0; 4];
    for (number, bytes) in numbers.iter_mut().zip(desc.get(..16)?.chunks(4)) {
        *number = first(bytes, endian)?;
    }
    Some(numbers)
}

fn first(desc: &[u8], endian: Endianness) -> Option<u32> {
    let bytes = desc.get(..4)?.try_into().ok()?;
    Some(match endian {
        Endianness::Little => u32::from_le_bytes(bytes),
        Endianness::Big => u32::from_be_bytes(bytes),
    })
}
