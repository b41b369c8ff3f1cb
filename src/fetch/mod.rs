//! Fetching an archive into the cache: resumed where it broke off, never longer than it may be, its
//! digest taken while it comes in.
//!
//! How a request is made is `net`'s, whether the bytes are an archive `unpack`'s, what they prove
//! `verify`'s. Two runs must not fetch one name at once: the caller holds the version's lock
//! (`ROOT/locks`).
//!
//! | file | holds |
//! |---|---|
//! | `fetched` | [`Fetched`]: the whole file, open |
//! | `part` | the file on its way, `<name>.part` |
//! | `mark` | what the part belongs to, `<name>.part.toml` |
//! | `error` | [`FetchError`] |

mod error;
mod fetched;
mod mark;
mod part;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use url::Url;

pub use error::FetchError;
pub use fetched::Fetched;
pub use mark::sweep;

use crate::checkpoint;
use crate::net::{Client, Fault, NetError, Start};
use crate::report::{Event, Report};
use part::Part;

/// The longest name of a file in the cache; `.part.toml` still fits after it on every file system.
const NAME_LIMIT: usize = 200;
const BUFFER: usize = 128 * 1024;

/// An archive to be fetched.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Where it is.
    pub url: &'a Url,
    /// What it is called in the cache: `[0-9A-Za-z._+-]`, not starting with a dot.
    pub name: &'a str,
    /// Its size in bytes, if that is known beforehand.
    pub size: Option<u64>,
    /// Its digest, if that is known beforehand.
    pub sha256: Option<[u8; 32]>,
    /// Bytes that it may have at most.
    pub limit: u64,
}

/// Gets the archive: from the cache, from where an earlier download broke off, or anew.
///
/// A `file` URL whose digest is not wanted is opened where it is, not copied. What breaks off stays
/// in the cache for the next run; what has the wrong digest does not.
///
/// # Errors
///
/// A failed request (after its tries), a wrong size or digest, a cache that cannot be written.
pub fn fetch(
    client: &Client,
    wanted: &Wanted<'_>,
    cache: &Path,
    report: &dyn Report,
) -> Result<Fetched, FetchError> {
    if !is_name(wanted.name) {
        let name = wanted.name.chars().take(NAME_LIMIT).collect();
        return Err(FetchError::Name { name });
    }
    if wanted.url.scheme() == "file" && wanted.sha256.is_none() {
        return Fetched::in_place(wanted);
    }
    fs::create_dir_all(cache).map_err(|error| FetchError::io(cache, error))?;
    if let Some(fetched) = Fetched::cached(wanted, cache)? {
        // Whoever gave it its name may have ended before the mark was gone.
        part::remove_mark(wanted, cache)?;
        return Ok(fetched);
    }
    let mut part = Part::open(wanted, cache)?;
    complete(client, wanted, &mut part, report)?;
    part.publish(wanted.sha256)
}

/// Brings the part to its end, in as many tries as the client has patience for.
fn complete(
    client: &Client,
    wanted: &Wanted<'_>,
    part: &mut Part,
    report: &dyn Report,
) -> Result<(), FetchError> {
    let mut tries = client.tries(report);
    let mut may_start_over = true;
    loop {
        let Err(error) = receive(client, wanted, part, report).and_then(|()| part.check(wanted))
        else {
            return Ok(());
        };
        if may_start_over && part.is_continued() && is_about_the_part(&error) {
            may_start_over = false;
            part.clear()?;
            continue;
        }
        match &error {
            FetchError::Net(failure) if tries.again(failure) => {}
            FetchError::Sha256 { .. } => {
                part.remove()?;
                return Err(error);
            }
            _ => return Err(given_up(wanted, part, error)),
        }
    }
}

/// The last word on a download. A part without a byte is nothing to resume; more bytes than the index knows of are
/// not its archive.
fn given_up(wanted: &Wanted<'_>, part: &mut Part, error: FetchError) -> FetchError {
    let error = match error {
        FetchError::Net(NetError { url, fault: Fault::TooLarge { limit } })
            if wanted.size == Some(limit) =>
        {
            FetchError::Longer { url, expected: limit }
        }
        error => error,
    };
    if (part.length() == 0 || matches!(error, FetchError::Longer { .. }))
        && let Err(litter) = part.remove()
    {
        return litter;
    }
    error
}

/// One try: asks for what is missing, and appends what comes.
fn receive(
    client: &Client,
    wanted: &Wanted<'_>,
    part: &mut Part,
    report: &dyn Report,
) -> Result<(), FetchError> {
    if part.is_whole(wanted) {
        return Ok(());
    }
    let limit = wanted.size.map_or(wanted.limit, |size| size.min(wanted.limit));
    let from = part.resume(wanted);
    let mut download = client.open(wanted.url, from.as_ref(), limit, report)?;
    let total = download.total.or(wanted.size);
    if let (Some(expected), Some(found)) = (wanted.size, total)
        && expected != found
    {
        return Err(FetchError::size(wanted.url, expected, found));
    }
    if download.start != Start::Whole && part.belongs_to_another(&download) {
        return Err(FetchError::Net(download.failed(Fault::WrongRange)));
    }
    part.begin(wanted, &download)?;
    checkpoint::reach("fetch.begun");
    report.event(Event::DownloadStarted { name: wanted.name, total, already: part.length() });

    let mut buffer = vec![0; BUFFER];
    loop {
        let count = download.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        part.append(&buffer[..count])?;
        checkpoint::reach("fetch.received");
        report.event(Event::Received(count as u64));
    }
    // An answer without a length ends with its connection, early or not.
    match total {
        Some(expected) if part.length() < expected => {
            let fault = Fault::Short { received: part.length(), expected: Some(expected) };
            Err(FetchError::Net(download.failed(fault)))
        }
        _ => {
            report.event(Event::DownloadDone);
            Ok(())
        }
    }
}

/// Whether the bytes that were there already may be to blame.
fn is_about_the_part(error: &FetchError) -> bool {
    match error {
        FetchError::Net(NetError { fault, .. }) => {
            matches!(fault, Fault::WrongRange | Fault::Status { code: 416, .. })
        }
        FetchError::Sha256 { .. } => true,
        FetchError::Size { .. }
        | FetchError::Longer { .. }
        | FetchError::Name { .. }
        | FetchError::Io { .. } => false,
    }
}

/// Names come from an index, which may be hostile: no separators, no streams, nothing hidden, none
/// of our suffixes.
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte);
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.len() <= NAME_LIMIT
        && name.bytes().all(is_plain)
        && !name.ends_with(['.'])
        && !name.contains(".part")
}
