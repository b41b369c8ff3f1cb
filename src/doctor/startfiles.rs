//! The start files of shells: which lines set a variable, or give the name `go` another meaning. They are read by lines and
//! never run, so what stands in a condition counts too; what they in turn read does not, but for files that a shell reads
//! only where another names them.
//!
//! Which shell reads which file was measured (strace) for bash, dash, zsh, fish, tcsh, ksh, mksh and busybox.

use gvm_core::path;
use gvm_core::world::World;

/// A start file may hold so many bytes.
const LIMIT: usize = 1 << 20;

/// Files below the user's home, and who reads each.
const AT_HOME: [(&str, &str); 16] = [
    (".bash_profile", "bash"),
    (".bash_login", "bash"),
    (".profile", "sh"),
    (".bashrc", "bash"),
    (".bash_aliases", "bash"),
    (".zshenv", "zsh"),
    (".zprofile", "zsh"),
    (".zshrc", "zsh"),
    (".zlogin", "zsh"),
    (".tcshrc", "tcsh"),
    (".cshrc", "tcsh"),
    (".login", "tcsh"),
    (".kshrc", "ksh"),
    (".mkshrc", "mksh"),
    (".shrc", "sh"),
    (".pam_environment", "pam"),
];

/// Files of the system's, and who reads each.
const OF_SYSTEM: [(&str, &str); 15] = [
    ("/etc/environment", "pam"),
    ("/etc/profile", "sh"),
    ("/etc/bash.bashrc", "bash"),
    ("/etc/bashrc", "bash"),
    ("/etc/zsh/zshenv", "zsh"),
    ("/etc/zsh/zprofile", "zsh"),
    ("/etc/zsh/zshrc", "zsh"),
    ("/etc/zsh/zlogin", "zsh"),
    ("/etc/zshenv", "zsh"),
    ("/etc/zprofile", "zsh"),
    ("/etc/zshrc", "zsh"),
    ("/etc/fish/config.fish", "fish"),
    ("/etc/fish/functions/go.fish", "fish"),
    ("/etc/csh.cshrc", "tcsh"),
    ("/etc/csh.login", "tcsh"),
];

/// Those of zsh, below the user's home or `$ZDOTDIR`.
const ZSH: [&str; 4] = [".zshenv", ".zprofile", ".zshrc", ".zlogin"];

/// Files of which a shell reads the first that is there.
const FIRST_OF: [(&str, &[&str]); 2] =
    [("bash", &[".bash_profile", ".bash_login", ".profile"]), ("tcsh", &[".tcshrc", ".cshrc"])];

/// A start file.
#[derive(Clone, Debug)]
pub struct StartFile {
    /// Its path.
    pub path: Vec<u8>,
    /// The shell that reads it; `sh` for all of its family, `pam` for what a login sets.
    pub shell: &'static str,
    /// A shell that reads another file in its place.
    hidden_from: Option<&'static str>,
    /// The lines that matter.
    pub lines: Vec<Line>,
}

impl StartFile {
    /// Whether a shell of this name reads it, at whatever occasion.
    pub fn is_read_by(&self, shell: &str) -> bool {
        let shell = family(shell);
        let is_posix = ["sh", "bash", "dash", "ksh", "mksh", "busybox"].contains(&shell);
        let is_its = self.shell == shell || self.shell == "sh" && is_posix;
        is_its && self.hidden_from != Some(shell)
    }
}

/// The name that a shell's start files go by.
pub fn family(shell: &str) -> &str {
    match shell {
        "rbash" => "bash",
        "csh" => "tcsh",
        "ksh93" | "rksh" => "ksh",
        "ash" => "busybox",
        other => other,
    }
}

/// A line of a start file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// Its number, from 1.
    pub number: u32,
    /// The variable that it sets.
    pub sets: Option<String>,
    /// The meaning that it gives to the name `go`.
    pub defines: Option<Meaning>,
    /// What it says, without blanks around it.
    pub text: String,
}

