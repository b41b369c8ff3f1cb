//! The go command's own choice of toolchain: GOTOOLCHAIN, go.work and go.mod against the base that was started.
//!
//! As `Select` of `cmd/go/internal/toolchain/select.go` has it, of Go 1.21 to 1.27; where they differ, the base's own way
//! counts. Deliberate differences stand in docs/which-go.md. Whether the chosen one is installed is `resolve`'s question,
//! what the lines of a file say `gomod`'s.

pub mod arguments;
pub mod modfile;

use alloc::string::String;
use alloc::vec::Vec;

use crate::goenv::{Files, Setting};
use crate::gomod::{self, GoMod};
use crate::path;
use crate::spec::Spec;
use crate::vars;
use crate::version::Version;
use crate::world::World;

pub use arguments::{Arguments, Way};
pub use modfile::ModFile;

/// The go command that is started first.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    /// Its version.
    pub version: &'a Version,
    /// Its GOROOT.
    pub goroot: &'a [u8],
}

/// What a go command chooses, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// GOTOOLCHAIN, where it was looked at and is set.
    pub gotoolchain: Option<Setting>,
    /// The go.work or go.mod that was looked at.
    pub file: Option<ModFile>,
    /// What follows.
    pub outcome: Outcome,
}

/// What follows for the base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It runs the command itself.
    Stays(Stay),
    /// It starts the toolchain of this name.
    Switches {
        /// The name, as `go1.22.10`.
        name: String,
        /// Who names it.
        by: By,
    },
    /// It refuses, and says so itself.
    Refuses(Refusal),
}

/// Why the base runs the command itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// GO111MODULE turns modules off.
    NoModules,
    /// The command never switches.
    Command,
    /// `install` or `run` of a tool of another module: the base finds out what that needs.
    BuildsTool,
    /// GOTOOLCHAIN is not set anywhere, or empty.
    Unset,
    /// GOTOOLCHAIN names the base alone.
    Local,
    /// The file says `toolchain default`.
    Default,
    /// Nothing asks for a newer one.
    Enough,
}

/// Who names the toolchain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// GOTOOLCHAIN.
    Setting,
    /// The `toolchain` line, at this line.
    Toolchain(u32),
    /// The `go` line, at this line.
    Go(u32),
}

/// Why a go command refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// GOTOOLCHAIN cannot be understood.
    Setting,
    /// GOWORK is a relative path.
    Gowork,
    /// The working directory is gone, or where `-C` leads is none.
    Folder,
    /// The file cannot be read.
    File,
    /// The file's `toolchain` line names none.
    ToolchainLine(u32),
    /// The name that comes out is none of Go 1.
    Name,
}

/// What a base that was started with these arguments chooses.
pub fn select(world: &dyn World, base: Base<'_>, arguments: &[&[u8]]) -> Selection {
    let arguments = arguments::read(arguments, base.version);
    let files = Files::read(world, Some(base.goroot));
    let finder = Finder { world, files: &files, goroot: base.goroot, folder: arguments.folder };
    let mut selection =
        Selection { gotoolchain: None, file: None, outcome: Outcome::Stays(Stay::Enough) };
    selection.outcome = match early(&finder, base, &arguments) {
        Some(outcome) => outcome,
        None => {
            selection.gotoolchain = if base.version.selects_toolchains() {
                files.setting(vars::GOTOOLCHAIN, users_gotoolchain(world))
            } else {
                // It would know nothing of GOTOOLCHAIN; gvm decides in its place.
                None
            };
            chosen(&finder, base, &mut selection)
        }
    };
    selection
}

/// What go.work or go.mod asks for where no base is to be had.
pub fn asked(world: &dyn World, arguments: &[&[u8]]) -> Option<(ModFile, String, By)> {
    let oldest = Version::parse("1").ok()?;
    let base = Base { version: &oldest, goroot: b"" };
    let selection = select(world, base, arguments);
    match (selection.file, selection.outcome) {
        (Some(file), Outcome::Switches { name, by }) => Some((file, name, by)),
        (Some(_) | None, _) => None,
    }
}

/// What a go.work or go.mod needs at least: a go command of an older version refuses to work there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The file.
    pub path: Vec<u8>,
    /// Its `go` line, from 1.
    pub line: u32,
    /// What that says.
    pub version: Version,
}

impl Need {
    /// Whether a toolchain of this version works there.
    pub fn is_met_by(&self, version: &Version) -> bool {
        version.compare_as_go(&self.version).is_ge()
    }

    /// Whether a release that answers `spec` can work there.
    pub fn can_be_met_by(&self, spec: &Spec) -> bool {
        let name = toolchain_for(&self.version);
        Version::from_tag(&name).is_ok_and(|release| spec.admits(&release))
    }
}

