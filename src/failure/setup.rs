//! What start files refuse, and what to do about it.

use std::io;

use super::{Failure, Kind};
use crate::platform::Whose;
use crate::setup::SetupError;

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        let failure = Self::new(Kind::CouldNot, format!("nothing is changed: {error}"));
        match error {
            SetupError::ReadOnly(_) => failure.hint(
                "make it writable; or leave it as it is and choose the other shells with \
                 `--shell`; or put what `gvm init` prints where it is made from",
            ),
            SetupError::LeadsNowhere(_) => {
                failure.hint("make the file that it leads to, or remove the link")
            }
            SetupError::NotAFile(_) => failure.hint("move it away, or choose with `--shell`"),
            SetupError::SeveralNames(path) => {
                let path = path.display();
                failure
                    .hint(format!("make it a file of its own, or a symbolic link: `ls -i {path}`"))
            }
            SetupError::KeptPath { whose, source } => failure.hint(kept_path(whose, &source)),
            SetupError::Block { path, .. } => failure.hint(format!(
                "take that block out of {} with an editor, and try again",
                path.display()
            )),
            SetupError::Io { source, what, path } => {
                Self::new(Kind::CouldNot, format!("could not {what} {}: {source}", path.display()))
                    .hint("look at who may read and write there")
            }
            SetupError::Write(error) => error.into(),
        }
    }
}

fn kept_path(whose: Whose, error: &io::Error) -> &'static str {
    match (whose, error.kind()) {
        (_, io::ErrorKind::InvalidData) => {
            "look at it with the registry editor: the value Path of the key Environment must be text"
        }
        (Whose::Machine, io::ErrorKind::PermissionDenied) => {
            "that takes an administrator's rights: do it in a terminal that was opened as \
             administrator, or without `--system` for yourself"
        }
        (Whose::User | Whose::Machine, _) => "put the folder of shims into it by hand",
    }
}
