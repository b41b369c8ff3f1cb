//! [`Ground`]: an environment with real releases, either found on PATH or installed and reached through shims; lines of
//! shell in it; and what the doctor says there.
//!
//! The releases are installed once and kept between runs, like the stock they come from, and so is the cache of what they
//! compiled. Nobody changes them: whoever needs a tree to damage gets one of hard links.

use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread;

use serde_json::Value;

use crate::stage::env::{Outcome, TestEnv, hash8};
use crate::stage::site::Site;
use crate::stage::stock::stock;

/// The releases whose behaviour was measured.
pub const SAMPLED: [&str; 9] =
    ["1.4.3", "1.8.7", "1.13.15", "1.19.13", "1.20.14", "1.22.10", "1.24.13", "1.25.14", "1.27.4"];

/// Those that settings were measured with.
pub const FOUR: [&str; 4] = ["1.13.15", "1.20.14", "1.22.10", "1.27.4"];

/// What tests call the program when they build it.
const BUILT: &str = "x";

const HELLO: &str =
    "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello, gopher\") }\n";

/// An environment of a test's own.
pub struct Ground {
    env: TestEnv,
}

impl Deref for Ground {
    type Target = TestEnv;

    fn deref(&self) -> &TestEnv {
        &self.env
    }
}

/// The network, for as long as the tests run.
pub fn site() -> Option<&'static Site> {
    static SITE: OnceLock<Option<Site>> = OnceLock::new();
    SITE.get_or_init(|| stock().map(Site::stock)).as_ref()
}

/// The folder in which all sampled releases are installed. None where they cannot be had.
fn kept() -> Option<&'static Path> {
    static KEPT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let make = || {
        let site = site()?;
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("doctor-root");
        let env = TestEnv::at(site).set("GVM_DIR", &root);
        // Two at once: most tests wait for it, and it writes as much as it computes.
        let (older, newer) = SAMPLED.split_at(5);
        let install = |some: &[&str]| env.gvm("install").with(|call| _ = call.args(some)).ok();
        thread::scope(|scope| {
            let older = scope.spawn(|| install(older));
            let _ = (install(newer), older.join().unwrap());
        });
        Some(root)
    };
    KEPT.get_or_init(make).as_deref()
}

/// Where a sampled release stands, for all tests.
pub fn kept_goroot(version: &str) -> PathBuf {
    kept().unwrap().join(hash8(version))
}

fn cache() -> PathBuf {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("doctor-cache");
    fs::create_dir_all(&cache).unwrap();
    cache
}

impl Ground {
    /// A small program in a module; the release's `bin` on PATH, and no gvm.
    pub fn on_path(version: &str) -> Option<Self> {
        kept()?;
        let bin = kept_goroot(version).join("bin");
        Some(Self::with_path(&format!("{}:/usr/bin:/bin", bin.display())))
    }

    /// With any PATH, and nothing installed.
    pub fn with_path(path: &str) -> Self {
        let env = match site() {
            Some(site) => TestEnv::at(site),
            None => TestEnv::new(),
        };
        let env = env.set("PATH", path).set("GOCACHE", cache()).set("SHELL", "/bin/bash");
        let ground = Self { env };
        ground.settle();
        ground
    }

