//! [`Machine`]: a case laid out on disk: ROOT with the real base as its default and small programs for the other
//! toolchains, the same programs on PATH for the go command, and the case's files; [`Seen`]: what came of a call in it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::env::{TestEnv, hash8};
use crate::stock::Stock;

use super::case::{Case, Entry, Outcome};

/// Says which file it is, where and with what it was started, and its environment.
const FAKE: &str = "#!/bin/sh
echo PICKED \"$0\"
echo AT \"$(pwd -P)\"
for word do echo WITH \"$word\"; done
export -p
";

/// Removes the working directory, then becomes the program.
const ORPHAN: &str = "rmdir \"$1\" && unset PWD OLDPWD && shift && exec \"$@\"";

/// Programs that cases are laid out with: one file each, which all cases link to.
pub struct Programs {
    folder: tempfile::TempDir,
}

impl Programs {
    /// The real `go` of these bases, the shim, and the small program.
    pub fn new(stock: &Stock, bases: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for base in bases {
            fs::copy(stock.program(base), folder.path().join(base)).unwrap();
        }
        fs::copy(env!("GVM_SHIM_PATH"), folder.path().join("shim")).unwrap();
        fs::write(folder.path().join("fake"), FAKE).unwrap();
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(folder.path().join("fake"), executable).unwrap();
        Self { folder }
    }

    fn link(&self, name: &str, to: &Path) {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::hard_link(self.folder.path().join(name), to).unwrap();
    }
}

/// The folders of one case.
pub struct Machine<'a> {
    env: TestEnv,
    case: &'a Case,
    /// Names of toolchains, by the path of their program.
    names: BTreeMap<String, String>,
}

/// What came of a call.
#[derive(Debug, Eq, PartialEq)]
pub struct Seen {
    /// Which Go ran.
    pub outcome: Outcome,
    /// What the small program said it was given, or all that the base wrote, and its exit code.
    pub text: String,
}

impl<'a> Machine<'a> {
    /// Lays a case out.
    pub fn new(programs: &Programs, case: &'a Case) -> Self {
        let mut env = TestEnv::new().set("GOPROXY", "off");
        let root = env.root();
        let goroot = env.goroot(&case.base);
        programs.link(&case.base, &goroot.join("bin/go"));
        fs::create_dir_all(goroot.join("pkg/tool")).unwrap();
        fs::create_dir_all(goroot.join("src")).unwrap();
        fs::write(goroot.join("VERSION"), format!("go{}\n", case.base)).unwrap();
        if let Some(content) = &case.go_env {
            fs::write(goroot.join("go.env"), content).unwrap();
        }
        fs::create_dir_all(root.join("versions")).unwrap();
        symlink(hash8(&case.base), root.join("current")).unwrap();
        programs.link("shim", &root.join("shims/go"));
        let mut names = BTreeMap::new();
        let base = format!("go{}", case.base);
        for name in case.installed.iter().chain([&base]) {
            let hash = hash8(name.strip_prefix("go").unwrap());
            symlink(format!("../{hash}"), root.join("versions").join(name)).unwrap();
            programs.link("shim", &root.join("shims").join(name));
            if *name == base {
                continue;
            }
            let program = root.join(hash).join("bin/go");
            programs.link("fake", &program);
            names.insert(program.to_str().unwrap().to_owned(), name.clone());
            let program = env.bin().join(name);
            programs.link("fake", &program);
            names.insert(program.to_str().unwrap().to_owned(), name.clone());
        }
        let folder = env.folder().to_str().unwrap().to_owned();
        for (name, value) in &case.variables {
            env = env.set(name, Case::value(value, &folder));
        }
        Self { env, case, names }
    }

    /// What the base does when it is called by its own path, with the other toolchains on PATH.
    pub fn real(&self) -> Seen {
        let path = self.env.bin();
        self.run(&self.env.goroot(&self.case.base).join("bin/go"), &path)
    }

    /// What the shim does, first on PATH.
    pub fn shim(&self) -> Seen {
        let shims = self.env.root().join("shims");
        self.run(&shims.join("go"), &shims)
    }

    /// One call, among files as nobody has touched them yet.
    fn run(&self, program: &Path, path: &Path) -> Seen {
        self.lay_out();
        let at = self.path(&self.case.at);
        let folder = self.env.folder().to_str().unwrap();
        let call = if self.case.gone {
            let orphan = self.env.call("/bin/sh", "").arg("-c").arg(ORPHAN);
            orphan.arg("sh").arg(&at).arg(program)
        } else {
            self.env.call(program, "")
        };
        let arguments = self.case.arguments.iter().map(|word| Case::value(word, folder));
        let call = arguments.fold(call, |call, word| call.arg(word));
        let outcome = call.var("PATH", path).within(&at).run();
        let text = outcome.to_string();
        match outcome.stdout.strip_prefix("PICKED ") {
            Some(_) => self.picked(&outcome.stdout),
            None => Seen { outcome: refused(&outcome.stderr), text: plain(&text) },
        }
    }

