//! [`Installed`]: an environment in which small releases are installed, whose tools tell how they
//! were started; and [`Project`], a folder of its own below it. The site they came from is gone:
//! whoever asks the network fails.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use super::env::{Call, TestEnv};
use super::fake::gvm;
pub use super::fake::script;
use super::mint::Mint;
use super::site::Site;

/// What stands in the place of a tool: one line with its name and version, those of four variables
/// that are set, and its arguments. `nested DIR …` goes to DIR and starts the `go` that is first on
/// PATH; `vars` shows the environment.
const TELLER: &str = "#!/bin/sh
case \"$1\" in
nested) cd \"$2\" && shift 2 && go \"$@\"; exit ;;
vars) VARS; exit ;;
exit) exit \"$2\" ;;
esac
said=NAME
for name in GOROOT GOTOOLCHAIN GOTOOLCHAIN_INTERNAL_SWITCH_VERSION GOTOOLCHAIN_INTERNAL_SWITCH_COUNT; do
    eval \"value=\\${$name-unset}\"
    [ \"$value\" = unset ] || said=\"$said ${name#GOTOOLCHAIN_INTERNAL_}=$value\"
done
echo \"$said: $*\"
";

/// Shows the environment as it came, without what a shell adds to it.
const VARS: &str =
    if cfg!(windows) { "environment" } else { "/usr/bin/tr '\\0' '\\n' </proc/$$/environ" };

/// An environment with installed releases.
pub struct Installed {
    env: TestEnv,
}

impl Deref for Installed {
    type Target = TestEnv;

    fn deref(&self) -> &TestEnv {
        &self.env
    }
}

impl Installed {
    /// With these versions. The first is the default.
    pub fn new(versions: &[&str]) -> Self {
        let site = Site::mint(Mint::new(versions));
        let env = TestEnv::at(&site);
        let _ = env.gvm("install").with(|call| _ = call.args(versions)).ok();
        let _ = env.gvm("use").arg(versions[0]).ok();
        for version in versions {
            tell(&env.goroot(version), version);
        }
        Self { env: env.set("GOPROXY", "off") }
    }

    /// With this variable for all calls.
    pub fn set(self, name: &str, value: impl AsRef<OsStr>) -> Self {
        Self { env: self.env.set(name, value) }
    }

    /// With the shims on PATH, before the one folder that is there.
    pub fn on_path(self) -> Self {
        let path = [self.env.root().join("shims"), self.env.bin()];
        self.set("PATH", std::env::join_paths(path).unwrap())
    }

    /// A folder of this name with these files. `/` in a file's name is a folder below.
    pub fn project(&self, name: &str, files: &[(&str, &str)]) -> Project<'_> {
        let folder = self.env.folder().join("projects").join(name);
        fs::create_dir_all(&folder).unwrap();
        for (file, content) in files {
            put(&folder.join(file), content);
        }
        Project { env: &self.env, folder, vars: Vec::new() }
    }
}

/// A folder, and calls in it.
pub struct Project<'a> {
    env: &'a TestEnv,
    folder: PathBuf,
    vars: Vec<(String, OsString)>,
}

impl<'a> Project<'a> {
    /// Its path.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// With these variables for all calls.
    pub fn with(mut self, vars: &[(&str, &str)]) -> Self {
        self.vars.extend(vars.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        self
    }

    /// The same, one folder deeper.
    pub fn below(mut self, name: &str) -> Self {
        self.folder.push(name);
        fs::create_dir_all(&self.folder).unwrap();
        self
    }

    /// A call of a shim.
    pub fn shim(&self, tool: &str, words: &str) -> Call<'a> {
        self.call(self.env.root().join("shims").join(tool), words)
    }

    /// A call of gvm.
    pub fn gvm(&self, words: &str) -> Call<'a> {
        self.call(gvm(), words)
    }

    /// A call of any program.
    pub fn call(&self, program: impl AsRef<OsStr>, words: &str) -> Call<'a> {
        let call = self.env.call(program, words).within(&self.folder);
        self.vars.iter().fold(call, |call, (name, value)| call.var(name, value))
    }

    /// What `go` tells of how it was started.
    #[track_caller]
    pub fn go(&self, words: &str) -> String {
        self.shim("go", words).ok().line().to_owned()
    }
}

/// Puts tools that tell into a GOROOT.
pub fn tell(goroot: &Path, version: &str) {
    for tool in ["go", "gofmt"] {
        script(
            &goroot.join("bin").join(tool),
            &TELLER.replace("NAME", &format!("{tool}{version}")).replace("VARS", VARS),
        );
    }
}

/// A GOROOT that gvm did not make.
pub fn foreign(folder: &Path, version: &str) {
    put(&folder.join("VERSION"), &format!("go{version}\ntime 2024-01-01T00:00:00Z\n"));
    put(&folder.join("go.env"), "GOTOOLCHAIN=auto\n");
    put(&folder.join("pkg/tool/linux_amd64/compile"), "");
    put(&folder.join("src/fmt/print.go"), "package fmt\n");
    tell(folder, version);
}

/// A file, with the folders that lead to it.
pub fn put(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}
