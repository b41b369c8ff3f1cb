//! The trial of an archive: the whole program, under 256 MiB of address space, with the archive's own digest given, so
//! that nothing but the reader can refuse it; and all that must be true afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gvm_core::target::Target;
use sha2::{Digest, Sha256};

use crate::case::Case;
use crate::stage::env::{Call, Outcome, TestEnv};

/// Address space is more than memory: what stays below this stays below 256 MiB of memory.
#[cfg(unix)]
const KIBIBYTES: u32 = 256 << 10;
// Wine makes a thousand folders in a second, and one bomb has many.
const LONGEST: Duration = Duration::from_secs(if cfg!(windows) { 60 } else { 10 });
/// Where the absolute names of the cases lead.
const OUTSIDE: [&str; 3] =
    ["/gvm-hostile-evil", "/etc/cron.d/gvm-hostile-evil", "/tmp/gvm-hostile-evil"];

/// Holds that each of these is refused by its own rule, costs little, and leaves nothing.
pub fn refused(cases: &[Case]) {
    for case in cases {
        refuse(case);
    }
}

/// Holds that each of these is installed.
pub fn installed(cases: &[Case]) {
    for case in cases {
        let env = TestEnv::new();
        let outcome = install(&env, case).code_of(&case.name, 0);
        assert_eq!(env.published().len(), 1, "{}: {outcome}", case.name);
        assert_eq!(env.names("staging"), [""; 0], "{}", case.name);
        let version = fs::read(env.goroot("1.22.4").join("VERSION")).unwrap();
        assert!(version.starts_with(b"go1.22.4\n"), "{}", case.name);
    }
}

fn refuse(case: &Case) {
    let name = format!("{} ({:?})", case.name, case.kind);
    let env = TestEnv::new();
    let _ = env.write(&file_name(case), &case.bytes);
    let before = all_but_root(&env);
    let started = Instant::now();
    let outcome = install(&env, case).code_of(&name, 5);
    let (took, error) = (started.elapsed(), &outcome.stderr);
    let says = format!("error: could not unpack `{}`: {}\n", file_name(case), case.says);
    assert!(error.contains(&says), "{name}: {says:?} is not said in\n{outcome}");
    assert!(took < LONGEST, "{name} took {took:?}");
    assert!(!error.chars().any(|c| c.is_control() && c != '\n'), "{name}: {error:?}");
    env.assert_nothing_left();
    assert_eq!(all_but_root(&env), before, "{name} changed something outside");
    for path in OUTSIDE {
        assert!(fs::symlink_metadata(path).is_err(), "{name} made {path}");
    }
}

fn install(env: &TestEnv, case: &Case) -> Outcome {
    let name = file_name(case);
    let _ = env.write(&name, &case.bytes);
    let digest = hex::encode(Sha256::digest(&case.bytes));
    bounded(env).arg("install").arg(format!("./{name}")).arg("--sha256").arg(digest).run()
}

/// A call of gvm within the bound, to which words are to be added.
#[cfg(unix)]
pub fn bounded(env: &TestEnv) -> Call<'_> {
    let script = format!("ulimit -v {KIBIBYTES} && exec \"$0\" \"$@\"");
    env.call("/bin/sh", "-c").arg(script).arg(env!("CARGO_BIN_EXE_gvm"))
}

/// A call of gvm, to which words are to be added: nothing bounds a process here.
#[cfg(windows)]
pub fn bounded(env: &TestEnv) -> Call<'_> {
    env.gvm("")
}

#[cfg(unix)]
fn mode(meta: &fs::Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::mode(meta)
}

#[cfg(windows)]
fn mode(meta: &fs::Metadata) -> u32 {
    std::os::windows::fs::MetadataExt::file_attributes(meta)
}

/// The name that tells what the archive claims to be: a release for this machine.
pub fn file_name(case: &Case) -> String {
    let host = Target::host();
    format!("go1.22.4.{}-{}.{}", host.os(), host.arch(), case.end())
}

/// Everything below the environment's folder but ROOT: by path its mode and a digest of what it holds.
pub fn all_but_root(env: &TestEnv) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    note(env.folder(), &env.root(), &mut found);
    found
}

fn note(path: &Path, root: &Path, found: &mut BTreeMap<PathBuf, (u32, Vec<u8>)>) {
    if path == root {
        return;
    }
    let meta = fs::symlink_metadata(path).unwrap();
    let holds = match meta.file_type() {
        kind if kind.is_file() => Sha256::digest(fs::read(path).unwrap()).to_vec(),
        kind if kind.is_symlink() => {
            fs::read_link(path).unwrap().into_os_string().into_encoded_bytes()
        }
        _ => Vec::new(),
    };
    found.insert(path.to_owned(), (mode(&meta), holds));
    if meta.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            note(&entry.unwrap().path(), root, found);
        }
    }
}
