//! A tar made from an input, with sums that are right, so that it is the spoiling that is tried and not luck. An input
//! that is a tar or a gzip itself is taken as it is.
//!
//! Layout: POSIX.1-2024, `pax`, "ustar Interchange Format".

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::input::Input;

const BLOCK: usize = 512;
/// Ends the entries: what follows spoils the tar.
const END: u8 = 0xff;
/// What an entry may be; most often a file.
const KINDS: &[u8] = b"000050xL0g12345670SDKMVXA";
/// More than this is not inflated for the other reader.
const MOST: u64 = 1 << 20;

/// The gzip that an input stands for, and the tar in it. Names go below `top`, but for some.
pub fn from_input(input: &mut Input<'_>, top: &str) -> (Vec<u8>, Vec<u8>) {
    if input.0.starts_with(&[0x1f, 0x8b]) {
        let gzip = std::mem::take(&mut input.0).to_vec();
        let mut tar = Vec::new();
        // What cannot be read is no tar: gvm must see to that by itself.
        let _ = GzDecoder::new(&*gzip).take(MOST).read_to_end(&mut tar);
        return (gzip, tar);
    }
    let is_tar = input.0.get(257..262) == Some(b"ustar");
    let tar = if is_tar { std::mem::take(&mut input.0).to_vec() } else { made(input, top) };
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    gzip.write_all(&tar).expect("memory takes all");
    (gzip.finish().expect("memory takes all"), tar)
}

fn made(input: &mut Input<'_>, top: &str) -> Vec<u8> {
    let mut tar = Vec::new();
    while !input.is_over() && tar.len() < 40 * BLOCK {
        let order = input.byte();
        if order == END {
            break;
        }
        add(&mut tar, order, input, top);
    }
    tar.resize(tar.len() + 2 * BLOCK, 0);
    input.spoil(&mut tar);
    set_sums(&mut tar);
    tar
}

/// Bits of `order`: the five low ones choose the kind, then: a full name, a content that is a PAX record, the GNU form.
fn add(tar: &mut Vec<u8>, order: u8, input: &mut Input<'_>, top: &str) {
    let kind = KINDS[usize::from(order & 31) % KINDS.len()];
    let mut name = if order & 32 != 0 { Vec::new() } else { format!("{top}/").into_bytes() };
    name.extend_from_slice(input.bytes(24));
    name.truncate(100);
    let content = match kind {
        b'5' => Vec::new(),
        b'L' => [top.as_bytes(), b"/", input.bytes(120), b"\0"].concat(),
        _ if order & 64 != 0 => record(input.bytes(40), top),
        _ => input.bytes(40).to_vec(),
    };
    let mut header = [0; BLOCK];
    header[..name.len()].copy_from_slice(&name);
    header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
    header[156] = kind;
    let magic = if order & 128 != 0 { b"ustar  \0" } else { b"ustar\x0000" };
    header[257..265].copy_from_slice(magic);
    tar.extend(header);
    tar.extend(content);
    tar.resize(tar.len().next_multiple_of(BLOCK), 0);
}

/// A PAX record `path=TOP/TEXT`; with an `=` in the text, that record.
fn record(text: &[u8], top: &str) -> Vec<u8> {
    let pair = match text.contains(&b'=') {
        true => text.to_vec(),
        false => [b"path=", top.as_bytes(), b"/", text].concat(),
    };
    let length =
        (pair.len() + 2..).find(|length| length.to_string().len() + pair.len() + 2 == *length);
    let length = length.expect("one number counts itself").to_string();
    [length.as_bytes(), b" ", &*pair, b"\n"].concat()
}

/// Sets the sum of each block that looks like a header, but where somebody wrote an exclamation mark there.
fn set_sums(tar: &mut [u8]) {
    for block in tar.as_chunks_mut::<BLOCK>().0 {
        if &block[257..262] == b"ustar" && block[148] != b'!' {
            block[148..156].fill(b' ');
            let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
            block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        }
    }
}
