//! [`Machine`]: one base on disk, on which case after case is laid out: ROOT with the real base as
//! its default and small programs for the other toolchains, the same programs on PATH for the go
//! command, and the case's files. What comes of a call is `seen`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::env::{TestEnv, hash8};
use crate::fake::{exe, script};
use crate::link;
use crate::stock::Stock;

use super::case::{Case, Entry};
use super::seen::Seen;

/// Says which file it is, where and with what it was started, and its environment.
const FAKE: &str = if cfg!(windows) {
    "#!/bin/sh
echo PICKED \"$0\"
echo AT \"$(pwd)\"
for word do echo WITH \"$word\"; done
environment
"
} else {
    "#!/bin/sh
echo PICKED \"$0\"
echo AT \"$(pwd -P)\"
for word do echo WITH \"$word\"; done
export -p
"
};

/// Removes the working directory, then becomes the program.
const ORPHAN: &str = "/bin/rmdir \"$1\" && unset PWD OLDPWD && shift && exec \"$@\"";

/// The folders that are there in every case and swept after it. To make them for each takes longer
/// than a go command on some file systems.
const SWEPT: [&str; 10] = [
    "",
    "project",
    "project/a",
    "project/a/b",
    "project/c",
    "project/c/d",
    "tmp",
    "home",
    "GOROOT/src",
    "GOROOT/src/x",
];

/// What else there is in every case.
const KEPT: [&str; 8] =
    ["bin", "fake", "fake.exe", "home/cache", "home/config", "home/go", "links", "root"];

/// A base and its folders.
pub struct Machine {
    env: TestEnv,
    goroot: PathBuf,
    /// Names of toolchains, by the path of their program.
    names: BTreeMap<PathBuf, String>,
}

impl Machine {
    /// A machine with this base, where all these toolchains can be had.
    pub fn new(stock: &Stock, base: &str, names: &BTreeSet<String>) -> Self {
        let env = TestEnv::new().set("GOPROXY", "off");
        let goroot = env.goroot(base);
        let machine = Self { env, goroot, names: BTreeMap::new() };
        let more = ["GOROOT/bin", "GOROOT/pkg/tool", "links", "root/versions", "root/shims"];
        for folder in SWEPT.iter().chain(&more) {
            fs::create_dir_all(machine.path(folder)).unwrap();
        }
        machine.filled(stock, base, names)
    }

    fn filled(mut self, stock: &Stock, base: &str, names: &BTreeSet<String>) -> Self {
        let (root, goroot) = (self.env.root(), &self.goroot);
        fs::write(goroot.join("VERSION"), format!("go{base}\n")).unwrap();
        fs::copy(stock.program(base), exe(goroot.join("bin/go"))).unwrap();
        fs::copy(env!("GVM_SHIM_PATH"), exe(root.join("shims/go"))).unwrap();
        #[cfg(unix)]
        fs::copy(env!("GVM_CHOOSER_PATH"), root.join("chooser")).unwrap();
        let fake = self.path("fake");
        script(&fake, FAKE);
        let fake = exe(fake);
        link::make(&hash8(base), &root.join("current"));
        let base = format!("go{base}");
        self.link_to(&base);
        self.install(&base);
        for name in names.iter().filter(|name| **name != base) {
            let program = exe(root.join(self.link_to(name)).join("bin").join("go"));
            fs::create_dir_all(program.parent().unwrap()).unwrap();
            fs::hard_link(&fake, &program).unwrap();
            self.names.insert(program, name.clone());
            self.names.insert(exe(self.env.bin().join(name)), name.clone());
        }
        self
    }

    /// What the base does when it is called by its own path, with the other toolchains on PATH.
    pub fn real(&self, case: &Case) -> Seen {
        self.run(case, &exe(self.goroot.join("bin").join("go")), &self.env.bin())
    }

    /// What the shim does, first on PATH.
    pub fn shim(&self, case: &Case) -> Seen {
        let shims = self.env.root().join("shims");
        self.run(case, &exe(shims.join("go")), &shims)
    }

    /// One call, among files as nobody has touched them yet.
    fn run(&self, case: &Case, program: &Path, path: &Path) -> Seen {
        self.lay_out(case);
        let at = self.path(&case.at);
        let folder = self.env.folder().to_str().unwrap();
        let mut call = if case.gone {
            let orphan = self.env.call("/bin/sh", "").arg("-c").arg(ORPHAN);
            orphan.arg("sh").arg(&at).arg(program)
        } else {
            self.env.call(program, "")
        };
        for word in &case.arguments {
            call = call.arg(Case::value(word, folder));
        }
        for (name, value) in &case.variables {
            call = call.var(name, Case::value(value, folder));
        }
        let outcome = call.var("PATH", path).within(&at).run();
        let seen = Seen::of(&outcome, &self.names);
        self.clear(case);
        seen
    }

    fn lay_out(&self, case: &Case) {
        case.installed.iter().for_each(|name| self.install(name));
        write(&self.goroot.join("go.env"), case.go_env.as_deref());
        write(&self.path("home/config/go/env"), case.user_env.as_deref());
        fs::create_dir_all(self.path(&case.at)).unwrap();
        for entry in &case.entries {
            match entry {
                Entry::File(path, content) => fs::write(self.path(path), content).unwrap(),
                Entry::Folder(path) => fs::create_dir(self.path(path)).unwrap(),
                Entry::Link(path, target) => {
                    link::make(self.path(target).to_str().unwrap(), &self.path(path));
                }
            }
        }
    }

    /// Removes what a case has laid out, and what came of it.
    fn clear(&self, case: &Case) {
        for name in &case.installed {
            fs::remove_file(self.path("root/versions").join(name)).unwrap();
            for folder in ["bin", "root/shims"] {
                fs::remove_file(exe(self.path(folder).join(name))).unwrap();
            }
        }
        for entry in &case.entries {
            let (Entry::File(path, _) | Entry::Link(path, _) | Entry::Folder(path)) = entry;
            remove(&self.path(path));
        }
        let kept: Vec<PathBuf> = SWEPT.iter().chain(&KEPT).map(|path| self.path(path)).collect();
        for folder in SWEPT.iter().map(|path| self.path(path)) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if !kept.contains(&path) {
                    remove(&path);
                }
            }
        }
    }

    /// The link that says that a version is installed, beside those that do; its hash. A second
    /// name of a link is made faster than a link.
    fn link_to(&self, name: &str) -> String {
        let hash = hash8(name.strip_prefix("go").unwrap());
        link::make(&format!("../{hash}"), &self.path("links").join(name));
        hash
    }

    fn install(&self, name: &str) {
        let root = self.env.root();
        fs::hard_link(self.path("links").join(name), root.join("versions").join(name)).unwrap();
        let shims = root.join("shims");
        fs::hard_link(exe(shims.join("go")), exe(shims.join(name))).unwrap();
        let program = exe(self.env.bin().join(name));
        if self.names.contains_key(&program) {
            fs::hard_link(exe(self.path("fake")), program).unwrap();
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        match path.strip_prefix("GOROOT/") {
            Some(rest) => self.goroot.join(rest),
            None => self.env.folder().join(path),
        }
    }
}

fn write(path: &Path, content: Option<&[u8]>) {
    match content {
        Some(content) => fs::write(path, content).unwrap(),
        None => remove(path),
    }
}

/// Removes what is there, whatever it is.
fn remove(path: &Path) {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    };
    removed.unwrap();
}
