//! `docs/doctor.md` explains each finding that there is, by its title, and no other.

use std::fs;
use std::path::Path;

use gvm::doctor::finding::ALL;

#[test]
fn each_finding_is_explained_and_no_other() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/doctor.md");
    let document = fs::read_to_string(document).unwrap();
    let rows: Vec<Vec<&str>> = document
        .lines()
        .filter(|line| line.starts_with("| GVM-E"))
        .map(|line| line.splitn(4, '|').map(str::trim).collect())
        .collect();
    let explained: Vec<(String, &str)> =
        rows.iter().map(|row| (row[1].to_owned(), row[2])).collect();
    let known: Vec<(String, &str)> =
        ALL.iter().map(|(id, title)| (id.to_string(), *title)).collect();
    assert_eq!(explained, known);
    assert!(rows.iter().all(|row| row[3].len() > 20), "one is not explained");
}
