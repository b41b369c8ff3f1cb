//! `gvm check` and `gvm probe`: real releases are tried out, in folders of their own.

use std::fs;

use serde_json::{Value, json};

use crate::ground::{Ground, SAMPLED, kept_goroot, link_tree};

#[test]
fn every_release_passes_the_short_chain() {
    let Some(ground) = Ground::sampled() else { return };
    for version in SAMPLED {
        let told = ground
            .shell(&format!("export GOFLAGS=-nosuch GOROOT=/old; \"$GVM\" check --json {version}"));
        let told = told.code_of(version, 0).json();
        let steps: Vec<_> = told["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["name"].as_str().unwrap())
            .collect();
        let third =
            if ["1.4.3", "1.8.7"].contains(&version) { "go list" } else { "go list -m all" };
        assert_eq!(steps, ["tree", "go version", third], "{version}");
    }
    let left: Vec<_> = fs::read_dir(ground.folder().join("tmp")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_full_chain_builds_and_runs() {
    for version in ["1.8.7", "1.13.15"] {
        let Some(ground) = Ground::linked(&[version]) else { return };
        let told = ground.shell("\"$GVM\" check --full --json").code_of(version, 0).json();
        let names: Vec<_> = told["steps"].as_array().unwrap()[3..]
            .iter()
            .map(|it| it["name"].as_str().unwrap())
            .collect();
        assert_eq!(
            names,
            ["go run", "go build", "the program itself", "a program with C", "-race"]
        );
        let text =
            ground.shell("PATH=$PWD/none:${PATH%%:*} \"$GVM\" check --full").code_of(version, 0);
        assert!(
            text.stdout.contains("·  a program with C  left out: there is no C compiler"),
            "{text}"
        );
    }
}

#[test]
fn a_failure_says_the_step_the_exact_message_and_the_cause() {
    let Some(ground) = Ground::installed(&["1.13.15"]) else { return };
    fs::remove_file(ground.goroot("1.13.15").join("pkg/tool/linux_amd64/link")).unwrap();
    let told = ground.shell("\"$GVM\" check --full").code(1);
    assert!(told.stdout.contains("✗  tree") && told.stdout.contains("error GVM-E301"), "{told}");

    // A tree of which nobody knows all files: only work tells.
    let other = ground.folder().join("other");
    link_tree(&kept_goroot("1.13.15"), &other);
    fs::remove_file(other.join("pkg/linux_amd64/fmt.a")).unwrap();
    fs::remove_file(other.join("src/fmt/format.go")).unwrap();
    let told =
        ground.shell(&format!("\"$GVM\" check --full --json {}", other.display())).code(1).json();
    let last = told["steps"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["name"], &last["command"]), (&"go run".into(), &"go run main.go".into()));
    let message = last["message"].as_str().unwrap();
    assert!(message.contains("# fmt") && message.contains("undefined:"), "{message}");
    let _ = ground.shell("\"$GVM\" check /nonexistent/go").code(1);
    let _ = ground.shell("\"$GVM\" check 1.27.4").code(3);
}

#[test]
fn the_truth_about_gopath_is_the_measured_one() {
    let Some(ground) = Ground::sampled() else { return };
    let told = ground.shell("export GO111MODULE=off; \"$GVM\" probe gopath --json").code(0).json();
    for (version, told) in SAMPLED.into_iter().zip(told["versions"].as_array().unwrap()) {
        assert_eq!(told["version"], format!("go{version}"));
        let expected = match version {
            "1.4.3" | "1.8.7" => [true; 8],
            "1.13.15" => [true, false, true, true, false, false, true, false],
            _ => [false, false, true, true, false, false, true, false],
        };
        let tries = told["tries"].as_array().unwrap();
        let found: Vec<bool> = tries.iter().map(|it| it["importable"].as_bool().unwrap()).collect();
        assert_eq!(found, expected, "{version}");
        let modes: Vec<Value> = tries[..4].iter().map(|it| it["go111module"].clone()).collect();
        assert_eq!(modes, [json!(null), json!("on"), json!("off"), json!("auto")]);
        if version == "1.27.4" {
            let message = |at: usize| tries[at]["message"].as_str().unwrap().to_owned();
            assert!(
                message(0).starts_with("go: go.mod file not found in current directory"),
                "{}",
                message(0)
            );
            assert!(
                message(4).contains("no required module provides package example.com/dep"),
                "{}",
                message(4)
            );
        }
    }
    let text = ground.shell("\"$GVM\" probe gopath 1.13.15").code(0);
    assert!(
        text.stdout.contains("\ngo1.13.15    yes    no  yes  yes   no     no  yes  no\n"),
        "{text}"
    );
    let _ = ground.shell("\"$GVM\" probe gopath 1.21.0").code(3);
}
