//! [`Pair`]: two commands timed against each other, and [`Figures`]: what came of it. Which
//! commands is `rows`'.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Rounds that are not counted: they fill the page cache, and what a program writes at its first
/// start.
const WARM_UPS: usize = 20;
/// Into how many parts the rounds are cut, in their order, for the spread.
const PARTS: usize = 10;

/// Two commands: words, the first of which is an absolute path.
pub struct Pair {
    /// What the other one is compared with.
    pub base: Vec<OsString>,
    /// What is measured.
    pub measured: Vec<OsString>,
    /// The folder that both are started in.
    pub folder: PathBuf,
    /// All of their environment.
    pub variables: Vec<(OsString, OsString)>,
}

/// Medians in microseconds, and what they say.
pub struct Figures {
    /// The median of the base.
    pub base: f64,
    /// The median of what is measured.
    pub measured: f64,
    /// The smallest and the largest ratio of the medians of one tenth of the rounds.
    pub spread: (f64, f64),
}

impl Figures {
    /// How many times the base's time it takes.
    pub fn ratio(&self) -> f64 {
        self.measured / self.base
    }
}

impl Pair {
    /// Times both with the program `timer`, by way of the file `samples`.
    ///
    /// # Errors
    /// When one of the commands does not end well.
    pub fn time(&self, timer: &Path, samples: &Path, rounds: usize) -> io::Result<Figures> {
        let mut command = Command::new(timer);
        command.arg(samples).args([rounds.to_string(), WARM_UPS.to_string()]);
        for words in [&self.base, &self.measured] {
            command.arg(words.len().to_string()).args(words);
        }
        command.env_clear().envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        let output = command.stderr(Stdio::piped()).output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(io::Error::other(said.trim().to_owned()));
        }
        figures(&fs::read_to_string(samples)?)
    }
}

/// The figures of the timer's lines: nanoseconds of the base and of what is measured.
fn figures(text: &str) -> io::Result<Figures> {
    let samples: Option<Vec<[f64; 2]>> = text.lines().map(sample).collect();
    let samples = samples.filter(|samples| !samples.is_empty());
    let samples = samples.ok_or_else(|| io::Error::other("the timer's figures make no sense"))?;
    let part = samples.len().div_ceil(PARTS);
    let ratios = samples.chunks(part).map(|part| median(part, 1) / median(part, 0));
    let spread = ratios
        .fold((f64::INFINITY, 0.0_f64), |(least, most), ratio| (least.min(ratio), most.max(ratio)));
    Ok(Figures { base: median(&samples, 0), measured: median(&samples, 1), spread })
}

fn sample(line: &str) -> Option<[f64; 2]> {
    let (base, measured) = line.split_once(' ')?;
    let microseconds = |text: &str| text.parse::<f64>().ok().map(|figure| figure / 1000.0);
    Some([microseconds(base)?, microseconds(measured)?])
}

fn median(samples: &[[f64; 2]], column: usize) -> f64 {
    let mut figures: Vec<f64> = samples.iter().map(|sample| sample[column]).collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
