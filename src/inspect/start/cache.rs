//! The list of libraries that glibc's loader looks in, `/etc/ld.so.cache`, as `ldconfig` writes it: a table of numbers,
//! then the texts that they lead to.

use std::io::Read;
use std::path::Path;

use crate::platform;

const MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
const HEADER: usize = 48;
const ENTRY: usize = 24;

/// No system has more.
const LONGEST: u64 = 16 << 20;

/// The libraries, each with its path, in the order in which the loader tries them.
pub(super) fn read(path: &Path) -> Vec<(String, String)> {
    let mut content = Vec::new();
    let Ok(file) = platform::open_regular(path) else { return Vec::new() };
    match file.take(LONGEST).read_to_end(&mut content) {
        Ok(_) => parse(&content),
        Err(_) => Vec::new(),
    }
}

/// Offsets of texts count from the magic, before which an older table may stand.
fn parse(content: &[u8]) -> Vec<(String, String)> {
    let Some(start) = memchr::memmem::find(content, MAGIC) else { return Vec::new() };
    let content = &content[start..];
    // The numbers are those of the machine that wrote them: this one.
    let number = |at: usize| {
        let bytes = content.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_ne_bytes(bytes) as usize)
    };
    let text = |at: usize| {
        let rest = content.get(at..)?;
        let end = memchr::memchr(0, rest)?;
        std::str::from_utf8(&rest[..end]).ok().map(str::to_owned)
    };
    let count = number(MAGIC.len()).unwrap_or(0).min(content.len() / ENTRY);
    let entry = |index: usize| {
        let at = HEADER + index * ENTRY;
        Some((text(number(at + 4)?)?, text(number(at + 8)?)?))
    };
    (0..count).filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut cache = MAGIC.to_vec();
        cache.extend((entries.len() as u32).to_ne_bytes());
        cache.resize(HEADER, 0);
        let mut texts = Vec::new();
        let start = HEADER + entries.len() * ENTRY;
        for (name, path) in entries {
            cache.extend(0x303_u32.to_ne_bytes());
            for text in [name, path] {
                cache.extend(((start + texts.len()) as u32).to_ne_bytes());
                texts.extend_from_slice(text.as_bytes());
                texts.push(0);
            }
            cache.extend([0; 12]);
        }
        [cache, texts].concat()
    }

    #[test]
    fn names_lead_to_paths() {
        let one = cache(&[("libc.so.6", "/lib/libc.so.6"), ("libz.so.1", "/usr/lib/libz.so.1")]);
        let old = [b"ld.so-1.7.0\0\0\0\0\0".as_slice(), &one].concat();
        for content in [one, old] {
            let names: Vec<_> = parse(&content).into_iter().map(|(_, path)| path).collect();
            assert_eq!(names, ["/lib/libc.so.6", "/usr/lib/libz.so.1"]);
        }
    }

    #[test]
    fn a_list_that_lies_is_short() {
        let mut content = cache(&[("a", "/a")]);
        content[20..24].copy_from_slice(&u32::MAX.to_ne_bytes());
        assert_eq!(parse(&content).len(), 1);
        content.truncate(HEADER + 10);
        assert_eq!(parse(&content), []);
        assert_eq!(parse(b"nothing"), []);
    }
}
