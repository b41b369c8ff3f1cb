//! [`Story`]: a command, the state in which it begins, and what must hold when it was killed on its way.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::Command;
use std::sync::LazyLock;

use crate::stage::env::{Call, TestEnv, finish};
use crate::stage::fake::{copy_folder, exe};
use crate::stage::held::was_killed;
use crate::stage::mint::Mint;
use crate::stage::site::Site;

/// The version that runs before, in most stories.
pub const OLD: &str = "1.21.13";
/// The one that comes.
pub const NEW: &str = "1.22.4";

/// The network of all stories.
static SITE: LazyLock<Site> = LazyLock::new(|| Site::mint(Mint::new(&[OLD, NEW])));

/// A command that is killed.
pub struct Story {
    /// What it is called in the tables.
    pub name: &'static str,
    /// What is done before.
    pub before: fn(&TestEnv),
    /// The command.
    pub words: &'static str,
    /// What the shim `go` may answer after the kill; nothing: no answer is promised.
    pub answers: &'static [&'static str],
    /// The codes with which the same command may end the next time.
    pub again: &'static [i32],
}

/// Every story; `points` has its checkpoints.
pub const STORIES: [Story; 13] = [
    Story {
        name: "the first install",
        before: |_| {},
        words: "install 1.22.4",
        answers: &[],
        again: &[0],
    },
    Story { name: "the first use", before: |_| {}, words: "use 1.22.4", answers: &[], again: &[0] },
    Story {
        name: "a second install",
        before: with_old,
        words: "install 1.22.4",
        answers: &[OLD],
        again: &[0],
    },
    Story {
        name: "a second use",
        before: with_old,
        words: "use --latest 1.22",
        answers: &[OLD, NEW],
        again: &[0],
    },
    Story {
        name: "install --force",
        before: with_both,
        words: "install --force --source goproxy 1.21.13",
        answers: &[OLD],
        again: &[0],
    },
    Story {
        name: "use of another",
        before: with_both,
        words: "use 1.22.4",
        answers: &[OLD, NEW],
        again: &[0],
    },
    Story {
        name: "uninstall",
        before: with_both,
        words: "uninstall 1.22.4",
        answers: &[OLD],
        again: &[0, 3],
    },
    Story {
        name: "uninstall of the default",
        before: with_both,
        words: "uninstall --force 1.21.13",
        answers: &[],
        again: &[0, 3],
    },
    Story {
        name: "pin",
        before: |env| {
            with_both(env);
            env.write(".go-version", "1.21.13\n");
        },
        words: "pin 1.22.4",
        answers: &[OLD, NEW],
        again: &[0],
    },
    Story {
        name: "shims of another gvm",
        before: with_odd_shims,
        words: "use 1.21.13",
        answers: &[OLD],
        again: &[0],
    },
    Story {
        name: "exec",
        before: with_old,
        words: "exec 1.21.13 -- go version",
        answers: &[OLD],
        again: &[0],
    },
    Story {
        name: "setup",
        before: with_start_files,
        words: "setup --shell bash --shell zsh --shell fish --shell tcsh",
        answers: &[],
        again: &[0],
    },
    Story { name: "teardown", before: set_up, words: "teardown", answers: &[], again: &[0] },
];

/// The story of this name.
pub fn story(name: &str) -> &'static Story {
    STORIES.iter().find(|story| story.name == name).unwrap()
}

pub fn with_old(env: &TestEnv) {
    let _ = env.gvm("use").arg(OLD).ok();
}

pub fn with_both(env: &TestEnv) {
    with_old(env);
    let _ = env.gvm("install").arg(NEW).ok();
}

/// Shims that run and are not byte for byte ours, one too few, one too many, and no link to the command.
fn with_odd_shims(env: &TestEnv) {
    with_old(env);
    let shims = env.root().join("shims");
    for name in ["go", "go1.21.13"] {
        let shim = exe(shims.join(name));
        let other = [fs::read(&shim).unwrap().as_slice(), b"\n"].concat();
        let beside = env.folder().join("other");
        fs::write(&beside, other).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&beside, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        fs::rename(beside, shim).unwrap();
    }
    fs::remove_file(exe(shims.join("gofmt"))).unwrap();
    fs::copy(exe(shims.join("go")), exe(shims.join("go1.20.14"))).unwrap();
    fs::remove_file(env.root().join("command")).unwrap();
}

