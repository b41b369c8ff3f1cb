//! What gvm says, as facts and as the lines of `go version -m`.

use std::path::PathBuf;

use serde_json::Value;

use super::Facts;
use crate::env::TestEnv;

/// The answers of `gvm inspect --json` about these files, in their order.
fn answers(env: &TestEnv, paths: &[PathBuf]) -> Vec<Value> {
    let call = env.gvm("inspect --json").with(|call| _ = call.args(paths));
    let mut data = call.ok().json();
    let Value::Array(files) = data["files"].take() else { panic!("{data}") };
    assert_eq!(files.len(), paths.len());
    files
}

/// The facts about these files.
pub fn facts(env: &TestEnv, paths: &[PathBuf]) -> Vec<Facts> {
    answers(env, paths).iter().map(facts_of).collect()
}

fn facts_of(file: &Value) -> Facts {
    let binary = &file["binary"];
    let mut facts = Facts::new();
    let mut put = |name: &str, value: String| _ = facts.insert(name.to_owned(), value);
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let is = |value: &Value| value.as_bool() == Some(true);
    put("kind", text(&file["kind"]));
    put("bits", binary["bits"].to_string());
    put("architecture", text(&binary["architecture"]));
    put("interpreter", text(&binary["interpreter"]));
    let mut libraries = Vec::new();
    let mut versions = Vec::new();
    for library in binary["libraries"].as_array().unwrap() {
        let name = library["name"].as_str().unwrap();
        libraries.push(name.to_owned());
        let all = |member: &str| library[member].as_array().unwrap().clone();
        versions.extend(all("versions").iter().map(|it| format!("{name} {}", text(it))));
        let functions: Vec<String> = all("functions").iter().map(text).collect();
        if binary["format"] == "pe" {
            put(&format!("functions of {name}"), functions.join(" "));
        }
    }
    put("libraries", libraries.join(" "));
    versions.sort();
    put("versions", versions.join(", "));
    put("glibc", text(&binary["libc"]["version"]));
    put("pie", is(&binary["hardening"]["pie"]).to_string());
    put("aslr", is(&binary["hardening"]["aslr"]).to_string());
    put("high entropy", is(&binary["hardening"]["high_entropy"]).to_string());
    put("nx", is(&binary["hardening"]["nx"]).to_string());
    put("relro", text(&binary["hardening"]["relro"]));
    put("signed", (!binary["signature"].is_null()).to_string());
    put("minimum", text(&binary["minimum"]["version"]));
    put("gnu id", text(&binary["build_ids"]["gnu"]));
    put("go id", text(&binary["build_ids"]["go"]));
    put("uuid", text(&binary["build_ids"]["uuid"]));
    put("symbols", is(&binary["debug"]["symbols"]).to_string());
    put("dwarf", is(&binary["debug"]["dwarf"]).to_string());
    facts
}

/// What stands about these files in `go version -m`, without tabs before the lines; nothing of what Go did not build.
pub fn go_lines(env: &TestEnv, paths: &[PathBuf]) -> Vec<Vec<String>> {
    answers(env, paths).iter().map(|file| lines_of(&file["binary"]["go"])).collect()
}

fn lines_of(go: &Value) -> Vec<String> {
    let Some(version) = go["version"].as_str() else { return Vec::new() };
    let mut lines = vec![version.to_owned()];
    lines.extend(go["path"].as_str().map(|path| format!("path\t{path}")));
    let mut module = |word: &str, module: &Value| {
        let part = |name: &str| module[name].as_str().unwrap().to_owned();
        lines.push(format!("{word}\t{}\t{}\t{}", part("path"), part("version"), part("sum")));
        assert!(module["replace"].is_null(), "no toolchain has any: {module}");
    };
    if !go["main"].is_null() {
        module("mod", &go["main"]);
    }
    for dependency in go["dependencies"].as_array().unwrap() {
        module("dep", dependency);
    }
    for (key, value) in go["settings"].as_object().unwrap() {
        lines.push(format!("build\t{key}={}", value.as_str().unwrap()));
    }
    lines
}
