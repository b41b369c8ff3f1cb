//! Each command as a user meets it, on small releases.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::env::{TestEnv, hash8};
use crate::fake::{exe, script, shell};
use crate::mint::Mint;
use crate::site::{Answer, Site};

/// A site with three lines of releases, a candidate among them, and one for another machine.
pub fn site() -> Site {
    let versions = ["1.21.12", "1.21.13", "1.22.3", "1.22.4", "1.23rc1"];
    Site::mint(Mint::new(&versions).and("1.22.4", "linux/arm"))
}

fn versions(document: &Value) -> Vec<&str> {
    let list = document["versions"].as_array().unwrap();
    list.iter().map(|version| version["version"].as_str().unwrap()).collect()
}

#[test]
fn use_installs_switches_and_tells_the_line_for_path() {
    let site = site();
    let env = TestEnv::at(&site);
    insta::assert_snapshot!(env.gvm("use 1.22").ok(), @r#"
    code 0
    out: export PATH="TEMP/root/shims:$PATH"
    err: Downloading v0.0.1-go1.22.4.linux-amd64.zip (SIZE)
    err: Unpacking v0.0.1-go1.22.4.linux-amd64.zip (SIZE)
    err: ✓ go1.22.4 is installed, proved by sum.example.com in a tree of N records
    err: ✓ go1.22.4 is the default
    err: Put the shims on PATH: for new shells with `gvm setup`, in this one with this line:
    "#);
    assert_eq!(env.go("version").ok().line(), "go version go1.22.4 linux/amd64");
    let used = env.gvm("use --json 1.21").ok();
    assert!(!used.stderr.contains("this line"), "{used}");
    let used = used.json();
    assert_eq!(used["default"], "go1.21.13");
    assert_eq!(used["installed"][0]["hash"], hash8("1.21.13"));
    assert_eq!(used["installed"][0]["already"], false);
    assert_eq!(env.go("version").ok().line(), "go version go1.21.13 linux/amd64");

    let asked = site.count("");
    let back = env.gvm("use 1.22").var("PATH", env.root().join("shims")).ok();
    insta::assert_snapshot!(back, @r"
    code 0
    err: ✓ go1.22.4 is the default
    ");
    assert_eq!(site.count(""), asked, "what is installed needs no network");
}

#[test]
fn a_version_with_capitals_is_asked_for_as_the_go_command_does() {
    let site = Site::mint(Mint::new(&["1.22.4", "1.22.4-BigCorp"]));
    let env = TestEnv::at(&site);
    let listed = env.gvm("list-remote --all --json").ok();
    assert!(versions(&listed.json()).contains(&"go1.22.4-BigCorp"), "{listed}");
    let _ = env.gvm("use 1.22.4-BigCorp").ok();
    assert_eq!(env.go("version").ok().line(), "go version go1.22.4-BigCorp linux/amd64");
    assert_eq!(site.count("@v/v0.0.1-go1.22.4-!big!corp.linux-amd64.zip"), 1);
    assert_eq!(site.count("lookup/golang.org/toolchain@v0.0.1-go1.22.4-!big!corp.linux-amd64"), 1);
}

#[test]
fn use_takes_the_newest_installed_and_with_latest_the_newest_there_is() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.22.3").ok();
    assert_eq!(env.gvm("use --json 1.22").ok().json()["default"], "go1.22.3");
    assert_eq!(env.gvm("use --json --latest 1.22").ok().json()["default"], "go1.22.4");
    assert_eq!(env.names("versions"), ["go1.22.3", "go1.22.4"]);
}

#[test]
fn use_within_a_pinned_project_says_that_nothing_changes_here() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("pin 1.21").ok();
    insta::assert_snapshot!(env.gvm("use 1.22").ok(), @r#"
    code 0
    out: export PATH="TEMP/root/shims:$PATH"
    err: Downloading v0.0.1-go1.22.4.linux-amd64.zip (SIZE)
    err: Unpacking v0.0.1-go1.22.4.linux-amd64.zip (SIZE)
    err: ✓ go1.22.4 is installed, proved by sum.example.com in a tree of N records
    err: ✓ go1.22.4 is the default
    err: warning: nothing changes here: 1.21 is asked for by .go-version, TEMP/project/.go-version:1
    err: Put the shims on PATH: for new shells with `gvm setup`, in this one with this line:
    "#);
    assert_eq!(env.go("version").ok().line(), "go version go1.21.13 linux/amd64");
    assert_eq!(env.go("version").within("/").ok().line(), "go version go1.22.4 linux/amd64");
}

/// A Go that gvm did not install, with its `bin` on PATH.
fn system_go(env: TestEnv) -> (TestEnv, PathBuf) {
    let goroot = env.folder().join("elsewhere").join("go");
    for (path, content) in
        [("VERSION", "go1.20.14"), ("pkg/tool/.keep", ""), ("src/runtime/.keep", "")]
    {
        fs::create_dir_all(goroot.join(path).parent().unwrap()).unwrap();
        fs::write(goroot.join(path), content).unwrap();
    }
    let go = "#!/bin/sh\necho go version go1.20.14 linux/amd64\n";
    script(&goroot.join("bin/go"), go);
    (with_on_path(env, &goroot), goroot)
}

/// With a link to its go in the one folder on PATH.
#[cfg(unix)]
fn with_on_path(env: TestEnv, goroot: &Path) -> TestEnv {
    std::os::unix::fs::symlink(goroot.join("bin/go"), env.bin().join("go")).unwrap();
    env
}

/// With its folder on PATH.
#[cfg(windows)]
fn with_on_path(env: TestEnv, goroot: &Path) -> TestEnv {
    env.set("PATH", goroot.join("bin"))
}

#[test]
fn use_takes_the_go_on_path_or_any_goroot() {
    let (env, _) = system_go(TestEnv::new());
    assert_eq!(env.gvm("use --json system").ok().json()["default"], "go1.20.14");
    assert_eq!(env.go("version").ok().line(), "go version go1.20.14 linux/amd64");
    let env = TestEnv::new();
    let _ = env.gvm("use").arg(env.folder()).run().code(3);
    let (env, goroot) = system_go(env);
    let env = env.set("PATH", "/nowhere");
    let _ = env.gvm("use").arg(&goroot).ok();
    assert_eq!(env.go("version").ok().line(), "go version go1.20.14 linux/amd64");
    insta::assert_snapshot!(env.gvm("list").ok(), @r"
    code 0
    out: *  TEMP/elsewhere/go
    ");
    let listed = env.gvm("list --json").ok().json();
    assert_eq!(listed["default"], Value::Null);
    assert_eq!(listed["default_path"], goroot.to_str().unwrap());
}

#[test]
fn pin_writes_what_it_was_given_or_what_that_stands_for() {
    let site = site();
    let env = TestEnv::at(&site);
    insta::assert_snapshot!(env.gvm("pin 1.22").ok(), @r"
    code 0
    err: Downloading v0.0.1-go1.22.4.linux-amd64.zip (SIZE)
    err: Unpacking v0.0.1-go1.22.4.linux-amd64.zip (SIZE)
    err: ✓ go1.22.4 is installed, proved by sum.example.com in a tree of N records
    err: ✓ TEMP/project/.go-version pins 1.22, which is go1.22.4
    ");
    let read = || fs::read_to_string(env.work().join(".go-version")).unwrap();
    assert_eq!(read(), "1.22\n");
    let pinned = env.gvm("pin --exact --json 1.22").ok().json();
    assert_eq!((read().as_str(), &pinned["version"]), ("1.22.4\n", &json!("go1.22.4")));
    let below = env.work().join("a/b");
    fs::create_dir_all(&below).unwrap();
    assert_eq!(env.go("version").within(below).ok().line(), "go version go1.22.4 linux/amd64");
    insta::assert_snapshot!(env.gvm("pin /opt/go").run().code(2), @r"
    code 2
    err: error: a file cannot pin a path: it means something else on every machine
    err: hint: pin a version: `gvm pin 1.22`
    ");
    assert_eq!(read(), "1.22.4\n");
}

#[test]
fn list_shows_what_is_installed() {
    let site = site();
    let env = TestEnv::at(&site);
    insta::assert_snapshot!(env.gvm("list").ok(), @r"
    code 0
    err: Nothing is installed yet; try `gvm use latest`
    ");
    assert_eq!(env.gvm("list --json").ok().json()["versions"], json!([]));
    let _ = env.gvm("install 1.22.4 1.21.13").ok();
    let _ = env.gvm("install 1.22.4 --target linux/arm").ok();
    let _ = env.gvm("use 1.21").ok();
    insta::assert_snapshot!(env.gvm("ls").ok(), @r"
    code 0
    out: *  go1.21.13           23c46918  linux/amd64  SIZE
    out:    go1.22.4            c3a05a89  linux/amd64  SIZE
    out:    go1.22.4.linux-arm  379e05d0  linux/arm    SIZE
    ");
    let listed = env.gvm("list --json").ok().json();
    assert_eq!(listed["root"], env.root().to_str().unwrap());
    assert_eq!(listed["default"], "go1.21.13");
    assert_eq!(versions(&listed), ["go1.21.13", "go1.22.4", "go1.22.4"]);
    assert_eq!(listed["versions"][2]["tag"], "go1.22.4.linux-arm");
    assert_eq!(listed["versions"][0]["default"], true);
    assert_eq!(listed["versions"][1]["hash"], hash8("1.22.4"));
}

#[test]
fn list_remote_shows_what_there_is() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.3").ok();
    insta::assert_snapshot!(env.gvm("list-remote").ok(), @r"
    code 0
    out: go1.21.12
    out: go1.21.13
    out: go1.22.3  installed
    out: go1.22.4
    ");
    let all = env.gvm("list-remote --all --json").ok().json();
    assert_eq!(versions(&all).last(), Some(&"go1.23rc1"));
    assert_eq!(all["versions"][4]["stable"], false);
    let some = env.gvm("ls-remote --json").arg(">=1.21 <1.22.4").ok().json();
    assert_eq!(versions(&some), ["go1.21.12", "go1.21.13", "go1.22.3"]);
    assert_eq!(some["versions"][2]["installed"], true);
    for (spec, only) in
        [("latest", "go1.22.4"), ("oldstable", "go1.21.13"), ("unstable", "go1.23rc1")]
    {
        let listed = env.gvm("list-remote --json").arg(spec).ok().json();
        assert_eq!(versions(&listed), [only], "{spec}");
    }
    let arm = env.gvm("list-remote --json --target linux/arm").ok().json();
    assert_eq!(versions(&arm), ["go1.22.4"]);
    assert_eq!(arm["versions"][0]["installed"], false);
}

#[test]
fn list_remote_is_the_union_of_whoever_answers() {
    let site = site();
    let more = Mint::new(&["1.22.5"]).index();
    site.put("/dl/", Answer::Bytes(serde_json::to_vec(&more).unwrap()));
    let env = TestEnv::at(&site);
    let both = env.gvm("list-remote 1.22 --json").ok().json();
    assert_eq!(versions(&both), ["go1.22.3", "go1.22.4", "go1.22.5"]);
    site.put("/dl/", Answer::Page(403, "not for you"));
    let one = env.gvm("list-remote 1.22").ok();
    insta::assert_snapshot!(one, @r"
    code 0
    out: go1.22.3
    out: go1.22.4
    err: warning: this source did not answer: http://SITE/dl: http://SITE/dl/?mode=json&include=all answered 403 Forbidden
    ");
}

#[test]
fn current_tells_the_version_and_why() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.21.13 1.22.3").ok();
    let _ = env.gvm("use 1.22.4").ok();
    let origin = |call: crate::env::Call<'_>| {
        let current = call.ok().json();
        (current["version"].as_str().unwrap().to_owned(), current["origin"].clone())
    };
    insta::assert_snapshot!(env.gvm("current").ok(), @r"
    code 0
    out: go1.22.4  (default)
    ");
    assert_eq!(env.gvm("current --short").ok().stdout, "1.22.4\n");
    let (version, by) = origin(env.gvm("current --json"));
    assert_eq!((version.as_str(), &by["kind"]), ("go1.22.4", &json!("default")));
    let (version, by) = origin(env.gvm("current --json").var("GVM_GO", "1.21"));
    let expected = json!({ "kind": "variable", "file": null, "line": null, "name": "GVM_GO" });
    assert_eq!((version.as_str(), by), ("go1.21.13", expected));
    let file = env.write(".go-version", "# ours\n\n1.22.3 # for now\n");
    insta::assert_snapshot!(env.gvm("current").ok(), @r"
    code 0
    out: go1.22.3  (.go-version, TEMP/project/.go-version:3)
    ");
    let (version, by) = origin(env.gvm("current --json"));
    let expected = json!({ "kind": "pin-file", "file": file.to_str().unwrap(), "line": 3 });
    assert_eq!((version.as_str(), by), ("go1.22.3", expected));
    let (env, _) = system_go(TestEnv::new());
    let (version, by) = origin(env.gvm("current --json"));
    assert_eq!((version.as_str(), &by["kind"]), ("go1.20.14", &json!("system")));
}

#[test]
fn which_is_the_path_that_a_shim_starts() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.22.4").ok();
    let bin = env.goroot("1.22.4").join("bin");
    let program = |tool: &str| exe(bin.join(tool)).display().to_string();
    assert_eq!(env.gvm("which").ok().line(), program("go"));
    let which = env.gvm("which --json gofmt").ok().json();
    assert_eq!(which, json!({ "tool": "gofmt", "path": program("gofmt"), "version": "go1.22.4" }));
    let _ = env.gvm("which gopher").run().code(1).says("gopher");
    let _ = env.gvm("which ../go").run().code(2);
}

#[test]
fn exec_runs_a_command_with_the_version_first_on_path() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.22.4").ok();
    assert_eq!(env.gvm("exec -- go version").ok().line(), "go version go1.22.4 linux/amd64");
    let other = env.gvm("exec 1.21 -- go env").ok();
    assert!(other.stdout.contains("go1.21.13 "), "{other}");
    assert!(other.stdout.contains("GOTOOLCHAIN=local"), "{other}");
    assert_eq!(env.names("versions"), ["go1.21.13", "go1.22.4"]);
    let seen = || env.gvm("exec 1.21.13 --").arg(shell()).arg("-c").arg("echo $PATH");
    let bin = env.goroot("1.21.13").join("bin");
    let both = std::env::join_paths([&bin, &PathBuf::new()]).unwrap();
    assert!(seen().ok().line().starts_with(both.to_str().unwrap()));
    let path = seen().var("PATH", "").ok();
    assert_eq!(path.line(), env.goroot("1.21.13").join("bin").to_str().unwrap());
    let shim = env.gvm("exec 1.21.13 --").arg(exe(env.root().join("shims/go"))).arg("version").ok();
    assert_eq!(shim.line(), "go version go1.21.13 linux/amd64");
}

#[test]
fn exec_and_the_shim_pass_the_exit_code_on() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.22.4").ok();
    for code in [0, 1, 2, 125, 200] {
        let _ = env.gvm(&format!("exec -- go exit {code}")).run().code(code);
        let _ = env.go(&format!("exit {code}")).run().code(code);
    }
    insta::assert_snapshot!(env.gvm("exec -- no-such-program").run().code(127), @r"
    code 127
    err: error: could not run no-such-program: No such file or directory (os error 2)
    err: hint: check its name and PATH; a script also needs the interpreter that its first line names
    ");
    let file = env.write("no-program", "");
    let _ = env.gvm("exec --").arg(file).run().code(126).says("hint: ");
    let _ = env.gvm("exec 1.99 -- go version").run().code(125);
    let _ = env.gvm("exec abc -- true").run().code(125);
    for call in ["exec --bogus", "exec", "--color never exec 1.22 go"] {
        let _ = env.gvm(call).run().code_of(call, 125).says("Usage: gvm exec");
    }
}

#[test]
fn uninstall_removes_exactly_what_is_named() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.21.13 1.22.3").ok();
    let _ = env.gvm("use 1.22.4").ok();
    insta::assert_snapshot!(env.gvm("uninstall --dry-run 1.21.13").ok(), @r"
    code 0
    out: go1.21.13 (SIZE) would be removed
    ");
    assert_eq!(env.published().len(), 3);
    insta::assert_snapshot!(env.gvm("uninstall 1.22").run().code(3), @r"
    code 3
    err: error: 1.22 is a line, and not the name of one version
    err: hint: of this line are installed: go1.22.3, go1.22.4
    ");
    let removed = env.gvm("uninstall --json go1.21.13 1.22.3").ok().json();
    assert_eq!(removed["removed"][1]["tag"], "go1.22.3");
    assert_eq!(env.names("versions"), ["go1.22.4"]);
    assert_eq!(env.names("receipts").len(), 2);
    let _ = env.gvm("uninstall --force 1.22.4").ok();
    assert_eq!((env.published(), env.names("versions")), (vec![], vec![]));
    let _ = env.go("version").run().code(127);
}

#[test]
fn install_tells_what_it_would_fetch() {
    let site = site();
    let env = TestEnv::at(&site);
    insta::assert_snapshot!(env.gvm("install --dry-run 1.22").ok(), @r"
    code 0
    out: go1.22.4 from goproxy: http://SITE/proxy/golang.org/toolchain/@v/v0.0.1-go1.22.4.linux-amd64.zip (SIZE)
    ");
    let planned = env.gvm("install --dry-run --json 1.22 --source godev").ok().json();
    assert!(planned["planned"][0]["bytes"].as_u64().unwrap() > 100);
    assert_eq!(planned["installed"], json!([]));
    assert!(!env.root().exists(), "looking changes nothing");
}

#[test]
fn install_takes_what_the_project_asks_for() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("install").run().code(2).says("hint: ");
    env.write(".go-version", "1.21\n");
    let installed = env.gvm("install --json").ok().json();
    assert_eq!(installed["installed"][0]["version"], "go1.21.13");
    let again = env.gvm("install --json").ok().json();
    assert_eq!(again["installed"][0]["already"], true);
    assert_eq!(site.count(".zip"), 1);
}

#[test]
fn install_with_force_repairs_a_damaged_tree() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.22.4").ok();
    fs::write(env.goroot("1.22.4").join("VERSION"), "go1.0\n").unwrap();
    fs::remove_file(env.goroot("1.22.4").join(exe("bin/gofmt"))).unwrap();
    insta::assert_snapshot!(env.gvm("verify").run().code(5), @r"
    code 5
    out: go1.22.4  NOT what was published  TEMP/root/c3a05a89
    out:   changed  VERSION
    out:   missing  bin/gofmt
    ");
    let _ = env.gvm("install --force 1.22.4").ok();
    insta::assert_snapshot!(env.gvm("verify 1.22.4").ok(), @r"
    code 0
    out: go1.22.4  ok  TEMP/root/c3a05a89  proved by sum.example.com in a tree of N records
    ");
    assert_eq!(env.go("version").ok().line(), "go version go1.22.4 linux/amd64");
    assert_eq!(env.names("staging"), [""; 0]);
}

#[test]
fn verify_knows_a_tree_that_gvm_did_not_install() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.4").ok();
    let copy = env.folder().join("copy");
    fs::rename(env.goroot("1.22.4"), &copy).unwrap();
    let _ = env.gvm("verify").arg(&copy).ok().says("no receipt");
    fs::write(copy.join("src/fmt/print.go"), "package fmt\n").unwrap();
    let told = env.gvm("verify --json").arg(&copy).run().code(5).json();
    assert_eq!(told["results"][0]["ok"], false);
}

#[test]
fn details_are_said_to_whoever_asks_for_them() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let env = TestEnv::at(&site);
    let table =
        [("", "", false), ("", "0", false), ("", "1", true), ("-v", "", true), ("-q", "1", false)];
    for (flag, log, wanted) in table {
        let install = env.gvm("install --force --source godev 1.22.4").var("GVM_LOG", log);
        let flags = flag.split_whitespace();
        let said = install.with(|command| _ = command.args(flags)).ok();
        assert_eq!(said.stderr.contains("left out"), wanted, "{flag:?} {log:?}: {said}");
    }
}
