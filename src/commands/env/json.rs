//! Variables for scripts: the `data` of `docs/schema/env.json`.

use gvm_core::goenv::{Setting, Source};
use serde_json::{Value, json};

use super::{Manner, Shown, Told};
use crate::commands::doctor::finding;
use crate::doctor::surroundings::text;
use crate::doctor::variables::Origin;

pub(super) fn of(shown: &Shown) -> Value {
    let variables: Vec<Value> = shown.variables.iter().map(variable).collect();
    let mut data = json!({
        "go": { "version": shown.go, "path": shown.goroot },
        "variables": variables,
    });
    if matches!(shown.manner, Manner::Compared) {
        let others: Vec<Value> = shown
            .others
            .iter()
            .map(|other| {
                json!({
                    "name": other.name, "here": other.here, "login": other.login,
                    "empty": other.empty, "cron": other.cron, "sudo": other.sudo,
                })
            })
            .collect();
        data["compare"] = Value::from(others);
    }
    data
}

fn variable(told: &Told) -> Value {
    let shadows: Vec<Value> = told.variable.shadows.iter().map(shadow).collect();
    let findings: Vec<Value> = told.findings.iter().map(finding).collect();
    json!({
        "name": told.variable.name,
        "value": text(&told.variable.value),
        "origin": origin(&told.variable.origin),
        "shadows": shadows,
        "findings": findings,
    })
}

fn shadow(setting: &Setting) -> Value {
    json!({ "value": text(&setting.value), "origin": source(&setting.source) })
}

fn origin(origin: &Origin) -> Value {
    match origin {
        Origin::Set(from) => source(from),
        Origin::Gvm(why) => json!({ "kind": "gvm", "file": null, "line": null, "why": why }),
        Origin::Default => json!({ "kind": "default", "file": null, "line": null }),
        Origin::Computed(how) => {
            json!({ "kind": "computed", "file": null, "line": null, "why": how })
        }
    }
}

fn source(source: &Source) -> Value {
    match source {
        Source::Process => json!({ "kind": "process", "file": null, "line": null }),
        Source::File { path, line } => {
            let kind = if path.ends_with(b"go.env") { "go.env" } else { "go/env" };
            json!({ "kind": kind, "file": text(path), "line": line })
        }
    }
}
