//! A tree head with the note that vouches for it: what is kept of a log between two runs.
//!
//! The file it is kept in is not here.

use super::database::Database;
use super::error::SumdbError;
use crate::verify::note;
use crate::verify::tlog::TreeHead;

/// A tree that the database's key has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHead {
    note: String,
    tree: TreeHead,
}

impl SignedHead {
    /// Opens the body of `/latest`, the tail of a lookup, or what [`SignedHead::note`] once gave.
    pub fn open(bytes: &[u8], database: &Database) -> Result<SignedHead, SumdbError> {
        SignedHead::open_by(bytes, database.verifier())
    }

    pub(super) fn open_by(bytes: &[u8], key: &note::Verifier) -> Result<SignedHead, SumdbError> {
        let opened = note::open(bytes, std::slice::from_ref(key))?;
        let tree = TreeHead::parse(&opened.text)?;
        Ok(SignedHead { note: String::from_utf8_lossy(bytes).into_owned(), tree })
    }

    /// The whole note, signatures and all.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// What was signed.
    pub fn tree(&self) -> TreeHead {
        self.tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::note::NoteError;
    use crate::verify::testlog::TestLog;

    #[test]
    fn a_head_is_opened_again_from_what_was_kept_of_it() {
        let log = TestLog::of_toolchains(7);
        let head = log.head(7);
        assert_eq!(SignedHead::open(head.note().as_bytes(), &log.database(8)), Ok(head.clone()));
        assert_eq!(head.tree(), log.tree(7));
    }

    #[test]
    fn the_wrong_signer_is_refused() {
        let (log, other) = (TestLog::of_toolchains(7), TestLog::new("sum.example.com", 9));
        let refused = SignedHead::open(log.note(7).as_bytes(), &other.database(8));
        assert!(matches!(refused, Err(SumdbError::Note(NoteError::Unverified { .. }))));
    }

    #[test]
    fn a_signed_text_that_is_no_tree_is_refused() {
        let log = TestLog::of_toolchains(0);
        let refused = SignedHead::open(log.sign("something else\n").as_bytes(), &log.database(8));
        assert!(matches!(refused, Err(SumdbError::Head(_))));
    }

    #[test]
    fn the_real_log_is_opened_with_the_real_key() {
        let note = "go.sum database tree\n28905453\n\
                    f3f8U0MoQmXkWAgAEKDtXcaI3c2y6N9+55KNSRefF/w=\n\n\
                    — sum.golang.org Az3grr4J9x4SApup87osjthKONInbYdbN37ZskrLF12HIbhDuxOBTzt8Z2j\
                    UKbCvxYWrw0yNgshddOzt7pZEl7aSCw8=\n";
        let database = Database::parse("sum.golang.org").unwrap();
        assert_eq!(SignedHead::open(note.as_bytes(), &database).unwrap().tree().size, 28_905_453);
        let altered = note.replace("28905453", "28905454");
        let refused = SignedHead::open(altered.as_bytes(), &database);
        assert!(matches!(refused, Err(SumdbError::Note(NoteError::InvalidSignature { .. }))));
    }
}
