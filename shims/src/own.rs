//! This shim itself: where it stands, and so which tool it is and where ROOT is.

use alloc::vec::Vec;
use core::cell::OnceCell;

use gvm_core::path;
use gvm_core::resolve::Place;
use gvm_core::world::World;

use crate::marker::is_shim;
use crate::stop::Stop;

/// This shim, by the names that it has.
pub(crate) struct Own<'a> {
    named: Option<&'a [u8]>,
    called: Option<&'a [u8]>,
    real: OnceCell<Option<Vec<u8>>>,
    ask: &'a dyn Fn() -> Option<Vec<u8>>,
}

impl<'a> Own<'a> {
    /// `started` is the path that the kernel was given, where the system tells; `called` is what the caller calls us;
    /// `ask` asks the system where the file really is. Only that is sure, and it costs a system call.
    pub(crate) fn new(
        started: Option<&'a [u8]>,
        called: Option<&'a [u8]>,
        ask: &'a dyn Fn() -> Option<Vec<u8>>,
    ) -> Self {
        let named = started.filter(|path| is_place_of_shim(path));
        Self { named, called, real: OnceCell::new(), ask }
    }

    /// The best path known of it; empty where there is none.
    pub(crate) fn path(&self) -> &[u8] {
        self.named.or_else(|| self.real()).or(self.called).unwrap_or_default()
    }

    /// The tool that it stands for: the name of its file. Not what the caller calls it, for the go command starts PATH's
    /// `go1.22.10` and calls it `go`.
    pub(crate) fn tool(&self) -> Result<&str, Stop> {
        let path = self.path();
        let name = path::file_name(path);
        let name = name.strip_suffix(path::PROGRAM_SUFFIX).unwrap_or(name);
        match core::str::from_utf8(name) {
            Ok("" | "." | "..") | Err(_) => Err(Stop::no_tool(path)),
            Ok(name) => Ok(name),
        }
    }

    /// ROOT by the path that it was started by. Whoever starts a program can give any path, and links lead elsewhere: to
    /// be believed only when a version is installed there.
    pub(crate) fn named_root(&self) -> Option<&[u8]> {
        self.named.and_then(root_of)
    }

    /// ROOT by where its file really is.
    pub(crate) fn real_root(&self) -> Option<&[u8]> {
        self.real().and_then(root_of)
    }

    /// Lets a program pass that is neither this shim nor another one: either would only ask again, for ever.
    pub(crate) fn guard(
        &self,
        world: &dyn World,
        place: &Place,
        program: &[u8],
    ) -> Result<(), Stop> {
        let (is_own, is_other) = match place {
            // Nobody but gvm writes there: no system call is spent on it, unless this was started by another path than a
            // shim's, which may be the very one.
            Place::Installed { .. } => {
                let own = self.path();
                (own == program || (self.named.is_none() && world.same(program, own)), false)
            }
            Place::Folder { .. } | Place::System { .. } => {
                let own = self.real().unwrap_or_else(|| self.path());
                (world.same(program, own), is_shim(world, program))
            }
        };
        match (is_own, is_other) {
            (true, _) => Err(Stop::itself(self.path(), program)),
            (false, true) => Err(Stop::another_shim(self.path(), program)),
            (false, false) => Ok(()),
        }
    }

    fn real(&self) -> Option<&[u8]> {
        self.real.get_or_init(self.ask).as_deref()
    }
}

/// Whether a path says by itself that it is a shim's: absolute, without detours, `…/shims/NAME`.
fn is_place_of_shim(path: &[u8]) -> bool {
    let is_clean = |path: &[u8]| {
        path.split(|byte| path::is_separator(*byte))
            .skip(1)
            .all(|part| !matches!(part, b"" | b"." | b".."))
    };
    path::is_absolute(path)
        && is_clean(path)
        && path::parent(path).is_some_and(|folder| path::file_name(folder) == b"shims")
}

/// The folder above the one that a shim stands in.
fn root_of(shim: &[u8]) -> Option<&[u8]> {
    path::parent(shim).and_then(path::parent)
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::*;

    fn own<'a>(started: &'a str, called: &'a str, ask: &'a dyn Fn() -> Option<Vec<u8>>) -> Own<'a> {
        Own::new(Some(started.as_bytes()), Some(called.as_bytes()), ask)
    }

    #[test]
    fn a_path_that_is_plainly_a_shims_is_taken_without_asking() {
        let never = || panic!("the system is asked");
        let shim = own("/r/shims/go1.22.10", "go", &never);
        assert_eq!(shim.tool().unwrap(), "go1.22.10");
        assert_eq!(shim.named_root(), Some(&b"/r"[..]));
    }

    #[test]
    fn every_other_path_is_looked_up() {
        let real = || Some(b"/r/shims/gofmt".to_vec());
        for started in ["go", "./shims/go", "/r//shims/go", "/r/shims/../shims/go", "/bin/go", ""] {
            let shim = own(started, "go", &real);
            assert_eq!(shim.named_root(), None, "{started}");
            assert_eq!(shim.real_root(), Some(&b"/r"[..]));
            assert_eq!(shim.tool().unwrap(), "gofmt", "{started}");
        }
    }

    #[test]
    fn what_the_caller_says_counts_where_nothing_else_is_known() {
        let nothing = || None;
        assert_eq!(own("go", "x/gofmt", &nothing).tool().unwrap(), "gofmt");
        for name in ["", ".", "..", "x/..", "/"] {
            assert_eq!(own("go", name, &nothing).tool().unwrap_err().code, 125, "{name}");
        }
        let nobody = Own::new(None, None, &nothing);
        assert!(nobody.tool().is_err() && nobody.real_root().is_none());
    }
}
