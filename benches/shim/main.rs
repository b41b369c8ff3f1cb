//! What the shim costs: vfork, exec and wait of a command through it, against the same command
//! without it, interleaved in random order, in an environment of 45 variables and four folders
//! below the pin.
//!
//!     cargo bench --bench shim                                  (--help says what can be asked)
//!     cargo bench --bench shim -- --check                       exit 1 when a bound is missed
//!     cargo bench --bench shim -- --against "rustc -V" --direct "/path/to/toolchain/bin/rustc -V"
//!
//! Everything stands in one temporary folder (below TMPDIR), laid out as gvm lays out a ROOT; the
//! programs that are started instead of Go are in C, beside this file. Compare ratios of one run,
//! never times of two runs or machines.

#[cfg(target_os = "linux")]
mod options;
#[cfg(target_os = "linux")]
mod other;
#[cfg(target_os = "linux")]
mod pair;
#[cfg(target_os = "linux")]
mod programs;
#[cfg(target_os = "linux")]
mod real_go;
#[cfg(target_os = "linux")]
mod root;
#[cfg(target_os = "linux")]
mod rows;
#[cfg(target_os = "linux")]
mod table;
#[cfg(windows)]
mod windows;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    use clap::Parser;

    let options = options::Options::parse();
    match measure(&options) {
        Ok(failed) if options.check && failed > 0 => ExitCode::FAILURE,
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string()),
    }
}

/// There is neither vfork nor a program without a libc: two programs, each started by its path.
#[cfg(windows)]
fn main() -> ExitCode {
    windows::main().unwrap_or_else(|error| complain(&error.to_string()))
}

/// Elsewhere there is neither vfork as cheap nor a program without a libc.
#[cfg(not(any(target_os = "linux", windows)))]
fn main() -> ExitCode {
    complain("this is measured on Linux and Windows only")
}

/// Measures and prints; gives the number of bounds that do not hold.
#[cfg(target_os = "linux")]
fn measure(options: &options::Options) -> std::io::Result<usize> {
    let folder = tempfile::tempdir()?;
    // Where TMPDIR goes through a link, the shim would name other paths than its base.
    let top = folder.path().canonicalize()?;
    let programs = programs::Programs::new(top.clone());
    let (timer, samples) = (programs.timer()?, top.join("samples"));
    let rows = rows::rows(&top, &programs, options)?;
    let mut table = table::Table::begin()?;
    for row in &rows.rows {
        let rounds = if row.dear { options.runs.div_ceil(4) } else { options.runs };
        let named = |error| std::io::Error::other(format!("{}: {error}", row.name));
        let figures = row.pair.time(&timer, &samples, rounds).map_err(named)?;
        table.add(row, &figures)?;
    }
    for what in &rows.missing {
        table.miss(what)?;
    }
    Ok(table.failed())
}

#[allow(clippy::print_stderr, reason = "the benchmark's own failure")]
fn complain(why: &str) -> ExitCode {
    eprintln!("bench shim: {why}");
    ExitCode::from(2)
}
