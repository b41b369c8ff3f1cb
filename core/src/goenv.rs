//! The files that the go command keeps variables in: the user's `go/env` (what `go env -w` writes)
//! and a GOROOT's `go.env`. One variable is looked up; which file comes first is the caller's rule.

use alloc::vec::Vec;

use crate::path;
use crate::vars;
use crate::world::World;

/// A `go/env` file may hold so many bytes.
const LIMIT: usize = 256 * 1024;

/// Which of the two files it is: they differ where one name has several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The user's `go/env`: the last line of a name wins.
    User,
    /// A GOROOT's `go.env`: the first line of a name wins.
    Goroot,
}

/// The value of `key` and its line (from 1). The value is verbatim, also blanks and a `\r`; an
/// empty one is Some and hides what comes later.
///
/// As `cfg.readEnvFile` of Go 1.26 has it: lines `KEY=VALUE` whose first letter is A to Z, without
/// quotes, escapes or expansion; all others are ignored.
pub fn lookup<'a>(file: &'a [u8], key: &str, which: Which) -> Option<(&'a [u8], u32)> {
    let mut lines = file.split(|b| *b == b'\n').zip(1..).filter_map(|(line, number)| {
        let equals = line.iter().position(|b| *b == b'=')?;
        let is_named = line[0].is_ascii_uppercase() && line[..equals] == *key.as_bytes();
        is_named.then(|| (&line[equals + 1..], number))
    });
    match which {
        Which::User => lines.last(),
        Which::Goroot => lines.next(),
    }
}

/// A value that is in force, verbatim, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value; may be empty where a file has it.
    pub value: Vec<u8>,
    /// Where it stands.
    pub source: Source,
}

/// Where a [`Setting`] stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the process's environment.
    Process,
    /// In a file: the user's `go/env` or a `go.env`.
    File {
        /// The file.
        path: Vec<u8>,
        /// The line, from 1.
        line: u32,
    },
}

/// Both files, read once, for several variables.
#[derive(Clone, Debug, Default)]
pub struct Files {
    user: Option<(Vec<u8>, Vec<u8>)>,
    goroot: Option<(Vec<u8>, Vec<u8>)>,
}

impl Files {
    /// The user's file, and the `go.env` of this GOROOT, or of the one that the user's file names: a go command looks
    /// there for it (`initEnvCache` of `cmd/go/internal/cfg/cfg.go`).
    pub fn read(world: &dyn World, goroot: Option<&[u8]>) -> Self {
        let open = |path: Vec<u8>| {
            let content = world.read(&path, LIMIT).ok()?;
            Some((path, content))
        };
        let mut files = Self { user: user_file(world).and_then(open), goroot: None };
        let named = files.in_user(vars::GOROOT).map(|(value, _)| value);
        let goroot = named.filter(|value| !value.is_empty()).or(goroot);
        let go_env = goroot.map(|goroot| path::join(goroot, b"go.env"));
        files.goroot = go_env.and_then(open);
        files
    }

    /// The value of `key` in the user's file, and its line.
    pub fn in_user(&self, key: &str) -> Option<(&[u8], u32)> {
        lookup(&self.user.as_ref()?.1, key, Which::User)
    }

    /// The value that is in force where the process's is `process`: that one unless it is empty, else the user's file's,
    /// else `go.env`'s. An empty one in a file hides what comes later.
    pub fn setting(&self, key: &str, process: Option<Vec<u8>>) -> Option<Setting> {
        if let Some(value) = process.filter(|value| !value.is_empty()) {
            return Some(Setting { value, source: Source::Process });
        }
        let within = |file: &Option<(Vec<u8>, Vec<u8>)>, which| {
            let (path, content) = file.as_ref()?;
            let (value, line) = lookup(content, key, which)?;
            let source = Source::File { path: path.clone(), line };
            Some(Setting { value: value.to_vec(), source })
        };
        within(&self.user, Which::User).or_else(|| within(&self.goroot, Which::Goroot))
    }

    /// All values of `key` that there are, also those that are hidden: what [`Files::setting`] gives
    /// comes first.
    pub fn settings(&self, key: &str, process: Option<Vec<u8>>) -> Vec<Setting> {
        let process = process.filter(|value| !value.is_empty());
        let process = process.map(|value| Setting { value, source: Source::Process });
        let mut settings = Vec::from_iter(process);
        for (file, which) in [(&self.user, Which::User), (&self.goroot, Which::Goroot)] {
            let Some((path, content)) = file else { continue };
            if let Some((value, line)) = lookup(content, key, which) {
                let source = Source::File { path: path.clone(), line };
                settings.push(Setting { value: value.to_vec(), source });
            }
        }
        settings
    }
}

/// The value of `key` in the user's `go/env` file; None where there is no such file or line.
pub fn user_value(world: &dyn World, key: &str) -> Option<Vec<u8>> {
    let content = world.read_own(&user_file(world)?, LIMIT).ok()?;
    lookup(&content, key, Which::User).map(|(value, _)| value.to_vec())
}

