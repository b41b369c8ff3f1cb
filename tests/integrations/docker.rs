//! The Dockerfile, line by line, without a daemon: each instruction does what Docker's reference says of it, in a root of
//! its own in a mount namespace. The base image is this machine's own `/usr`, read-only, without `/usr/local`; apt is
//! noted and not run.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::page::snippet;
use crate::stage::mint::Mint;
use crate::stage::site::Site;
use crate::stage::stock::{NEWER, skip_image, stock};

/// The instructions, as functions of sh that take the rest of their line.
const INSTRUCTIONS: &str = r#"
set -eu
mount -t tmpfs tmpfs "$TOP"
USUAL=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
FROM() {
    W=/ P=$USUAL V=
    case $1 in
    'debian:12 AS '*) R=$TOP/${1##* } && base ;;
    scratch) R=$TOP/image && mkdir "$R" ;;
    *) echo "no such image: $1" >&2 && exit 1 ;;
    esac
}
base() {
    mkdir -p "$R/usr" "$R/etc" "$R/dev" "$R/proc" "$R/root" "$R/opt"
    mkdir -m 1777 "$R/tmp"
    cp -P /bin /lib* /sbin "$R"
    cp -a /etc/passwd /etc/group /etc/ssl "$R/etc"
    mount --bind /usr "$R/usr" && mount -o remount,ro,bind "$R/usr"
    mount -t tmpfs tmpfs "$R/usr/local" && mkdir "$R/usr/local/bin" "$R/usr/local/sbin"
    mount --bind /dev "$R/dev" && mount --bind /proc "$R/proc"
    printf '#!/bin/sh\necho "apt-get $*" >>/apt\n' >"$R/usr/local/sbin/apt-get"
    chmod 755 "$R/usr/local/sbin/apt-get"
}
ENV() {
    for pair in $1; do
        pair=$(printf %s "$pair" | sed "s#\$PATH#$P#")
        case $pair in PATH=*) P=${pair#PATH=} ;; *) V="$V $pair" ;; esac
    done
}
WORKDIR() { W=$1 && mkdir -p "$R$W"; }
COPY() {
    from=$CONTEXT/
    case $1 in --from=*) from=${1#--from=} && from=$TOP/${from%% *} && set -- "${1#* }" ;; esac
    to=${1#* }
    case $to in /*) ;; *) to=$W/$to ;; esac
    cp -R "$from${1% *}" "$R$to"
}
RUN() {
    case $1 in
    --mount=type=cache,target=*)
        kept=${1#*target=} && kept=$R${kept%% *} && mkdir -p "$kept" "$TOP/kept"
        mount --bind "$TOP/kept" "$kept" && inside "${1#* }" && umount "$kept"
        ;;
    *) inside "$1" ;;
    esac
}
inside() { chroot "$R" /usr/bin/env -i PATH="$P" HOME=/root $V $PASSED /bin/sh -c "cd $W && $1" >&2; }
ENTRYPOINT() { entry=$(printf %s "$1" | tr -d '[]"'); }
"#;

/// A program that tells by which Go it was built.
const MAIN: &str =
    "package main\n\nimport \"runtime\"\n\nfunc main() { println(runtime.Version()) }\n";

#[test]
fn the_dockerfile_ships_a_program_and_no_go() {
    let Some(stock) = stock() else { return };
    let (site, context) = (Site::stock(stock), context(NEWER));
    let end = "echo \"ships: $(cd \"$R\" && find . -type f)\"
        echo \"says: $(chroot \"$R\" \"$entry\" 2>&1)\"
        cat \"$TOP/build/apt\"\n";
    let Some(told) = built(&site, context.path(), &snippet("Docker", "dockerfile"), end) else {
        return;
    };
    let said = format!(
        "ships: ./app\nsays: go{NEWER}\napt-get update\n\
         apt-get install -y --no-install-recommends ca-certificates\n"
    );
    assert_eq!(told, said);
}

#[test]
fn a_cache_of_the_build_keeps_archives_when_the_pin_changes() {
    let (site, context) = (Site::mint(Mint::new(&["1.22.4"])), context("1.22.4"));
    let dockerfile = snippet("Docker", "dockerfile");
    let before = dockerfile.split("RUN gvm install").next().unwrap();
    let build = format!("{before}{}", snippet("Docker", "text"));
    let twice = format!("{build}{}", build.replace("AS build", "AS other"));
    let end = "ls \"$TOP/build/opt/gvm/versions\" \"$TOP/other/opt/gvm/versions\" | grep go\n";
    let Some(told) = built(&site, context.path(), &twice, end) else { return };
    assert_eq!(told, "go1.22.4\ngo1.22.4\n");
    assert_eq!(site.count(".zip"), 1, "the second build has the archive");
}

/// A folder with gvm, a program, and its pin.
fn context(version: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    put(".go-version", &format!("{version}\n"));
    put("go.mod", "module app\n\ngo 1.21\n");
    put("main.go", MAIN);
    fs::copy(env!("CARGO_BIN_EXE_gvm"), folder.path().join("gvm")).unwrap();
    folder
}

/// What is printed after the instructions are done.
fn built(site: &Site, context: &Path, dockerfile: &str, end: &str) -> Option<String> {
    if !rustix::process::geteuid().is_root() {
        skip_image("only root can have a root of its own");
        return None;
    }
    let top = tempfile::tempdir().unwrap();
    let gosumdb = site.gosumdb().unwrap_or_else(|| "sum.golang.org".into());
    let passed = format!(
        "GOPROXY={} GVM_GODEV={} GOSUMDB={gosumdb} GOTELEMETRY=off",
        site.proxy(),
        site.godev()
    );
    let script = format!("{INSTRUCTIONS}{}{end}", calls(dockerfile));
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "sh", "-c", &script]).env_clear();
    command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("TOP", top.path());
    let output = command.env("CONTEXT", context).env("PASSED", passed).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Each instruction as a call of its function.
fn calls(dockerfile: &str) -> String {
    let mut calls = String::new();
    for line in dockerfile.lines().filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap();
        assert!(!rest.ends_with('\\') && !rest.contains('\''), "this cannot be read here: {line}");
        calls += &format!("{word} '{rest}'\n");
    }
    calls
}
