//! [`Shell`]: running a script's commands.

use std::collections::BTreeMap;
use std::env;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{self, Stdio, exit};

use crate::parse::{Command, Problem, Step, parse};

/// The state between two commands.
pub(crate) struct Shell {
    name: String,
    arguments: Vec<String>,
    variables: BTreeMap<String, String>,
    code: i32,
    /// What `$(…)` collects.
    captured: Option<Vec<u8>>,
}

/// Where a command's streams lead.
#[derive(Default)]
struct Streams {
    out: Option<File>,
    from: Option<File>,
    to_errors: bool,
}

impl Shell {
    /// With this `$0` and these arguments.
    pub(crate) fn new(name: String, arguments: Vec<String>) -> Self {
        Self { name, arguments, variables: BTreeMap::new(), code: 0, captured: None }
    }

    /// Runs the commands; gives the last one's code.
    ///
    /// # Errors
    /// What is not understood.
    pub(crate) fn run(&mut self, list: &[Step]) -> Result<i32, Problem> {
        for step in list {
            let command = match step {
                Step::Always(command) => command,
                Step::AfterSuccess(command) if self.code == 0 => command,
                Step::AfterFailure(command) if self.code != 0 => command,
                Step::AfterSuccess(_) | Step::AfterFailure(_) => continue,
            };
            self.command(command)?;
        }
        Ok(self.code)
    }

    fn command(&mut self, command: &Command) -> Result<(), Problem> {
        match command {
            Command::Simple(words) => self.simple(words),
            Command::Case(word, arms) => {
                let word = self.one(word)?;
                for (pattern, list) in arms {
                    if pattern == "*" || self.one(pattern)? == word {
                        return self.run(list).map(drop);
                    }
                }
                Ok(())
            }
            Command::For(name, words, list) => {
                let words = match words {
                    None => self.arguments.clone(),
                    Some(words) => self.all(words)?,
                };
                for word in words {
                    self.variables.insert(name.clone(), word);
                    self.run(list)?;
                }
                Ok(())
            }
        }
    }

    fn simple(&mut self, words: &[String]) -> Result<(), Problem> {
        let mut streams = Streams::default();
        let (mut plain, mut words) = (Vec::new(), words.iter());
        while let Some(word) = words.next() {
            if word == ">&" {
                streams.to_errors = words.next().is_some_and(|word| word == "2");
                continue;
            }
            if !["<", ">", ">>"].contains(&word.as_str()) {
                plain.push(word.clone());
                continue;
            }
            let path = self.one(words.next().ok_or("a redirection leads nowhere")?)?;
            let opened = match word.as_str() {
                "<" => File::open(&path).map(|file| streams.from = Some(file)),
                ">" => File::create(&path).map(|file| streams.out = Some(file)),
                _ => OpenOptions::new()
                    .append(true)
                    .create(true)
                    .open(&path)
                    .map(|file| streams.out = Some(file)),
            };
            opened.map_err(|error| format!("{path}: {error}"))?;
        }
        if let [word] = plain.as_slice()
            && let Some((name, value)) = assignment(word)
        {
            let value = self.one(value)?;
            self.variables.insert(name.to_owned(), value);
            self.code = 0;
            return Ok(());
        }
        let words = self.all(&plain)?;
        self.code = self.start(&words, streams)?;
        Ok(())
    }

