//! The snippets of `docs/integrations.md`, by the heading that they stand under and the language that they are in.

use std::fs;
use std::path::Path;

/// All of them, in their order. Each is asked for by the test of its heading; a new one wants a test and a row.
const ALL: [(&str, &str); 12] = [
    ("VS Code", "json"),
    ("direnv", "sh"),
    ("make and scripts", "sh"),
    ("systemd", "ini"),
    ("cron", "text"),
    ("sudo", "text"),
    ("The desktop", "text"),
    ("The desktop", "ini"),
    ("Docker", "dockerfile"),
    ("Docker", "text"),
    ("GitHub Actions", "yaml"),
    ("GitLab CI", "yaml"),
];

struct Snippet {
    heading: String,
    language: String,
    text: String,
}

/// What a reader copies from under this heading.
pub fn snippet(heading: &str, language: &str) -> String {
    assert!(ALL.contains(&(heading, language)), "{heading}, {language}: a row is missing");
    let is_it = |snippet: &Snippet| snippet.heading == heading && snippet.language == language;
    snippets().into_iter().find(is_it).unwrap_or_else(|| panic!("{heading}, {language}")).text
}

/// Holds that the document says this, so that what a test does is what people are told.
#[track_caller]
pub fn says(words: &str) {
    let text = document().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(words), "docs/integrations.md does not say: {words}");
}

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/integrations.md");
    fs::read_to_string(path).unwrap()
}

fn snippets() -> Vec<Snippet> {
    let mut found: Vec<Snippet> = Vec::new();
    let (mut heading, mut is_inside) = (String::new(), false);
    for line in document().lines() {
        if let Some(language) = line.strip_prefix("```") {
            is_inside = !is_inside;
            if is_inside {
                let (heading, language) = (heading.clone(), language.to_owned());
                found.push(Snippet { heading, language, text: String::new() });
            }
        } else if is_inside {
            let text = &mut found.last_mut().unwrap().text;
            *text += line;
            text.push('\n');
        } else if let Some(words) = line.strip_prefix("## ") {
            heading = words.to_owned();
        }
    }
    found
}

#[test]
fn every_snippet_is_tried() {
    let found = snippets();
    let found: Vec<_> =
        found.iter().map(|it| (it.heading.as_str(), it.language.as_str())).collect();
    assert_eq!(found, ALL);
}
