//! Odd places for a ROOT, a project or a home: other file systems, links, names that are no text; and a file system
//! without links, modes or upper case.

use std::ffi::OsStr;
use std::fs;
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt;
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;
#[cfg(unix)]
use std::process::Command;

use crate::ground::assert_no_litter;
use crate::ground::{Ground, NEW, OLD, OTHER};
#[cfg(unix)]
use crate::mounted::{Mounted, mount};
use crate::stage::env::{TestEnv, hash8};
use crate::stage::fake::{copy_folder, script};
use crate::stage::link;
#[cfg(unix)]
use crate::stage::stock::skip_image;
#[cfg(unix)]
use crate::stage::tally::count;

/// The life of a version in a ROOT at this place: installed, default, pinned, run, verified, removed.
fn live(env: &TestEnv, root: &Path, project: &Path, row: &str) {
    let gvm = |words: &str| {
        let told = env.gvm(words).var("GVM_DIR", root).within(project).run();
        told.code_of(&format!("{row}: {words}"), 0)
    };
    let go = |version: &str| {
        let shim = env.call(root.join("shims/go"), "version");
        let told = shim.var("GVM_DIR", root).within(project).run().code_of(row, 0);
        assert_eq!(told.line(), format!("go version go{version} linux/amd64"), "{row}");
    };
    let _ = gvm("use 1.21.13");
    go(OLD);
    let _ = gvm("install 1.22.4 1.20.14");
    let _ = gvm("use 1.22.4");
    go(NEW);
    let _ = gvm("pin 1.20");
    go(OTHER);
    fs::remove_file(project.join(".go-version")).unwrap();
    assert_eq!(gvm("exec 1.21.13 -- go version").line(), format!("go version go{OLD} linux/amd64"));
    let _ = gvm("verify");
    let _ = gvm("install --force 1.21.13");
    let _ = gvm("uninstall 1.20.14");
    assert!(!root.join(hash8(OTHER)).exists(), "{row}");
    let told = gvm("list");
    assert!(told.stdout.contains("go1.22.4") && !told.stdout.contains("go1.20.14"), "{told}");
    let _ = gvm("use 1.21.13");
    go(OLD);
}

/// Names that are text.
#[cfg(windows)]
#[test]
fn a_root_may_stand_anywhere() {
    let ground = Ground::new();
    let env = ground.bare();
    for root in ["with blank/and 'quote' %PATH%", "größe/日本/x", "-rf/--help", ".hidden/a,b"] {
        let root: std::path::PathBuf =
            root.split('/').fold(env.folder().into(), |at, name| at.join(name));
        fs::create_dir_all(root.parent().unwrap()).unwrap();
        live(&env, &root, &env.work(), &root.display().to_string());
    }
}

#[cfg(unix)]
#[test]
fn a_root_may_stand_anywhere() {
    let ground = Ground::new();
    let env = ground.bare();
    let at = |name: &[u8]| env.folder().join(OsStr::from_bytes(name));
    let disk = at(b"disk");
    let Some(_mounted) = mount(&["-t", "tmpfs", "tmpfs"], &disk) else { return };
    fs::create_dir(at(b"far")).unwrap();
    symlink(at(b"far"), at(b"link")).unwrap();
    symlink("link", at(b"link of link")).unwrap();
    let roots: [&[u8]; 9] = [
        b"disk/root",
        b"link/root",
        b"link of link/other",
        b"with blank/and 'quote' \"$HOME\"",
        b"caf\xe9 \xff\xfe/root",
        "gr\u{f6}\u{df}e/\u{65e5}\u{672c}/\u{202e}x".as_bytes(),
        b"-rf/--help",
        b"new\nline/a;b",
        b"dots../.hidden/...",
    ];
    for root in roots {
        let row = String::from_utf8_lossy(root).into_owned();
        let root = at(root);
        fs::create_dir_all(root.parent().unwrap()).unwrap();
        live(&env, &root, &env.work(), &row);
    }
    count("odd places for ROOT", roots.len());
}

