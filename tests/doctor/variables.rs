//! `gvm env` against the real `go env` of each sampled release, in many surroundings.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ground::{FOUR, Ground, SAMPLED};
use crate::stage::tally;

/// Lines of shell that change something, and a go/env file. All are such that no release fails.
const SURROUNDINGS: [(&str, &str); 22] = [
    ("", ""),
    ("cd /", ""),
    ("unset GOENV GOPATH GOMODCACHE GOCACHE CGO_ENABLED GOPROXY XDG_CONFIG_HOME", ""),
    ("export GOROOT=/nonexistent", ""),
    ("export GOFLAGS=-v GO111MODULE=on GOPRIVATE=a.example,b.example GOBIN=/x", ""),
    ("export GO111MODULE=off", ""),
    ("export GO111MODULE=auto; cd /", ""),
    ("export GOOS=windows; unset CGO_ENABLED", ""),
    ("export GOARCH=arm64; unset CGO_ENABLED", ""),
    ("export GOARCH=386 GOFLAGS=", ""),
    ("export GOARCH=arm; unset CGO_ENABLED", ""),
    ("export GOOS=darwin", ""),
    (
        "unset CGO_ENABLED; gvm=$GVM; mkdir p; ln -s $(command -v env) p/env; PATH=$ROOT/shims:$PWD/p",
        "",
    ),
    ("unset CGO_ENABLED; export CC='gcc -m64' CXX=clang++ AR=llvm-ar PKG_CONFIG=pkgconf", ""),
    ("export CGO_CFLAGS=' -O3  -g0' CGO_LDFLAGS=-lm CGO_ENABLED=1", ""),
    ("unset GOPATH GOMODCACHE; export GOPATH=$HOME/a:$HOME/b", ""),
    (
        "unset GOPROXY GOPATH GOMODCACHE",
        "GOPROXY=off\nGOPROXY=direct\nGOPATH=/srv/go\nGOFLAGS=-x\nGOSUMDB=\nGONOPROXY=n.example\n",
    ),
    (
        "export GOFLAGS= GOPROXY=",
        "GOFLAGS=-x\nexport GOPRIVATE=a\n GOBIN=/y\nGOPRIVATE=b.example\n",
    ),
    ("export GOENV=off", "GOFLAGS=-x\n"),
    ("printf 'go 1.18\\n' > go.work", ""),
    ("printf 'go 1.18\\n' > go.work; export GOWORK=off", ""),
    (
        "export GOTMPDIR=/tmp GOINSECURE=i.example GOVCS=*:git GODEBUG=x=1 GOAMD64=v2 GOEXPERIMENT= GORACE=x XDG_CACHE_HOME=/c; unset GOCACHE",
        "",
    ),
];

#[test]
fn the_values_are_those_of_each_real_go() {
    let Some(ground) = Ground::sampled() else { return };
    let root = ground.root();
    let (mut compared, mut wrong) = (0, Vec::new());
    for version in SAMPLED {
        // Between the four there is nothing new but what a few surroundings show.
        let step = if FOUR.contains(&version) || version.starts_with("1.4") { 1 } else { 3 };
        for (lines, file) in SURROUNDINGS.into_iter().step_by(step) {
            let row = format!("{version} after {lines:?} with {file:?}");
            ground.put("home/config/go/env", file);
            let set = format!(
                "rm -rf go.work p; export GVM_GO={version} ROOT={}; {lines}",
                root.display()
            );
            let is_old = ["1.4.3", "1.8.7"].contains(&version);
            let go = ground
                .shell(&format!("{set}\n$ROOT/shims/go env {}", if is_old { "" } else { "-json" }));
            // The oldest know fewer targets.
            if is_old && !go.ended_with(0) {
                continue;
            }
            let go = go.code_of(&row, 0);
            let real = if is_old { of_text(&go.stdout) } else { of_json(&go.stdout) };
            let told = ground.shell(&format!("{set}\n\"$GVM\" env --json")).code_of(&row, 0);
            let told: BTreeMap<String, String> = told.json()["variables"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| {
                    (it["name"].as_str().unwrap().into(), it["value"].as_str().unwrap().into())
                })
                .filter(|(name, _): &(String, String)| name != "PATH")
                .collect();
            let differ: Vec<_> = real
                .keys()
                .chain(told.keys())
                .filter(|name| real.get(*name) != told.get(*name))
                .map(|name| (name, real.get(name), told.get(name)))
                .collect();
            wrong.extend(differ.iter().map(|differ| format!("{row}: {differ:?}")));
            compared += real.len();
        }
    }
    assert!(wrong.is_empty(), "name, go's, gvm's: {wrong:#?}");
    tally::say("values of `gvm env` that are those of the real go env", compared);
}

