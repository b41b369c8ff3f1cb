//! The table of docs/exit-codes.md, held to the code's own.

use gvm::failure::Kind;

const DOCUMENT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/exit-codes.md"));

#[test]
fn the_table_of_exit_codes_is_the_codes_own() {
    let row = |line: &'static str| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let code: u8 = cells.next()?.parse().ok()?;
        Some((code, cells.next()?.strip_prefix('`')?.strip_suffix('`')?))
    };
    let documented: Vec<(u8, &str)> = DOCUMENT.lines().filter_map(row).collect();
    assert_eq!(documented, Kind::ALL.map(|kind| (kind.code(), kind.word())));
}