/// Of what PATH takes for two folders, the second would be one of the working directory's.
#[test]
fn a_folder_that_path_cannot_name_is_refused() {
    let ground = Ground::new();
    let env = ground.copy();
    script(&env.work().join("trap/bin/go"), "#!/bin/sh\necho bait\n");
    let between = if cfg!(windows) { ';' } else { ':' };
    let root = env.folder().join(format!("a{between}trap"));
    for words in ["install 1.22.4", "list", "exec -- go"] {
        let told = env.gvm(words).var("GVM_DIR", &root).run();
        let told = told.code_of(words, if words.starts_with("exec") { 125 } else { 2 });
        let _ = told.says(&format!("a{between}trap holds a `{between}`")).says("hint: ");
    }
    let goroot = env.folder().join(format!("b{between}trap"));
    copy_folder(&env.goroot(OLD), &goroot);
    let told = env.gvm("exec").arg(&goroot).arg("--").arg("go").run().code(125);
    let bin = Path::new(&format!("b{between}trap")).join("bin");
    let _ = told.says(&format!("{}: it would be two folders", bin.display()));
}

#[cfg(unix)]
fn names() -> [&'static OsStr; 5] {
    [&b"caf\xe9 \xff"[..], b"a\nb", b" ", b"-", "\u{1f980}".as_bytes()].map(OsStr::from_bytes)
}

#[cfg(windows)]
fn names() -> [&'static OsStr; 4] {
    ["caf\u{e9}", "a b", "-", "\u{1f980}"].map(OsStr::new)
}

#[test]
fn a_project_and_a_home_may_be_called_anything() {
    let ground = Ground::new();
    let env = ground.copy();
    for name in names() {
        let folder = env.folder().join("odd").join(name);
        fs::create_dir_all(&folder).unwrap();
        let call = |words: &str| env.gvm(words).within(&folder).var("HOME", &folder);
        let _ = call("pin 1.20.14").ok();
        assert_eq!(call("current --short").ok().line(), OTHER);
        let told = call("current --json").ok().json();
        assert_eq!(told["origin"]["line"], 1);
        let shim = env.go("version").within(&folder).var("HOME", &folder).ok();
        assert_eq!(shim.line(), format!("go version go{OTHER} linux/amd64"));
        fs::remove_file(folder.join(".go-version")).unwrap();
    }
}

/// The cache, the temporary folder and ROOT on three file systems: nothing is renamed from one to another.
#[cfg(unix)]
#[test]
fn tmpdir_and_cache_may_be_on_other_file_systems() {
    let ground = Ground::new();
    let env = ground.bare();
    let Some(_tmp) = mount(&["-t", "tmpfs", "tmpfs"], &env.folder().join("tmp")) else { return };
    let _ = env.gvm("install").arg(OTHER).ok();
    let cache = env.root().join("cache");
    fs::remove_dir_all(&cache).unwrap();
    let Some(_cache) = mount(&["-t", "tmpfs", "tmpfs"], &cache) else { return };
    live(&env, &env.root(), &env.work(), "a cache elsewhere");
    assert_no_litter(&env, "a cache elsewhere");
}

/// The temporary folder and ROOT on two file systems, each way round: nothing is renamed from one to another.
#[cfg(windows)]
#[test]
fn tmpdir_and_cache_may_be_on_other_file_systems() {
    let ground = Ground::new();
    let Some(disk) = crate::small::Small::new() else { return };
    let other = tempfile::tempdir_in(disk.folder()).unwrap();
    let env = ground.bare();
    live(&env, &other.path().join("root"), &env.work(), "ROOT elsewhere");
    let env = env.set("TMP", other.path()).set("TEMP", other.path());
    live(&env, &env.root(), &env.work(), "a temporary folder elsewhere");
    assert_no_litter(&env, "a temporary folder elsewhere");
}

/// The device of an image; given back when dropped.
#[cfg(unix)]
struct Loop(String);

