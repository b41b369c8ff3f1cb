//! What an answer that is not the wanted one says: its status, when to come back, and the line of
//! text that proxies and mirrors give as the reason.

use std::io::Read;
use std::time::SystemTime;

use reqwest::blocking::Response;
use reqwest::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use url::Url;

use super::credentials::{self, Credentials};
use super::error::Fault;
use super::retry;

/// Bytes of such an answer that are looked at.
const GLANCE: usize = 2048;
/// Characters of it that are shown.
const SHOWN: usize = 200;

/// The fault that `response` is.
pub(super) fn refused(response: Response, url: &Url, as_whom: Option<&Credentials>) -> Fault {
    let header = |name: HeaderName| response.headers().get(name)?.to_str().ok();
    let code = response.status().as_u16();
    let retry_after =
        header(RETRY_AFTER).and_then(|value| retry::retry_after(value, SystemTime::now()));
    let is_text = header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/plain"));
    let snippet = if is_text { glance(response) } else { None };
    let snippet = snippet.filter(|line| !credentials::are_in(line, url, as_whom));
    Fault::Status { code, snippet, retry_after }
}

/// What one read brings, so that nobody keeps us waiting for a text that we did not ask for.
fn glance(mut response: Response) -> Option<String> {
    let mut bytes = [0; GLANCE];
    let count = response.read(&mut bytes).ok()?;
    first_line(&bytes[..count])
}

/// The first line with text in it, without control characters: a server does not write to the
/// terminal.
fn first_line(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().map(|line| line.replace(char::is_control, ""));
    let line = lines.map(|line| line.trim().to_owned()).find(|line| !line.is_empty())?;
    Some(line.chars().take(SHOWN).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_with_text_is_shown_harmless() {
        let long = "x".repeat(300);
        let table = [
            (
                "not found: golang.org/toolchain@v1\nmore",
                Some("not found: golang.org/toolchain@v1"),
            ),
            ("\r\n \n second \r\n", Some("second")),
            ("\u{1b}[31mred\u{7}", Some("[31mred")),
            ("", None),
            ("\n\u{1b}\n", None),
            (long.as_str(), Some(&long[..200])),
        ];
        for (text, expected) in table {
            assert_eq!(first_line(text.as_bytes()).as_deref(), expected, "{text:?}");
        }
    }
}
