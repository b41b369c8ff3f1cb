//! [`Case`]: one question "which Go runs here?" as plain data, and its row of the table;
//! [`Outcome`]: the answer.
//!
//! The format of a row is described in the head of the table, `tests/cases/which-go.tsv`.

use std::fmt::{self, Display, Formatter};

use gvm_core::version::Version;

/// What stands for the folder of the test at the beginning of a path in a row.
const FOLDER: &str = "@/";

/// The machine and the call that the question is asked of. Paths below are relative to the test's
/// folder; `GOROOT/` at the beginning of one is the base's own folder.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Case {
    /// The version of the default Go, without `go`.
    pub base: String,
    /// The names of the other toolchains that are there, with `go`.
    pub installed: Vec<String>,
    /// The content of the base's go.env.
    pub go_env: Option<Vec<u8>>,
    /// The content of the user's go/env file.
    pub user_env: Option<Vec<u8>>,
    /// The process's variables: `NAME=value`, where `@/` at the beginning of the value is the
    /// test's folder.
    pub variables: Vec<(String, String)>,
    /// The working directory. It is made, and with `gone` before it removed again before the start.
    pub at: String,
    /// Whether the working directory is removed before the start.
    pub gone: bool,
    /// The arguments of `go`.
    pub arguments: Vec<String>,
    /// What else is there.
    pub entries: Vec<Entry>,
}

/// A file, a link or an empty folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Entry {
    /// A file with this content.
    File(String, Vec<u8>),
    /// A symbolic link, and where it points, relative to the test's folder too.
    Link(String, String),
    /// An empty folder.
    Folder(String),
}

/// Which Go ran.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Outcome {
    /// The base itself did the command, or failed at it.
    Base,
    /// The base started the toolchain of this name.
    Picked(String),
    /// The base wanted the toolchain of this name, which cannot be had.
    Missing(String),
    /// The base refused before it knew what to run: a value or a line cannot be understood.
    Fatal,
}

/// One line of the table.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// What the real go command did.
    pub outcome: Outcome,
    /// Whether the base is one that looks for `go1.22` where gvm says `go1.22.0`, and it shows
    /// here.
    pub deviates: bool,
    /// The question.
    pub case: Case,
}

impl Row {
    /// The row that a line stands for.
    pub fn parse(line: &str) -> Option<Self> {
        let mut columns = line.split('\t');
        let outcome = Outcome::parse(columns.next()?)?;
        let deviates = match columns.next()? {
            "deviation" => true,
            "=" => false,
            _ => return None,
        };
        let mut case = Case { base: columns.next()?.to_owned(), ..Case::default() };
        case.installed = list(columns.next()?)?;
        case.go_env = optional(columns.next()?)?;
        case.user_env = optional(columns.next()?)?;
        for setting in list(columns.next()?)? {
            let (name, value) = setting.split_once('=')?;
            case.variables.push((name.to_owned(), value.to_owned()));
        }
        let at = columns.next()?;
        case.gone = at.starts_with("gone ");
        case.at = at.trim_start_matches("gone ").to_owned();
        case.arguments = list(columns.next()?)?;
        case.entries = columns.map(Entry::parse).collect::<Option<_>>()?;
        Some(Self { outcome, deviates, case })
    }
}

impl Case {
    /// A path of this case in a test's folder whose base stands at `goroot`, relative to that
    /// folder.
    pub fn path(path: &str, goroot: &str) -> String {
        match path.strip_prefix("GOROOT/") {
            Some(rest) => format!("{goroot}/{rest}"),
            None => path.to_owned(),
        }
    }

    /// A value or an argument in the test's folder.
    pub fn value(value: &str, folder: &str) -> String {
        match value.strip_prefix(FOLDER) {
            Some(rest) => format!("{folder}/{rest}"),
            None => value.to_owned(),
        }
    }
}

impl Entry {
    fn parse(column: &str) -> Option<Self> {
        let mut words = column.splitn(3, ' ');
        let (kind, path) = (words.next()?, words.next()?.to_owned());
        match kind {
            "file" => Some(Self::File(path, unescaped(words.next()?)?)),
            "link" => Some(Self::Link(path, words.next()?.to_owned())),
            "folder" => Some(Self::Folder(path)),
            _ => None,
        }
    }
}