#[cfg(unix)]
impl Drop for Loop {
    fn drop(&mut self) {
        let _ = Command::new("losetup").args(["-d", &self.0]).status();
    }
}

/// A file system of the kind that memory cards have: no links of either sort, no modes, `GO` and `go` one name. The kernel's
/// own driver where it has one, else the one in user space.
#[cfg(unix)]
fn card(env: &TestEnv) -> Option<((Loop, Mounted), PathBuf)> {
    let image = env.folder().join("card.img");
    fs::File::create(&image).unwrap().set_len(64 << 20).unwrap();
    let run = |program: &str, words: &[&str]| {
        let output = Command::new(program).args(words).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let at: PathBuf = env.folder().join("card");
    fs::create_dir(&at).unwrap();
    let (image, to) = (image.to_str().unwrap(), at.to_str().unwrap());
    let mounted = run("mkfs.exfat", &[image]).and_then(|_| {
        let device = Loop(run("losetup", &["-f", "--show", image])?);
        let by_kernel = run("mount", &["-t", "exfat", "-o", "umask=022", &device.0, to]);
        by_kernel.or_else(|| run("mount.exfat-fuse", &["-o", "umask=022", &device.0, to]))?;
        Some(((device, Mounted(at.clone())), at.clone()))
    });
    if mounted.is_none() {
        skip_image("no exfat image can be made and mounted (exfatprogs, exfat-fuse, root)");
    }
    mounted
}

/// Any folder: the system folds case everywhere, and where it has junctions they are read as such.
#[cfg(windows)]
fn card(env: &TestEnv) -> Option<((), std::path::PathBuf)> {
    Some(((), env.folder().join("card")))
}

#[test]
fn a_file_system_without_links_modes_and_upper_case_does() {
    let ground = Ground::new();
    let env = ground.bare();
    let Some((_device, folder)) = card(&env) else { return };
    let root = folder.join("root");
    live(&env, &root, &env.work(), "exfat");
    #[cfg(unix)]
    for link in ["current", "versions/go1.21.13"] {
        assert!(fs::symlink_metadata(root.join(link)).unwrap().is_file(), "{link}");
    }
    // A file that stands in for a link is mended and taken away as one.
    link::remove(&root.join("versions/go1.22.4"));
    fs::write(root.join("versions/go1.19.1"), format!("../{}\n", hash8(NEW))).unwrap();
    fs::write(root.join("versions/go1.19.2"), "../0a0b0c0d\n").unwrap();
    let _ = env.gvm("use 1.21.13").var("GVM_DIR", &root).ok();
    let mut names: Vec<_> =
        fs::read_dir(root.join("versions")).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["go1.21.13", "go1.22.4"]);
}

/// Names that differ in case only are two tags, and one file on such a system.
#[test]
fn tags_that_differ_in_case_only_do_not_meet() {
    let ground = Ground::with(&["1.22.4-Corp", "1.22.4-corp"]);
    let env = ground.bare();
    let Some((_device, folder)) = card(&env) else { return };
    let root = folder.join("root");
    let call = |words: &str| env.gvm(words).var("GVM_DIR", &root);
    let _ = call("install 1.22.4-Corp").ok();
    let told = call("install 1.22.4-corp").run().code(1);
    let _ = told.says("go1.22.4-corp and go1.22.4-Corp have one name").says("hint: ");
    for (asked, code) in [("1.22.4-Corp", 0), ("1.22.4-corp", 3)] {
        let told = call("which").var("GVM_GO", asked).run();
        let _ = told.code_of(asked, code);
    }
    let _ = call("uninstall 1.22.4-corp").run().code(3);
    let _ = call("exec 1.22.4-Corp -- go version").ok();
    // What lies in the cache under the other's name is not taken for it.
    let _ = call("uninstall 1.22.4-Corp").ok();
    let _ = call("install 1.22.4-corp").ok();
    let told = call("exec 1.22.4-corp -- go version").ok();
    assert_eq!(told.line(), "go version go1.22.4-corp linux/amd64");
}
