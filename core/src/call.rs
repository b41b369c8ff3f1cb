//! What a shim was called as, and with: `go +1.22 build`, `gofmt -l .`, `go1.22.10 version`.
//!
//! What the words mean to the go command is `toolchain`'s.

use crate::version::Version;

/// One call of a shim, taken apart.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The tool of the toolchain that is to run: `go`, also for `go1.22.10`.
    pub tool: &'a str,
    /// The version that the shim's own name says: `go1.22.10` runs that one and no other.
    pub version: Option<Version>,
    /// What follows the `+` of a first argument `+SPEC`; the child does not get that argument.
    pub spec: Option<&'a [u8]>,
    /// The child's arguments, without the program's name.
    pub arguments: &'a [&'a [u8]],
}

impl<'a> Call<'a> {
    /// The call of the shim that is named `name`, without folder and suffix, with these arguments.
    pub fn new(name: &'a str, arguments: &'a [&'a [u8]]) -> Self {
        if let Ok(version) = Version::from_tag(name) {
            return Self { tool: "go", version: Some(version), spec: None, arguments };
        }
        let (spec, arguments) = match arguments {
            [[b'+', spec @ ..], rest @ ..] => (Some(spec), rest),
            _ => (None, arguments),
        };
        Self { tool: name, version: None, spec, arguments }
    }

    /// `go` without arguments: what the command asks about.
    pub fn plain() -> Self {
        Self { tool: "go", version: None, spec: None, arguments: &[] }
    }

    /// The words that the go command gets, or would get: another tool takes the answer that a plain `go` would.
    pub fn go_arguments(&self) -> &'a [&'a [u8]] {
        if self.tool == "go" { self.arguments } else { &[] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_argument_may_name_a_version() {
        let words: [&[u8]; 2] = [b"+1.22", b"build"];
        let call = Call::new("go", &words);
        assert_eq!((call.tool, call.spec, call.arguments), ("go", Some(&b"1.22"[..]), &words[1..]));
        let words: [&[u8]; 2] = [b"-l", b"+x"];
        let call = Call::new("gofmt", &words);
        assert_eq!((call.tool, call.spec, call.arguments.len()), ("gofmt", None, 2));
        assert!(call.go_arguments().is_empty());
    }

    #[test]
    fn a_shim_that_names_a_version_takes_no_other() {
        let words: [&[u8]; 1] = [b"+1.21"];
        let call = Call::new("go1.22.10", &words);
        assert_eq!((call.tool, call.spec, call.arguments.len()), ("go", None, 1));
        assert_eq!(call.version.unwrap().as_str(), "1.22.10");
    }
}
