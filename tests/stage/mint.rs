//! [`Mint`]: Go releases of a few small files, as modules and as archives, and a checksum database of the test's own
//! that vouches for them. So a test proves what it installs, as ever, in milliseconds and without a network.
//!
//! The log is written straight from RFC 6962 and the tile format: one tile, as it has less than 256 records.

use std::io::{Cursor, Write};

use data_encoding::BASE64;
use ed25519_dalek::{Signer, SigningKey};
use flate2::Compression;
use flate2::write::GzEncoder;
use gvm_core::module;
use gvm_core::target::Target;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::fake;

/// The database's name.
const NAME: &str = "sum.example.com";

/// The go of a release: it says what it is and what it was given.
const GO: &str = "#!/bin/sh
case \"$1\" in
version) echo \"go version go@ linux/amd64\" ;;
exit) exit \"$2\" ;;
*) echo \"go@ GOROOT=$GOROOT GOTOOLCHAIN=$GOTOOLCHAIN GVM_GO=$GVM_GO args=$*\" ;;
esac
";

/// The files of a release, by their paths below GOROOT; `@` is the version. Those of `doc/` are in the archives only.
const FILES: [(&str, &str); 9] = [
    ("VERSION", "go@\ntime 2024-01-01T00:00:00Z\n"),
    ("bin/go", GO),
    ("bin/gofmt", "#!/bin/sh\necho gofmt of go@\n"),
    ("doc/go_spec.html", "<p>A specification\n"),
    ("go.env", "GOTOOLCHAIN=auto\n"),
    ("pkg/tool/linux_amd64/compile", "#!/bin/sh\n"),
    ("src/fmt/print.go", "package fmt // of go@\n"),
    ("src/go.mod", "module std\n"),
    ("src/cmd/go.mod", "module cmd\n"),
];

/// The name of an archive as this machine's is called. Tests speak of those for Linux.
pub fn here(name: &str) -> String {
    if !cfg!(windows) {
        return name.to_owned();
    }
    // The download site packs those for Windows otherwise.
    name.replace("linux-amd64.tar.gz", "windows-amd64.zip").replace("linux-amd64", "windows-amd64")
}

/// Releases for one target or more, and their log.
pub struct Mint {
    releases: Vec<(String, Target)>,
}

/// A file by its path, and its content.
pub type File = (String, Vec<u8>);

impl Mint {
    /// These versions, for this machine.
    pub fn new(versions: &[&str]) -> Self {
        let host = Target::host();
        Self { releases: versions.iter().map(|version| ((*version).to_owned(), host)).collect() }
    }

    /// One more, for another machine.
    pub fn and(mut self, version: &str, target: &str) -> Self {
        self.releases.push((version.to_owned(), Target::parse(target).unwrap()));
        self
    }

    /// The value of GOSUMDB that trusts this log.
    pub fn gosumdb() -> String {
        let (key, hash) = (public_key(), key_hash());
        format!("{NAME}+{}+{}", hex::encode(hash), BASE64.encode(&key))
    }

    /// What a module proxy answers at this path below its base.
    pub fn proxy(&self, path: &str) -> Option<Vec<u8>> {
        if let Some(rest) = path.strip_prefix("sumdb/").and_then(|rest| rest.strip_prefix(NAME)) {
            return self.database(rest.strip_prefix('/')?);
        }
        let file = path.strip_prefix("golang.org/toolchain/@v/")?;
        if file == "list" {
            let names = self.releases.iter().map(|release| module_version(release) + "\n");
            return Some(names.collect::<String>().into_bytes());
        }
        let (name, kind) = file.rsplit_once('.')?;
        let release = self.releases.iter().find(|release| asked(release) == name)?;
        match kind {
            "info" => Some(json!({ "Version": module_version(release) }).to_string().into_bytes()),
            "mod" => Some(b"module golang.org/toolchain\n".to_vec()),
            "zip" => Some(zip(&module_files(release))),
            _ => None,
        }
    }

    /// What the download site answers at this path below its base; the empty path is the index.
    pub fn godev(&self, path: &str) -> Option<Vec<u8>> {
        if path.is_empty() {
            return Some(serde_json::to_vec_pretty(&self.index()).unwrap());
        }
        let is_it = |release: &&(String, Target)| path.starts_with(&(archive_name(release) + "."));
        let release = self.releases.iter().find(is_it)?;
        match path.strip_prefix(&archive_name(release))? {
            ".tar.gz" => Some(tar_gz(&archive_files(release))),
            ".zip" => Some(zip(&archive_files(release))),
            _ => None,
        }
    }

    /// The index in go.dev's format, newest first.
    pub fn index(&self) -> Value {
        let one = |release: &(String, Target)| {
            let (version, target) = release;
            let end = if target.os() == "windows" { "zip" } else { "tar.gz" };
            let name = format!("{}.{end}", archive_name(release));
            let bytes = self.godev(&name).unwrap();
            let arch = if target.arch() == "arm" { "armv6l" } else { target.arch() };
            json!({
                "version": format!("go{version}"),
                "stable": !version.contains(['r', 'b']),
                "files": [{
                    "filename": name,
                    "os": target.os(),
                    "arch": arch,
                    "version": format!("go{version}"),
                    "sha256": hex::encode(Sha256::digest(&bytes)),
                    "size": bytes.len(),
                    "kind": "archive",
                }],
            })
        };
        self.releases.iter().rev().map(one).collect()
    }

