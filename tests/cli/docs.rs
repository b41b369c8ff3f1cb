//! The commands shown in the documents, run as a reader would type them, over real Go and a loopback site.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use gvm_core::target::Target;

use crate::env::TestEnv;
use crate::site::Site;
use crate::stock::{skip, stock};
use crate::transcript;

/// Runs all transcripts of a document in one empty environment, in their order.
fn holds(document: &str) {
    if Target::host().to_string() != "linux/amd64" {
        return skip("the documents show what linux/amd64 prints");
    }
    let Some(stock) = stock() else { return };
    let site = Site::stock(stock);
    let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy").set("PATH", path());
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let text = fs::read_to_string(text).unwrap();
    match transcript::check(&text, |line| typed(&env, line)) {
        Ok(count) => assert!(count > 4, "{document} shows {count} commands only"),
        Err(mismatch) => panic!("{document}: {mismatch}"),
    }
}

/// gvm, and what a shell needs; no go and no shims.
fn path() -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_gvm"));
    format!("{}:/usr/bin:/bin", program.parent().unwrap().display())
}

/// What a terminal would show after this line: both streams as they come.
fn typed(env: &TestEnv, line: &str) -> String {
    let (mut shown, end) = std::io::pipe().unwrap();
    let mut child = None;
    // The command holds the pipe's end until it is dropped: only then is there an end to read to.
    let both = |command: &mut Command| {
        command.stdout(end.try_clone().unwrap()).stderr(end);
        child = Some(command.spawn().unwrap());
    };
    drop(env.call("sh", "-c").arg(line).with(both));
    let mut text = String::new();
    shown.read_to_string(&mut text).unwrap();
    child.unwrap().wait().unwrap();
    text
}

#[test]
fn the_readme_shows_what_happens() {
    holds("README.md");
}

#[test]
fn the_guide_shows_what_happens() {
    holds("docs/guide.md");
}

#[test]
fn the_page_about_the_rule_shows_what_happens() {
    holds("docs/which-go.md");
}

#[test]
fn the_page_about_binaries_shows_what_happens() {
    holds("docs/inspect.md");
}

#[test]
fn the_page_about_changes_shows_what_happens() {
    holds("docs/audit.md");
}

#[test]
fn the_page_about_the_doctor_shows_what_happens() {
    holds("docs/doctor.md");
}
