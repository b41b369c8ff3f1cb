//! Why no program was started, in two lines: what is wrong and what helps; and the code that this ends with.
//!
//! The wording of what gvm-core cannot decide is gvm-core's.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use gvm_core::request::{RequestError, shown};
use gvm_core::resolve::Undecided;
use gvm_core::version::Version;

/// gvm refuses: a broken pin file, a loop.
const REFUSED: u8 = 125;
/// The program was found and cannot run.
const CANNOT_RUN: u8 = 126;
/// There is nothing to run.
const NOTHING_TO_RUN: u8 = 127;

/// So many characters of a path are shown.
const LONGEST_PATH: usize = 4096;

/// A failure of the shim's own.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Stop {
    /// What is wrong.
    pub(crate) what: String,
    /// What helps.
    pub(crate) hint: String,
    /// The exit code.
    pub(crate) code: u8,
}

impl Stop {
    /// The two lines for standard error.
    pub(crate) fn lines(&self) -> [Vec<u8>; 2] {
        [&self.what, &self.hint].map(|text| joined(&["gvm: ", text, "\n"]).into_bytes())
    }

    /// No Go can be chosen by this shim.
    pub(crate) fn undecided(own: &[u8], why: &Undecided) -> Self {
        if let Undecided::OnlyShims { shim } = why {
            return Self::another_shim(own, shim);
        }
        let (hint, code) = match why {
            Undecided::Request(RequestError::Variable { name, .. }) => {
                (joined(&["give ", name, " a version like 1.22.4, or unset it"]), REFUSED)
            }
            Undecided::Request(RequestError::PinFile(_)) => {
                ("put one version into it, like 1.22.4: gvm pin 1.22.4".into(), REFUSED)
            }
            Undecided::Request(RequestError::Argument(_)) => {
                ("give a version after the +, like +1.22.4".into(), REFUSED)
            }
            Undecided::Unsatisfied { request, need, .. } if !need.can_be_met_by(&request.spec) => {
                let needed = need.version.as_str();
                (joined(&["pin what is needed: gvm pin ", needed]), NOTHING_TO_RUN)
            }
            Undecided::NotInstalled(request) | Undecided::Unsatisfied { request, .. } => {
                let spec = quoted(request.spec.as_str());
                (joined(&["install it with: gvm install ", &spec]), NOTHING_TO_RUN)
            }
            Undecided::NotAGoroot(_) => {
                ("name the folder that holds bin/go".into(), NOTHING_TO_RUN)
            }
            Undecided::DanglingDefault { .. }
            | Undecided::Nothing
            | Undecided::OnlyShims { .. }
            | Undecided::NoSystem(_) => ("choose one with: gvm use 1.22".into(), NOTHING_TO_RUN),
        };
        Self { what: why.to_string(), hint, code }
    }

    /// The system would not start the program, for the reason of this number.
    ///
    /// `version` is what it is of, where that is known; `is_there` whether it can be seen: then what is missing is the
    /// interpreter or the loader that it names.
    pub(crate) fn not_started(
        program: &[u8],
        version: Option<&Version>,
        is_there: bool,
        error: Option<i32>,
    ) -> Self {
        let (reason, is_missing) = match (is_there, reason(error)) {
            (true, (_, true)) => ("the interpreter or loader that it names is missing", false),
            (_, known) => known,
        };
        let version = version.map_or("VERSION", Version::as_str);
        Self {
            what: joined(&[&path(program), " cannot be started: ", reason]),
            hint: match error {
                Some(TOO_LONG) => {
                    "the arguments and variables together are too long for this system".into()
                }
                Some(_) | None => joined(&["install it again: gvm install --force ", version]),
            },
            code: if is_missing { NOTHING_TO_RUN } else { CANNOT_RUN },
        }
    }

    /// The program is this shim.
    pub(crate) fn itself(own: &[u8], program: &[u8]) -> Self {
        let what = joined(&[&path(own), " would start itself as ", &path(program)]);
        Self::refused(what, "see which go it finds: gvm current")
    }

    /// The program is a gvm shim, of another ROOT or by another name.
    pub(crate) fn another_shim(own: &[u8], program: &[u8]) -> Self {
        let what =
            joined(&[&path(own), " would start ", &path(program), ", which is a gvm shim too"]);
        Self::refused(what, "take one of the two off PATH, or choose a version: gvm use 1.22")
    }

    /// The `go` on PATH that this shim has started leads back to it.
    pub(crate) fn leads_back(own: &[u8], program: &[u8]) -> Self {
        let what =
            joined(&[&path(own), " has started ", &path(program), ", which leads back to it"]);
        Self::refused(what, "take that go off PATH, or choose another: gvm use 1.22")
    }

    /// The same failure, after gvm was run to make it none.
    pub(crate) fn after_installing(mut self) -> Self {
        self.what.push_str(", and installing it did not help");
        self
    }

