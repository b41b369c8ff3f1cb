//! A tag that is made to have an installed version's hash: it never runs that version, never replaces it, and never takes
//! it away.
//!
//! 32 bits are hit in a minute: a suffix is free to choose, and any published release will do. These were found so.

use std::fs;
use std::path::PathBuf;

use crate::stage::env::{TestEnv, hash8};
use crate::stage::fake::exe;
use crate::stage::link;
use crate::stage::mint::Mint;
use crate::stage::site::Site;
use crate::stage::tally::count;

/// Each a published release, and a name with its hash that somebody could write into a go.mod.
const PAIRS: [(&str, &str); 2] =
    [("1.23.3", "1.22.4-fix124916375"), ("1.23.4", "1.22.4-fix136896224")];
const DEFAULT: &str = "1.21.13";

fn site() -> Site {
    let [(one, twin), (other, other_twin)] = PAIRS;
    Site::mint(Mint::new(&[DEFAULT, one, twin, other, other_twin]))
}

/// An environment with the default and the first of a pair.
fn with(site: &Site, version: &str) -> TestEnv {
    let env = TestEnv::at(site);
    let _ = env.gvm("use").arg(DEFAULT).ok();
    let _ = env.gvm("install").arg(version).ok();
    env
}

/// The calls by which a project, a variable or an argument asks for a version, each after the files that it needs.
fn ask(env: &TestEnv, version: &str) -> Vec<(String, crate::stage::env::Outcome)> {
    let files = [
        (".go-version", format!("{version}\n")),
        (".tool-versions", format!("golang {version}\n")),
        ("go.mod", format!("module m\ngo 1.21.13\ntoolchain go{version}\n")),
        ("go.work", format!("go 1.21.13\ntoolchain go{version}\n")),
    ];
    let mut told = Vec::new();
    let mut call = |how: String, call: crate::stage::env::Call<'_>| told.push((how, call.run()));
    for (name, content) in &files {
        let file = env.write(name, content);
        for words in ["current", "which", "explain", "current --json"] {
            call(format!("{name}, {words}"), env.gvm(words));
        }
        call(format!("{name}, go"), env.go("version"));
        call(format!("{name}, exec"), env.gvm("--offline exec -- go version"));
        fs::remove_file(file).unwrap();
    }
    for words in ["current", "which"] {
        call(format!("GVM_GO, {words}"), env.gvm(words).var("GVM_GO", version));
    }
    call("GVM_GO, go".into(), env.go("version").var("GVM_GO", version));
    let toolchain = format!("go{version}");
    call("GOTOOLCHAIN, go".into(), env.go("version").var("GOTOOLCHAIN", toolchain));
    call("+SPEC".into(), env.go(&format!("+{version} version")));
    for words in ["--offline use", "--offline pin", "verify", "uninstall", "--offline install"] {
        call(words.into(), env.gvm(words).arg(version));
    }
    call(
        "exec SPEC".into(),
        env.gvm("--offline exec").arg(version).with(|call| {
            call.args(["--", "go", "version"]);
        }),
    );
    told
}

#[test]
fn two_names_of_one_hash_are_never_taken_for_each_other() {
    let site = site();
    let mut asked = 0;
    for (installed, twin) in PAIRS.into_iter().chain(PAIRS.map(|(one, twin)| (twin, one))) {
        assert_eq!(hash8(installed), hash8(twin));
        let env = with(&site, installed);
        let before = tree(&env, installed);
        for (how, outcome) in ask(&env, twin) {
            // What answers is the default, or nobody.
            let is_said = outcome.stdout.contains(&format!("version go{installed} "));
            assert!(!is_said && !outcome.stdout.contains(&hash8(twin)), "{how}: {outcome}");
            assert_eq!(tree(&env, installed), before, "{how}: {outcome}");
            asked += 1;
        }
        let outcome = env.gvm("list").ok();
        assert!(!outcome.stdout.contains(&format!("go{twin} ")), "{outcome}");
        let own = env.go("version").var("GVM_GO", installed).ok();
        assert!(own.stdout.contains(&format!("version go{installed} ")), "{own}");
    }
    count("ways to ask for a version by a name that has the hash of another", asked);
}

/// The version's files, its receipt and its link.
fn tree(env: &TestEnv, version: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let receipt = env.root().join("receipts").join(hash8(version) + ".toml");
    for path in
        [env.goroot(version).join(exe("bin/go")), env.goroot(version).join("VERSION"), receipt]
    {
        let content = fs::read(&path).unwrap();
        files.push((path, content));
    }
    let link = env.root().join("versions").join(format!("go{version}"));
    files.push((link::target(&link).into(), Vec::new()));
    files
}

#[test]
fn the_second_is_refused_and_can_be_had_when_the_first_is_gone() {
    let site = site();
    for (first, second) in PAIRS {
        let env = with(&site, first);
        for words in ["install", "use", "pin", "install --force"] {
            let said = env.gvm(words).arg(second).run().code_of(words, 1);
            let said = said.says(&format!("go{second} would stand in folder {}", hash8(first)));
            let _ = said.says(&format!("gvm uninstall go{first}"));
            assert_eq!(env.names("staging"), [""; 0], "{words}");
        }
        let _ = env.gvm("exec").arg(second).arg("--").arg("go").run().code(125).says("go1.23");
        let _ = env.gvm("uninstall").arg(first).ok();
        let _ = env.gvm("install").arg(second).ok();
        let own = env.go("version").var("GVM_GO", second).ok();
        assert!(own.stdout.contains(&format!("version go{second} ")), "{own}");
        let _ = env.gvm("current").var("GVM_GO", first).run().code(3);
    }
}

/// A link that says of a folder what its receipt does not say is none of gvm's making: the next change takes it away.
#[test]
fn a_link_that_lies_is_taken_away() {
    let (installed, twin) = PAIRS[0];
    let site = site();
    let env = with(&site, installed);
    let lie = env.root().join("versions").join(format!("go{twin}"));
    link::make(&format!("../{}", hash8(twin)), &lie);
    link::make(&format!("../{}", hash8(installed)), &env.root().join("versions/go1.19.1"));
    let _ = env.gvm("use").arg(DEFAULT).ok();
    assert_eq!(env.names("versions"), [format!("go{DEFAULT}"), format!("go{installed}")]);
    assert_eq!(
        env.names("shims"),
        ["go", &format!("go{DEFAULT}"), &format!("go{installed}"), "gofmt"]
    );
    let _ = env.go("version").var("GVM_GO", twin).run().code(127);
}

/// It is asked for by another name, which is installed nowhere.
#[test]
fn a_default_is_not_taken_for_the_rest_of_its_twin() {
    let site = site();
    let (installed, twin) = PAIRS[0];
    let env = with(&site, installed);
    let _ = env.gvm("use").arg(installed).ok();
    let _ = env.gvm("uninstall --force").arg(twin).run().code(3).says("is not installed");
    assert_eq!(env.gvm("current --short").ok().line(), installed);
}
