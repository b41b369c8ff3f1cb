//! [`Ground`]: a home, installed versions, programs that tell, and a ROOT and a PATH that are hard to quote.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::stage::env::Call;
use crate::stage::installed::{Installed, script};

/// What ROOT is called. No variable's name: Xonsh looks for those in any entry of PATH.
const ROOT: &str = "a 'r' \"ö\" $ `x` \\n & [ü]";
/// What a folder on PATH is called.
const FOLDER: &str = "it's \"ü\" & [co]";

/// Tells what it was asked for, in brackets that no line typed to start it holds.
const SAY: &str = "#!/bin/sh
case $1 in
path) printf '[[path:%s]]\\n' \"$PATH\" ;;
var) printf '[[var:%s]]\\n' \"${GVM_GO-unset}\" ;;
*) printf '[[%s:%s]]\\n' \"$1\" \"$2\" ;;
esac
";

/// Where shells are tried.
pub struct Ground {
    env: Installed,
    folder: tempfile::TempDir,
}

impl Ground {
    /// With two versions, of which the newer is the default.
    pub fn new() -> Self {
        let env = Installed::new(&["1.22.4", "1.21.13"]);
        let folder = tempfile::tempdir().unwrap();
        let ground = Self { env, folder };
        fs::rename(ground.env.root(), ground.root()).unwrap();
        fs::create_dir_all(ground.bin()).unwrap();
        for name in ["home/.config", "elsewhere", "project"] {
            fs::create_dir_all(ground.folder.path().join(name)).unwrap();
        }
        fs::write(ground.project().join("go.mod"), "module x\n\ngo 1.21\n").unwrap();
        script(&ground.bin().join("say"), SAY);
        script(&ground.bin().join("exit42"), "#!/bin/sh\nexit 42\n");
        ground
    }

    /// ROOT.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join(ROOT)
    }

    /// The folder of shims.
    pub fn shims(&self) -> String {
        self.root().join("shims").to_str().unwrap().to_owned()
    }

    fn bin(&self) -> PathBuf {
        self.folder.path().join(FOLDER)
    }

    /// A Go project.
    pub fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    /// A folder of no project.
    pub fn elsewhere(&self) -> PathBuf {
        self.folder.path().join("elsewhere")
    }

    /// The home folder.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// PATH as the shells get it.
    pub fn path(&self) -> String {
        let gvm = Path::new(env!("CARGO_BIN_EXE_gvm")).parent().unwrap();
        let bin = self.bin();
        format!("{}:{}:/usr/bin:/bin", bin.display(), gvm.display())
    }

    /// The variables of shells. No GVM_DIR: that the shims on PATH lead to ROOT is a part of the story.
    pub fn vars(&self) -> Vec<(String, String)> {
        let home = self.home().display().to_string();
        let pairs = [
            ("PATH", self.path()),
            ("HOME", home.clone()),
            ("XDG_CONFIG_HOME", format!("{home}/.config")),
            ("XDG_DATA_HOME", format!("{home}/.local/share")),
            ("TERM", "xterm".into()),
            ("LC_ALL", "C.UTF-8".into()),
            ("GOPROXY", "off".into()),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value)).to_vec()
    }

    /// A call of gvm with this ROOT.
    pub fn gvm(&self, words: &str) -> Call<'_> {
        self.env.gvm(words).var("GVM_DIR", self.root())
    }

    /// The file with what `gvm init` prints.
    pub fn code(&self, shell: &str) -> PathBuf {
        self.code_for(shell, self.root())
    }

    /// The same for another ROOT.
    pub fn code_for(&self, shell: &str, root: impl AsRef<Path>) -> PathBuf {
        let code = self.gvm("init").arg(shell).var("GVM_DIR", root.as_ref()).ok().stdout;
        // Xonsh takes no other for its own.
        let ending = if shell == "xonsh" { "xsh" } else { shell };
        let path = self.folder.path().join(format!("code.{ending}"));
        fs::write(&path, code).unwrap();
        path
    }

    /// A program of this machine's with the shells' variables.
    pub fn run(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.vars()).current_dir(self.elsewhere());
        command
    }
}
