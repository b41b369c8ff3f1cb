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

/// As in every document.
pub(super) fn json(origin: &Origin) -> Value {
    let (kind, file, line) = match origin {
        Origin::Argument => ("argument", None, None),
        Origin::Variable(name) => ("variable", Some((*name).to_owned()), None),
        Origin::PinFile { path, line } => {
            ("pin-file", Some(platform::path(path).display().to_string()), Some(*line))
        }
        Origin::Default => ("default", None, None),
        Origin::System => ("system", None, None),
    };
    json!({ "kind": kind, "file": file, "line": line })
}
