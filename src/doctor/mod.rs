//! Why Go does not do what it should: what stands in its way on this machine, each with its cause and its cure. Nothing is
//! changed, built, started or fetched here.
//!
//! | file | holds |
//! |---|---|
//! | `finding` | what a check says, and the table of all that can be said |
//! | `surroundings` | everything that is looked at, gathered once |
//! | `disk` `program` `entries` `startfiles` | sizes and owners; headers of programs; PATH; shells' start files |
//! | `lookup` `launches` | which `go` is found, by whom |
//! | `words` | what mends a shell, in its own words |
//! | `goroot` `envfile` `flags` `settings` `modules` | the go command's variables and files |
//! | `tree` | a GOROOT, whole or not |
//! | `variables` `built_in` | what `go env` says, by our own rule, and why |
//! | `places` `cgo` | the folders that a build writes to; the C compiler |
//! | `own` `others` | gvm's own root; other managers |

mod built_in;
mod cgo;
pub mod disk;
mod entries;
mod envfile;
pub mod finding;
mod flags;
mod goroot;
pub mod launches;
mod lookup;
mod modules;
mod others;
mod own;
mod places;
pub mod program;
mod settings;
mod startfiles;
pub mod surroundings;
mod tree;
pub mod variables;
mod words;

pub use finding::{Finding, Severity};
pub use launches::Launch;
pub use surroundings::Surroundings;

/// What came of all checks.
#[derive(Clone, Debug)]
pub struct Report {
    /// Who finds which `go`.
    pub launches: Vec<Launch>,
    /// What was found, the gravest first; of one gravity in the order in which they bite.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether something does not work.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Makes all checks.
pub fn examine(around: &Surroundings<'_>) -> Report {
    let (launches, notes) = launches::all(around);
    let checks: [fn(&Surroundings<'_>) -> Vec<Finding>; 11] = [
        lookup::check,
        goroot::check,
        modules::check,
        envfile::check,
        flags::check,
        settings::check,
        tree::check,
        places::check,
        cgo::check,
        own::check,
        others::check,
    ];
    let mut findings: Vec<Finding> = checks.iter().flat_map(|check| check(around)).collect();
    findings.extend(notes);
    for finding in &mut findings {
        finding.what = without_passwords(&finding.what);
        finding.why = without_passwords(&finding.why);
    }
    findings.sort_by_key(|finding| finding.severity);
    Report { launches, findings }
}

/// What is wrong with the tree of the subject alone.
pub fn tree_of(around: &Surroundings<'_>) -> Vec<Finding> {
    tree::check(around)
}

/// A path as a word of a POSIX shell.
pub(crate) fn quote(path: &[u8]) -> String {
    let text = surroundings::text(path);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:,=@%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A proxy's URL may hold the password for it: what is shown is often copied to others.
fn without_passwords(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        let end =
            after.find(|c: char| c.is_whitespace() || "/,|\"'`".contains(c)).unwrap_or(after.len());
        shown.push_str(before);
        rest = match after[..end].rfind('@') {
            Some(sign) => {
                shown.push('…');
                &after[sign..]
            }
            None => after,
        };
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        let told =
            without_passwords("GOPROXY=https://me:hidden@a.example/x,http://b.example|ftp://u@c");
        assert_eq!(told, "GOPROXY=https://…@a.example/x,http://b.example|ftp://…@c");
    }

    #[test]
    fn a_path_is_quoted_where_a_shell_would_read_it_otherwise() {
        assert_eq!(quote(b"/a/b-1.2"), "/a/b-1.2");
        assert_eq!(quote(b"/a b/it's"), "'/a b/it'\\''s'");
    }
}

#[cfg(all(test, not(windows)))]
mod memory_tests;
