//! gvm's own root: what is found there, what `--fix` mends, and what it leaves alone.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::ground::{Findings, Ground};
use crate::stage::env::{TestEnv, hash8};
use crate::stage::mint::Mint;
use crate::stage::site::Site;

/// Small releases, with shims on PATH.
fn env(site: &Site) -> TestEnv {
    let env = TestEnv::at(site);
    let _ = env.gvm("install 1.21.13").ok();
    let _ = env.gvm("use 1.22.4").ok();
    let path = format!("{}/shims:/usr/bin:/bin", env.root().display());
    env.set("PATH", path)
}

fn found(env: &TestEnv) -> Findings {
    // These small releases are no programs: of their trees nothing is asked.
    let is_tree =
        |finding: &serde_json::Value| finding["id"].as_str().unwrap().starts_with("GVM-E3");
    let told = env.gvm("doctor --json").run();
    let mut findings = Findings(told.json()["findings"].as_array().unwrap().clone());
    findings.0.retain(|finding| !is_tree(finding));
    findings
}

/// What is wrong, how it comes to that, and what the finding is.
type Wrong = (&'static str, fn(&TestEnv), &'static str, &'static str);

#[test]
fn what_is_derived_is_mended_by_fix_alone() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let rows: [Wrong; 7] = [
        (
            "a link is gone",
            |env| fs::remove_file(env.root().join("versions/go1.22.4")).unwrap(),
            "error",
            "E702",
        ),
        (
            "a link leads elsewhere",
            |env| {
                let link = env.root().join("versions/go1.22.4");
                fs::remove_file(&link).unwrap();
                symlink(format!("../{}", hash8("1.21.13")), link).unwrap();
            },
            "error",
            "E702",
        ),
        (
            "a tree is gone",
            |env| fs::remove_dir_all(env.goroot("1.21.13")).unwrap(),
            "error",
            "E702",
        ),
        (
            "a shim is gone",
            |env| fs::remove_file(env.root().join("shims/gofmt")).unwrap(),
            "error",
            "E704",
        ),
        (
            "a shim is changed",
            |env| fs::write(env.root().join("shims/go1.22.4"), "x").unwrap(),
            "warning",
            "E704",
        ),
        (
            "staging was left",
            |env| fs::create_dir_all(env.root().join("staging/0a0a0a0a-x/bin")).unwrap(),
            "warning",
            "E705",
        ),
        (
            "a file is half written",
            |env| {
                fs::write(env.root().join(".gvm-99-0a0a0a0a"), "x").unwrap();
            },
            "warning",
            "E705",
        ),
    ];
    for (name, harm, severity, id) in rows {
        let env = env(&site);
        found(&env).none(name);
        harm(&env);
        let findings = found(&env);
        assert!(findings.of(severity).contains(&id), "{name}: {:#?}", findings.0);
        assert_eq!(findings.fix(id), "gvm doctor --fix");
        assert!(found(&env).get(id).is_some(), "{name}: it mends itself");
        let told = env.gvm("doctor --fix --json").run().json();
        assert_eq!(told["mended"][0]["id"], format!("GVM-{id}"), "{name}");
        found(&env).none(name);
    }
}

#[test]
fn what_is_not_gvms_to_mend_has_another_cure() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let env = env(&site);
    fs::remove_dir_all(env.goroot("1.22.4")).unwrap();
    let findings = found(&env);
    assert!(findings.of("error").contains(&"E703"), "{:#?}", findings.0);
    assert_eq!(findings.fix("E703"), "gvm use latest");
    let _ = env.gvm("use 1.22.4").ok();
    found(&env).none("the default");

    fs::remove_file(env.root().join(format!("receipts/{}.toml", hash8("1.21.13")))).unwrap();
    let findings = found(&env);
    assert!(findings.of("error").contains(&"E706"), "{:#?}", findings.0);
    assert!(findings.need("E706")["file"].as_str().unwrap().ends_with(&hash8("1.21.13")));
    fs::remove_dir_all(env.goroot("1.21.13")).unwrap();
    let _ = env.gvm("doctor --fix").run();
    found(&env).none("the receipt");

    fs::set_permissions(env.root().join("shims"), Permissions::from_mode(0o777)).unwrap();
    let findings = found(&env);
    assert_eq!(findings.of("error"), ["E701"]);
    let _ = env.call("/bin/sh", "-c").arg(findings.fix("E701")).ok();
    found(&env).none("the mode");
}

#[test]
fn fix_touches_no_file_of_the_users() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let env = env(&site);
    let file = env.folder().join("home/config/go/env");
    fs::write(&file, "export GOFLAGS=-v\r\n").unwrap();
    let before = fs::read(&file).unwrap();
    let told = env.gvm("doctor --fix").run();
    assert!(told.stdout.contains("GVM-E203"), "{told}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_pin_that_cannot_be_met_is_told_with_its_line() {
    let site = Site::mint(Mint::new(&["1.20.14", "1.21.13", "1.22.4"]));
    let env = env(&site);
    env.write(".go-version", "# ours\n1.20.14\n");
    let findings = found(&env);
    assert_eq!(findings.need("E215")["line"], 2);
    assert_eq!(findings.fix("E215"), "gvm install 1.20.14");
    let _ = env.gvm("install 1.20.14").ok();
    found(&env).none("installed");
    env.write(".go-version", "nonsense\n");
    assert!(found(&env).need("E215")["file"].as_str().unwrap().ends_with(".go-version"));
    let _ = env.gvm("pin latest").ok();
    found(&env).none("pinned");
}

/// The one command that goes on where gvm's own settings are broken, and says so; the others refuse.
#[test]
fn settings_that_cannot_be_understood_are_told_and_all_else_is_examined() {
    let Some(ground) = Ground::linked(&["1.22.10"]) else { return };
    let file = ground.root().join("config.toml");
    for (content, line) in [("offline = true\nsorces = []\n", 2), ("offline = \"yes", 1)] {
        fs::write(&file, content).unwrap();
        let findings = ground.findings("export GOROOT=/gone");
        assert_eq!(findings.of("error"), ["E710"], "{content}");
        assert_eq!(findings.need("E710")["file"], file.to_str().unwrap());
        assert_eq!(findings.need("E710")["line"], line, "{content}");
        let _ = findings.need("E101");
        for others in ["list", "use 1.22", "check", "env GOROOT"] {
            let _ = ground.gvm(others).run().says("config.toml").code_of(others, 2);
        }
        let _ = ground.shell("go version").code(0);
        let _ = ground.shell(&findings.fix("E710")).code(0);
        ground.findings("").none("without it");
        let _ = ground.gvm("list").ok();
    }
    fs::create_dir(&file).unwrap();
    assert_eq!(ground.findings("").of("error"), ["E710"]);
}
