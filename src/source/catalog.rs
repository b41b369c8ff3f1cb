//! The last list that each source gave, kept with its age: offline, it is what gvm knows.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Access, SourceError};
use crate::report::{Event, Report};
use crate::{atomic, platform};

/// How old a list is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Age(Duration);

impl Display for Age {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let minutes = self.0.as_secs() / 60;
        let (count, unit) = match minutes {
            0 => return f.write_str("less than a minute old"),
            1..60 => (minutes, "minute"),
            60..2880 => (minutes / 60, "hour"),
            2880.. => (minutes / 1440, "day"),
        };
        write!(f, "{count} {unit}{} old", if count == 1 { "" } else { "s" })
    }
}

#[derive(Deserialize, Serialize)]
struct Kept<T> {
    /// Seconds since 1970.
    fetched: u64,
    list: T,
}

/// A list, and whether the source gave it just now.
#[derive(Debug)]
pub(super) struct Listed<T> {
    /// The list.
    pub(super) list: T,
    /// Whether it came from the source in this call. What was kept lies in a cache that others may have filled: it
    /// says what there is, and proves nothing.
    pub(super) is_fresh: bool,
}

/// What the source answers; offline, what it answered last, and how old that is.
pub(super) fn fresh_or_kept<T: Serialize + DeserializeOwned>(
    access: Access<'_>,
    name: &str,
    report: &dyn Report,
    ask: impl FnOnce() -> Result<T, SourceError>,
) -> Result<Listed<T>, SourceError> {
    let path = platform::path(&access.layout.cached_index(name)).to_owned();
    if access.settings.offline.value && !is_local(name) {
        let kept: Kept<T> = read(&path).ok_or(SourceError::NothingCached)?;
        let age = Age(now().saturating_sub(Duration::from_secs(kept.fetched)));
        report.event(Event::Warning(&format!("offline: the list of versions of {name} is {age}")));
        return Ok(Listed { list: kept.list, is_fresh: false });
    }
    let list = ask()?;
    let kept = Kept { fetched: now().as_secs(), list };
    if let Err(error) = keep(access, &path, &kept) {
        report.event(Event::Detail(&format!("the list of {name} is not kept: {error}")));
    }
    Ok(Listed { list: kept.list, is_fresh: true })
}

fn is_local(name: &str) -> bool {
    name.starts_with("file:")
}

fn read<T: DeserializeOwned>(path: &Path) -> Option<Kept<T>> {
    serde_json::from_slice(&platform::read(path).ok()?).ok()
}

/// Kept only below a root that is one already, and ours: listing what can be installed creates nothing.
fn keep<T: Serialize>(access: Access<'_>, path: &Path, kept: &Kept<T>) -> Result<(), String> {
    let is_ours = platform::is_ours(platform::path(access.layout.root()));
    if !is_ours || !platform::path(&access.layout.format()).exists() {
        return Ok(());
    }
    let folder = path.parent().ok_or("it has no folder")?;
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let content = serde_json::to_vec(kept).map_err(|error| error.to_string())?;
    atomic::write(path, &content).map_err(|error| error.to_string())
}

fn now() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_reads_as_people_say_it() {
        let table = [
            (30, "less than a minute old"),
            (60, "1 minute old"),
            (7200, "2 hours old"),
            (86_400, "24 hours old"),
            (400_000, "4 days old"),
        ];
        for (seconds, text) in table {
            assert_eq!(Age(Duration::from_secs(seconds)).to_string(), text);
        }
    }
}
