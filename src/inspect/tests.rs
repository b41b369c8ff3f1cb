//! Forged programs read, and the fuzzer's seeds made of them.

use std::fs;
use std::path::Path;

use super::binary::{Libc, Purpose, Signature};
use super::forge::{Elf, Pe, fat, go_block, macho};
use super::plain::Plain;
use super::*;

const GLIBC: &str = "/lib64/ld-linux-x86-64.so.2";
/// Where Go's block stands in a static program.
const BLOCK: u64 = 0x40_0160;
const AMD64: u32 = 0x0100_0007;
const ARM64: u32 = 0x0100_000c;

pub(super) fn binary_of(content: &[u8]) -> Binary {
    match read(content, "amd64") {
        Ok(Content::Binary(binary)) => *binary,
        other => panic!("{other:?}"),
    }
}

fn block() -> Vec<u8> {
    go_block("go1.27.4", "path\tcmd/go\nbuild\tGOARCH=amd64\nbuild\tGOAMD64=v3\n")
}

fn dynamic<'a>() -> Elf<'a> {
    Elf {
        kind: 3,
        interpreter: Some(GLIBC),
        needed: &["libz.so.1", "libc.so.6"],
        versions: &[("libc.so.6", "GLIBC_2.34"), ("libz.so.1", "ZLIB_1.2")],
        runpath: Some("$ORIGIN/../lib:/opt/lib"),
        go: Some(block()),
        ..Elf::default()
    }
}

fn library<'a>() -> Elf<'a> {
    Elf {
        kind: 3,
        soname: Some("libz.so.1"),
        defines: &["libz.so.1", "ZLIB_1.2"],
        ..Elf::default()
    }
}

fn windows<'a>() -> Pe<'a> {
    Pe {
        is_64: true,
        imports: &[
            ("KERNEL32.dll", &["WriteFile", "ExitProcess"]),
            ("api-ms-win-crt-stdio-l1-1-0.dll", &["fputs"]),
            ("WS2_32.dll", &["115"]),
        ],
        delayed: &[("winmm.dll", &["timeBeginPeriod"])],
        is_signed: true,
        go: Some(block()),
    }
}

#[test]
fn a_dynamic_elf_program_tells_what_it_needs() {
    let binary = binary_of(&dynamic().build());
    assert_eq!((binary.purpose, binary.bits), (Purpose::Program, 64));
    assert_eq!((binary.architecture.as_str(), binary.system.as_deref()), ("amd64", Some("linux")));
    assert_eq!(binary.interpreter.as_deref(), Some(GLIBC));
    let libraries: Vec<_> = binary.libraries.iter().map(|it| (&*it.name, &*it.versions)).collect();
    let expected: [(&str, &[String]); 2] =
        [("libz.so.1", &["ZLIB_1.2".into()]), ("libc.so.6", &["GLIBC_2.34".into()])];
    assert_eq!(libraries, expected);
    assert_eq!(binary.search.runpath, ["$ORIGIN/../lib", "/opt/lib"]);
    assert_eq!(binary.libc, Libc::Glibc(Some("2.34".into())));
    assert_eq!((binary.hardening.pie, binary.hardening.nx), (Some(true), Some(true)));
    assert_eq!(binary.go.unwrap().setting("GOAMD64"), Some("v3"));
    assert_eq!(binary.needed_length, None);
}

#[test]
fn pointers_of_older_go_are_followed() {
    let (_, content) = seeds().into_iter().find(|(name, _)| *name == "elf-pointers").unwrap();
    assert_eq!(binary_of(&content).go.unwrap().version, "go1.13.1");
}

#[test]
fn an_elf_library_tells_what_it_has() {
    let binary = binary_of(&library().build());
    assert_eq!((binary.purpose, binary.hardening.pie), (Purpose::Library, None));
    assert_eq!(binary.defines, ["libz.so.1", "ZLIB_1.2"]);
}

#[test]
fn a_windows_program_tells_its_functions_ordinals_and_what_it_loads_later() {
    for is_64 in [true, false] {
        let binary = binary_of(&Pe { is_64, ..windows() }.build());
        assert_eq!(binary.bits, if is_64 { 64 } else { 32 });
        let libraries: Vec<_> = binary
            .libraries
            .iter()
            .map(|it| (it.name.as_str(), it.functions.join(" "), it.is_optional))
            .collect();
        let expected = [
            ("KERNEL32.dll", "WriteFile ExitProcess".to_owned(), false),
            ("api-ms-win-crt-stdio-l1-1-0.dll", "fputs".into(), false),
            ("WS2_32.dll", "#115".into(), false),
            ("winmm.dll", "timeBeginPeriod".into(), true),
        ];
        assert_eq!(libraries, expected);
        assert_eq!(
            (&binary.libc, &binary.signature),
            (&Libc::Ucrt, &Some(Signature::Authenticode(8)))
        );
        assert_eq!(binary.minimum.unwrap().version, "6.1");
        assert_eq!((binary.hardening.aslr, binary.hardening.guard), (Some(true), Some(false)));
        assert_eq!(binary.go.unwrap().path.as_deref(), Some("cmd/go"));
    }
}

