//! The go command's own settings that gvm follows, found as the go command finds them: the process, else the user's
//! `go/env` file, else the `go.env` of the default version or of the `go` on PATH.

use gvm_core::goenv;
use gvm_core::layout::Layout;
use gvm_core::path;
use gvm_core::resolve;
use gvm_core::vars;
use gvm_core::world::World;

/// What stands in for GOPROXY when nothing names one.
const DIRECT: &str = "direct";

/// The go command's settings about where modules come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GoSettings {
    /// GOPROXY, verbatim.
    pub proxy: String,
    /// Whether the process or the user's file names a GOPROXY: somebody wants it used.
    pub names_proxy: bool,
    /// GONOPROXY, else GOPRIVATE, verbatim.
    pub no_proxy: String,
    /// GOSUMDB, verbatim; empty when nothing names one.
    pub sumdb: String,
}

impl GoSettings {
    /// Finds them.
    pub fn read(world: &dyn World, layout: &Layout) -> Self {
        let users = |name| user_value(world, name);
        let go_env = go_env(world, layout);
        let either = |name| {
            users(name).or_else(|| {
                let found = goenv::lookup(go_env.as_deref()?, name, goenv::Which::Goroot);
                found.map(|(value, _)| text(value))
            })
        };
        let proxy = users(vars::GOPROXY);
        Self {
            names_proxy: proxy.as_ref().is_some_and(|proxy| !proxy.is_empty()),
            proxy: either(vars::GOPROXY).unwrap_or_else(|| DIRECT.into()),
            no_proxy: users(vars::GONOPROXY).or_else(|| users(vars::GOPRIVATE)).unwrap_or_default(),
            sumdb: either(vars::GOSUMDB).unwrap_or_default(),
        }
    }
}

/// The process's value if it is not empty, else the go/env file's, which may be.
fn user_value(world: &dyn World, name: &str) -> Option<String> {
    let process = world.var(name).filter(|value| !value.is_empty());
    process.or_else(|| goenv::user_value(world, name)).map(|value| text(&value))
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

/// The `go.env` that counts: the default version's, else that of the `go` on PATH, which is often a link into its
/// GOROOT. Versions up to 1.20 have none.
fn go_env(world: &dyn World, layout: &Layout) -> Option<Vec<u8>> {
    let default = resolve::default(world, layout).ok().map(|choice| choice.toolchain);
    let roots = [default, resolve::system(world, layout)].into_iter().flatten();
    let mut roots = roots.filter_map(|toolchain| toolchain.goroot().map(<[u8]>::to_vec));
    roots.find_map(|root| world.read(&path::join(&root, b"go.env"), 64 * 1024).ok())
}

#[cfg(all(test, unix))]
mod tests {
    use gvm_core::world::memory::Memory;

    use super::*;

    fn proxy(world: &Memory) -> String {
        GoSettings::read(world, &Layout::new(b"/r".to_vec())).proxy
    }

    #[test]
    fn the_process_beats_the_users_file_which_beats_go_env() {
        let none = Memory::new("/");
        assert_eq!(proxy(&none), "direct");
        let world = none
            .link("/r/current", "0a0a0a0a")
            .program("/r/0a0a0a0a/bin/go")
            .file("/r/0a0a0a0a/go.env", b"# defaults\nGOPROXY=https://a.example,direct\n");
        assert_eq!(proxy(&world), "https://a.example,direct");
        let world = world.var("GOENV", "/h/env").file("/h/env", b"GOPROXY=https://b.example\n");
        assert_eq!(proxy(&world), "https://b.example");
        assert_eq!(proxy(&world.clone().var("GOPROXY", "off")), "off");
        assert_eq!(proxy(&world.var("GOENV", "off")), "https://a.example,direct");
    }
}
