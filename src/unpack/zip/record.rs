//! The three records of a zip, field by field, and which values gvm knows how to read. Pure.
//!
//! Source of the layout: APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.9 (data
//! descriptor), 4.3.12 (central directory), 4.3.16 (end record).

use super::super::error::Defect;
use super::zip64;

/// The end record without a comment.
pub(super) const END_LEN: usize = 22;
/// The fixed part of a central directory record.
pub(super) const CENTRAL_LEN: usize = 46;
/// The fixed part of a local header.
pub(super) const LOCAL_LEN: usize = 30;
/// A data descriptor with its signature, as all current writers make it.
pub(super) const DESCRIPTOR_LEN: usize = 16;
/// The same after a local header with zip64's field.
pub(super) const WIDE_DESCRIPTOR_LEN: usize = 24;

/// What can be wrong with either end record.
pub(super) const DISKS: &str = "it speaks of more than one disk";
pub(super) const COUNTS: &str = "it has two counts of the entries";
pub(super) const PLACE: &str = "the central directory is not where it says";

/// Bits 1 and 2 tell how hard deflate tried, bit 3 that a data descriptor follows, bit 11 that the
/// name is UTF-8.
const KNOWN_FLAGS: u16 = 0b1000_0000_1110;
const ENCRYPTED: u16 = 1;
const DESCRIPTOR: u16 = 1 << 3;
const UTF8: u16 = 1 << 11;
const MS_DOS_FOLDER: u32 = 0x10;
/// What of MS-DOS's and Windows' attributes makes of an entry something else than a file.
const MS_DOS_OTHERS: [(u32, &str); 3] =
    [(0x08, "a volume label"), (0x40, "a device"), (0x400, "a reparse point")];
/// The systems whose names are UTF-8 without saying so: Unix and macOS. Info-ZIP sets no flag there.
const UTF8_HOSTS: [u8; 2] = [3, 19];
/// Extra fields that say when and whose: Go writes the first; Info-ZIP, 7-Zip and others the rest.
const HARMLESS_EXTRA: [u16; 5] = [0x5455, 0x5855, 0x7855, 0x7875, 0x000a];

/// Where the central directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) entries: u64,
    pub(super) directory_at: u64,
    pub(super) directory_len: u64,
}

/// How an entry's content is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflated,
}

/// What the central directory and the local header both say of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) size: u64,
    pub(super) name_len: usize,
    pub(super) extra_len: usize,
}

/// A record of the central directory, its variable parts aside.
#[derive(Debug)]
pub(super) struct Central {
    pub(super) facts: Facts,
    pub(super) comment_len: usize,
    /// The system whose attributes and names these are.
    host: u8,
    attributes: u32,
    pub(super) local_at: u64,
}

/// Reads the end record, as it stands: `zip64` knows what it leaves open.
pub(super) fn end(record: &[u8; END_LEN]) -> Result<End, Defect> {
    if record[..4] != *b"PK\x05\x06" {
        return Err(Defect::NoEndRecord);
    }
    if u16_at(record, 20) != 0 {
        return Err(Defect::EndComment);
    }
    let (disk, directory_disk) = (u16_at(record, 4), u16_at(record, 6));
    if disk != 0 || directory_disk != 0 {
        return Err(Defect::EndRecord(DISKS));
    }
    let (here, entries) = (u16_at(record, 8), u16_at(record, 10));
    if here != entries {
        return Err(Defect::EndRecord(COUNTS));
    }
    Ok(End {
        entries: u64::from(entries),
        directory_len: u64::from(u32_at(record, 12)),
        directory_at: u64::from(u32_at(record, 16)),
    })
}

/// Reads the fixed part of a central directory record.
pub(super) fn central(record: &[u8; CENTRAL_LEN]) -> Result<Central, Defect> {
    if record[..4] != *b"PK\x01\x02" {
        return Err(Defect::Directory("it has fewer records than announced"));
    }
    if u16_at(record, 34) != 0 {
        return Err(Defect::Directory("it speaks of more than one disk"));
    }
    Ok(Central {
        facts: facts(record, 8),
        host: record[5],
        comment_len: usize::from(u16_at(record, 32)),
        attributes: u32_at(record, 38),
        local_at: u64::from(u32_at(record, 42)),
    })
}

/// Reads the fixed part of a local header. None when it is none.
pub(super) fn local(record: &[u8; LOCAL_LEN]) -> Option<Facts> {
    (record[..4] == *b"PK\x03\x04").then(|| facts(record, 6))
}

/// Holds that the extra fields are well-formed and all of a kind that changes nothing, but for
/// zip64's, whose content is answered.
pub(super) fn extra(mut extra: &[u8]) -> Result<Option<&[u8]>, Defect> {
    let mut wide = None;
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let kind = u16_at(head, 0);
        let (content, after) =
            rest.split_at_checked(usize::from(u16_at(head, 2))).ok_or(Defect::ExtraShape)?;
        extra = after;
        match kind {
            zip64::FIELD if wide.is_some() => return Err(Defect::ExtraShape),
            zip64::FIELD => wide = Some(content),
            _ if HARMLESS_EXTRA.contains(&kind) => {}
            _ => return Err(Defect::Extra(kind)),
        }
    }
    if extra.is_empty() { Ok(wide) } else { Err(Defect::ExtraShape) }
}

