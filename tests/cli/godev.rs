//! The download site's index and archives, in go.dev's own format: what each row leads to, and what must prove it.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use gvm_core::module;
use gvm_core::target::Target;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::{ZipArchive, ZipWriter};

use crate::env::TestEnv;
use crate::mint::{self, Mint, here};
use crate::site::{Answer, Site};
use crate::stock::{NEWER, Stock, line, stock};

/// An archive without its end.
fn name() -> String {
    here("go1.22.4.linux-amd64")
}

fn at(site: &Site) -> TestEnv {
    TestEnv::at(site).set("GVM_SOURCES", "godev")
}

/// An index of one release with this row, filled up to a whole one.
fn index(version: &str, row: &Value) -> Answer {
    let mut file = json!({ "os": Target::host().os(), "arch": "amd64", "version": version, "kind": "archive" });
    file.as_object_mut().unwrap().extend(row.as_object().unwrap().clone());
    let index = json!([{ "version": version, "stable": true, "files": [file] }]);
    Answer::Bytes(serde_json::to_vec_pretty(&index).unwrap())
}

/// The row of an archive.
fn row(name: &str, bytes: &[u8]) -> Value {
    json!({ "filename": name, "size": bytes.len(), "sha256": hex::encode(Sha256::digest(bytes)) })
}

#[test]
fn a_small_archive_is_installed_as_far_as_the_database_covers_it() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let env = at(&site);
    let installed = env.gvm("install --json 1.22").ok().json()["installed"][0].take();
    assert_eq!(installed["source"], site.godev());
    assert_eq!(installed["proof"]["kind"], "sumdb");
    assert!(env.goroot("1.22.4").join("src/cmd/go.mod").is_file());
    assert!(!env.goroot("1.22.4").join("doc").exists(), "no proof covers it");
    let _ = env.gvm("verify").ok();
    assert_eq!(
        site.count("linux-amd64.zip"),
        usize::from(cfg!(windows)),
        "the module was not asked for"
    );
}

#[test]
fn a_digest_of_the_index_tells_damage_and_the_database_tells_lies() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let release = ("1.22.4".to_owned(), Target::host());
    let (name, path) = (format!("{}.tar.gz", name()), format!("/dl/{}.tar.gz", name()));
    let mut files = mint::archive_files(&release);
    files.push(("go/src/more.go".into(), b"package more\n".to_vec()));
    let lie = mint::tar_gz(&files);

    site.put(&path, Answer::Bytes(lie.clone()));
    let mut wrong = row(&name, &lie);
    wrong["sha256"] = "00".repeat(32).into();
    site.put("/dl/", index("go1.22.4", &wrong));
    let env = at(&site);
    insta::assert_snapshot!(env.gvm("install 1.22.4").run().code(5), @r"
    code 5
    err: Downloading go1.22.4.linux-amd64.tar.gz (SIZE)
    err: error: http://SITE/dl/go1.22.4.linux-amd64.tar.gz has the sha256 SHA256 instead of SHA256
    err: hint: nothing was installed; hold the digest against the publisher's, or take another source: `--source godev` or `--source goproxy`
    ");
    env.assert_nothing_left();

    site.put("/dl/", index("go1.22.4", &row(&name, &lie)));
    let env = at(&site);
    insta::assert_snapshot!(env.gvm("install 1.22.4").run().code(5), @r"
    code 5
    err: Downloading go1.22.4.linux-amd64.tar.gz (SIZE)
    err: Unpacking go1.22.4.linux-amd64.tar.gz
    err: error: golang.org/toolchain@v0.0.1-go1.22.4.linux-amd64 has the hash H1, and the checksum database holds H1
    err: hint: nothing was installed; try another source: `--source godev` or `--source goproxy`
    ");
    env.assert_nothing_left();
}

/// What is there has another size than the index says, or is a page for people.
#[test]
fn what_is_not_the_archive_of_the_index_is_refused() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let path = format!("/dl/{}.{}", name(), if cfg!(windows) { "zip" } else { "tar.gz" });
    let whole = site.get(&path);
    for (what, answer) in [
        ("shorter", Answer::Bytes(whole[..100].to_vec())),
        ("a page", Answer::Page(200, "<!DOCTYPE html><title>Sorry</title>")),
        ("longer", Answer::Bytes([whole.as_slice(), b"more"].concat())),
    ] {
        site.put(&path, answer);
        let env = at(&site);
        let _ = env.gvm("install 1.22.4").run().code_of(what, 5);
        env.assert_nothing_left();
    }
    site.put(&path, Answer::Page(404, "not here"));
    let _ = at(&site).gvm("install 1.22.4").run().code_of("missing", 3);
}

