//! `ROOT/config.toml`: the settings that stay.

use std::io;

use gvm_core::layout::Layout;
use gvm_core::request::shown;
use gvm_core::world::{ReadError, World};

/// The file may hold so many bytes.
const LIMIT: usize = 64 * 1024;

/// What the file may say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    pub(super) sources: Option<Vec<String>>,
    pub(super) godev: Option<String>,
    pub(super) offline: Option<bool>,
}

/// Why the file cannot be followed.
#[derive(Debug, thiserror::Error)]
#[error("{path}{}: {why}", place(*.line))]
pub struct ConfigError {
    /// The file, as text.
    pub path: String,
    /// The line, from 1; 0 where no line is to blame.
    pub line: usize,
    /// What is wrong.
    pub why: String,
    /// Whether the system would not let it be read.
    pub is_refused: bool,
}

fn place(line: usize) -> String {
    if line == 0 { String::new() } else { format!(":{line}") }
}

/// The file's settings; none when it is not there.
pub(super) fn read(world: &dyn World, layout: &Layout) -> Result<Config, ConfigError> {
    let path = layout.config();
    let error = |line, why| ConfigError { path: shown(&path, 4096), line, why, is_refused: false };
    let content = match world.read(&path, LIMIT) {
        Ok(content) => content,
        Err(ReadError::Missing) => return Ok(Config::default()),
        Err(ReadError::NotRegular(kind)) => {
            return Err(error(0, format!("is a {}, not a file", kind.noun())));
        }
        Err(ReadError::TooLong) => return Err(error(0, format!("is longer than {LIMIT} bytes"))),
        Err(ReadError::Unreadable(number)) => {
            let reason = number.map(io::Error::from_raw_os_error);
            let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            let refused = error(0, format!("cannot be read{reason}"));
            return Err(ConfigError { is_refused: true, ..refused });
        }
    };
    let text = String::from_utf8_lossy(&content);
    toml::from_str(&text).map_err(|problem| {
        let start = problem.span().map_or(0, |span| span.start);
        let line = text[..start.min(text.len())].matches('\n').count() + 1;
        error(line, problem.message().to_owned())
    })
}
