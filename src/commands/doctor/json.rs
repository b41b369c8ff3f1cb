//! A report for scripts: the `data` of `docs/schema/doctor.json`.

use serde_json::{Value, json};

use super::Examined;
use crate::doctor::surroundings::text;
use crate::doctor::{Finding, Launch};

pub(super) fn of(examined: &Examined) -> Value {
    let launches: Vec<Value> = examined.report.launches.iter().map(launch).collect();
    let findings: Vec<Value> = examined.report.findings.iter().map(finding).collect();
    let mended: Vec<Value> = examined.mended.iter().map(finding).collect();
    let subject = examined.subject.as_ref();
    json!({
        "go": subject.map(|seen| json!({ "version": seen.version, "path": seen.goroot })),
        "launches": launches,
        "findings": findings,
        "mended": mended,
    })
}

fn launch(launch: &Launch) -> Value {
    json!({ "who": launch.who, "go": launch.go.as_deref().map(text), "why": launch.why })
}

/// A finding, as every document has it.
pub(in crate::commands) fn finding(finding: &Finding) -> Value {
    let place = finding.place.as_ref();
    json!({
        "id": finding.id.to_string(),
        "severity": finding.severity.word(),
        "what": finding.what,
        "why": finding.why,
        "file": place.map(|place| text(&place.file)),
        "line": place.and_then(|place| place.line),
        "fix": finding.fix,
    })
}