#[test]
fn a_row_may_lack_digest_and_size_and_may_be_a_zip() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let release = ("1.22.4".to_owned(), Target::host());
    site.put(
        "/dl/",
        index(
            "go1.22.4",
            &json!({ "filename": format!("{}.tar.gz", name()), "size": 0, "sha256": "" }),
        ),
    );
    let _ = at(&site).gvm("install 1.22.4").ok();

    let zip = mint::zip(&mint::archive_files(&release));
    site.put("/dl/", index("go1.22.4", &row(&format!("{}.zip", name()), &zip)));
    site.put(format!("/dl/{}.zip", name()), Answer::Bytes(zip));
    let env = at(&site);
    let _ = env.gvm("use 1.22.4").ok();
    assert_eq!(env.go("version").ok().line(), "go version go1.22.4 linux/amd64");
}

#[test]
fn without_the_database_nothing_of_a_mirror_is_proved() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    site.put("/proxy/sumdb/sum.example.com/supported", Answer::Page(403, "<p>forbidden"));
    let env = at(&site);
    insta::assert_snapshot!(env.gvm("install 1.22.4").run().code(4), @r"
    code 4
    err: Downloading go1.22.4.linux-amd64.tar.gz (SIZE)
    err: error: no source could deliver Go 1.22.4
    err:   http://SITE/dl: the checksum database was not reached: http://SITE/proxy/sumdb/sum.example.com/supported answered 403 Forbidden
    err: hint: it is asked through GOPROXY where a proxy offers it: see `go env GOPROXY`
    ");
    assert_eq!(env.published(), [""; 0]);
    assert_eq!(env.names("staging"), [""; 0]);
    let env = at(&site).set("GOSUMDB", "off");
    insta::assert_snapshot!(env.gvm("install 1.22.4").run().code(5), @r"
    code 5
    err: error: no source could deliver Go 1.22.4
    err:   http://SITE/dl: golang.org/toolchain@v0.0.1-go1.22.4.linux-amd64 is proved by nothing: checksum database disabled by GOSUMDB=off
    err: hint: allow the checksum database (unset GOSUMDB), or give a digest for a local archive with `--sha256`
    ");
    assert_eq!(env.published(), [""; 0]);
}

#[test]
fn odd_rows_are_understood() {
    let site = Site::mint(Mint::new(&["1.22.4"]).and("1.22.4", "linux/arm"));
    let planned = at(&site).gvm("install --dry-run --json --target linux/arm 1.22.4").ok().json();
    let planned = &planned["planned"][0];
    assert_eq!(planned["tag"], "go1.22.4.linux-arm");
    assert!(planned["url"].as_str().unwrap().ends_with("/dl/go1.22.4.linux-armv6l.tar.gz"));
    assert_eq!(site.count(".tar.gz"), 0, "nothing is fetched");

    let bootstrap =
        json!({ "filename": "go1.4-bootstrap-20171003.tar.gz", "os": "4", "arch": "bootstrap" });
    site.put("/dl/", index("go1.4", &bootstrap));
    let _ = at(&site).gvm("list-remote").ok();
    let _ = at(&site).gvm("install 1.4").run().code(3);
}

#[test]
fn an_index_that_is_none_is_told_from_a_version_that_is_none() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    for (page, code) in [
        (Answer::Page(200, "<!DOCTYPE html><title>Downloads</title>"), 4),
        (Answer::Page(404, "not here"), 4),
        (Answer::Page(403, "not for you"), 4),
        (Answer::Bytes(b"[]".to_vec()), 3),
        (Answer::Bytes(b"[{\"version\":\"go1.22.4\",\"stable\":true,\"files\":[]}]".to_vec()), 3),
    ] {
        site.put("/dl/", page);
        let outcome = at(&site).gvm("install 1.22.4").run();
        let _ = outcome.code_of("an index", code);
    }
}

