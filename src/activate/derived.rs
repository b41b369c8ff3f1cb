//! What is derived from the installed versions, brought in step with them: the shims, the link to the gvm that made them,
//! and the list that spares a shim the folder of links. A crash before it loses nothing: the next change does it.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gvm_core::installed;
use gvm_core::layout::Layout;
use gvm_core::tag::Tag;
use gvm_core::world::Modified;

use super::shims;
use crate::atomic;
use crate::checkpoint;
use crate::platform;
use crate::store::{StoreError, WriteLock, at};

/// Brings all of it in step.
///
/// # Errors
/// When the shims cannot be. Without the link and the list everything works, if slower.
pub fn refresh(layout: &Layout, lock: &WriteLock) -> Result<(), StoreError> {
    let folder = layout.versions();
    let folder = platform::path(&folder);
    let tags = tags(folder).map_err(at("list", folder))?;
    shims::refresh(layout, lock, &tags)?;
    checkpoint::reach("derived.shims-refreshed");
    let _ = point_to_command(layout);
    checkpoint::reach("derived.command-linked");
    let _ = write_list(layout, folder, &tags);
    checkpoint::reach("derived.listed");
    Ok(())
}

/// Whether what one installed version is called by is there: its link, and the shims.
pub fn has(layout: &Layout, tag: &Tag) -> bool {
    let link = platform::read_link(platform::path(&layout.version_link(&tag.to_string())));
    let leads = link.is_some_and(|link| layout.hash_of_link(&link) == Some(&*tag.hash8()));
    leads && shims::are_there(layout, (!tag.is_foreign()).then(|| tag.version()))
}

fn tags(folder: &Path) -> io::Result<Vec<Tag>> {
    let names = fs::read_dir(folder)?.flatten();
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    Ok(names.filter_map(|name| Tag::parse(&name).ok()).collect())
}

fn point_to_command(layout: &Layout) -> io::Result<()> {
    let command = platform::own_program()?;
    let link = layout.command();
    let link = platform::path(&link);
    if platform::read_link(link).is_some_and(|old| old == platform::bytes(&command)) {
        return Ok(());
    }
    if cfg!(windows) {
        // A junction leads to a folder only; every reader takes a file that holds the path.
        let text = platform::bytes(&command);
        return atomic::write(link, &text).map_err(|error| error.source);
    }
    platform::replace_link(command.as_os_str(), link)
}

/// The list counts while the folder's time is the one that it holds. That time is set to one in the past, which no change
/// can leave behind: one that follows at once could have the same time as the listing.
fn write_list(layout: &Layout, folder: &Path, known: &[Tag]) -> io::Result<()> {
    let list = layout.installed_list();
    let list = platform::path(&list);
    let old = platform::read(list).unwrap_or_default();
    if modified(folder).is_some_and(|time| installed::written(time, known) == old) {
        return Ok(());
    }
    platform::set_modified(folder, SystemTime::now() - Duration::from_secs(60))?;
    checkpoint::reach("derived.time-set");
    let Some(time) = modified(folder) else { return Ok(()) };
    // Listed again, after the time was set: a change in between moves it on.
    atomic::write(list, &installed::written(time, &tags(folder)?)).map_err(|error| error.source)
}

fn modified(folder: &Path) -> Option<Modified> {
    let since = fs::metadata(folder).ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Modified { seconds: since.as_secs(), nanoseconds: since.subsec_nanos() })
}