/// Start files of a user's own, and one that is missing with its folder.
fn with_start_files(env: &TestEnv) {
    let home = env.folder().join("home");
    for (name, content) in
        [(".bash_login", ""), (".bashrc", "PS1='$ '"), (".zshenv", "A=1\r\n"), (".zshrc", "\n")]
    {
        fs::write(home.join(name), content).unwrap();
    }
}

/// gvm in start files, of which two were made for it.
fn set_up(env: &TestEnv) {
    with_start_files(env);
    let _ = env.gvm("setup --shell sh --shell bash --shell zsh --shell tcsh").ok();
}

/// A story's beginning, made once, and its end when nobody disturbs it.
pub struct Played {
    story: &'static Story,
    begin: TestEnv,
    end: Vec<String>,
    /// The files of the home folder at the beginning and at the end.
    homes: [BTreeMap<PathBuf, String>; 2],
}

impl Played {
    /// Makes both.
    pub fn new(story: &'static Story) -> Self {
        let begin = TestEnv::at(&SITE);
        (story.before)(&begin);
        let played = Self { story, begin, end: Vec::new(), homes: Default::default() };
        let env = played.env();
        let before = files_at_home(&env);
        let _ = env.gvm(story.words).ok();
        let homes = [before, files_at_home(&env)];
        Self { end: listing(env.folder()), homes, ..played }
    }

    /// An environment at its beginning.
    pub fn env(&self) -> TestEnv {
        let env = TestEnv::at(&SITE);
        for name in ["root", "project", "home"] {
            let from = self.begin.folder().join(name);
            if from.exists() {
                copy(&from, env.folder());
            }
        }
        let (old, new) = (self.begin.folder(), env.folder());
        for path in files_below(&env.folder().join("home")) {
            let content = fs::read_to_string(&path).unwrap();
            fs::write(path, moved(&content, old, new.to_str().unwrap())).unwrap();
        }
        env
    }

    /// An environment at which nothing has been done yet.
    pub fn empty(&self) -> TestEnv {
        TestEnv::at(&SITE)
    }

    /// An environment in which it is done.
    pub fn after(&self) -> TestEnv {
        let env = self.env();
        let _ = env.gvm(self.story.words).ok();
        env
    }

    /// Its beginning, in an environment whose ROOT is an empty folder.
    pub fn begin_in(&self, env: &TestEnv) {
        (self.story.before)(env);
    }

    /// The names of the checkpoints that it reaches, in order.
    pub fn reached(&self) -> Vec<String> {
        let env = self.env();
        let notes = tempfile::NamedTempFile::new().unwrap();
        let order = format!("*=note:{}", notes.path().display());
        let _ = env.gvm(self.story.words).var("GVM_TEST_CHECKPOINT", order).ok();
        let notes = fs::read_to_string(notes.path()).unwrap();
        notes.lines().map(str::to_owned).collect()
    }