    /// What the database answers below its own address.
    fn database(&self, path: &str) -> Option<Vec<u8>> {
        let leaves: Vec<[u8; 32]> = self.records().map(|text| leaf(&text)).collect();
        let size = leaves.len();
        let root = BASE64.encode(&tree(&leaves));
        let note = sign(&format!("go.sum database tree\n{size}\n{root}\n"));
        match path {
            "supported" => Some(Vec::new()),
            "latest" => Some(note.into_bytes()),
            _ if path == format!("tile/8/0/000.p/{size}") => Some(leaves.concat()),
            _ => {
                let wanted = path.strip_prefix("lookup/golang.org/toolchain@")?;
                let id = self.releases.iter().position(|release| asked(release) == wanted)?;
                Some(format!("{id}\n{}\n{note}", self.records().nth(id)?).into_bytes())
            }
        }
    }

    fn records(&self) -> impl Iterator<Item = String> {
        self.releases.iter().map(|release| {
            let name = module_version(release);
            let prefixed = format!("{}@{name}/", module::PATH);
            let h1 = h1(module_files(release), &prefixed);
            let go_mod = h1_of_go_mod();
            format!("{0} {name} {h1}\n{0} {name}/go.mod {go_mod}\n", module::PATH)
        })
    }
}

/// A release as it is asked for: addresses have no capital letters.
fn asked(release: &(String, Target)) -> String {
    let mut asked = module_version(release);
    for capital in 'A'..='Z' {
        asked = asked.replace(capital, &format!("!{}", capital.to_ascii_lowercase()));
    }
    asked
}

/// The files of a release as the module names them, in full.
pub fn module_files(release: &(String, Target)) -> Vec<File> {
    let prefix = format!("{}@{}/", module::PATH, module_version(release));
    let covered = files(release).into_iter().filter(|(path, _)| module::covers(path));
    covered
        .map(|(path, content)| (prefix.clone() + &module::name_in_module(&path), content))
        .collect()
}

/// A zip of these files.
pub fn zip(files: &[File]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A tar.gz of these files.
pub fn tar_gz(files: &[File]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(if module::is_executable(&name[3..]) { 0o755 } else { 0o644 });
        tar.append_data(&mut header, name, content.as_slice()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

/// The files of a release as the archives name them.
pub fn archive_files(release: &(String, Target)) -> Vec<File> {
    files(release).into_iter().map(|(path, content)| (format!("go/{path}"), content)).collect()
}

fn files((version, target): &(String, Target)) -> Vec<File> {
    let fill = |(path, content): &(&str, &str)| {
        ((*path).to_owned(), content.replace('@', version).into_bytes())
    };
    let files = FILES.iter().map(fill);
    if cfg!(windows) && target.os() == "windows" {
        files.map(for_windows).collect()
    } else {
        files.collect()
    }
}

/// The file as releases for Windows have it, where it can be run.
fn for_windows((path, content): File) -> File {
    let path = path.replace("linux_amd64", "windows_amd64");
    match module::is_executable(&path) {
        true => (path + ".exe", fake::program(&String::from_utf8(content).unwrap())),
        false => (path, content),
    }
}

fn module_version((version, target): &(String, Target)) -> String {
    module::module_version(version, target.os(), target.arch())
}

fn archive_name((version, target): &(String, Target)) -> String {
    let arch = if target.arch() == "arm" { "armv6l" } else { target.arch() };
    format!("go{version}.{}-{arch}", target.os())
}

/// `Hash1` of the go command's dirhash package.
fn h1(mut files: Vec<File>, prefix: &str) -> String {
    files.sort();
    let line = |(name, content): &File| {
        assert!(name.starts_with(prefix));
        format!("{}  {name}\n", hex::encode(Sha256::digest(content)))
    };
    let lines: String = files.iter().map(line).collect();
    format!("h1:{}", BASE64.encode(&Sha256::digest(lines)))
}

fn h1_of_go_mod() -> String {
    h1(vec![("go.mod".into(), b"module golang.org/toolchain\n".to_vec())], "")
}

fn leaf(text: &str) -> [u8; 32] {
    Sha256::digest([b"\0", text.as_bytes()].concat()).into()
}

/// MTH of RFC 6962, section 2.1.
fn tree(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => Sha256::digest("").into(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Sha256::digest([&[1], tree(left).as_slice(), &tree(right)].concat()).into()
        }
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn public_key() -> Vec<u8> {
    [&[1], key().verifying_key().as_bytes().as_slice()].concat()
}

fn key_hash() -> [u8; 4] {
    let hash = Sha256::digest([NAME.as_bytes(), b"\n", &public_key()].concat());
    [hash[0], hash[1], hash[2], hash[3]]
}

fn sign(text: &str) -> String {
    let signature = key().sign(text.as_bytes()).to_bytes();
    let signed = [key_hash().as_slice(), &signature].concat();
    format!("{text}\n— {NAME} {}\n", BASE64.encode(&signed))
}
