//! The steps for GitHub Actions and GitLab CI: the YAML is read by a YAML reader, and its lines are run by bash as the
//! runners do, in a home where nothing is, and once more with what the cache kept.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::ground::{bin, program};
use crate::page::snippet;
use crate::stage::env::TestEnv;
use crate::stage::mint::Mint;
use crate::stage::site::Site;

#[test]
fn github_runs_the_steps_and_keeps_root() {
    let Some(steps) = yaml(&snippet("GitHub Actions", "yaml")) else { return };
    let steps = steps.as_array().unwrap();
    let cache = steps.iter().find(|step| step["uses"] == "actions/cache@v4").unwrap();
    assert_eq!(cache["with"]["path"], "~/.local/share/gvm");
    assert!(cache["with"]["key"].as_str().unwrap().contains("hashFiles('.go-version')"));
    let lines: Vec<_> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    assert!(lines[0].contains("GVM_DIR="), "or root would write to its own ROOT: {lines:?}");

    holds(|job| {
        let [env, path] = ["env", "path"].map(|name| job.folder.join(name));
        fs::write(&env, "").unwrap();
        fs::write(&path, "").unwrap();
        let mut said = String::new();
        for line in &lines {
            // What a step writes there is for those behind it; of PATH, the last line comes first.
            let (added, kept) =
                (fs::read_to_string(&path).unwrap(), fs::read_to_string(&env).unwrap());
            let added: String = added.lines().rev().map(|line| format!("{line}:")).collect();
            let list = format!("{added}{}:/usr/bin:/bin", bin());
            let mut vars = vec![("PATH", list.as_str())];
            vars.extend([
                ("GITHUB_ENV", env.to_str().unwrap()),
                ("GITHUB_PATH", path.to_str().unwrap()),
            ]);
            vars.extend(kept.lines().filter_map(|line| line.split_once('=')));
            said = job.bash(&["-e", "-c", line], &vars);
        }
        said
    });
}

#[test]
fn gitlab_runs_the_script_and_keeps_root() {
    let Some(jobs) = yaml(&snippet("GitLab CI", "yaml")) else { return };
    let job = &jobs["test"];
    assert_eq!(job["cache"]["key"]["files"][0], ".go-version");
    assert_eq!(job["cache"]["paths"][0], ".gvm");
    let lines: Vec<_> = job["script"].as_array().unwrap().iter().map(Value::as_str).collect();
    let script: String = lines.iter().map(|line| format!("{}\n", line.unwrap())).collect();
    let gvm_dir = job["variables"]["GVM_DIR"].as_str().unwrap();

    holds(|job| {
        let project = job.project();
        let gvm_dir = gvm_dir.replace("$CI_PROJECT_DIR", project.to_str().unwrap());
        let path = format!("{}:/usr/bin:/bin", bin());
        job.bash(&["-eo", "pipefail", "-c", &script], &[("PATH", &path), ("GVM_DIR", &gvm_dir)])
    });
}

/// A checkout that pins a version, on a machine where nothing else is.
struct Job<'a> {
    folder: &'a Path,
    site: &'a Site,
}

impl Job<'_> {
    fn project(&self) -> PathBuf {
        self.folder.join("project")
    }

    fn bash(&self, words: &[&str], vars: &[(&str, &str)]) -> String {
        let mut bash = Command::new("/bin/bash");
        bash.args(["--noprofile", "--norc"]).args(words).env_clear().current_dir(self.project());
        bash.env("HOME", self.folder.join("home")).env("GOPROXY", self.site.proxy());
        bash.env("GVM_GODEV", self.site.godev()).env("GOSUMDB", self.site.gosumdb().unwrap());
        let output = bash.envs(vars.iter().copied()).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Plays a job twice: the second time, what the cache kept is there, and nobody is asked for anything.
fn holds(play: impl Fn(&Job<'_>) -> String) {
    let site = Site::mint(Mint::new(&["1.21.13"]));
    let env = TestEnv::new();
    env.write(".go-version", "1.21.13\n");
    env.write("go.mod", "module app\n");
    let job = Job { folder: env.folder(), site: &site };
    for _ in 0..2 {
        let said = play(&job);
        assert!(said.starts_with("go1.21.13 ") && said.ends_with("args=test ./...\n"), "{said}");
        assert_eq!(site.count(".zip"), 1);
    }
}

/// The document, as Python's reader understands it.
fn yaml(text: &str) -> Option<Value> {
    let python = program("/usr/bin/python3")?;
    let script = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)";
    let mut child = Command::new(python)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "python3-yaml is not here, or this is no YAML:\n{text}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}