/// What the name `go` can be beside a program.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Meaning {
    /// An alias, or fish's abbreviation.
    Alias,
    /// A function.
    Function,
    /// A program whose place is given to the shell's hash.
    Hash,
}

/// All start files that are there.
pub fn read(world: &dyn World) -> Vec<StartFile> {
    let home = world.var("HOME").filter(|home| path::is_absolute(home));
    let mut files = Vec::new();
    for (name, shell) in OF_SYSTEM {
        files.extend(file(world, name.as_bytes().to_vec(), shell));
    }
    files.extend(folder(world, b"/etc/profile.d", b".sh", "sh"));
    files.extend(folder(world, b"/etc/fish/conf.d", b".fish", "fish"));
    let zdotdir = world.var("ZDOTDIR").filter(|folder| Some(folder) != home.as_ref());
    if let Some(home) = &home {
        files.extend(at_home(world, home, zdotdir.is_some()));
    }
    files.extend(of_fish(world, home.as_deref()));
    if let Some(named) = world.var("ENV").filter(|name| path::is_absolute(name)) {
        let read = file(world, named, "sh");
        files.extend(read.map(|file| StartFile { hidden_from: Some("bash"), ..file }));
    }
    let named = world.var("BASH_ENV").filter(|name| path::is_absolute(name));
    files.extend(named.and_then(|name| file(world, name, "bash")));
    if let Some(folder) = zdotdir {
        for name in ZSH {
            files.extend(file(world, path::join(&folder, name.as_bytes()), "zsh"));
        }
    }
    files
}

/// The user's own, each with the shell that it is hidden from: by one that stands before it, or by zsh's other folder.
fn at_home(world: &dyn World, home: &[u8], has_zdotdir: bool) -> Vec<StartFile> {
    let content = |name: &str| world.read(&path::join(home, name.as_bytes()), LIMIT).ok();
    let names = |file: &[u8], name: &str| String::from_utf8_lossy(file).contains(name);
    let hidden_from = |name: &str| {
        let rule = FIRST_OF.iter().find_map(|(shell, list)| {
            let at = list.iter().position(|of_list| *of_list == name)?;
            let first = list[..at].iter().find_map(|before| content(before))?;
            (!names(&first, name)).then_some(*shell)
        });
        let is_elsewhere = has_zdotdir
            && ZSH.contains(&name)
            // This one may be what sets it.
            && !(name == ZSH[0] && content(name).is_some_and(|it| names(&it, "ZDOTDIR")));
        rule.or(is_elsewhere.then_some("zsh"))
    };
    let read = |(name, shell): (&str, &'static str)| {
        let file = file(world, path::join(home, name.as_bytes()), shell)?;
        Some(StartFile { hidden_from: hidden_from(name), ..file })
    };
    AT_HOME.into_iter().filter_map(read).collect()
}

/// fish keeps its own below `$XDG_CONFIG_HOME`: those that it always reads, the function of the name, and what was set once
/// for all sessions.
fn of_fish(world: &dyn World, home: Option<&[u8]>) -> Vec<StartFile> {
    let config = world.var("XDG_CONFIG_HOME").filter(|folder| path::is_absolute(folder));
    let config = config.or_else(|| Some(path::join(home?, b".config")));
    let Some(config) = config.map(|config| path::join(&config, b"fish")) else { return Vec::new() };
    let mut files = folder(world, &path::join(&config, b"conf.d"), b".fish", "fish");
    for name in [&b"config.fish"[..], b"functions/go.fish", b"fish_variables"] {
        files.extend(file(world, path::join(&config, name), "fish"));
    }
    files
}

fn folder(world: &dyn World, folder: &[u8], ending: &[u8], shell: &'static str) -> Vec<StartFile> {
    let mut names = Vec::new();
    world.list(folder, &mut |name| {
        if name.ends_with(ending) {
            names.push(name.to_vec());
        }
    });
    names.sort();
    names.iter().filter_map(|name| file(world, path::join(folder, name), shell)).collect()
}

