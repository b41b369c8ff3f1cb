//! Unpacks a zip: `plan` reads and checks the central directory (`record` its fields), then threads
//! take one `member` after another. All of them read through the one open file.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::Unpacked;
use super::archive::Archive;
use super::error::Fault;
use super::halt::Halt;
use super::limits::Limits;
use super::write::{Tree, TreeFile};
use super::{Shape, workers};
use crate::report::Event;

mod member;
mod plan;
mod record;
mod zip64;

use member::Unpacker;
use plan::Plan;

/// Unpacks all of `archive` that `shape` wants into `tree`.
pub(super) fn unpack(
    archive: &Archive<'_>,
    shape: &Shape,
    limits: &Limits,
    tree: &Tree<'_>,
) -> Result<Unpacked, Fault> {
    let plan = Plan::read(archive, shape, limits)?;
    tree.report.event(Event::UnpackStarted { name: archive.name(), total: Some(plan.total) });
    for folder in &plan.folders {
        tree.folder(folder)?;
    }
    let next = AtomicUsize::new(0);
    let halt = Halt::default();
    let mut files = Vec::with_capacity(plan.members.len());
    thread::scope(|scope| {
        let work = || work(archive, &plan, tree, &next, &halt);
        // Where no more threads can be had, fewer do it, and be it this one alone.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let threads: Vec<_> = (1..workers()).filter_map(spawn).collect();
        files.extend(work());
        for thread in threads {
            files.extend(thread.join().expect("a worker does not panic"));
        }
    });
    halt.into_result()?;
    Ok(Unpacked { files, left_out: plan.left_out })
}