impl Outcome {
    fn parse(column: &str) -> Option<Self> {
        Some(match (column, column.strip_prefix("missing ")) {
            ("base", _) => Self::Base,
            ("fatal", _) => Self::Fatal,
            (_, Some(name)) => Self::Missing(name.to_owned()),
            (name, None) if name.starts_with("go") => Self::Picked(name.to_owned()),
            (_, None) => return None,
        })
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base => f.write_str("base"),
            Self::Picked(name) => f.write_str(name),
            Self::Missing(name) => write!(f, "missing {name}"),
            Self::Fatal => f.write_str("fatal"),
        }
    }
}

impl Display for Entry {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, content) => write!(f, "file {path} {}", escaped(content)),
            Self::Link(path, target) => write!(f, "link {path} {target}"),
            Self::Folder(path) => write!(f, "folder {path}"),
        }
    }
}

impl Display for Row {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mark = if self.deviates { "deviation" } else { "=" };
        write!(f, "{}\t{mark}\t{}", self.outcome, self.case)
    }
}

impl Display for Case {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let content = |content: &Option<Vec<u8>>| match content {
            Some(content) => format!("+{}", escaped(content)),
            None => "-".to_owned(),
        };
        let variables: Vec<String> =
            self.variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let gone = if self.gone { "gone " } else { "" };
        write!(
            f,
            "{}\t{}\t{}\t{}\t{}\t{gone}{}\t{}",
            self.base,
            joined(&self.installed),
            content(&self.go_env),
            content(&self.user_env),
            joined(&variables),
            self.at,
            joined(&self.arguments),
        )?;
        self.entries.iter().try_for_each(|entry| write!(f, "\t{entry}"))
    }
}

fn joined(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| escaped(item.as_bytes())).collect();
    if items.is_empty() { "-".to_owned() } else { items.join("; ") }
}

fn list(column: &str) -> Option<Vec<String>> {
    if column == "-" {
        return Some(Vec::new());
    }
    column.split("; ").map(|item| String::from_utf8(unescaped(item)?).ok()).collect()
}

fn optional(column: &str) -> Option<Option<Vec<u8>>> {
    match column.strip_prefix('+') {
        Some(content) => Some(Some(unescaped(content)?)),
        None => (column == "-").then_some(None),
    }
}

/// Printable ASCII as it is; `\n`, `\r`, `\t`, `\\`; every other byte as `\xNN`.
fn escaped(bytes: &[u8]) -> String {
    let one = |byte: &u8| match byte {
        b'\'' | b'"' => char::from(*byte).to_string(),
        _ => byte.escape_ascii().to_string(),
    };
    bytes.iter().map(one).collect()
}

fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next()? {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'\\' => bytes.push(b'\\'),
            b'x' => {
                let digits = [rest.next()?, rest.next()?];
                let digits = std::str::from_utf8(&digits).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
            }
            _ => return None,
        }
    }
    Some(bytes)
}

/// Whether a toolchain of this name knows `-C`, which came with 1.20.
pub fn knows_chdir(name: &str) -> bool {
    let first = Version::parse("1.20").unwrap();
    Version::from_tag(name).unwrap().compare_as_go(&first).is_ge()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let case = Case {
            base: "1.21.13".into(),
            installed: vec!["go1.22.10".into(), "go1.23.4".into()],
            go_env: Some(Vec::new()),
            user_env: None,
            variables: vec![("GOTOOLCHAIN".into(), "local\r".into())],
            at: "project/a".into(),
            gone: true,
            arguments: vec!["env".into(), "".into(), "a b".into()],
            entries: vec![
                Entry::File("project/go.mod".into(), b"go\t1.22 \\n 'x' \"\n\xc2\xa0\0".to_vec()),
                Entry::Link("l".into(), "project".into()),
                Entry::Folder("go.work".into()),
            ],
        };
        let row = Row { outcome: Outcome::Missing("go1.22 x".into()), deviates: true, case };
        assert_eq!(Row::parse(&row.to_string()), Some(row));
    }

    #[test]
    fn what_is_no_row_is_refused() {
        for line in
            ["", "base", "ran\t=\t1.21.0\t-\t-\t-\t-\tp\t-", "base\t=\t1.21.0\t-\tx\t-\t-\tp\t-"]
        {
            assert_eq!(Row::parse(line), None, "{line}");
        }
    }
}
