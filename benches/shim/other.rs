//! The rows of `--against`: another manager's shim against the same command without it, in the same
//! way as our own.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use crate::options::Options;
use crate::pair::Pair;
use crate::rows::{Bound, Row};

/// One row for each `--against` with its `--direct`.
///
/// # Errors
/// When one is without the other, or a program is not there.
pub fn rows(options: &Options) -> io::Result<Vec<Row>> {
    if options.against.len() != options.direct.len() {
        return Err(io::Error::other("each --against needs its --direct"));
    }
    let folder = options.folder.canonicalize()?;
    let variables = variables(options, &folder);
    let pairs = options.against.iter().zip(&options.direct);
    pairs
        .map(|(against, direct)| {
            let (measured, base) = (words(against)?, words(direct)?);
            let pair =
                Pair { base, measured, folder: folder.clone(), variables: variables.clone() };
            Ok(Row { name: against.clone(), pair, bound: Bound::None, dear: true })
        })
        .collect()
}

/// HOME, PATH and what `--keep` names. Not all that is there: cargo and rustup put in variables
/// that decide for a shim.
fn variables(options: &Options, folder: &Path) -> Vec<(OsString, OsString)> {
    let kept = options.keep.iter().map(String::as_str);
    let kept = ["HOME", "PATH"].into_iter().chain(kept);
    let kept = kept.filter_map(|name| Some((name.into(), variable(name)?)));
    kept.chain([("PWD".into(), folder.into())]).collect()
}

/// The words of a command, the first as an absolute path.
fn words(command: &str) -> io::Result<Vec<OsString>> {
    let mut words: Vec<OsString> = command.split_whitespace().map(OsString::from).collect();
    let first = words.first_mut().ok_or_else(|| io::Error::other("an empty command"))?;
    let found = find(first);
    *first = found.ok_or_else(|| io::Error::other(format!("{command}: no such program")))?;
    Ok(words)
}

/// A program by its path, or by its name as a shell finds it. A link stays what it is: by its name
/// it knows its part.
fn find(name: &OsStr) -> Option<OsString> {
    if Path::new(name).components().count() > 1 {
        return std::path::absolute(name).ok().filter(|path| path.is_file()).map(OsString::from);
    }
    let path = variable("PATH")?;
    let mut found = env::split_paths(&path).map(|folder| folder.join(name));
    found.find(|path| path.is_absolute() && path.is_file()).map(OsString::from)
}

#[allow(clippy::disallowed_methods, reason = "another manager lives in its user's environment")]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}
