//! Asking the checksum database about one version, from the way to it to the proof; and moving on the newest tree head
//! that is kept of it.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::thread;

use gvm_core::module;

use crate::net::{Fault, NetError};
use crate::report::Report;
use crate::source::sumdb::Connection;
use crate::source::{Access, ProxyError, ProxyList, sumdb};
use crate::store::lock::HeadLock;
use crate::store::{StoreError, Waiting, sumdb_head};
use crate::verify::sumdb::{Database, DatabaseError, Lookup, Proven, SignedHead, SumdbError};
use crate::verify::tlog::Tile;
use crate::{atomic, platform};

/// So many tiles are fetched at once.
const AT_ONCE: usize = 8;

/// The database that GOSUMDB means when nothing sets it.
const DEFAULT: &str = "sum.golang.org";

/// What came of asking.
#[derive(Debug)]
pub enum Asked {
    /// The hash, proved.
    Proven(Box<Proven>),
    /// The database answered, and does not know this version.
    Unknown,
    /// GOSUMDB says that it must not be asked.
    Disabled,
}

/// Why asking failed.
#[derive(Debug, thiserror::Error)]
pub enum TestimonyError {
    /// GOSUMDB names no database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// GOPROXY cannot be understood.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// It could not be reached.
    #[error("the checksum database was not reached: {0}")]
    Unreachable(sumdb::SumdbError),
    /// It answered with more than any answer of a checksum database holds.
    #[error("the checksum database's answer is refused: {0}")]
    Endless(sumdb::SumdbError),
    /// What it said proves nothing: forged, forked, or about something else.
    #[error("the checksum database's answer is refused: {0}")]
    Refused(#[from] SumdbError),
    /// The head that was kept is damaged.
    #[error("{} holds no signed tree head: {error}", path.display())]
    DamagedHead {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: SumdbError,
    },
    /// The head that was kept cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl TestimonyError {
    /// Whether somebody may be lying.
    pub fn is_integrity(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Endless(_))
    }
}

impl From<sumdb::SumdbError> for TestimonyError {
    fn from(error: sumdb::SumdbError) -> Self {
        match error {
            sumdb::SumdbError::Net(NetError { fault: Fault::TooLarge { .. }, .. }) => {
                Self::Endless(error)
            }
            error => Self::Unreachable(error),
        }
    }
}

/// The database of the settings.
///
/// # Errors
/// When GOSUMDB names none, or says `off`.
pub fn database(access: Access<'_>) -> Result<Database, DatabaseError> {
    let named = access.settings.go.sumdb.trim();
    Database::parse(if named.is_empty() { DEFAULT } else { named })
}

/// Asks the database of the settings about the toolchain module's `version` (`v0.0.1-go1.22.4.linux-amd64`).
///
/// # Errors
/// When it cannot be reached, or what it says is refused.
pub fn ask(
    access: Access<'_>,
    version: &str,
    waiting: Waiting<'_>,
) -> Result<Asked, TestimonyError> {
    let report = waiting.report;
    let database = match database(access) {
        Ok(database) => database,
        Err(DatabaseError::Off) => return Ok(Asked::Disabled),
        Err(error) => return Err(error.into()),
    };
    let proxies = ProxyList::parse(&access.settings.go).or_else(|error| match error {
        // GOPROXY=off forbids modules; the database is then asked directly, as the go command does.
        ProxyError::Off => Ok(ProxyList::none()),
        other => Err(other),
    })?;
    let name = database.name();
    let way = Connection::find(access.client, name, database.url(), &proxies, report)?;
    let answer = match way.lookup(module::PATH, version, report) {
        Ok(answer) => answer,
        Err(error) if error.is_missing() => return Ok(Asked::Unknown),
        Err(error) => return Err(error.into()),
    };
    let lookup = Lookup::parse(&answer, &database)?;
    // The lock is not held while tiles come in: a stalled download would hold up every other proof.
    loop {
        let latest = head(access, &database)?;
        let proven = prove(access, &way, name, &lookup, version, latest.as_ref(), report)?;
        if keep_head(access, &database, latest.as_ref(), &proven, waiting)? {
            return Ok(Asked::Proven(Box::new(proven)));
        }
    }
}

/// The newest tree head that was seen.
fn head(access: Access<'_>, database: &Database) -> Result<Option<SignedHead>, TestimonyError> {
    let Some(note) = sumdb_head::read(access.layout, database.name())? else { return Ok(None) };
    match SignedHead::open(&note, database) {
        Ok(head) => Ok(Some(head)),
        Err(error) => {
            let path = access.layout.sumdb_latest(database.name());
            let path = platform::path(&path).to_owned();
            Err(TestimonyError::DamagedHead { path, error })
        }
    }
}

