//! VS Code and GoLand, as far as they look at a Go without being here; direnv and make themselves.

use std::fs;

use serde_json::Value;

use crate::ground::{DEFAULT, Ground, PINNED, bin, program};
use crate::page::{says, snippet};
use crate::stage::installed::{put, script};

/// The PATH of what starts from a desktop.
const DESKTOP: &str = "/usr/local/bin:/usr/bin:/bin";

/// The extension takes an alternate tool that is an absolute path of a file that may be run, and asks it for GOROOT in the
/// workspace's folder. Source: `extension/src/utils/pathUtils.ts` of golang/vscode-go.
#[test]
fn vs_code_is_led_to_the_version_of_its_workspace() {
    let ground = Ground::new();
    let settings: Value = serde_json::from_str(&ground.here(&snippet("VS Code", "json"))).unwrap();
    let go = settings["go.alternateTools"]["go"].as_str().unwrap();
    assert!(go.starts_with('/'), "{go}");

    let vars = [("PATH", DESKTOP), ("HOME", ground.home().to_str().unwrap())];
    let goroot = ground.run(&ground.project(), &vars, &[go, "env", "GOROOT"]);
    assert_eq!(goroot, ground.goroot(PINNED).to_str().unwrap());
    assert_eq!(settings["go.goroot"], "", "a GOROOT here would count for all projects");
}

/// GoLand is closed. The plugin that it came from reads the version below `src/runtime`, wants `bin/go` and `src`; since
/// there has been no such file, `VERSION` says it. Source: `GoSdkUtil.java` of go-lang-plugin-org/go-lang-idea-plugin.
#[test]
fn goland_finds_a_whole_goroot_that_moves_or_stays() {
    let ground = Ground::new();
    says("`ROOT/current` follows `gvm use`; `ROOT/versions/go1.22.12` stays");
    let version = |name: &str| {
        let goroot = ground.root().join(name);
        assert!(goroot.join("bin/go").is_file() && goroot.join("src/fmt").is_dir(), "{name}");
        fs::read_to_string(goroot.join("VERSION")).unwrap().lines().next().unwrap().to_owned()
    };

    assert_eq!([version("current"), version("versions/go1.22.4")], ["go1.22.4", "go1.22.4"]);
    let _ = ground.gvm("use").arg(PINNED).ok();
    assert_eq!([version("current"), version("versions/go1.22.4")], ["go1.21.13", "go1.22.4"]);
}

#[test]
fn direnv_pins_for_its_folder() {
    let Some(direnv) = program("/usr/bin/direnv") else { return };
    let ground = Ground::new();
    let folder = ground.home().join("src/other");
    put(&folder.join(".envrc"), &snippet("direnv", "sh"));
    let (path, home) = (ground.path(), ground.home());
    let vars = [("PATH", path.as_str()), ("HOME", home.to_str().unwrap())];

    ground.run(&folder, &vars, &[direnv, "allow", "."]);
    let story = "eval \"$(direnv hook bash)\"; go version; cd src/other; _direnv_hook; go version";
    let said = ground.run(home, &vars, &["/bin/bash", "-c", story]);
    let said: Vec<_> = said.lines().filter(|line| line.starts_with("go")).collect();
    assert_eq!(said, [format!("go{DEFAULT}: version"), format!("go{PINNED}: version")]);
}

#[test]
fn make_and_scripts_start_the_version_of_the_folder_or_the_one_that_is_named() {
    let Some(_) = program("/usr/bin/make") else { return };
    let ground = Ground::new();
    let project = ground.project();
    put(&project.join("Makefile"), "all:\n\t@go version\n");
    script(&project.join("build.sh"), "#!/bin/sh\ngo build\n");
    fs::write(project.join(".go-version"), DEFAULT).unwrap();
    let (path, root) = (format!("{}:/usr/bin:/bin", bin()), ground.root());
    let vars = [("PATH", path.as_str()), ("GVM_DIR", root.to_str().unwrap()), ("HOME", "/none")];

    let said = snippet("make and scripts", "sh");
    let said: Vec<_> =
        said.lines().map(|line| ground.run(&project, &vars, &["/bin/sh", "-c", line])).collect();
    assert_eq!(said, [format!("go{DEFAULT}: version"), format!("go{PINNED}: build")]);
}

#[test]
fn a_makefile_that_sets_path_is_overruled_on_the_command_line() {
    let Some(_) = program("/usr/bin/make") else { return };
    let ground = Ground::new();
    says("`make PATH=\"$PATH\"`");
    let other = ground.home().join("other");
    script(&other.join("go"), "#!/bin/sh\necho another go\n");
    let makefile = format!("export PATH := {}:$(PATH)\nall:\n\t@go version\n", other.display());
    put(&ground.project().join("Makefile"), &makefile);
    let path = ground.path();

    let make = |line| ground.run(&ground.project(), &[("PATH", &path)], &["/bin/sh", "-c", line]);
    assert_eq!(make("make"), "another go");
    assert_eq!(make("make PATH=\"$PATH\""), format!("go{PINNED}: version"));
}
