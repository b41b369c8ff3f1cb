//! The rule by table: each row is a world and what a go command would start there.
//!
//! The same rule is held against real go commands in `tests/cli/which_go.rs`.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::*;
use crate::world::memory::Memory;

fn world(gotoolchain: &str) -> Memory {
    Memory::new("/w/m/sub").file("/go/go.env", format!("GOTOOLCHAIN={gotoolchain}\n").as_bytes())
}

fn picks_for(world: &Memory, base: &str, words: &str) -> String {
    let version = Version::parse(base).unwrap();
    let words: Vec<&[u8]> = words.split_ascii_whitespace().map(str::as_bytes).collect();
    let selection = select(world, Base { version: &version, goroot: b"/go" }, &words);
    match selection.outcome {
        Outcome::Stays(_) => "base".into(),
        Outcome::Switches { name, .. } => name,
        Outcome::Refuses(_) => "refuses".into(),
    }
}

fn picks(world: &Memory, base: &str) -> String {
    picks_for(world, base, "version")
}

#[test]
fn the_newer_of_base_toolchain_line_and_go_line_runs() {
    for (base, lines, runs) in [
        ("1.22.10", "go 1.21", "base"),
        ("1.22.10", "go 1.22", "base"),
        ("1.22.10", "go 1.23", "go1.23.0"),
        ("1.22.10", "go 1.23.4", "go1.23.4"),
        ("1.22.10", "go 1.23rc1", "go1.23rc1"),
        ("1.22.10", "go 1.22.11\ntoolchain go1.24.1", "go1.24.1"),
        ("1.22.10", "go 1.24.2\ntoolchain go1.24.1", "go1.24.2"),
        ("1.22.10", "toolchain go1.22.10", "base"),
        ("1.22.10", "toolchain go1.22.9", "base"),
        ("1.22.10", "toolchain go1.22.10-corp", "base"),
        ("1.21.13", "toolchain go1.21.13-corp", "go1.21.13-corp"),
        ("1.22.10", "toolchain go1.22.11-corp", "go1.22.11-corp"),
        ("1.22.10", "toolchain default\ngo 1.24", "base"),
        ("1.22.10", "toolchain local", "refuses"),
        ("1.22.10", "toolchain corp-go1.30", "refuses"),
        ("1.22.10", "go 2", "refuses"),
        ("1.22.10", "go 1.24.x", "base"),
        ("1.22.10", "go 1.24.1-corp", "base"),
        ("1.22.10", "", "base"),
    ] {
        let world = world("auto").file("/w/m/go.mod", format!("module m\n{lines}\n").as_bytes());
        assert_eq!(picks(&world, base), runs, "{base} with {lines:?}");
    }
}

#[test]
fn gotoolchain_sets_the_least_and_whether_files_count() {
    for (value, runs) in [
        ("auto", "go1.23.4"),
        ("path", "go1.23.4"),
        ("local+auto", "go1.23.4"),
        ("local", "base"),
        ("", "base"),
        ("go1.21.5", "go1.21.5"),
        ("go1.21.5+auto", "go1.23.4"),
        ("go1.24.1+path", "go1.24.1"),
        ("go1.22.10", "base"),
        ("go1.22.10-corp", "go1.22.10-corp"),
        ("local+x", "refuses"),
        ("local ", "refuses"),
        ("go1.22+", "refuses"),
        ("1.22.4", "refuses"),
        ("corp-go1.22.3", "refuses"),
        ("go1.9.2rc2", "refuses"),
    ] {
        let world = world(value).file("/w/m/go.mod", b"go 1.23.4\n");
        assert_eq!(picks(&world, "1.22.10"), runs, "GOTOOLCHAIN={value}");
    }
}

#[test]
fn the_process_beats_the_users_file_which_beats_go_env() {
    let world = world("go1.24.1");
    assert_eq!(picks(&world, "1.22.10"), "go1.24.1");
    let world = world.var("GOENV", "/e").file("/e", b"GOTOOLCHAIN=go1.24.2\n");
    assert_eq!(picks(&world, "1.22.10"), "go1.24.2");
    assert_eq!(picks(&world.clone().var("GOTOOLCHAIN", ""), "1.22.10"), "go1.24.2");
    assert_eq!(picks(&world.clone().var("GOTOOLCHAIN", "go1.24.3"), "1.22.10"), "go1.24.3");
    let ours = world.var("GOTOOLCHAIN", "local").var("GVM_SET_GOTOOLCHAIN", "1");
    assert_eq!(picks(&ours, "1.22.10"), "go1.24.2");
}

#[test]
fn a_workspace_comes_before_the_module() {
    let both = world("auto")
        .file("/w/go.work", b"go 1.24.1\n")
        .file("/w/m/go.mod", b"go 1.25.1\n")
        .file("/o/go.work", b"go 1.26.1\n");
    for (gowork, runs) in [
        ("", "go1.24.1"),
        ("auto", "go1.24.1"),
        ("off", "go1.25.1"),
        ("/o/go.work", "go1.26.1"),
        ("/none", "go1.25.1"),
        ("go.work", "refuses"),
    ] {
        assert_eq!(picks(&both.clone().var("GOWORK", gowork), "1.22.10"), runs, "GOWORK={gowork}");
    }
    let folder = both.special("/w/m/sub/go.work", crate::world::FileKind::Folder);
    assert_eq!(picks(&folder, "1.22.10"), "go1.24.1");
}

