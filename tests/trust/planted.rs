//! What stands in ROOT or in a project in the place of a file: pipes, devices, folders, links that lead elsewhere. Nobody
//! waits for them, and nothing is written to where they lead.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;
#[cfg(unix)]
use std::process::Command;
use std::time::{Duration, Instant};

use crate::stage::env::{TestEnv, hash8};
use crate::stage::fake::{self, exe};
use crate::stage::mint::{Mint, here};
use crate::stage::site::Site;
use crate::stage::tally::count;

/// Whoever waits for a pipe's other end is slower than that.
const SOON: Duration = Duration::from_secs(30);
const DEFAULT: &str = "1.21.13";

/// Makes one thing at a path.
type Make = fn(&Path);

const THINGS: &[(&str, Make)] = &[
    #[cfg(unix)]
    ("a pipe", |at| {
        assert!(Command::new("mkfifo").arg(at).status().unwrap().success());
    }),
    #[cfg(unix)]
    ("a link to a device", |at| symlink(device(at), at).unwrap()),
    ("a folder", |at| fs::create_dir(at).unwrap()),
    #[cfg(unix)]
    ("a link to itself", |at| symlink(at, at).unwrap()),
    #[cfg(unix)]
    ("a link to what is precious", |at| {
        let precious = at.ancestors().find_map(|folder| {
            let precious = folder.join("precious");
            precious.exists().then_some(precious)
        });
        symlink(precious.unwrap(), at).unwrap();
    }),
];

/// A device of the test's own beside the environment's ROOT: were a link to the machine's followed, root's tests would
/// replace that. Where none can be made, a pipe stands in for it.
#[cfg(unix)]
fn device(at: &Path) -> PathBuf {
    let folder = at.ancestors().find(|folder| folder.join("precious").exists()).unwrap();
    let device = folder.join("zero");
    if !device.exists() {
        let made = Command::new("mknod").arg(&device).args(["c", "1", "5"]).output();
        if !made.is_ok_and(|output| output.status.success()) {
            assert!(Command::new("mkfifo").arg(&device).status().unwrap().success());
        }
    }
    device
}

fn places() -> Vec<String> {
    let (old, new) = (hash8(DEFAULT), hash8("1.22.4"));
    let fixed = [
        "locks/store",
        "format",
        "default",
        "current",
        "command",
        "chooser",
        "config.toml",
        "cache/installed",
        "cache/archives/v0.0.1-go1.22.4.linux-amd64.zip",
        "cache/archives/v0.0.1-go1.22.4.linux-amd64.zip.part",
        "cache/archives/v0.0.1-go1.22.4.linux-amd64.zip.part.toml",
        "shims/go",
        "shims/go1.22.4",
        "versions/go1.22.4",
        "sumdb/sum.example.com/latest",
    ];
    let hashed = [
        format!("locks/{new}"),
        format!("receipts/{new}.toml"),
        format!("receipts/{new}.files"),
        format!("receipts/{old}.toml"),
        new,
    ];
    fixed.into_iter().map(str::to_owned).chain(hashed).collect()
}

