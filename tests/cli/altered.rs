//! Archives that are not what was published: refused with 5, and nothing of them stays.

use std::fs::File;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use gvm_core::target::Target;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::env::TestEnv;
use crate::mint::{self, File as Entry, Mint, here};
use crate::site::{Answer, Site};
use crate::stock::{NEWER, OLDER, stock};

const ZIP: &str = "/proxy/golang.org/toolchain/@v/v0.0.1-go1.22.10.linux-amd64.zip";

/// A real release's module.
fn release(version: &str) -> String {
    format!("v0.0.1-go{version}.linux-amd64")
}

/// The zip at a path with this done to each entry: its new name, and its new content if that changes.
fn rewritten(
    path: &Path,
    mut change: impl FnMut(&str) -> (String, Option<fn(&mut Vec<u8>)>),
    more: &[&str],
) -> Vec<u8> {
    let mut old = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut entry = old.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        match change(&name) {
            (name, None) => {
                drop(entry);
                new.raw_copy_file_rename(old.by_index_raw(index).unwrap(), name).unwrap();
            }
            (name, Some(alter)) => {
                let mut content = Vec::new();
                entry.read_to_end(&mut content).unwrap();
                alter(&mut content);
                new.start_file(name, SimpleFileOptions::default()).unwrap();
                new.write_all(&content).unwrap();
            }
        }
    }
    for name in more {
        new.start_file(*name, SimpleFileOptions::default()).unwrap();
        new.write_all(b"package more\n").unwrap();
    }
    new.finish().unwrap().into_inner()
}

/// What is said of this archive in the place of the newer release's, which is called `go1.N`.
fn refused(site: &Site, archive: Vec<u8>) -> String {
    site.put(ZIP.replace("1.22.10", NEWER), Answer::Bytes(archive));
    let env = TestEnv::at(site);
    let refused = env.gvm("use").arg(NEWER).run().code(5);
    env.assert_nothing_left();
    assert_eq!(env.names("current"), [""; 0]);
    refused.to_string().replace(NEWER, "1.N")
}

