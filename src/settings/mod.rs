//! What gvm is told beforehand: by flag, else by variable, else by `config.toml`, else built in. Each value with where it
//! came from.
//!
//! What a project asks for is not here: that is `gvm_core::request`.

use std::fmt;
use std::time::Duration;

use gvm_core::layout::Layout;
use gvm_core::vars;
use gvm_core::world::World;

mod config;
pub mod go;
pub mod root;

pub use config::ConfigError;

/// Where a value came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum From {
    /// A flag of this call.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// ROOT's `config.toml`.
    File,
    /// gvm itself.
    BuiltIn,
}

impl fmt::Display for From {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag(name) | Self::Variable(name) => name,
            Self::File => "config.toml",
            Self::BuiltIn => "gvm",
        })
    }
}

/// A value and where it came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub from: From,
}

/// What flags may overrule.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--offline`.
    pub offline: bool,
    /// `--source NAME`.
    pub source: Option<String>,
    /// `--lock-timeout SECONDS`.
    pub lock_timeout: Option<Duration>,
}

/// What becomes of a call where `config.toml` cannot be understood.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BrokenFile {
    /// It is refused: what the user said there must not be passed over.
    Refused,
    /// It goes on without the file, and tells of it.
    Told,
}

/// The official download site.
pub const GODEV: &str = "https://go.dev/dl";

/// All settings of one call.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The sources in the order in which they are tried, by name, URL or folder.
    pub sources: Setting<Vec<String>>,
    /// The base URL of the download site.
    pub godev: Setting<String>,
    /// Whether the network is left alone.
    pub offline: Setting<bool>,
    /// The go command's own settings that gvm follows.
    pub go: go::GoSettings,
}

impl Settings {
    /// Reads them all.
    ///
    /// # Errors
    /// When `config.toml` is there and cannot be understood.
    pub fn load(world: &dyn World, layout: &Layout, flags: &Flags) -> Result<Self, ConfigError> {
        Ok(Self::of(world, layout, flags, config::read(world, layout)?))
    }

    /// As [`Settings::load`], without a `config.toml` that cannot be understood: for who tells of it, and goes on.
    pub fn without_broken_file(world: &dyn World, layout: &Layout, flags: &Flags) -> Self {
        Self::of(world, layout, flags, config::read(world, layout).unwrap_or_default())
    }

    fn of(world: &dyn World, layout: &Layout, flags: &Flags, file: config::Config) -> Self {
        let go = go::GoSettings::read(world, layout);
        let variable = |name: &'static str| {
            let value = world.var(name).filter(|value| !value.is_empty())?;
            Some((String::from_utf8_lossy(&value).into_owned(), From::Variable(name)))
        };
        let built_in = if go.names_proxy { "goproxy,godev" } else { "godev,goproxy" };
        let sources = flags
            .source
            .clone()
            .map(|source| (source, From::Flag("--source")))
            .or_else(|| variable(vars::SOURCES))
            .or_else(|| file.sources.map(|list| (list.join(","), From::File)))
            .unwrap_or_else(|| (built_in.to_owned(), From::BuiltIn));
        let godev = variable(vars::GODEV)
            .or_else(|| file.godev.map(|url| (url, From::File)))
            .unwrap_or_else(|| (GODEV.to_owned(), From::BuiltIn));
        let offline = flags
            .offline
            .then_some((true, From::Flag("--offline")))
            .or_else(|| variable(vars::OFFLINE).map(|(value, from)| (is_true(&value), from)))
            .or_else(|| file.offline.map(|value| (value, From::File)))
            .unwrap_or((false, From::BuiltIn));
        Self {
            sources: Setting { value: split(&sources.0), from: sources.1 },
            godev: Setting { value: godev.0.trim_end_matches('/').to_owned(), from: godev.1 },
            offline: Setting { value: offline.0, from: offline.1 },
            go,
        }
    }
}

/// Why `config.toml` cannot be followed, if it cannot.
pub fn broken_file(world: &dyn World, layout: &Layout) -> Option<ConfigError> {
    config::read(world, layout).err()
}

fn split(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn is_true(value: &str) -> bool {
    !matches!(value, "0" | "false" | "no" | "off")
}

#[cfg(all(test, unix))]
mod tests {
    use gvm_core::world::memory::Memory;

    use super::*;

    fn load(world: &Memory) -> Settings {
        Settings::load(world, &Layout::new(b"/r".to_vec()), &Flags::default()).unwrap()
    }

    #[test]
    fn a_flag_beats_the_variable_which_beats_the_file() {
        let world =
            Memory::new("/").file("/r/config.toml", b"sources = [\"godev\"]\noffline = true\n");
        assert_eq!(load(&world).sources, Setting { value: vec!["godev".into()], from: From::File });
        assert!(load(&world).offline.value);
        let world = world.var("GVM_SOURCES", "goproxy, /mirror").var("GVM_OFFLINE", "0");
        assert_eq!(load(&world).sources.value, ["goproxy", "/mirror"]);
        assert!(!load(&world).offline.value);
        let flags = Flags { source: Some("godev".into()), offline: true, lock_timeout: None };
        let settings = Settings::load(&world, &Layout::new(b"/r".to_vec()), &flags).unwrap();
        assert_eq!(settings.sources.from, From::Flag("--source"));
        assert_eq!(settings.offline.from, From::Flag("--offline"));
    }

    #[test]
    fn behind_a_companys_proxy_the_proxy_is_asked_first() {
        assert_eq!(load(&Memory::new("/")).sources.value, ["godev", "goproxy"]);
        let world = Memory::new("/").var("GOPROXY", "https://proxy.corp.example");
        assert_eq!(load(&world).sources.value, ["goproxy", "godev"]);
    }

    #[test]
    fn a_broken_settings_file_names_the_line() {
        let world = Memory::new("/").file("/r/config.toml", b"offline = true\nsauces = []\n");
        let error = Settings::load(&world, &Layout::new(b"/r".to_vec()), &Flags::default());
        assert!(error.unwrap_err().to_string().contains("/r/config.toml:2: "));
    }
}
