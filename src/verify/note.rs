//! Signed notes: a text, and below it the Ed25519 signatures of those who vouch for it. What the
//! text says is not here.
//!
//! The format and each rule are those of `golang.org/x/mod/sumdb/note`. Two things are stricter,
//! and no honest signer writes otherwise: base64 has one spelling only (no line ends, no stray
//! bits), and Ed25519 is verified strictly.

use std::fmt;

use data_encoding::BASE64;
use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Signatures that a note may carry, so that a hostile one does not cost the reader hours.
const MAX_SIGNATURES: usize = 100;

/// The only kind of key there is.
const ED25519: u8 = 1;

/// A public key and the name of its owner.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key_hash: u32,
    key: VerifyingKey,
}

/// The signature line of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Who is said to have signed.
    pub name: String,
    /// The first four bytes of the hash over the signer's name and key.
    pub key_hash: u32,
}

/// A text that at least one known key has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The signed text, with its final newline.
    pub text: String,
    /// The signatures that were verified.
    pub verified: Vec<Signature>,
    /// Signatures by keys that nobody here knows.
    pub unknown: Vec<Signature>,
}

/// Why a verifier key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// It is not `name+hash+base64`.
    #[error("{key:?} is not a verifier key of the form `name+hash+key`")]
    Malformed {
        /// The text of the key.
        key: String,
    },
    /// Its name and its key do not have the hash that stands between them: mistyped, or made up.
    #[error("the verifier key of {name:?} has the hash {found:08x}, not {expected:08x} as it says")]
    Hash {
        /// The name in the key.
        name: String,
        /// The hash that the key states.
        expected: u32,
        /// The hash that it has.
        found: u32,
    },
    /// It is not an Ed25519 key.
    #[error("the verifier key of {name:?} is of the unknown kind {algorithm}")]
    Algorithm {
        /// The name in the key.
        name: String,
        /// The kind, its first byte.
        algorithm: u8,
    },
}

/// Why a note is not believed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NoteError {
    /// It is not written as notes are.
    #[error("malformed signed note: {why}")]
    Malformed {
        /// The rule it breaks.
        why: &'static str,
    },
    /// It has more than a hundred signatures.
    #[error("malformed signed note: more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    /// It names a key that is known, and that key did not sign this text.
    #[error("the signature of {name:?} (key {key_hash:08x}) is not valid for the note's text")]
    InvalidSignature {
        /// The signer.
        name: String,
        /// The signer's key.
        key_hash: u32,
    },
    /// Two known keys share a name and a hash: one of them was made to.
    #[error("two known keys are called {name:?} (key {key_hash:08x})")]
    AmbiguousKey {
        /// The name of both.
        name: String,
        /// The hash of both.
        key_hash: u32,
    },
    /// No known key has signed it.
    #[error("no known key has signed the note, only {signers:?}")]
    Unverified {
        /// The text nobody known vouches for.
        text: String,
        /// Who is said to have signed.
        signers: Vec<String>,
    },
}

impl Verifier {
    /// Reads a key of the form `name+hash+base64`, where `hash` is eight hex digits over name and
    /// key.
    pub fn parse(text: &str) -> Result<Verifier, KeyError> {
        let malformed = || KeyError::Malformed { key: text.to_owned() };
        let (name, rest) = text.split_once('+').ok_or_else(malformed)?;
        let (hash, key) = rest.split_once('+').ok_or_else(malformed)?;
        let key = BASE64.decode(key.as_bytes()).map_err(|_| malformed())?;
        let hash: [u8; 4] =
            hex::decode(hash).ok().and_then(|hash| hash.try_into().ok()).ok_or_else(malformed)?;
        let (algorithm, public) = key.split_first().ok_or_else(malformed)?;
        if !is_name(name) {
            return Err(malformed());
        }
        let (expected, found) = (u32::from_be_bytes(hash), key_hash(name, &key));
        let name = name.to_owned();
        if expected != found {
            return Err(KeyError::Hash { name, expected, found });
        }
        if *algorithm != ED25519 {
            return Err(KeyError::Algorithm { name, algorithm: *algorithm });
        }
        let public = public.try_into().map_err(|_| malformed())?;
        let key = VerifyingKey::from_bytes(public).map_err(|_| malformed())?;
        Ok(Verifier { name, key_hash: found, key })
    }

