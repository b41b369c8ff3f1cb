//! Gives the shim for Windows its manifest: paths longer than 260 characters, and text that is UTF-8.

#![allow(clippy::disallowed_methods, reason = "a build script is told things by variables")]

use embed_manifest::manifest::Setting;
use embed_manifest::{embed_manifest, new_manifest};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_CFG_WINDOWS").is_some() {
        let manifest = new_manifest("gvm.shim").long_path_aware(Setting::Enabled);
        embed_manifest(manifest).expect("cargo gives a folder to write to");
    }
}
