//! Who asked for a version, as commands show it.

use gvm_core::path;
use gvm_core::request::Origin;
use gvm_core::vars;
use serde_json::{Value, json};

use crate::platform;

/// As in `current`: `.go-version, /src/app/.go-version:1`.
pub(super) fn text(origin: &Origin) -> String {
    harmless(&raw(origin))
}

fn raw(origin: &Origin) -> String {
    match origin {
        Origin::Argument | Origin::Name => "argument".into(),
        Origin::Variable(name) => (*name).into(),
        Origin::GoEnv { path: file, line } => {
            format!("GOTOOLCHAIN, {}:{line}", platform::path(file).display())
        }
        Origin::PinFile { path: file, line } | Origin::Module { path: file, line, .. } => {
            let name = platform::path(path::file_name(file)).display().to_string();
            format!("{name}, {}:{line}", platform::path(file).display())
        }
        Origin::Default => "default".into(),
        Origin::System => "system".into(),
    }
}

/// Without what a terminal would follow: the folders of a repository are named by whoever made it.
pub(super) fn harmless(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        if c.is_control() { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

/// As in every document. A variable has no file, and a name.
pub(super) fn json(origin: &Origin) -> Value {
    match origin {
        Origin::Argument | Origin::Name => {
            json!({ "kind": "argument", "file": null, "line": null })
        }
        Origin::Variable(name) => {
            json!({ "kind": "variable", "file": null, "line": null, "name": name })
        }
        Origin::GoEnv { path, line } => {
            let file = platform::path(path).display().to_string();
            json!({ "kind": "variable", "file": file, "line": line, "name": vars::GOTOOLCHAIN })
        }
        Origin::PinFile { path, line } => in_file("pin-file", path, *line),
        Origin::Module { path, line, is_work } => {
            in_file(if *is_work { "go.work" } else { "go.mod" }, path, *line)
        }
        Origin::Default => json!({ "kind": "default", "file": null, "line": null }),
        Origin::System => json!({ "kind": "system", "file": null, "line": null }),
    }
}

fn in_file(kind: &str, path: &[u8], line: u32) -> Value {
    let file = platform::path(path).display().to_string();
    json!({ "kind": kind, "file": file, "line": line })
}
