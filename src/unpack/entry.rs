//! What a safe entry name is, and where below GOROOT it leads. Pure: no archive, no disk.
//!
//! The characters are those of Go's own rule (`module.CheckFilePath`) as far as Go's trees use
//! them. How an entry's name stands to the others of its archive is not here: `names` knows.

use gvm_core::module;
use thiserror::Error;

use super::Shape;

/// Where an entry leads. Paths are below GOROOT, with slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// GOROOT itself.
    Top,
    /// A folder.
    Folder(String),
    /// A regular file.
    File(String),
}

/// Why an entry is refused, whatever its content is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unsafe {
    /// No characters at all.
    #[error("its name is empty")]
    Empty,
    /// Bytes that are no text.
    #[error("its name is not UTF-8")]
    NotUtf8,
    /// A leading slash.
    #[error("its name is absolute")]
    Absolute,
    /// `a//b`, or a file whose name ends in a slash.
    #[error("its name has an empty element")]
    EmptyElement,
    /// `.`, `..`, and what some systems make of `...`.
    #[error("its name has an element of dots only")]
    Dots,
    /// A control character, a backslash, a colon (a drive or a stream on Windows), a wildcard, a
    /// letter that may be written in two ways.
    #[error("its name has the character {}", told_apart(*.0))]
    Character(char),
    /// Windows drops them, so that two names become one.
    #[error("its name has an element that ends in a dot or a blank")]
    TrailingDotOrBlank,
    /// A device on Windows, whatever follows the first dot.
    #[error("its name has the element `{0}`, a device on Windows")]
    Device(String),
    /// More bytes below GOROOT than `Limits::path`.
    #[error("its path is longer than {0} bytes")]
    TooLong(usize),
    /// Not in the one folder that everything must be in.
    #[error("its name does not begin with `{0}`")]
    Outside(String),
    /// A folder in a module zip: Go's have none, and the module's hash would count it as a file.
    #[error("it is a folder, and a module has only files")]
    FolderInModule,
    /// A `go.mod` in a module zip, where all are called `_go.mod`.
    #[error("it is a `go.mod`, and in a module they are called `_go.mod`")]
    GoModInModule,
    /// A `_go.mod` in an archive. The module hash has the same line for it as for a `go.mod`, so it
    /// would prove a tree that does not build.
    #[error("it is a `_go.mod`, which only a module may have")]
    RenamedGoMod,
    /// A link, a device, a pipe, …: `{0}` says which.
    #[error("it is {0}, not a file or a folder")]
    Kind(&'static str),
    /// The same name once more.
    #[error("its name stands there twice")]
    Duplicate,
    /// The same name but for the case: one file where file systems do not see the difference.
    #[error("its name differs from `{0}` only in case")]
    Case(String),
    /// A file where another entry needs a folder, or the other way round.
    #[error("`{0}` is a file and a folder")]
    FileAndFolder(String),
}

/// The place that an entry called `name` has in a tree of `shape`; `folder` says what the archive
/// declares it to be. At most `longest` bytes of path are allowed.
pub fn place(name: &[u8], folder: bool, shape: &Shape, longest: usize) -> Result<Place, Unsafe> {
    let name = str::from_utf8(name).map_err(|_| Unsafe::NotUtf8)?;
    let name = if folder { name.strip_suffix('/').unwrap_or(name) } else { name };
    check(name)?;
    let top = shape.top();
    if folder && name == top {
        return if shape.is_module() { Err(Unsafe::FolderInModule) } else { Ok(Place::Top) };
    }
    let path = name
        .strip_prefix(&*top)
        .and_then(|below| below.strip_prefix('/'))
        .ok_or_else(|| Unsafe::Outside(format!("{top}/")))?;
    if path.len() > longest {
        return Err(Unsafe::TooLong(longest));
    }
    match shape {
        Shape::Module { .. } if folder => Err(Unsafe::FolderInModule),
        Shape::Module { .. } => {
            module::path_in_goroot(path).map(Place::File).ok_or(Unsafe::GoModInModule)
        }
        Shape::Archive { .. } if folder => Ok(Place::Folder(String::from(path))),
        Shape::Archive { .. } if path.rsplit('/').next() == Some("_go.mod") => {
            Err(Unsafe::RenamedGoMod)
        }
        Shape::Archive { .. } => Ok(Place::File(String::from(path))),
    }
}

/// An entry's name as an error may show it: escaped, and at most 80 characters of it.
pub(super) fn shown(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    let mut shown: String = text.chars().take(80).flat_map(char::escape_debug).collect();
    if text.chars().nth(80).is_some() {
        shown.push('…');
    }
    shown
}

