//! Archives and folders of one's own in the place of a source.

use std::fs;

use gvm_core::target::Target;
use sha2::{Digest, Sha256};

use crate::commands::site;
use crate::env::TestEnv;
use crate::mint::{self, here};

#[test]
fn a_local_archive_needs_a_proof_or_a_digest() {
    let site = site();
    let release = ("1.22.4".to_owned(), Target::host());
    let archive = mint::tar_gz(&mint::archive_files(&release));
    let digest = hex::encode(Sha256::digest(&archive));
    let of = |version: &str| format!("go{version}.{}-amd64.tar.gz", Target::host().os());
    let name = &of("1.22.4");
    let env = TestEnv::at(&site).set("GOSUMDB", "off");
    env.write(name, &archive);
    insta::assert_snapshot!(env.gvm("install").arg(format!("./{name}")).run().code(5), @r"
    code 5
    err: error: golang.org/toolchain@v0.0.1-go1.22.4.linux-amd64 is proved by nothing: checksum database disabled by GOSUMDB=off
    err: hint: allow the checksum database (unset GOSUMDB), or give a digest for a local archive with `--sha256`
    ");
    let wrong = "00".repeat(32);
    let refused = env.gvm("install --sha256").arg(wrong).arg(name).run();
    insta::assert_snapshot!(refused.code(5), @r"
    code 5
    err: Downloading go1.22.4.linux-amd64.tar.gz (SIZE)
    err: error: file://TEMP/project/go1.22.4.linux-amd64.tar.gz has the sha256 SHA256 instead of SHA256
    err: hint: nothing was installed; hold the digest against the publisher's, or take another source: `--source godev` or `--source goproxy`
    ");
    assert_eq!(env.published(), [""; 0]);
    let installed = env.gvm("install --json --sha256").arg(digest).arg(name).ok().json();
    assert_eq!(installed["installed"][0]["proof"]["kind"], "sha256");
    assert!(env.goroot("1.22.4").join("doc/go_spec.html").is_file(), "the digest covers all of it");
    let _ = env.gvm("verify").ok();
    assert_eq!(site.count(""), 0);

    let env = TestEnv::at(&site);
    env.write(name, &archive);
    let installed = env.gvm("install --json").arg(format!("./{name}")).ok().json();
    assert_eq!(installed["installed"][0]["proof"]["kind"], "sumdb");
    insta::assert_snapshot!(env.gvm("install").arg(format!("./{}", of("1.99"))).run().code(1), @r"
    code 1
    err: error: TEMP/project/go1.99.linux-amd64.tar.gz is not there
    err: hint: check the path, or have the version fetched by its name: `gvm install 1.22`
    ");
    let folder = env.work().join(of("1.98"));
    fs::create_dir(folder).unwrap();
    let _ = env.gvm("install").arg(of("1.98")).run().code(1).says("hint: ");
    let wrong = &of("1.22.3");
    env.write(wrong, &archive);
    let digest = hex::encode(Sha256::digest(&archive));
    let refused = env.gvm("install --sha256").arg(digest).arg(wrong).run().code(5);
    insta::assert_snapshot!(refused, @r"
    code 5
    err: Downloading go1.22.3.linux-amd64.tar.gz (SIZE)
    err: Unpacking go1.22.3.linux-amd64.tar.gz
    err: error: the archive holds go1.22.4, not go1.22.3
    err: hint: nothing was installed; the archive does not hold what its name says
    ");
    let other = env.gvm("install ../home/./go1.99.linux-amd64.tar.gz").run().code(1);
    let path = env.folder().join("home").join("go1.99.linux-amd64.tar.gz is");
    let _ = other.says(path.to_str().unwrap());
}

#[test]
fn a_folder_laid_out_like_a_proxy_is_a_source() {
    let site = site();
    let env = TestEnv::at(&site);
    let folder = env.folder().join("mirror/golang.org/toolchain/@v");
    fs::create_dir_all(&folder).unwrap();
    for end in ["info", "mod", "zip"] {
        let name = here(&format!("v0.0.1-go1.22.3.linux-amd64.{end}"));
        let content = site.get(&format!("/proxy/golang.org/toolchain/@v/{name}"));
        fs::write(folder.join(name), content).unwrap();
    }
    fs::write(folder.join("list"), here("v0.0.1-go1.22.3.linux-amd64\n")).unwrap();
    let mirror = env.folder().join("mirror");
    let installed = env.gvm("install --json 1.22 --source").arg(&mirror).ok().json();
    assert_eq!(installed["installed"][0]["version"], "go1.22.3");
    assert_eq!(site.count(".zip"), 0);
}
