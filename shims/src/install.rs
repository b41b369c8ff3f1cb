//! What a shim that may install runs: the gvm that made it, once, for what was asked and is missing.
//!
//! That it may is the user's word, `GVM_AUTO_INSTALL=1`. Downloading and proving is gvm's, and so is waiting for a twin.

use alloc::string::String;
use alloc::vec::Vec;

use gvm_core::dispatch::Change;
use gvm_core::layout::Layout;
use gvm_core::path;
use gvm_core::resolve::Undecided;
use gvm_core::vars;
use gvm_core::world::World;

use crate::environment::{self, Variable};
use crate::shim::Process;

/// A call of gvm: `gvm install -- SPEC`.
#[derive(Debug)]
pub(crate) struct Install {
    /// gvm.
    pub(crate) program: Vec<u8>,
    /// What it is to install.
    pub(crate) spec: String,
    /// Its environment: ours, and our ROOT.
    pub(crate) environment: Vec<Variable>,
}

impl Install {
    /// The call for what is missing. None where nothing is missing, nothing may be installed, or there is no gvm.
    pub(crate) fn of(
        process: &Process,
        world: &dyn World,
        layout: &Layout,
        why: &Undecided,
    ) -> Option<Self> {
        let request = match why {
            Undecided::NotInstalled(request) | Undecided::Unsatisfied { request, .. } => request,
            Undecided::Request(_)
            | Undecided::NotAGoroot(_)
            | Undecided::DanglingDefault { .. }
            | Undecided::Nothing
            | Undecided::OnlyShims { .. }
            | Undecided::NoSystem(_) => return None,
        };
        if world.var(vars::AUTO_INSTALL).as_deref() != Some(b"1") {
            return None;
        }
        let root = Change {
            name: vars::DIR,
            value: Some(layout.root().to_vec()),
            why: "installs where this shim looks",
        };
        Some(Self {
            program: gvm(world, layout)?,
            spec: request.spec.as_str().into(),
            environment: environment::changed(process.environment, &[root]),
        })
    }
}

/// The gvm that made the shims, else the first one in an absolute entry of PATH.
fn gvm(world: &dyn World, layout: &Layout) -> Option<Vec<u8>> {
    if let Some(target) = world.link(&layout.command()) {
        let program =
            if path::is_absolute(&target) { target } else { path::join(layout.root(), &target) };
        if world.is_program(&program) {
            return Some(program);
        }
    }
    let entries = world.var(vars::PATH)?;
    entries
        .split(|byte| *byte == path::LIST_SEPARATOR)
        .filter(|entry| path::is_absolute(entry))
        .map(|entry| {
            let mut program = path::join(entry, b"gvm");
            program.extend_from_slice(path::PROGRAM_SUFFIX);
            program
        })
        .find(|program| world.is_program(program))
}

#[cfg(all(test, not(windows)))]
mod tests {
    use gvm_core::call::Call;
    use gvm_core::resolve;
    use gvm_core::world::memory::Memory;

    use super::*;

    fn call(world: &Memory) -> Option<(String, String)> {
        let layout = Layout::new(b"/r".to_vec());
        let why = resolve::decide(world, &layout, &Call::plain()).unwrap_err();
        let process = Process { arguments: &[], environment: &[] };
        let install = Install::of(&process, world, &layout, &why)?;
        assert_eq!(install.environment, [Variable::Set(b"GVM_DIR=/r".to_vec())]);
        Some((String::from_utf8(install.program).unwrap(), install.spec))
    }

    #[test]
    fn only_the_users_word_lets_a_shim_install_and_only_what_is_missing() {
        let world = Memory::new("/src").var("GVM_GO", "1.22").program("/opt/gvm");
        let world = world.link("/r/command", "/opt/gvm");
        let said = |word: &str| world.clone().var("GVM_AUTO_INSTALL", word);
        assert_eq!(call(&world), None);
        assert_eq!(call(&said("0")), None);
        assert_eq!(call(&said("1")), Some(("/opt/gvm".into(), "1.22".into())));
        assert_eq!(call(&said("1").var("GVM_GO", "nonsense")), None);
    }

    #[test]
    fn the_gvm_that_made_the_shims_comes_before_that_on_path() {
        let world = Memory::new("/src").var("GVM_GO", "1.22").var("GVM_AUTO_INSTALL", "1");
        let world = world.var("PATH", "rel:/none:/bin").program("/bin/gvm").program("/src/rel/gvm");
        assert_eq!(call(&world).unwrap().0, "/bin/gvm");
        let made = world.clone().link("/r/command", "/opt/gvm");
        assert_eq!(call(&made).unwrap().0, "/bin/gvm");
        assert_eq!(call(&made.program("/opt/gvm")).unwrap().0, "/opt/gvm");
        assert_eq!(call(&world.var("PATH", "rel")), None);
    }
}
