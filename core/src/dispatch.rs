//! What the child process gets: the program, and each variable that is set or removed, with the reason.
//!
//! Starting it is not here: the shim and `gvm exec` do that, each in its platform's way.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::call::Call;
use crate::goenv;
use crate::request::Origin;
use crate::resolve::{Choice, Place};
use crate::toolchain;
use crate::toolchain::arguments::builds_tool;
use crate::vars;
use crate::world::World;

/// So often may the `go` on PATH lead back to a shim: another manager's shim that asks gvm again never ends, while a
/// `go generate` that runs `go` does it once or twice.
const DEEPEST: u32 = 8;

/// A child process, as data.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Launch {
    /// The program's path: below the hash folder, never through `current`.
    pub program: Vec<u8>,
    /// What changes in the environment; all else, and its order, stays.
    pub changes: Vec<Change>,
}

/// One variable of the child's that differs from ours.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change {
    /// The variable.
    pub name: &'static str,
    /// Its value; None removes it.
    pub value: Option<Vec<u8>>,
    /// Why.
    pub why: &'static str,
}

/// The `go` on PATH has led back here: to start it again would never end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Loop {
    /// That program.
    pub program: Vec<u8>,
}

/// How a shim starts the tool that was called.
///
/// # Errors
/// [`Loop`] when the choice is a `go` on PATH that has led back here.
pub fn launch(world: &dyn World, choice: &Choice, call: &Call<'_>) -> Result<Launch, Loop> {
    let mut launch = surroundings(world, choice, call);
    launch.program = choice.toolchain.program(call.tool);
    if let Place::System { .. } = choice.toolchain.place {
        let Some(value) = started(world) else { return Err(Loop { program: launch.program }) };
        let why = "notices when this go leads back to gvm";
        launch.changes.push(Change { name: vars::STARTED, value: Some(value), why });
    }
    if let Some(name) = choice.switch.as_ref().filter(|_| call.tool == "go") {
        switch(world, name, &mut launch.changes);
    }
    Ok(launch)
}

/// What any command gets that is to find the chosen toolchain first on PATH; its program is `go`.
pub fn surroundings(world: &dyn World, choice: &Choice, call: &Call<'_>) -> Launch {
    let mut changes = Vec::new();
    goroot(world, choice, &mut changes);
    gotoolchain(world, choice, call, &mut changes);
    Launch { program: choice.toolchain.program("go"), changes }
}

/// What the go command says to the toolchain that it starts (`Exec` of `cmd/go/internal/toolchain/select.go`).
fn switch(world: &dyn World, name: &str, changes: &mut Vec<Change>) {
    let why = "the go command's rule has chosen: this one must not choose again";
    let value = Some(name.as_bytes().to_vec());
    changes.push(Change { name: vars::GOTOOLCHAIN_SWITCH_VERSION, value, why });
    let count = world.var(vars::GOTOOLCHAIN_SWITCH_COUNT).and_then(|count| number(&count));
    let value = Some((count.unwrap_or(0).saturating_add(1)).to_string().into_bytes());
    let why = "counts the switches, as the go command does";
    changes.push(Change { name: vars::GOTOOLCHAIN_SWITCH_COUNT, value, why });
}

/// How often the `go` on PATH has been started by now, and by which process. None when it has led back here.
fn started(world: &dyn World) -> Option<Vec<u8>> {
    let process = world.process();
    let before = world.var(vars::STARTED).unwrap_or_default();
    let mut numbers = before.split(|byte| *byte == b' ').map(number);
    let (depth, by) = (numbers.next().flatten().unwrap_or(0), numbers.next().flatten());
    // A chain of programs that each become the next keeps the number of its process.
    if depth >= DEEPEST || by == Some(process) {
        return None;
    }
    let value: [String; 2] = [(depth + 1).to_string(), process.to_string()];
    Some(value.join(" ").into_bytes())
}

fn number(digits: &[u8]) -> Option<u32> {
    core::str::from_utf8(digits).ok()?.parse().ok()
}

