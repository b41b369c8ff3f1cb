//! What start files refuse, and what to do about it.

use super::{Failure, Kind};
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