impl Facts {
    /// How the content is kept, when it is in a way that gvm reads.
    pub(super) fn method(&self) -> Result<Method, Defect> {
        if self.flags & ENCRYPTED != 0 {
            return Err(Defect::Encrypted);
        }
        if self.flags & !KNOWN_FLAGS != 0 {
            return Err(Defect::Flags(self.flags));
        }
        match self.method {
            0 if self.packed != self.size => Err(Defect::Size(self.size)),
            0 => Ok(Method::Stored),
            8 => Ok(Method::Deflated),
            other => Err(Defect::Method(other)),
        }
    }

    /// Sets the sizes of a local header that leaves them to zip64's field, which must then hold both:
    /// whether it does.
    pub(super) fn widen_local(&mut self, extras: &[u8]) -> Result<bool, Defect> {
        let wide = extra(extras)?;
        zip64::widen(&mut [&mut self.size, &mut self.packed], wide)?;
        match wide.map_or(0, <[u8]>::len) {
            0 => Ok(false),
            16 => Ok(true),
            _ => Err(Defect::Wide),
        }
    }

    /// Whether sizes and checksum follow the content.
    pub(super) fn has_descriptor(&self) -> bool {
        self.flags & DESCRIPTOR != 0
    }

    /// Bytes that the entry takes at least: without its local extra fields.
    pub(super) fn least_len(&self) -> u64 {
        let descriptor = if self.has_descriptor() { DESCRIPTOR_LEN } else { 0 };
        ((LOCAL_LEN + self.name_len + descriptor) as u64).saturating_add(self.packed)
    }

    /// Compares this, the central directory's, with what the local header says. The name's bytes
    /// are compared by the caller, and with them its length.
    pub(super) fn check_local(&self, local: &Facts) -> Result<(), Defect> {
        // A writer that did not know something yet leaves it zero and adds a descriptor. Info-ZIP knows
        // the size beforehand and leaves the rest.
        let unknown = |said: u64| self.has_descriptor() && said == 0;
        let agrees = |said: u64, is: u64| said == is || unknown(said);
        let differs = if local.flags != self.flags {
            Some("flags")
        } else if local.method != self.method {
            Some("the compression method")
        } else if !agrees(local.packed, self.packed) || !agrees(local.size, self.size) {
            Some("the size")
        } else if !agrees(local.crc.into(), self.crc.into()) {
            Some("the checksum")
        } else {
            None
        };
        differs.map_or(Ok(()), |what| Err(Defect::LocalHeader(what)))
    }

    /// Compares this, the central directory's, with the data descriptor: signature, checksum and two
    /// sizes, of 64 bits after a local header with zip64's field.
    pub(super) fn check_descriptor(&self, record: &[u8]) -> Result<(), Defect> {
        let (sums, sizes) = record.split_at(8);
        let (packed, size) = sizes.split_at(sizes.len() / 2);
        let said = (u32_at(sums, 4), number(packed), number(size));
        if sums[..4] != *b"PK\x07\x08" || said != (self.crc, self.packed, self.size) {
            return Err(Defect::Descriptor);
        }
        Ok(())
    }
}

impl Central {
    /// Sets what zip64's field holds, once all that the record says is known to be of a kind that
    /// gvm reads: how its content is kept.
    pub(super) fn complete(&mut self, name: &[u8], extras: &[u8]) -> Result<Method, Defect> {
        let wide = extra(extras)?;
        let facts = &mut self.facts;
        zip64::widen(&mut [&mut facts.size, &mut facts.packed, &mut self.local_at], wide)?;
        self.check_encoding(name)?;
        self.facts.method()
    }

    /// Whether it says how its name is written, as far as it matters.
    fn check_encoding(&self, name: &[u8]) -> Result<(), Defect> {
        let is_said = self.facts.flags & UTF8 != 0 || UTF8_HOSTS.contains(&self.host);
        if name.is_ascii() || is_said { Ok(()) } else { Err(Defect::NoEncoding) }
    }

    /// What the entry is declared to be other than a regular file: by its Unix mode, and by the bits
    /// that MS-DOS and Windows have for it. Some readers look at one, some at the other.
    pub(super) fn declared_kind(&self) -> Declared {
        let has = |bit: u32| self.attributes & bit != 0;
        if let Some((_, kind)) = MS_DOS_OTHERS.iter().find(|(bit, _)| has(*bit)) {
            return Declared::Other(kind);
        }
        match self.attributes >> 16 & 0o170_000 {
            0 if has(MS_DOS_FOLDER) => Declared::Folder,
            0 => Declared::Nothing,
            0o100_000 if has(MS_DOS_FOLDER) => {
                Declared::Other("a file by its mode and a folder by its attributes")
            }
            0o100_000 => Declared::File,
            0o040_000 => Declared::Folder,
            0o120_000 => Declared::Other("a symbolic link"),
            0o010_000 => Declared::Other("a pipe"),
            0o020_000 | 0o060_000 => Declared::Other("a device"),
            0o140_000 => Declared::Other("a socket"),
            _ => Declared::Other("of an unknown kind"),
        }
    }
}

/// What a central directory record's attributes make of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declared {
    /// Nothing: its name alone tells.
    Nothing,
    File,
    Folder,
    /// Something that gvm never writes.
    Other(&'static str),
}

/// The fields that both headers have in one order; the central one begins two bytes later.
fn facts(record: &[u8], at: usize) -> Facts {
    Facts {
        flags: u16_at(record, at),
        method: u16_at(record, at + 2),
        crc: u32_at(record, at + 8),
        packed: u64::from(u32_at(record, at + 12)),
        size: u64::from(u32_at(record, at + 16)),
        name_len: usize::from(u16_at(record, at + 20)),
        extra_len: usize::from(u16_at(record, at + 22)),
    }
}

/// A number of all these bytes, the least significant first.
pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
