//! `gvm setup` and `gvm teardown` over start files of every shape: what was there comes back byte for byte.

use std::collections::BTreeMap;
use std::fs;
#[cfg(unix)]
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::env::TestEnv;
use crate::fake::gvm;
use crate::stage::sample::some;
use crate::stage::tally;

/// What stands in a home folder before, by what it is called.
type Shape = (&'static str, fn(&Path));

const CONDA: &str = "# >>> conda initialize >>>\n. ~/conda.sh\n# <<< conda initialize <<<\n";
const GUARD: &str = "case $- in\n*i*) ;;\n*) return ;;\nesac\n";

/// Shapes that gvm writes to, and leaves as they were.
const SHAPES: [Shape; 30] = [
    ("nothing at all", |_| {}),
    ("an empty .bashrc", |home| put(home, ".bashrc", "")),
    ("an empty .profile", |home| put(home, ".profile", "")),
    ("one newline", |home| put(home, ".bashrc", "\n")),
    ("newlines only", |home| put(home, ".zshrc", "\n\n\n")),
    ("a line", |home| put(home, ".bashrc", "alias ll='ls -l'\n")),
    ("no final newline", |home| put(home, ".bashrc", "alias ll='ls -l'")),
    ("no final newline, in zsh's", |home| put(home, ".zshenv", "export A=1")),
    ("blanks at the end", |home| put(home, ".zshrc", "setopt nounset  \n\t")),
    ("CRLF", |home| put(home, ".bashrc", "a=1\r\nb=2\r\n")),
    ("CRLF without the last", |home| put(home, ".bashrc", "a=1\r\nb=2")),
    ("one carriage return at the end", |home| put(home, ".bashrc", "a=1\r")),
    ("old Mac lines", |home| put(home, ".bashrc", "a=1\rb=2\r")),
    ("Latin-1", |home| put(home, ".bashrc", b"# gr\xfc\xdfe\n")),
    ("bytes that are no UTF-8, and no newline", |home| put(home, ".zshrc", b"\xff\xfe\x80")),
    ("a byte order mark", |home| put(home, ".profile", b"\xef\xbb\xbfexport A=1\n")),
    ("a form feed and an escape", |home| put(home, ".bashrc", "\x0c# \x1b[31m\n")),
    ("a backslash at the end", |home| put(home, ".bashrc", "export A=1 \\")),
    ("a backslash before the newline", |home| put(home, ".bashrc", "export A=1 \\\n")),
    ("conda's block", |home| put(home, ".bashrc", CONDA)),
    ("conda's block without a newline", |home| put(home, ".bashrc", CONDA.trim_end())),
    ("a return for who does not type", |home| put(home, ".bashrc", GUARD)),
    ("a long file", |home| put(home, ".bashrc", "# a line\n".repeat(20_000))),
    ("a long line", |home| put(home, ".bashrc", "x".repeat(1_000_000))),
    ("the words of a marker, inside a line", |home| put(home, ".bashrc", "echo '# >>> gvm >>>'\n")),
    ("fish's folder without a file", |home| fs::create_dir(home.join("config/fish")).unwrap()),
    ("fish's own files", |home| {
        put(home, "config/fish/config.fish", "if status is-interactive\nend\n");
        put(home, "config/fish/conf.d/x.fish", "");
    }),
    ("all three of bash's", |home| {
        for name in [".bash_profile", ".bash_login", ".profile"] {
            put(home, name, format!("# {name}"));
        }
    }),
    ("both of tcsh's", |home| {
        put(home, ".tcshrc", "set a = 1\n");
        put(home, ".cshrc", "set a = 2\n");
    }),
    (".cshrc alone", |home| put(home, ".cshrc", "set a = 2")),
];

/// Shapes that only Unix has.
#[cfg(unix)]
const OF_UNIX: [Shape; 10] = [
    ("nobody else may read", |home| mode(home, ".bashrc", 0o600)),
    ("the group may write", |home| mode(home, ".bashrc", 0o664)),
    ("everybody may execute", |home| mode(home, ".profile", 0o755)),
    ("only the owner may write", |home| mode(home, ".zshrc", 0o200)),
    ("another owner", |home| owned(home, ".bashrc", Some(1), None)),
    ("another group", |home| owned(home, ".bashrc", None, Some(1))),
    ("a link", |home| linked(home, ".bashrc", "dotfiles/bashrc", "a=1\n")),
    ("a link by its whole path", |home| {
        let target = home.join("dotfiles/zshrc");
        linked(home, ".zshrc", target.to_str().unwrap(), "a=1");
    }),
    ("a link to a link", |home| {
        linked(home, "dotfiles/first", "second", "a=1\n");
        symlink("dotfiles/first", home.join(".bashrc")).unwrap();
    }),
    ("a linked folder", |home| {
        put(home, "dotfiles/fish/config.fish", "set -gx A 1\n");
        symlink("../dotfiles/fish", home.join("config/fish")).unwrap();
    }),
];
#[cfg(windows)]
const OF_UNIX: [Shape; 0] = [];

const SHELLS: [&str; 9] =
    ["sh", "bash", "zsh", "fish", "tcsh", "elvish", "xonsh", "nushell", "powershell"];

#[test]
fn every_byte_mode_and_owner_comes_back() {
    for (name, make) in some(SHAPES.into_iter().chain(OF_UNIX), 2) {
        let env = TestEnv::new();
        make(&home(&env));
        let (before, path) = (snapshot(&home(&env)), path(&env));
        let _ = env.gvm("setup --dry-run").run().code_of(name, 0);
        assert_eq!(snapshot(&home(&env)), before, "{name}: a dry run");
        let _ = env.gvm("setup").arg("--json").with(shells).run().code_of(name, 0).document();
        let once = snapshot(&home(&env));
        assert_ne!(once, before, "{name}");
        let again = env.gvm("setup").with(shells).run().code_of(name, 0);
        assert_eq!((snapshot(&home(&env)), again.stdout), (once, String::new()), "{name}: twice");
        let _ = env.gvm("teardown --json").run().code_of(name, 0).document();
        assert_eq!(snapshot(&home(&env)), before, "{name}: and back");
        assert_eq!(self::path(&env), path, "{name}");
    }
    tally::count("shapes of start files that come back", SHAPES.len() + OF_UNIX.len());
}

/// All of them. On Windows PowerShell's profile stands where the system says, and no test may write there.
fn shells(call: &mut std::process::Command) {
    for shell in &SHELLS[..if cfg!(windows) { 8 } else { 9 }] {
        call.args(["--shell", shell]);
    }
}

/// PATH as the registry keeps it.
#[cfg(windows)]
fn path(env: &TestEnv) -> Option<windows_registry::Value> {
    env.registry().path()
}

/// Only Windows keeps PATH in another place.
#[cfg(unix)]
fn path(_: &TestEnv) -> Option<()> {
    None
}

/// Shapes that gvm refuses, and how.
const REFUSED: [(Shape, &str); 6] = [
    (("a file that nobody may write", |home| read_only(home, ".bashrc")), "may not be written"),
    (("a folder", |home| fs::create_dir(home.join(".bashrc")).unwrap()), "no regular file"),
    (("a file in the place of a folder", |home| put(home, "config/fish", "")), "no regular file"),
    (("UTF-16", |home| put(home, ".bashrc", b"\xff\xfea\0\n\0")), "no text in UTF-8"),
    (
        ("two names", |home| {
            put(home, "other", "a=1\n");
            fs::hard_link(home.join("other"), home.join(".bashrc")).unwrap();
        }),
        "hard links",
    ),
    (
        ("half a block", |home| put(home, ".zshrc", "a\n# >>> gvm >>> by\nb\n")),
        "in line 2 has no end",
    ),
];

/// Shapes that only Unix has.
#[cfg(unix)]
const REFUSED_ON_UNIX: [(Shape, &str); 5] = [
    (
        ("a link to a file that nobody may write", |home| {
            mode(home, "store", 0o444);
            symlink("store", home.join(".zshrc")).unwrap();
        }),
        "may not be written",
    ),
    (("a link to nothing", |home| symlink("no", home.join(".bashrc")).unwrap()), "leads nowhere"),
    (("a loop of links", |home| symlink(".zshrc", home.join(".zshrc")).unwrap()), "could not read"),
    (("a pipe", |home| pipe(&home.join(".bashrc"))), "no regular file"),
    (("a device", |home| symlink("/dev/null", home.join(".bashrc")).unwrap()), "no regular file"),
];
#[cfg(windows)]
const REFUSED_ON_UNIX: [(Shape, &str); 0] = [];

#[test]
fn what_may_not_be_written_is_refused_before_anything_is() {
    for ((name, make), words) in REFUSED.into_iter().chain(REFUSED_ON_UNIX) {
        let env = TestEnv::new();
        make(&home(&env));
        let before = snapshot(&home(&env));
        let refused = env.gvm("setup").with(shells).run().code_of(name, 1);
        assert!(refused.stderr.contains(words), "{name}: {refused}");
        assert_eq!(snapshot(&home(&env)), before, "{name}");
    }
    tally::count("shapes of start files that are refused", REFUSED.len() + REFUSED_ON_UNIX.len());
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_refused_to_who_is_not_root() {
    let env = TestEnv::new();
    put(&home(&env), ".bashrc", "a=1\n");
    fs::set_permissions(home(&env), fs::Permissions::from_mode(0o555)).unwrap();
    let before = snapshot(&home(&env));
    let refused = env.gvm("setup --shell bash").with(|call| as_nobody(call, env.folder())).run();
    let refused = refused.code(1).says("may not be written to");
    assert_eq!(snapshot(&home(&env)), before, "{refused}");
}

#[test]
fn a_block_of_another_root_is_replaced_where_it_stands() {
    let env = TestEnv::new();
    put(&home(&env), ".bashrc", "a=1");
    let old = env.folder().join("old root");
    let _ = env.gvm("setup --shell bash").var("GVM_DIR", &old).ok();
    let path = home(&env).join(".bashrc");
    let mine = fs::read_to_string(&path).unwrap() + "b=2\n";
    fs::write(&path, &mine).unwrap();
    let _ = env.gvm("setup --shell bash").ok();
    let expected = mine.replace(&in_bash(&old), &in_bash(&env.root()));
    assert_ne!(expected, mine);
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    let _ = env.gvm("teardown").ok();
    assert_eq!(fs::read_to_string(&path).unwrap(), "a=1\nb=2\n");
}

#[test]
fn zshs_files_are_where_it_looks_for_them() {
    let env = TestEnv::new();
    let zdotdir = home(&env).join("z");
    fs::create_dir(&zdotdir).unwrap();
    let _ = env.gvm("setup --shell zsh").var("ZDOTDIR", &zdotdir).ok();
    assert!(zdotdir.join(".zshrc").exists() && !home(&env).join(".zshrc").exists());
    let _ = env.gvm("teardown").var("ZDOTDIR", &zdotdir).ok();
    assert!(zdotdir.exists() && !zdotdir.join(".zshrc").exists());
}

#[test]
fn a_shell_counts_that_is_installed_or_the_users_own() {
    let env = TestEnv::new();
    crate::installed::script(&env.bin().join("zsh"), "#!/bin/sh\n");
    let setup = env.gvm("setup --dry-run --json").var("SHELL", "/usr/bin/fish").ok().json();
    let shells: Vec<_> =
        setup["changes"].as_array().unwrap().iter().map(|change| &change["shells"]).collect();
    // Windows has PATH in the registry, for all of them.
    let expected = match cfg!(windows) {
        true => serde_json::json!([[], ["zsh"], ["zsh"], ["fish"], ["powershell"]]),
        false => serde_json::json!([["sh"], ["zsh"], ["zsh"], ["fish"]]),
    };
    assert_eq!(serde_json::json!(shells), expected);
    // Windows' command prompt reads no start file: PATH is all.
    let cmd = env.gvm("setup --shell cmd --dry-run").run();
    let _ = if cfg!(windows) { cmd.code(0) } else { cmd.code(2).says("gvm init cmd") };
    let _ = env.gvm("setup --shell ed").run().code(2);
}

#[test]
fn the_diff_shows_what_comes_and_nothing_that_stays() {
    let env = TestEnv::new();
    put(&home(&env), ".bashrc", format!("export TOKEN={}", crate::env::PLANTED));
    let shown = env.gvm("setup --dry-run --shell bash").ok().stdout;
    assert!(shown.contains(&format!("+++ {}", home(&env).join(".bashrc").display())), "{shown}");
    assert!(shown.contains("\n+# >>> gvm >>>"), "{shown}");
    let done = env.gvm("setup --shell bash").ok().says("is changed");
    assert!(done.stderr.starts_with(&shown), "{done}");
}

#[test]
fn another_gvm_is_named_with_its_lines_and_left_alone() {
    let env = TestEnv::new();
    put(&home(&env), ".gvm/scripts/gvm", "# moovweb's\n");
    put(&home(&env), ".bashrc", "a=1\n[[ -s ~/.gvm/scripts/gvm ]] && source ~/.gvm/scripts/gvm\n");
    let before = snapshot(&home(&env).join(".gvm"));
    let setup = env.gvm("setup --shell bash").ok().says("another gvm, moovweb's, is in");
    let setup = setup.says(".bashrc:2 defines its function").says("To leave it");
    assert_eq!(snapshot(&home(&env).join(".gvm")), before, "{setup}");
    let quiet = TestEnv::new();
    assert!(!quiet.gvm("setup --shell bash").ok().stderr.contains("another"));
}

#[test]
fn teardown_says_what_else_is_there() {
    let env = TestEnv::new();
    fs::create_dir(env.root()).unwrap();
    let left = env.gvm("teardown").ok().says("no start file has a block");
    let remove = if cfg!(windows) { "Remove-Item -Recurse -Force" } else { "rm -rf" };
    assert!(left.stdout.contains(&format!("{remove} '{}'", env.root().display())), "{left}");
    assert!(left.stdout.contains(gvm().to_str().unwrap()), "{left}");
    assert!(left.stdout.contains(".go-version"), "{left}");
}

/// A path as bash has it.
fn in_bash(path: &Path) -> String {
    let path = path.to_str().unwrap();
    if cfg!(windows) { path.replace(r"C:\", "/c/").replace('\\', "/") } else { path.to_owned() }
}

fn home(env: &TestEnv) -> PathBuf {
    env.folder().join("home")
}

fn put(home: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = home.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// A file that its owner may not write to either.
fn read_only(home: &Path, name: &str) {
    put(home, name, "a=1\n");
    let mut permissions = fs::metadata(home.join(name)).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(home.join(name), permissions).unwrap();
}

#[cfg(unix)]
fn mode(home: &Path, name: &str, mode: u32) {
    put(home, name, "a=1\n");
    fs::set_permissions(home.join(name), fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
/// Only root may give files away; for others it stays their own.
fn owned(home: &Path, name: &str, user: Option<u32>, group: Option<u32>) {
    put(home, name, "a=1\n");
    let _ = std::os::unix::fs::chown(home.join(name), user, group);
}

#[cfg(unix)]
fn linked(home: &Path, name: &str, target: &str, content: &str) {
    let link = home.join(name);
    let path = link.parent().unwrap().join(target);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::create_dir_all(link.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
    symlink(target, link).unwrap();
}

#[cfg(unix)]
fn pipe(path: &Path) {
    rustix::fs::mkfifoat(rustix::fs::CWD, path, rustix::fs::Mode::RUSR).unwrap();
}

#[cfg(unix)]
/// As another user than root, to whom the test's folder is open.
fn as_nobody(call: &mut std::process::Command, folder: &Path) {
    use std::os::unix::process::CommandExt;
    if fs::metadata(folder).unwrap().uid() == 0 {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
        call.uid(65_534).gid(65_534);
    }
}

/// Everything below a folder: kind, mode, owner, content or target.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut all = BTreeMap::new();
    all.insert(folder.to_owned(), rights(folder));
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        let said = rights(&path);
        if kind.is_dir() {
            all.append(&mut snapshot(&path));
        } else if kind.is_symlink() {
            all.insert(path.clone(), format!("-> {}", fs::read_link(&path).unwrap().display()));
        } else if kind.is_file() {
            let content = fs::read(&path).unwrap().escape_ascii().to_string();
            all.insert(path, format!("{said} {content}"));
        } else {
            all.insert(path, said);
        }
    }
    all
}

#[cfg(unix)]
fn rights(path: &Path) -> String {
    let metadata = fs::symlink_metadata(path).unwrap();
    format!("{:o} {} {}", metadata.mode(), metadata.uid(), metadata.gid())
}

#[cfg(windows)]
fn rights(path: &Path) -> String {
    let attributes = fs::symlink_metadata(path).unwrap();
    std::os::windows::fs::MetadataExt::file_attributes(&attributes).to_string()
}
