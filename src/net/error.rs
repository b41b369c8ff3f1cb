//! What can go wrong with a request: a URL, shown without its secrets, and its [`Fault`].
//!
//! Which of these may pass by waiting is not here: `retry` knows.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use super::{redact, redirect};

/// A URL that could not be read, and why.
///
/// The message reads `https://go.dev/dl/x answered 404 Not Found`, so it fits after "could not
/// download go1.22.4: ".
#[derive(Debug, thiserror::Error)]
#[error("{url} {fault}")]
pub struct NetError {
    /// The URL that failed, perhaps one that the asked one redirects to; without its secrets.
    pub url: String,
    /// Why.
    pub fault: Fault,
}

/// Why a URL could not be read; each message goes on where the URL stops.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Nobody was asked, as offline mode wants it.
    #[error("was not asked, as gvm is offline")]
    Offline,
    /// The server answered, but not with the body.
    #[error("answered {}{}{}", Answered(*code), Said(snippet.as_deref()), Later(*retry_after))]
    Status {
        /// The HTTP status.
        code: u16,
        /// The first line of a plain-text answer, printable, at most 200 characters.
        snippet: Option<String>,
        /// What `Retry-After` asks for, as said by the server (not capped).
        retry_after: Option<Duration>,
    },
    /// No connection came about: the name, the network, a proxy, the connect time-out.
    #[error("cannot be reached: {why}")]
    Unreachable {
        /// The innermost reason.
        why: String,
    },
    /// The name of the host is not known. A name server that does not answer is no such case.
    #[error("is on a host that nobody knows: {why}")]
    UnknownHost {
        /// What the resolver says.
        why: String,
    },
    /// A connection came about, but not one to trust.
    #[error("failed the TLS handshake: {why}")]
    Tls {
        /// What rustls says.
        why: String,
    },
    /// Too little came in for too long.
    #[error("stood still for {after:?}")]
    Stalled {
        /// The stall time-out.
        after: Duration,
    },
    /// A small body came in steadily, and far too slowly.
    #[error("did not come whole within {after:?}")]
    Slow {
        /// The time that it may take.
        after: Duration,
    },
    /// The connection broke.
    #[error("broke off: {why}")]
    Broken {
        /// The innermost reason.
        why: String,
    },
    /// The body ended early.
    #[error("ended after {received} {}", Of(*expected))]
    Short {
        /// Bytes that came.
        received: u64,
        /// Bytes that should have come, where that is known.
        expected: Option<u64>,
    },
    /// The body is, or announces to be, longer than it may be.
    #[error("is longer than the {limit} bytes it may have")]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// A part was asked for, and another one came.
    #[error("answered with a part that does not continue what is there")]
    WrongRange,
    /// The body came in an encoding that was not asked for.
    #[error("answered in the encoding {encoding:?}, which was not asked for")]
    Encoded {
        /// The value of `Content-Encoding`.
        encoding: String,
    },
    /// A redirect from https to http.
    #[error("redirects from https to {to}")]
    Downgrade {
        /// Where to; without its secrets.
        to: String,
    },
    /// More redirects in a row than anybody needs.
    #[error("redirects more than {} times", redirect::LIMIT)]
    TooManyRedirects,
    /// A redirect to nowhere: no URL, or neither http nor https.
    #[error("redirects to something that is no http or https URL")]
    BadRedirect,
    /// A URL of a kind that gvm does not read.
    #[error("is neither an https, an http nor a file URL")]
    BadScheme,
    /// A `file` URL that cannot be read.
    #[error("cannot be read: {0}")]
    File(io::Error),
    /// The HTTP client could not be built.
    #[error("was not asked, as the TLS client cannot be set up: {why}")]
    Setup {
        /// The reason.
        why: String,
    },
}

impl NetError {
    /// That `url` has `fault`.
    #[must_use]
    pub fn new(url: &Url, fault: Fault) -> NetError {
        NetError { url: redact(url), fault }
    }

    /// Whether the server said, knowingly, that there is no such thing: 404, 410, a missing file.
    ///
    /// No other status means that: the public proxy answers 403 for what it will not serve today.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        match &self.fault {
            Fault::Status { code, .. } => matches!(code, 404 | 410),
            Fault::File(error) => matches!(
                error.kind(),
                // A name that no file can have is one that none has.
                io::ErrorKind::NotFound
                    | io::ErrorKind::NotADirectory
                    | io::ErrorKind::InvalidFilename
            ),
            _ => false,
        }
    }
}

impl Fault {
    /// What a failed request or a failed read of a body means; its text never holds a URL.
    pub(super) fn from_reqwest(error: &reqwest::Error, timeouts: super::Timeouts) -> Fault {
        if let Some(why) = tls_failure(error) {
            return Fault::Tls { why };
        }
        match (error.is_connect(), error.is_timeout()) {
            (true, true) => {
                Fault::Unreachable { why: format!("no connection within {:?}", timeouts.connect) }
            }
            (true, false) if is_unknown_host(error) => Fault::UnknownHost { why: innermost(error) },
            (true, false) => Fault::Unreachable { why: innermost(error) },
            (false, true) => Fault::Stalled { after: timeouts.stall },
            (false, false) => Fault::Broken { why: innermost(error) },
        }
    }
}

