//! Holds the tree to the shape that `ARCHITECTURE.md` draws: layers, file heads, sizes, names, and where `unsafe` may
//! stand. The table of modules is read from that document, so that the two cannot part. What the code does is not
//! looked at here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const FOLDERS: [&str; 4] = ["core/src", "shims/src", "src", "tests"];
const HOMES_OF_UNSAFE: [&str; 2] = ["shims/src", "src/platform"];
const DRAWERS: [&str; 7] = ["common", "helper", "helpers", "misc", "shared", "util", "utils"];
const LONGEST: usize = 500;

#[test]
fn a_module_imports_only_from_layers_below_its_own() {
    let layers = layers();
    let files = sources();
    let tests = test_files(&files);
    for (path, text) in files.iter().filter(|(path, _)| !tests.contains(*path)) {
        let Some(module) = module(path).filter(|module| module != "lib") else { continue };
        let Some(own) = layers.get(&module) else { continue };
        for other in imports(path, text).iter().filter(|other| **other != module) {
            let Some(layer) = layers.get(other) else { continue };
            let path = path.display();
            assert!(layer < own, "{path}: {module} ({own}) imports {other} ({layer})");
        }
    }
}

#[test]
fn the_table_of_modules_names_them_all_and_no_other() {
    let files = sources();
    let found: BTreeSet<_> = files.keys().filter_map(|path| module(path)).collect();
    let listed: BTreeSet<_> = layers().into_keys().collect();
    assert_eq!(found, listed, "left: modules of src, right: the table of ARCHITECTURE.md");
}

#[test]
fn a_file_says_first_what_lives_there_and_is_short() {
    let files = sources();
    let tests = test_files(&files);
    for (path, text) in &files {
        let shown = path.display();
        assert!(text.starts_with("//! "), "{shown}: the first line is no `//!` line");
        let lines = if tests.contains(path) { 0 } else { without_tests(text).0.len() };
        assert!(lines <= LONGEST, "{shown}: {lines} lines, more than {LONGEST}");
    }
}

#[test]
fn no_module_is_a_drawer() {
    for path in sources().keys() {
        let stem = path.with_extension("");
        let drawer = stem.iter().find(|part| DRAWERS.iter().any(|drawer| part == drawer));
        assert_eq!(drawer, None, "{}: name it after what it holds", path.display());
    }
}

#[test]
fn every_file_of_tests_is_compiled() {
    let files = sources();
    let maps: Vec<_> = files.iter().filter(|(path, _)| is_map_of_tests(path)).collect();
    assert!(maps.len() > 2, "these were found: {maps:?}");
    for (map, text) in maps {
        let beside = files.keys().filter(|path| path.parent() == map.parent() && *path != map);
        for path in beside {
            let name = path.file_stem().and_then(|stem| stem.to_str()).expect("it has a name");
            let is_listed = text.contains(&format!("mod {name};\n"));
            assert!(is_listed, "{} is not in {}", path.display(), map.display());
        }
    }
}

/// Whether a file lists all others of its folder, as `tests/cli/main.rs` does.
fn is_map_of_tests(path: &Path) -> bool {
    path.starts_with("tests") && (path.ends_with("main.rs") || path.ends_with("stage/mod.rs"))
}

#[test]
fn unsafe_stands_in_its_homes_only() {
    for (path, text) in sources() {
        if HOMES_OF_UNSAFE.iter().any(|home| path.starts_with(home)) {
            continue;
        }
        for (line, number) in text.lines().zip(1..) {
            assert!(!is_unsafe(code(line)), "{}:{number}: unsafe", path.display());
        }
    }
}

/// The layer of each module of src: the rows of the document's table that begin with a number.
fn layers() -> BTreeMap<String, u32> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the document is there");
    let mut layers = BTreeMap::new();
    for row in text.lines() {
        let mut cells = row.split('|').skip(1).map(str::trim);
        let Some(layer) = cells.next().and_then(|cell| cell.parse().ok()) else { continue };
        let names = cells.next().unwrap_or_default().split('`').skip(1).step_by(2);
        layers.extend(names.map(|name| (name.to_owned(), layer)));
    }
    layers
}

/// Every source file below the folders, by its path from the root.
fn sources() -> BTreeMap<PathBuf, String> {
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(|folder| root().join(folder)).collect();
    let mut files = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("sources are UTF-8");
                let path = path.strip_prefix(root()).expect("it is below the root");
                files.insert(path.to_owned(), text);
            }
        }
    }
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The top module of the command that a file belongs to.
fn module(path: &Path) -> Option<String> {
    let below = path.strip_prefix("src").ok()?;
    Some(below.with_extension("").iter().next()?.to_str()?.to_owned())
}

/// The files that only tests are built from: those of `#[cfg(test)] mod x;`.
fn test_files(files: &BTreeMap<PathBuf, String>) -> BTreeSet<PathBuf> {
    let mut tests = BTreeSet::new();
    for (path, text) in files {
        let is_root =
            ["mod", "lib", "main"].iter().any(|stem| path.file_stem() == Some(stem.as_ref()));
        let folder = if is_root { path.with_file_name("") } else { path.with_extension("") };
        for name in without_tests(text).1 {
            tests.insert(folder.join(&name).with_extension("rs"));
            tests.insert(folder.join(&name).join("mod.rs"));
        }
    }
    tests
}

/// The lines that are not for tests only, and the modules in other files that are. The code is formatted: an item ends
/// with `;` on its line, or with a brace as far in as it began.
fn without_tests(text: &str) -> (Vec<&str>, Vec<String>) {
    let (mut kept, mut modules) = (Vec::new(), Vec::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !["#[cfg(test)]", "#[cfg(all(test,"].iter().any(|cfg| line.trim().starts_with(cfg)) {
            kept.push(line);
            continue;
        }
        let item = lines.find(|line| !line.trim_start().starts_with("#[")).unwrap_or_default();
        if item.ends_with(';') {
            let name =
                item.trim_end_matches(';').split_once("mod ").map(|(_, name)| name.to_owned());
            modules.extend(name);
        } else if !item.ends_with('}') {
            let end = format!("{}}}", &item[..item.len() - item.trim_start().len()]);
            lines.find(|line| line.starts_with(&end));
        }
    }
    (kept, modules)
}

/// The line without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

/// The top modules that a file names, as `crate::x`, in `crate::{…}`, or by climbing up with `super`.
fn imports(path: &Path, text: &str) -> BTreeSet<String> {
    let depth = path.iter().count() - if path.ends_with("mod.rs") { 2 } else { 1 };
    let text: String = without_tests(text).0.iter().map(|line| code(line)).collect();
    let text = text.replace(&"super::".repeat(depth), "crate::");
    text.split("crate::").skip(1).flat_map(first_names).collect()
}

/// The first name of each path in what follows `crate::`: one name, or a group in braces.
fn first_names(text: &str) -> Vec<String> {
    let Some(group) = text.strip_prefix('{') else { return vec![name(text)] };
    let (mut names, mut depth, mut is_first) = (Vec::new(), 1, true);
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' => is_first |= depth == 1,
            _ if is_first && !letter.is_whitespace() => {
                names.push(name(&group[at..]));
                is_first = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// The identifier that the text begins with.
fn name(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// Whether a line opens an unsafe block or item. The word in a lint's name or in prose is no such opening.
fn is_unsafe(line: &str) -> bool {
    line.match_indices("unsafe").any(|(at, word)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].trim_start();
        let is_word = !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        is_word
            && ["{", "(", "fn ", "impl", "trait ", "extern "].iter().any(|o| after.starts_with(o))
    })
}
