//! The three records of a zip, field by field, and which values gvm knows how to read. Pure.
//!
//! Source of the layout: APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.9 (data
//! descriptor), 4.3.12 (central directory), 4.3.16 (end record).

use super::super::error::Defect;

/// The end record without a comment.
pub(super) const END_LEN: usize = 22;
/// The fixed part of a central directory record.
pub(super) const CENTRAL_LEN: usize = 46;
/// The fixed part of a local header.
pub(super) const LOCAL_LEN: usize = 30;
/// A data descriptor with its signature, as all current writers make it.
pub(super) const DESCRIPTOR_LEN: usize = 16;

/// Bits 1 and 2 tell how hard deflate tried, bit 3 that a data descriptor follows, bit 11 that the
/// name is UTF-8.
const KNOWN_FLAGS: u16 = 0b1000_0000_1110;
const ENCRYPTED: u16 = 1;
const DESCRIPTOR: u16 = 1 << 3;
const UTF8: u16 = 1 << 11;
const MS_DOS_FOLDER: u32 = 0x10;
/// Extra fields that say when and whose: Go writes the first; Info-ZIP, 7-Zip and others the rest.
const HARMLESS_EXTRA: [u16; 5] = [0x5455, 0x5855, 0x7855, 0x7875, 0x000a];

/// Where the central directory is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) entries: usize,
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
    pub(super) packed: u32,
    pub(super) size: u32,
    pub(super) name_len: usize,
    pub(super) extra_len: usize,
}

/// A record of the central directory, its variable parts aside.
#[derive(Debug)]
pub(super) struct Central {
    pub(super) facts: Facts,
    pub(super) comment_len: usize,
    pub(super) attributes: u32,
    pub(super) local_at: u64,
}

/// Reads the end record of a file of `size` bytes, of which it is the last.
pub(super) fn end(record: &[u8; END_LEN], size: u64) -> Result<End, Defect> {
    if record[..4] != *b"PK\x05\x06" || u16_at(record, 20) != 0 {
        return Err(Defect::NoEndRecord);
    }
    let (disk, directory_disk) = (u16_at(record, 4), u16_at(record, 6));
    let (here, entries) = (u16_at(record, 8), u16_at(record, 10));
    let directory_len = u64::from(u32_at(record, 12));
    let directory_at = u64::from(u32_at(record, 16));
    let fits = directory_at + directory_len + END_LEN as u64 == size;
    if disk != 0 || directory_disk != 0 || here != entries || !fits {
        return Err(Defect::EndRecord);
    }
    Ok(End { entries: usize::from(entries), directory_at, directory_len })
}

/// Reads the fixed part of a central directory record.
pub(super) fn central(record: &[u8; CENTRAL_LEN]) -> Result<Central, Defect> {
    if record[..4] != *b"PK\x01\x02" || u16_at(record, 34) != 0 {
        return Err(Defect::Directory);
    }
    Ok(Central {
        facts: facts(record, 8),
        comment_len: usize::from(u16_at(record, 32)),
        attributes: u32_at(record, 38),
        local_at: u64::from(u32_at(record, 42)),
    })
}

/// Reads the fixed part of a local header. None when it is none.
pub(super) fn local(record: &[u8; LOCAL_LEN]) -> Option<Facts> {
    (record[..4] == *b"PK\x03\x04").then(|| facts(record, 6))
}

/// Whether the extra fields are well-formed and all of a kind that changes nothing.
pub(super) fn check_extra(mut extra: &[u8]) -> Result<(), Defect> {
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let kind = u16_at(head, 0);
        if !HARMLESS_EXTRA.contains(&kind) {
            return Err(Defect::Extra(kind));
        }
        extra = rest.get(usize::from(u16_at(head, 2))..).ok_or(Defect::Directory)?;
    }
    if extra.is_empty() { Ok(()) } else { Err(Defect::Directory) }
}

impl Facts {
    /// How the content is kept, when it is in a way that gvm reads.
    pub(super) fn check(&self, name: &[u8]) -> Result<Method, Defect> {
        if self.flags & ENCRYPTED != 0 {
            return Err(Defect::Encrypted);
        }
        if self.flags & !KNOWN_FLAGS != 0 {
            return Err(Defect::Flags(self.flags));
        }
        if !name.is_ascii() && self.flags & UTF8 == 0 {
            return Err(Defect::NoEncoding);
        }
        match self.method {
            0 if self.packed != self.size => Err(Defect::Size(u64::from(self.size))),
            0 => Ok(Method::Stored),
            8 => Ok(Method::Deflated),
            other => Err(Defect::Method(other)),
        }
    }

    /// Whether sizes and checksum follow the content.
    pub(super) fn has_descriptor(&self) -> bool {
        self.flags & DESCRIPTOR != 0
    }

    /// Bytes that the entry takes at least: without its local extra fields.
    pub(super) fn least_len(&self) -> u64 {
        let descriptor = if self.has_descriptor() { DESCRIPTOR_LEN } else { 0 };
        (LOCAL_LEN + self.name_len + descriptor) as u64 + u64::from(self.packed)
    }

    /// Compares this, the central directory's, with what the local header says. The name's bytes
    /// are compared by the caller, and with them its length.
    pub(super) fn check_local(&self, local: &Facts) -> Result<(), Defect> {
        // A writer that did not know yet leaves zeros and adds a descriptor.
        let unknown = self.has_descriptor() && (local.crc, local.packed, local.size) == (0, 0, 0);
        let differs = if local.flags != self.flags {
            Some("flags")
        } else if local.method != self.method {
            Some("the compression method")
        } else if !unknown && (local.packed, local.size) != (self.packed, self.size) {
            Some("the size")
        } else if !unknown && local.crc != self.crc {
            Some("the checksum")
        } else {
            None
        };
        differs.map_or(Ok(()), |what| Err(Defect::LocalHeader(what)))
    }

    /// Compares this, the central directory's, with the data descriptor.
    pub(super) fn check_descriptor(&self, record: &[u8; DESCRIPTOR_LEN]) -> Result<(), Defect> {
        let said = (u32_at(record, 4), u32_at(record, 8), u32_at(record, 12));
        if record[..4] != *b"PK\x07\x08" || said != (self.crc, self.packed, self.size) {
            return Err(Defect::Descriptor);
        }
        Ok(())
    }
}

impl Central {
    /// What the entry is declared to be other than a regular file: by its Unix mode, or by the bit
    /// that MS-DOS has for a folder.
    pub(super) fn declared_kind(&self) -> Declared {
        match self.attributes >> 16 & 0o170_000 {
            0 if self.attributes & MS_DOS_FOLDER != 0 => Declared::Folder,
            0 => Declared::Nothing,
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
        packed: u32_at(record, at + 12),
        size: u32_at(record, at + 16),
        name_len: usize::from(u16_at(record, at + 20)),
        extra_len: usize::from(u16_at(record, at + 22)),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
