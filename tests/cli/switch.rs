//! Switching the default while others start it: whoever starts `go` gets the old one or the new one, never nothing.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};

use gvm::activate::current;
use gvm::report::Silent;
use gvm::store::{Waiting, WriteLock};
use gvm_core::layout::Layout;
use gvm_core::resolve::{Place, Toolchain};
use gvm_core::spec::Spec;
use gvm_core::version::Version;

use crate::env::{TestEnv, hash8};
use crate::site::Site;
use crate::stock::{NEWER, OLDER, stock};

// A switch takes Wine tens of milliseconds.
const SWITCHES: usize = if cfg!(windows) { 100 } else { 2_000 };
/// So many of them are made by the program, the others by what it calls.
const BY_THE_PROGRAM: usize = SWITCHES / 50;
const VERSIONS: [&str; 2] = [OLDER, NEWER];

#[test]
fn no_reader_fails_while_the_default_is_switched_again_and_again() {
    let Some(stock) = stock() else { return };
    let site = Site::stock(stock);
    let env = TestEnv::at(&site);
    for version in VERSIONS {
        let _ = env.gvm("use").arg(version).ok();
    }
    let (done, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        // Where there are no junctions, as on Wine, `current` is a file that leads the shims.
        let link = if cfg!(windows) { "shims/go" } else { "current/bin/go" };
        let readers = [link, "shims/go"].map(|program| {
            let (env, done, reads) = (&env, &done, &reads);
            scope.spawn(move || {
                while !done.load(Ordering::SeqCst) {
                    read(env, program);
                    reads.fetch_add(1, Ordering::SeqCst);
                }
            })
        });
        for turn in 0..SWITCHES {
            let version = VERSIONS[turn % 2];
            match turn % (SWITCHES / BY_THE_PROGRAM) {
                0 => drop(env.gvm("use").arg(version).ok()),
                _ => switch(&env, version),
            }
            // However fast the switches are, some are made while each reader reads.
            while reads.load(Ordering::SeqCst) < turn / 10
                && !readers.iter().any(ScopedJoinHandle::is_finished)
            {
                thread::yield_now();
            }
        }
        done.store(true, Ordering::SeqCst);
        for reader in readers {
            reader.join().unwrap();
        }
    });
    assert!(reads.into_inner() >= SWITCHES / 10, "too few reads prove nothing");
    let stray: Vec<_> = env.names("").into_iter().filter(|name| name.starts_with('.')).collect();
    assert_eq!(stray, [""; 0], "no link is left behind");
}

fn read(env: &TestEnv, program: &str) {
    let read = env.call(env.root().join(program), "version").ok();
    let is_known = VERSIONS.iter().any(|version| read.stdout.contains(&format!("go{version} ")));
    assert!(is_known, "{read}");
}

fn switch(env: &TestEnv, version: &str) {
    let layout = Layout::new(env.root().into_os_string().into_encoded_bytes());
    let hash = hash8(version);
    let goroot = layout.goroot(&hash);
    let toolchain = Toolchain {
        version: Some(Version::from_tag(&format!("go{version}")).unwrap()),
        place: Place::Installed { hash, goroot: goroot.clone() },
    };
    let spec = Spec::parse(version.as_bytes()).unwrap();
    let lock = WriteLock::acquire(&layout, Waiting { report: &Silent, limit: None }).unwrap();
    current::set(&layout, &lock, &toolchain, &goroot, &spec).unwrap();
}