fn goroot(world: &dyn World, choice: &Choice, changes: &mut Vec<Change>) {
    let own = choice.toolchain.goroot().and_then(|goroot| {
        let lost = choice.toolchain.version.as_ref().is_some_and(|version| !version.finds_itself());
        if lost {
            return Some((goroot, "Go 1.8 and older cannot find their own root"));
        }
        let poisoned = goenv::user_value(world, vars::GOROOT).is_some();
        poisoned
            .then_some((goroot, "the go/env file names a GOROOT, which would be another version's"))
    });
    if let Some((goroot, why)) = own {
        changes.push(Change { name: vars::GOROOT, value: Some(goroot.to_vec()), why });
    } else if world.var(vars::GOROOT).is_some() {
        let why = "an inherited GOROOT would mix two versions";
        changes.push(Change { name: vars::GOROOT, value: None, why });
    }
}

/// A pin means this version and no other, so the go command may not switch away; unless the user's own GOTOOLCHAIN says
/// so, which only what was said in the call itself overrules. `install` and `run` of a tool with a version may fetch what
/// that needs. A GOTOOLCHAIN that an outer gvm set is not the user's: it is dropped and decided afresh.
fn gotoolchain(world: &dyn World, choice: &Choice, call: &Call<'_>, changes: &mut Vec<Change>) {
    // The go command started this version itself and says so: it must find what it left.
    if world.var(vars::GOTOOLCHAIN_SWITCH_VERSION).is_some_and(|version| !version.is_empty()) {
        return;
    }
    let is_marked = world.var(vars::SET_GOTOOLCHAIN).is_some();
    let users = toolchain::users_gotoolchain(world).is_some();
    let stays = match choice.origin {
        Origin::Name => true,
        Origin::Argument => !builds_tool(call.arguments),
        _ => choice.origin.pins() && !users && !builds_tool(call.arguments),
    };
    if stays {
        let why = "a pinned version runs as it is";
        changes.push(Change { name: vars::GOTOOLCHAIN, value: Some(b"local".to_vec()), why });
        let why = "marks GOTOOLCHAIN as set by gvm";
        changes.push(Change { name: vars::SET_GOTOOLCHAIN, value: Some(b"1".to_vec()), why });
    } else if is_marked {
        let why = "an outer gvm had set it for another choice";
        if !users {
            changes.push(Change { name: vars::GOTOOLCHAIN, value: None, why });
        }
        changes.push(Change { name: vars::SET_GOTOOLCHAIN, value: None, why });
    }
}