/// Where the user's `go/env` file is: what GOENV says, else below the user's configuration folder. None when GOENV is
/// `off`, or there is no such folder.
///
/// As `envFile` of `cmd/go/internal/cfg/cfg.go` and `os.UserConfigDir` of Go 1.27 have it.
pub fn user_file(world: &dyn World) -> Option<Vec<u8>> {
    let variable = |name| world.var(name).filter(|value| !value.is_empty());
    match variable(vars::GOENV) {
        Some(value) if value == b"off" => return None,
        Some(value) => return Some(value),
        None => {}
    }
    let folder = if cfg!(windows) {
        variable("AppData")?
    } else if cfg!(target_vendor = "apple") {
        path::join(&variable("HOME")?, b"Library/Application Support")
    } else {
        match variable("XDG_CONFIG_HOME") {
            Some(folder) if path::is_absolute(&folder) => folder,
            // `os.UserConfigDir` refuses a relative one.
            Some(_) => return None,
            None => path::join(&variable("HOME")?, b".config"),
        }
    };
    Some(path::join(&path::join(&folder, b"go"), b"env"))
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_file_has_the_last_line_and_the_other_the_first() {
        let file = b"GOPROXY=direct\n# GOPROXY=x\nGOPROXY=off";
        assert_eq!(lookup(file, "GOPROXY", Which::User), Some((&b"off"[..], 3)));
        assert_eq!(lookup(file, "GOPROXY", Which::Goroot), Some((&b"direct"[..], 1)));
        assert_eq!(lookup(file, "GOSUMDB", Which::User), None);
    }

    #[test]
    fn values_are_verbatim_and_odd_lines_ignored() {
        for (file, value) in [
            (&b"GOTOOLCHAIN=local\r\n"[..], Some(&b"local\r"[..])),
            (b"GOTOOLCHAIN= local ", Some(b" local ")),
            (b"GOTOOLCHAIN=", Some(b"")),
            (b"GOTOOLCHAIN=a=b", Some(b"a=b")),
            (b"GOTOOLCHAIN=\"x\"", Some(b"\"x\"")),
            (b"GOTOOLCHAIN=\xff", Some(b"\xff")),
            (b"\n=\n\nx\nGOTOOLCHAIN=local", Some(b"local")),
            (b"GOTOOLCHAIN", None),
            (b" GOTOOLCHAIN=local", None),
            (b"GOTOOLCHAIN =local", None),
            (b"export GOTOOLCHAIN=local", None),
            (b"\xef\xbb\xbfGOTOOLCHAIN=local", None),
        ] {
            let found = lookup(file, "GOTOOLCHAIN", Which::User).map(|(value, _)| value);
            assert_eq!(found, value);
        }
        assert_eq!(lookup(b"path=x", "path", Which::User), None);
        assert_eq!(lookup(b"=x", "", Which::Goroot), None);
    }

    #[cfg(all(unix, not(target_vendor = "apple")))]
    #[test]
    fn the_users_file_is_where_the_go_command_looks() {
        use crate::world::memory::Memory;
        let world = Memory::new("/").var("HOME", "/h");
        assert_eq!(user_file(&world).unwrap(), b"/h/.config/go/env");
        let world = world.var("XDG_CONFIG_HOME", "/c").file("/c/go/env", b"GOPROXY=off\n");
        assert_eq!(user_file(&world).unwrap(), b"/c/go/env");
        assert_eq!(user_value(&world, "GOPROXY").unwrap(), b"off");
        assert_eq!(user_value(&world, "GOSUMDB"), None);
        assert_eq!(user_file(&world.clone().var("XDG_CONFIG_HOME", "rel")), None);
        assert_eq!(user_file(&world.clone().var("GOENV", "/e")).unwrap(), b"/e");
        assert_eq!(user_file(&world.var("GOENV", "off")), None);
    }

    #[cfg(all(unix, not(target_vendor = "apple")))]
    #[test]
    fn the_process_hides_the_users_file_which_hides_go_env() {
        use crate::world::memory::Memory;
        let world = Memory::new("/")
            .var("GOENV", "/e")
            .file("/e", b"GOSUMDB=\nGOTOOLCHAIN=local\n")
            .file("/go/go.env", b"# x\nGOTOOLCHAIN=auto\nGOSUMDB=a\nGOPROXY=direct\n");
        let files = Files::read(&world, Some(b"/go"));
        for (key, process, value, source) in [
            ("GOTOOLCHAIN", Some("path"), "path", None),
            ("GOTOOLCHAIN", Some(""), "local", Some(("/e", 2))),
            ("GOSUMDB", None, "", Some(("/e", 1))),
            ("GOPROXY", None, "direct", Some(("/go/go.env", 4))),
        ] {
            let found = files.setting(key, process.map(|value| value.as_bytes().to_vec()));
            let source = source.map_or(Source::Process, |(path, line): (&str, u32)| Source::File {
                path: path.as_bytes().to_vec(),
                line,
            });
            assert_eq!(found, Some(Setting { value: value.as_bytes().to_vec(), source }), "{key}");
            let all = files.settings(key, process.map(|value| value.as_bytes().to_vec()));
            assert_eq!(all.first(), found.as_ref(), "{key}");
        }
        assert_eq!(files.setting("GOFLAGS", None), None);
        assert_eq!(files.settings("GOTOOLCHAIN", Some(b"path".to_vec())).len(), 3);
        let elsewhere = world.file("/e", b"GOROOT=/o\n").file("/o/go.env", b"GOPROXY=off\n");
        let files = Files::read(&elsewhere, Some(b"/go"));
        assert_eq!(files.setting("GOPROXY", None).unwrap().value, b"off");
    }

    proptest! {
        #[test]
        fn what_is_found_stands_on_its_line(file: Vec<u8>, value in "[^\n]{0,9}", after: Vec<u8>) {
            let file = [&file[..], b"\nGOENV=", value.as_bytes(), b"\n", &after[..]].concat();
            let first = lookup(&file, "GOENV", Which::Goroot).unwrap();
            let last = lookup(&file, "GOENV", Which::User).unwrap();
            prop_assert!(first.1 <= last.1);
            for (value, number) in [first, last] {
                let line = file.split(|b| *b == b'\n').nth(number as usize - 1);
                prop_assert_eq!(line.unwrap(), [b"GOENV=", value].concat());
            }
        }
    }
}