#[test]
fn a_macos_program_tells_its_signature_and_the_oldest_system() {
    let binary = binary_of(&macho(ARM64, true, &block()));
    assert_eq!((binary.architecture.as_str(), binary.system.as_deref()), ("arm64", Some("darwin")));
    assert_eq!(binary.signature, Some(Signature::AdHoc { identifier: "a.out".into() }));
    assert_eq!(binary.minimum.unwrap().version, "13.0");
    assert_eq!(binary.libraries[0].name, "/usr/lib/libSystem.B.dylib");
    assert_eq!((binary.libc, binary.hardening.pie), (Libc::System, Some(true)));
    assert_eq!(binary.go.unwrap().version, "go1.27.4");
    assert_eq!(binary_of(&macho(ARM64, false, &block())).signature, None);
}

#[test]
fn of_several_architectures_the_wanted_one_is_told() {
    let content = fat(&[(ARM64, macho(ARM64, true, &[])), (AMD64, macho(AMD64, false, &block()))]);
    for (wanted, told) in [("amd64", "amd64"), ("arm64", "arm64"), ("386", "arm64")] {
        let Ok(Content::Binary(binary)) = read(&content[..], wanted) else { panic!("{wanted}") };
        assert_eq!((binary.architecture.as_str(), binary.go.is_some()), (told, told == "amd64"));
        assert_eq!(binary.slices, ["arm64", "amd64"]);
        assert_eq!(binary.needed_length, None);
    }
}

/// Each prefix of each forged file, and each byte of it changed: an answer or an error, and what is cut off is told.
#[test]
fn what_is_cut_off_or_spoiled_anywhere_is_answered() {
    for (name, content) in seeds() {
        for length in 0..content.len() {
            let cut = &content[..length];
            match read(cut, "amd64") {
                Ok(Content::Binary(it)) => {
                    let is_told = it.needed_length.is_none_or(|needed| needed > length as u64);
                    assert!(is_told, "{name} cut at {length}: {it:?}");
                }
                Ok(Content::Plain(_)) | Err(_) => {}
            }
        }
        let mut spoiled = content.clone();
        for place in 0..content.len() {
            for value in [0, 0x7f, 0xff, content[place] ^ 1] {
                spoiled[place] = value;
                let _ = read(&spoiled[..], "amd64");
            }
            spoiled[place] = content[place];
        }
    }
}

#[test]
fn what_begins_like_a_program_and_is_none_is_an_error_and_the_rest_is_not() {
    for head in [
        &b"\x7fELF"[..],
        b"\x7fELF\x02\x01\x01",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe\0\0\0\x01",
    ] {
        assert!(read(head, "amd64").is_err(), "{head:?}");
    }
    for (head, plain) in [
        (&b"MZ\0\0"[..], Plain::Known("a DOS program")),
        (b"\xca\xfe\xba\xbe\0\0\0\x34", Plain::Known("a Java class")),
        (b"", Plain::Empty),
    ] {
        match read(head, "amd64") {
            Ok(Content::Plain(found)) => assert_eq!(found, plain),
            other => panic!("{head:?}: {other:?}"),
        }
    }
}

/// What the fuzzer begins from, by name.
fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let mut big = dynamic().build();
    // The same for a big-endian machine, which nothing in it is then right for.
    big[5] = 2;
    let mut short = library().build();
    short[4] = 1;
    // The block follows the dynamic table, and what it points to follows the block.
    let at = BLOCK + 32;
    let mut pointers = b"\xff Go buildinf:\x08\x00".to_vec();
    for number in [at, 0, at + 16, 8] {
        pointers.extend(number.to_le_bytes());
    }
    pointers.extend(b"go1.13.1");
    vec![
        ("elf", Elf { go: Some(block()), ..Elf::default() }.build()),
        ("elf-dynamic", dynamic().build()),
        ("elf-library", library().build()),
        ("elf-arm64", Elf { machine: 0xb7, ..Elf::default() }.build()),
        ("elf-pointers", Elf { go: Some(pointers), ..Elf::default() }.build()),
        ("elf-big", big),
        ("elf-32", short),
        ("pe", windows().build()),
        ("pe-32", Pe { is_64: false, is_signed: false, delayed: &[], ..windows() }.build()),
        ("macho", macho(ARM64, true, &block())),
        ("macho-unsigned", macho(AMD64, false, &[])),
        ("fat", fat(&[(ARM64, macho(ARM64, true, &[])), (AMD64, macho(AMD64, false, &[]))])),
        ("script", b"#! /usr/bin/env  bash -x \n".to_vec()),
        ("text", "package main // Größe\n".as_bytes().to_vec()),
        ("dos", b"MZ\0\0".to_vec()),
    ]
}

/// `GVM_TEST_WRITE_SEEDS=1` writes them.
#[test]
#[allow(clippy::disallowed_methods, reason = "the test's own setting")]
fn the_fuzzers_seeds_are_these() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/inspect");
    let writes = std::env::var("GVM_TEST_WRITE_SEEDS").is_ok();
    for (name, content) in seeds() {
        let path = folder.join(name);
        if writes {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &content).unwrap();
        }
        assert!(fs::read(&path).is_ok_and(|it| it == content), "{}", path.display());
    }
}