/// The official archive as it is made from the same tree as the module: named below `go/`, `go.mod` by its own name.
fn archive_of_the_real_tree(stock: &Stock, end: &str) -> Vec<u8> {
    let module = &here(&format!("v0.0.1-go{NEWER}.linux-amd64"));
    let name = here(&format!("made/go{NEWER}.linux-amd64")) + "." + end;
    let path = stock.made(&name, |into| {
        let mut zip = ZipArchive::new(File::open(stock.zip(module)).unwrap()).unwrap();
        match end {
            "zip" => as_zip(&mut zip, module, into),
            _ => as_tar_gz(&mut zip, module, into),
        }
        Ok(true)
    });
    std::fs::read(path.unwrap().unwrap()).unwrap()
}

fn as_zip(module: &mut ZipArchive<File>, version: &str, into: &mut File) {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..module.len() {
        let entry = module.by_index_raw(index).unwrap();
        let name = below_go(&entry.name().unwrap(), version);
        zip.raw_copy_file_rename(entry, name).unwrap();
    }
    into.write_all(&zip.finish().unwrap().into_inner()).unwrap();
}

fn as_tar_gz(module: &mut ZipArchive<File>, version: &str, into: &mut File) {
    let mut tar = tar::Builder::new(GzEncoder::new(into, Compression::fast()));
    for index in 0..module.len() {
        let entry = module.by_index(index).unwrap();
        let name = below_go(&entry.name().unwrap(), version);
        let mut header = tar::Header::new_gnu();
        header.set_size(entry.size());
        header.set_mode(if module::is_executable(&name[3..]) { 0o755 } else { 0o644 });
        tar.append_data(&mut header, &name, BufReader::new(entry).by_ref()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap();
}

fn below_go(name: &str, version: &str) -> String {
    let path = name.strip_prefix(&format!("{}@{version}/", module::PATH)).unwrap();
    format!("go/{}", module::path_in_goroot(path).unwrap())
}

fn real_archive_is_installed(end: &str) {
    let Some(stock) = stock() else { return };
    let site = Site::stock(stock);
    let archive = archive_of_the_real_tree(stock, end);
    let name = here(&format!("go{NEWER}.linux-amd64")) + "." + end;
    let tag = format!("go{NEWER}");
    site.put("/dl/", index(&tag, &row(&name, &archive)));
    site.put(format!("/dl/{name}"), Answer::Bytes(archive.clone()));
    let env = at(&site);
    let used = env.gvm("use --json").arg(line(NEWER)).ok().json();
    assert_eq!(used["installed"][0]["proof"]["kind"], "sumdb");
    let shown = format!("go version {tag} {}", Target::host());
    assert_eq!(env.go("version").ok().line(), shown);
    let _ = env.gvm("verify").ok();

    let mut wrong = row(&name, &archive);
    wrong["sha256"] = "00".repeat(32).into();
    site.put("/dl/", index(&tag, &wrong));
    let env = at(&site);
    let _ = env.gvm("install").arg(NEWER).run().code(5);
    env.assert_nothing_left();
}

#[test]
fn a_tar_gz_of_the_real_tree_is_checked_by_sha256_and_h1() {
    real_archive_is_installed("tar.gz");
}

#[test]
fn a_zip_of_the_real_tree_is_checked_by_sha256_and_h1() {
    real_archive_is_installed("zip");
}
