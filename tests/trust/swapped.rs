//! Between check and use: what was checked is what is installed, whoever changes the file meanwhile.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use crate::stage::env::{Outcome, TestEnv, finish};
use crate::stage::fake::exe;
use crate::stage::mint::{File, Mint, archive_files, here, zip};
use crate::stage::site::{Answer, Site};
use gvm_core::target::Target;

fn zip_name() -> String {
    here("v0.0.1-go1.22.4.linux-amd64.zip")
}

const LOOKUP: &str =
    "/proxy/sumdb/sum.example.com/lookup/golang.org/toolchain@v0.0.1-go1.22.4.linux-amd64";

/// A release whose go says something else.
fn forged() -> Vec<u8> {
    let files = archive_files(&("1.22.4".to_owned(), Target::host()));
    let forge = |(name, content): File| {
        let name =
            name.replacen("go/", &here("golang.org/toolchain@v0.0.1-go1.22.4.linux-amd64/"), 1);
        let is_go = name.ends_with(exe("bin/go").to_str().unwrap());
        (name, if is_go { b"#!/bin/sh\necho forged\n".to_vec() } else { content })
    };
    zip(&files.into_iter().map(forge).collect::<Vec<_>>())
}

/// The archive is whole in the cache, and the database's answer is held back: then the file is exchanged, in each of the
/// ways that there are.
#[test]
fn an_archive_exchanged_after_its_fetch_is_not_what_is_installed() {
    // Windows lets nobody rename over a file that is open.
    let ways: &[bool] = if cfg!(windows) { &[false] } else { &[true, false] };
    for &is_renamed in ways {
        let site = Site::mint(Mint::new(&["1.22.4"]));
        let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy");
        site.put(LOOKUP, Answer::Gated);
        let child = env.gvm("install 1.22.4").start();
        site.wait_for(&[".zip", "linux-amd64"]);
        let cached = env.root().join("cache/archives").join(zip_name());
        let start = Instant::now();
        while !cached.exists() {
            assert!(start.elapsed() < Duration::from_secs(60), "the archive does not come");
            thread::yield_now();
        }
        if is_renamed {
            let other = env.folder().join("other");
            fs::write(&other, forged()).unwrap();
            fs::rename(&other, &cached).unwrap();
        } else {
            fs::write(&cached, forged()).unwrap();
        }
        site.open_gate();
        let told = Outcome::new(env.folder(), &finish(child, "install"));
        if is_renamed {
            // The file that was fetched is still open, and is what counts.
            let _ = told.code(0);
            let go = env.go("version").var("GVM_GO", "1.22.4").ok();
            assert_eq!(go.line(), "go version go1.22.4 linux/amd64");
            let _ = env.gvm("verify").ok();
        } else {
            // Written over in place, the bytes that are unpacked are the ones that are hashed.
            let _ = told.code(5);
            assert_eq!(env.published(), [""; 0]);
            assert_eq!(env.names("staging"), [""; 0]);
        }
    }
}

/// What a cache holds is no proof: a forged archive there is found out, leaves the cache, and the true one is fetched.
#[test]
fn an_archive_put_into_the_cache_is_found_out() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy");
    let _ = env.gvm("use 1.21.13").ok();
    fs::write(env.root().join("cache/archives").join(zip_name()), forged()).unwrap();
    let _ = env.gvm("install 1.22.4").ok().says("is fetched anew");
    assert_ne!(fs::read(env.root().join("cache/archives").join(zip_name())).unwrap(), forged());
    let go = env.go("version").var("GVM_GO", "1.22.4").ok();
    assert_eq!(go.line(), "go version go1.22.4 linux/amd64");
}