    /// Whose key it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the key's signature of `text` is `signature`.
    fn verify(&self, text: &str, signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

/// The form that [`Verifier::parse`] reads.
impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}+{}", self.name, self.key_hash, BASE64.encode(&encoded(&self.key)))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({self})")
    }
}

/// Reads a note and checks its signatures. One signature by a key of `known` is enough, a false one
/// by such a key is too many, and those by other keys say nothing.
pub fn open(bytes: &[u8], known: &[Verifier]) -> Result<Note, NoteError> {
    let (text, signatures) = split(bytes)?;
    let mut note = Note { text: text.to_owned(), verified: Vec::new(), unknown: Vec::new() };
    for (number, line) in signatures.lines().enumerate() {
        let (signature, bytes) = signature(line)?;
        if number >= MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let Some(verifier) = verifier_of(&signature, known)? else {
            if !note.unknown.contains(&signature) {
                note.unknown.push(signature);
            }
            continue;
        };
        if note.verified.contains(&signature) {
            continue;
        }
        if !verifier.verify(text, &bytes) {
            let Signature { name, key_hash } = signature;
            return Err(NoteError::InvalidSignature { name, key_hash });
        }
        note.verified.push(signature);
    }
    if note.verified.is_empty() {
        let signers = note.unknown.into_iter().map(|signature| signature.name).collect();
        return Err(NoteError::Unverified { text: note.text, signers });
    }
    Ok(note)
}

/// The text and the signature lines: a text may hold blank lines, so it is the last one that parts
/// them.
fn split(bytes: &[u8]) -> Result<(&str, &str), NoteError> {
    let malformed = |why| NoteError::Malformed { why };
    let message = str::from_utf8(bytes).map_err(|_| malformed("not UTF-8"))?;
    if message.chars().any(|c| c < ' ' && c != '\n') {
        return Err(malformed("a control character"));
    }
    let blank = message.rfind("\n\n").ok_or_else(|| malformed("no signatures"))?;
    let (text, signatures) = (&message[..=blank], &message[blank + 2..]);
    if !signatures.ends_with('\n') {
        return Err(malformed("no newline after the last signature"));
    }
    Ok((text, signatures))
}

/// A line `— name base64`, whose bytes are the key's hash and the signature proper.
fn signature(line: &str) -> Result<(Signature, Vec<u8>), NoteError> {
    let malformed = || NoteError::Malformed { why: "a line that is not a signature" };
    let (name, text) =
        line.strip_prefix("— ").and_then(|line| line.split_once(' ')).ok_or_else(malformed)?;
    let bytes = BASE64.decode(text.as_bytes()).map_err(|_| malformed())?;
    let (hash, signature) = bytes.split_first_chunk().ok_or_else(malformed)?;
    if !is_name(name) || signature.is_empty() {
        return Err(malformed());
    }
    let key_hash = u32::from_be_bytes(*hash);
    Ok((Signature { name: name.to_owned(), key_hash }, signature.to_vec()))
}

/// The one key that the signature is said to be by.
fn verifier_of<'a>(
    signature: &Signature,
    known: &'a [Verifier],
) -> Result<Option<&'a Verifier>, NoteError> {
    let Signature { name, key_hash } = signature;
    let mut matching = known.iter().filter(|key| key.name == *name && key.key_hash == *key_hash);
    match (matching.next(), matching.next()) {
        (verifier, None) => Ok(verifier),
        (_, Some(_)) => Err(NoteError::AmbiguousKey { name: name.clone(), key_hash: *key_hash }),
    }
}

/// Whether `name` may stand before a `+` and before a space.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+')
}

/// The bytes of `key` as they are hashed and written: its kind first.
fn encoded(key: &VerifyingKey) -> Vec<u8> {
    [&[ED25519], key.as_bytes().as_slice()].concat()
}

