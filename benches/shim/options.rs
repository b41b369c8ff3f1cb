//! [`Options`]: how the benchmark is called.

use std::path::PathBuf;

use clap::Parser;

/// What the shim costs: commands through it against the same commands without it.
#[derive(Parser)]
#[command(name = "cargo bench --bench shim --")]
pub struct Options {
    /// How often each command of a row is started; those of --against a quarter of it.
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = runs)]
    pub runs: usize,

    /// Exit with 1 when a bound is missed, or a row with a bound cannot be measured.
    #[arg(long)]
    pub check: bool,

    /// The shim to measure, in place of the one that gvm embeds.
    #[arg(long, value_name = "FILE")]
    pub shim: Option<PathBuf>,

    /// The real Go to measure; without it, the newest one that the tests have fetched.
    #[arg(long, value_name = "GOROOT")]
    pub real: Option<PathBuf>,

    /// The shim in its hosted form; without it, the one of target/release, if it was built.
    #[arg(long, value_name = "FILE")]
    pub hosted: Option<PathBuf>,

    /// A command through another manager's shim, split at blanks; can be given again.
    #[arg(long, value_name = "CMD")]
    pub against: Vec<String>,

    /// The same command without the shim: one for each --against, in their order.
    #[arg(long, value_name = "CMD")]
    pub direct: Vec<String>,

    /// The folder that those two are started in.
    #[arg(long = "in", value_name = "FOLDER", default_value = ".")]
    pub folder: PathBuf,

    /// A variable that those two get beside HOME and PATH, like RUSTUP_HOME; can be given again.
    #[arg(long, value_name = "NAME")]
    pub keep: Vec<String>,

    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

fn runs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(runs) if (20..=1_000_000).contains(&runs) => Ok(runs),
        _ => Err("a number from 20 to 1000000".into()),
    }
}
