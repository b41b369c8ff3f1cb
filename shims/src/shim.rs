//! The story of a call, over any machine: whose name this is, which Go answers, and what it is started with.
//!
//! Looking at the machine is [`World`]'s, starting a program is [`System`]'s: nothing here knows a platform.

use alloc::vec::Vec;

use gvm_core::dispatch;
use gvm_core::layout::Layout;
use gvm_core::path;
use gvm_core::resolve::{self, Choice, Place, Undecided};
use gvm_core::vars;
use gvm_core::world::World;

use crate::environment::{self, Variable};
use crate::own::Own;
use crate::stop::Stop;

/// What this process was started with, as the system gave it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process<'a> {
    /// Its arguments; the first one is what the caller calls it. There may be none.
    pub(crate) arguments: &'a [&'a [u8]],
    /// Its variables, `NAME=value`, in their order.
    pub(crate) environment: &'a [&'a [u8]],
}

/// What a platform does for the story.
pub(crate) trait System {
    /// Becomes the program, or runs it to its end and ends with its code. Comes back only when that failed, with the
    /// system's error number.
    fn start(&self, run: &Run) -> Option<i32>;

    /// Writes one line to standard error. What cannot be written is lost.
    fn say(&self, line: &[u8]);
}

/// The program that this process becomes.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its path.
    pub(crate) program: Vec<u8>,
    /// It gets our arguments from this one on, after the name that we were called by.
    pub(crate) from: usize,
    /// Its environment.
    pub(crate) environment: Vec<Variable>,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Step {
    /// Become this program.
    Run(Run),
    /// Say why not, and end.
    Stop(Stop),
}

/// The whole story. Comes back with an exit code only where no program was started.
pub(crate) fn play(process: &Process, world: &dyn World, own: &Own, system: &dyn System) -> u8 {
    let stop = match step(process, world, own) {
        Step::Run(run) => {
            let error = system.start(&run);
            Stop::not_started(&run.program, error)
        }
        Step::Stop(stop) => stop,
    };
    for line in stop.lines() {
        system.say(&line);
    }
    stop.code
}

/// What this call comes to.
pub(crate) fn step(process: &Process, world: &dyn World, own: &Own) -> Step {
    match run(process, world, own) {
        Ok(run) => Step::Run(run),
        Err(stop) => Step::Stop(stop),
    }
}

fn run(process: &Process, world: &dyn World, own: &Own) -> Result<Run, Stop> {
    let tool = own.tool()?;
    let choice = choose(world, own)?;
    let launch = dispatch::launch(world, &choice, tool);
    if own.is(world, &choice, &launch.program) {
        return Err(Stop::itself(own.path(), &launch.program));
    }
    let environment = environment::changed(process.environment, &launch.changes);
    Ok(Run { program: launch.program, from: process.arguments.len().min(1), environment })
}

/// The answer under ROOT: what GVM_DIR says, else the folder above the one that this shim stands in.
fn choose(world: &dyn World, own: &Own) -> Result<Choice, Stop> {
    let answer = match world.var(vars::DIR).filter(|root| !root.is_empty()) {
        Some(root) if path::is_absolute(&root) => decide(world, &root),
        Some(root) => return Err(Stop::relative_root(&root)),
        None => {
            let answer = own.named_root().map(|root| decide(world, root));
            match answer {
                Some(Ok(choice)) if is_installed(&choice) => return Ok(choice),
                other => by_real_root(world, own, other)?,
            }
        }
    };
    answer.map_err(|why| Stop::undecided(&why))
}

/// The answer under the ROOT that the shim's file is really in; `answer` is the one under the ROOT of its name.
fn by_real_root(
    world: &dyn World,
    own: &Own,
    answer: Option<Result<Choice, Undecided>>,
) -> Result<Result<Choice, Undecided>, Stop> {
    match (own.real_root(), answer) {
        (Some(root), Some(answer)) if Some(root) == own.named_root() => Ok(answer),
        (Some(root), _) => Ok(decide(world, root)),
        (None, Some(answer)) => Ok(answer),
        (None, None) => Err(Stop::homeless(own.path())),
    }
}

fn is_installed(choice: &Choice) -> bool {
    matches!(choice.toolchain.place, Place::Installed { .. })
}

fn decide(world: &dyn World, root: &[u8]) -> Result<Choice, Undecided> {
    resolve::decide(world, &Layout::new(root.to_vec()))
}
