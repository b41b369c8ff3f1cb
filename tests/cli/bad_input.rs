//! Everything that a user can get wrong, or that can go wrong around one: each with its code, a message that names the
//! thing, and a hint.

use std::fs;

use crate::env::TestEnv;
use crate::mint::Mint;
use crate::site::{Answer, Site};

const ZIP: &str = "/proxy/golang.org/toolchain/@v/v0.0.1-go1.22.4.linux-amd64.zip";

fn site() -> Site {
    Site::mint(Mint::new(&["1.21.13", "1.22.3", "1.22.4"]))
}

#[test]
fn an_unknown_version_is_told_with_the_nearest() {
    let site = site();
    let env = TestEnv::at(&site);
    insta::assert_snapshot!(env.gvm("install 1.22.99").run().code(3), @r"
    code 3
    err: error: there is no Go 1.22.99 for linux/amd64
    err:   goproxy: has no such version
    err:   http://SITE/dl: has no such version
    err: hint: the nearest are 1.22.4, 1.22.3, 1.21.13
    ");
    insta::assert_snapshot!(env.gvm("use 1.19").run().code(3), @r"
    code 3
    err: error: there is no Go 1.19 for linux/amd64
    err:   goproxy: has no such version
    err:   http://SITE/dl: has no such version
    err: hint: the nearest are 1.21.13, 1.22.4
    ");
    let error = env.gvm("install --json 1.22.99").run().code(3).error();
    assert_eq!(error["kind"], "no-such-version");
    env.assert_nothing_left();
}

#[test]
fn without_a_network_each_source_says_why() {
    let env = TestEnv::new();
    insta::assert_snapshot!(env.gvm("use 1.22").run().code(4), @r"
    code 4
    err: http://SITE/proxy/golang.org/toolchain/@v/list: cannot be reached: Connection refused (os error 111); trying again in N s
    err: http://SITE/proxy/golang.org/toolchain/@v/list: cannot be reached: Connection refused (os error 111); trying again in N s
    err: http://SITE/proxy/golang.org/toolchain/@v/list: cannot be reached: Connection refused (os error 111); trying again in N s
    err: http://SITE/dl/?mode=json&include=all: cannot be reached: Connection refused (os error 111); trying again in N s
    err: http://SITE/dl/?mode=json&include=all: cannot be reached: Connection refused (os error 111); trying again in N s
    err: http://SITE/dl/?mode=json&include=all: cannot be reached: Connection refused (os error 111); trying again in N s
    err: error: no source could deliver Go 1.22
    err:   goproxy: http://SITE/proxy/golang.org/toolchain/@v/list cannot be reached: Connection refused (os error 111)
    err:   http://SITE/dl: http://SITE/dl/?mode=json&include=all cannot be reached: Connection refused (os error 111)
    err: hint: check the network and HTTPS_PROXY, or name a mirror in GVM_SOURCES
    ");
    let error = env.gvm("list-remote --json").run().code(4).error();
    assert_eq!(error["kind"], "network");
}

#[test]
fn goproxy_off_is_obeyed() {
    let env = TestEnv::new().set("GOPROXY", "off").set("GVM_SOURCES", "goproxy");
    insta::assert_snapshot!(env.gvm("install 1.22.4").run().code(4), @r"
    code 4
    err: error: no source could deliver Go 1.22.4
    err:   goproxy: GOPROXY=off forbids it
    err: hint: set GOPROXY to a proxy's URL or to direct (`go env GOPROXY` shows what it is), or set GVM_SOURCES=godev
    ");
}

#[test]
fn a_goproxy_that_is_none_is_named() {
    let env = TestEnv::new().set("GOPROXY", "/srv/proxy").set("GVM_SOURCES", "goproxy");
    let hint = "hint: set GOPROXY ";
    let _ = env.gvm("install 1.22.4").run().code(4).says("GOPROXY holds").says(hint);
    let _ = env.gvm("list-remote").run().code(4).says("GOPROXY holds").says(hint);
}

#[test]
fn a_source_that_is_no_place_is_named_without_its_password() {
    let env = TestEnv::new();
    for (name, place) in [
        ("GVM_SOURCES", "ftp://u:hunter2@h.example/go"),
        ("GVM_SOURCES", "https://u:hunter2@h.example:port/go"),
        ("GVM_SOURCES", "https://u:hunter2,hunter2@h.example/go"),
        ("GVM_GODEV", "https://u:hunter2@[h.example/dl"),
    ] {
        for call in ["install 1.22.4", "list-remote"] {
            let call = env.gvm(call).var("GVM_SOURCES", "godev").var(name, place);
            let told = call.run().code_of(place, 2).says(&format!("error: {name}: "));
            assert!(!told.stderr.contains("hunter"), "{told}");
            let _ = told.says(&format!("hint: for example: {name}="));
        }
    }
}

#[test]
fn a_source_that_is_laid_out_like_none_is_told_how_one_is() {
    let env = TestEnv::new();
    let folder = env.work();
    let env = env.set("GVM_SOURCES", folder);
    for call in ["install 1.22.4", "list-remote"] {
        let told = env.gvm(call).run().code_of(call, 4).says("is laid out neither like");
        let _ = told.says("index.json").says("hint: ").says("golang.org/toolchain/@v");
    }
}

#[test]
fn offline_nothing_is_asked() {
    let site = site();
    let env = TestEnv::at(&site).set("GVM_OFFLINE", "1");
    insta::assert_snapshot!(env.gvm("use 1.22").run().code(4), @r"
    code 4
    err: error: offline: Go 1.22 is not installed and cannot be fetched
    err:   goproxy: offline, and its list of versions was never fetched
    err:   http://SITE/dl: offline, and its list of versions was never fetched
    err: hint: `gvm list` shows what is installed; the cache holds nothing; try again without --offline and GVM_OFFLINE
    ");
    assert_eq!(site.count(""), 0);

    let env = env.set("GVM_OFFLINE", "0");
    let _ = env.gvm("use 1.21").ok();
    let _ = env.gvm("list-remote").ok();
    insta::assert_snapshot!(env.gvm("--offline install 1.22").run().code(4), @r"
    code 4
    err: warning: offline: the list of versions of goproxy http://SITE/proxy is less than a minute old
    err: warning: offline: the list of versions of http://SITE/dl is less than a minute old
    err: error: offline: Go 1.22 is not installed and cannot be fetched
    err:   goproxy: http://SITE/proxy/golang.org/toolchain/@v/v0.0.1-go1.22.4.linux-amd64.info was not asked, as gvm is offline
    err:   http://SITE/dl: http://SITE/dl/go1.22.4.linux-amd64.tar.gz was not asked, as gvm is offline
    err: hint: `gvm list` shows what is installed; the cache holds v0.0.1-go1.21.13.linux-amd64.zip; try again without --offline and GVM_OFFLINE
    ");
    insta::assert_snapshot!(env.gvm("--offline install 1.19").run().code(3), @r"
    code 3
    err: warning: offline: the list of versions of goproxy http://SITE/proxy is less than a minute old
    err: warning: offline: the list of versions of http://SITE/dl is less than a minute old
    err: error: there is no Go 1.19 for linux/amd64
    err:   goproxy: has no such version
    err:   http://SITE/dl: has no such version
    err: hint: the nearest are 1.21.13, 1.22.4
    ");
    let _ = env.gvm("--offline use 1.21").ok();
}

#[test]
fn what_is_served_in_place_of_an_archive_is_never_installed() {
    let site = site();
    for (what, answer, code) in [
        ("a page", Answer::Page(200, "<!DOCTYPE html><title>404 Not Found</title>"), 5),
        ("nothing", Answer::Bytes(Vec::new()), 5),
        ("gone", Answer::Page(404, "not here"), 3),
        ("forbidden", Answer::Page(403, "not for you"), 4),
    ] {
        site.put(ZIP, answer);
        let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy");
        let outcome = env.gvm("use 1.22.4").run().code_of(what, code);
        assert!(outcome.stderr.contains("hint: "), "{outcome}");
        assert_eq!((env.published(), env.names("staging")), (vec![], vec![]), "{what}");
        if what == "a page" {
            insta::assert_snapshot!(outcome, @r"
            code 5
            err: Downloading v0.0.1-go1.22.4.linux-amd64.zip (SIZE)
            err: error: could not unpack `v0.0.1-go1.22.4.linux-amd64.zip`: it is an HTML page, not an archive
            err: hint: nothing was installed; the source may serve a page in place of the archive
            ");
        }
    }
}

#[test]
fn a_server_that_fails_is_asked_again_and_then_named() {
    let site = site();
    site.put(ZIP, Answer::Page(500, "sorry"));
    let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy");
    let outcome = env.gvm("install 1.22.4").run().code(4).says("500");
    assert!(site.count(".zip") > 1, "{outcome}");
}

#[test]
fn what_stands_in_the_way_is_named() {
    let site = site();
    let env = TestEnv::at(&site);
    fs::create_dir_all(env.root().join("my-thesis")).unwrap();
    insta::assert_snapshot!(env.gvm("install 1.22.4").run().code(1), @r#"
    code 1
    err: error: TEMP/root is no gvm root: it is not empty (it holds "my-thesis")
    err: hint: set GVM_DIR to another folder
    "#);
    assert_eq!(env.names(""), ["my-thesis"]);
    let env = TestEnv::at(&site);
    fs::write(env.root(), "").unwrap();
    insta::assert_snapshot!(env.gvm("install 1.22.4").run().code(1), @r"
    code 1
    err: error: TEMP/root is not a folder
    err: hint: set GVM_DIR to another folder
    ");
    let env = TestEnv::at(&site);
    fs::create_dir_all(env.root().join("gos")).unwrap();
    insta::assert_snapshot!(env.gvm("install 1.22.4").run().code(1), @r"
    code 1
    err: error: TEMP/root is the root of moovweb's gvm, another program
    err: hint: set GVM_DIR to another folder
    ");
}

#[test]
fn a_file_in_place_of_a_folder_of_root_is_named() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.21.13").ok();
    fs::remove_dir_all(env.root().join("staging")).unwrap();
    fs::write(env.root().join("staging"), "").unwrap();
    insta::assert_snapshot!(env.gvm("install 1.22.4").run().code(1), @r"
    code 1
    err: error: could not create TEMP/root/staging: File exists (os error 17)
    err: hint: move TEMP/root/staging away, or set GVM_DIR to another folder
    ");
}

/// A folder at the hash path that no receipt speaks of is not overwritten, whatever it is.
#[test]
fn a_folder_at_the_hash_path_is_not_overwritten() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.21.13").ok();
    fs::create_dir(env.goroot("1.22.4")).unwrap();
    fs::write(env.goroot("1.22.4").join("mine"), "precious").unwrap();
    let outcome = env.gvm("install 1.22.4").run();
    assert!(env.goroot("1.22.4").join("mine").exists(), "{outcome}");
    let _ = outcome.code(1).says(env.goroot("1.22.4").to_str().unwrap());
}

#[test]
fn an_unknown_target_is_told_with_the_list() {
    let env = TestEnv::at(&site());
    insta::assert_snapshot!(env.gvm("install --target linux/z80 1.22.4").run().code(3), @r"
    code 3
    err: error: no Go was published for the target `linux/z80`
    err: hint: Go is published for: aix/ppc64 darwin/386 darwin/amd64 darwin/arm64 dragonfly/amd64 freebsd/386 freebsd/amd64 freebsd/arm freebsd/arm64 freebsd/riscv64 illumos/amd64 linux/386 linux/amd64 linux/arm linux/arm64 linux/loong64 linux/mips linux/mips64 linux/mips64le linux/mipsle linux/ppc64 linux/ppc64le linux/riscv64 linux/s390x netbsd/386 netbsd/amd64 netbsd/arm netbsd/arm64 openbsd/386 openbsd/amd64 openbsd/arm openbsd/arm64 openbsd/ppc64 openbsd/riscv64 plan9/386 plan9/amd64 plan9/arm solaris/amd64 windows/386 windows/amd64 windows/arm windows/arm64
    ");
    let _ = env.gvm("list-remote --target amiga").run().code(3).says("amiga");
}

#[test]
fn the_default_is_not_uninstalled() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.22.4").ok();
    insta::assert_snapshot!(env.gvm("uninstall 1.22.4").run().code(1), @r"
    code 1
    err: error: go1.22.4 is the default
    err: hint: make another one the default with `gvm use`, or remove it with `--force`
    ");
    assert_eq!(env.names("versions"), ["go1.22.4"]);
    insta::assert_snapshot!(env.gvm("uninstall 1.9").run().code(3), @r"
    code 3
    err: error: go1.9 is not installed
    err: hint: see what is with `gvm list`
    ");
}

#[test]
fn a_spec_that_is_none_is_told_with_the_column_and_an_example() {
    let env = TestEnv::new();
    insta::assert_snapshot!(env.gvm("use 1.22.x.y").run().code(2), @r#"
    code 2
    err: error: `1.22.x.y` names no Go version: expected a digit at column 6
    err: hint: a version is written like 1.22.4, 1.22, latest or ">=1.21 <1.23"
    "#);
    insta::assert_snapshot!(env.gvm("use").arg(">=1.21 <<1.23").run().code(2), @r#"
    code 2
    err: error: `>=1.21 <<1.23` names no Go version: a version is missing at column 9
    err: hint: a version is written like 1.22.4, 1.22, latest or ">=1.21 <1.23"
    "#);
    let _ = env.gvm("use").arg("").run().code(2);
    let error = env.gvm("use --json nonsense").run().code(2).error();
    assert_eq!(error["kind"], "usage");
    let _ = env.gvm("current").var("GVM_GO", "non sense").run().code(2).says("GVM_GO");
}

#[test]
fn a_call_that_is_none_is_usage() {
    let env = TestEnv::new();
    for call in ["frobnicate", "list --frobnicate", "use", "install --sha256 00 1.22"] {
        let _ = env.gvm(call).run().code_of(call, 2);
    }
    let error = env.gvm("list --json --frobnicate").run().code(2).error();
    assert_eq!(error["kind"], "usage");
}

#[test]
fn nothing_to_run_is_told() {
    let env = TestEnv::new();
    insta::assert_snapshot!(env.gvm("current").run().code(3), @r"
    code 3
    err: error: no version is asked for here, no default is set, and no go is on PATH
    err: hint: choose a version with `gvm use 1.22`, or `gvm use latest`
    ");
    let _ = env.gvm("which").run().code(3);
    env.write(".go-version", "1.22.4\n");
    insta::assert_snapshot!(env.gvm("current").run().code(3), @r"
    code 3
    err: error: 1.22.4 is not installed (asked for by TEMP/project/.go-version:1)
    err: hint: install it with `gvm install 1.22.4`
    ");
    let error = env.gvm("current --json").run().code(3).error();
    assert_eq!(error["kind"], "not-installed");
}

#[test]
fn a_broken_settings_file_names_its_line() {
    let env = TestEnv::new();
    fs::create_dir_all(env.root()).unwrap();
    fs::write(env.root().join("config.toml"), "offline = true\nsauces = []\n").unwrap();
    let _ = env.gvm("list-remote").run().code(2).says("config.toml:2");
}