/// Keeps the newest head. False when another process has moved it on since it was read: then all is to be proved once
/// more, against that one, or two forks could each be believed by one of two processes. Whoever may not write to ROOT
/// keeps nothing.
fn keep_head(
    access: Access<'_>,
    database: &Database,
    seen: Option<&SignedHead>,
    proven: &Proven,
    waiting: Waiting<'_>,
) -> Result<bool, TestimonyError> {
    let name = database.name();
    if seen == Some(proven.head()) {
        return Ok(true);
    }
    let Some(lock) = HeadLock::acquire_if_ours(access.layout, name, waiting)? else {
        return Ok(true);
    };
    if head(access, database)?.as_ref() != seen {
        return Ok(false);
    }
    sumdb_head::write(access.layout, &lock, name, proven.head().note().as_bytes())?;
    Ok(true)
}

/// Proves with the tiles that are kept; where that fails, with none of them: a damaged cache is no attack.
fn prove(
    access: Access<'_>,
    way: &Connection<'_>,
    name: &str,
    lookup: &Lookup,
    version: &str,
    latest: Option<&SignedHead>,
    report: &dyn Report,
) -> Result<Proven, TestimonyError> {
    let wanted = lookup.plan(latest);
    let kept = wanted.iter().filter_map(|tile| Some((*tile, read_kept(access, name, tile)?)));
    let mut tiles: HashMap<Tile, Vec<u8>> = kept.collect();
    let missing: Vec<&Tile> = wanted.iter().filter(|tile| !tiles.contains_key(*tile)).collect();
    let had_some = !tiles.is_empty();
    tiles.extend(fetch(way, &missing, report)?);
    let proven = match lookup.prove(version, latest, &tiles) {
        Err(SumdbError::Tile(_)) if had_some => {
            tiles = fetch(way, &wanted.iter().collect::<Vec<_>>(), report)?;
            lookup.prove(version, latest, &tiles)?
        }
        proven => proven?,
    };
    for (tile, bytes) in tiles.iter().filter(|(tile, _)| tile.is_full()) {
        keep(access, name, tile, bytes);
    }
    Ok(proven)
}

fn fetch(
    way: &Connection<'_>,
    tiles: &[&Tile],
    report: &dyn Report,
) -> Result<HashMap<Tile, Vec<u8>>, sumdb::SumdbError> {
    let mut fetched = HashMap::new();
    for some in tiles.chunks(AT_ONCE) {
        let bytes: Vec<Result<Vec<u8>, _>> = thread::scope(|scope| {
            let start = |tile: &&Tile| {
                let tile = *(*tile);
                scope.spawn(move || fetch_one(way, &tile, report))
            };
            let running: Vec<_> = some.iter().map(start).collect();
            running
                .into_iter()
                .map(|thread| thread.join().expect("no tile's fetch panics"))
                .collect()
        });
        for (tile, bytes) in some.iter().zip(bytes) {
            fetched.insert(*(*tile), bytes?);
        }
    }
    Ok(fetched)
}

/// A server that has outgrown a partly filled tile may have the full one only.
fn fetch_one(
    way: &Connection<'_>,
    tile: &Tile,
    report: &dyn Report,
) -> Result<Vec<u8>, sumdb::SumdbError> {
    let partly = match way.tile(&tile.path(), report) {
        Err(error) if error.is_missing() && !tile.is_full() => error,
        answer => return answer,
    };
    // Where that is missing too, the tile that was planned is the one to name.
    way.tile(&tile.full().path(), report).map_err(
        |error| {
            if error.is_missing() { partly } else { error }
        },
    )
}

fn read_kept(access: Access<'_>, name: &str, tile: &Tile) -> Option<Vec<u8>> {
    let path = access.layout.cached_tile(name, &tile.full().path());
    platform::read(platform::path(&path)).ok()
}

/// Keeping is a courtesy to the next call; where it fails, that one asks again.
fn keep(access: Access<'_>, name: &str, tile: &Tile, bytes: &[u8]) {
    if !platform::is_ours(platform::path(access.layout.root())) {
        return;
    }
    let path = access.layout.cached_tile(name, &tile.path());
    let path = platform::path(&path);
    if !path.exists() && path.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok()) {
        let _ = atomic::write(path, bytes);
    }
}