/// What the project here needs at least. GO111MODULE and GOWORK count as far as the process and the user's file say.
pub fn need(world: &dyn World, arguments: &[&[u8]]) -> Option<Need> {
    let newest = Version::parse("1.27").ok()?;
    let arguments = arguments::read(arguments, &newest);
    let files = Files::read(world, None);
    let finder = Finder { world, files: &files, goroot: b"", folder: arguments.folder };
    if !finder.uses_modules(&newest) {
        return None;
    }
    let file = finder.file().ok()??;
    let go = GoMod::read(file.content.as_deref()?).go?;
    let version = go_version(go.text)?;
    Some(Need { line: go.line, version, path: file.path })
}

/// The go.work that applies here, where GOWORK lets one, and the go.mod, whether anybody asks them
/// or not. Where files are asked it is the first.
pub fn files(world: &dyn World, base: Base<'_>, arguments: &[&[u8]]) -> Vec<ModFile> {
    let arguments = arguments::read(arguments, base.version);
    let files = Files::read(world, Some(base.goroot));
    let finder = Finder { world, files: &files, goroot: base.goroot, folder: arguments.folder };
    let Some(start) = modfile::start(world, finder.folder) else { return Vec::new() };
    let work = finder.work(&start).ok().flatten();
    work.into_iter().chain(modfile::go_mod(world, &start)).collect()
}

/// GOTOOLCHAIN of the process, as far as it is the user's: not one that an outer gvm set for its own choice.
pub fn users_gotoolchain(world: &dyn World) -> Option<Vec<u8>> {
    let value = world.var(vars::GOTOOLCHAIN).filter(|value| !value.is_empty())?;
    let is_ours = value == b"local" && world.var(vars::SET_GOTOOLCHAIN).is_some();
    (!is_ours).then_some(value)
}

/// What settles the question before GOTOOLCHAIN is looked at.
fn early(finder: &Finder<'_>, base: Base<'_>, arguments: &Arguments<'_>) -> Option<Outcome> {
    if arguments.folder.is_some() && modfile::start(finder.world, arguments.folder).is_none() {
        return Some(Outcome::Refuses(Refusal::Folder));
    }
    if !finder.uses_modules(base.version) {
        return Some(Outcome::Stays(Stay::NoModules));
    }
    match arguments.way {
        Way::Stays => Some(Outcome::Stays(Stay::Command)),
        Way::BuildsTool => Some(Outcome::Stays(Stay::BuildsTool)),
        Way::Selects => None,
    }
}

fn chosen(finder: &Finder<'_>, base: Base<'_>, selection: &mut Selection) -> Outcome {
    let setting = match (&selection.gotoolchain, base.version.selects_toolchains()) {
        (Some(setting), true) if !setting.value.is_empty() => parse(&setting.value),
        (Some(_) | None, true) => return Outcome::Stays(Stay::Unset),
        (Some(_) | None, false) => without_gotoolchain(finder),
    };
    let Some(Parsed { named, upgrades }) = setting else {
        return Outcome::Refuses(Refusal::Setting);
    };
    let local = base.version.tag();
    let name = named.unwrap_or_else(|| local.clone());
    let version = gomod::toolchain_version(name.as_bytes());
    let version = version.unwrap_or_else(|| base.version.clone());
    let mut newest = Candidate { name, version, by: By::Setting };
    let stay = if !upgrades {
        Stay::Local
    } else {
        selection.file = match finder.file() {
            Ok(file) => file,
            Err(refusal) => return Outcome::Refuses(refusal),
        };
        match upgrade(&mut newest, selection.file.as_ref(), base.version) {
            Ok(stay) => stay,
            Err(refusal) => return Outcome::Refuses(refusal),
        }
    };
    let Candidate { name, by, .. } = newest;
    if name == local {
        Outcome::Stays(stay)
    } else if name.starts_with("go1") {
        Outcome::Switches { name, by }
    } else {
        Outcome::Refuses(Refusal::Name)
    }
}

/// A toolchain that may be chosen.
struct Candidate {
    name: String,
    version: Version,
    by: By,
}

/// Puts what a go.work or go.mod asks for in the place of an older one; says why the base would stay after that.
fn upgrade(
    newest: &mut Candidate,
    file: Option<&ModFile>,
    base: &Version,
) -> Result<Stay, Refusal> {
    let Some(file) = file else { return Ok(Stay::Enough) };
    let lines = GoMod::read(file.content.as_deref().ok_or(Refusal::File)?);
    if lines.toolchain.is_some_and(|line| line.text == b"default") {
        return Ok(Stay::Default);
    }
    if let Some(line) = lines.toolchain {
        let version =
            gomod::toolchain_version(line.text).ok_or(Refusal::ToolchainLine(line.line))?;
        let order = version.compare_as_go(&newest.version);
        // In 1.21 an equal one counts too, which shows where one of them has a suffix.
        let equal_counts = base.selects_toolchains() && !base.is_from_line("22");
        if order.is_gt() || (order.is_eq() && equal_counts) {
            let name = String::from_utf8_lossy(line.text).into_owned();
            *newest = Candidate { name, version, by: By::Toolchain(line.line) };
        }
    }
    if let Some(line) = lines.go
        && let Some(version) = go_version(line.text)
        && version.compare_as_go(&newest.version).is_gt()
    {
        let name = toolchain_for(&version);
        *newest = Candidate { name, version, by: By::Go(line.line) };
    }
    Ok(Stay::Enough)
}

