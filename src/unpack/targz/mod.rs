//! Unpacks a tar.gz by a pipeline: one thread does nothing but `inflate`, for that takes longest
//! and cannot be shared; this one reads the `entries` out of its `blocks` (`header` and `pax` their
//! fields) and makes the folders; `writers` write the files.

use std::path::Path;
use std::sync::mpsc::{channel, sync_channel};
use std::thread::{self, Scope, ScopedJoinHandle};

use super::Unpacked;
use super::archive::Archive;
use super::entry::Place;
use super::error::{Defect, Fault};
use super::halt::Halt;
use super::limits::Limits;
use super::write::{Tree, TreeFile};
use super::{Shape, workers};
use crate::report::Event;

mod blocks;
mod entries;
mod header;
mod inflate;
mod pax;
mod writers;

use blocks::{Blocks, Inflated};
use entries::Entries;
use writers::Queue;

/// Unpacks all of `archive` that `shape` wants into `tree`.
pub(super) fn unpack(
    archive: &Archive<'_>,
    shape: &Shape,
    limits: &Limits,
    tree: &Tree<'_>,
) -> Result<Unpacked, Fault> {
    tree.report.event(Event::UnpackStarted { name: archive.name(), total: None });
    let halt = Halt::default();
    let writers = workers();
    let (queue, jobs) = writers::queue(writers);
    let (send, blocks) = sync_channel(inflate::BLOCKS);
    let (used, free) = channel();
    let mut files: Vec<TreeFile> = Vec::new();
    let left_out = thread::scope(|scope| {
        let inflate = move || inflate::inflate(archive, limits, &send, &free);
        spawn(scope, archive, inflate)?;
        let work = || jobs.work(tree, &halt);
        let mut threads = vec![spawn(scope, archive, work)?];
        threads.extend((1..writers).map_while(|_| spawn(scope, archive, work).ok()));
        // Both channels end with this call, and with them the threads.
        let entries = Entries::new(Inflated { blocks, used }, shape, limits);
        let read = halt.check(read(entries, queue, shape, tree, &halt));
        for thread in threads {
            files.extend(thread.join().expect("a writer does not panic"));
        }
        Ok::<_, Fault>(read)
    })?;
    halt.into_result()?;
    if files.is_empty() {
        return Err(Defect::NoFile.into());
    }
    Ok(Unpacked { files, left_out: left_out.unwrap_or_default() })
}

/// Starts a thread, which the system may refuse.
fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    archive: &Archive<'_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, T>, Fault> {
    let refused = Fault::io("start a thread for", Path::new(archive.name()));
    thread::Builder::new().spawn_scoped(scope, work).map_err(refused)
}