fn file(world: &dyn World, path: Vec<u8>, shell: &'static str) -> Option<StartFile> {
    let content = world.read(&path, LIMIT).ok()?;
    let content = String::from_utf8_lossy(&content);
    let lines = content.lines().zip(1..).filter_map(|(text, number)| line(text.trim(), number));
    let lines = lines.collect();
    Some(StartFile { path, shell, hidden_from: None, lines })
}

/// A line that matters.
fn line(text: &str, number: u32) -> Option<Line> {
    if text.starts_with('#') {
        return None;
    }
    let (sets, defines) = (sets(text), defines(text));
    let text = if text.starts_with(UNIVERSAL) { plain(text) } else { text.to_owned() };
    (sets.is_some() || defines.is_some()).then_some(Line { number, sets, defines, text })
}

/// How a line of fish's own file of variables begins.
const UNIVERSAL: &str = "SETUVAR ";

/// A line of that file without its escapes: `\x2e` is a dot.
fn plain(text: &str) -> String {
    let mut parts = text.split("\\x");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        match code.filter(u8::is_ascii) {
            Some(code) => {
                plain.push(code.into());
                plain.push_str(&part[2..]);
            }
            None => plain.extend(["\\x", part]),
        }
    }
    plain
}

/// The variable that a line sets in any shell's way: PATH, HOME, TMPDIR, or what begins with GO, CGO_ or CC.
fn sets(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = match words.as_slice() {
        ["setenv" | "set-env", name, ..] => name,
        ["set", "path", "=", ..] | ["fish_add_path", ..] => "PATH",
        ["set", path, ..] if path.starts_with("path=") => "PATH",
        ["SETUVAR", rest @ ..] => {
            let name = rest.iter().find(|word| !word.starts_with('-'))?.split_once(':')?.0;
            if name == "fish_user_paths" { "PATH" } else { name }
        }
        ["set", rest @ ..] => match rest.iter().find(|word| !word.starts_with('-'))? {
            &"fish_user_paths" => "PATH",
            name => name,
        },
        ["export" | "typeset" | "declare" | "readonly" | "local", rest @ ..] => {
            rest.iter().find(|word| !word.starts_with('-'))?.split_once('=')?.0
        }
        [first, ..] => {
            let (name, _) = first.split_once('=')?;
            if name == "path" || name == "path+" { "PATH" } else { name }
        }
        [] => return None,
    };
    let name = name.trim_end_matches('+');
    let matters = ["GO", "CGO_"].iter().any(|start| name.starts_with(start))
        || ["PATH", "CC", "CXX", "TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"]
            .contains(&name);
    matters.then(|| name.to_owned())
}

