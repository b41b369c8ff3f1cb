//! What the child process gets: the program, and each variable that is set or removed, with the reason.
//!
//! Starting it is not here: the shim and `gvm exec` do that, each in its platform's way.

use alloc::vec::Vec;

use crate::goenv;
use crate::resolve::Choice;
use crate::vars;
use crate::world::World;

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

/// How `tool` of the chosen toolchain is started.
pub fn launch(world: &dyn World, choice: &Choice, tool: &str) -> Launch {
    let mut changes = Vec::new();
    goroot(world, choice, &mut changes);
    gotoolchain(world, choice, &mut changes);
    Launch { program: choice.toolchain.program(tool), changes }
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
/// so. One that an outer gvm set is not the user's: it is dropped and decided afresh.
fn gotoolchain(world: &dyn World, choice: &Choice, changes: &mut Vec<Change>) {
    let ours = world.var(vars::SET_GOTOOLCHAIN).is_some();
    let value = world.var(vars::GOTOOLCHAIN).filter(|value| !value.is_empty());
    let users = value.is_some() && !(ours && value.as_deref() == Some(b"local"));
    // The go command started this version itself and says so: it must find what it left.
    let selected = world.var(vars::GOTOOLCHAIN_SWITCH_VERSION).is_some_and(|v| !v.is_empty());
    if choice.origin.pins() && !users && !selected {
        let why = "a pinned version runs as it is";
        changes.push(Change { name: vars::GOTOOLCHAIN, value: Some(b"local".to_vec()), why });
        let why = "marks GOTOOLCHAIN as set by gvm";
        changes.push(Change { name: vars::SET_GOTOOLCHAIN, value: Some(b"1".to_vec()), why });
    } else if ours && !selected {
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
        let choice = resolve::decide(world, &Layout::new(b"/r".to_vec())).unwrap();
        let launch = launch(world, &choice, "go");
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
}
