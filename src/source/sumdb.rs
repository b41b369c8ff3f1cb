//! Asking the checksum database: through a proxy that offers it, else directly. Bytes only: `verify::sumdb` judges them.
//!
//! Source: `cmd/go/internal/modfetch/sumdb.go` of Go 1.27, <https://go.dev/design/25530-sumdb>.

use gvm_core::module;
use url::Url;

use super::below;
use super::proxies::{Missing, Place, ProxyError, ProxyList};
use crate::net::{Client, NetError};
use crate::report::Report;

/// A lookup is some hundred bytes, a tile eight thousand; an answer of more than this is none.
const ANSWER_LIMIT: u64 = 1 << 20;

/// Why the database could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum SumdbError {
    /// The network.
    #[error(transparent)]
    Net(#[from] NetError),
    /// GOPROXY cannot be understood.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// The database's name or URL is none.
    #[error("{0} is no address of a checksum database")]
    BadAddress(String),
}

impl SumdbError {
    /// Whether the database answered, and does not know the module.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Net(error) if error.is_missing())
    }
}

/// A way to the database.
pub struct Connection<'a> {
    client: &'a Client,
    base: Url,
}

impl<'a> Connection<'a> {
    /// Finds the way to the database `name`: its own URL where GOSUMDB gives one; else the first proxy that says it
    /// passes questions on, and only that one; else the database's own host.
    ///
    /// # Errors
    /// When a proxy fails otherwise than by not having it: then the answer is unknown, and asking past it might be
    /// what its owner forbids.
    pub fn find(
        client: &'a Client,
        name: &str,
        url: Option<&str>,
        proxies: &ProxyList,
        report: &dyn Report,
    ) -> Result<Self, SumdbError> {
        let bad = || SumdbError::BadAddress(name.to_owned());
        if let Some(url) = url {
            return Ok(Self { client, base: Url::parse(url).map_err(|_| bad())? });
        }
        for entry in proxies.entries() {
            let Place::Proxy(proxy) = &entry.place else { break };
            let base = below(proxy, &format!("sumdb/{name}"));
            match client.get(&below(&base, "supported"), ANSWER_LIMIT, report) {
                Ok(_) => return Ok(Self { client, base }),
                Err(error) if entry.forgiving || error.is_missing() => {}
                Err(error) => return Err(error.into()),
            }
        }
        let base = Url::parse(&format!("https://{name}")).map_err(|_| bad())?;
        Ok(Self { client, base })
    }

    /// What the database says of a module's version.
    ///
    /// # Errors
    /// The network's; [`SumdbError::is_missing`] when the database does not know it.
    pub fn lookup(
        &self,
        path: &str,
        version: &str,
        report: &dyn Report,
    ) -> Result<Vec<u8>, SumdbError> {
        self.get(&format!("lookup/{path}@{}", module::escaped(version)), report)
    }

    /// A tile, by its path.
    ///
    /// # Errors
    /// The network's.
    pub fn tile(&self, path: &str, report: &dyn Report) -> Result<Vec<u8>, SumdbError> {
        self.get(path, report)
    }

    fn get(&self, path: &str, report: &dyn Report) -> Result<Vec<u8>, SumdbError> {
        Ok(self.client.get(&below(&self.base, path), ANSWER_LIMIT, report)?)
    }
}