#[test]
fn whatever_stands_in_root_nobody_waits_and_nothing_elsewhere_is_written() {
    let site = Site::mint(Mint::new(&[DEFAULT, "1.22.4"]));
    let prepared = TestEnv::at(&site);
    let _ = prepared.gvm("use").arg(DEFAULT).ok();
    let mut tried = 0;
    for place in places() {
        for &(what, make) in THINGS {
            let env = TestEnv::at(&site);
            fake::copy_folder(&prepared.root(), &env.root());
            fs::write(env.folder().join("precious"), "precious\n").unwrap();
            let at = env.root().join(here(&place));
            let at = if place.starts_with("shims/") { exe(at) } else { at };
            fs::create_dir_all(at.parent().unwrap()).unwrap();
            let _ = fs::remove_file(&at).or_else(|_| fs::remove_dir_all(&at));
            make(&at);
            for words in ["--lock-timeout 5 install 1.22.4", "--lock-timeout 5 use 1.21.13", "list"]
            {
                let row = format!("{what} at {place}, {words}");
                let start = Instant::now();
                let told = env.gvm(words).run();
                assert!(start.elapsed() < SOON, "{row}: {told}");
                assert!(!told.stderr.contains("panicked"), "{row}: {told}");
                assert!(matches!(told.code_or_signal(), Some(0..=6)), "{row}: {told}");
                let precious = fs::read(env.folder().join("precious")).unwrap();
                assert_eq!(precious, b"precious\n", "{row}: {told}");
                tried += 1;
            }
            // The version that was there runs, unless its own shim or its part was taken.
            if !["shims/go", "chooser", "current"].contains(&place.as_str()) {
                let told = env.go("version").var("GVM_GO", DEFAULT).run();
                assert_eq!(
                    told.line(),
                    "go version go1.21.13 linux/amd64",
                    "{what}: {place}: {told}"
                );
            }
        }
    }
    count("commands with something else in the place of a file", tried);
}

/// A folder of ROOT's that is a link: where its user put it is where it is. Nothing else of what stands there is touched.
#[cfg(unix)]
#[test]
fn a_folder_that_is_a_link_is_its_users_choice() {
    let site = Site::mint(Mint::new(&[DEFAULT, "1.22.4"]));
    for folder in ["staging", "cache", "receipts", "locks", "versions", "shims", "sumdb"] {
        let env = TestEnv::at(&site);
        let _ = env.gvm("use").arg(DEFAULT).ok();
        let elsewhere = env.folder().join("elsewhere");
        fs::rename(env.root().join(folder), &elsewhere).unwrap();
        fs::write(elsewhere.join("precious"), "mine").unwrap();
        symlink(&elsewhere, env.root().join(folder)).unwrap();
        for words in ["install 1.22.4", "use 1.22.4", "use 1.21.13", "uninstall 1.22.4"] {
            let _ = env.gvm(words).run().code_of(&format!("{folder}: {words}"), 0);
        }
        // What stands in staging is swept: nobody keeps anything there.
        if folder != "staging" {
            assert_eq!(fs::read(elsewhere.join("precious")).unwrap(), b"mine", "{folder}");
        }
    }
}

/// `gvm pin` follows a link that stands at `.go-version`, as an editor would: a project may keep its pin elsewhere. What a
/// repository can reach so is what `git checkout` could have written: never what a folder or a device is.
#[cfg(unix)]
#[test]
fn a_pin_that_is_a_link_is_written_where_it_leads_or_not_at_all() {
    let site = Site::mint(Mint::new(&[DEFAULT]));
    let env = TestEnv::at(&site);
    let _ = env.gvm("use").arg(DEFAULT).ok();
    let pin = env.work().join(".go-version");
    env.write("shared/go", "1.20\n");
    symlink("shared/go", &pin).unwrap();
    let _ = env.gvm("pin 1.21").ok();
    assert!(pin.is_symlink());
    assert_eq!(fs::read(env.work().join("shared/go")).unwrap(), b"1.21\n");
    assert!(Command::new("mkfifo").arg(env.work().join("pipe")).status().unwrap().success());
    for target in ["pipe", "shared", "nowhere/at/all", ".go-version"] {
        fs::remove_file(&pin).unwrap();
        symlink(target, &pin).unwrap();
        let told = env.gvm("pin 1.21").run().code_of(target, 1).says(".go-version").says("hint: ");
        assert!(pin.is_symlink(), "{told}");
    }
    // Outside the project, a link of the repository's leads to a file that was never meant.
    fs::write(env.folder().join("precious"), "mine\n").unwrap();
    fs::remove_file(&pin).unwrap();
    symlink("../precious", &pin).unwrap();
    let _ = env.gvm("pin 1.21").run().code(1).says("leads to");
    assert_eq!(fs::read(env.folder().join("precious")).unwrap(), b"mine\n");
}
