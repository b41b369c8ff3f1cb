//! A zip, byte by byte: each entry's local header, content, descriptor and central record apart, and the archive's parts
//! apart, so that any field can lie. What the lies are is not here.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::gzip::crc32;

/// Where the fields stand that both headers have: in the local header; two bytes later in the central record.
pub const VERSION: usize = 4;
pub const FLAGS: usize = 6;
pub const METHOD: usize = 8;
pub const TIME: usize = 10;
pub const CRC: usize = 14;
pub const PACKED: usize = 18;
pub const SIZE: usize = 22;
pub const NAME_LEN: usize = 26;
pub const EXTRA_LEN: usize = 28;
/// Fields of the central record alone.
pub const MADE_BY: usize = 4;
pub const COMMENT_LEN: usize = 32;
pub const DISK: usize = 34;
pub const ATTRIBUTES: usize = 38;
pub const OFFSET: usize = 42;
/// Fields of the end record.
pub const END_DISK: usize = 4;
pub const END_DIRECTORY_DISK: usize = 6;
pub const END_HERE: usize = 8;
pub const END_LEN: usize = 12;
pub const END_AT: usize = 16;
pub const END_COMMENT: usize = 20;

/// One entry, the parts of which go into the file one after another.
#[derive(Clone)]
pub struct Entry {
    /// 30 bytes, name, extra fields.
    pub local: Vec<u8>,
    pub content: Vec<u8>,
    pub descriptor: Vec<u8>,
    /// 46 bytes, name, extra fields, comment; empty for an entry that the directory does not know.
    pub central: Vec<u8>,
}

/// A deflated file.
pub fn file(name: impl AsRef<[u8]>, content: &[u8]) -> Entry {
    entry(name.as_ref(), 8, content, deflated(content))
}

/// A stored file.
pub fn stored(name: impl AsRef<[u8]>, content: &[u8]) -> Entry {
    entry(name.as_ref(), 0, content, content.to_vec())
}

/// A folder.
pub fn folder(name: impl AsRef<[u8]>) -> Entry {
    stored(name, b"").mode(0o040_755)
}

/// An entry of this method, whose packed bytes are given. Names beyond ASCII have the flag for UTF-8.
pub fn entry(name: &[u8], method: u16, content: &[u8], packed: Vec<u8>) -> Entry {
    let flags: u16 = if name.is_ascii() { 0 } else { 1 << 11 };
    let mut common = Vec::new();
    for field in [20, flags, method, 0x6000, 0x5821] {
        common.extend(field.to_le_bytes());
    }
    for field in [crc32(content), packed.len() as u32, content.len() as u32] {
        common.extend(field.to_le_bytes());
    }
    common.extend((name.len() as u16).to_le_bytes());
    common.extend([0; 2]);
    let local = [b"PK\x03\x04", &common[..], name].concat();
    let central = [b"PK\x01\x02\x14\x03", &common[..], &[0; 14], name].concat();
    Entry { local, content: packed, descriptor: Vec::new(), central }.mode(0o100_644)
}

impl Entry {
    /// With these bytes at a field of the local header.
    pub fn local(mut self, field: usize, bytes: impl AsRef<[u8]>) -> Self {
        put(&mut self.local, field, bytes.as_ref());
        self
    }

    /// With these bytes at a field of the central record.
    pub fn central(mut self, field: usize, bytes: impl AsRef<[u8]>) -> Self {
        put(&mut self.central, field, bytes.as_ref());
        self
    }

    /// With these bytes at a field of both.
    pub fn both(self, field: usize, bytes: impl AsRef<[u8]> + Copy) -> Self {
        self.local(field, bytes).central(field + 2, bytes)
    }

    /// With another name in the local header, of the same length or another.
    pub fn local_name(mut self, name: &[u8]) -> Self {
        self.local.truncate(30);
        self.local.extend(name);
        self.local(NAME_LEN, (name.len() as u16).to_le_bytes())
    }

    /// With these extra fields in the local header.
    pub fn local_extra(mut self, extra: &[u8]) -> Self {
        self.local.extend(extra);
        self.local(EXTRA_LEN, (extra.len() as u16).to_le_bytes())
    }

    /// With these extra fields in the central record, which has no comment yet.
    pub fn central_extra(mut self, extra: &[u8]) -> Self {
        self.central.extend(extra);
        self.central(EXTRA_LEN + 2, (extra.len() as u16).to_le_bytes())
    }

    /// With these extra fields in both.
    pub fn extra(self, extra: &[u8]) -> Self {
        self.local_extra(extra).central_extra(extra)
    }

