//! What was asked, and by whom: an argument, a variable, a file's line.
//!
//! Whether it can be had is `resolve`'s question.

use alloc::string::String;
use alloc::vec::Vec;

use crate::call::Call;
use crate::project::{self, PinFileError};
use crate::spec::{Spec, SpecError};
use crate::vars;
use crate::version::Version;
use crate::world::World;

/// A version that was asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    /// What was asked for.
    pub spec: Spec,
    /// By whom.
    pub origin: Origin,
}

/// Where a request, or the lack of one, came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// The command line: of gvm, or `+SPEC` of a shim.
    Argument,
    /// The name of the shim, as `go1.22.10`.
    Name,
    /// An environment variable.
    Variable(&'static str),
    /// GOTOOLCHAIN in the user's `go/env` or the base's `go.env`.
    GoEnv {
        /// The file.
        path: Vec<u8>,
        /// The line, from 1.
        line: u32,
    },
    /// A `go` or `toolchain` line.
    Module {
        /// The file.
        path: Vec<u8>,
        /// The line, from 1.
        line: u32,
        /// Whether it is a go.work.
        is_work: bool,
    },
    /// A line of `.go-version` or `.tool-versions`.
    PinFile {
        /// The file.
        path: Vec<u8>,
        /// The line, from 1.
        line: u32,
    },
    /// Nothing here asks: ROOT's `current`.
    Default,
    /// Nothing here asks and there is no default: the first `go` on PATH that is not gvm's.
    System,
}

impl Origin {
    /// Whether what it names runs as it is, whatever go.mod says: arguments, gvm's variable and pin files.
    pub fn pins(&self) -> bool {
        match self {
            Self::Argument | Self::Name | Self::PinFile { .. } => true,
            Self::Variable(name) => *name != vars::GOTOOLCHAIN,
            Self::GoEnv { .. } | Self::Module { .. } | Self::Default | Self::System => false,
        }
    }
}

/// Why a request cannot be understood.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RequestError {
    /// The shim's first argument, after its `+`, is no SPEC.
    Argument(SpecError),
    /// A variable's value is no SPEC.
    Variable {
        /// The variable.
        name: &'static str,
        /// What is wrong with it.
        error: SpecError,
    },
    /// The nearest pin file cannot be followed.
    PinFile(PinFileError),
}

/// What is asked for here: by the shim's name, by the go command for itself, by `+SPEC`, by `GVM_GO`, by the nearest pin
/// file; in this order. None when nothing pins a version.
pub fn find(world: &dyn World, call: &Call<'_>) -> Result<Option<Request>, RequestError> {
    if let Some(version) = &call.version {
        return Ok(Some(Request { spec: Spec::exact(version), origin: Origin::Name }));
    }
    if let Some(request) = selected(world)? {
        return Ok(Some(request));
    }
    if let Some(spec) = call.spec {
        let spec = Spec::parse(spec).map_err(RequestError::Argument)?;
        return Ok(Some(Request { spec, origin: Origin::Argument }));
    }
    if let Some(value) = world.var(vars::GO).filter(|value| !value.is_empty()) {
        return variable(vars::GO, &value).map(Some);
    }
    let Some(folder) = world.cwd() else { return Ok(None) };
    let pin = project::nearest_pin(world, &folder).map_err(RequestError::PinFile)?;
    Ok(pin.map(|pin| Request {
        spec: pin.spec,
        origin: Origin::PinFile { path: pin.path, line: pin.line },
    }))
}

/// The toolchain that the go command has selected for the process that this one becomes: always one name, as
/// `go1.22.10`.
fn selected(world: &dyn World) -> Result<Option<Request>, RequestError> {
    let name = vars::GOTOOLCHAIN_SWITCH_VERSION;
    let Some(value) = world.var(name).filter(|value| !value.is_empty()) else { return Ok(None) };
    let version = core::str::from_utf8(&value).ok().and_then(|tag| Version::from_tag(tag).ok());
    match version {
        Some(version) => {
            Ok(Some(Request { spec: Spec::exact(&version), origin: Origin::Variable(name) }))
        }
        None => variable(name, &value).map(Some),
    }
}

fn variable(name: &'static str, value: &[u8]) -> Result<Request, RequestError> {
    match Spec::parse(value) {
        Ok(spec) => Ok(Request { spec, origin: Origin::Variable(name) }),
        Err(error) => Err(RequestError::Variable { name, error }),
    }
}

/// Bytes that came from outside, for a message: printable ASCII as it is, the rest escaped, at most `most` characters.
pub fn shown(bytes: &[u8], most: usize) -> String {
    let mut text = String::new();
    for byte in bytes {
        if text.len() >= most {
            text.push('…');
            break;
        }
        match byte {
            // What parts of a path are separated by is no foreign byte.
            b'\\' if cfg!(windows) => text.push('\\'),
            _ => text.extend(byte.escape_ascii().map(char::from)),
        }
    }
    text
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::*;
    use crate::world::memory::Memory;

    fn asked(world: &Memory) -> Option<(String, Origin)> {
        let request = find(world, &Call::plain()).unwrap()?;
        Some((String::from(request.spec.as_str()), request.origin))
    }

    #[test]
    fn the_variable_beats_the_file_and_the_go_command_beats_both() {
        let file = Memory::new("/src/app").file("/src/.go-version", b"1.21\n");
        let from_file = Origin::PinFile { path: b"/src/.go-version".to_vec(), line: 1 };
        assert_eq!(asked(&file), Some(("1.21".into(), from_file)));
        let variable = file.var("GVM_GO", "1.22.4");
        assert_eq!(asked(&variable), Some(("1.22.4".into(), Origin::Variable("GVM_GO"))));
        let switch = variable.var(vars::GOTOOLCHAIN_SWITCH_VERSION, "go1.23.1");
        let origin = Origin::Variable(vars::GOTOOLCHAIN_SWITCH_VERSION);
        assert_eq!(asked(&switch), Some(("1.23.1".into(), origin)));
    }

    #[test]
    fn the_name_of_a_shim_beats_all_and_an_argument_the_variable() {
        let world = Memory::new("/").var("GVM_GO", "1.22.4");
        let words: [&[u8]; 1] = [b"+1.21"];
        let asked = |world: &Memory, name: &str| {
            let request = find(world, &Call::new(name, &words)).unwrap().unwrap();
            (String::from(request.spec.as_str()), request.origin)
        };
        assert_eq!(asked(&world, "go"), ("1.21".into(), Origin::Argument));
        assert_eq!(asked(&world, "gofmt"), ("1.21".into(), Origin::Argument));
        let switch = world.var(vars::GOTOOLCHAIN_SWITCH_VERSION, "go1.23.1");
        let origin = Origin::Variable(vars::GOTOOLCHAIN_SWITCH_VERSION);
        assert_eq!(asked(&switch, "go"), ("1.23.1".into(), origin));
        assert_eq!(asked(&switch, "go1.20"), ("go1.20".into(), Origin::Name));
    }

    #[test]
    fn an_empty_variable_is_an_unset_one_and_a_gone_folder_pins_nothing() {
        assert_eq!(asked(&Memory::new("/").var("GVM_GO", "")), None);
        let gone = Memory::new("/src").file("/src/.go-version", b"1.21\n").without_cwd();
        assert_eq!(asked(&gone), None);
    }

    #[test]
    fn what_is_shown_of_foreign_bytes_is_short_and_escaped() {
        assert_eq!(shown(b"1.22\x1b[31m\n", 99), "1.22\\x1b[31m\\n");
        assert_eq!(shown(&[b'a'; 99], 4), "aaaa…");
    }
}
