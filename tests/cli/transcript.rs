//! Commands shown in documents, run and held to what the document says they print.
//!
//! A fenced block with the info string `console` is a transcript: a line that begins with `$ ` is a command, the lines
//! below it are its output, on both streams as they come. `…` stands for any text within its line; a line of `…` alone
//! for any number of lines, none too. Blocks of other kinds are not looked at. How a command is run is the caller's.

use std::fmt::{self, Display, Formatter};

/// What stands for anything.
const ANYTHING: &str = "…";

/// One command of a document, and what it is said to print.
#[derive(Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The line of the document, from 1.
    pub line: usize,
    /// The command, without `$ `.
    pub command: &'a str,
    /// Its output, line by line.
    pub expected: Vec<&'a str>,
}

/// A command that printed something else.
#[derive(Debug)]
pub struct Mismatch {
    /// The line of the document, from 1.
    pub line: usize,
    command: String,
    expected: String,
    found: String,
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { line, command, expected, found } = self;
        write!(f, "line {line}: `{command}` should print\n{expected}\n\nand printed\n{found}")
    }
}

/// Runs the commands of `document` in their order; gives their number, or the first that printed something else.
///
/// Both streams of a command must come back as one text, in the order in which they were written.
pub fn check(document: &str, mut run: impl FnMut(&str) -> String) -> Result<usize, Box<Mismatch>> {
    let steps = steps(document);
    for step in &steps {
        let output = run(step.command);
        let found: Vec<&str> = output.lines().map(str::trim_end).collect();
        if !matches(&step.expected, &found) {
            return Err(Box::new(Mismatch {
                line: step.line,
                command: step.command.to_owned(),
                expected: step.expected.join("\n"),
                found: found.join("\n"),
            }));
        }
    }
    Ok(steps.len())
}

/// The commands of all transcripts of a document.
///
/// # Panics
/// When a transcript begins with output, or does not end: then the document is wrong.
pub fn steps(document: &str) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    let mut block: Option<(bool, usize)> = None;
    for (index, text) in document.lines().enumerate() {
        let line = index + 1;
        let fence = text.strip_prefix("```");
        let (is_transcript, first) = match (block, fence) {
            (None, Some(kind)) => {
                block = Some((kind.trim() == "console", steps.len()));
                continue;
            }
            (Some(_), Some(_)) => {
                block = None;
                continue;
            }
            (None, None) => continue,
            (Some(block), None) => block,
        };
        if !is_transcript {
            continue;
        }
        if let Some(command) = text.strip_prefix("$ ") {
            steps.push(Step { line, command: command.trim(), expected: Vec::new() });
            continue;
        }
        let step = steps[first..].last_mut();
        let step = step.unwrap_or_else(|| panic!("line {line}: output before any command"));
        step.expected.push(text.trim_end());
    }
    assert!(block.is_none(), "a fenced block does not end");
    steps
}

/// Whether all lines match, in their order.
fn matches(expected: &[&str], found: &[&str]) -> bool {
    let Some((first, rest)) = expected.split_first() else { return found.is_empty() };
    if *first == ANYTHING {
        return (0..=found.len()).any(|skipped| matches(rest, &found[skipped..]));
    }
    let Some((line, others)) = found.split_first() else { return false };
    line_matches(first, line) && matches(rest, others)
}

fn line_matches(expected: &str, found: &str) -> bool {
    let Some((start, rest)) = expected.split_once(ANYTHING) else { return expected == found };
    let Some(found) = found.strip_prefix(start) else { return false };
    let mut ends = found.char_indices().map(|(at, _)| at).chain([found.len()]);
    ends.any(|at| line_matches(rest, &found[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_matches_with_anything_in_place_of_the_dots() {
        let table = [
            ("go1.22.4", "go1.22.4", true),
            ("go1.22.4", "go1.22.40", false),
            ("", "", true),
            ("a … c", "a b b c", true),
            ("a … c", "a  c", true),
            ("a … c", "a b d", false),
            ("…/shims", "/r/shims/shims", true),
            ("…/shims:$PATH", "/r/shims:$PAT", false),
            ("a…b…", "a1b2", true),
            ("a…b…c", "ac", false),
            ("…é", "éé", true),
        ];
        for (expected, found, fits) in table {
            assert_eq!(line_matches(expected, found), fits, "{expected:?} {found:?}");
        }
    }

    #[test]
    fn lines_match_in_order_with_any_number_in_place_of_the_dots() {
        let table: [(&[&str], &[&str], bool); 9] = [
            (&[], &[], true),
            (&[], &["x"], false),
            (&["…"], &[], true),
            (&["…"], &["x", "y"], true),
            (&["…", "y"], &["x", "y"], true),
            (&["…", "y"], &["x", "y", "z"], false),
            (&["x", "…", "z", "…"], &["x", "z"], true),
            (&["x", "…", "z"], &["x", "y"], false),
            (&["x", "y"], &["y", "x"], false),
        ];
        for (expected, found, fits) in table {
            assert_eq!(matches(expected, found), fits, "{expected:?} {found:?}");
        }
    }

    const DOCUMENT: &str = "\
text
```sh
$ not run
```
```console
$ one
out
  $ indented is output

$ two
```
$ no block
```console
$ three
```
";

    #[test]
    fn commands_are_found_in_transcripts_only() {
        let steps = steps(DOCUMENT);
        let found: Vec<_> = steps.iter().map(|step| (step.line, step.command)).collect();
        assert_eq!(found, [(6, "one"), (10, "two"), (14, "three")]);
        assert_eq!(steps[0].expected, ["out", "  $ indented is output", ""]);
    }

    #[test]
    fn the_first_command_that_prints_something_else_is_named() {
        let mut run = Vec::new();
        let mismatch = check(DOCUMENT, |command| {
            run.push(command.to_owned());
            if command == "one" { "out\n  $ indented is output\n\n".into() } else { "!".into() }
        });
        let mismatch = mismatch.unwrap_err();
        assert_eq!((mismatch.line, run), (10, vec!["one".to_owned(), "two".into()]));
        assert!(mismatch.to_string().contains("`two` should print"));
        assert_eq!(check("```console\n$ a\n…\n```\n", |_| "x\ny\n".into()).unwrap(), 1);
    }

    #[test]
    #[should_panic(expected = "line 2: output before any command")]
    fn output_without_a_command_is_a_mistake() {
        steps("```console\nout\n```\n");
    }
}
