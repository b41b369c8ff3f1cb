//! For tests: archives made byte by byte, so that every field can be wrong.

use std::fs::File;
use std::io::Write;

use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression, Crc};
use tempfile::TempDir;

use super::{Fault, LIMITS, Limits, Shape, Staged, Tree, unpack, within};
use crate::report::Silent;

pub(super) const MODULE: &str = "golang.org/toolchain@v0.0.1-go1.22.4.linux-amd64";
pub(super) const ARCHIVE: Shape = Shape::Archive { covered_only: false };

pub(super) fn module() -> Shape {
    Shape::Module { version: String::from("v0.0.1-go1.22.4.linux-amd64") }
}

/// Unpacks `archive` into a new folder.
pub(super) fn unpacked(archive: &[u8], shape: &Shape) -> (TempDir, Result<Staged, Fault>) {
    let into = tempfile::tempdir().unwrap();
    let staged = unpack(&file(archive), "a.zip", shape, into.path(), None, &Silent);
    (into, staged.map_err(|error| error.fault))
}

/// What refuses `archive`, an official one.
pub(super) fn fault(archive: &[u8]) -> String {
    unpacked(archive, &ARCHIVE).1.expect_err("the archive is accepted").to_string()
}

/// What refuses `archive` under other limits.
pub(super) fn fault_within(limits: &Limits, archive: &[u8]) -> String {
    let into = tempfile::tempdir().unwrap();
    let tree = Tree { root: into.path(), mtime: None, report: &Silent };
    let Err(fault) = within(limits, &file(archive), "a.zip", &ARCHIVE, &tree) else {
        panic!("the archive is accepted");
    };
    fault.to_string()
}

pub(super) fn file(content: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(content).unwrap();
    file
}

/// [`LIMITS`] with one of them changed.
pub(super) fn limits(change: fn(&mut Limits)) -> Limits {
    let mut limits = LIMITS;
    change(&mut limits);
    limits
}

/// One entry of a zip: the parts that go into the file. Offsets are set when all is put together.
#[derive(Clone)]
pub(super) struct Zipped {
    /// Local header, name, extra fields, content, data descriptor.
    pub(super) local: Vec<u8>,
    /// The record of the central directory; empty for an entry that it does not know.
    pub(super) central: Vec<u8>,
}

/// A deflated entry with sizes in its local header.
pub(super) fn zipped(name: &str, content: &[u8]) -> Zipped {
    let packed = deflated(content);
    zipped_as(name.as_bytes(), 0, 8, content, &packed)
}

/// A deflated entry with a data descriptor, as Go writes it.
pub(super) fn streamed(name: &str, content: &[u8]) -> Zipped {
    let packed = deflated(content);
    let mut entry = zipped_as(name.as_bytes(), 0x0808, 8, content, &packed);
    let sums = entry.local[14..26].to_vec();
    entry.local[14..26].fill(0);
    entry.local.extend_from_slice(b"PK\x07\x08");
    entry.local.extend_from_slice(&sums);
    entry
}

/// An entry of any kind.
pub(super) fn zipped_as(
    name: &[u8],
    flags: u16,
    method: u16,
    content: &[u8],
    packed: &[u8],
) -> Zipped {
    let mut crc = Crc::new();
    crc.update(content);
    let mut facts = Vec::new();
    facts.extend_from_slice(&20u16.to_le_bytes());
    facts.extend_from_slice(&flags.to_le_bytes());
    facts.extend_from_slice(&method.to_le_bytes());
    facts.extend_from_slice(&[0; 4]);
    facts.extend_from_slice(&crc.sum().to_le_bytes());
    facts.extend_from_slice(&(packed.len() as u32).to_le_bytes());
    facts.extend_from_slice(&(content.len() as u32).to_le_bytes());
    facts.extend_from_slice(&(name.len() as u16).to_le_bytes());
    facts.extend_from_slice(&[0; 2]);
    let local = [b"PK\x03\x04", &facts[..], name, packed].concat();
    let central = [b"PK\x01\x02\x14\x03", &facts[..], &[0; 14], name].concat();
    Zipped { local, central }
}

impl Zipped {
    /// With `bytes` in place of those at `at` in the local header.
    pub(super) fn local(mut self, at: usize, bytes: &[u8]) -> Zipped {
        self.local[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// With `bytes` in place of those at `at` in the central record.
    pub(super) fn central(mut self, at: usize, bytes: &[u8]) -> Zipped {
        self.central[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// With this Unix mode.
    pub(super) fn mode(self, mode: u32) -> Zipped {
        self.central(38, &(mode << 16).to_le_bytes())
    }

    /// With an extra field in the central record.
    pub(super) fn extra(self, field: &[u8]) -> Zipped {
        let mut with = self.central(30, &(field.len() as u16).to_le_bytes());
        with.central.extend_from_slice(field);
        with
    }
}

/// The whole zip.
pub(super) fn zip(entries: &[Zipped]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let at = directory.len() + 42;
        directory.extend_from_slice(&entry.central);
        if !entry.central.is_empty() {
            directory[at..at + 4].copy_from_slice(&(file.len() as u32).to_le_bytes());
        }
        file.extend_from_slice(&entry.local);
    }
    let count = (entries.len() as u16).to_le_bytes();
    let at = (file.len() as u32).to_le_bytes();
    let len = (directory.len() as u32).to_le_bytes();
    file.extend(directory);
    file.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &len, &at, &[0; 2]].concat());
    file
}

pub(super) fn deflated(content: &[u8]) -> Vec<u8> {
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
    deflate.write_all(content).unwrap();
    deflate.finish().unwrap()
}

/// One member of a tar in the POSIX form: header, content and padding.
pub(super) fn tarred(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
    tarred_with(name, kind, content, |_| ())
}

/// The same, its header changed before the checksum is set.
pub(super) fn tarred_with(
    name: &str,
    kind: u8,
    content: &[u8],
    change: impl FnOnce(&mut [u8]),
) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    change(&mut header);
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header.extend_from_slice(content);
    header.resize(header.len().next_multiple_of(512), 0);
    header
}

/// PAX records before the next member.
pub(super) fn paxed(records: &str) -> Vec<u8> {
    tarred("PaxHeaders.0/x", b'x', records.as_bytes())
}

/// The members with the end mark.
pub(super) fn tar(members: &[Vec<u8>]) -> Vec<u8> {
    [members.concat(), vec![0; 1024]].concat()
}

pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(content).unwrap();
    gzip.finish().unwrap()
}

/// The whole tar.gz.
pub(super) fn targz(members: &[Vec<u8>]) -> Vec<u8> {
    gzip(&tar(members))
}
