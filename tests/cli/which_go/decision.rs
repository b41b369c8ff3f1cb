//! What gvm-core decides in a case, over a machine in memory.

use gvm_core::call::Call;
use gvm_core::layout::Layout;
use gvm_core::path;
use gvm_core::resolve;
use gvm_core::world::FileKind;
use gvm_core::world::memory::Memory;

use crate::env::hash8;

use super::case::{Case, Entry, Outcome};
#[cfg(windows)]
use super::windows::Windows;

/// The test's folder.
const FOLDER: &str = "/t";

/// The decision, in the words of the go command.
///
/// # Errors
/// When nothing is decided, or a Go that is neither the base nor the one that is named.
pub fn of(case: &Case) -> Result<Outcome, String> {
    let world = world(case);
    #[cfg(windows)]
    let world = Windows(world);
    let layout = Layout::new(path::join(shown(FOLDER).as_bytes(), b"root"));
    let words: Vec<String> = case.arguments.iter().map(|word| value(word)).collect();
    let words: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
    let choice = resolve::decide(&world, &layout, &Call::new("go", &words))
        .map_err(|why| format!("undecided: {why}"))?;
    let (name, outcome) = match (choice.switch, choice.wanted) {
        (Some(name), None) => (name.clone(), Outcome::Picked(name)),
        (None, Some(wanted)) => (format!("go{}", case.base), Outcome::Missing(wanted.name)),
        (None, None) => (format!("go{}", case.base), Outcome::Base),
        (Some(name), Some(wanted)) => return Err(format!("both {name} and {}", wanted.name)),
    };
    let program = format!("{}/bin/go", goroot(name.strip_prefix("go").unwrap_or_default()));
    let program = shown(&program) + std::env::consts::EXE_SUFFIX;
    match choice.toolchain.program("go") {
        found if found == program.as_bytes() => Ok(outcome),
        found => Err(format!("{outcome}, and yet {}", found.escape_ascii())),
    }
}

fn goroot(version: &str) -> String {
    format!("{FOLDER}/root/{}", hash8(version))
}

fn world(case: &Case) -> Memory {
    let at = place(case, &case.at);
    let mut world = Memory::new(&at).special(&at, FileKind::Folder);
    for folder in ["project/a/b", "project/c/d", "tmp"] {
        world = world.special(&place(case, folder), FileKind::Folder);
    }
    if case.gone {
        world = world.without_cwd();
    }
    world = machine(case, world);
    for entry in &case.entries {
        world = match entry {
            Entry::File(path, content) => world.file(&place(case, path), content),
            Entry::Link(path, target) => world.link(&place(case, path), &place(case, target)),
            Entry::Folder(path) => world.special(&place(case, path), FileKind::Folder),
        };
    }
    let variables = [
        ("PATH", "@/root/shims"),
        ("HOME", "@/home"),
        ("XDG_CONFIG_HOME", "@/home/config"),
        (if cfg!(windows) { "TMP" } else { "TMPDIR" }, "@/tmp"),
        ("GOENV", "@/home/config/go/env"),
        ("GVM_DIR", "@/root"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let all = variables.iter().chain(&case.variables);
    all.fold(world, |world, (name, value)| world.var(name, &self::value(value)))
}

/// A value or an argument.
fn value(value: &str) -> String {
    Case::value(value, &shown(FOLDER))
}

/// A path as this system has it.
fn shown(path: &str) -> String {
    if cfg!(windows) { format!("C:{}", path.replace('/', "\\")) } else { path.to_owned() }
}

/// ROOT and the user's go/env file.
fn machine(case: &Case, world: Memory) -> Memory {
    let base = goroot(&case.base);
    let mut world = world
        .link(&format!("{FOLDER}/root/current"), &hash8(&case.base))
        .program(&format!("{FOLDER}/root/shims/go"))
        .file(&format!("{base}/VERSION"), format!("go{}\n", case.base).as_bytes())
        .special(&format!("{base}/pkg/tool"), FileKind::Folder);
    if let Some(content) = &case.go_env {
        world = world.file(&format!("{base}/go.env"), content);
    }
    if let Some(content) = &case.user_env {
        world = world.file(&format!("{FOLDER}/home/config/go/env"), content);
    }
    let own = format!("go{}", case.base);
    case.installed.iter().chain([&own]).fold(world, |world, name| {
        let version = name.strip_prefix("go").unwrap_or_default();
        let link = format!("{FOLDER}/root/versions/{name}");
        world
            .link(&link, &format!("../{}", hash8(version)))
            .program(&format!("{}/bin/go", goroot(version)))
            .program(&format!("{FOLDER}/root/shims/{name}"))
    })
}

fn place(case: &Case, path: &str) -> String {
    let goroot = format!("root/{}", hash8(&case.base));
    format!("{FOLDER}/{}", Case::path(path, &goroot))
}
