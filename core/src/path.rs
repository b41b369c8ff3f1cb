//! Paths as byte strings: join, parent, last part. Only lexical; files are [`crate::world::World`]'s business.

use alloc::vec::Vec;

/// What programs' names end in.
#[cfg(windows)]
pub const PROGRAM_SUFFIX: &[u8] = b".exe";
/// What programs' names end in.
#[cfg(not(windows))]
pub const PROGRAM_SUFFIX: &[u8] = b"";

/// What separates the parts of a path that gvm writes.
#[cfg(windows)]
pub const SEPARATOR: u8 = b'\\';
/// What separates the parts of a path that gvm writes.
#[cfg(not(windows))]
pub const SEPARATOR: u8 = b'/';

/// What separates the entries of PATH.
#[cfg(windows)]
pub const LIST_SEPARATOR: u8 = b';';
/// What separates the entries of PATH.
#[cfg(not(windows))]
pub const LIST_SEPARATOR: u8 = b':';

/// Whether the byte separates parts of a path here.
pub fn is_separator(byte: u8) -> bool {
    byte == SEPARATOR || byte == b'/'
}

/// `folder` and `name` with one separator between them.
pub fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = Vec::with_capacity(folder.len() + 1 + name.len());
    path.extend_from_slice(folder);
    if !folder.last().copied().is_some_and(is_separator) {
        path.push(SEPARATOR);
    }
    path.extend_from_slice(name);
    path
}

/// The folder that holds `path`: None for a root (`/`, `C:\`) and for a bare name.
pub fn parent(path: &[u8]) -> Option<&[u8]> {
    let path = trimmed(path);
    let cut = path.iter().rposition(|byte| is_separator(*byte))?;
    let root = root_length(path);
    if path.len() <= root {
        return None;
    }
    Some(trimmed(&path[..cut.max(root)]))
}

/// The last part of `path`.
pub fn file_name(path: &[u8]) -> &[u8] {
    let path = trimmed(path);
    path.iter().rposition(|byte| is_separator(*byte)).map_or(path, |cut| &path[cut + 1..])
}

/// An absolute `path` without empty parts, `.` and `..`, by its name alone, as Go's `path/filepath.Clean` has it.
pub fn clean(path: &[u8]) -> Vec<u8> {
    let root = root_length(path);
    let mut whole = path[..root].to_vec();
    for part in path[root..].split(|byte| is_separator(*byte)) {
        match part {
            b"" | b"." => {}
            b".." => {
                let up = parent(&whole).map_or(root, <[u8]>::len);
                whole.truncate(up);
            }
            _ => whole = join(&whole, part),
        }
    }
    whole
}

/// Whether both name the same place as they are written: on Windows in whatever case, and with either separator.
pub fn is_same_name(one: &[u8], other: &[u8]) -> bool {
    let (one, other) = (trimmed(one), trimmed(other));
    if !cfg!(windows) {
        return one == other;
    }
    let is_same =
        |(a, b): (&u8, &u8)| a.eq_ignore_ascii_case(b) || is_separator(*a) && is_separator(*b);
    one.len() == other.len() && one.iter().zip(other).all(is_same)
}

/// Whether `path` names one place whatever the working directory is.
pub fn is_absolute(path: &[u8]) -> bool {
    root_length(path) > 0
}

/// How many bytes of `path` are its root: `/`, `C:\`, `\\server\share\`; none for a relative path.
fn root_length(path: &[u8]) -> usize {
    if !cfg!(windows) {
        return usize::from(path.first() == Some(&b'/'));
    }
    match path {
        [a, b, rest @ ..] if is_separator(*a) && is_separator(*b) => {
            let mut cuts = rest.iter().enumerate().filter(|(_, byte)| is_separator(**byte));
            cuts.nth(1).map_or(path.len(), |(at, _)| at + 3)
        }
        [drive, b':', separator, ..] if drive.is_ascii_alphabetic() && is_separator(*separator) => {
            3
        }
        _ => 0,
    }
}

/// Without separators at the end, unless they are the root itself.
fn trimmed(path: &[u8]) -> &[u8] {
    let mut end = path.len();
    while end > root_length(path) && is_separator(path[end - 1]) {
        end -= 1;
    }
    &path[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(not(windows))]
    #[test]
    fn walking_up_ends_at_the_root() {
        let mut at: &[u8] = b"/a/b//c/";
        let mut seen = Vec::new();
        while let Some(up) = parent(at) {
            seen.push(up);
            at = up;
        }
        assert_eq!(seen, [&b"/a/b"[..], b"/a", b"/"]);
        assert_eq!(parent(b"name"), None);
        assert_eq!(file_name(b"/a/b//c/"), b"c");
        assert_eq!(join(b"/", b"x"), b"/x");
    }

    #[cfg(not(windows))]
    #[test]
    fn a_clean_path_has_no_way_back() {
        for (path, clean_path) in [
            (&b"/a/b"[..], &b"/a/b"[..]),
            (b"//a/./b//", b"/a/b"),
            (b"/a/../b/c/..", b"/b"),
            (b"/../..", b"/"),
            (b"/a/..", b"/"),
            (b"/", b"/"),
        ] {
            assert_eq!(clean(path), clean_path);
        }
    }

    #[cfg(windows)]
    #[test]
    fn walking_up_ends_at_the_drive_or_the_share() {
        assert_eq!(parent(b"C:\\a"), Some(&b"C:\\"[..]));
        assert_eq!(parent(b"C:\\"), None);
        assert_eq!(parent(b"\\\\server\\share\\x"), Some(&b"\\\\server\\share\\"[..]));
        assert_eq!(parent(b"\\\\server\\share\\"), None);
        assert!(!is_absolute(b"C:a") && !is_absolute(b"\\a"));
        assert!(is_same_name(b"C:\\Users\\me", b"c:/users/ME\\"));
        assert!(!is_same_name(b"C:\\a", b"C:\\b"));
    }
}