#[test]
fn the_walk_begins_where_the_go_command_begins() {
    let world = world("auto")
        .file("/w/m/go.mod", b"go 1.23.1\n")
        .file("/d/go.mod", b"go 1.24.1\n")
        .file("/w/m/sub/main.go", b"")
        .link("/l/in", "/w/m/sub")
        .file("/l/go.mod", b"go 1.25.1\n");
    assert_eq!(picks(&world, "1.22.10"), "go1.23.1");
    assert_eq!(picks(&world.clone().var("PWD", "/l/in"), "1.22.10"), "go1.25.1");
    assert_eq!(picks(&world.clone().var("PWD", "/l"), "1.22.10"), "go1.23.1");
    assert_eq!(picks(&world.clone().var("PWD", "l/in"), "1.22.10"), "go1.23.1");
    assert_eq!(picks_for(&world, "1.22.10", "-C /d build"), "go1.24.1");
    assert_eq!(picks_for(&world, "1.22.10", "build -C=../../../d"), "go1.24.1");
    for words in ["-C /none build", "-C= build"] {
        assert_eq!(picks_for(&world, "1.22.10", words), "refuses", "{words}");
        let name = world.clone().var("GOTOOLCHAIN", "go1.24.2");
        assert_eq!(picks_for(&name, "1.22.10", words), "refuses", "{words}");
    }
    assert_eq!(picks(&world.clone().without_cwd(), "1.22.10"), "refuses");
    let name = world.without_cwd().var("GOTOOLCHAIN", "go1.24.2");
    assert_eq!(picks(&name, "1.22.10"), "go1.24.2");
}

#[test]
fn a_module_in_the_folder_for_temporary_files_counts_as_none() {
    let world = world("auto").file("/w/m/go.mod", b"go 1.23.1\n").file("/w/go.mod", b"go 1.24.1\n");
    assert_eq!(picks(&world.clone().var("TMPDIR", "/w/m"), "1.22.10"), "base");
    assert_eq!(picks(&world.clone().var("TMPDIR", "/w"), "1.22.10"), "go1.23.1");
    let linked = world.file("/w/m/sub/x", b"").link("/t", "/w/m").link("/w/m/l", "/w/m");
    assert_eq!(picks(&linked.var("TMPDIR", "/t"), "1.22.10"), "base");
    let below = Memory::new("/w/m").var("PWD", "/w/m/l").var("TMPDIR", "/w/m");
    let below = below.file("/w/m/go.mod", b"go 1.23.1\n").link("/w/m/l", "/w/m");
    assert_eq!(picks(&below.var("GOTOOLCHAIN", "auto"), "1.22.10"), "go1.23.1");
}

#[test]
fn without_modules_nothing_is_selected() {
    let module = world("go1.24.1").file("/w/m/go.mod", b"go 1.23.1\n");
    let work = world("go1.24.1").file("/w/go.work", b"go 1.23.1\n");
    for (value, in_module, in_work, in_work_of_1_27) in [
        ("on", "go1.24.1", "go1.24.1", "go1.24.1"),
        ("auto", "go1.24.1", "base", "go1.24.1"),
        ("off", "base", "base", "base"),
        ("yes", "base", "base", "base"),
    ] {
        let set = |world: &Memory| world.clone().var("GO111MODULE", value);
        assert_eq!(picks(&set(&module), "1.22.10"), in_module, "{value}");
        assert_eq!(picks(&set(&work), "1.26.8"), in_work, "{value}");
        assert_eq!(picks(&set(&work), "1.27.4"), in_work_of_1_27, "{value}");
    }
}

#[test]
fn what_cannot_be_read_stops_the_go_command() {
    use crate::world::FileKind;
    let world = world("auto").special("/w/m/go.mod", FileKind::Pipe);
    assert_eq!(picks(&world, "1.22.10"), "refuses");
}

#[test]
fn for_a_base_that_knows_no_rule_gvm_decides() {
    let world = world("").file("/w/m/go.mod", b"go 1.23.1\n");
    assert_eq!(picks(&world, "1.20.14"), "go1.23.1");
    assert_eq!(picks(&world.clone().var("GOTOOLCHAIN", "local"), "1.20.14"), "base");
    assert_eq!(picks(&world.var("GOTOOLCHAIN", "go1.24.1"), "1.20.14"), "go1.23.1");
}

#[test]
fn what_a_project_needs_is_its_go_line() {
    let need_of =
        |world: &Memory| need(world, &[]).map(|need| (need.path, need.line, need.version));
    let world = world("").file("/w/m/go.mod", b"module m\ngo 1.23.1\ntoolchain go1.24.1\n");
    let version = Version::parse("1.23.1").unwrap();
    assert_eq!(need_of(&world), Some((b"/w/m/go.mod".to_vec(), 2, version)));
    assert_eq!(need_of(&world.var("GO111MODULE", "off")), None);
}