/// A character with what tells it from another that looks the same, as the Kelvin sign from a K.
fn told_apart(c: char) -> String {
    if c.is_ascii() { format!("{c:?}") } else { format!("{c:?} (U+{:04X})", u32::from(c)) }
}

fn check(name: &str) -> Result<(), Unsafe> {
    if name.is_empty() {
        return Err(Unsafe::Empty);
    }
    if name.starts_with('/') {
        return Err(Unsafe::Absolute);
    }
    name.split('/').try_for_each(check_element)
}

fn check_element(element: &str) -> Result<(), Unsafe> {
    if element.is_empty() {
        return Err(Unsafe::EmptyElement);
    }
    if let Some(odd) = element.chars().find(|&c| !is_allowed(c)) {
        return Err(Unsafe::Character(odd));
    }
    if element.bytes().all(|byte| byte == b'.') {
        return Err(Unsafe::Dots);
    }
    if element.ends_with(['.', ' ']) {
        return Err(Unsafe::TrailingDotOrBlank);
    }
    if is_device(element) {
        return Err(Unsafe::Device(String::from(element)));
    }
    Ok(())
}

/// ASCII as `module.CheckFilePath` has it; beyond it the letters of Latin-1, for the sake of one
/// folder of Go's own: `test/fixedbugs/issue27836.dir` holds `Þfoo.go` (`Äfoo.go` in older
/// releases). Without combining marks each has one spelling only; `names` knows how they fold.
fn is_allowed(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => true,
        '!' | '#' | '$' | '%' | '&' | '(' | ')' | '+' | ',' | '-' | '.' | '=' | '@' | '[' | ']'
        | '^' | '_' | '{' | '}' | '~' | ' ' => true,
        '\u{c0}'..='\u{ff}' => c != '×' && c != '÷',
        _ => false,
    }
}