    fn start(&mut self, words: &[String], mut streams: Streams) -> Result<i32, Problem> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] | [":", ..] => Ok(0),
            ["echo", words @ ..] => {
                let line = words.join(" ") + "\n";
                if streams.to_errors {
                    eprint!("{line}");
                    return Ok(0);
                }
                self.print(&line, streams.out)
            }
            ["printf", "%s", word] => self.print(word, streams.out),
            ["pwd", ..] => self.print(&format!("{}\n", working_folder()), streams.out),
            // What the process has, one variable a line.
            ["environment"] => {
                let all =
                    env::vars_os().filter(|(name, _)| !name.to_string_lossy().starts_with('='));
                let line = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
                    format!("{}={}\n", name.to_string_lossy(), value.to_string_lossy())
                };
                self.print(&all.map(line).collect::<String>(), streams.out)
            }
            // What stands behind the program's name in the command line, as it came, a number a character.
            ["command-line"] => {
                let line: Vec<String> = raw_line().iter().map(ToString::to_string).collect();
                self.print(&format!("{}\n", line.join(" ")), streams.out)
            }
            // Until whoever started it lets it go, or ends it.
            ["hold"] => {
                self.print("here\n", streams.out)?;
                let read = std::io::stdin().read_to_end(&mut Vec::new());
                read.map(|_| 0).map_err(|error| error.to_string())
            }
            // What this process is: its program, its arguments, its environment.
            ["report"] => {
                let program = env::current_exe().map_err(|error| error.to_string())?;
                let arguments: String = env::args().map(|argument| argument + "\n").collect();
                self.print(&format!("{}\n{arguments}==\n", program.display()), None)?;
                self.start(&["environment".to_owned()], streams)
            }
            ["cp", "-r", from, to] => Ok(i32::from(copy(Path::new(from), Path::new(to)).is_err())),
            // Who makes a link where there are none writes where it leads.
            ["ln", "-s", target, path] => Ok(i32::from(std::fs::write(path, target).is_err())),
            ["exit"] => exit(self.code),
            ["exit", code] => exit(code.parse().map_err(|_| format!("exit {code}"))?),
            ["cd", folder] => Ok(i32::from(env::set_current_dir(folder).is_err())),
            ["shift"] => self.shift("1"),
            ["shift", count] => self.shift(count),
            ["eval", text] => self.run(&parse(text)?),
            ["[", test @ .., "]"] => Ok(i32::from(!holds(test)?)),
            ["/usr/bin/wc" | "wc", "-l"] => {
                let mut text = String::new();
                let mut from = streams.from.take().ok_or("wc counts a file's lines only")?;
                from.read_to_string(&mut text).map_err(|error| error.to_string())?;
                self.print(&format!("{}\n", text.lines().count()), streams.out)
            }
            // In front of a command that takes its place.
            ["exec", "/usr/bin/env", words @ ..] | ["exec", words @ ..] => {
                exit(self.program(words, streams)?)
            }
            ["/usr/bin/env", words @ ..] | words => self.program(words, streams),
        }
    }

    fn shift(&mut self, count: &str) -> Result<i32, Problem> {
        let count: usize = count.parse().map_err(|_| format!("shift {count}"))?;
        self.arguments.drain(..count.min(self.arguments.len()));
        Ok(0)
    }

    fn print(&mut self, text: &str, into: Option<File>) -> Result<i32, Problem> {
        let written = match (into, &mut self.captured) {
            (Some(mut file), _) => file.write_all(text.as_bytes()),
            (None, Some(captured)) => captured.write_all(text.as_bytes()),
            (None, None) => std::io::stdout().write_all(text.as_bytes()),
        };
        Ok(i32::from(written.is_err()))
    }

    /// Starts a program, with variables before it, and waits for its end.
    fn program(&mut self, words: &[&str], streams: Streams) -> Result<i32, Problem> {
        let (mut words, mut variables) = (words, Vec::new());
        while let [first, rest @ ..] = words
            && let Some(variable) = assignment(first)
        {
            variables.push(variable);
            words = rest;
        }
        let [name, arguments @ ..] = words else { return Err("nothing to start".to_owned()) };
        let path = variables.iter().find(|(name, _)| *name == "PATH");
        let path = path.map(|(_, path)| (*path).into()).or_else(|| env::var_os("PATH"));
        let Some(program) = found(name, path) else {
            eprintln!("sh: {name}: not found");
            return Ok(127);
        };
        let mut command = process::Command::new(program);
        command.args(arguments).envs(variables);
        if let Some(from) = streams.from {
            command.stdin(from);
        }
        match streams.out {
            Some(out) => _ = command.stdout(out),
            None if self.captured.is_some() => _ = command.stdout(Stdio::piped()),
            None => {}
        }
        let ended = command.spawn().and_then(process::Child::wait_with_output);
        match ended {
            Ok(output) => {
                if let Some(captured) = &mut self.captured {
                    captured.extend(output.stdout);
                }
                Ok(output.status.code().unwrap_or(1))
            }
            Err(error) => {
                eprintln!("sh: {name}: {error}");
                Ok(126)
            }
        }
    }

    /// A word that stays one.
    fn one(&mut self, word: &str) -> Result<String, Problem> {
        Ok(self.expanded(word, false)?.concat())
    }

    fn all(&mut self, words: &[String]) -> Result<Vec<String>, Problem> {
        let mut all = Vec::new();
        for word in words {
            all.extend(self.expanded(word, true)?);
        }
        Ok(all)
    }

    /// The words that a word stands for; what is not quoted is split at blanks where that is asked for.
    fn expanded(&mut self, word: &str, split: bool) -> Result<Vec<String>, Problem> {
        let mut words = vec![];
        let (mut current, mut is_word, mut in_quotes) = (String::new(), false, false);
        let mut rest = word;
        while let Some(letter) = rest.chars().next() {
            let after = &rest[letter.len_utf8()..];
            match letter {
                '\'' if !in_quotes => {
                    let (part, behind) = after.split_once('\'').ok_or("' has no end")?;
                    current.push_str(part);
                    (is_word, rest) = (true, behind);
                }
                '"' => (in_quotes, is_word, rest) = (!in_quotes, true, after),
                // Paths hold backslashes here: before all else it is one.
                '\\' if after.starts_with(['"', '$', '\\', '\'', ' ']) => {
                    current.push_str(&after[..1]);
                    (is_word, rest) = (true, &after[1..]);
                }
                '$' if in_quotes && after.starts_with('@') => {
                    rest = &after[1..];
                    for (at, argument) in self.arguments.clone().into_iter().enumerate() {
                        if at > 0 {
                            words.push(std::mem::take(&mut current));
                        }
                        current.push_str(&argument);
                    }
                    is_word = !self.arguments.is_empty();
                }
                '$' => {
                    let (value, behind) = self.value(after)?;
                    rest = behind;
                    if in_quotes || !split {
                        current.push_str(&value);
                        is_word |= !value.is_empty();
                    } else {
                        for (at, part) in value.split_whitespace().enumerate() {
                            if at > 0 {
                                words.push(std::mem::take(&mut current));
                            }
                            current.push_str(part);
                            is_word = true;
                        }
                    }
                }
                _ => {
                    current.push(letter);
                    (is_word, rest) = (true, after);
                }
            }
        }
        if is_word {
            words.push(current);
        }
        Ok(words)
    }

    /// The value of what stands after `$`, and what is behind it.
    fn value<'a>(&mut self, text: &'a str) -> Result<(String, &'a str), Problem> {
        if let Some(inner) = text.strip_prefix('(') {
            let (inner, rest) = inner.split_once(')').ok_or("$( has no end")?;
            let outer = self.captured.replace(Vec::new());
            self.run(&parse(inner)?)?;
            let output = std::mem::replace(&mut self.captured, outer).unwrap_or_default();
            return Ok((String::from_utf8_lossy(&output).trim_end().to_owned(), rest));
        }
        if let Some(inner) = text.strip_prefix('{') {
            let (inner, rest) = inner.split_once('}').ok_or("${ has no end")?;
            let end = inner.find(['-', '#', '%']).unwrap_or(inner.len());
            let value = self.variable(&inner[..end]);
            let value = match inner[end..].split_at_checked(1) {
                None => value.unwrap_or_default(),
                Some(("-", other)) => value.unwrap_or_else(|| other.to_owned()),
                Some(("#", start)) => {
                    let value = value.unwrap_or_default();
                    value.strip_prefix(start).unwrap_or(&value).to_owned()
                }
                Some(("%", "/*")) => {
                    let value = value.unwrap_or_default();
                    value
                        .rsplit_once(['/', '\\'])
                        .map_or(value.clone(), |(folder, _)| folder.to_owned())
                }
                Some(_) => return Err(format!("${{{inner}}} is not understood")),
            };
            return Ok((value, rest));
        }
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = match text.chars().next() {
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                text.find(|c: char| !is_letter(c)).unwrap_or(text.len())
            }
            Some(_) => 1,
            None => return Err("$ stands alone".to_owned()),
        };
        Ok((self.variable(&text[..end]).unwrap_or_default(), &text[end..]))
    }

    fn variable(&self, name: &str) -> Option<String> {
        match name {
            "0" => Some(self.name.clone()),
            "#" => Some(self.arguments.len().to_string()),
            "*" | "@" => Some(self.arguments.join(" ")),
            "$" => Some(process::id().to_string()),
            "?" => Some(self.code.to_string()),
            _ => match name.parse::<usize>() {
                Ok(number) => self.arguments.get(number - 1).cloned(),
                Err(_) => {
                    let own = self.variables.get(name).cloned();
                    own.or_else(|| Some(env::var_os(name)?.to_string_lossy().into_owned()))
                }
            },
        }
    }
}

