//! [`Plan`]: every change that a call would make, known and allowed before the first is made.

use std::path::{Path, PathBuf};

use super::block::{self, BlockError, Rest};
use super::diff;
use super::files::{self, Seen, SetupError};
use super::search_path;
use crate::checkpoint;
use crate::platform::{self, KeptPath, Whose};
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
    /// Of the PATH that the system keeps.
    Path(PathChange),
}

/// A change of PATH where the system keeps one: the registry's on Windows.
#[derive(Debug)]
pub struct PathChange {
    whose: Whose,
    before: KeptPath,
    after: KeptPath,
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
        let mut changes = PathChange::find(scope, |kept| search_path::put(kept, shims))?;
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
    pub fn teardown(
        shells: &[&'static dyn Shell],
        scope: Scope<'_>,
        shims: &str,
    ) -> Result<Self, SetupError> {
        let mut changes = PathChange::find(scope, |kept| search_path::take_out(kept, shims))?;
        changes.retain(|change| change.word() != UNCHANGED);
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
                Change::Path(path) => path.apply()?,
            }
        }
        Ok(())
    }
}

/// Where gvm stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Standing {
    /// A start file by its path, PATH by whose it is.
    pub subject: String,
    /// The names of the shells that read it.
    pub shells: Vec<&'static str>,
}

/// Where gvm stands, of all places in which these shells would find it. Nothing is changed, and nothing has to be
/// writable.
///
/// # Errors
/// When the PATH that the system keeps cannot be read.
pub fn standing(
    shells: &[&'static dyn Shell],
    scope: Scope<'_>,
    shims: &str,
) -> Result<Vec<Standing>, SetupError> {
    let mut found = Vec::new();
    for change in PathChange::find(scope, |kept| search_path::take_out(kept, shims))? {
        if change.word() != UNCHANGED {
            found.push(Standing { subject: change.subject(), shells: Vec::new() });
        }
    }
    for (path, shells) in possible(shells, scope) {
        let content = platform::read(&path).unwrap_or_default();
        match block::take_out(&content) {
            Ok(None) | Err(BlockError::NotText) => {}
            // Also one that somebody has spoiled, so that it cannot be taken out.
            Ok(Some(_)) | Err(_) => {
                found.push(Standing { subject: path.display().to_string(), shells });
            }
        }
    }
    Ok(found)
}

impl Change {
    /// What is changed: a file by its path, PATH by whose it is.
    pub fn subject(&self) -> String {
        match self {
            Self::File(file) => file.seen.path.display().to_string(),
            Self::Path(path) => path.subject().to_owned(),
        }
    }

    /// The names of the shells that it is for.
    pub fn shells(&self) -> &[&'static str] {
        match self {
            Self::File(file) => &file.shells,
            // It is for whatever is started.
            Self::Path(_) => &[],
        }
    }

    /// What becomes of it, in one word: made, changed, removed, or unchanged.
    pub fn word(&self) -> &'static str {
        match self {
            Self::File(file) => file.word(),
            Self::Path(path) => path.word(),
        }
    }

    /// What changes, as people read it; nothing where nothing does.
    pub fn diff(&self) -> String {
        match self {
            Self::File(file) => file.diff(),
            Self::Path(path) => path.diff(),
        }
    }
}

impl FileChange {
    fn word(&self) -> &'static str {
        match (&self.after, &self.seen.content) {
            (After::Same, _) => UNCHANGED,
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

/// The word for what stays as it is.
const UNCHANGED: &str = "unchanged";

impl PathChange {
    /// The change, where the system keeps a PATH.
    fn find(
        scope: Scope<'_>,
        change: impl Fn(&KeptPath) -> KeptPath,
    ) -> Result<Vec<Change>, SetupError> {
        let whose = match scope {
            Scope::User(_) => Whose::User,
            Scope::System(_) => Whose::Machine,
        };
        let kept = platform::kept_path(whose);
        let Some(before) = kept.map_err(|source| SetupError::KeptPath { whose, source })? else {
            return Ok(Vec::new());
        };
        let after = change(&before);
        Ok(vec![Change::Path(Self { whose, before, after })])
    }

    fn subject(&self) -> &'static str {
        whose(self.whose)
    }

    fn word(&self) -> &'static str {
        match (&self.before.text, &self.after.text) {
            _ if self.before == self.after => UNCHANGED,
            (None, _) => "made",
            (Some(_), None) => "removed",
            (Some(_), Some(_)) => "changed",
        }
    }

    /// Entry by entry: a PATH in one line nobody can read.
    fn diff(&self) -> String {
        if self.before == self.after {
            return String::new();
        }
        let lines =
            |kept: &KeptPath| kept.text.as_ref().map(|text| text.replace(';', ";\n").into_bytes());
        let (before, after) = (lines(&self.before), lines(&self.after));
        diff::unified(Path::new(self.subject()), before.as_deref(), after.as_deref())
    }

    fn apply(&self) -> Result<(), SetupError> {
        if self.before == self.after {
            return Ok(());
        }
        let failed = |source| SetupError::KeptPath { whose: self.whose, source };
        platform::keep_path(self.whose, &self.after).map_err(failed)
    }
}

/// What people call it.
pub(super) fn whose(whose: Whose) -> &'static str {
    match whose {
        Whose::User => "your PATH",
        Whose::Machine => "the machine's PATH",
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
pub(super) fn possible(
    shells: &[&'static dyn Shell],
    scope: Scope<'_>,
) -> Vec<(PathBuf, Vec<&'static str>)> {
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