#[cfg(all(test, not(windows)))]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;
    use crate::layout::Layout;
    use crate::resolve;
    use crate::world::memory::Memory;

    fn machine() -> Memory {
        Memory::new("/src")
            .link("/r/versions/go1.8.7", "../0a0a0a0a")
            .link("/r/versions/go1.22.10", "../0b0b0b0b")
            .link("/r/current", "0b0b0b0b")
            .program("/r/0b0b0b0b/bin/go")
            .file("/r/0b0b0b0b/VERSION", b"go1.22.10")
    }

    fn changes(world: &Memory) -> Vec<String> {
        changes_of(world, "go", &[])
    }

    fn changes_of(world: &Memory, name: &str, words: &[&[u8]]) -> Vec<String> {
        let call = Call::new(name, words);
        let choice = resolve::decide(world, &Layout::new(b"/r".to_vec()), &call).unwrap();
        let launch = launch(world, &choice, &call).unwrap();
        let show = |change: Change| match change.value {
            Some(value) => format!("{}={}", change.name, String::from_utf8_lossy(&value)),
            None => format!("-{}", change.name),
        };
        launch.changes.into_iter().map(show).collect()
    }

    #[test]
    fn goroot_is_set_for_old_versions_and_removed_for_others() {
        let none: [&str; 0] = [];
        assert_eq!(changes(&machine()), none);
        assert_eq!(changes(&machine().var("GOROOT", "/old")), ["-GOROOT"]);
        let old = machine().var("GVM_GO", "1.8.7").var("GOROOT", "/old").var("GOTOOLCHAIN", "x");
        assert_eq!(changes(&old), ["GOROOT=/r/0a0a0a0a"]);
    }

    #[test]
    fn a_goroot_in_the_go_env_file_is_overruled() {
        let world = machine().var("HOME", "/h").var("GOENV", "/h/env");
        let world = world.file("/h/env", b"GOROOT=/usr/lib/go\n");
        assert_eq!(changes(&world), ["GOROOT=/r/0b0b0b0b"]);
    }

    #[test]
    fn a_pin_keeps_the_go_command_from_switching_unless_the_user_says_so() {
        let pinned = machine().var("GVM_GO", "1.22.10");
        assert_eq!(changes(&pinned), ["GOTOOLCHAIN=local", "GVM_SET_GOTOOLCHAIN=1"]);
        let none: [&str; 0] = [];
        assert_eq!(changes(&pinned.clone().var("GOTOOLCHAIN", "auto")), none);
        let selected = pinned.var(vars::GOTOOLCHAIN_SWITCH_VERSION, "go1.22.10");
        assert_eq!(changes(&selected), none);
    }

    #[test]
    fn a_nested_shim_decides_afresh() {
        let nested = machine().var("GOTOOLCHAIN", "local").var("GVM_SET_GOTOOLCHAIN", "1");
        assert_eq!(changes(&nested), ["-GOTOOLCHAIN", "-GVM_SET_GOTOOLCHAIN"]);
        let pinned = nested.clone().var("GVM_GO", "1.22.10");
        assert_eq!(changes(&pinned), ["GOTOOLCHAIN=local", "GVM_SET_GOTOOLCHAIN=1"]);
        let users = nested.var("GOTOOLCHAIN", "go1.23.1");
        assert_eq!(changes(&users), ["-GVM_SET_GOTOOLCHAIN"]);
    }

    #[test]
    fn what_the_call_says_overrules_the_users_gotoolchain() {
        let local = ["GOTOOLCHAIN=local", "GVM_SET_GOTOOLCHAIN=1"];
        let world = machine().var("GOTOOLCHAIN", "auto");
        assert_eq!(changes_of(&world, "go", &[b"+1.22.10", b"build"]), local);
        assert_eq!(changes_of(&world, "go1.22.10", &[b"build"]), local);
        let switched = world.var(vars::GOTOOLCHAIN_SWITCH_VERSION, "go1.22.10");
        assert_eq!(changes_of(&switched, "go1.22.10", &[b"build"]), [""; 0]);
    }

    #[test]
    fn a_tool_with_a_version_may_fetch_what_it_needs() {
        let words: [&[u8]; 2] = [b"install", b"example.com/x@latest"];
        let pinned = machine().var("GVM_GO", "1.22.10");
        assert_eq!(changes_of(&pinned, "go", &words), [""; 0]);
        let nested = pinned.var("GOTOOLCHAIN", "local").var("GVM_SET_GOTOOLCHAIN", "1");
        assert_eq!(changes_of(&nested, "go", &words), ["-GOTOOLCHAIN", "-GVM_SET_GOTOOLCHAIN"]);
    }

    #[test]
    fn a_selected_toolchain_is_told_so() {
        let world = machine()
            .link("/r/versions/go1.23.1", "../0c0c0c0c")
            .program("/r/0c0c0c0c/bin/go")
            .file("/src/go.mod", b"go 1.23.1\n")
            .file("/r/0b0b0b0b/go.env", b"GOTOOLCHAIN=auto\n");
        let told = "GOTOOLCHAIN_INTERNAL_SWITCH_VERSION=go1.23.1";
        let count = |count| format!("GOTOOLCHAIN_INTERNAL_SWITCH_COUNT={count}");
        assert_eq!(changes(&world), [told.into(), count(1)]);
        let third = world.var(vars::GOTOOLCHAIN_SWITCH_COUNT, "2").var("GOROOT", "/old");
        assert_eq!(changes(&third), ["-GOROOT".into(), told.into(), count(3)]);
        assert_eq!(changes_of(&third, "gofmt", &[]), ["-GOROOT"]);
    }

    #[test]
    fn a_go_on_path_that_leads_back_is_noticed() {
        let world = Memory::new("/src").program("/usr/bin/go").var("PATH", "/usr/bin");
        assert_eq!(changes(&world), ["GVM_STARTED=1 1"]);
        assert_eq!(changes(&world.clone().var("GVM_STARTED", "3 99")), ["GVM_STARTED=4 1"]);
        for before in ["1 1", "8 99"] {
            let world = world.clone().var("GVM_STARTED", before);
            let call = Call::plain();
            let choice = resolve::decide(&world, &Layout::new(b"/r".to_vec()), &call).unwrap();
            let program = b"/usr/bin/go".to_vec();
            assert_eq!(launch(&world, &choice, &call), Err(Loop { program }));
        }
    }
}
