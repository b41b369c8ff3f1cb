//! [`Ground`]: a home with two versions in it, and a project that pins the one that is not the default.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::stage::env::Call;
use crate::stage::installed::{Installed, put, script};
use crate::stage::stock::skip_program;

/// The default.
pub const DEFAULT: &str = "1.22.4";
/// What the project pins.
pub const PINNED: &str = "1.21.13";

/// What stands in the place of go: it knows where it stands, and as the real one builds nothing where it has no folder
/// for its cache.
const GO: &str = "#!/bin/sh
case $1 in
build | run | test)
    [ -n \"${GOCACHE-}${XDG_CACHE_HOME-}${HOME-}\" ] || { echo 'build cache is required' >&2; exit 1; } ;;
esac
if [ \"$*\" = 'env GOROOT' ]; then (cd \"${0%/*}/..\" && pwd -P); exit; fi
echo \"go@: $*\"
";

/// Where integrations are tried.
pub struct Ground {
    env: Installed,
    home: PathBuf,
    _folder: tempfile::TempDir,
}

impl Ground {
    /// With both versions in `~/.local/share/gvm`.
    pub fn new() -> Self {
        let env = Installed::new(&[DEFAULT, PINNED]);
        let folder = tempfile::tempdir().unwrap();
        let ground = Self { env, home: folder.path().join("home/me"), _folder: folder };
        fs::create_dir_all(ground.root().parent().unwrap()).unwrap();
        fs::rename(ground.env.root(), ground.root()).unwrap();
        for version in [DEFAULT, PINNED] {
            script(&ground.goroot(version).join("bin/go"), &GO.replace('@', version));
        }
        put(&ground.project().join("go.mod"), "module app\n");
        put(&ground.project().join(".go-version"), &format!("{PINNED}\n"));
        ground
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// ROOT.
    pub fn root(&self) -> PathBuf {
        self.home().join(".local/share/gvm")
    }

    /// Where a version stands.
    pub fn goroot(&self, version: &str) -> PathBuf {
        fs::canonicalize(self.root().join(format!("versions/go{version}"))).unwrap()
    }

    /// A project with a pin.
    pub fn project(&self) -> PathBuf {
        self.home().join("src/app")
    }

    /// A snippet with this ground's folders in the place of the document's.
    pub fn here(&self, snippet: &str) -> String {
        let (home, root, project) = (self.home(), self.root(), self.project());
        snippet
            .replace("/home/me", home.to_str().unwrap())
            .replace("/opt/gvm", root.to_str().unwrap())
            .replace("/srv/app", project.to_str().unwrap())
    }

    /// A call of gvm.
    pub fn gvm(&self, words: &str) -> Call<'_> {
        self.env.gvm(words).var("GVM_DIR", self.root())
    }

    /// PATH with the shims first.
    pub fn path(&self) -> String {
        format!("{}/shims:/usr/bin:/bin", self.root().display())
    }

    /// What this prints on both streams, with these variables and no others.
    pub fn run(&self, folder: &Path, vars: &[(&str, &str)], words: &[&str]) -> String {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).env_clear().envs(vars.iter().copied()).current_dir(folder);
        let output = command.output().unwrap_or_else(|error| panic!("{words:?}: {error}"));
        let streams = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&streams).trim_end().to_owned()
    }
}

/// The folder of the gvm that is tested.
pub fn bin() -> String {
    Path::new(env!("CARGO_BIN_EXE_gvm")).parent().unwrap().display().to_string()
}

/// A program of this machine's. Where it is not there, that is said, and fails the tests that must run whole.
pub fn program(path: &'static str) -> Option<&'static str> {
    let is_there = Path::new(path).is_file();
    if !is_there {
        skip_program(&format!("{path} is not here"));
    }
    is_there.then_some(path)
}