/// What Windows opens as a device:
/// <https://learn.microsoft.com/windows/win32/fileio/naming-a-file>. (COM¹ and its like hold no
/// allowed character.)
fn is_device(element: &str) -> bool {
    let base = element.split('.').next().unwrap_or(element).trim_end();
    let is = |name: &str| base.eq_ignore_ascii_case(name);
    if ["con", "prn", "aux", "nul", "conin$", "conout$"].iter().any(|name| is(name)) {
        return true;
    }
    let Some((kind, number)) = base.split_at_checked(3) else { return false };
    (kind.eq_ignore_ascii_case("com") || kind.eq_ignore_ascii_case("lpt"))
        && number.len() == 1
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;
    use crate::unpack::LIMITS;

    const ARCHIVE: Shape = Shape::Archive { covered_only: false };

    fn module() -> Shape {
        Shape::Module { version: String::from("v0.0.1-go1.22.4.linux-amd64") }
    }

    fn file(name: &str, shape: &Shape) -> Result<Place, Unsafe> {
        place(name.as_bytes(), false, shape, LIMITS.path)
    }

    #[test]
    fn every_rule_refuses_its_names() {
        use Unsafe::*;
        let character = [
            ('\0', "go/a\0b"),
            ('\n', "go/a\nb"),
            ('\u{7f}', "go/\u{7f}"),
            ('\\', "go\\..\\x"),
            (':', "C:/go/x"),
            (':', "go/x:stream"),
            ('*', "go/*"),
            ('?', "go/?"),
            ('"', "go/\""),
            ('<', "go/<"),
            ('>', "go/>"),
            ('|', "go/|"),
            ('\'', "go/'"),
            ('`', "go/`"),
            (';', "go/;"),
            ('\u{2028}', "go/\u{2028}"),
            ('\u{308}', "go/A\u{308}foo.go"),
            ('×', "go/×"),
            ('÷', "go/÷"),
            ('\u{17f}', "go/\u{17f}rc"),
            ('\u{212a}', "go/\u{212a}"),
            ('¹', "go/com¹"),
            ('\u{202e}', "go/\u{202e}"),
        ];
        for (odd, name) in character {
            assert_eq!(file(name, &ARCHIVE), Err(Character(odd)), "{name:?}");
        }
        let outside = || Outside(String::from("go/"));
        let rules = [
            ("", Empty),
            ("/", Absolute),
            ("/etc/passwd", Absolute),
            ("//server/share/x", Absolute),
            ("go//x", EmptyElement),
            ("go/x/", EmptyElement),
            ("..", Dots),
            ("../x", Dots),
            ("go/../../x", Dots),
            ("go/./x", Dots),
            ("./go/x", Dots),
            ("go/.../x", Dots),
            ("go/x.", TrailingDotOrBlank),
            ("go/x /y", TrailingDotOrBlank),
            ("go/ ", TrailingDotOrBlank),
            ("go/src/_go.mod", RenamedGoMod),
            ("go/_go.mod", RenamedGoMod),
            ("x", outside()),
            ("go", outside()),
            ("gox/y", outside()),
            ("Go/x", outside()),
            ("golang.org/toolchain@v/x", outside()),
        ];
        for (name, rule) in rules {
            assert_eq!(file(name, &ARCHIVE), Err(rule), "{name:?}");
        }
        for device in [
            "con",
            "NUL",
            "aux.go",
            "Com1",
            "lpt9.tar.gz",
            "COM0",
            "prn",
            "nul .txt",
            "CONOUT$",
            "conin$",
        ] {
            assert_eq!(file(&format!("go/{device}"), &ARCHIVE), Err(Device(String::from(device))));
        }
    }

    #[test]
    fn names_of_real_trees_are_safe() {
        for path in [
            "VERSION",
            "bin/go",
            ".github/x",
            "src/a b",
            "src/.x",
            "src/go.mod",
            "src/com/common.go",
            "src/com12/lpt",
            "src/cmd/go/testdata/mod/example.com_!dot@v1.0.txt",
            "test/fixedbugs/issue27836.dir/Þfoo.go",
            "src/x..y",
            "src/auxv.go",
        ] {
            assert_eq!(file(&format!("go/{path}"), &ARCHIVE), Ok(Place::File(String::from(path))));
        }
    }

    #[test]
    fn a_path_may_be_so_long_and_no_longer() {
        let longest = "x".repeat(240);
        assert!(file(&format!("go/{longest}"), &ARCHIVE).is_ok());
        assert_eq!(file(&format!("go/{longest}x"), &ARCHIVE), Err(Unsafe::TooLong(240)));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert_eq!(place(b"go/\xff", false, &ARCHIVE, 240), Err(Unsafe::NotUtf8));
    }

    #[test]
    fn a_module_has_its_own_top_its_own_go_mod_and_no_folders() {
        let top = "golang.org/toolchain@v0.0.1-go1.22.4.linux-amd64";
        let in_module = |path: &str| file(&format!("{top}/{path}"), &module());
        assert_eq!(in_module("src/_go.mod"), Ok(Place::File(String::from("src/go.mod"))));
        assert_eq!(in_module("src/go.mod"), Err(Unsafe::GoModInModule));
        assert_eq!(in_module("go.mod"), Err(Unsafe::GoModInModule));
        assert_eq!(file("go/VERSION", &module()), Err(Unsafe::Outside(format!("{top}/"))));
        for folder in [format!("{top}/"), format!("{top}/src/")] {
            assert_eq!(place(folder.as_bytes(), true, &module(), 240), Err(Unsafe::FolderInModule));
        }
    }

    #[test]
    fn an_archive_may_name_its_folders() {
        let folder = |name: &str| place(name.as_bytes(), true, &ARCHIVE, 240);
        assert_eq!(folder("go/"), Ok(Place::Top));
        assert_eq!(folder("go"), Ok(Place::Top));
        assert_eq!(folder("go/src/"), Ok(Place::Folder(String::from("src"))));
        assert_eq!(folder("go/src//"), Err(Unsafe::EmptyElement));
        assert_eq!(folder("bin/"), Err(Unsafe::Outside(String::from("go/"))));
        assert_eq!(folder("/"), Err(Unsafe::Empty));
    }

    #[test]
    fn a_character_is_told_from_one_that_looks_the_same() {
        let refusal = |odd| Unsafe::Character(odd).to_string();
        assert_eq!(refusal('\u{212a}'), "its name has the character '\u{212a}' (U+212A)");
        assert_eq!(refusal('*'), "its name has the character '*'");
    }

    #[test]
    fn a_name_is_shown_escaped_and_short() {
        assert_eq!(shown(b"a\n\x1b[31m\xff"), "a\\n\\u{1b}[31m\u{fffd}");
        assert_eq!(shown("ä".repeat(81).as_bytes()), format!("{}…", "ä".repeat(80)));
    }

    proptest! {
        #[test]
        fn what_is_safe_stays_below_the_top(
            name in "(go/)?[a-zA-Z./\\\\: ~\u{0}Ä]{0,24}",
            folder: bool,
        ) {
            let place = place(name.as_bytes(), folder, &ARCHIVE, 240);
            let Ok(Place::File(path) | Place::Folder(path)) = place else { return Ok(()) };
            let parts: Vec<_> = Path::new(&path).components().collect();
            prop_assert!(parts.iter().all(|part| matches!(part, Component::Normal(_))));
            prop_assert_eq!(parts.len(), path.split('/').count());
        }
    }
}
