//! gvm, the command: the long half, from a request to an installed, proved and active Go.
//!
//! The modules and their layers are the table of `ARCHITECTURE.md`; `tests/architecture.rs` holds them to it.

use clap::Parser;
use gvm_core::vars;
use gvm_core::world::World;
use gvm_shim::world::Machine;

pub mod activate;
pub mod app;
mod atomic;
pub mod audit;
mod checkpoint;
pub mod commands;
pub mod doctor;
pub mod failure;
pub mod fetch;
pub mod inspect;
pub mod install;
pub mod net;
pub mod platform;
pub mod report;
pub mod settings;
pub mod setup;
pub mod shell;
pub mod source;
pub mod store;
pub mod ui;
pub mod unpack;
pub mod verify;

use app::App;
use commands::Cli;
use failure::{Failure, Kind};
use store::staging::Live;
use ui::{Manner, Ui};

/// The code of a call that its user broke off: 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

/// Reads the call, does it, and says what came of it. Gives the exit code.
pub fn run() -> i32 {
    let machine = Machine::capture();
    if let Some(lines) = commands::completion(&machine, std::env::args_os().collect()) {
        let _ = plain().answer(&lines);
        return 0;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misunderstood(&error),
    };
    if let Some(text) = cli.early_answer(&machine) {
        let _ = plain().answer(&text);
        return 0;
    }
    let ui = Ui::new(Manner {
        color: cli.color(),
        quiet: cli.is_quiet(),
        verbose: cli.is_verbose() || !cli.is_quiet() && wants_log(&machine),
        json: cli.wants_json(),
    });
    let name = cli.name();
    let live = Live::default();
    // Every command may write: an index kept for later, or a version that `exec` lacks.
    let modes = platform::settle_modes();
    if cli.makes_trees() {
        leave_nothing_when_interrupted(&live);
    }
    let code = cli.failure_codes();
    let broken_file = cli.broken_file();
    let app = match App::new(machine, &cli.flags(), ui, live.clone(), modes, broken_file) {
        Ok(app) => app,
        Err(failure) => return commands::fail(&ui, name, &failure, code(&failure)),
    };
    for exposed in store::exposed::find(&app.layout) {
        // Whoever changes ROOT is refused for the graver kind, and told of the other; whoever reads is told of the graver.
        if exposed.is_refused() != cli.makes_trees() {
            ui.warn(&exposed.to_string());
        }
    }
    match cli.run(&app) {
        // Whoever takes the folders away ends the process too.
        _ if live.is_abandoned() => loop {
            std::thread::park();
        },
        Ok(outcome) => commands::answer(&ui, name, outcome.as_ref()),
        Err(failure) => commands::fail(&ui, name, &failure, code(&failure)),
    }
}

/// The streams for answers that programs read.
fn plain() -> Ui {
    let color = anstream::ColorChoice::AlwaysAnsi;
    Ui::new(Manner { color, quiet: true, verbose: false, json: false })
}

/// Whether the environment asks for details.
fn wants_log(machine: &Machine) -> bool {
    let value = machine.var(vars::LOG).unwrap_or_default();
    !["", "0", "off", "false", "no"].iter().any(|no| value == no.as_bytes())
}

/// Help and version are no errors; all else is one that a script may want as a document.
fn misunderstood(error: &clap::Error) -> i32 {
    let arguments: Vec<_> = std::env::args_os().collect();
    let code = if error.use_stderr() { Cli::usage_code(&arguments) } else { 0 };
    // A shell would run what is printed there for its function `gvm`.
    if !error.use_stderr() && arguments.iter().any(|argument| argument == "--hook") {
        let color = anstream::ColorChoice::Auto;
        let help = Ui::new(Manner { color, quiet: false, verbose: false, json: false });
        help.note(error.to_string().trim_end());
        return code.into();
    }
    if !error.use_stderr() || !arguments.iter().any(|argument| argument == "--json") {
        // Standard error may be closed; there is nobody left to tell.
        let _ = error.print();
        return code.into();
    }
    let ui = Ui::new(Manner {
        color: anstream::ColorChoice::Auto,
        quiet: false,
        verbose: false,
        json: true,
    });
    let mut words = arguments.iter().skip(1).filter_map(|argument| argument.to_str());
    let name = words.find(|word| !word.starts_with('-')).unwrap_or_default();
    let text = error.to_string();
    let lines: Vec<&str> =
        text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let message = lines.join(" ");
    let message = message.trim_start_matches("error: ");
    let failure = Failure::new(Kind::Usage, message)
        .hint(format!("see `gvm {name} --help`").replace("  ", " "));
    commands::fail(&ui, name, &failure, code)
}

/// On Ctrl-C, trees in the making are removed. Where no handler can be set, or gvm is ended otherwise, they stay until
/// the next command sweeps them.
fn leave_nothing_when_interrupted(live: &Live) {
    let live = live.clone();
    let _ = ctrlc::set_handler(move || {
        live.abandon();
        std::process::exit(INTERRUPTED);
    });
}
