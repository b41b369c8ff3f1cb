//! A machine without a C compiler: what the go command makes of it, and that each cure brings it round. The package
//! manager is asked what it would do, and a stand-in does it: the machine stays as it is.

use std::os::unix::fs::symlink;
use std::path::Path;

use crate::ground::{Ground, kept_goroot};
use crate::hijacked::program;
use crate::stage::stock::skip;

const WITH_C: &str = "package main\n\n// int two(void) { return 2; }\nimport \"C\"\n\nfunc main() { println(C.two()) }\n";

/// A release on PATH, and of the system's programs those that the lines of these tests need.
fn ground(version: &str) -> Option<Ground> {
    if !Path::new("/usr/bin/gcc").exists() {
        skip("there is no gcc");
        return None;
    }
    let ground = Ground::on_path(version)?;
    for name in ["sh", "ln", "env"] {
        symlink(Path::new("/usr/bin").join(name), ground.bin().join(name)).unwrap();
    }
    // What a package of that name brings with it.
    let install = "#!/bin/sh\n[ \"$*\" = 'install gcc' ] || exit 100\nfor name in gcc as ld; do ln -s /usr/bin/$name \"${0%/*}\"; done\n";
    program(&ground.bin().join("apt-get"), install.as_bytes());
    let bin = kept_goroot(version).join("bin");
    let path = format!("{}:{}", bin.display(), ground.bin().display());
    Some(ground.set("PATH", &path))
}

#[test]
fn a_package_with_c_builds_once_the_compiler_is_installed() {
    for version in ["1.13.15", "1.22.10"] {
        for (set, id) in [("unset CGO_ENABLED", "E502"), ("export CGO_ENABLED=1", "E501")] {
            let Some(ground) = ground(version) else { return };
            let (row, file) = (format!("{set} with {version}"), ground.write("main.go", WITH_C));
            assert!(!ground.shell(&format!("{set}\ngo build -o x .")).ended_with(0), "{row}");
            let findings = ground.findings(set);
            assert_eq!(findings.of("error"), [id], "{row}");
            assert_eq!(findings.need(id)["file"], file.to_str().unwrap(), "{row}");
            let fix = findings.fix(id);
            let told = ground.shell(&format!("{set}\n{fix} && go build -o x . && ./x"));
            assert_eq!(told.code_of(&row, 0).stderr, "2\n", "{row}");
            ground.findings(set).none(&row);
            // The real one takes the same words.
            if Path::new("/usr/bin/apt-get").exists() {
                let would = fix.replace("apt-get", "/usr/bin/apt-get --simulate");
                let _ = ground.shell(&would).code_of(&would, 0);
            }
        }
    }
}

/// Nothing here is written in C but what the library has for it.
#[test]
fn a_program_that_only_uses_the_network_builds_without_cgo() {
    let Some(ground) = ground("1.22.10") else { return };
    ground.write(
        "main.go",
        "package main\n\nimport \"net\"\n\nfunc main() { println(net.FlagUp) }\n",
    );
    let set = "export CGO_ENABLED=1";
    assert!(!ground.shell(&format!("{set}\ngo build -o x .")).ended_with(0));
    let findings = ground.findings(set);
    assert_eq!(
        (findings.of("error"), findings.fix("E501")),
        (vec!["E501"], "unset CGO_ENABLED".into())
    );
    let mended = format!("{set}\n{}", findings.fix("E501"));
    let _ = ground.shell(&format!("{mended}\ngo build -o x .")).code(0);
    ground.findings(&mended).none("cgo is left to the go command");
}