fn of_json(text: &str) -> BTreeMap<String, String> {
    let values: Value = serde_json::from_str(text).unwrap();
    let values = values.as_object().unwrap().iter();
    values
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .filter(is_held)
        .collect()
}

fn of_text(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter_map(|line| line.split_once('='));
    lines
        .map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()))
        .filter(is_held)
        .collect()
}

/// It holds the name of a temporary folder.
fn is_held((name, _): &(String, String)) -> bool {
    name != "GOGCCFLAGS"
}

#[test]
fn each_value_says_where_it_comes_from_and_what_it_hides() {
    let Some(ground) = Ground::linked(&["1.22.10"]) else { return };
    let file = ground.put("home/config/go/env", "GOTOOLCHAIN=path\nGOFLAGS=-nosuch\n");
    let told =
        ground.shell("export GOTOOLCHAIN=local GOROOT=/old; \"$GVM\" env --json").code(0).json();
    let get = |name: &str| {
        told["variables"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap().clone()
    };
    let names: Vec<_> =
        told["variables"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names[..4], ["GOROOT", "GOPATH", "PATH", "AR"]);
    assert_eq!(get("GOROOT")["origin"]["kind"], "computed", "gvm keeps the old one from go");
    assert_eq!(get("GOROOT")["findings"][0]["id"], "GVM-E101");
    let toolchain = get("GOTOOLCHAIN");
    assert_eq!(
        (&toolchain["value"], &toolchain["origin"]["kind"]),
        (&"local".into(), &"process".into())
    );
    assert_eq!(toolchain["shadows"][0]["value"], "path");
    assert_eq!(toolchain["shadows"][0]["origin"]["file"], file.to_str().unwrap());
    assert_eq!(toolchain["shadows"][1]["origin"]["kind"], "go.env");
    let flags = get("GOFLAGS");
    assert_eq!(
        (&flags["origin"]["line"], &flags["findings"][0]["id"]),
        (&2.into(), &"GVM-E220".into())
    );
    let pinned = ground
        .shell("unset GOTOOLCHAIN; GVM_GO=1.22.10 \"$GVM\" env --json GOTOOLCHAIN")
        .code(0)
        .json();
    assert_eq!(pinned["variables"][0]["origin"]["kind"], "gvm");
    let explained = ground
        .shell("export GOTOOLCHAIN=local; \"$GVM\" env --explain GOTOOLCHAIN GOFLAGS")
        .code(0);
    assert!(
        explained.stdout.contains("  hides path (") && explained.stdout.contains("fix: sed"),
        "{explained}"
    );
}

#[test]
fn named_variables_are_values_and_lines_for_a_shell_set_them() {
    let Some(ground) = Ground::linked(&["1.22.10"]) else { return };
    let named =
        ground.shell("GOFLAGS=\"-ldflags='-X a=b'\" \"$GVM\" env GOFLAGS GOVERSION").code(0);
    assert_eq!(named.stdout, "-ldflags='-X a=b'\ngo1.22.10\n");
    let _ = ground.shell("\"$GVM\" env NONE").code(2);
    for shell in ["bash", "dash"] {
        let lines = format!(
            "export GOFLAGS=\"-ldflags='-X a=\\$b'\" A=1; \"$GVM\" env --export {shell} >s; unset GOFLAGS; {shell} -c '. ./s; printenv GOFLAGS GOVERSION'"
        );
        assert_eq!(ground.shell(&lines).code(0).stdout, "-ldflags='-X a=$b'\ngo1.22.10\n");
    }
    let fish = ground.shell("\"$GVM\" env --export fish GOVERSION PATH").code(0);
    assert!(
        fish.stdout.starts_with("set -gx GOVERSION 'go1.22.10'\nset -gx PATH (string split"),
        "{fish}"
    );
}

#[test]
fn others_have_other_values() {
    let Some(ground) = Ground::linked(&["1.22.10"]) else { return };
    ground.put("home/.profile", "# mine\nexport GOFLAGS=-v\n");
    let told = ground.shell("export GOFLAGS=-x; \"$GVM\" env --compare --json").code(0).json();
    let flags = told["compare"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["name"] == "GOFLAGS")
        .unwrap()
        .clone();
    assert_eq!(flags["here"], "-x");
    assert!(flags["login"].as_str().unwrap().ends_with("/.profile:2"), "{flags}");
    assert_eq!(flags["empty"], Value::Null);
    let path =
        told["compare"].as_array().unwrap().iter().find(|it| it["name"] == "PATH").unwrap().clone();
    assert!(path["empty"].as_str().unwrap().ends_with(":."), "bash ends it so: {path}");
    let text = ground.shell("export GOFLAGS=-x; \"$GVM\" env --compare").code(0);
    assert!(text.stdout.contains("GOFLAGS\n"), "{text}");
}
