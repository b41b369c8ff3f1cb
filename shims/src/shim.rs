//! The story of a call, over any machine: whose name this is, which Go answers, and what it is started with.
//!
//! Looking at the machine is [`World`]'s, starting a program is [`System`]'s: nothing here knows a platform.

use alloc::vec::Vec;

use gvm_core::call::Call;
use gvm_core::dispatch;
use gvm_core::layout::Layout;
use gvm_core::path;
use gvm_core::resolve::{self, Choice, Place, Undecided};
use gvm_core::vars;
use gvm_core::version::Version;
use gvm_core::world::World;

use crate::environment::{self, Variable};
use crate::install::Install;
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

    /// Runs gvm to its end, what it says on standard output going to standard error. Whether all went well.
    fn install(&self, install: &Install) -> bool;

    /// Writes one line to standard error. What cannot be written is lost.
    fn say(&self, line: &[u8]);
}

/// The program that this process becomes.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its path.
    pub(crate) program: Vec<u8>,
    /// The version that it is of, where that is known.
    pub(crate) version: Option<Version>,
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
    /// Install this first, and see again.
    Install(Install),
    /// Say why not, and end.
    Stop(Stop),
}

/// What has been done to install what is missing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Installed {
    /// Nothing yet.
    NotTried,
    /// gvm was run.
    Tried,
}

/// The whole story. Comes back with an exit code only where no program was started.
pub(crate) fn play(process: &Process, world: &dyn World, own: &Own, system: &dyn System) -> u8 {
    let mut next = step(process, world, own, Installed::NotTried);
    if let Step::Install(install) = &next {
        // Whether it went well is seen by what is there now.
        system.install(install);
        next = step(process, world, own, Installed::Tried);
    }
    let stop = match next {
        Step::Run(run) => {
            let error = system.start(&run);
            let is_there = world.is_program(&run.program);
            Stop::not_started(&run.program, run.version.as_ref(), is_there, error)
        }
        Step::Install(install) => Stop::not_started(&install.program, None, true, None),
        Step::Stop(stop) => stop,
    };
    for line in stop.lines() {
        system.say(&line);
    }
    stop.code
}

/// What this call comes to.
pub(crate) fn step(process: &Process, world: &dyn World, own: &Own, installed: Installed) -> Step {
    let arguments = process.arguments.get(1..).unwrap_or_default();
    let answer = own.tool().and_then(|tool| {
        let call = Call::new(tool, arguments);
        let (root, answer) = answer(world, own, &call)?;
        Ok((call, root, answer))
    });
    match answer {
        Err(stop) => Step::Stop(stop),
        Ok((call, _, Ok(choice))) => match run(process, world, own, &call, &choice) {
            Ok(run) => Step::Run(run),
            Err(stop) => Step::Stop(stop),
        },
        Ok((_, root, Err(why))) => match installed {
            Installed::NotTried => match Install::of(process, world, &root, &why) {
                Some(install) => Step::Install(install),
                None => Step::Stop(Stop::undecided(own.path(), &why)),
            },
            Installed::Tried => Step::Stop(Stop::undecided(own.path(), &why).after_installing()),
        },
    }
}

fn run(
    process: &Process,
    world: &dyn World,
    own: &Own,
    call: &Call<'_>,
    choice: &Choice,
) -> Result<Run, Stop> {
    let launch = dispatch::launch(world, choice, call)
        .map_err(|again| Stop::leads_back(own.path(), &again.program))?;
    own.guard(world, &choice.toolchain.place, &launch.program)?;
    let environment = environment::changed(process.environment, &launch.changes);
    let from = process.arguments.len() - call.arguments.len();
    let version = choice.toolchain.version.clone();
    Ok(Run { program: launch.program, version, from, environment })
}

/// ROOT, and the answer under it.
type Answer = (Layout, Result<Choice, Undecided>);

/// The answer under ROOT: what GVM_DIR says, else the folder above the one that this shim stands in.
fn answer(world: &dyn World, own: &Own, call: &Call<'_>) -> Result<Answer, Stop> {
    if let Some(root) = world.var(vars::DIR).filter(|root| !root.is_empty()) {
        if path::is_absolute(&root) {
            return Ok(decide(world, &root, call));
        }
        return Err(Stop::relative_root(&root));
    }
    let named = own.named_root().map(|root| decide(world, root, call));
    if let Some((_, Ok(choice))) = &named
        && matches!(choice.toolchain.place, Place::Installed { .. })
    {
        return named.ok_or_else(|| Stop::homeless(own.path()));
    }
    // The name that it was started by may be a link's.
    match own.real_root() {
        Some(root) if Some(root) != own.named_root() => Ok(decide(world, root, call)),
        Some(_) | None => named.ok_or_else(|| Stop::homeless(own.path())),
    }
}

fn decide(world: &dyn World, root: &[u8], call: &Call<'_>) -> Answer {
    let layout = Layout::new(root.to_vec());
    let answer = resolve::decide(world, &layout, call);
    (layout, answer)
}
