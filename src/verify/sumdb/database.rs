//! Which checksum database to ask, and the key it signs with: the meaning of `GOSUMDB`.
//!
//! Through which proxy it is reached is not here. Rules: `dbDial` in
//! `cmd/go/internal/modfetch/sumdb.go`.

use thiserror::Error;

use crate::verify::note::{KeyError, Verifier};
use crate::verify::tlog::TileHeight;

/// The key of the Go project's checksum database, as every go command has it built in.
const SUM_GOLANG_ORG: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

/// A checksum database that is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    verifier: Verifier,
    url: Option<String>,
    tile_height: TileHeight,
}

/// Why a value of `GOSUMDB` names no database.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// It is `off`. The go command refuses to switch toolchains then.
    #[error("checksum database disabled by GOSUMDB=off")]
    Off,
    /// It is empty.
    #[error("GOSUMDB names no checksum database")]
    Missing,
    /// It has more than a key and a URL.
    #[error("GOSUMDB={value:?} has more than a key and a URL")]
    TooManyFields {
        /// The whole value.
        value: String,
    },
    /// A name whose key is not built in stands alone.
    #[error("GOSUMDB={name:?} gives no key for that checksum database")]
    UnknownName {
        /// The name.
        name: String,
    },
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The name in the key is not `host[/path]`.
    #[error("{name:?} is not the name of a checksum database (a host, or a host and a path)")]
    InvalidName {
        /// The name.
        name: String,
    },
}

impl Database {
    /// Reads a value of `GOSUMDB`: `name-or-key [url]`.
    pub fn parse(gosumdb: &str) -> Result<Database, DatabaseError> {
        let mut fields = gosumdb.split_whitespace();
        let (key, url) = match (fields.next(), fields.next(), fields.next()) {
            (None, _, _) => return Err(DatabaseError::Missing),
            (Some("off"), None, _) => return Err(DatabaseError::Off),
            // The same database under a name that mainland China reaches; its key has the one name
            // only.
            (Some("sum.golang.google.cn"), None, _) => {
                (SUM_GOLANG_ORG, Some("https://sum.golang.google.cn"))
            }
            (Some("sum.golang.org"), url, None) => (SUM_GOLANG_ORG, url),
            (Some(key), url, None) => (key, url),
            (Some(_), _, Some(_)) => {
                return Err(DatabaseError::TooManyFields { value: gosumdb.to_owned() });
            }
        };
        if !key.contains('+') {
            return Err(DatabaseError::UnknownName { name: key.to_owned() });
        }
        let verifier = Verifier::parse(key)?;
        if !is_host_and_path(verifier.name()) {
            return Err(DatabaseError::InvalidName { name: verifier.name().to_owned() });
        }
        let url = url.map(str::to_owned);
        Ok(Database { verifier, url, tile_height: TileHeight::GO })
    }

    /// The same database with tiles of another height than Go's.
    #[must_use]
    pub fn with_tile_height(self, tile_height: TileHeight) -> Database {
        Database { tile_height, ..self }
    }

    /// Its name, `host[:port][/path]`: its address unless there is a [`Database::url`], and its
    /// folder at a proxy. Each element is made of letters, digits and `._~-`, and is neither `.`
    /// nor `..`.
    pub fn name(&self) -> &str {
        self.verifier.name()
    }

    /// The key that it signs its trees with.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The address that `GOSUMDB` gives, which is then asked without any proxy. It is not checked
    /// here.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// The height of its tiles.
    pub fn tile_height(&self) -> TileHeight {
        self.tile_height
    }
}

/// Whether `name` is a host, perhaps with a port, and perhaps a path of plain elements: it becomes
/// part of URLs and of paths on disk.
fn is_host_and_path(name: &str) -> bool {
    let (host, path) = match name.split_once('/') {
        Some((host, path)) => (host, Some(path)),
        None => (name, None),
    };
    let (host, port) = match host.split_once(':') {
        Some((host, port)) => (host, port),
        None => (host, "0"),
    };
    is_element(host)
        && !port.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && path.is_none_or(|path| path.split('/').all(is_element))
}

fn is_element(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte);
    !matches!(text, "" | "." | "..") && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::verify::testlog::TestLog;

    #[test]
    fn the_known_name_stands_for_its_key() {
        for (gosumdb, url) in [
            ("sum.golang.org", None),
            (SUM_GOLANG_ORG, None),
            (" sum.golang.org  https://example.com/sum ", Some("https://example.com/sum")),
            ("sum.golang.google.cn", Some("https://sum.golang.google.cn")),
        ] {
            let database = Database::parse(gosumdb).unwrap();
            assert_eq!(database.verifier().to_string(), SUM_GOLANG_ORG, "{gosumdb}");
            assert_eq!((database.name(), database.url()), ("sum.golang.org", url), "{gosumdb}");
        }
    }

    #[test]
    fn another_database_needs_its_key() {
        let key = TestLog::new("sum.example.com/go", 3).verifier_text();
        assert_eq!(Database::parse(&key).unwrap().name(), "sum.example.com/go");
        for name in ["sum.example.com", "sum.golang.google.cn https://example.com"] {
            let refused = Database::parse(name);
            assert!(matches!(refused, Err(DatabaseError::UnknownName { .. })), "{name}");
        }
    }

    #[test]
    fn a_value_that_names_no_database_says_why() {
        assert_eq!(Database::parse("off"), Err(DatabaseError::Off));
        assert_eq!(Database::parse(" \t"), Err(DatabaseError::Missing));
        let value = String::from("sum.golang.org a b");
        assert_eq!(Database::parse(&value), Err(DatabaseError::TooManyFields { value }));
        let key = SUM_GOLANG_ORG.replace("033de0ae", "033de0af");
        assert!(matches!(Database::parse(&key), Err(DatabaseError::Key(KeyError::Hash { .. }))));
    }

    #[test]
    fn a_name_that_would_lead_out_of_its_folder_is_refused() {
        for name in [
            "..",
            "../../etc",
            "a/..",
            "a//b",
            "/a",
            "a/",
            "a:b/c",
            "a:",
            "a/b:1",
            "a\\b",
            "a?b",
            "ü",
        ] {
            let refused = Database::parse(&TestLog::new(name, 3).verifier_text());
            assert_eq!(refused, Err(DatabaseError::InvalidName { name: name.into() }));
        }
        for name in ["localhost:8080", "a.b/c_d/e~f"] {
            assert!(Database::parse(&TestLog::new(name, 3).verifier_text()).is_ok(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_value_makes_the_parser_stumble(value in "\\PC{0,20}( \\PC{0,20}){0,3}") {
            let _ = Database::parse(&value);
        }
    }
}
