//! A small program that stands in for scripts where the system runs none: on Windows. The script follows the program's
//! own bytes in its file, as `tests/stage/fake.rs` puts it there, so that one program with different words can be
//! packed into releases as `go.exe`. Without a script it is called as a shell is: `-c WORDS NAME ARGUMENTS`.
//!
//! It knows as much of the shell's language as the tests' scripts use, and refuses all else.

#![allow(clippy::disallowed_methods, reason = "what a shell does is done to the process")]
#![allow(clippy::print_stderr, reason = "a shell prints")]

mod parse;
mod run;

use std::process::exit;

/// What the file ends with where it holds a script: before it the script's length in eight bytes, before them the script.
const MARK: &[u8] = b"\0script\0";

fn main() {
    let own = std::env::current_exe().expect("the system knows what it started");
    let own_path = own.to_string_lossy().into_owned();
    let mut arguments = std::env::args().skip(1);
    // A shell, too, opens the script once more, and it may be gone by then.
    let Ok(file) = std::fs::read(&own) else { exit(2) };
    let (text, name) = match script(&file) {
        Some(text) => (text, own_path),
        None => {
            assert_eq!(arguments.next().as_deref(), Some("-c"), "there is no script");
            let text = arguments.next().expect("there are words after -c");
            (text, arguments.next().unwrap_or(own_path))
        }
    };
    let mut shell = run::Shell::new(name, arguments.collect());
    match parse::parse(&text).and_then(|list| shell.run(&list)) {
        Ok(code) => exit(code),
        Err(why) => {
            eprintln!("sh: {why}");
            exit(2);
        }
    }
}

/// The script behind the program.
fn script(file: &[u8]) -> Option<String> {
    let rest = file.strip_suffix(MARK)?;
    let (rest, length) = rest.split_last_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let start = rest.len().checked_sub(length)?;
    String::from_utf8(rest[start..].to_vec()).ok()
}