#[test]
fn a_real_zip_with_one_byte_changed_is_refused() {
    let Some(stock) = stock() else { return };
    let site = Site::stock(stock);
    let real = stock.zip(&release(NEWER));
    let alter: fn(&mut Vec<u8>) = |content| content[0] ^= 1;
    let change =
        |name: &str| (name.to_owned(), name.ends_with("/src/fmt/print.go").then_some(alter));
    insta::assert_snapshot!(refused(&site, rewritten(&real, change, &[])), @r"
    code 5
    err: Downloading v0.0.1-go1.N.linux-amd64.zip (SIZE)
    err: Unpacking v0.0.1-go1.N.linux-amd64.zip (SIZE)
    err: error: golang.org/toolchain@v0.0.1-go1.N.linux-amd64 has the hash H1, and the checksum database holds H1
    err: hint: nothing was installed; try another source: `--source godev` or `--source goproxy`
    ");
}

#[test]
fn a_real_zip_with_one_more_file_is_refused() {
    let Some(stock) = stock() else { return };
    let site = Site::stock(stock);
    let real = stock.zip(&release(NEWER));
    let more = &here(&format!("golang.org/toolchain@{}/src/fmt/more.go", release(NEWER)));
    let archive = rewritten(&real, |name| (name.to_owned(), None), &[more]);
    insta::assert_snapshot!(refused(&site, archive), @r"
    code 5
    err: Downloading v0.0.1-go1.N.linux-amd64.zip (SIZE)
    err: Unpacking v0.0.1-go1.N.linux-amd64.zip (SIZE)
    err: error: golang.org/toolchain@v0.0.1-go1.N.linux-amd64 has the hash H1, and the checksum database holds H1
    err: hint: nothing was installed; try another source: `--source godev` or `--source goproxy`
    ");
}

#[test]
fn another_real_version_under_the_name_is_refused() {
    let Some(stock) = stock() else { return };
    let site = Site::stock(stock);
    let other = stock.zip(&release(OLDER));
    let archive = rewritten(&other, |name| (name.replace(OLDER, NEWER), None), &[]);
    insta::assert_snapshot!(refused(&site, archive), @r"
    code 5
    err: Downloading v0.0.1-go1.N.linux-amd64.zip (SIZE)
    err: Unpacking v0.0.1-go1.N.linux-amd64.zip (SIZE)
    err: error: golang.org/toolchain@v0.0.1-go1.N.linux-amd64 has the hash H1, and the checksum database holds H1
    err: hint: nothing was installed; try another source: `--source godev` or `--source goproxy`
    ");
}

/// The same on a small release, where each way of altering costs nothing.
#[test]
fn each_way_of_altering_a_module_is_refused() {
    let files = || mint::module_files(&("1.22.10".to_owned(), Target::host()));
    let prefix = &here("golang.org/toolchain@v0.0.1-go1.22.10.linux-amd64/");
    let with = |name: &str| -> Vec<Entry> {
        files().into_iter().chain([(name.to_owned(), b"more".to_vec())]).collect()
    };
    let other = mint::module_files(&("1.22.9".to_owned(), Target::host()));
    let table: [(&str, Vec<Entry>); 9] = [
        ("one file less", files().into_iter().skip(1).collect()),
        ("a file below doc/, which no archive's proof covers", with(&format!("{prefix}doc/more"))),
        ("a file below test/", with(&format!("{prefix}test/more.go"))),
        ("a go.mod, which no module may hold", with(&format!("{prefix}src/vendor/go.mod"))),
        ("another version's names", other),
        ("a file outside", with("more")),
        ("a file above", with(&format!("{prefix}../../more"))),
        ("an absolute path", with("/tmp/more")),
        ("a name twice", with(&format!("{prefix}VERSION "))),
    ];
    for (what, files) in table {
        let site = Site::mint(Mint::new(&["1.22.10"]));
        site.put(ZIP, Answer::Bytes(mint::zip(&files)));
        let env = TestEnv::at(&site);
        let refused = env.gvm("install 1.22.10").run();
        let refused = refused.code_of(what, 5);
        assert!(!refused.stderr.contains("is installed"), "{what}: {refused}");
        env.assert_nothing_left();
    }
}

/// A broken-off archive is no attack: what came stays in the cache, and the next run goes on from there.
#[test]
fn a_broken_off_archive_is_resumed_and_a_corrupt_one_leaves_the_cache() {
    let site = Site::mint(Mint::new(&["1.22.10"]));
    let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy");
    let whole = site.get(ZIP);
    site.put(ZIP, Answer::Half(whole.clone()));
    let _ = env.gvm("install 1.22.10").run().code(4);
    assert_eq!(env.published(), [""; 0]);
    site.put(ZIP, Answer::Bytes(whole.clone()));
    let _ = env.gvm("install 1.22.10").ok();
    assert_eq!(site.resumed(), [whole.len() / 2]);

    let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy");
    site.put(ZIP, Answer::Bytes(b"PK, but no zip".to_vec()));
    let _ = env.gvm("install 1.22.10").run().code(5);
    env.assert_nothing_left();
}

/// Two trees of one log that cannot both be true: the one seen first stays, and both notes are shown.
#[test]
fn a_fork_of_the_checksum_database_is_refused() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.21.13").ok();
    let other = Site::mint(Mint::new(&["1.22.4", "1.21.13"]));
    let forked = env.gvm("install 1.22.4").var("GOPROXY", other.proxy()).run().code(5);
    assert_eq!(forked.stderr.matches("go.sum database tree").count(), 2, "{forked}");
    assert_eq!(env.published().len(), 1);
    let _ = env.gvm("install 1.22.4").ok();
}

#[test]
fn a_forged_record_is_refused() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let path =
        "/proxy/sumdb/sum.example.com/lookup/golang.org/toolchain@v0.0.1-go1.22.4.linux-amd64";
    let record = String::from_utf8(site.get(path)).unwrap();
    for (what, forged) in [
        ("other lines", record.replacen("h1:", "h1:A", 1)),
        ("another tree", record.replace("database tree\n1\n", "database tree\n2\n")),
        ("no signature", record.split("\n— ").next().unwrap().to_owned()),
        ("another signer", record.replace("— sum.example.com", "— sum.example.org")),
        ("another number", record.replacen('0', "7", 1)),
        ("a page", "<!DOCTYPE html>".to_owned()),
    ] {
        site.put(path, Answer::Bytes(forged.into_bytes()));
        let env = TestEnv::at(&site);
        let _ = env.gvm("install 1.22.4").run().code_of(what, 5);
        assert_eq!((env.published(), env.names("staging")), (vec![], vec![]), "{what}");
    }
}