/// The toolchain that a `go` line asks for. From 1.21 on a line such as 1.22 is a language, and its first release is
/// 1.22.0 (golang.org/issue/62278). 1.21.0 to 1.21.9 and 1.22.0 to 1.22.3 still looked for `go1.22`.
fn toolchain_for(version: &Version) -> String {
    let mut name = version.tag();
    if version.is_language() && version.selects_toolchains() {
        name.push_str(".0");
    }
    name
}

/// The version of a `go` line, as the go command compares it; None for what it takes to be older than everything.
pub(crate) fn go_version(text: &[u8]) -> Option<Version> {
    let version = Version::parse(core::str::from_utf8(text).ok()?).ok()?;
    (version.suffix().is_none() && !version.is_historic()).then_some(version)
}

/// GOTOOLCHAIN, taken apart.
struct Parsed {
    /// The toolchain that it names; None for the base.
    named: Option<String>,
    /// Whether files may ask for a newer one.
    upgrades: bool,
}

fn parse(value: &[u8]) -> Option<Parsed> {
    if value == b"auto" || value == b"path" {
        return Some(Parsed { named: None, upgrades: true });
    }
    let cut = value.iter().position(|byte| *byte == b'+');
    let (least, suffix) = match cut {
        Some(at) => (&value[..at], Some(&value[at + 1..])),
        None => (value, None),
    };
    let upgrades = match suffix {
        None => false,
        Some(b"auto" | b"path") => true,
        Some(_) => return None,
    };
    if least == b"local" {
        return Some(Parsed { named: None, upgrades });
    }
    gomod::toolchain_version(least)?;
    Some(Parsed { named: Some(core::str::from_utf8(least).ok()?.into()), upgrades })
}

/// For a base that knows no GOTOOLCHAIN: as `auto`, unless the user says `local`.
fn without_gotoolchain(finder: &Finder<'_>) -> Option<Parsed> {
    let setting = finder.files.setting(vars::GOTOOLCHAIN, users_gotoolchain(finder.world));
    let is_local = setting.is_some_and(|setting| setting.value == b"local");
    Some(Parsed { named: None, upgrades: !is_local })
}

/// Looks for the file that counts.
struct Finder<'a> {
    world: &'a dyn World,
    files: &'a Files,
    goroot: &'a [u8],
    folder: Option<&'a [u8]>,
}

impl Finder<'_> {
    /// As `WillBeEnabled` of `cmd/go/internal/modload/init.go`.
    fn uses_modules(&self, base: &Version) -> bool {
        let Some(setting) = self.setting(vars::GO111MODULE) else { return true };
        match &*setting {
            b"" | b"on" => true,
            b"auto" => {
                let Some(start) = modfile::start(self.world, self.folder) else { return false };
                modfile::go_mod(self.world, &start).is_some()
                    || (base.is_from_line("27") && self.names_work(&start))
            }
            _ => false,
        }
    }

    /// The go.work that applies, else the go.mod.
    fn file(&self) -> Result<Option<ModFile>, Refusal> {
        let start = modfile::start(self.world, self.folder).ok_or(Refusal::Folder)?;
        if let Some(work) = self.work(&start)? {
            return Ok(Some(work));
        }
        Ok(modfile::go_mod(self.world, &start))
    }

    fn work(&self, start: &[u8]) -> Result<Option<ModFile>, Refusal> {
        match self.setting(vars::GOWORK).as_deref() {
            Some(b"off") => Ok(None),
            None | Some(b"" | b"auto") => Ok(modfile::go_work(self.world, start, self.goroot)),
            Some(named) if path::is_absolute(named) => Ok(modfile::named_work(self.world, named)),
            Some(_) => Err(Refusal::Gowork),
        }
    }

    /// Whether a go.work is found or named, there or not.
    fn names_work(&self, start: &[u8]) -> bool {
        let named = self.setting(vars::GOWORK);
        named.is_some_and(|named| path::is_absolute(&named))
            || self.work(start).is_ok_and(|work| work.is_some())
    }

    fn setting(&self, name: &str) -> Option<Vec<u8>> {
        self.files.setting(name, self.world.var(name)).map(|setting| setting.value)
    }
}

#[cfg(all(test, not(windows)))]
mod tests;
