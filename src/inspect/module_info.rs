//! The text about a program's modules and settings, as `runtime/debug` writes it: lines of words separated by tabs. A
//! line that is not understood is passed over.

use super::binary::{Go, Module};
use super::text::shown;

/// No program has more of either.
const MOST: usize = 20_000;

/// What a program of this version says about itself.
pub fn parse(version: String, text: &[u8]) -> Go {
    let mut go = Go { version, ..Go::default() };
    let mut last = Last::None;
    for line in text.split(|byte| *byte == b'\n') {
        let mut columns = line.split(|byte| *byte == b'\t');
        let word = columns.next().unwrap_or_default();
        let rest = line.get(word.len() + 1..).unwrap_or_default();
        match word {
            b"path" => go.path = Some(shown(rest)),
            b"mod" => {
                go.main = Some(module(columns));
                last = Last::Main;
            }
            b"dep" if go.dependencies.len() < MOST => {
                go.dependencies.push(module(columns));
                last = Last::Dependency;
            }
            b"=>" => {
                let replaced = match last {
                    Last::None => None,
                    Last::Main => go.main.as_mut(),
                    Last::Dependency => go.dependencies.last_mut(),
                };
                if let Some(replaced) = replaced {
                    replaced.replace = Some(Box::new(module(columns)));
                }
                last = Last::None;
            }
            b"build" if go.settings.len() < MOST => go.settings.extend(setting(rest)),
            _ => {}
        }
    }
    go
}

/// What a line that begins with `=>` is about.
enum Last {
    None,
    Main,
    Dependency,
}

fn module<'a>(mut columns: impl Iterator<Item = &'a [u8]>) -> Module {
    let mut next = || shown(columns.next().unwrap_or_default());
    Module { path: next(), version: next(), sum: next(), replace: None }
}

/// `KEY=VALUE`, either of them quoted where it holds blanks.
fn setting(text: &[u8]) -> Option<(String, String)> {
    let text = std::str::from_utf8(text).ok()?;
    let (key, rest) = match text.chars().next()? {
        '"' | '`' => unquoted(text)?,
        _ => {
            let end = text.find('=')?;
            (text[..end].to_owned(), &text[end..])
        }
    };
    let value = rest.strip_prefix('=')?;
    let value = match value.chars().next() {
        Some('"' | '`') => unquoted(value)?.0,
        _ => value.to_owned(),
    };
    (!key.is_empty()).then(|| (shown(key.as_bytes()), shown(value.as_bytes())))
}

/// A Go string literal at the beginning of a text, and what follows it. The escapes are those that `strconv.Quote` makes
/// of printable text; others stay as they are.
fn unquoted(text: &str) -> Option<(String, &str)> {
    if let Some(raw) = text.strip_prefix('`') {
        return raw.split_once('`').map(|(value, rest)| (value.to_owned(), rest));
    }
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => match chars.next()?.1 {
                't' => value.push('\t'),
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                escaped @ ('"' | '\\') => value.push(escaped),
                other => value.extend(['\\', other]),
            },
            char => value.push(char),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "path\texample.com/tool\n\
        mod\texample.com/m\tv1.2.3\th1:main=\n\
        dep\texample.com/a\tv1.0.0\n\
        =>\texample.com/b\tv1.1.0\th1:b=\n\
        dep\texample.com/c\tv0.1.0\th1:c=\n\
        build\t-compiler=gc\n\
        build\t-ldflags=\"-X \\\"a=b c\\\"\"\n\
        build\t`odd key`=x\n\
        build\tvcs.modified=\n";

    #[test]
    fn the_lines_are_what_go_wrote() {
        let go = parse("go1.27.4".into(), TEXT.as_bytes());
        assert_eq!(go.path.as_deref(), Some("example.com/tool"));
        assert_eq!(go.main.as_ref().unwrap().sum, "h1:main=");
        assert_eq!(go.dependencies.len(), 2);
        let replace = go.dependencies[0].replace.as_ref().unwrap();
        assert_eq!((replace.path.as_str(), replace.sum.as_str()), ("example.com/b", "h1:b="));
        assert_eq!(go.dependencies[1].replace, None);
        assert_eq!(go.setting("-ldflags"), Some("-X \"a=b c\""));
        assert_eq!(go.setting("odd key"), Some("x"));
        assert_eq!(go.setting("vcs.modified"), Some(""));
    }

    #[test]
    fn what_is_not_understood_is_passed_over() {
        for text in [
            &b""[..],
            b"\n\n\t\t\n",
            b"=>\ta\tb\tc\n",
            b"build\n",
            b"build\t\n",
            b"build\t=x\n",
            b"build\t\"open\n",
            b"build\t\"a\\",
            b"build\tx\n",
            b"nothing\n",
            b"build\t\xff=1\n",
        ] {
            let go = parse(String::new(), text);
            assert_eq!(go, Go::default(), "{text:?}");
        }
    }
}