    /// The program, and nothing else in its folder and at home. What was built of it stays, as a build that finds it up to
    /// date takes a third of the time.
    pub fn settle(&self) {
        for entry in fs::read_dir(self.work()).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => fs::remove_dir_all(entry.path()).unwrap(),
                _ if entry.file_name() != BUILT => fs::remove_file(entry.path()).unwrap(),
                _ => {}
            }
        }
        self.write("go.mod", "module hello\n\ngo 1.13\n");
        self.write("main.go", HELLO);
        fs::remove_dir_all(self.folder().join("home")).unwrap();
        self.put("home/config/go/telemetry/mode", "off\n");
    }

    /// These releases installed by gvm, the first as the default, and the shims on PATH. Their trees are the test's own.
    pub fn installed(versions: &[&str]) -> Option<Self> {
        Self::rooted(versions, link_tree)
    }

    /// All sampled releases, by links to where they are kept: for tests that damage nothing.
    pub fn sampled() -> Option<Self> {
        Self::linked(&SAMPLED)
    }

    /// As [`Ground::installed`], by links to where they are kept: for tests that damage nothing.
    pub fn linked(versions: &[&str]) -> Option<Self> {
        Self::rooted(versions, |from, to| {
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(from, to).unwrap();
        })
    }

    fn rooted(versions: &[&str], put: fn(&Path, &Path)) -> Option<Self> {
        let kept = kept()?;
        let ground = Self::with_path("");
        let root = ground.root();
        for version in versions {
            let hash = hash8(version);
            put(&kept.join(&hash), &root.join(&hash));
            for ending in ["toml", "files"] {
                copy(
                    &kept.join(format!("receipts/{hash}.{ending}")),
                    &root.join(format!("receipts/{hash}.{ending}")),
                );
            }
        }
        fs::copy(kept.join("format"), root.join("format")).unwrap();
        let ground = ground.set("PATH", &format!("{}/shims:/usr/bin:/bin", root.display()));
        let _ = ground.gvm("use").arg(versions[0]).ok();
        Some(ground)
    }

    /// With this variable for all calls.
    pub fn set(self, name: &str, value: &str) -> Self {
        Self { env: self.env.set(name, value) }
    }

    /// Lines of shell in the program's folder. `$GVM` is gvm.
    pub fn shell(&self, lines: &str) -> Outcome {
        self.env.call("/bin/sh", "-c").arg(lines).var("GVM", env!("CARGO_BIN_EXE_gvm")).run()
    }

    /// Writes a file below the folder that holds all others.
    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// What the doctor finds after these lines of shell.
    #[track_caller]
    pub fn findings(&self, lines: &str) -> Findings {
        let told = self.shell(&format!("{lines}\n\"$GVM\" doctor --json"));
        Findings::new(&told)
    }
}

/// What the doctor found.
#[derive(Debug)]
pub struct Findings(pub Vec<Value>);

impl Findings {
    /// Of an answer in JSON, whose code must be what it finds.
    #[track_caller]
    pub fn new(told: &Outcome) -> Self {
        let found = Self(told.json()["findings"].as_array().unwrap().clone());
        assert_eq!(told.code_or_signal(), Some(i32::from(!found.of("error").is_empty())), "{told}");
        found
    }

    /// The numbers of those of one severity.
    pub fn of(&self, severity: &str) -> Vec<&str> {
        let is_so = |finding: &&Value| finding["severity"] == severity;
        self.0
            .iter()
            .filter(is_so)
            .map(|finding| &finding["id"].as_str().unwrap()["GVM-".len()..])
            .collect()
    }

    /// The one with this number, as `E101`.
    pub fn get(&self, id: &str) -> Option<&Value> {
        self.0.iter().find(|finding| finding["id"] == format!("GVM-{id}"))
    }

    /// As [`Findings::get`]; it must be there.
    #[track_caller]
    pub fn need(&self, id: &str) -> &Value {
        self.get(id).unwrap_or_else(|| panic!("GVM-{id} is not found: {:#?}", self.0))
    }

    /// What mends it, without the remark.
    #[track_caller]
    pub fn fix(&self, id: &str) -> String {
        let fix = self.need(id)["fix"].as_str().unwrap_or_else(|| panic!("GVM-{id} has no fix"));
        fix.split("   (").next().unwrap().to_owned()
    }

    /// Holds that nothing is wrong: notes may be there.
    #[track_caller]
    pub fn none(&self, row: &str) {
        let wrong: Vec<_> = self.0.iter().filter(|finding| finding["severity"] != "note").collect();
        assert!(wrong.is_empty(), "{row}: a false alarm: {wrong:#?}");
    }
}

/// A tree of hard links, or of copies where the file system has none.
pub fn link_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => link_tree(&old, &new),
            _ => fs::hard_link(&old, &new).or_else(|_| fs::copy(&old, &new).map(drop)).unwrap(),
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(from, to).unwrap();
}