/// Takes the member that is `next` until there is none.
fn work(
    archive: &Archive<'_>,
    plan: &Plan,
    tree: &Tree<'_>,
    next: &AtomicUsize,
    halt: &Halt,
) -> Vec<TreeFile> {
    let mut files = Vec::new();
    let mut unpacker = Unpacker::new(archive, tree);
    while !halt.is_called() {
        let Some(member) = plan.members.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
        files.extend(halt.check(unpacker.unpack(member, plan.name(member))));
    }
    files
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;
    use zip::write::SimpleFileOptions;

    use super::super::forge::*;

    /// An entry, what is wrong with it, and the message of that.
    type Rule = (Zipped, &'static str);

    fn x() -> Zipped {
        streamed("go/x", b"content")
    }

    fn plain() -> Zipped {
        zipped("go/x", b"content")
    }

    #[test]
    fn a_zip_of_another_writer_is_read() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.add_directory("go/empty", SimpleFileOptions::default()).unwrap();
        for (name, method) in
            [("go/a", zip::CompressionMethod::Stored), ("go/Þ", zip::CompressionMethod::Deflated)]
        {
            zip.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
            zip.write_all(&[7; 600_000]).unwrap();
        }
        let (into, staged) = unpacked(&zip.finish().unwrap().into_inner(), &ARCHIVE);
        assert_eq!(staged.unwrap().files().len(), 2);
        assert_eq!(std::fs::read(into.path().join("a")).unwrap(), [7; 600_000]);
        assert_eq!(std::fs::read(into.path().join("Þ")).unwrap(), [7; 600_000]);
    }

    #[test]
    fn the_two_headers_must_agree() {
        let rules: [Rule; 12] = [
            (x().local(0, b"PK\x01\x02"), "where it is"),
            (x().local(30, b"go/y"), "the name"),
            (x().local(26, &[5, 0]), "the name"),
            (x().local(6, &[0, 0]), "flags"),
            (x().local(8, &[0, 0]), "the compression method"),
            (x().local(18, &[1, 0, 0, 0]), "the size"),
            (x().local(22, &[1, 0, 0, 0]), "the size"),
            (x().local(14, &[1, 0, 0, 0]), "the checksum"),
            (plain().local(14, &[1, 0, 0, 0]), "the checksum"),
            (plain().local(18, &[1, 0, 0, 0]), "the size"),
            (plain().local(22, &[0, 0, 0, 0]), "the size"),
            (plain().local(14, &[0; 12]), "the size"),
        ];
        for (entry, what) in rules {
            assert_eq!(
                fault(&zip(&[zipped("go/first", b""), entry])),
                format!(
                    "in the entry `go/x`: its local header disagrees with the central directory \
                     on {what}"
                )
            );
        }
    }

    #[test]
    fn an_entry_that_is_not_plain_is_refused() {
        let stored = |flags, method| zipped_as(b"go/x", flags, method, b"content", b"content");
        let mut local_extra = plain().local(28, &[12, 0]);
        local_extra.local.splice(34..34, *b"\x01\0\x08\0AAAAAAAA");
        let rules: [Rule; 22] = [
            (local_extra, "its zip64 field does not hold what the header leaves to it"),
            (stored(1, 0), "it is encrypted"),
            (stored(0x41, 0), "it is encrypted"),
            (stored(1 << 13, 0), "it has the flags 0x2000, which are not supported"),
            (stored(1 << 5, 0), "it has the flags 0x0020, which are not supported"),
            (stored(0, 9), "it has compression method 9, which is not supported"),
            (stored(0, 14), "it has compression method 14, which is not supported"),
            (stored(0, 99), "it has compression method 99, which is not supported"),
            (
                x().extra(b"\x01\0\x08\0AAAAAAAA"),
                "its zip64 field does not hold what the header leaves to it",
            ),
            (
                x().extra(b"\x75\x70\x04\0name"),
                "it has the extra field 0x7075, which is not supported",
            ),
            (x().extra(b"UT\x05\0\x01"), "its extra fields are malformed"),
            (x().extra(b"UT\x00"), "its extra fields are malformed"),
            (
                zipped_as(b"go/x", 0, 0, b"content!", b"content"),
                "it does not have the declared size of 8 bytes",
            ),
            (
                zipped_as(b"go/x", 0, 8, b"content", &deflated(b"content!")),
                "it does not have the declared size of 7 bytes",
            ),
            (
                zipped_as(b"go/x", 0, 8, b"content", &deflated(b"conten")),
                "it does not have the declared size of 7 bytes",
            ),
            (zipped_as(b"go/x", 0, 8, b"content", &deflated(b"Content")), "its checksum is wrong"),
            (zipped_as(b"go/x", 0, 0, b"content", b"Content"), "its checksum is wrong"),
            (zipped_as(b"go/x", 0, 8, b"content", b"\xff\xff"), "its compressed data is broken"),
            (zipped_as(b"go/x", 0, 8, b"content", b""), "its compressed data is broken"),
            (
                zipped_as(b"go/x", 0, 8, b"content", &[deflated(b"content"), vec![0]].concat()),
                "its compressed data does not fill the declared 10 bytes",
            ),
            (x().local(47, &[0; 4]), "its data descriptor disagrees with the central directory"),
            (x().local(43, &[0; 4]), "its data descriptor disagrees with the central directory"),
        ];
        for (index, (entry, rule)) in rules.into_iter().enumerate() {
            assert_eq!(fault(&zip(&[entry])), format!("in the entry `go/x`: {rule}"), "{index}");
        }
        let name = zipped_as("go/Þ".as_bytes(), 0, 0, b"", b"");
        assert!(
            unpacked(&zip(std::slice::from_ref(&name)), &ARCHIVE).1.is_ok(),
            "Unix's names are UTF-8"
        );
        let dos = zip(&[name.central(5, &[0])]);
        assert_eq!(fault(&dos), "in the entry `go/Þ`: its name has no encoding");
    }

    #[test]
    fn only_files_and_folders_are_made() {
        let folder = |name: &str| zipped_as(name.as_bytes(), 0, 0, b"", b"");
        let rules: [(Zipped, &str); 11] = [
            (x().mode(0o120_777), "it is a symbolic link, not a file or a folder"),
            (x().mode(0o010_644), "it is a pipe, not a file or a folder"),
            (x().mode(0o020_644), "it is a device, not a file or a folder"),
            (x().mode(0o060_644), "it is a device, not a file or a folder"),
            (x().mode(0o140_644), "it is a socket, not a file or a folder"),
            (x().mode(0o170_644), "it is of an unknown kind, not a file or a folder"),
            (x().mode(0o040_755), "it is a folder by its attributes alone, not a file or a folder"),
            (
                x().central(38, &[0x10]),
                "it is a folder by its attributes alone, not a file or a folder",
            ),
            (
                x().central(38, &[0x10, 0, 0xa4, 0x81]),
                "it is a file by its mode and a folder by its attributes, not a file or a folder",
            ),
            (x().central(38, &[0, 4]), "it is a reparse point, not a file or a folder"),
            (folder("go/x/").mode(0o100_644), "its name has an empty element"),
        ];
        for (entry, rule) in rules {
            let fault = fault(&zip(&[entry]));
            assert!(
                fault.starts_with("the entry `go/x")
                    && fault.ends_with(&format!("is refused: {rule}")),
                "{fault}"
            );
        }
        let full = zipped_as(b"go/x/", 0, 0, b"abc", b"abc");
        assert_eq!(fault(&zip(&[full])), "in the entry `go/x/`: it is a folder with content");
    }

    #[test]
    fn names_are_held_to_their_rules() {
        let rules: [(&[&str], &str); 6] = [
            (
                &["go/a", "go/../../etc/passwd"],
                "the entry `go/../../etc/passwd` is refused: its name has an element of dots only",
            ),
            (
                &["go/a", "go/\x1b"],
                "the entry `go/\\u{1b}` is refused: its name has the character '\\u{1b}'",
            ),
            (&["go/a", "b"], "the entry `b` is refused: its name does not begin with `go/`"),
            (&["go/a", "go/a"], "the entry `go/a` is refused: its name stands there twice"),
            (
                &["go/a", "go/A/x"],
                "the entry `go/A/x` is refused: its name differs from `a` only in case",
            ),
            (&["go/a", "go/a/x"], "the entry `go/a/x` is refused: `a` is a file and a folder"),
        ];
        for (names, rule) in rules {
            let entries: Vec<_> = names.iter().map(|name| streamed(name, b"")).collect();
            assert_eq!(fault(&zip(&entries)), rule);
        }
    }

    #[test]
    fn every_byte_belongs_to_one_entry() {
        let honest = zip(&[x()]);
        let twice = {
            // Two records of the directory for one local entry: what overlap bombs multiply.
            let mut zip = zip(&[x(), zipped("go/y", b"")]);
            let at = x().local.len() + zipped("go/y", b"").local.len() + x().central.len() + 42;
            zip[at..at + 4].fill(0);
            zip
        };
        let hidden = Zipped { central: Vec::new(), local: zipped("go/h", b"evil").local };
        let mut between = zip(&[x(), hidden.clone(), zipped("go/y", b"")]);
        let mut after = zip(&[x(), hidden.clone()]);
        let mut before = zip(&[hidden, x()]);
        for (zip, count) in [(&mut between, 2), (&mut after, 1), (&mut before, 1)] {
            let end = zip.len() - 22;
            zip[end + 8] = count;
            zip[end + 10] = count;
        }
        let reach = plain().central(20, &[200]).local(18, &[200]);
        let rules: [(Vec<u8>, &str); 9] = [
            (twice, "in the entry `go/x`: it overlaps what follows"),
            (
                zip(&[reach, zipped("go/y", &[1; 300])]),
                "in the entry `go/x`: it overlaps what follows",
            ),
            (between, "in the entry `go/x`: there are bytes that belong to no entry"),
            (after, "in the entry `go/x`: there are bytes that belong to no entry"),
            (before, "there are bytes that belong to no entry"),
            ([b"MZ".to_vec(), honest.clone()].concat(), "it is something else, not an archive"),
            ([honest.clone(), vec![0]].concat(), "it does not end with a zip's end record"),
            (
                [honest.clone(), honest.clone()].concat(),
                "its end record is malformed: the central directory is not where it says",
            ),
            (
                [zip(&[]), honest].concat(),
                "its end record is malformed: the central directory is not where it says",
            ),
        ];
        for (archive, rule) in rules {
            assert_eq!(fault(&archive), rule);
        }
    }

    #[test]
    fn the_end_record_must_be_the_plain_one() {
        let change = |from_end: usize, bytes: &[u8]| {
            let mut zip = zip(&[x(), zipped("go/y", b"")]);
            let at = zip.len() - from_end;
            zip[at..at + bytes.len()].copy_from_slice(bytes);
            zip
        };
        let mut commented = x().central(32, &[0xff, 0x0f]);
        commented.central.resize(commented.central.len() + 0xfff, b' ');
        let comment = [change(2, &[3, 0]), b"abc".to_vec()].concat();
        let rules: [(Vec<u8>, &str); 12] = [
            (
                zip(&[commented]),
                "its central directory is malformed: it is too long for its entries",
            ),
            (
                zip(&[x().central(34, &[1])]),
                "its central directory is malformed: it speaks of more than one disk",
            ),
            (zip(&[]), "it holds no file"),
            (b"PK\x05\x06".to_vec(), "it is cut off"),
            (comment, "it does not end with a zip's end record"),
            (change(2, &[1, 0]), "its end record has a comment"),
            (change(18, &[1]), "its end record is malformed: it speaks of more than one disk"),
            (change(14, &[1]), "its end record is malformed: it has two counts of the entries"),
            (
                change(10, &[0xff; 4]),
                "its end record is malformed: the central directory is not where it says",
            ),
            (
                change(6, &[0xff; 4]),
                "its end record is malformed: the central directory is not where it says",
            ),
            (
                change(14, &[1, 0, 1, 0]),
                "its central directory is malformed: it has more than the announced records",
            ),
            (
                change(14, &[3, 0, 3, 0]),
                "its central directory is malformed: it has fewer records than announced",
            ),
        ];
        for (archive, rule) in rules {
            assert_eq!(fault(&archive), rule);
        }
        assert_eq!(fault(&change(14, &[0xff; 4])), "it holds more than 50000 files and folders");
    }

    /// One reading only: whatever bit of a sound zip is changed, it is refused or it is the same
    /// tree.
    #[test]
    fn no_changed_byte_changes_the_tree() {
        let honest = zip(&[x(), zipped("go/bin/y", b"more"), streamed("go/doc/z", &[9; 99])]);
        let files = unpacked(&honest, &ARCHIVE).1.unwrap().files().to_vec();
        for (at, mask) in (0..honest.len()).flat_map(|at| [(at, 0xff), (at, 1), (at, 8)]) {
            let mut changed = honest.clone();
            changed[at] ^= mask;
            if let Ok(staged) = unpacked(&changed, &ARCHIVE).1 {
                assert_eq!(staged.files(), files, "byte {at} xor {mask}");
            }
        }
    }

    #[test]
    fn a_zip_cut_off_anywhere_is_refused() {
        let honest = zip(&[x(), zipped("go/y", b"more")]);
        for len in 0..honest.len() {
            fault(&honest[..len]);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
            keep in any::<prop::sample::Index>(),
            cut: bool,
        ) {
            let mut bytes = zip(&[x(), zipped("go/a/y", b"more"), streamed("go/z", &[9; 99])]);
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let end = bytes.len() - 22;
            if cut {
                bytes.drain(keep.index(end)..end);
            }
            let _ = unpacked(&bytes, &ARCHIVE);
        }
    }
}
