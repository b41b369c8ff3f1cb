//! [`Plan`]: every change that a call would make, known and allowed before the first is made.

use std::path::{Path, PathBuf};

use super::block::{self, BlockError, Rest};
use super::diff;
use super::files::{self, Seen, SetupError};
use crate::checkpoint;
use crate::platform;
use crate::shell::{self, Homes, Part, Shell, StartFile};

/// Whose start files.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// One user's.
    User(&'a Homes),
    /// Everybody's, below this folder, which is `/`.
    System(&'a Path),
}

/// What a call would change.
#[derive(Debug)]
pub struct Plan {
    /// In this order.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Debug)]
pub enum Change {
    /// Of a start file.
    File(FileChange),
}

/// A change of a start file.
#[derive(Debug)]
pub struct FileChange {
    shells: Vec<&'static str>,
    seen: Seen,
    after: After,
}

#[derive(Debug)]
enum After {
    Same,
    Content(Vec<u8>),
    NoFile { folders: usize },
}

impl Plan {
    /// gvm into the start files of these shells.
    ///
    /// # Errors
    /// For the first file that may not be changed; then none is.
    pub fn setup(
        shells: &[&'static dyn Shell],
        scope: Scope<'_>,
        shims: &str,
    ) -> Result<Self, SetupError> {
        // One change more on Windows: PATH is the user's own there, or the machine's, and no start file's.
        let mut changes = Vec::new();
        for wanted in wanted(shells, scope) {
            let seen = files::look(&wanted.path)?;
            let code = shell::code(wanted.language, shims, wanted.part);
            let new = block::put(seen.content.as_deref(), &code, seen.missing_folders)
                .map_err(|why| SetupError::Block { path: wanted.path, why })?;
            let is_same = seen.content.as_ref() == Some(&new);
            let after = if is_same { After::Same } else { After::Content(new) };
            changes.push(Change::File(FileChange { shells: wanted.shells, seen, after }));
        }
        Ok(Self { changes })
    }

    /// gvm out of all start files in which it may be.
    ///
    /// # Errors
    /// For the first file that may not be changed; then none is.
    pub fn teardown(shells: &[&'static dyn Shell], scope: Scope<'_>) -> Result<Self, SetupError> {
        let mut changes: Vec<Change> = Vec::new();
        for (path, shells) in possible(shells, scope) {
            // What cannot be read holds no block that this user has put there.
            let content = platform::read(&path).unwrap_or_default();
            let after = match block::take_out(&content) {
                Ok(Some(Rest::File(rest))) => After::Content(rest),
                Ok(Some(Rest::NoFile { folders })) => After::NoFile { folders },
                // In what is no text, there is no block either.
                Ok(None) | Err(BlockError::NotText) => continue,
                Err(why) => return Err(SetupError::Block { path, why }),
            };
            let seen = files::look(&path)?;
            changes.push(Change::File(FileChange { shells, seen, after }));
        }
        Ok(Self { changes })
    }

    /// Makes the changes.
    ///
    /// # Errors
    /// For the first that the system refuses; those before it are made.
    pub fn apply(&self) -> Result<(), SetupError> {
        checkpoint::reach("setup.planned");
        for change in &self.changes {
            match change {
                Change::File(file) => file.apply()?,
            }
        }
        Ok(())
    }
}

impl Change {
    /// What is changed: a file by its path.
    pub fn subject(&self) -> String {
        match self {
            Self::File(file) => file.seen.path.display().to_string(),
        }
    }

    /// The names of the shells that it is for.
    pub fn shells(&self) -> &[&'static str] {
        match self {
            Self::File(file) => &file.shells,
        }
    }

    /// What becomes of it, in one word: made, changed, removed, or unchanged.
    pub fn word(&self) -> &'static str {
        match self {
            Self::File(file) => file.word(),
        }
    }

    /// What changes, as people read it; nothing where nothing does.
    pub fn diff(&self) -> String {
        match self {
            Self::File(file) => file.diff(),
        }
    }
}

impl FileChange {
    fn word(&self) -> &'static str {
        match (&self.after, &self.seen.content) {
            (After::Same, _) => "unchanged",
            (After::Content(_), None) => "made",
            (After::Content(_), Some(_)) => "changed",
            (After::NoFile { .. }, _) => "removed",
        }
    }

    fn diff(&self) -> String {
        let before = self.seen.content.as_deref();
        match &self.after {
            After::Same => String::new(),
            After::Content(content) => diff::unified(&self.seen.path, before, Some(content)),
            After::NoFile { .. } => diff::unified(&self.seen.path, before, None),
        }
    }

    fn apply(&self) -> Result<(), SetupError> {
        match &self.after {
            After::Same => Ok(()),
            After::Content(content) => self.seen.write(content),
            After::NoFile { folders } => self.seen.remove(*folders),
        }
    }
}

/// A file that gvm belongs into.
struct Wanted {
    path: PathBuf,
    shells: Vec<&'static str>,
    language: &'static dyn Shell,
    part: Part,
}

/// The files that these shells read, each once: what two of them read gets the greater part.
fn wanted(shells: &[&'static dyn Shell], scope: Scope<'_>) -> Vec<Wanted> {
    let mut all: Vec<Wanted> = Vec::new();
    for shell in shells {
        for file in start_files(*shell, scope) {
            let Some(path) = file_of(&file) else { continue };
            match all.iter_mut().find(|other| other.path == path) {
                None => all.push(Wanted {
                    path,
                    shells: vec![shell.name()],
                    language: file.language,
                    part: file.part,
                }),
                Some(other) => {
                    other.shells.push(shell.name());
                    if file.part > other.part {
                        (other.language, other.part) = (file.language, file.part);
                    }
                }
            }
        }
    }
    all
}

/// Of the files that a shell may read, the one that it does.
fn file_of(file: &StartFile) -> Option<PathBuf> {
    let there = file.any_of.iter().find(|path| path.symlink_metadata().is_ok());
    let made = file.any_of.last().filter(|_| file.is_made);
    there.or(made).cloned()
}

/// Every file in which a block may stand, each once, with the shells that read it.
fn possible(shells: &[&'static dyn Shell], scope: Scope<'_>) -> Vec<(PathBuf, Vec<&'static str>)> {
    let mut all: Vec<(PathBuf, Vec<&'static str>)> = Vec::new();
    for shell in shells {
        for path in start_files(*shell, scope).into_iter().flat_map(|file| file.any_of) {
            match all.iter_mut().find(|(other, _)| *other == path) {
                None => all.push((path, vec![shell.name()])),
                Some((_, shells)) => shells.push(shell.name()),
            }
        }
    }
    all
}

fn start_files(shell: &dyn Shell, scope: Scope<'_>) -> Vec<StartFile> {
    match scope {
        Scope::User(homes) => shell.start_files(homes),
        Scope::System(top) => shell.system_files(top),
    }
}
