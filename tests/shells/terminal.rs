//! [`Terminal`]: a shell in a pseudo-terminal. Nothing here sleeps: it waits for what it expects to see.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Pid;

/// Nothing here takes longer, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(30);
/// With which a program asks where the cursor is, and what it is told.
const WHERE: &[u8] = b"\x1b[6n";
const HERE: &[u8] = b"\x1b[1;1R";

/// A shell that somebody types into.
pub struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    screen: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    answered: usize,
    ready: &'static str,
}

impl Terminal {
    /// Starts `line` of sh in a terminal, with these variables alone, and waits until it shows that it is ready.
    pub fn start(
        line: &str,
        ready: &'static str,
        vars: &[(String, String)],
        folder: &Path,
    ) -> Self {
        // util-linux's own: the terminal's size is asked for by line editors, and is none by default.
        let line = format!("stty rows 50 cols 250; {line}");
        let mut command = Command::new("/usr/bin/script");
        command.args(["-q", "-e", "-c", &line, "/dev/null"]).env_clear();
        command.envs(vars.iter().cloned()).current_dir(folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("util-linux has `script`");
        let keyboard = child.stdin.take().unwrap();
        let mut output = child.stdout.take().unwrap();
        let (send, screen) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                if send.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let mut terminal = Self { child, keyboard, screen, seen: Vec::new(), answered: 0, ready };
        terminal.expect(ready);
        terminal
    }

    /// Types keys.
    pub fn keys(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Types a line, and gives what is seen from then on until `marker` is, and the shell is ready for the next.
    #[track_caller]
    pub fn line(&mut self, line: &str, marker: &str) -> String {
        self.seen.clear();
        self.answered = 0;
        self.keys(&format!("{line}\r"));
        let ready = self.ready;
        self.expect_that(&format!("{marker}…{ready}"), |text| {
            text.find(marker).is_some_and(|at| text[at..].contains(ready))
        })
    }

    /// What has been seen, as soon as all of these are.
    #[track_caller]
    pub fn expect_all(&mut self, markers: &[&str]) -> String {
        self.expect_that(&format!("{markers:?}"), |text| {
            let text = without_colour(text);
            markers.iter().all(|marker| text.contains(marker))
        })
    }

    /// What has been seen, as soon as `marker` is.
    #[track_caller]
    pub fn expect(&mut self, marker: &str) -> String {
        self.expect_that(marker, |text| text.contains(marker))
    }

    #[track_caller]
    fn expect_that(&mut self, marker: &str, is_seen: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        while !is_seen(&self.text()) {
            match self.screen.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("{marker:?} is not in:\n{}", self.text()),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the shell ended without {marker:?}:\n{}", self.text())
                }
            }
        }
        self.text()
    }

    fn take(&mut self, bytes: &[u8]) {
        self.seen.extend_from_slice(bytes);
        let asked = self.seen.windows(WHERE.len()).filter(|at| *at == WHERE).count();
        for _ in self.answered..asked {
            let _ = self.keyboard.write_all(HERE).and_then(|()| self.keyboard.flush());
        }
        self.answered = self.answered.max(asked);
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }
}

/// Without what moves the cursor or changes colours: a shell marks what has been typed of a word.
fn without_colour(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| ('@'..='~').contains(&c)).map_or(part.len(), |at| at + 1);
        plain += &part[end..];
    }
    plain
}

/// The processes that a process started, and those that they started.
fn descendants(id: u32) -> Vec<u32> {
    let parent_of = |entry: &fs::DirEntry| {
        let id: u32 = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        // Behind the name, which may hold anything: the state, and the parent.
        let (_, rest) = stat.rsplit_once(')')?;
        Some((id, rest.split_whitespace().nth(1)?.parse::<u32>().ok()?))
    };
    let all: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|it| parent_of(&it))
        .collect();
    let mut found = vec![id];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(all.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
        next += 1;
    }
    found.split_off(1)
}

impl Drop for Terminal {
    /// Some shells do not end with their terminal, and read from it for ever.
    fn drop(&mut self) {
        let left = descendants(self.child.id());
        let _ = self.child.kill();
        let _ = self.child.wait();
        for id in left.into_iter().filter_map(|id| Pid::from_raw(id.cast_signed())) {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
        }
    }
}
