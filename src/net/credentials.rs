//! Who we say we are: a login and a password, and which request gets them.
//!
//! How the netrc file is written is `netrc`'s.

use std::fmt;

use data_encoding::BASE64;
use url::Url;

use super::netrc::Netrc;
use super::redact;

/// A login and a password. Its `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Credentials {
    login: String,
    password: String,
}

impl Credentials {
    pub(super) fn new(login: &str, password: &str) -> Credentials {
        Credentials { login: login.to_owned(), password: password.to_owned() }
    }

    /// The credentials for a request to `url`: its own user information, else what the netrc file
    /// says about its machine. The latter go over https only, as the go command has it (`go help
    /// goauth`).
    pub(super) fn for_request<'n>(
        url: &Url,
        netrc: impl FnOnce() -> &'n Netrc,
    ) -> Option<Credentials> {
        if !url.username().is_empty() || url.password().is_some() {
            let password = url.password().unwrap_or_default();
            return Some(Credentials::new(&decoded(url.username()), &decoded(password)));
        }
        if url.scheme() != "https" {
            return None;
        }
        let host = url.host_str()?;
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        netrc().find(&authority).cloned()
    }

    /// The value of the `Authorization` header.
    pub(super) fn basic(&self) -> String {
        format!("Basic {}", BASE64.encode(format!("{}:{}", self.login, self.password).as_bytes()))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(xxxxx)")
    }
}

/// Whether a text, as a server may send it back, holds a secret of the request.
pub(super) fn are_in(text: &str, url: &Url, credentials: Option<&Credentials>) -> bool {
    let mut secrets = redact::secrets(url);
    if let Some(credentials) = credentials {
        secrets.extend([credentials.password.clone(), credentials.login.clone()]);
        secrets.push(credentials.basic().replace("Basic ", ""));
    }
    secrets.iter().any(|secret| !secret.is_empty() && text.contains(secret.as_str()))
}

/// Percent-decoded; a `%` without two digits stands for itself.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| first == b'%');
        match digits.and_then(|digits| hex::decode(digits).ok()) {
            Some(byte) => {
                bytes.extend(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(url: &str) -> Option<Credentials> {
        let netrc = Netrc::parse(
            "machine h.example login n password np\nmachine h.example:8443 login m password mp",
        );
        Credentials::for_request(&Url::parse(url).unwrap(), || &netrc)
    }

    #[test]
    fn a_request_gets_those_of_its_url_else_those_of_its_machine_over_https() {
        let table = [
            ("https://h.example/x", Some(("n", "np"))),
            ("https://H.example:443/x", Some(("n", "np"))),
            ("https://h.example:8443/x", Some(("m", "mp"))),
            ("https://h.example:444/x", None),
            ("https://sub.h.example/x", None),
            ("http://h.example/x", None),
            ("http://u:p@h.example/x", Some(("u", "p"))),
            ("https://u:p@h.example/x", Some(("u", "p"))),
            ("https://tok@h.example/x", Some(("tok", ""))),
            ("https://u:%40%2b%zz%C3%BC@h.example/x", Some(("u", "@+%zz\u{fc}"))),
        ];
        for (url, expected) in table {
            let expected = expected.map(|(login, password)| Credentials::new(login, password));
            assert_eq!(chosen(url), expected, "{url}");
        }
    }

    #[test]
    fn the_header_is_that_of_rfc_7617() {
        let credentials = Credentials::new("Aladdin", "open sesame");
        assert_eq!(credentials.basic(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert!(!format!("{credentials:?}").contains("sesame"));
    }

    #[test]
    fn an_echo_of_a_secret_is_noticed() {
        let url = Url::parse("https://h.example/x?sig=abc").unwrap();
        let credentials = Credentials::new("Aladdin", "open sesame");
        let table = [
            ("no such file", false),
            ("who is open sesame?", true),
            ("got QWxhZGRpbjpvcGVuIHNlc2FtZQ==", true),
            ("/x?sig=abc is not there", true),
        ];
        for (text, expected) in table {
            assert_eq!(are_in(text, &url, Some(&credentials)), expected, "{text}");
        }
    }
}