    /// The shim's name is no tool's.
    pub(crate) fn no_tool(own: &[u8]) -> Self {
        Self::refused(joined(&[&path(own), " is no tool's name"]), "call it as go or gofmt")
    }

    /// GVM_DIR is relative.
    pub(crate) fn relative_root(root: &[u8]) -> Self {
        let what = joined(&["GVM_DIR=", &shown(root, 80), " is no absolute path"]);
        Self::refused(what, "set GVM_DIR to gvm's folder, or unset it")
    }

    /// Nothing says where ROOT is.
    pub(crate) fn homeless(own: &[u8]) -> Self {
        let what = joined(&[&path(own), " stands in no gvm folder"]);
        Self::refused(what, "set GVM_DIR to gvm's folder")
    }

    fn refused(what: String, hint: &str) -> Self {
        Self { what, hint: hint.into(), code: REFUSED }
    }
}

/// The arguments and variables are too long: `E2BIG`, and Windows' `ERROR_FILENAME_EXCED_RANGE`.
const TOO_LONG: i32 = if cfg!(windows) { 206 } else { 7 };

/// The system's error in words, and whether it says that nothing is there. The numbers are those that Linux and macOS
/// share; the words those of their C libraries, which a freestanding program lacks.
#[cfg(unix)]
fn reason(error: Option<i32>) -> (&'static str, bool) {
    match error {
        Some(2) => ("no such file or directory", true),
        Some(20) => ("a part of its path is no folder", true),
        Some(1) => ("operation not permitted", false),
        Some(5) => ("input/output error", false),
        Some(TOO_LONG) => ("argument list too long", false),
        Some(8) => ("exec format error", false),
        Some(11 | 35) => ("resource temporarily unavailable", false),
        Some(12) => ("out of memory", false),
        Some(13) => ("permission denied", false),
        Some(21) => ("it is a folder", false),
        Some(22) => ("invalid argument", false),
        Some(23) => ("too many open files in the system", false),
        Some(24) => ("too many open files", false),
        Some(26) => ("text file busy", false),
        Some(36 | 63) => ("file name too long", false),
        Some(40 | 62) => ("too many levels of symbolic links", false),
        Some(_) | None => ("the system refuses", false),
    }
}

/// The system's error in words, and whether it says that nothing is there.
///
/// Source of the numbers: <https://learn.microsoft.com/windows/win32/debug/system-error-codes>.
#[cfg(windows)]
fn reason(error: Option<i32>) -> (&'static str, bool) {
    match error {
        Some(2) => ("no such file", true),
        Some(3) => ("a part of its path is no folder", true),
        Some(5) => ("access is denied, by its permissions or by a virus scanner", false),
        Some(8 | 14 | 1450 | 1455) => ("out of memory", false),
        Some(32) => ("another program keeps it open", false),
        Some(87) => ("invalid argument", false),
        Some(193) => ("it is no program for Windows", false),
        Some(TOO_LONG) => ("the command line is too long", false),
        Some(216) => ("it is made for another kind of processor", false),
        Some(225 | 226) => ("the system takes it for a virus", false),
        Some(740) => ("it asks for an administrator's rights", false),
        Some(1260) => ("a rule of this system forbids it", false),
        Some(_) | None => ("the system refuses", false),
    }
}

/// As it must be typed in a shell: a range holds what would redirect.
fn quoted(spec: &str) -> String {
    let is_plain = |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'/' | b'_' | b'-' | b'+');
    if spec.bytes().all(is_plain) { spec.into() } else { joined(&["'", spec, "'"]) }
}

fn path(path: &[u8]) -> String {
    shown(path, LONGEST_PATH)
}

fn joined(parts: &[&str]) -> String {
    parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_name_the_program_and_the_reason() {
        let stop = Stop::not_started(b"/r/0a0b0c0d/bin/go", None, true, Some(13));
        assert_eq!(stop.code, 126);
        let [what, _] = stop.lines();
        let reason = if cfg!(windows) { "the system refuses" } else { "permission denied" };
        let line = format!("gvm: /r/0a0b0c0d/bin/go cannot be started: {reason}\n");
        assert_eq!(what, line.into_bytes());
        let version = Version::parse("1.22.4").unwrap();
        let gone = Stop::not_started(b"/x", Some(&version), false, Some(2));
        assert_eq!((gone.code, &*gone.hint), (127, "install it again: gvm install --force 1.22.4"));
        assert_eq!(Stop::not_started(b"/x", None, true, Some(2)).code, 126);
        assert_eq!(Stop::not_started(b"/x", None, false, None).code, 126);
    }

    #[test]
    fn foreign_bytes_are_escaped() {
        let stop = Stop::itself(b"/\x1b[31m", b"/a\xff");
        assert_eq!(stop.what, "/\\x1b[31m would start itself as /a\\xff");
        assert_eq!(quoted(">=1.21 <1.23"), "'>=1.21 <1.23'");
    }
}
