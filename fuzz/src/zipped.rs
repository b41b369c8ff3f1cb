//! A zip made from an input: one that holds together, so that it is the spoiling that is tried and not luck. An input
//! that is a zip itself is taken as it is.
//!
//! Layout: APPNOTE.TXT 6.3.10.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::input::Input;

/// Ends the entries: what follows spoils the zip.
const END: u8 = 0xff;

/// The zip that an input stands for; names go below `top`, but for some.
pub fn from_input(input: &mut Input<'_>, top: &str) -> Vec<u8> {
    if input.0.starts_with(b"PK") {
        return std::mem::take(&mut input.0).to_vec();
    }
    let (mut zip, mut directory, mut count) = (Vec::new(), Vec::new(), 0u16);
    while !input.is_over() && count < 40 {
        let order = input.byte();
        if order == END {
            break;
        }
        add(&mut zip, &mut directory, order, input, top);
        count += 1;
    }
    let wide = input.byte() & 1 == 1;
    finish(&mut zip, &directory, count, wide);
    input.spoil(&mut zip);
    zip
}

/// Bits of `order`: deflated, with a descriptor, a folder, by a full name, of an odd mode, with an extra field, with
/// sizes in zip64's, without the flag for UTF-8.
fn add(zip: &mut Vec<u8>, directory: &mut Vec<u8>, order: u8, input: &mut Input<'_>, top: &str) {
    let has = |bit: u8| order & 1 << bit != 0;
    let mut name = if has(3) { Vec::new() } else { format!("{top}/").into_bytes() };
    name.extend_from_slice(input.bytes(24));
    let content = if has(2) { &[] } else { input.bytes(40) };
    if has(2) {
        name.push(b'/');
    }
    let mode = if has(4) { u32::from(input.byte()) << 24 } else { 0 };
    let extra = if has(5) { extra(input) } else { Vec::new() };
    let packed = if has(0) { deflated(content) } else { content.to_vec() };
    let mut crc = Crc::new();
    crc.update(content);
    let (crc, sizes) = (crc.sum().to_le_bytes(), [packed.len(), content.len()]);
    let (plain, field) = if has(6) { wide(sizes) } else { (sizes.map(number).concat(), vec![]) };
    let extra = [field, extra].concat();

    let flags = u16::from(has(1)) << 3 | u16::from(!has(7)) << 11;
    let method = u16::from(has(0)) * 8;
    let start = [&[20, 0][..], &flags.to_le_bytes(), &method.to_le_bytes(), &[0; 4]].concat();
    let lengths = [short(name.len()), short(extra.len())].concat();
    let at = number(zip.len());
    let sums = [&crc[..], &plain].concat();
    // What zip64's field says beside a descriptor is true all the same: zeros or the sizes, both are allowed.
    let local = if has(1) && !has(6) { vec![0; 12] } else { sums.clone() };
    zip.extend([b"PK\x03\x04", &*start, &*local, &*lengths, &*name, &*extra, &*packed].concat());
    if has(1) {
        let sizes = if has(6) { sizes.map(long).concat() } else { plain };
        zip.extend([b"PK\x07\x08", &crc[..], &sizes].concat());
    }
    directory.extend([b"PK\x01\x02\x14\x03", &*start, &*sums, &*lengths, &[0; 6]].concat());
    directory.extend([&mode.to_le_bytes(), &at, &*name, &*extra].concat());
}

/// Appends the directory and the end record, with zip64's before it if it is `wide`.
fn finish(zip: &mut Vec<u8>, directory: &[u8], count: u16, wide: bool) {
    let at = zip.len();
    zip.extend(directory);
    if wide {
        let (end, count) = (long(zip.len()), long(usize::from(count)));
        let place = [long(directory.len()), long(at)].concat();
        let start = [&b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0"[..], &[0; 8]].concat();
        zip.extend([&*start, &count, &count, &place].concat());
        zip.extend([&b"PK\x06\x07\0\0\0\0"[..], &end, &[1, 0, 0, 0]].concat());
    }
    let count = count.to_le_bytes();
    let (length, at) = (number(directory.len()), number(at));
    zip.extend([&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &length, &at, &[0; 2]].concat());
}

/// Sizes that are elsewhere, and zip64's field that has them: the unpacked one first.
fn wide([packed, size]: [usize; 2]) -> (Vec<u8>, Vec<u8>) {
    let field = [&[1, 0, 16, 0][..], &long(size), &long(packed)].concat();
    (vec![0xff; 8], field)
}

/// A time as Go writes it, or a field of any kind.
fn extra(input: &mut Input<'_>) -> Vec<u8> {
    let kind = input.byte();
    if kind & 1 == 0 {
        return b"UT\x05\0\x01\0\0\0\0".to_vec();
    }
    let content = input.bytes(6);
    [&short(usize::from(kind))[..], &short(content.len()), content].concat()
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
    deflate.write_all(content).expect("memory takes all");
    deflate.finish().expect("memory takes all")
}

fn number(length: usize) -> [u8; 4] {
    u32::try_from(length).expect("all is short").to_le_bytes()
}

fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).expect("all is short").to_le_bytes()
}

fn long(length: usize) -> [u8; 8] {
    (length as u64).to_le_bytes()
}