/// What a line makes of the name `go`.
fn defines(text: &str) -> Option<Meaning> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_go = |word: &str| word == "go" || word.starts_with("go=");
    match words.as_slice() {
        ["alias" | "abbr", rest @ ..] => {
            let first = rest.iter().find(|word| !word.starts_with('-'))?;
            // An alias that asks gvm is the user's own way to it.
            (is_go(first) && !text.contains("gvm")).then_some(Meaning::Alias)
        }
        ["hash", "-p", _, "go", ..] => Some(Meaning::Hash),
        ["hash", name, ..] if name.starts_with("go=") => Some(Meaning::Hash),
        ["function", "go" | "go;" | "go()" | "go(){", ..]
        | ["go()" | "go(){", ..]
        | ["go", "()" | "(){", ..] => Some(Meaning::Function),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use gvm_core::world::memory::Memory;

    use super::*;

    /// Who reads a file, of bash, dash, zsh, fish, csh and ksh93. The machine in memory has paths of Unix.
    #[cfg(unix)]
    fn readers(world: &Memory, name: &str) -> Vec<&'static str> {
        let files = read(&world.clone().var("HOME", "/home"));
        let file = files.iter().find(|file| file.path == name.as_bytes()).unwrap();
        let shells = ["bash", "dash", "zsh", "fish", "csh", "ksh93"];
        shells.into_iter().filter(|shell| file.is_read_by(shell)).collect()
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_hidden_by_one_that_is_read_in_its_place() {
        let world = Memory::new("/").file("/home/.profile", b"").file("/home/.cshrc", b"");
        assert_eq!(readers(&world, "/home/.profile"), ["bash", "dash", "ksh93"]);
        assert_eq!(readers(&world, "/home/.cshrc"), ["csh"]);
        let world = world.file("/home/.bash_login", b"").file("/home/.tcshrc", b"");
        assert_eq!(readers(&world, "/home/.profile"), ["dash", "ksh93"]);
        assert_eq!(readers(&world, "/home/.cshrc"), [""; 0]);
        let world = world.file("/home/.bash_login", b". ~/.profile");
        assert_eq!(readers(&world, "/home/.profile"), ["bash", "dash", "ksh93"]);
    }

    #[cfg(unix)]
    #[test]
    fn another_folder_of_zshs_hides_the_files_at_home() {
        let world = Memory::new("/").file("/home/.zshenv", b"").file("/home/.zshrc", b"");
        assert_eq!(readers(&world, "/home/.zshrc"), ["zsh"]);
        let world = world.var("ZDOTDIR", "/z").file("/z/.zshrc", b"");
        assert_eq!(readers(&world, "/z/.zshrc"), ["zsh"]);
        assert_eq!(readers(&world, "/home/.zshrc"), [""; 0]);
        assert_eq!(readers(&world, "/home/.zshenv"), [""; 0]);
        let world = world.file("/home/.zshenv", b"export ZDOTDIR=/z");
        assert_eq!(readers(&world, "/home/.zshenv"), ["zsh"]);
    }

    #[test]
    fn what_fish_keeps_is_read_without_its_escapes() {
        assert_eq!(
            plain("SETUVAR x:/go1\\x2e22/bin\\x1e/é\\xff"),
            "SETUVAR x:/go1.22/bin\u{1e}/é\\xff"
        );
    }

    #[test]
    fn a_variable_is_set_in_each_shells_way() {
        for (text, name) in [
            ("export GOROOT=/usr/lib/go", Some("GOROOT")),
            ("GOROOT=/usr/lib/go", Some("GOROOT")),
            ("setenv GOROOT /usr/lib/go", Some("GOROOT")),
            ("set -gx GOROOT /usr/lib/go", Some("GOROOT")),
            ("typeset -x GOFLAGS=-v", Some("GOFLAGS")),
            ("set path = (/x $path)", Some("PATH")),
            ("set path=(/x $path)", Some("PATH")),
            ("set -Ua fish_user_paths /x", Some("PATH")),
            ("SETUVAR --export GOROOT:/usr/lib/go", Some("GOROOT")),
            ("SETUVAR fish_user_paths:/usr/lib/go/bin", Some("PATH")),
            ("SETUVAR fish_greeting:hi", None),
            ("fish_add_path /x", Some("PATH")),
            ("path+=(/x)", Some("PATH")),
            ("export PATH", None),
            ("# export GOROOT=/x", None),
            ("echo GOROOT", None),
            ("EDITOR=vi", None),
        ] {
            let found = line(text, 1).and_then(|line| line.sets);
            assert_eq!(found.as_deref(), name, "{text}");
        }
    }

    #[test]
    fn the_name_go_is_given_a_meaning_in_each_shells_way() {
        for (text, meaning) in [
            ("alias go=/usr/lib/go/bin/go", Some(Meaning::Alias)),
            ("alias go '/usr/lib/go/bin/go'", Some(Meaning::Alias)),
            ("abbr -a go 'go run'", Some(Meaning::Alias)),
            ("alias go='gvm exec --'", None),
            ("alias gob='go build'", None),
            ("go() { command go \"$@\"; }", Some(Meaning::Function)),
            ("function go", Some(Meaning::Function)),
            ("function go; command go $argv; end", Some(Meaning::Function)),
            ("go () {", Some(Meaning::Function)),
            ("hash -p /opt/go/bin/go go", Some(Meaning::Hash)),
            ("hash go=/opt/go/bin/go", Some(Meaning::Hash)),
            ("go version", None),
            ("goto() {", None),
        ] {
            assert_eq!(defines(text), meaning, "{text}");
        }
    }
}
