//! An explanation for scripts: the `data` of `docs/schema/explain.json`.

use gvm_core::explain::Candidate;
use serde_json::{Map, Value, json};

use super::{Explained, Said};
use crate::commands::origin;
use crate::platform;

pub(super) fn of(explained: &Explained) -> Value {
    let choice = explained.choice.as_ref();
    let candidates: Vec<Value> = explained.explanation.candidates.iter().map(candidate).collect();
    let mut set = Map::new();
    let mut unset = Vec::new();
    for change in &explained.explanation.changes {
        match &change.value {
            Some(value) => {
                let value = platform::path(value).display().to_string();
                set.insert(change.name.to_owned(), Value::String(value));
            }
            None => unset.push(change.name),
        }
    }
    let failure = explained
        .failure
        .iter()
        .map(|it| json!({ "kind": it.kind.word(), "message": it.message, "hint": it.hint }));
    let warnings: Vec<Value> = failure.chain(explained.warnings.iter().map(warning)).collect();
    let mut data = json!({
        "choice": choice.map(|(version, path)| json!({ "version": version, "path": path })),
        "candidates": candidates,
        "child": { "set": set, "unset": unset },
        "warnings": warnings,
    });
    if let Some(go) = &explained.go {
        data["go"] = json!({ "version": go.version, "agrees": go.agrees, "trace": go.trace });
    }
    data
}

/// The line of a file that counts as a whole is none.
fn candidate(candidate: &Candidate) -> Value {
    let mut origin = origin::json(&candidate.origin);
    if origin["line"] == 0 {
        origin["line"] = Value::Null;
    }
    json!({
        "origin": origin,
        "spec": candidate.spec,
        "outcome": candidate.outcome.word(),
        "reason": candidate.reason,
    })
}

fn warning(said: &Said) -> Value {
    json!({ "kind": said.kind, "message": said.message, "hint": said.hint })
}