/// The short hash that tells keys of one name apart.
fn key_hash(name: &str, key: &[u8]) -> u32 {
    let hash = Sha256::new().chain_update(name).chain_update("\n").chain_update(key).finalize();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use proptest::prelude::*;

    use super::*;

    /// A signer whose private key is `seed` repeated.
    struct Writer {
        key: SigningKey,
        verifier: Verifier,
    }

    impl Writer {
        fn new(name: &str, seed: u8) -> Writer {
            let key = SigningKey::from_bytes(&[seed; 32]);
            let public = key.verifying_key();
            let key_hash = key_hash(name, &encoded(&public));
            Writer { key, verifier: Verifier { name: name.into(), key_hash, key: public } }
        }

        fn line(&self, text: &str) -> String {
            let signature = self.key.sign(text.as_bytes()).to_bytes();
            line(&self.verifier.name, self.verifier.key_hash, &signature)
        }
    }

    fn line(name: &str, key_hash: u32, signature: &[u8]) -> String {
        let bytes = [key_hash.to_be_bytes().as_slice(), signature].concat();
        format!("— {name} {}\n", BASE64.encode(&bytes))
    }

    fn opened(message: &str, known: &[&Writer]) -> Result<Note, NoteError> {
        let known: Vec<Verifier> = known.iter().map(|writer| writer.verifier.clone()).collect();
        open(message.as_bytes(), &known)
    }

    const TEXT: &str = "first\n\nsecond\n";

    #[test]
    fn a_text_with_blank_lines_is_opened_whole() {
        let ada = Writer::new("ada", 1);
        let note = opened(&format!("{TEXT}\n{}", ada.line(TEXT)), &[&ada]).unwrap();
        assert_eq!((note.text.as_str(), note.verified.len(), note.unknown.len()), (TEXT, 1, 0));
    }

    #[test]
    fn unknown_signers_are_kept_and_change_nothing() {
        let [ada, bob] = [Writer::new("ada", 1), Writer::new("bob", 2)];
        let message = format!("{TEXT}\n{}{}{}", bob.line(TEXT), bob.line(TEXT), ada.line(TEXT));
        let note = opened(&message, &[&ada]).unwrap();
        assert_eq!((note.verified[0].name.as_str(), note.unknown[0].name.as_str()), ("ada", "bob"));
        assert_eq!(note.unknown.len(), 1);
    }

    #[test]
    fn a_note_by_unknown_signers_only_is_refused() {
        let [ada, other_ada] = [Writer::new("ada", 1), Writer::new("ada", 2)];
        let refused = opened(&format!("{TEXT}\n{}", other_ada.line(TEXT)), &[&ada]);
        let expected = NoteError::Unverified { text: TEXT.into(), signers: vec!["ada".into()] };
        assert_eq!(refused, Err(expected));
    }

    #[test]
    fn a_false_signature_by_a_known_key_spoils_the_true_one_of_another() {
        let [ada, bob] = [Writer::new("ada", 1), Writer::new("bob", 2)];
        let message = format!("{TEXT}\n{}{}", ada.line(TEXT), bob.line("other\n"));
        let refused = opened(&message, &[&ada, &bob]);
        assert!(matches!(refused, Err(NoteError::InvalidSignature { name, .. }) if name == "bob"));
    }

    #[test]
    fn a_key_that_signed_once_is_not_asked_again() {
        let ada = Writer::new("ada", 1);
        let message = format!("{TEXT}\n{}{}", ada.line(TEXT), ada.line("other\n"));
        assert_eq!(opened(&message, &[&ada]).unwrap().verified.len(), 1);
        let message = format!("{TEXT}\n{}{}", ada.line("other\n"), ada.line(TEXT));
        assert!(matches!(opened(&message, &[&ada]), Err(NoteError::InvalidSignature { .. })));
    }

    #[test]
    fn two_known_keys_of_one_name_and_hash_are_an_error() {
        let ada = Writer::new("ada", 1);
        let refused = opened(&format!("{TEXT}\n{}", ada.line(TEXT)), &[&ada, &ada]);
        assert!(matches!(refused, Err(NoteError::AmbiguousKey { .. })));
    }

    #[test]
    fn more_than_a_hundred_signatures_are_refused() {
        let ada = Writer::new("ada", 1);
        let strangers = |count: u32| {
            let lines: String = (0..count).map(|n| line("x", n, &[0; 64])).collect();
            format!("{TEXT}\n{lines}{}", ada.line(TEXT))
        };
        assert_eq!(opened(&strangers(99), &[&ada]).unwrap().unknown.len(), 99);
        assert_eq!(opened(&strangers(100), &[&ada]), Err(NoteError::TooManySignatures));
    }

    #[test]
    fn a_note_that_breaks_a_rule_of_the_format_is_malformed() {
        let ada = Writer::new("ada", 1);
        let good = ada.line(TEXT);
        for message in [
            String::new(),
            TEXT.into(),
            format!("{TEXT}\n"),
            format!("{TEXT}{good}"),
            format!("{TEXT}\n{}", good.trim_end()),
            format!("{TEXT}\n{good}\n"),
            format!("{TEXT}\n{}", good.replace('—', "-")),
            format!("{TEXT}\n{}", good.replace("— ", "—")),
            format!("{TEXT}\n{}", good.replace("ada ", "ada+b ")),
            format!("{TEXT}\n{}", good.replace("ada ", "ada\u{a0}b ")),
            format!("{TEXT}\n{}", good.replace("ada ", " ")),
            format!("{TEXT}\n{good}— ada\n"),
            format!("{TEXT}\n{good}— ada \n"),
            format!("{TEXT}\n{good}— ada AAAAAA==\n"),
            format!("{TEXT}\n{good}— ada AAAAAAA\n"),
            format!("{TEXT}\n{good}— ada AAAAAAB=\n"),
            format!("a\tb\n\n{}", ada.line("a\tb\n")),
            format!("a\r\n\n{}", ada.line("a\r\n")),
        ] {
            let refused = opened(&message, &[&ada]);
            assert!(
                matches!(refused, Err(NoteError::Malformed { .. })),
                "{message:?}: {refused:?}"
            );
        }
        assert!(matches!(open(b"\xff\n\n", &[]), Err(NoteError::Malformed { .. })));
    }

    #[test]
    fn a_key_is_written_as_it_was_read() {
        let text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
        let verifier = Verifier::parse(text).unwrap();
        assert_eq!((verifier.name(), verifier.to_string().as_str()), ("sum.golang.org", text));
        assert_eq!(format!("{verifier:?}"), format!("Verifier({text})"));
    }

    #[test]
    fn a_key_that_is_mistyped_is_refused() {
        let encoded_key = "Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
        for key in [
            "".into(),
            "ada".into(),
            "ada+033de0ae".into(),
            "ada+033de0ae+".into(),
            format!("ada+33de0ae+{encoded_key}"),
            format!("ada+0033de0ae0+{encoded_key}"),
            format!("a b+033de0ae+{encoded_key}"),
            format!("+033de0ae+{encoded_key}"),
            format!("ada+033de0ae+{encoded_key}="),
        ] {
            let refused = Verifier::parse(&key);
            assert!(matches!(refused, Err(KeyError::Malformed { .. })), "{key}");
        }
        let refused = Verifier::parse(&format!("ada+033de0ae+{encoded_key}"));
        assert!(matches!(refused, Err(KeyError::Hash { expected: 0x033d_e0ae, .. })));
    }

    #[test]
    fn a_key_of_another_kind_or_length_is_refused() {
        let key = |bytes: &[u8]| format!("x+{:08x}+{}", key_hash("x", bytes), BASE64.encode(bytes));
        let refused = Verifier::parse(&key(&[2; 33]));
        assert_eq!(refused, Err(KeyError::Algorithm { name: "x".into(), algorithm: 2 }));
        assert!(matches!(Verifier::parse(&key(&[1; 32])), Err(KeyError::Malformed { .. })));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parsers_stumble(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            text in "(\\PC{0,9}\n){0,3}\n(— \\PC{0,9} [A-Za-z+/]{0,24}\n){0,3}",
            key in "\\PC{0,5}\\+[0-9a-f]{7,9}\\+[A-Za-z+/=]{0,44}",
        ) {
            let known = [Writer::new("ada", 1).verifier];
            prop_assert!(open(&bytes, &known).is_err());
            prop_assert!(open(text.as_bytes(), &known).is_err());
            prop_assert!(Verifier::parse(&key).is_err());
        }
    }
}
