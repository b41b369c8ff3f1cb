//! Programs that Linux was told to start others with, by how those begin: emulators of other processors, Wine. As the
//! kernel shows them below `/proc/sys/fs/binfmt_misc`.

use std::fs;
use std::io::Read;
use std::path::Path;

use super::Here;
use crate::platform;

/// The kernel looks at no more of a file.
const HEAD: u64 = 256;

/// One registered program.
#[derive(Debug, Default, Eq, PartialEq)]
struct Entry {
    program: String,
    offset: usize,
    magic: Vec<u8>,
    mask: Vec<u8>,
    extension: Option<String>,
}

/// The program that would start the file at `path`.
pub(super) fn program_for(here: &Here, path: &Path) -> Option<String> {
    if here.system != "linux" {
        return None;
    }
    let mut head = Vec::new();
    platform::open_regular(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    let extension = path.extension().and_then(|extension| extension.to_str());
    let list = fs::read_dir(here.at("/proc/sys/fs/binfmt_misc")).ok()?;
    let mut files: Vec<_> = list.flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.iter().find_map(|file| {
        let entry = parse(&fs::read_to_string(file).ok()?)?;
        entry.takes(&head, extension).then_some(entry.program)
    })
}

impl Entry {
    fn takes(&self, head: &[u8], extension: Option<&str>) -> bool {
        if self.extension.is_some() {
            return self.extension.as_deref() == extension;
        }
        let Some(head) = head.get(self.offset..self.offset.saturating_add(self.magic.len())) else {
            return false;
        };
        let masks = self.mask.iter().copied().chain(std::iter::repeat(0xff));
        !self.magic.is_empty()
            && self
                .magic
                .iter()
                .zip(head)
                .zip(masks)
                .all(|((magic, byte), mask)| (magic ^ byte) & mask == 0)
    }
}

/// What the kernel shows of one that is enabled.
fn parse(text: &str) -> Option<Entry> {
    let mut entry = Entry::default();
    let mut lines = text.lines();
    if lines.next() != Some("enabled") {
        return None;
    }
    for line in lines {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "interpreter" => entry.program = super::super::shown(rest.as_bytes()),
            "offset" => entry.offset = rest.parse().ok()?,
            "magic" => entry.magic = hex::decode(rest).ok()?,
            "mask" => entry.mask = hex::decode(rest).ok()?,
            "extension" => entry.extension = Some(rest.trim_start_matches('.').to_owned()),
            _ => {}
        }
    }
    (!entry.program.is_empty()).then_some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QEMU: &str = "enabled\ninterpreter /usr/bin/qemu-aarch64\nflags: OC\noffset 0\n\
        magic 7f454c460201010000000000000000000200b700\n\
        mask ffffffffffffff00fffffffffffffffffeffffff\n";

    #[test]
    fn a_program_is_known_by_how_it_begins_or_what_it_is_called() {
        let qemu = parse(QEMU).unwrap();
        let head = |machine: u8| {
            let mut head = vec![0; 64];
            head[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
            (head[16], head[18]) = (3, machine);
            head
        };
        assert!(qemu.takes(&head(0xb7), None), "of type 3, which the mask lets pass");
        assert!(!qemu.takes(&head(0x3e), None));
        assert!(!qemu.takes(&head(0xb7)[..10], None));
        let wine = parse("enabled\ninterpreter /usr/bin/wine\nflags: \nextension .exe\n").unwrap();
        assert!(wine.takes(b"MZ", Some("exe")) && !wine.takes(b"MZ", None));
    }

    #[test]
    fn what_is_off_or_not_understood_is_none() {
        for text in ["", "disabled\ninterpreter /x\nmagic 00\n", "enabled\n", "enabled\nmagic xx\n"]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
