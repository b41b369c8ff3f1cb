//! Who asked for a version, as commands show it.

use gvm_core::path;
use gvm_core::request::Origin;
use serde_json::{Value, json};

use crate::platform;

/// As in `current`: `.go-version, /src/app/.go-version:1`.
pub(super) fn text(origin: &Origin) -> String {
    match origin {
        Origin::Argument => "argument".into(),
        Origin::Variable(name) => (*name).into(),
        Origin::PinFile { path: file, line } => {
            let name = platform::path(path::file_name(file)).display().to_string();
            format!("{name}, {}:{line}", platform::path(file).display())
        }
        Origin::Default => "default".into(),
        Origin::System => "system".into(),
    }
}

/// As in every document. A variable has no file, and a name.
pub(super) fn json(origin: &Origin) -> Value {
    match origin {
        Origin::Argument => json!({ "kind": "argument", "file": null, "line": null }),
        Origin::Variable(name) => {
            json!({ "kind": "variable", "file": null, "line": null, "name": name })
        }
        Origin::PinFile { path, line } => {
            let file = platform::path(path).display().to_string();
            json!({ "kind": "pin-file", "file": file, "line": line })
        }
        Origin::Default => json!({ "kind": "default", "file": null, "line": null }),
        Origin::System => json!({ "kind": "system", "file": null, "line": null }),
    }
}
