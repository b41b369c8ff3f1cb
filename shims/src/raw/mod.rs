//! The shim without a standard library, for Linux on x86-64 and aarch64: fifteen kilobytes, no dynamic linker, and not
//! one system call that the story does not ask for.

mod arena;
pub(crate) mod call;
mod child;
mod memory;
mod start;
mod world;

use alloc::vec::Vec;
use core::panic::PanicInfo;

use crate::install::Install;
use crate::launch::{self, Given};
use crate::own::Own;
use crate::shim::{self, Process, Run, System};
use crate::vectors;

use start::Stack;
use world::Raw;

/// The whole program, from what the kernel left on the stack.
fn run(stack: Stack) -> ! {
    let given = Given { arguments: stack.arguments(), environment: stack.environment() };
    let (arguments, environment) =
        (vectors::bytes(&given.arguments), vectors::bytes(&given.environment));
    let process = Process { arguments: &arguments, environment: &environment };
    let ask = || world::target(b"/proc/self/exe").ok().map(without_mark);
    let own = Own::new(stack.started(), arguments.first().copied(), &ask);
    let world = Raw { environment: &environment };
    call::exit(shim::play(&process, &world, &own, &Freestanding { given: &given }))
}

struct Freestanding<'a> {
    given: &'a Given,
}

impl System for Freestanding<'_> {
    fn start(&self, run: &Run) -> Option<i32> {
        launch::start(self.given, run)
    }

    fn install(&self, install: &Install) -> bool {
        child::run(self.given, install)
    }

    fn say(&self, line: &[u8]) {
        world::say(line);
    }
}

/// The kernel marks a file that was replaced while it ran.
fn without_mark(mut path: Vec<u8>) -> Vec<u8> {
    const MARK: &[u8] = b" (deleted)";
    if path.ends_with(MARK) {
        path.truncate(path.len() - MARK.len());
    }
    path
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    world::say(b"gvm: the shim is broken\ngvm: please report how you called it\n");
    call::exit(125)
}