/// Reads all `entries` into `queue`. Answers how many files are left out.
fn read<B: Blocks>(
    mut entries: Entries<'_, B>,
    mut queue: Queue,
    shape: &Shape,
    tree: &Tree<'_>,
    halt: &Halt,
) -> Result<usize, Fault> {
    let mut left_out = 0;
    while let Some(entry) = entries.next()? {
        for folder in entry.folders.iter().filter(|path| shape.wants_folder(path)) {
            tree.folder(folder)?;
        }
        match entry.place {
            Place::Top | Place::Folder(_) => {}
            Place::File(path) if shape.wants(&path) => {
                queue.begin(path, entry.size);
                entries.content(entry.size, |bytes| {
                    queue.add(bytes);
                    !halt.is_called()
                })?;
                queue.end();
            }
            Place::File(_) => {
                left_out += 1;
                entries.content(entry.size, |_| true)?;
            }
        }
        if halt.is_called() {
            return Ok(left_out);
        }
    }
    queue.flush();
    Ok(left_out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::forge::*;
    use super::TreeFile;

    fn x() -> Vec<u8> {
        tarred("go/x", b'0', b"content")
    }

    fn paths(archive: &[u8]) -> Vec<String> {
        let staged = unpacked(archive, &ARCHIVE).1.unwrap();
        staged.files().iter().map(|file| file.path.clone()).collect()
    }

    #[test]
    fn a_tar_of_another_writer_is_read() {
        let long = format!("go/{}x", "d/".repeat(60));
        for (new, name) in [
            (tar::Header::new_gnu as fn() -> tar::Header, &*long),
            (tar::Header::new_ustar, "go/x"),
        ] {
            let mut tar = tar::Builder::new(Vec::new());
            let mut header = new();
            header.set_size(600_000);
            header.set_mode(0o644);
            tar.append_data(&mut header, name, &[7; 600_000][..]).unwrap();
            let (into, staged) = unpacked(&gzip(&tar.into_inner().unwrap()), &ARCHIVE);
            assert_eq!(staged.unwrap().files().len(), 1);
            assert_eq!(std::fs::read(into.path().join(&name[3..])).unwrap(), [7; 600_000]);
        }
    }

    #[test]
    fn a_name_comes_from_the_header_its_prefix_or_the_header_before() {
        let prefixed =
            tarred_with("x", b'0', b"", |header| header[345..351].copy_from_slice(b"go/src"));
        let padded = tarred_with("go/x", b'\0', b"", |header| {
            header[124..136].copy_from_slice(b"          0 ");
        });
        assert_eq!(paths(&targz(&[prefixed])), ["src/x"]);
        assert_eq!(paths(&targz(&[padded])), ["x"]);
        assert_eq!(
            paths(&targz(&[paxed("17 path=go/Þfoo\n"), x(), tarred("go/y", b'0', b"")])),
            ["y", "Þfoo"]
        );
        assert_eq!(paths(&targz(&[paxed("12 mtime=12\n"), x()])), ["x"]);
        assert_eq!(paths(&targz(&[tarred("././@LongLink", b'L', b"go/long\0"), x()])), ["long"]);
    }

    #[test]
    fn only_files_and_folders_are_made() {
        for (kind, what) in [
            (b'1', "a hard link"),
            (b'2', "a symbolic link"),
            (b'3', "a device"),
            (b'4', "a device"),
            (b'6', "a pipe"),
            (b'S', "a sparse file"),
        ] {
            let refused = fault(&targz(&[x(), tarred("go/y", kind, b"")]));
            assert_eq!(
                refused,
                format!("the entry `go/y` is refused: it is {what}, not a file or a folder")
            );
        }
        for kind in [b'g', b'K', b'V', b'M', b'D', b'X', b'7', b'A'] {
            let refused = fault(&targz(&[tarred("go/y", kind, b""), x()]));
            let kind = char::from(kind);
            assert_eq!(
                refused,
                format!(
                    "in the entry `go/y`: it has a tar extension header of type '{kind}', \
                     which is not supported"
                )
            );
        }
        let full = tarred("go/y/", b'5', b"abc");
        assert_eq!(fault(&targz(&[full])), "in the entry `go/y/`: it is a folder with content");
    }

    #[test]
    fn names_are_held_to_their_rules() {
        let rules: [(&str, &str); 6] = [
            ("go/../../etc/passwd", "its name has an element of dots only"),
            ("/etc/passwd", "its name is absolute"),
            ("bin/go", "its name does not begin with `go/`"),
            ("go/x", "its name stands there twice"),
            ("go/X", "its name differs from `x` only in case"),
            ("go/x/y", "`x` is a file and a folder"),
        ];
        for (name, rule) in rules {
            let refused = format!("the entry `{name}` is refused: {rule}");
            assert_eq!(fault(&targz(&[x(), tarred(name, b'0', b"")])), refused);
            let pax = format!("{} path={name}\n", name.len() + 9);
            assert_eq!(fault(&targz(&[x(), paxed(&pax), tarred("go/y", b'0', b"")])), refused);
        }
    }

    #[test]
    fn an_extension_belongs_to_the_entry_right_after_it() {
        let dangling = "in the entry `PaxHeaders.0/x`: its extension header stands before no entry";
        let path = || paxed("13 path=go/a\n");
        let long = || tarred("L", b'L', b"go/a\0");
        assert_eq!(fault(&targz(&[path()])), dangling);
        assert_eq!(fault(&targz(&[path(), path(), x()])), dangling);
        assert_eq!(fault(&targz(&[path(), long(), x()])), dangling);
        assert_eq!(fault(&targz(&[long(), path(), x()])), dangling.replace("PaxHeaders.0/x", "L"));
        assert_eq!(
            fault(&targz(&[tarred("L", b'L', b"go/a"), x()])),
            "in the entry `L`: its GNU long name is malformed: it does not end in a NUL"
        );
        assert_eq!(
            fault(&targz(&[paxed("13 size=1024\n"), x()])),
            "in the entry `PaxHeaders.0/x`: it has the PAX keyword `size`, which is not supported"
        );
        let endless = tarred("p", b'x', format!("70000 uname={}\n", "x".repeat(69_987)).as_bytes());
        assert_eq!(
            fault(&targz(&[endless, x()])),
            "in the entry `p`: its PAX header is malformed: it is longer than 65536 bytes"
        );
    }

    #[test]
    fn a_header_must_be_plain() {
        let with = |change: fn(&mut [u8])| targz(&[tarred_with("go/x", b'0', b"", change)]);
        let rules: [(Vec<u8>, &str); 10] = [
            (with(|header| header[257..265].fill(0)), "it is not of the format ustar"),
            (with(|header| header[263] = b'1'), "it is not of the format ustar"),
            (
                with(|header| header[508..].copy_from_slice(b"tar\0")),
                "there is something in its padding",
            ),
            (
                with(|header| {
                    header[257..265].copy_from_slice(b"ustar  \0");
                    header[345] = b'x';
                }),
                "there is something in its GNU fields",
            ),
            (with(|header| header[124] = 0x80), "its size is not octal"),
            (with(|header| header[124] = b'-'), "its size is not octal"),
            (with(|header| header[124] = b'+'), "its size is not octal"),
            (with(|header| header[134] = b'8'), "its size is not octal"),
            (with(|header| header[124..136].fill(0)), "its size is not octal"),
            (gzip(&[7; 1024]), "it is not of the format ustar"),
        ];
        for (archive, rule) in rules {
            let refused = fault(&archive);
            let header = refused.strip_prefix("in the entry `go/x`: ").unwrap_or(&refused);
            assert_eq!(header, format!("its tar header is malformed: {rule}"));
        }
        let mut sum = tar(&[x()]);
        sum[0] = b'G';
        assert_eq!(
            fault(&gzip(&sum)),
            "in the entry `Go/x`: its tar header is malformed: its checksum is wrong"
        );
    }

    #[test]
    fn a_tar_ends_in_two_blocks_of_zeros_and_then_only_zeros() {
        assert_eq!(paths(&gzip(&[tar(&[x()]), vec![0; 9000]].concat())), ["x"]);
        let one = [x(), vec![0; 512]].concat();
        let rules: [(Vec<u8>, &str); 8] = [
            (x(), "it has no end mark"),
            (one.clone(), "it has no end mark"),
            ([one, x()].concat(), "it has no end mark"),
            ([tar(&[x()]), x()].concat(), "something follows its end mark"),
            ([tar(&[x()]), vec![0; 700_000], vec![1]].concat(), "something follows its end mark"),
            (tar(&[]), "it holds no file"),
            (x()[..515].to_vec(), "in the entry `go/x`: it is cut off"),
            (x()[..700].to_vec(), "in the entry `go/x`: it is cut off"),
        ];
        for (bytes, rule) in rules {
            assert_eq!(fault(&gzip(&bytes)), rule);
        }
    }

    #[test]
    fn the_gzip_is_one_member_and_whole() {
        let honest = targz(&[x()]);
        let (mut crc, mut size) = (honest.clone(), honest.clone());
        crc[honest.len() - 8] ^= 1;
        size[honest.len() - 1] ^= 1;
        let rules: [(Vec<u8>, &str); 5] = [
            (crc, "its gzip checksum is wrong"),
            (size, "its gzip length is wrong"),
            ([honest.clone(), vec![0]].concat(), "something follows the compressed data"),
            ([honest.clone(), honest.clone()].concat(), "something follows the compressed data"),
            (honest[..honest.len() - 1].to_vec(), "it is cut off"),
        ];
        for (bytes, rule) in rules {
            assert_eq!(fault(&bytes), rule);
        }
        for len in 0..honest.len() {
            fault(&honest[..len]);
        }
    }

    #[test]
    fn a_bomb_stops_early() {
        let zeros = vec![0; 64 << 20];
        let in_content = [x(), tarred("go/y", b'0', &zeros)].concat();
        for bomb in [zeros, in_content] {
            assert_eq!(fault(&gzip(&bomb)), "it unpacks to more than 32 times its size");
        }
    }

    /// One reading only: whatever bit of a sound archive is changed, it is refused or it is the
    /// same tree.
    #[test]
    fn no_changed_byte_changes_the_tree() {
        let honest = targz(&[x(), tarred("go/bin/y", b'0', b"more")]);
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
    fn the_first_fault_stops_a_pipeline_that_is_full() {
        let mut members: Vec<_> =
            (0..40).map(|n| tarred(&format!("go/{n}"), b'0', &[b'x'; 300_000])).collect();
        members.insert(20, tarred("go/..", b'0', b""));
        assert!(fault(&targz(&members)).ends_with("an element of dots only"));
        let into = tempfile::tempdir().unwrap();
        std::fs::create_dir(into.path().join("3")).unwrap();
        members.remove(20);
        let archive = file(&targz(&members));
        let stopped = super::super::unpack(
            &archive,
            "x",
            &ARCHIVE,
            into.path(),
            None,
            &crate::report::Silent,
        );
        assert!(matches!(stopped.unwrap_err().fault, super::Fault::Io { .. }));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            sound: bool,
        ) {
            let long = tarred("L", b'L', b"go/b\0");
            let mut bytes = tar(&[x(), paxed("13 path=go/a\n"), x(), long, x()]);
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if sound {
                set_sums(&mut bytes);
            }
            let (into, staged) = unpacked(&gzip(&bytes), &ARCHIVE);
            if let Ok(staged) = staged {
                let stands = |file: &TreeFile| into.path().join(&file.path).is_file();
                prop_assert!(staged.files().iter().all(stands));
            }
        }
    }

    /// Sets the checksums of all blocks that look like a header, so that a changed field gets past
    /// them.
    fn set_sums(bytes: &mut [u8]) {
        for block in bytes.chunks_exact_mut(512).filter(|block| block[257..262] == *b"ustar") {
            block[148..156].fill(b' ');
            let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
    }
}
