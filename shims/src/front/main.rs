//! The program on PATH, on Linux: a few kilobytes that settle what is asked most, a plain pin (`1.22.4` in `.go-version`),
//! and that load the chooser for everything else. What the chooser would answer is not decided here anew: where a plain
//! pin's answer could be another one, or is not there, the chooser is asked.
//!
//! No standard library, no memory of its own, no system call that the story does not ask for.

#![no_std]
#![no_main]

mod environment;
mod kernel;
mod load;
mod pin;
mod start;

#[path = "../mark.rs"]
mod mark;
#[path = "../raw/memory.rs"]
mod memory;

use core::panic::PanicInfo;

use environment::Environment;
use start::Started;

/// The whole program, from what the kernel left on the stack.
fn run(started: Started) -> ! {
    let environment = Environment::of(started.environment());
    let place = place(&started);
    if let (Some(place), Some(environment)) = (&place, environment) {
        let root = environment.root.unwrap_or(place.root);
        if !asks_for_more(&started) {
            // Comes back where the pin is not plain, or its answer not there.
            pin::follow(&started, root, place.tool, &environment);
        }
    }
    load::chooser(&started, place.map(|place| place.root))
}

/// Where this shim stands, by the path that the kernel was told to start.
#[derive(Clone, Copy)]
struct Place<'a> {
    root: &'a [u8],
    tool: &'a [u8],
}

/// The place, if the path says it plainly: absolute, without detours, `ROOT/shims/go` or `ROOT/shims/gofmt`.
fn place<'a>(started: &Started) -> Option<Place<'a>> {
    let path = started.path()?;
    let is_detour = |part: &[u8]| matches!(part, b"" | b"." | b"..");
    if path.first() != Some(&b'/') || path[1..].split(|byte| *byte == b'/').any(is_detour) {
        return None;
    }
    let (tool, folder) = if let Some(folder) = path.strip_suffix(b"/shims/go") {
        (&b"go"[..], folder)
    } else {
        (&b"gofmt"[..], path.strip_suffix(b"/shims/gofmt")?)
    };
    Some(Place { root: folder, tool })
}

/// Whether the arguments themselves have a say: `+SPEC`, or an `@` that may be a tool's version. Without a name of our own
/// there is none to hand on.
fn asks_for_more(started: &Started) -> bool {
    let mut arguments = started.arguments();
    if arguments.next().is_none() {
        return true;
    }
    let first = arguments.next().unwrap_or_default();
    first.first() == Some(&b'+') || arguments.any(|argument| argument.contains(&b'@'))
}

/// Nothing is allocated here. The crate whose rule is used could.
struct NoMemory;

// SAFETY: it never gives any memory.
unsafe impl core::alloc::GlobalAlloc for NoMemory {
    unsafe fn alloc(&self, _: core::alloc::Layout) -> *mut u8 {
        core::ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: core::alloc::Layout) {}
}

#[global_allocator]
static MEMORY: NoMemory = NoMemory;

// Where the link script puts this program: out of the way of the chooser, which is loaded beside it.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
core::arch::global_asm!(".globl BASE", ".set BASE, 0x10000000");

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    kernel::fail(&[b"the shim is broken"], b"please report how you called it")
}
