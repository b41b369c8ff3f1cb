//! The files in which a project says which Go it wants: the contents of `.go-version` and of
//! `.tool-versions`, from raw bytes to a SPEC and its line.
//!
//! Finding and opening them is not done here. A repository is hostile input: what is shown of it is
//! short and escaped, and a path is never taken from it.

mod encoding;

use alloc::string::String;
use core::fmt;

use crate::excerpt::{column, excerpt};
use crate::spec::{Spec, SpecError};

/// The most bytes that a `.go-version` may have.
pub const GO_VERSION_MAX: usize = 4 * 1024;

/// The most bytes that a `.tool-versions` may have; it holds other tools' lines and comments too.
pub const TOOL_VERSIONS_MAX: usize = 64 * 1024;

/// The most bytes that a version in a file may have: what is asked for is told in messages.
const SPEC_MAX: usize = 256;

/// What a file asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// What is written there.
    pub spec: Spec,
    /// In which line, from 1.
    pub line: u32,
}

/// A file that cannot be followed. The file's name is added by who opened it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinError {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The version that is wrong, else the line: its first 32 characters, escaped.
    pub shown: String,
    /// What is wrong there.
    pub why: &'static str,
}

impl fmt::Display for PinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PinError { line, column, shown, why } = self;
        write!(f, "line {line}, column {column}: {why}: `{shown}`")
    }
}

impl core::error::Error for PinError {}

/// Reads a `.go-version`: one SPEC, in the first line that has more than blanks and a `#` comment.
///
/// UTF-8 and UTF-16, with a byte order mark or without, and any line ends are read. Everything that
/// could be read in two ways is an error: a second version, a NUL or other control character
/// anywhere (comments too), more than [`GO_VERSION_MAX`] bytes, and nothing at all.
pub fn go_version(bytes: &[u8]) -> Result<Pin, PinError> {
    let text = encoding::decoded(bytes, GO_VERSION_MAX)?;
    let mut pin = None;
    for line in lines(&text) {
        line.check_controls()?;
        let written = line.without_comment().trim_ascii_end();
        let start = written.len() - written.trim_ascii_start().len();
        if start == written.len() {
            continue;
        }
        if pin.is_some() {
            return Err(line.error(start, "a second version, where one is read"));
        }
        pin = Some(line.pin(start, &written[start..])?);
    }
    let none = Line { text: "", number: 1 };
    pin.ok_or_else(|| none.error(0, "no version is written there"))
}

/// The version that a plain `.go-version` names, as `1.22.4`: one release of three numbers, from 1.9 on, with `go` or `v`
/// before it or not, and at most an end of line behind it. None for all else, which [`go_version`] may read.
///
/// For the front part of the shim, which has no room for all that a pin may be. What is plain means the same there and
/// here.
pub fn plain(bytes: &[u8]) -> Option<&[u8]> {
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let version = line.strip_prefix(b"go").or_else(|| line.strip_prefix(b"v")).unwrap_or(line);
    let mut numbers = version.strip_prefix(b"1.")?.split(|byte| *byte == b'.');
    let (minor, patch) = (numbers.next()?, numbers.next()?);
    // `1.20.0` is called go1.20.
    let is_number = |text: &[u8]| matches!(text, [b'1'..=b'9', rest @ ..] if rest.len() < 4 && rest.iter().all(u8::is_ascii_digit));
    let is_old = matches!(minor, [b'0'..=b'8']);
    (numbers.next().is_none() && is_number(minor) && is_number(patch) && !is_old).then_some(version)
}

/// Reads a `.tool-versions`: the first version of the first `golang` or `go` line. None when it has
/// no such line. Lines of other tools are not judged.
pub fn tool_versions(bytes: &[u8]) -> Result<Option<Pin>, PinError> {
    let text = encoding::decoded(bytes, TOOL_VERSIONS_MAX)?;
    for line in lines(&text) {
        let written = line.without_comment();
        let Some((start, tool @ ("golang" | "go"))) = word(written, 0) else {
            continue;
        };
        line.check_controls()?;
        let Some((start, version)) = word(written, start + tool.len()) else {
            return Err(line.error(written.len(), "no version follows"));
        };
        if version.starts_with("ref:") {
            return Err(line.error(start, "`ref:` asks for a build from source"));
        }
        if version.starts_with("path:") {
            return Err(line.error(start, "a file may not name a path"));
        }
        return line.pin(start, version).map(Some);
    }
    Ok(None)
}

/// The first word of `text` from the byte `from` on, and where it begins.
fn word(text: &str, from: usize) -> Option<(usize, &str)> {
    let rest = text[from..].trim_ascii_start();
    let end = rest.bytes().position(|b| b.is_ascii_whitespace()).unwrap_or(rest.len());
    (end > 0).then(|| (text.len() - rest.len(), &rest[..end]))
}

/// A line without its end.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    number: u32,
}

impl<'a> Line<'a> {
    fn without_comment(&self) -> &'a str {
        self.text.split('#').next().unwrap_or(self.text)
    }

    fn check_controls(&self) -> Result<(), PinError> {
        match self.text.char_indices().find(|(_, c)| c.is_control() && *c != '\t') {
            Some((at, '\0')) => Err(self.error(at, "a NUL")),
            Some((at, _)) => Err(self.error(at, "a control character")),
            None => Ok(()),
        }
    }

    /// The request `written` that begins at the byte `start`.
    fn pin(&self, start: usize, written: &str) -> Result<Pin, PinError> {
        if written.len() > SPEC_MAX {
            return Err(self.error(start, "too long for a version"));
        }
        match Spec::parse_in_file(written) {
            Ok(spec) => Ok(Pin { spec, line: self.number }),
            Err(SpecError { shown, column: within, why, .. }) => {
                let column = column(self.text.as_bytes(), start) + within - 1;
                Err(PinError { line: self.number, column, shown, why })
            }
        }
    }

    fn error(&self, at: usize, why: &'static str) -> PinError {
        let text = self.text.as_bytes();
        PinError { line: self.number, column: column(text, at), shown: excerpt(text), why }
    }
}

/// The lines of a text that ends them with LF, CR LF or CR alone. There is at least one.
fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut rest = Some(text);
    let texts = core::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let length = if text[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&text[end + length..]);
        Some(&text[..end])
    });
    texts.zip(1..).map(|(text, number)| Line { text, number })
}

#[cfg(test)]
mod tests;