/// `NAME=VALUE`.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins && is_name(name)).then_some((name, value))
}

fn holds(test: &[&str]) -> Result<bool, Problem> {
    let number = |text: &str| text.parse::<i64>().map_err(|_| format!("{text} is no number"));
    match test {
        [one, "=", other] => Ok(one == other),
        [one, "!=", other] => Ok(one != other),
        [one, "-lt", other] => Ok(number(one)? < number(other)?),
        ["-z", text] => Ok(text.is_empty()),
        ["-n", text] => Ok(!text.is_empty()),
        ["-e", path] => Ok(Path::new(path).exists()),
        _ => Err(format!("[ {} ] is not understood", test.join(" "))),
    }
}

/// A program by its path, or by its name on PATH, and on Windows by its name without the extension.
fn found(name: &str, path: Option<std::ffi::OsString>) -> Option<PathBuf> {
    let with = |path: PathBuf| {
        let longer =
            PathBuf::from([path.as_os_str(), env::consts::EXE_SUFFIX.as_ref()].concat_os());
        [path, longer].into_iter().find(|path| path.is_file())
    };
    if name.contains(['/', '\\']) {
        return with(std::path::absolute(name).ok()?);
    }
    env::split_paths(&path?).find_map(|folder| with(folder.join(name)))
}

/// Joining what the system's strings cannot.
trait ConcatOs {
    /// One behind the other.
    fn concat_os(self) -> std::ffi::OsString;
}

impl ConcatOs for [&std::ffi::OsStr; 2] {
    fn concat_os(self) -> std::ffi::OsString {
        let mut whole = self[0].to_owned();
        whole.push(self[1]);
        whole
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy(&from, &to)?;
        } else {
            std::fs::copy(from, to).map(drop)?;
        }
    }
    Ok(())
}

fn working_folder() -> String {
    env::current_dir().map(|folder| folder.display().to_string()).unwrap_or_default()
}

#[cfg(windows)]
fn raw_line() -> Vec<u16> {
    gvm_shim::command_line::tail()
}

/// Elsewhere there is none: a program gets words.
#[cfg(not(windows))]
fn raw_line() -> Vec<u16> {
    Vec::new()
}
