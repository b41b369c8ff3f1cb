//! What a person writes to say which Go: `1.22`, `1.22.x`, `latest`, `>=1.21 <1.23`, `system`, a
//! path. Reading it, and choosing among versions by it.
//!
//! The versions come from the caller (what is installed, what there is); nothing is looked up here.

mod nearest;
mod operand;
mod range;
mod selector;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::excerpt::{column, excerpt};
use crate::line::{Line, is_decimal};
use crate::version::{Flaw, Version};

pub use operand::Operand;
pub use range::{Operator, Part, Range};
pub use selector::Selector;

/// A request for a Go, as it was written, and what it means.
///
/// Names are strict: lower case, Go's own grammar. `go1.20` is the release of that name and `1.20`
/// the newest of the line; from 1.21 on no release has a two-part name, so `go1.22` is the line
/// too. `1.20.0` and `go1.20` are one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    text: String,
    kind: Kind,
}

/// What a [`Spec`] asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The first `go` on PATH that is not gvm's.
    System,
    /// A GOROOT at this path: bytes as in the whole crate, as written, perhaps relative.
    Path(Vec<u8>),
    /// One release, called as Go called it: 1.20 for `1.20.0`.
    Exact(Version),
    /// The newest that fits.
    Select(Selector),
}

impl Spec {
    /// Reads what came as an argument or in `GVM_GO`: anything, also paths. A path is absolute or
    /// begins with a `.` or `..` element; blanks belong to it.
    pub fn parse(bytes: &[u8]) -> Result<Spec, SpecError> {
        if !is_path(bytes, cfg!(windows)) {
            return Spec::read(bytes);
        }
        match bytes.iter().position(|b| *b == 0) {
            Some(at) => Err(SpecError::new(bytes, Flaw { at, why: "a path has no NUL" })),
            None => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                Ok(Spec { text, kind: Kind::Path(bytes.to_vec()) })
            }
        }
    }

    /// Reads what came from a file of a project: anything but a path, because a repository must not
    /// name programs to run.
    pub fn parse_in_file(text: &str) -> Result<Spec, SpecError> {
        let written = text.trim_ascii_start();
        let bytes = written.trim_ascii_end().as_bytes();
        if bytes.iter().any(|b| b"/\\".contains(b)) || is_path(bytes, true) {
            let flaw = Flaw { at: text.len() - written.len(), why: "a file may not name a path" };
            return Err(SpecError::new(text.as_bytes(), flaw));
        }
        Spec::read(text.as_bytes())
    }

    /// The way to write exactly `version`, a release or a candidate, so that it reads back as that:
    /// `1.22.4`, `go1.20`.
    pub fn exact(version: &Version) -> Spec {
        let version = version.as_released();
        let text = if is_decimal(version.as_str()) {
            [version.as_str(), ".0.0"].concat()
        } else if Line::parse(version.as_str()).is_some() {
            version.tag()
        } else {
            String::from(version.as_str())
        };
        Spec { text, kind: Kind::Exact(version) }
    }

    /// What it asks for.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// It as it was written, without surrounding blanks.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The newest of `versions` that fits. None when none does, and for `system` and paths.
    pub fn pick<'a>(&self, versions: impl IntoIterator<Item = &'a Version>) -> Option<&'a Version> {
        match &self.kind {
            Kind::System | Kind::Path(_) => None,
            Kind::Exact(wanted) => versions.into_iter().find(|v| v.is_same_release(wanted)),
            Kind::Select(selector) => selector.pick(versions),
        }
    }

    /// The one release it names, if it names one whatever there is to choose from.
    pub fn names_one(&self) -> Option<&Version> {
        match &self.kind {
            Kind::Exact(version) => Some(version),
            Kind::System | Kind::Path(_) | Kind::Select(_) => None,
        }
    }

    /// Whether `version` fits, newest or not; what [`Selector::admits`] says. Nothing fits `system`
    /// and paths.
    pub fn admits(&self, version: &Version) -> bool {
        match &self.kind {
            Kind::System | Kind::Path(_) => false,
            Kind::Exact(wanted) => version.is_same_release(wanted),
            Kind::Select(selector) => selector.admits(version),
        }
    }

    /// Up to three of `versions` that were perhaps meant, the likeliest first: for a hint after
    /// [`Spec::pick`] found none.
    pub fn nearest<'a>(&self, versions: impl IntoIterator<Item = &'a Version>) -> Vec<&'a Version> {
        nearest::nearest(&self.kind, versions)
    }

    fn read(bytes: &[u8]) -> Result<Spec, SpecError> {
        let fail = |flaw| SpecError::new(bytes, flaw);
        let text = match core::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                return Err(fail(Flaw { at: error.valid_up_to(), why: "not UTF-8" }));
            }
        };
        let kind = match text.trim_ascii() {
            "" => return Err(fail(Flaw { at: 0, why: "nothing is written there" })),
            "system" => Kind::System,
            "latest" | "stable" => Kind::Select(Selector::Stable),
            "oldstable" => Kind::Select(Selector::OldStable),
            "unstable" => Kind::Select(Selector::Unstable),
            _ => Range::parse(text).map(Range::simplified).map_err(fail)?,
        };
        Ok(Spec { text: String::from(text.trim_ascii()), kind })
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// A text that is no SPEC. Its message has no example of a right one: who shows it adds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError {
    /// The whole text as it came; what was not UTF-8 is replaced.
    pub text: String,
    /// The text as a message may show it: at most 32 characters, escaped.
    pub shown: String,
    /// Where it goes wrong: a column in characters, from 1.
    pub column: u32,
    /// What is wrong there.
    pub why: &'static str,
}

impl SpecError {
    fn new(bytes: &[u8], flaw: Flaw) -> SpecError {
        SpecError {
            text: String::from_utf8_lossy(bytes).into_owned(),
            shown: excerpt(bytes),
            column: column(bytes, flaw.at),
            why: flaw.why,
        }
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SpecError { shown, column, why, .. } = self;
        write!(f, "`{shown}` names no Go version: {why} at column {column}")
    }
}

impl core::error::Error for SpecError {}

/// Whether `text` is meant as a path: absolute, or its first element is `.` or `..`.
fn is_path(text: &[u8], windows: bool) -> bool {
    let is_separator = |b: &u8| *b == b'/' || windows && *b == b'\\';
    match text {
        [b'.'] | [b'.', b'.'] => true,
        [first, ..] if is_separator(first) => true,
        [b'.', next, ..] if is_separator(next) => true,
        [b'.', b'.', next, ..] if is_separator(next) => true,
        [drive, b':', next, ..] => windows && drive.is_ascii_alphabetic() && is_separator(next),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
