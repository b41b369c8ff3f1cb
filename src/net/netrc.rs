//! The netrc file: login and password by machine, read as the go command reads it
//! (`cmd/go/internal/auth/netrc.go`).
//!
//! Which requests get them is not here: `credentials` knows.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::credentials::Credentials;
use super::local;

/// Larger files are no netrc files.
const LIMIT: u64 = 1 << 20;

/// The machines that a netrc file names.
#[derive(Debug, Default)]
pub(super) struct Netrc {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    machine: String,
    credentials: Credentials,
}

impl Netrc {
    /// The file at `path`; one that is missing names nobody.
    pub(super) fn read(path: &Path) -> io::Result<Netrc> {
        let file = match local::open_regular(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Netrc::default()),
            Err(error) => return Err(error),
        };
        Ok(Netrc::parse(&text(&file)?))
    }

    /// What the text says; whatever is no netrc names nobody.
    ///
    /// An entry counts once it has machine, login and password. A `default` ends the file: like the
    /// go command, gvm gives no credentials to machines that nobody named. There are no quotes, and
    /// no escapes.
    pub(super) fn parse(text: &str) -> Netrc {
        let mut entries = Vec::new();
        let mut draft = Draft::default();
        let mut in_macro = false;
        for line in text.lines() {
            if in_macro {
                in_macro = !line.is_empty();
                continue;
            }
            let mut words = line.split_whitespace();
            while let Some(word) = words.next() {
                if word == "default" {
                    return Netrc { entries };
                }
                let Some(value) = words.next() else { break };
                match word {
                    "machine" => draft = Draft { machine: Some(value), ..Draft::default() },
                    "login" => draft.login = Some(value),
                    "password" => draft.password = Some(value),
                    // Its body begins on the next line and ends with an empty one.
                    "macdef" => in_macro = true,
                    _ => {}
                }
                entries.extend(draft.take_whole());
            }
        }
        Netrc { entries }
    }

    /// The credentials for an authority, `host` or `host:port`: the first entry of that name.
    pub(super) fn find(&self, authority: &str) -> Option<&Credentials> {
        let mut entries = self.entries.iter();
        let entry = entries.find(|entry| entry.machine.eq_ignore_ascii_case(authority))?;
        Some(&entry.credentials)
    }
}

fn text(file: &File) -> io::Result<String> {
    let mut bytes = Vec::new();
    let read = file.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if read as u64 > LIMIT {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// An entry that still lacks words.
#[derive(Default)]
struct Draft<'a> {
    machine: Option<&'a str>,
    login: Option<&'a str>,
    password: Option<&'a str>,
}

impl Draft<'_> {
    fn take_whole(&mut self) -> Option<Entry> {
        let credentials = Credentials::new(self.login?, self.password?);
        let entry = Entry { machine: self.machine?.to_owned(), credentials };
        *self = Draft::default();
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::collection::vec;
    use proptest::prelude::*;

    fn found(text: &str, authority: &str) -> Option<Credentials> {
        Netrc::parse(text).find(authority).cloned()
    }

    #[test]
    fn an_entry_is_found_by_its_machine() {
        let table = [
            ("machine a.example login u password p", "a.example", Some(("u", "p"))),
            ("machine a.example login u password p", "A.Example", Some(("u", "p"))),
            ("machine a.example login u password p", "b.example", None),
            ("machine a.example login u password p", "a.example:8443", None),
            ("machine a.example:8443 login u password p", "a.example:8443", Some(("u", "p"))),
            ("machine a.example\n\tpassword p\r\n\tlogin u\r\n", "a.example", Some(("u", "p"))),
            ("machine a.example login u\nmachine b.example password p", "a.example", None),
            ("machine a.example login u\nmachine b.example password p", "b.example", None),
            ("machine a login 1 password 1 machine a login 2 password 2", "a", Some(("1", "1"))),
            ("machine a login \"u v\" password p", "a", None),
            ("machine a account x login u password p", "a", Some(("u", "p"))),
            ("login u password p machine a", "a", None),
            ("default login u password p", "a", None),
            ("default\nlogin u\npassword p\nmachine a login u password p", "a", None),
            ("machine a login u password p\ndefault login x password y", "a", Some(("u", "p"))),
            (
                "macdef init\nmachine a login m password m\n\nmachine a login u password p",
                "a",
                Some(("u", "p")),
            ),
            ("machine a macdef init\nlogin m\npassword m\n\n", "a", None),
            ("machine a macdef x login u password p\nlogin m\n", "a", Some(("u", "p"))),
            ("", "a", None),
            ("machine", "a", None),
        ];
        for (text, authority, expected) in table {
            let expected = expected.map(|(login, password)| Credentials::new(login, password));
            assert_eq!(found(text, authority), expected, "{text:?} for {authority}");
        }
    }

    #[test]
    fn a_missing_file_names_nobody_and_a_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Netrc::read(&folder.path().join("none")).unwrap().entries.is_empty());
        assert!(Netrc::read(folder.path()).is_err());
        let file = folder.path().join("netrc");
        std::fs::write(&file, "machine a login u password \u{fc}\n").unwrap();
        let credentials = Credentials::new("u", "\u{fc}");
        assert_eq!(Netrc::read(&file).unwrap().find("a"), Some(&credentials));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            entries in vec(("m[a-z]{1,5}", "l[a-z]{0,5}", "p[!-~]{0,9}"), 0..5),
            gap in "[ \t\r\n]{1,4}",
        ) {
            // Only between pairs: a word and its value share a line.
            let text: String = entries
                .iter()
                .map(|(m, l, p)| format!("machine {m}{gap}login {l}{gap}password {p}\n"))
                .collect();
            for (machine, ..) in &entries {
                let (_, l, p) = entries.iter().find(|(m, ..)| m == machine).unwrap();
                prop_assert_eq!(found(&text, machine), Some(Credentials::new(l, p)));
            }
        }

        #[test]
        fn no_text_makes_it_fail(
            text in "(machine|login|password|default|macdef|[a-z \n\u{e9}]){0,30}",
        ) {
            let _ = Netrc::parse(&text).find("a");
        }
    }
}
