//! [`Ground`]: a ROOT in which an old version is the default, to be copied for each attempt; and what must hold of such
//! a copy whatever happened to it.

use std::fs;
use std::path::Path;

use crate::stage::env::{Outcome, TestEnv};
use crate::stage::fake::copy_folder;
use crate::stage::mint::{Mint, archive_files};
use crate::stage::site::Site;
use gvm_core::target::Target;

/// The version that is there before, and the default.
pub const OLD: &str = "1.21.13";
/// The version that is installed while the disk fails.
pub const NEW: &str = "1.22.4";
/// One that is installed besides.
pub const OTHER: &str = "1.20.14";

/// The network, and a prepared ROOT.
pub struct Ground {
    site: Site,
    prepared: TestEnv,
}

impl Ground {
    /// With `OLD` as the default and `OTHER` besides.
    pub fn new() -> Self {
        let site = Site::mint(Mint::new(&[OTHER, OLD, NEW]));
        let prepared = TestEnv::at(&site);
        let _ = prepared.gvm("install").arg(OTHER).ok();
        let _ = prepared.gvm("use").arg(OLD).ok();
        Self { site, prepared }
    }

    /// With other releases on the network, and nothing prepared.
    pub fn with(versions: &[&str]) -> Self {
        let site = Site::mint(Mint::new(versions));
        let prepared = TestEnv::at(&site);
        Self { site, prepared }
    }

    /// An environment with a ROOT of its own, as prepared.
    pub fn copy(&self) -> TestEnv {
        let env = TestEnv::at(&self.site);
        self.copy_to(&env.root());
        env
    }

    /// The prepared ROOT, there.
    pub fn copy_to(&self, root: &Path) {
        copy_folder(&self.prepared.root(), root);
    }

    /// The archive of `NEW`.
    #[cfg_attr(windows, allow(dead_code, reason = "no call is made to fail there"))]
    pub fn archive(&self) -> Vec<u8> {
        self.site.get("/dl/go1.22.4.linux-amd64.tar.gz")
    }

    /// An environment with the same network and no ROOT.
    pub fn bare(&self) -> TestEnv {
        TestEnv::at(&self.site)
    }

    /// The same, all of whose folders are below this one.
    pub fn bare_below(&self, folder: &Path) -> TestEnv {
        TestEnv::below(folder).with(&self.site)
    }
}

/// Holds what holds of every ROOT whatever the disk did: each version that is there is whole, and each that was there
/// before runs; `but` is the one that was being removed.
#[track_caller]
pub fn assert_sound(env: &TestEnv, row: &str, but: Option<&str>, outcome: &Outcome) {
    for version in [OTHER, OLD, NEW] {
        let goroot = env.goroot(version);
        if !goroot.exists() {
            let may_lack = version == NEW || but == Some(version);
            assert!(may_lack, "{row}: go{version} is gone: {outcome}");
            continue;
        }
        assert_whole(&goroot, version, row, outcome);
        let go = env.go("version").var("GVM_GO", version).run();
        // The link of a new one may be missing still: the next command makes it.
        if version != NEW && but != Some(version) {
            assert_eq!(go.line(), format!("go version go{version} linux/amd64"), "{row}: {go}");
        }
    }
}

/// Holds that each file of the release stands there as it was published.
#[track_caller]
pub fn assert_whole(goroot: &Path, version: &str, row: &str, outcome: &Outcome) {
    for (name, content) in archive_files(&(version.to_owned(), Target::host())) {
        let name = name.strip_prefix("go/").unwrap();
        if name.starts_with("doc/") {
            continue;
        }
        let found = fs::read(goroot.join(name)).unwrap_or_default();
        assert!(found == content, "{row}: {name} of go{version} is not whole: {outcome}");
    }
}

/// Holds that nothing begun is left: after a command that did what it was asked.
#[track_caller]
pub fn assert_no_litter(env: &TestEnv, row: &str) {
    assert_eq!(env.names("staging"), [""; 0], "{row}: staging");
    for folder in ["", "receipts", "versions", "shims", "cache", "cache/archives", "sumdb"] {
        let litter = |name: &String| name.starts_with(".gvm-") || name.contains(".part");
        let left: Vec<String> = env.names(folder).into_iter().filter(litter).collect();
        assert_eq!(left, [""; 0], "{row}: in {folder}");
    }
    let receipts = env.names("receipts").len();
    assert_eq!(receipts, 2 * env.published().len(), "{row}: {:?}", env.names("receipts"));
    assert_eq!(env.names("versions").len(), env.published().len(), "{row}");
    let project: Vec<_> = fs::read_dir(env.work()).unwrap().collect();
    assert!(project.len() <= 1, "{row}: {project:?}");
}
