//! The network: one client for `http`, `https` and `file` URLs, patient with what may pass and
//! strict with what must not.
//!
//! What is asked for, and in which order of sources, is `source`'s; keeping a broken-off archive is
//! `fetch`'s.
//!
//! | file | holds |
//! |---|---|
//! | `client` | [`Client`]: `get` for small bodies, `open` for archives; the walk along redirects |
//! | `transport` | the HTTP client itself: TLS roots, proxies, time-outs |
//! | `download` | [`Download`]: an answer's body, never longer than announced or allowed |
//! | `range` | [`Resume`], [`Validator`]: going on where a body broke off |
//! | `redirect` | where an answer may send us |
//! | `retry` | [`Patience`]: what may pass, and how long to wait for it |
//! | `credentials`, `netrc` | who we say we are, and to whom |
//! | `redact` | URLs as they may be shown |
//! | `status` | what an answer that is not the wanted one says |
//! | `local` | `file` URLs |
//! | `error` | [`NetError`] |
//! | `haste` | time-outs as a test orders them; nothing in a release |

mod client;
mod credentials;
mod download;
mod error;
#[cfg(test)]
pub(crate) mod fault_server;
mod haste;
mod local;
mod netrc;
mod range;
mod redact;
mod redirect;
mod retry;
mod status;
mod transport;

use std::path::PathBuf;
use std::time::Duration;

pub use client::Client;
pub use download::{Download, Start};
pub use error::{Fault, NetError};
pub use local::{open_file, open_regular};
pub use range::{Resume, Validator};
pub use redact::{redact, redact_text};
pub use retry::{Patience, Pause, Tries};

/// How gvm uses the network; proxies and TLS roots are taken from the environment as elsewhere
/// (`HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`).
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Nothing but `file` URLs is asked.
    pub offline: bool,
    /// The netrc file, where there is one; see [`netrc_file`].
    pub netrc: Option<PathBuf>,
    /// When a server counts as silent.
    pub timeouts: Timeouts,
    /// How often and after which waits a request is tried again.
    pub patience: Patience,
}

/// When a server counts as silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// From looking up the name to the end of the TLS handshake.
    pub connect: Duration,
    /// From the request to the answer's head, and between two pieces of its body.
    pub stall: Duration,
    /// Bytes that must come in within each `stall` of a body: a server that drips counts as silent.
    /// With the usual ones that is 1 KiB a second, and bounds the time that an archive may take.
    pub trickle: u64,
    /// For the whole of a small body. The server says how long it is: without this bound it could
    /// keep us for hours at the slowest pace that is let pass.
    pub whole: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            connect: Duration::from_secs(5),
            stall: Duration::from_secs(30),
            trickle: 30 << 10,
            whole: Duration::from_secs(300),
        }
    }
}

/// The netrc file that the go command would read (`cmd/go/internal/auth/netrc.go`): `$NETRC`, else
/// `_netrc` on Windows where it exists, else `.netrc`, in the home folder.
///
/// `variable` is the value of `NETRC`; whether the file exists is found out when it is needed.
#[must_use]
pub fn netrc_file(variable: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    if let Some(named) = variable.filter(|path| !path.as_os_str().is_empty()) {
        return Some(named);
    }
    let home = home?;
    let windows = home.join("_netrc");
    Some(if cfg!(windows) && windows.exists() { windows } else { home.join(".netrc") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_netrc_file_is_the_named_one_else_the_one_at_home() {
        let home = Some(PathBuf::from("h"));
        let table = [
            (Some("named"), home.clone(), Some("named".into())),
            (Some(""), home.clone(), Some(PathBuf::from("h").join(".netrc"))),
            (None, home, Some(PathBuf::from("h").join(".netrc"))),
            (None, None, None),
        ];
        for (variable, home, expected) in table {
            assert_eq!(netrc_file(variable.map(PathBuf::from), home), expected, "{variable:?}");
        }
    }
}