    /// With a comment.
    pub fn comment(mut self, comment: &[u8]) -> Self {
        self.central.extend(comment);
        self.central(COMMENT_LEN, (comment.len() as u16).to_le_bytes())
    }

    /// With this Unix mode.
    pub fn mode(self, mode: u32) -> Self {
        self.central(ATTRIBUTES, (mode << 16).to_le_bytes())
    }

    /// With sums and sizes after the content in place of the local header's, as Go writes it.
    pub fn streamed(mut self) -> Self {
        self.descriptor = [b"PK\x07\x08", &self.local[CRC..NAME_LEN]].concat();
        let flags = u16::from_le_bytes([self.local[FLAGS], self.local[FLAGS + 1]]) | 1 << 3;
        self.local(CRC, [0; 12]).both(FLAGS, flags.to_le_bytes())
    }
}

/// An archive before it is put together. Offsets in `directory` and `end` are set and can be changed.
pub struct Parts {
    /// All entries.
    pub data: Vec<u8>,
    /// The central directory.
    pub directory: Vec<u8>,
    /// What stands between directory and end record: zip64's two records.
    pub between: Vec<u8>,
    /// The end record.
    pub end: Vec<u8>,
}

/// The archive of these entries.
pub fn zip(entries: &[Entry]) -> Vec<u8> {
    Parts::of(entries).bytes()
}

impl Parts {
    pub fn of(entries: &[Entry]) -> Self {
        let (mut data, mut directory) = (Vec::new(), Vec::new());
        for entry in entries {
            if !entry.central.is_empty() {
                let at = directory.len() + OFFSET;
                directory.extend(&entry.central);
                put(&mut directory, at, &(data.len() as u32).to_le_bytes());
            }
            data.extend([&entry.local[..], &entry.content, &entry.descriptor].concat());
        }
        let known = entries.iter().filter(|entry| !entry.central.is_empty()).count() as u16;
        let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
        end.extend([known.to_le_bytes(), known.to_le_bytes()].concat());
        end.extend((directory.len() as u32).to_le_bytes());
        end.extend((data.len() as u32).to_le_bytes());
        end.extend([0; 2]);
        Self { data, directory, between: Vec::new(), end }
    }

    /// With these bytes at a field of the end record.
    pub fn end(mut self, field: usize, bytes: impl AsRef<[u8]>) -> Self {
        put(&mut self.end, field, bytes.as_ref());
        self
    }

    /// With the directory and what follows it moved on by so many bytes, which stand before it.
    pub fn gap(mut self, bytes: &[u8]) -> Self {
        self.data.extend(bytes);
        let at = (self.data.len() as u32).to_le_bytes();
        self.end(END_AT, at)
    }

    /// With zip64's records, which say what the end record says, changed by `change`: first its own 56 bytes, then
    /// the locator's 20.
    pub fn zip64(mut self, change: impl FnOnce(&mut [u8], &mut [u8])) -> Self {
        let (at, len) = (self.data.len() as u64, self.directory.len() as u64);
        let count = u64::from(u16::from_le_bytes([self.end[END_HERE], self.end[END_HERE + 1]]));
        let mut record = b"PK\x06\x06".to_vec();
        record.extend(44_u64.to_le_bytes());
        record.extend([45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        for field in [count, count, len, at] {
            record.extend(field.to_le_bytes());
        }
        let mut locator = b"PK\x06\x07\0\0\0\0".to_vec();
        locator.extend((at + len).to_le_bytes());
        locator.extend(1_u32.to_le_bytes());
        change(&mut record, &mut locator);
        self.between = [record, locator].concat();
        self
    }

    pub fn bytes(self) -> Vec<u8> {
        [self.data, self.directory, self.between, self.end].concat()
    }
}

/// An extra field.
pub fn field(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(content.len() as u16).to_le_bytes(), content].concat()
}

/// Content as deflate packs it.
pub fn deflated(content: &[u8]) -> Vec<u8> {
    deflated_at(content, Compression::best())
}

/// The same at a level; at 0 in blocks that are not packed.
pub fn deflated_at(content: &[u8], level: Compression) -> Vec<u8> {
    let mut deflate = DeflateEncoder::new(Vec::new(), level);
    deflate.write_all(content).unwrap();
    deflate.finish().unwrap()
}

pub fn put(bytes: &mut [u8], at: usize, with: &[u8]) {
    bytes[at..at + with.len()].copy_from_slice(with);
}