fn tls_failure(error: &reqwest::Error) -> Option<String> {
    let failure =
        chain(error).find_map(|cause| unwrapped(cause).downcast_ref::<rustls::Error>())?;
    Some(failure.to_string())
}

/// What resolvers say of a name that does not exist: glibc of `EAI_NONAME` and `EAI_NODATA`, then musl. The code does not
/// come through the standard library, only these words, always in English. macOS and Windows say the same of any name
/// while there is no network at all, and all have other words for a resolver that fails: both may pass.
const NO_SUCH_NAME: [&str; 4] = [
    "Name or service not known",
    "No address associated with hostname",
    "Name does not resolve",
    "Name has no usable address",
];

/// Whether the resolver knows that there is no such name, rather than that it knows nothing now.
fn is_unknown_host(error: &reqwest::Error) -> bool {
    let is_lookup = chain(error).any(|cause| cause.to_string() == "dns error");
    is_lookup && says_no_such_name(&innermost(error))
}

fn says_no_such_name(why: &str) -> bool {
    NO_SUCH_NAME.iter().any(|words| why.ends_with(words))
}

/// What `io::Error`s wrap, one in the other: their `source` skips it.
fn unwrapped<'a>(mut cause: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    while let Some(inner) = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        cause = inner;
    }
    cause
}

/// The last cause, which names the thing; those before it only say what was being done. The
/// outermost one is left out always: reqwest's own message holds the URL.
fn innermost(error: &reqwest::Error) -> String {
    chain(error).skip(1).last().map_or_else(|| "no reason given".to_owned(), ToString::to_string)
}

/// Whether the body stopped before its announced end.
pub(super) fn ended_early(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
    })
}

fn chain<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let outermost: &'a (dyn Error + 'static) = error;
    std::iter::successors(Some(outermost), |&cause| cause.source())
}

struct Answered(u16);

impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = StatusCode::from_u16(self.0).ok().and_then(|code| code.canonical_reason());
        match reason {
            Some(reason) => write!(f, "{} {reason}", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

struct Said<'a>(Option<&'a str>);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |text| write!(f, ": {text}"))
    }
}

struct Later(Option<Duration>);

impl fmt::Display for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.map(|wait| wait.as_secs()) {
            None | Some(0) => Ok(()),
            Some(seconds) => write!(f, " (asks to be left alone for {seconds} s)"),
        }
    }
}

struct Of(Option<u64>);

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(expected) => write!(f, "of {expected} bytes"),
            None => write!(f, "bytes, before its end"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(fault: Fault) -> NetError {
        NetError::new(&Url::parse("https://u:p@h.example/x?token=t").unwrap(), fault)
    }

    fn status(code: u16, snippet: Option<&str>) -> Fault {
        Fault::Status { code, snippet: snippet.map(str::to_owned), retry_after: None }
    }

    #[test]
    fn messages_go_on_where_the_url_stops() {
        let table = [
            (status(404, None), "answered 404 Not Found"),
            (status(410, Some("gone for good")), "answered 410 Gone: gone for good"),
            (status(799, None), "answered 799"),
            (
                Fault::Status {
                    code: 429,
                    snippet: None,
                    retry_after: Some(Duration::from_secs(7)),
                },
                "answered 429 Too Many Requests (asks to be left alone for 7 s)",
            ),
            (Fault::Short { received: 3, expected: Some(9) }, "ended after 3 of 9 bytes"),
            (Fault::Short { received: 3, expected: None }, "ended after 3 bytes, before its end"),
            (Fault::TooManyRedirects, "redirects more than 10 times"),
        ];
        for (fault, expected) in table {
            let message = error(fault).to_string();
            assert_eq!(message, format!("https://h.example/x?token=xxxxx {expected}"));
        }
    }

    #[test]
    fn a_resolver_that_fails_has_not_said_that_there_is_no_such_name() {
        let table = [
            ("Name or service not known", true),
            ("Name does not resolve", true),
            ("Temporary failure in name resolution", false),
            ("Try again", false),
            ("Non-recoverable failure in name resolution", false),
            ("Memory allocation failure", false),
            ("Too many open files (os error 24)", false),
            ("nodename nor servname provided, or not known", false),
            ("No such host is known. (os error 11001)", false),
        ];
        for (said, expected) in table {
            let why = format!("failed to lookup address information: {said}");
            assert_eq!(says_no_such_name(&why), expected, "{said}");
        }
    }

    #[test]
    fn only_404_410_and_a_missing_file_mean_that_there_is_no_such_thing() {
        let table = [
            (status(404, None), true),
            (status(410, None), true),
            (status(403, None), false),
            (Fault::File(io::ErrorKind::NotFound.into()), true),
            (Fault::File(io::ErrorKind::NotADirectory.into()), true),
            (Fault::File(io::ErrorKind::PermissionDenied.into()), false),
            (Fault::Offline, false),
        ];
        for (fault, expected) in table {
            let error = error(fault);
            assert_eq!(error.is_not_found(), expected, "{error}");
        }
    }
}
