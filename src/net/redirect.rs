//! Where an answer may send us: a pure rule over two URLs.
//!
//! Asking again is `client`'s.

use url::Url;

use super::error::Fault;
use super::redact;

/// Redirects followed for one request.
pub(super) const LIMIT: usize = 10;

/// Whether a status with a `Location` is a redirect of a GET.
pub(super) fn is_redirect(code: u16) -> bool {
    matches!(code, 301 | 302 | 303 | 307 | 308)
}

/// The URL that `location`, answered by `from`, leads to.
///
/// It may lead from http to https, never back and never to a file. User information stays with its
/// scheme, host and port (as curl has it since CVE-2022-27774), and what `location` brings of its
/// own is dropped: a server does not say who we are.
pub(super) fn target(from: &Url, location: &str) -> Result<Url, Fault> {
    let mut to = from.join(location).map_err(|_| Fault::BadRedirect)?;
    match (from.scheme(), to.scheme()) {
        ("http" | "https", "https") | ("http", "http") => {}
        ("https", "http") => return Err(Fault::Downgrade { to: redact(&to) }),
        _ => return Err(Fault::BadRedirect),
    }
    let (user, password) = match from.origin() == to.origin() {
        true => (from.username(), from.password()),
        false => ("", None),
    };
    to.set_username(user).map_err(|()| Fault::BadRedirect)?;
    to.set_password(password).map_err(|()| Fault::BadRedirect)?;
    to.set_fragment(None);
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn led(from: &str, location: &str) -> Result<String, String> {
        let from = Url::parse(from).unwrap();
        target(&from, location).map(String::from).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_redirect_keeps_credentials_on_their_host_only() {
        let table = [
            ("https://u:p@a.example/x", "/y", "https://u:p@a.example/y"),
            ("https://u:p@a.example/x", "y#f", "https://u:p@a.example/y"),
            ("https://u:p@a.example/x", "https://a.example:443/y", "https://u:p@a.example/y"),
            ("https://u:p@a.example/x", "https://b.example/y", "https://b.example/y"),
            ("https://u:p@a.example/x", "//b.example/y", "https://b.example/y"),
            ("https://u:p@a.example/x", "https://a.example:8443/y", "https://a.example:8443/y"),
            ("https://u:p@a.example/x", "https://v:w@a.example/y", "https://u:p@a.example/y"),
            ("https://a.example/x", "https://v:w@b.example/y", "https://b.example/y"),
            ("http://u:p@a.example/x", "https://a.example/x", "https://a.example/x"),
            ("http://u:p@a.example/x", "/y", "http://u:p@a.example/y"),
            ("http://a.example/x", "http://b.example/x?q=1", "http://b.example/x?q=1"),
        ];
        for (from, location, expected) in table {
            assert_eq!(led(from, location).as_deref(), Ok(expected), "{from} to {location}");
        }
    }

    #[test]
    fn some_redirects_are_refused() {
        let table = [
            (
                "https://a.example/x",
                "http://u:hunter2@a.example/x",
                "redirects from https to http://a.example/x",
            ),
            (
                "https://a.example/x",
                "file:///etc/passwd",
                "redirects to something that is no http or https URL",
            ),
            (
                "http://a.example/x",
                "file:///etc/passwd",
                "redirects to something that is no http or https URL",
            ),
            (
                "https://a.example/x",
                "data:,x",
                "redirects to something that is no http or https URL",
            ),
            (
                "https://a.example/x",
                "https://",
                "redirects to something that is no http or https URL",
            ),
        ];
        for (from, location, expected) in table {
            assert_eq!(led(from, location), Err(expected.to_owned()), "{from} to {location}");
        }
    }
}