    fn lay_out(&self) {
        for name in ["project", "home", "tmp"] {
            let _ = fs::remove_dir_all(self.env.folder().join(name));
            fs::create_dir_all(self.env.folder().join(name)).unwrap();
        }
        let config = self.env.folder().join("home/config/go");
        fs::create_dir_all(config.join("telemetry")).unwrap();
        fs::write(config.join("telemetry/mode"), "off\n").unwrap();
        if let Some(content) = &self.case.user_env {
            fs::write(config.join("env"), content).unwrap();
        }
        for folder in ["project/a/b", "project/c/d", &self.case.at] {
            fs::create_dir_all(self.path(folder)).unwrap();
        }
        for entry in &self.case.entries {
            match entry {
                Entry::File(path, content) => {
                    fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
                    fs::write(self.path(path), content).unwrap();
                }
                Entry::Folder(path) => fs::create_dir_all(self.path(path)).unwrap(),
                Entry::Link(path, target) => {
                    let _ = fs::remove_file(self.path(path));
                    fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
                    symlink(self.path(target), self.path(path)).unwrap();
                }
            }
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        let goroot = format!("root/{}", hash8(&self.case.base));
        self.env.folder().join(Case::path(path, &goroot))
    }

    /// What the small program said: without PATH, which differs on purpose, and what its shell adds.
    fn picked(&self, stdout: &str) -> Seen {
        let (mut program, mut at, mut words, mut variables) = ("", "", Vec::new(), Vec::new());
        for line in stdout.lines() {
            match line.split_once(' ').unwrap_or((line, "")) {
                ("PICKED", path) => program = path,
                ("AT", path) => at = path,
                ("WITH", word) => words.push(word),
                _ => variables.push(line),
            }
        }
        let own = |line: &&str| {
            ["PATH=", "PWD=", "OLDPWD"]
                .iter()
                .any(|name| line.starts_with(&format!("export {name}")))
        };
        variables.retain(|line| !own(line));
        variables.sort_unstable();
        let at = chdir(Path::new(at), &mut words);
        let name = self.names.get(program).unwrap_or_else(|| panic!("{stdout}"));
        let text = format!("in {}\nwith {words:?}\n{}\n", at.display(), variables.join("\n"));
        Seen { outcome: Outcome::Picked(name.clone()), text }
    }
}

/// Where a go command works that was started in `at`: the real one has followed `-C` before it starts another.
fn chdir(at: &Path, words: &mut Vec<&str>) -> PathBuf {
    let is_flag = |word: &&str| *word == "-C" || *word == "--C";
    let found = words
        .iter()
        .position(|word| is_flag(word) || word.starts_with("-C=") || word.starts_with("--C="));
    let Some(index) = found else { return at.to_owned() };
    let word = words.remove(index);
    let folder = match word.split_once('=') {
        Some((_, folder)) => folder,
        None if index < words.len() => words.remove(index),
        None => return at.to_owned(),
    };
    at.join(folder).canonicalize().unwrap_or_else(|_| at.to_owned())
}

/// What the base's own words say, when it started nothing.
fn refused(stderr: &str) -> Outcome {
    for line in stderr.lines() {
        let Some(line) = line.strip_prefix("go: ") else { continue };
        if let Some(rest) = line.strip_prefix("cannot find \"")
            && let Some((name, _)) = rest.split_once("\" in PATH")
        {
            return Outcome::Missing(name.to_owned());
        }
        if let Some(rest) = line.strip_prefix("download go") {
            let name = rest.split(": ").next().unwrap_or_default();
            let name = name.split(" for ").next().unwrap_or_default();
            return Outcome::Missing(format!("go{name}"));
        }
        // What `auto` says of a language's name that is neither on PATH nor at the proxy.
        if let Some(rest) = line.strip_prefix("invalid toolchain: ")
            && let Some((name, _)) = rest.split_once(" is a language version")
        {
            return Outcome::Missing(name.to_owned());
        }
        let line = line.strip_prefix("go: ").unwrap_or(line);
        let refusals = [
            "invalid GOTOOLCHAIN",
            "invalid toolchain",
            "invalid GOWORK: not an absolute path",
            "chdir ",
            "cannot determine current directory",
        ];
        if refusals.iter().any(|words| line.starts_with(words)) {
            return Outcome::Fatal;
        }
    }
    Outcome::Base
}

/// Without what differs from one start to the next.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("go-build") {
        let end = at + "go-build".len();
        plain.push_str(&rest[..end]);
        rest = rest[end..].trim_start_matches(|c: char| c.is_ascii_digit());
    }
    plain + rest
}
