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
    let (at, length) = (number(zip.len()), number(directory.len()));
    let count = count.to_le_bytes();
    zip.append(&mut directory);
    zip.extend([&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &length, &at, &[0; 2]].concat());
    input.spoil(&mut zip);
    zip
}

/// Bits of `order`: deflated, with a descriptor, a folder, by a full name, of an odd mode, with an extra field.
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
    let (method, flags) = (u16::from(has(0)) * 8, if has(1) { 0x0808u16 } else { 0x0800 });
    let mut crc = Crc::new();
    crc.update(content);
    let sums = [crc.sum().to_le_bytes(), number(packed.len()), number(content.len())].concat();
    let start = [&[20, 0][..], &flags.to_le_bytes(), &method.to_le_bytes(), &[0; 4]].concat();
    let lengths = [short(name.len()), short(extra.len())].concat();
    let at = number(zip.len());
    let local = if has(1) { vec![0; 12] } else { sums.clone() };
    zip.extend([b"PK\x03\x04", &*start, &*local, &*lengths, &*name, &*extra, &*packed].concat());
    if has(1) {
        zip.extend([b"PK\x07\x08", &*sums].concat());
    }
    directory.extend([b"PK\x01\x02\x14\x03", &*start, &*sums, &*lengths, &[0; 6]].concat());
    directory.extend([&mode.to_le_bytes(), &at, &*name, &*extra].concat());
}

/// A time as Go writes it, or a field of any kind.
fn extra(input: &mut Input<'_>) -> Vec<u8> {
    let content = input.bytes(6);
    let kind = if content.len() > 5 { short(usize::from(content[0])) } else { [0x55, 0x54] };
    [&kind[..], &short(content.len()), content].concat()
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
