//! This process's command line on Windows, as it came: one text, which each program takes apart by itself.

use windows_sys::Win32::System::Environment::GetCommandLineW;

/// The command line of this process behind the program's name, blanks and all.
pub fn tail() -> Vec<u16> {
    // SAFETY: the system gives a text that ends with a zero and stays for the whole process.
    let line = unsafe { GetCommandLineW() };
    let mut length = 0;
    // SAFETY: the zero at the end has not been reached yet.
    while unsafe { *line.add(length) } != 0 {
        length += 1;
    }
    // SAFETY: so many characters stand there, and nobody changes them.
    let line = unsafe { std::slice::from_raw_parts(line, length) };
    behind_name(line).to_vec()
}

const BLANKS: [u16; 2] = [b' ' as u16, b'\t' as u16];
const QUOTE: u16 = b'"' as u16;
const BACKSLASH: u16 = b'\\' as u16;

/// What follows the program's name: quotes keep blanks together, and nothing else means anything in it.
///
/// Source: `CommandLineToArgvW`, and the C library's rules,
/// <https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments>.
pub fn behind_name(line: &[u16]) -> &[u16] {
    let mut is_quoted = false;
    let end = line.iter().position(|unit| {
        is_quoted ^= *unit == QUOTE;
        !is_quoted && BLANKS.contains(unit)
    });
    &line[end.unwrap_or(line.len())..]
}

/// What follows one more argument, with the blanks before it. By the same rules: backslashes escape only before a quote,
/// and two quotes within quotes are one that is meant.
pub fn behind_argument(tail: &[u16]) -> &[u16] {
    let start = tail.iter().position(|unit| !BLANKS.contains(unit)).unwrap_or(tail.len());
    let (mut at, mut is_quoted) = (start, false);
    while at < tail.len() && (is_quoted || !BLANKS.contains(&tail[at])) {
        let slashes = tail[at..].iter().take_while(|unit| **unit == BACKSLASH).count();
        at += slashes;
        if slashes % 2 == 1 && tail.get(at) == Some(&QUOTE) {
            at += 1;
        } else if tail.get(at) == Some(&QUOTE) {
            let is_meant = is_quoted && tail.get(at + 1) == Some(&QUOTE);
            is_quoted ^= !is_meant;
            at += if is_meant { 2 } else { 1 };
        } else if slashes == 0 {
            at += 1;
        }
    }
    &tail[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    #[test]
    fn what_follows_the_name_stays_as_it_is() {
        for (line, tail) in [
            ("go", ""),
            ("go  build", "  build"),
            ("\"C:\\a b\\go.exe\" \"x\"", " \"x\""),
            ("C:\\a\" b\"\\go.exe\tx\\\"", "\tx\\\""),
            ("\"unended build", ""),
        ] {
            assert_eq!(behind_name(&wide(line)), wide(tail), "{line}");
        }
    }

    #[test]
    fn an_argument_ends_where_the_c_library_ends_it() {
        for (tail, rest) in [
            (" +1.22  build", "  build"),
            (" \"+1.22\" build", " build"),
            ("\t+\">=1.21 <1.23\" x", " x"),
            (" a\\\"b c", " c"),
            (" a\\\\\"b c\" d", " d"),
            (" \"a \"\" b\" c", " c"),
            (" a\\\\ b", " b"),
            (" \"\" b", " b"),
            ("", ""),
        ] {
            assert_eq!(behind_argument(&wide(tail)), wide(rest), "{tail}");
        }
    }
}
