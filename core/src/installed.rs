//! Which tags are installed, and the newest of them that fits.
//!
//! The truth is the folder `versions`. To list hundreds of links takes longer than all else that a shim does, so there is
//! also a list in one file, written by whoever changes the folder. It counts only while the folder's time of modification
//! is the one that the list holds: whoever else changes the folder moves that, and the folder is listed again.

#[cfg(all(test, not(windows)))]
use alloc::string::String;
use alloc::vec::Vec;

use crate::layout::Layout;
use crate::spec::{Kind, Selector, Spec};
use crate::tag::Tag;
use crate::version::Version;
use crate::world::{Modified, World};

/// A list of so many bytes is read: some fifty thousand tags.
const LIMIT: usize = 1024 * 1024;

/// The tags of all installed versions, foreign targets too, in no order.
pub fn tags(world: &dyn World, layout: &Layout) -> Vec<Tag> {
    let mut tags = Vec::new();
    world.list(&layout.versions(), &mut |name| tags.extend(parse(name)));
    tags
}

/// Whether the folder of links holds exactly this name.
pub(crate) fn is_listed(world: &dyn World, layout: &Layout, tag: &str) -> bool {
    let mut is_listed = false;
    world.list(&layout.versions(), &mut |name| is_listed |= name == tag.as_bytes());
    is_listed
}

/// The newest installed version for this machine that fits and that `whole` finds.
pub(crate) fn newest<T>(
    world: &dyn World,
    layout: &Layout,
    spec: &Spec,
    whole: &dyn Fn(&Version) -> Option<T>,
) -> Option<T> {
    let is_ours = |tag: &Tag| !tag.is_foreign();
    if !matches!(spec.kind(), Kind::Select(Selector::OldStable))
        && let Some(list) = list(world, layout)
    {
        // The newest come first.
        return lines(&list).skip(1).filter(|line| may_fit(spec, line)).find_map(|line| {
            let tag = parse(line).filter(is_ours)?;
            if spec.admits(tag.version()) { whole(tag.version()) } else { None }
        });
    }
    let mut tags: Vec<Tag> = Vec::new();
    world.list(&layout.versions(), &mut |name| {
        if may_fit(spec, name) {
            tags.extend(parse(name).filter(is_ours));
        }
    });
    while let Some(version) = spec.pick(tags.iter().map(Tag::version)) {
        if let Some(found) = whole(version) {
            return Some(found);
        }
        let gone = version.clone();
        tags.retain(|tag| *tag.version() != gone);
    }
    None
}

/// The list as it is written: the folder's time of modification, then the tags, newest first, a line each.
pub fn written(modified: Modified, tags: &[Tag]) -> Vec<u8> {
    let mut tags: Vec<&Tag> = tags.iter().collect();
    tags.sort_by(|a, b| b.version().cmp(a.version()).then_with(|| a.cmp(b)));
    let mut text = alloc::format!("{} {}\n", modified.seconds, modified.nanoseconds);
    for tag in tags {
        text.push_str(&alloc::format!("{tag}\n"));
    }
    text.into_bytes()
}

/// The list, if it tells what the folder holds now.
fn list(world: &dyn World, layout: &Layout) -> Option<Vec<u8>> {
    let list = world.read(&layout.installed_list(), LIMIT).ok()?;
    let mut numbers = lines(&list).next()?.split(|byte| *byte == b' ').map(number);
    let modified =
        Modified { seconds: numbers.next()??, nanoseconds: u32::try_from(numbers.next()??).ok()? };
    // A list that broke off has no end to its last line.
    (list.ends_with(b"\n") && world.modified(&layout.versions())? == modified).then_some(list)
}

fn number(digits: &[u8]) -> Option<u64> {
    core::str::from_utf8(digits).ok()?.parse().ok()
}

fn lines(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == b'\n')
}

fn parse(name: &[u8]) -> Option<Tag> {
    Tag::parse(core::str::from_utf8(name).ok()?).ok()
}

/// Whether a tag of this text may fit. To read each of hundreds would take longer than to look at how it begins.
fn may_fit(spec: &Spec, tag: &[u8]) -> bool {
    let Kind::Select(Selector::Line(line)) = spec.kind() else { return true };
    let Some(rest) = tag.strip_prefix(b"go") else { return false };
    // The first release of all is called `go1`.
    rest == b"1" || line.strip_from(rest).is_some_and(|rest| matches!(rest, [] | [b'.', ..]))
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::*;
    use crate::world::memory::Memory;

    const NOW: Modified = Modified { seconds: 17, nanoseconds: 4 };

    fn tag(text: &str) -> Tag {
        Tag::parse(text).unwrap()
    }

    fn newest_of(world: &Memory, spec: &str) -> Option<String> {
        let spec = Spec::parse(spec.as_bytes()).unwrap();
        let whole = |version: &Version| Some(version.tag()).filter(|tag| tag != "go1.22.11");
        newest(world, &Layout::new(b"/r".to_vec()), &spec, &whole)
    }

    fn folder() -> Memory {
        let names = ["go1.20.14", "go1.22.9", "go1.22.10", "go1.22.11", "go1.23rc1", "go1", "x"];
        let link =
            |world: Memory, name| world.link(&alloc::format!("/r/versions/{name}"), "../0a0a0a0a");
        names.into_iter().fold(Memory::new("/"), link)
    }

    #[test]
    fn the_list_answers_as_the_folder_does() {
        let list = written(NOW, &tags(&folder(), &Layout::new(b"/r".to_vec())));
        let listed = folder().modified("/r/versions", NOW).file("/r/cache/installed", &list);
        for spec in ["1.22", "1.20", "1.0", "1.21", "latest", "oldstable", "1.23rc", ">=1.20 <1.22"]
        {
            assert_eq!(newest_of(&listed, spec), newest_of(&folder(), spec), "{spec}");
        }
        assert_eq!(newest_of(&listed, "1.22").as_deref(), Some("go1.22.10"));
    }

    #[test]
    fn a_list_of_another_time_or_that_broke_off_does_not_count() {
        let list = written(NOW, &[tag("go1.22.9")]);
        let world = folder().modified("/r/versions", NOW).file("/r/cache/installed", &list);
        assert_eq!(newest_of(&world, "1.22").as_deref(), Some("go1.22.9"));
        for (seconds, nanoseconds) in [(18, 4), (17, 5)] {
            let world = world.clone().modified("/r/versions", Modified { seconds, nanoseconds });
            assert_eq!(newest_of(&world, "1.22").as_deref(), Some("go1.22.10"));
        }
        for broken in [&list[..list.len() - 1], b"17 4", b"", b"17\n", b"x 4\ngo1.22.9\n"] {
            let world = world.clone().file("/r/cache/installed", broken);
            assert_eq!(newest_of(&world, "1.22").as_deref(), Some("go1.22.10"));
        }
    }

    #[test]
    fn the_newest_stand_first() {
        let tags = ["go1.9.2", "go1.22.9", "go1.22.10", "go1.22.10.windows-amd64"].map(tag);
        let text = "17 4\ngo1.22.10\ngo1.22.10.windows-amd64\ngo1.22.9\ngo1.9.2\n";
        assert_eq!(written(NOW, &tags), text.as_bytes());
    }
}
