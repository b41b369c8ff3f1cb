//! Builds the shim for the same target, with its own small profile, so that `gvm` is one file to hand around: the
//! command embeds the bytes and lays them out as `ROOT/shims/go` and `gofmt`. Who packages gvm, or builds its standard
//! library too, builds the shim beforehand and names the file in `GVM_SHIM_PREBUILT`.

#![allow(clippy::disallowed_methods, reason = "a build script is told things by variables")]

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use embed_manifest::manifest::Setting;
use embed_manifest::{embed_manifest, new_manifest};

/// The variable that names a shim for the same target and of the same sources.
const PREBUILT: &str = "GVM_SHIM_PREBUILT";

fn main() {
    for path in ["build.rs", "Cargo.toml", "Cargo.lock", "core", "shims"] {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rerun-if-env-changed={PREBUILT}");
    if env::var_os("CARGO_CFG_WINDOWS").is_some() {
        // Paths longer than 260 characters, and text that is UTF-8.
        let manifest = new_manifest("gvm").long_path_aware(Setting::Enabled);
        embed_manifest(manifest).expect("cargo gives a folder to write to");
    }
    let out = PathBuf::from(variable("OUT_DIR"));
    let shim = match env::var_os(PREBUILT).filter(|path| !path.is_empty()) {
        Some(path) => Shim { program: prebuilt(&PathBuf::from(path)), chooser: None },
        None => build(&out, &text("TARGET")),
    };
    let chooser = shim.chooser.unwrap_or_else(|| nothing(&out));
    println!("cargo::rustc-env=GVM_SHIM_PATH={}", shim.program.display());
    println!("cargo::rustc-env=GVM_CHOOSER_PATH={}", chooser.display());
}

/// The files that the command embeds.
struct Shim {
    /// The program that goes on PATH.
    program: PathBuf,
    /// What it loads where a plain pin does not settle the question; None where it is all in one.
    chooser: Option<PathBuf>,
}

/// The shim that was built beforehand, rebuilt into the command whenever it changes. It is all in one.
fn prebuilt(path: &Path) -> PathBuf {
    println!("cargo::rerun-if-changed={}", path.display());
    let found = path.canonicalize().ok().filter(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{PREBUILT} names {}, which is no file", path.display()))
}

/// Builds the shim below `out` and says where it stands.
fn build(out: &Path, target: &str) -> Shim {
    let folder = out.join("shim");
    let flags = flags(target);
    let mut cargo = Command::new(variable("CARGO"));
    cargo.args(["build", "--package", "gvm-shim", "--bin", "gvm-shim"]);
    if !flags.is_empty() {
        cargo.args(["--bin", "gvm-front", "--features", "front"]);
    }
    cargo.args(["--profile", "shim", "--locked", "--target", target, "--target-dir"]).arg(&folder);
    for (name, _) in env::vars_os().filter(|(name, _)| disturbs(&name.to_string_lossy())) {
        cargo.env_remove(name);
    }
    cargo.env("CARGO_BUILD_BUILD_DIR", &folder).env("CARGO_ENCODED_RUSTFLAGS", &flags);
    let status = cargo.status().expect("cargo, which runs this, can be started");
    assert!(status.success(), "the shim does not build");
    let suffix = if target.contains("windows") { ".exe" } else { "" };
    let program = |name: &str| folder.join(target).join("shim").join(format!("{name}{suffix}"));
    if flags.is_empty() {
        return Shim { program: program("gvm-shim"), chooser: None };
    }
    Shim { program: program("gvm-front"), chooser: Some(program("gvm-shim")) }
}

/// An empty file.
fn nothing(out: &Path) -> PathBuf {
    let path = out.join("no-chooser");
    fs::write(&path, "").expect("cargo gives a folder to write to");
    path
}

/// The flags for the shim: on the systems that `shims/src/raw` knows, a static program that brings all it needs itself.
fn flags(target: &str) -> String {
    // Unit Separator stands between flags, as cargo wants it.
    const BETWEEN: &str = "\x1f";
    const FREESTANDING: [&str; 8] = [
        "--cfg=freestanding",
        "-Crelocation-model=static",
        "-Clink-arg=-nostartfiles",
        "-Clink-arg=-nostdlib",
        "-Clink-arg=-static",
        "-Clink-arg=-no-pie",
        "-Clink-arg=-Wl,--build-id=none,--gc-sections,-z,norelro",
        "-Clink-arg=-T",
    ];
    let is_known = ["x86_64-", "aarch64-"].iter().any(|start| target.starts_with(start));
    let script = PathBuf::from(text("CARGO_MANIFEST_DIR")).join("shims/src/raw/link.ld");
    let script = ["-Clink-arg=", script.to_str().expect("cargo builds below paths that are text")];
    let mut flags = [FREESTANDING.join(BETWEEN), script.concat()].join(BETWEEN);
    if is_known && target.ends_with("-linux-musl") {
        // Its target brings start files along, which would be linked in.
        flags += &[BETWEEN, "-Clink-self-contained=no"].concat();
    } else if !is_known || !target.ends_with("-linux-gnu") {
        flags.clear();
    }
    flags
}

/// Whether a variable of the outer build would change the inner one.
fn disturbs(name: &str) -> bool {
    const NAMES: [&str; 5] = [
        "CARGO_BUILD_BUILD_DIR",
        "CARGO_BUILD_TARGET",
        "CARGO_BUILD_TARGET_DIR",
        "CARGO_TARGET_DIR",
        "RUSTC_WORKSPACE_WRAPPER",
    ];
    name.ends_with("RUSTFLAGS")
        || name.ends_with("RUSTDOCFLAGS")
        || ["CARGO_PROFILE_", "CARGO_FEATURE_", "CARGO_CFG_"]
            .iter()
            .any(|start| name.starts_with(start))
        || NAMES.contains(&name)
}

fn variable(name: &str) -> OsString {
    env::var_os(name).expect("cargo sets it for build scripts")
}

fn text(name: &str) -> String {
    variable(name).into_string().expect("cargo's own values are text")
}