    /// As [`Played::killed`], where it may come to its end instead: threads share their work anew each time. Whether it
    /// was killed.
    pub fn may_be_killed(&self, at: &str, kill: impl FnOnce(Call<'_>) -> Call<'_>) -> bool {
        let env = self.env();
        let output = finish(kill(env.gvm(self.story.words)).start(), at);
        self.holds(&env, &format!("{}, killed at {at}", self.story.name));
        was_killed(output.status)
    }

    /// Lets it be killed, by an order or in another way, and holds what must hold then. `at` says where in messages.
    pub fn killed(&self, at: &str, kill: impl FnOnce(Call<'_>) -> Call<'_>) {
        let env = self.env();
        let child = kill(env.gvm(self.story.words)).start();
        let output = finish(child, at);
        let at = format!("{}, killed at {at}", self.story.name);
        assert!(was_killed(output.status), "{at}: {output:?}");
        self.holds(&env, &at);
    }

    /// What must hold when the story was cut off: the old version runs, questions are answered, the same command does
    /// it, and no litter is left.
    pub fn holds(&self, env: &TestEnv, at: &str) {
        let story = self.story;
        let [before, after] = &self.homes;
        for (name, content) in files_at_home(env) {
            let is_known = [before, after].iter().any(|home| home.get(&name) == Some(&content));
            let is_in_the_making = name.to_str().unwrap().contains(".gvm-");
            assert!(is_known || is_in_the_making, "{at}: {} holds {content:?}", name.display());
        }
        if !story.answers.is_empty() {
            let said = env.go("version").run().code_of(at, 0);
            let is_known = |version: &&str| said.stdout.contains(&format!("go{version} "));
            assert!(story.answers.iter().any(is_known), "{at}: {said}");
            let _ = env.gvm("current").run().code_of(at, 0);
        }
        let _ = env.gvm("list --json").run().code_of(at, 0).json();
        let again = env.gvm(story.words).run();
        assert!(story.again.iter().any(|code| again.ended_with(*code)), "{at}, again: {again}");
        let _ = env.gvm("verify").run().code_of(at, 0);
        let left = listing(env.folder());
        assert_eq!(left, self.end, "{at}: left and right differ");
    }
}

/// Everything below a folder by relative path, with what it is; of lock files, which are never deleted, only the folder.
pub fn listing(folder: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    list(folder, folder, &mut lines);
    lines.sort();
    lines
}

fn list(top: &Path, folder: &Path, lines: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = fs::symlink_metadata(&path).unwrap();
        let name = path.strip_prefix(top).unwrap().display().to_string();
        if metadata.is_symlink() {
            let target = fs::read_link(&path).unwrap();
            // A junction holds a whole path.
            let shown = target.strip_prefix(top).unwrap_or(&target).display();
            lines.push(format!("{name} -> {shown}"));
        } else if metadata.is_dir() {
            lines.push(format!("{name}/"));
            if !path.ends_with("root/locks") {
                list(top, &path, lines);
            }
        } else {
            lines.push(format!("{name} {}", mode(&metadata)));
        }
    }
}

/// The files below a folder; no links.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap();
        if kind.is_dir() {
            files.append(&mut files_below(&path));
        } else if kind.is_file() {
            files.push(path);
        }
    }
    files
}

/// The files of the home folder by relative path; what names a folder of this environment names none.
fn files_at_home(env: &TestEnv) -> BTreeMap<PathBuf, String> {
    let home = env.folder().join("home");
    let content = |path: &Path| moved(&fs::read_to_string(path).unwrap(), env.folder(), "TEMP");
    let name = |path: &Path| path.strip_prefix(&home).unwrap().to_owned();
    files_below(&home).iter().map(|path| (name(path), content(path))).collect()
}

/// A text with another path for this folder's, as it is and as some shells quote it.
fn moved(text: &str, from: &Path, to: &str) -> String {
    let quoted = |path: &str| path.replace('\\', r"\\");
    let posix = |path: &str| path.replace(r"C:\", "/c/").replace('\\', "/");
    let from = from.to_str().unwrap();
    let text = text.replace(&quoted(from), &quoted(to)).replace(from, to);
    text.replace(&posix(from), &posix(to))
}

#[cfg(unix)]
fn mode(metadata: &fs::Metadata) -> String {
    use std::os::unix::fs::PermissionsExt;
    format!("{:o}", metadata.permissions().mode() & 0o777)
}

#[cfg(windows)]
fn mode(metadata: &fs::Metadata) -> String {
    format!("{:?}", metadata.permissions())
}

/// A folder into another, with times and links as they are.
pub fn copy(from: &Path, into: &Path) {
    copy_folder(from, &into.join(from.file_name().unwrap()));
}

/// Something mounted, for as long as this stands.
#[cfg(unix)]
pub struct Mount {
    place: PathBuf,
}

#[cfg(unix)]
impl Mount {
    /// Mounts it at this place.
    pub fn new(words: &[&str], place: &Path) -> Result<Self, String> {
        let mounted = Command::new("mount").args(words).arg(place).output();
        let mounted = mounted.map_err(|error| error.to_string())?;
        if mounted.status.success() {
            return Ok(Self { place: place.to_owned() });
        }
        Err(String::from_utf8_lossy(&mounted.stderr).trim().to_owned())
    }
}

#[cfg(unix)]
impl Drop for Mount {
    fn drop(&mut self) {
        // Whatever a failing test left running there, the place is free.
        let _ = Command::new("umount").arg("-l").arg(&self.place).status();
    }
}
