//! Real Go releases of each age: installed, started, put to work, and checked again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use gvm_core::target::Target;

use crate::env::{TestEnv, hash8};
use crate::fake::exe;
use crate::site::Site;
use crate::stock::{NEWER, OLDER, line, stock};

const HELLO: &str =
    "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello, gopher\") }\n";

/// What holds for every release: it is what was asked for, stands where anybody can compute, is proved, and works.
fn installs_and_works(version: &str, build: fn(&TestEnv)) {
    let Some(stock) = stock() else { return };
    let site = Site::stock(stock);
    let env = TestEnv::at(&site);
    let used = env.gvm("use --json").arg(version).ok().json();
    let installed = &used["installed"][0];
    assert_eq!(used["default"], format!("go{version}"));
    assert_eq!(installed["hash"], hash8(version));
    assert_eq!(installed["proof"]["kind"], "sumdb");
    assert!(installed["proof"]["tree_size"].as_u64().unwrap() > 1_000_000, "{installed}");

    let named = format!("go version go{version} {}", Target::host());
    assert_eq!(env.go("version").ok().line(), named);
    let goroot = env.goroot(version);
    assert_eq!(env.go("env GOROOT").ok().line(), goroot.to_str().unwrap());
    let before = compiled(&goroot);
    build(&env);
    assert_eq!(compiled(&goroot), before, "the library was built again");
    let checked = env.gvm("verify").ok();
    assert!(checked.stdout.contains(&format!("go{version}  ok  ")), "{checked}");
    assert_eq!(env.names("staging"), [""; 0]);
}

/// The compiled library of a GOROOT, which a release brings with it: each file and its time.
fn compiled(goroot: &Path) -> BTreeMap<String, SystemTime> {
    let mut files = BTreeMap::new();
    let mut folders = vec![goroot.join("pkg")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => {
                    let time = entry.metadata().unwrap().modified().unwrap();
                    files.insert(entry.path().display().to_string(), time);
                }
            }
        }
    }
    files
}

/// A program in a module.
fn as_module(env: &TestEnv) {
    env.write("hello.go", HELLO);
    env.write("go.mod", format!("module hello\n\ngo {}\n", line(OLDER)));
    let _ = env.go("build -o").arg(exe("hello")).arg(".").ok();
    says_hello(env);
}

/// A program in GOPATH, as before modules. Of the packages only itself may be built: the library came compiled.
#[cfg(unix)]
fn in_gopath(env: &TestEnv) {
    let folder = env.folder().join("home/go/src/hello");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("hello.go"), HELLO).unwrap();
    let built = env.go("build -v -o hello hello").ok();
    assert_eq!(built.stderr, "hello\n", "{built}");
    says_hello(env);
}

fn says_hello(env: &TestEnv) {
    assert_eq!(env.call(env.work().join("hello"), "").ok().line(), "hello, gopher");
}

/// The two that there are for Windows: each does all that, and one is switched for the other and back.
#[cfg(windows)]
#[test]
fn two_releases_take_turns() {
    let Some(stock) = stock() else { return };
    let site = Site::stock(stock);
    let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy");
    let used = env.gvm("use --json 1.26").ok().json();
    let newest = used["default"].as_str().unwrap().strip_prefix("go").unwrap();
    assert!(newest.starts_with("1.26."), "{used}");
    let _ = env.gvm("install 1.25.14").ok();
    let asked = site.count("");
    for version in [newest, "1.25.14", newest] {
        let _ = env.gvm("use").arg(version).ok();
        let named = format!("go version go{version} windows/amd64");
        assert_eq!(env.go("version").ok().line(), named);
        let goroot = env.goroot(version);
        assert_eq!(env.go("env GOROOT").ok().line(), goroot.to_str().unwrap());
        as_module(&env);
    }
    let checked = env.gvm("verify").ok();
    for version in ["1.25.14", newest] {
        assert!(checked.stdout.contains(&format!("go{version}  ok  ")), "{checked}");
    }
    assert_eq!(site.count(""), asked, "what is installed needs no network");
}

#[cfg(unix)]
#[test]
fn go_1_27_4() {
    installs_and_works("1.27.4", as_module);
}

#[test]
fn a_newer_go() {
    installs_and_works(NEWER, as_module);
}

#[test]
fn an_older_go() {
    installs_and_works(OLDER, as_module);
}

/// It cannot find itself: the shim tells it.
#[cfg(unix)]
#[test]
fn go_1_8_7() {
    installs_and_works("1.8.7", in_gopath);
}

/// It compares the times of its library's files.
#[cfg(unix)]
#[test]
fn go_1_4_3() {
    installs_and_works("1.4.3", in_gopath);
}

#[test]
fn the_folder_is_named_by_what_sha256sum_says() {
    assert_eq!(hash8("1.22.4"), "c3a05a89");
}

#[test]
fn every_change_of_a_real_tree_is_told() {
    let Some(stock) = stock() else { return };
    let site = Site::stock(stock);
    let env = TestEnv::at(&site);
    let _ = env.gvm("install").arg(NEWER).ok();
    let goroot = env.goroot(NEWER);

    let mut content = fs::read(goroot.join("go.env")).unwrap();
    content[3] ^= 1;
    fs::write(goroot.join("go.env"), &content).unwrap();
    let told = env.gvm("verify").arg(NEWER).run().code(5);
    assert!(told.stdout.contains("\n  changed  go.env\n"), "{told}");
    let told = env.gvm("verify --json").run().code(5).json();
    let result = &told["results"][0];
    assert_eq!(result["ok"], false);
    assert_eq!(result["changed"], serde_json::json!(["go.env"]));
    assert_eq!(result["missing"], serde_json::json!([]));
    assert_eq!(result["added"], serde_json::json!([]));

    content[3] ^= 1;
    fs::write(goroot.join("go.env"), &content).unwrap();
    fs::rename(goroot.join("VERSION"), goroot.join("VERSION.real")).unwrap();
    #[cfg(unix)]
    change_what_only_unix_has(&goroot);
    fs::remove_file(goroot.join("src/fmt/print.go")).unwrap();
    let told = env.gvm("verify --json").run().code(5).json();
    let result = &told["results"][0];
    let (changed, missing, added): (&[&str], &[&str], &[&str]) = match cfg!(unix) {
        true => (&["VERSION", "bin/gofmt"], &["src/fmt/print.go"], &["VERSION.real", "lib/etc"]),
        false => (&[], &["VERSION", "src/fmt/print.go"], &["VERSION.real"]),
    };
    assert_eq!(result["changed"], serde_json::json!(changed));
    assert_eq!(result["missing"], serde_json::json!(missing));
    assert_eq!(result["added"], serde_json::json!(added));
}

/// Takes an execute bit away, and puts links where there was a file and where there was nothing.
#[cfg(unix)]
fn change_what_only_unix_has(goroot: &Path) {
    use std::os::unix::fs::{PermissionsExt, symlink};
    fs::set_permissions(goroot.join("bin/gofmt"), PermissionsExt::from_mode(0o644)).unwrap();
    symlink("VERSION.real", goroot.join("VERSION")).unwrap();
    symlink("/etc", goroot.join("lib/etc")).unwrap();
}
