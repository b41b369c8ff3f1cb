//! Everything that leaves the process: answers on standard output, the rest on standard error. Nobody else writes to
//! the streams.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

mod progress;
pub mod size;
pub mod table;

pub use progress::Progress;

/// How the user wants to be spoken to.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Whether colour is used; Auto asks the stream and NO_COLOR.
    pub color: ColorChoice,
    /// Errors and answers only.
    pub quiet: bool,
    /// Details too.
    pub verbose: bool,
    /// The answer as one JSON document.
    pub json: bool,
}

/// The streams.
#[derive(Clone, Copy, Debug)]
pub struct Ui {
    manner: Manner,
}

/// Meanings that have a colour.
#[derive(Clone, Copy, Debug)]
enum Meaning {
    Error,
    Warning,
    Hint,
    Done,
}

impl Meaning {
    fn style(self) -> Style {
        let color = match self {
            Self::Error => AnsiColor::Red,
            Self::Warning => AnsiColor::Yellow,
            Self::Hint => AnsiColor::Cyan,
            Self::Done => AnsiColor::Green,
        };
        color.on_default().bold()
    }
}

impl Ui {
    /// Streams that speak in this manner.
    pub fn new(manner: Manner) -> Self {
        Self { manner }
    }

    /// Whether answers are JSON.
    pub fn json(&self) -> bool {
        self.manner.json
    }

    /// Whether answers may go into details.
    pub fn wants_details(&self) -> bool {
        self.manner.verbose
    }

    /// Whether a bar may be drawn: on a terminal, and nobody asked for quiet.
    pub fn draws(&self) -> bool {
        !self.manner.quiet && io::stderr().is_terminal()
    }

    /// Writes the answer. A reader that went away is no error.
    ///
    /// # Errors
    /// When the stream fails otherwise, a full disk for one.
    pub fn answer(&self, text: &str) -> io::Result<()> {
        let mut out = AutoStream::new(io::stdout().lock(), self.manner.color);
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }

    /// Says what was done; `--quiet` silences it.
    pub fn done(&self, text: &str) {
        if !self.manner.quiet {
            self.say(Meaning::Done, "", text);
        }
    }

    /// Says something in passing; `--quiet` silences it.
    pub fn note(&self, text: &str) {
        if !self.manner.quiet {
            self.line(text);
        }
    }

    /// Says something that only `--verbose` wants to know.
    pub fn detail(&self, text: &str) {
        if self.manner.verbose {
            self.line(text);
        }
    }

    /// Warns; not silenced by `--quiet`, which is for status.
    pub fn warn(&self, text: &str) {
        self.say(Meaning::Warning, "warning: ", text);
    }

    /// Says what failed, and what to type next.
    pub fn error(&self, text: &str, hint: Option<&str>) {
        self.say(Meaning::Error, "error: ", text);
        if let Some(hint) = hint {
            self.say(Meaning::Hint, "hint: ", hint);
        }
    }

    fn say(&self, meaning: Meaning, label: &str, text: &str) {
        let style = meaning.style();
        if label.is_empty() {
            self.line(&format!("{style}✓{style:#} {text}"));
        } else {
            self.line(&format!("{style}{label}{style:#}{text}"));
        }
    }

    /// Standard error may be closed; there is nobody left to tell.
    fn line(&self, text: &str) {
        let mut err = AutoStream::new(io::stderr().lock(), self.manner.color);
        let _ = writeln!(err, "{text}");
    }
}
