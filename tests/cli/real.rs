//! [`Real`]: an environment with three real releases, made once for all tests that run at the same
//! time; and [`Module`], a folder of one test's own in it, whose module cache is empty and whose
//! starts of Go are counted.

use std::ffi::OsStr;
use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};

use crate::env::{Call, TestEnv};
use crate::fake::{exe, gvm, script};
use crate::installed::put;
use crate::site::Site;
use crate::stock::{NEWER, OLDER, stock};

/// Each `bin/go` is this, and the program itself stands beside it: so it is known how often Go was
/// started. Go finds its GOROOT by where its program stands, which is the same folder.
const COUNTING: &str = "#!/bin/sh
[ -z \"$STARTS\" ] || echo \"NAME $*\" >> \"$STARTS\"
exec \"${0%/*}/go.real\" \"$@\"
";

/// The default is [`OLDER`]; [`NEWER`] is installed, too, and 1.8.7 where there is one for this system. No test changes
/// that.
pub struct Real {
    env: TestEnv,
}

impl Deref for Real {
    type Target = TestEnv;

    fn deref(&self) -> &TestEnv {
        &self.env
    }
}

impl Real {
    /// The one that other tests use at this moment, or a new one; it goes with the last of them.
    /// None where there are no real releases.
    pub fn shared() -> Option<Arc<Self>> {
        static SHARED: Mutex<Weak<Real>> = Mutex::new(Weak::new());
        let stock = stock()?;
        // A test that failed while it made one leaves none.
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(real) = shared.upgrade() {
            return Some(real);
        }
        let site = Site::stock(stock);
        let env = TestEnv::at(&site);
        let versions = [OLDER, NEWER, "1.8.7"];
        let versions = &versions[..if cfg!(windows) { 2 } else { 3 }];
        let _ = env.gvm("install").with(|call| _ = call.args(versions)).ok();
        let _ = env.gvm("use").arg(OLDER).ok();
        for version in versions {
            let go = env.goroot(version).join("bin/go");
            fs::rename(exe(&go), exe(go.with_file_name("go.real"))).unwrap();
            script(&go, &COUNTING.replace("NAME", version));
        }
        let mut path = vec![env.root().join("shims"), env.bin()];
        if cfg!(unix) {
            path.extend(["/usr/bin", "/bin"].map(PathBuf::from));
        }
        let env = env.set("PATH", std::env::join_paths(path).unwrap());
        let env = env.set("GOPROXY", "off").set("GOFLAGS", "-mod=mod");
        let real = Arc::new(Self { env });
        *shared = Arc::downgrade(&real);
        Some(real)
    }

    /// A folder of this name with these files.
    pub fn module(&self, name: &str, files: &[(&str, &str)]) -> Module<'_> {
        let folder = self.env.folder().join("modules").join(name);
        assert!(!folder.exists(), "{name} is another test's");
        fs::create_dir_all(folder.join("here")).unwrap();
        for (file, content) in files {
            put(&folder.join("here").join(file), content);
        }
        Module { env: &self.env, folder }
    }
}

/// A folder with a module, and beside it a module cache, a user's go/env file and the list of
/// starts of its own.
pub struct Module<'a> {
    env: &'a TestEnv,
    folder: PathBuf,
}

impl Module<'_> {
    /// Where the files are.
    pub fn here(&self) -> PathBuf {
        self.folder.join("here")
    }

    /// The user's go/env file.
    pub fn goenv(&self) -> PathBuf {
        self.folder.join("goenv")
    }

    /// A call of the shim `go`.
    pub fn go(&self, words: &str) -> Call<'_> {
        self.call(self.env.root().join("shims/go"), words)
    }

    /// A call of gvm.
    pub fn gvm(&self, words: &str) -> Call<'_> {
        self.call(gvm(), words)
    }

    /// A call of any program.
    pub fn call(&self, program: impl AsRef<OsStr>, words: &str) -> Call<'_> {
        let call = self.env.call(program, words).within(self.here());
        call.var("GOENV", self.goenv())
            .var("GOMODCACHE", self.folder.join("modcache"))
            .var("STARTS", self.folder.join("starts"))
    }

    /// The version that `go version` tells.
    #[track_caller]
    pub fn version(&self, call: Call<'_>) -> String {
        let told = call.ok();
        told.line().split(' ').nth(2).unwrap_or_default().to_owned()
    }

    /// The starts of Go until now, each with its version and its arguments.
    pub fn starts(&self) -> Vec<String> {
        let list = fs::read_to_string(self.folder.join("starts")).unwrap_or_default();
        list.lines().map(str::to_owned).collect()
    }

    /// Holds that the go command downloaded no toolchain.
    #[track_caller]
    pub fn assert_nothing_downloaded(&self) {
        let cache = self.folder.join("modcache");
        for path in ["golang.org", "cache/download/golang.org/toolchain"] {
            assert!(!holds_archives(&cache.join(path)), "{path} in the module cache");
        }
    }
}

/// Whether an archive or an unpacked module is below.
fn holds_archives(folder: &Path) -> bool {
    let Ok(list) = fs::read_dir(folder) else { return false };
    list.map(|entry| entry.unwrap().path()).any(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.ends_with(".zip") || name.starts_with("toolchain@") || holds_archives(&path)
    })
}
