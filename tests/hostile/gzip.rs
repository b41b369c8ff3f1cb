//! A gzip member, byte by byte: header, deflated content, trailer, each of which can lie.

use flate2::{Compression, Crc};

use crate::zip::deflated_at;

/// A member before it is put together: RFC 1952, section 2.3.
pub struct Member {
    pub header: Vec<u8>,
    pub content: Vec<u8>,
    /// CRC-32 and length.
    pub trailer: Vec<u8>,
}

/// A member around this content.
pub fn member(content: &[u8]) -> Member {
    member_at(content, Compression::best())
}

/// The same at a level.
pub fn member_at(content: &[u8], level: Compression) -> Member {
    let sums = [crc32(content), content.len() as u32];
    Member {
        header: b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec(),
        content: deflated_at(content, level),
        trailer: sums.map(u32::to_le_bytes).concat(),
    }
}

/// The whole gzip around this content.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    member(content).bytes()
}

impl Member {
    /// With these flags, and what they announce after the fixed header.
    pub fn announcing(mut self, flags: u8, fields: &[u8]) -> Self {
        self.header[3] = flags;
        self.header.extend(fields);
        self
    }

    pub fn bytes(self) -> Vec<u8> {
        [self.header, self.content, self.trailer].concat()
    }
}

/// The checksum of zip and gzip.
pub fn crc32(content: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(content);
    crc.sum()
}
