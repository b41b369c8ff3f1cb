//! The same question on Windows, and under Wine: a program that does nothing, started directly and through the shim, in
//! turns. It prints the shim's size, both medians and their ratio. Under Wine the ratio is Wine's own.

use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// Tells the copy of this program that stands in the place of go to end at once.
const NOTHING: &str = "GVM_BENCH_NOTHING";
/// Started so often each, after a tenth of that to warm up.
const ROUNDS: usize = 100;

#[allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program of its own")]
pub(crate) fn main() -> io::Result<ExitCode> {
    if env::var_os(NOTHING).is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    let rounds = env::args().skip_while(|word| word != "--runs").nth(1);
    let rounds = rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let root = tempfile::tempdir()?;
    let (direct, shim) = lay_out(root.path())?;
    let (mut directly, mut by_shim) = (Vec::new(), Vec::new());
    for round in 0..rounds + rounds / 10 {
        let (one, other) = (time(&direct, root.path())?, time(&shim, root.path())?);
        if round >= rounds / 10 {
            directly.push(one);
            by_shim.push(other);
        }
    }
    let (one, other) = (median(directly), median(by_shim));
    println!("shim on Windows: {} bytes", fs::metadata(&shim)?.len());
    println!(
        "shim on Windows: directly {:.2} ms, by the shim {:.2} ms, ratio {:.2} (medians of {rounds})",
        one.as_secs_f64() * 1000.0,
        other.as_secs_f64() * 1000.0,
        other.as_secs_f64() / one.as_secs_f64(),
    );
    Ok(ExitCode::SUCCESS)
}

/// A ROOT as gvm lays one out, with one version, which is the default. Gives the paths of its go and of the shim.
fn lay_out(root: &Path) -> io::Result<(std::path::PathBuf, std::path::PathBuf)> {
    const HASH: &str = "c3a05a89";
    let (bin, shims, versions) =
        (root.join(HASH).join("bin"), root.join("shims"), root.join("versions"));
    for folder in
        [&bin, &shims, &versions, &root.join(HASH).join("pkg"), &root.join(HASH).join("src")]
    {
        fs::create_dir_all(folder)?;
    }
    let (direct, shim) = (bin.join("go.exe"), shims.join("go.exe"));
    fs::copy(env::current_exe()?, &direct)?;
    fs::copy(env!("GVM_SHIM_PATH"), &shim)?;
    fs::write(root.join(HASH).join("VERSION"), "go1.22.4\n")?;
    // In the form that every file system has.
    fs::write(versions.join("go1.22.4"), format!("..\\{HASH}\n"))?;
    fs::write(root.join("current"), format!("{HASH}\n"))?;
    Ok((direct, shim))
}

fn time(program: &Path, folder: &Path) -> io::Result<Duration> {
    let mut command = Command::new(program);
    command.arg("version").current_dir(folder).env(NOTHING, "1").env_remove("GVM_DIR");
    let start = Instant::now();
    let status = command.status()?;
    let took = start.elapsed();
    if !status.success() {
        return Err(io::Error::other(format!("{} ended with {status}", program.display())));
    }
    Ok(took)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
