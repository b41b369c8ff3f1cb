//! A tar, block by block, so that any field can lie. What the lies are is not here.

use crate::gzip::gzip;
use crate::zip::put;

/// Where the fields of a header stand, and their lengths: POSIX.1-2024, `pax`, "ustar Interchange Format".
pub const UID: usize = 108;
pub const SIZE: usize = 124;
pub const MTIME: usize = 136;
pub const SUM: usize = 148;
pub const LINK: usize = 157;
pub const MAGIC: usize = 257;
pub const OWNER: usize = 265;
pub const PREFIX: usize = 345;
pub const PADDING: usize = 500;

/// A file with its content and padding.
pub fn file(name: impl AsRef<[u8]>, content: &[u8]) -> Vec<u8> {
    member(name, b'0', content)
}

/// A folder.
pub fn folder(name: impl AsRef<[u8]>) -> Vec<u8> {
    member(name, b'5', b"")
}

/// A link to `target`, symbolic (`2`) or hard (`1`).
pub fn link(name: &str, kind: u8, target: &str) -> Vec<u8> {
    member_with(name, kind, b"", |header| put(header, LINK, target.as_bytes()))
}

/// Any member.
pub fn member(name: impl AsRef<[u8]>, kind: u8, content: &[u8]) -> Vec<u8> {
    member_with(name, kind, content, |_| ())
}

/// Any member, its header changed before the checksum is set.
pub fn member_with(
    name: impl AsRef<[u8]>,
    kind: u8,
    content: &[u8],
    change: impl FnOnce(&mut [u8]),
) -> Vec<u8> {
    let mut header = vec![0; 512];
    put(&mut header, 0, name.as_ref());
    put(&mut header, 100, b"0000644\x000000000\x000000000\0");
    put(&mut header, SIZE, format!("{:011o}\0", content.len()).as_bytes());
    put(&mut header, MTIME, b"14544246000\0");
    header[156] = kind;
    put(&mut header, MAGIC, b"ustar\x0000");
    change(&mut header);
    set_sum(&mut header);
    header.extend_from_slice(content);
    header.resize(header.len().next_multiple_of(512), 0);
    header
}

/// As GNU tar marks its headers.
pub fn gnu(header: &mut [u8]) {
    put(header, MAGIC, b"ustar  \0");
}

pub fn set_sum(header: &mut [u8]) {
    header[SUM..SUM + 8].fill(b' ');
    let sum: u32 = header[..512].iter().map(|&byte| u32::from(byte)).sum();
    put(header, SUM, format!("{sum:06o}\0 ").as_bytes());
}

/// A PAX header with these records about the next member.
pub fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    member(
        "PaxHeaders.0/x",
        b'x',
        &records.iter().flat_map(|(k, v)| record(k, v)).collect::<Vec<_>>(),
    )
}

/// One PAX record: its own length in decimal, a blank, keyword, `=`, value, newline.
pub fn record(keyword: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {keyword}={value}\n");
    let len = (rest.len() + 1..).find(|len| len.to_string().len() + rest.len() == *len);
    format!("{}{rest}", len.unwrap()).into_bytes()
}

/// The members with the end mark.
pub fn tar(members: &[Vec<u8>]) -> Vec<u8> {
    [members.concat(), vec![0; 1024]].concat()
}

/// The whole tar.gz.
pub fn targz(members: &[Vec<u8>]) -> Vec<u8> {
    gzip(&tar(members))
}
