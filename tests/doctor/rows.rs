//! [`Row`]: one way to break the go command's settings, what each measured release makes of it, and what the doctor says.

use crate::ground::{FOUR, Ground, kept_goroot};

/// A row of the table.
pub struct Row {
    /// What is set, as people would say.
    pub name: &'static str,
    /// Lines of shell that break it. `$SELF` is the GOROOT, `$OTHER` another release's.
    pub set: &'static str,
    /// A go/env file.
    pub file: &'static str,
    /// What the go command is then asked; it fails where an error is found, and works elsewhere. Nothing: it is not asked.
    pub go: &'static str,
    /// What it is asked after the cure; nothing: the same.
    pub after: &'static str,
    /// For each of the four releases the number found, with `w:` before a warning and `n:` before a note; empty: nothing.
    pub found: [&'static str; 4],
}

/// Plays all rows with a release, one after the other in one place; gives how many there were.
pub fn play(rows: &[Row], version: &str) -> usize {
    let Some(ground) = Ground::on_path(version) else { return 0 };
    let at = FOUR.iter().position(|one| *one == version).unwrap();
    let other = if version == "1.22.10" { "1.24.13" } else { "1.22.10" };
    let ground = ground
        .set("SELF", kept_goroot(version).to_str().unwrap())
        .set("OTHER", kept_goroot(other).to_str().unwrap());
    for row in rows {
        ground.settle();
        if !row.file.is_empty() {
            let file = row.file.replace("$OTHER", kept_goroot(other).to_str().unwrap());
            ground.put("home/config/go/env", file);
        }
        one(&ground, row, &format!("{} with {version}", row.name), row.found[at]);
    }
    rows.len()
}

fn one(ground: &Ground, row: &Row, name: &str, found: &str) {
    let (severity, id) = match found.split_once(':') {
        Some(("w", id)) => ("warning", id),
        Some((_, id)) => ("note", id),
        None => ("error", found),
    };
    let is_broken = severity == "error" && !id.is_empty();
    if !row.go.is_empty() {
        let went = ground.shell(&format!("{}\n{}", row.set, row.go));
        assert_eq!(!went.ended_with(0), is_broken, "{name}: go itself: {went}");
    }
    let findings = ground.findings(row.set);
    let errors = findings.of("error");
    if !is_broken {
        assert!(errors.is_empty(), "{name}: a false alarm: {:#?}", findings.0);
    }
    if id.is_empty() {
        return findings.none(name);
    }
    assert!(findings.of(severity).contains(&id), "{name}: no {severity} {id}: {:#?}", findings.0);
    if !row.file.is_empty() {
        let finding = findings.need(id);
        assert!(
            finding["file"].as_str().is_some_and(|file| file.ends_with("go/env")),
            "{name}: {finding}"
        );
        assert!(finding["line"].is_u64(), "{name}: {finding}");
    }
    let mended = format!("{}\n{}", row.set, findings.fix(id));
    let after = if row.after.is_empty() { row.go } else { row.after };
    let _ = ground.shell(&format!("{mended}\n{after}")).code_of(name, 0);
    // `sed` has mended the file by now: a second time it finds nothing to do.
    let left = ground.findings(&mended);
    assert!(left.get(id).is_none(), "{name}: still there after its cure: {:#?}", left.0);
}
