//! Deciding by table: each row is a machine, and the Go that runs on it or why none does.
//!
//! Which toolchain a go command names is tried beside `toolchain`; how all of it looks, in `tests/cli`.

use alloc::format;
use alloc::string::ToString;

use super::*;
use crate::world::memory::Memory;
use crate::world::{Modified, ReadError};

fn machine() -> Memory {
    [("go1.21.13", "0a0a0a0a"), ("go1.22.10", "0b0b0b0b"), ("go1.22.9", "0c0c0c0c")]
        .into_iter()
        .fold(Memory::new("/src"), |world, (tag, hash)| with(world, tag, hash))
        .link("/r/current", "0a0a0a0a")
}

/// With a version more.
fn with(world: Memory, tag: &str, hash: &str) -> Memory {
    world
        .link(&format!("/r/versions/{tag}"), &format!("../{hash}"))
        .program(&format!("/r/{hash}/bin/go"))
        .file(&format!("/r/{hash}/VERSION"), tag.as_bytes())
        .file(&format!("/r/{hash}/go.env"), b"GOTOOLCHAIN=auto\n")
}

fn layout() -> Layout {
    Layout::new(b"/r".to_vec())
}

fn decided(world: &Memory, words: &str) -> Result<Choice, Undecided> {
    let words: Vec<&[u8]> = words.split_ascii_whitespace().map(str::as_bytes).collect();
    decide(world, &layout(), &Call::new("go", &words))
}

fn runs(world: &Memory) -> String {
    runs_for(world, "version")
}

fn runs_for(world: &Memory, words: &str) -> String {
    match decided(world, words) {
        Ok(choice) => String::from_utf8(choice.toolchain.program("go")).unwrap(),
        Err(error) => format!("{error:?}").split(['(', ' ']).next().unwrap().into(),
    }
}

/// A project below which `go` is called.
fn project(world: Memory, lines: &str) -> Memory {
    world.file("/src/go.mod", format!("module m\n{lines}\n").as_bytes())
}

#[test]
fn a_line_takes_its_newest_installed_release() {
    assert_eq!(runs(&machine()), "/r/0a0a0a0a/bin/go");
    assert_eq!(runs(&machine().var("GVM_GO", "1.22")), "/r/0b0b0b0b/bin/go");
    assert_eq!(runs(&machine().var("GVM_GO", "1.22.9")), "/r/0c0c0c0c/bin/go");
    assert_eq!(runs(&machine().var("GVM_GO", "1.20")), "NotInstalled");
    assert_eq!(runs(&machine().file("/src/.go-version", b"go1.22.9")), "/r/0c0c0c0c/bin/go");
}

#[test]
fn a_line_must_meet_what_the_project_needs_and_a_release_is_taken_at_its_word() {
    let needing = |go: &str, pin: &str| {
        let world = project(machine(), go).var("GVM_GO", pin);
        decided(&world, "build")
    };
    for (go, pin, runs) in [
        ("go 1.22.10", "1.22", "1.22.10"),
        ("go 1.21", "1.22", "1.22.10"),
        ("go 1.22.11", "1.22.9", "1.22.9"),
    ] {
        let version = needing(go, pin).unwrap().toolchain.version.unwrap();
        assert_eq!(version.as_str(), runs, "{pin} where {go:?} stands");
    }
    let Err(Undecided::Unsatisfied { request, newest, need }) = needing("go 1.22.11", "1.22")
    else {
        panic!("1.22.10 is too old");
    };
    assert_eq!((request.spec.as_str(), newest.as_str()), ("1.22", "1.22.10"));
    assert_eq!((need.version.as_str(), need.line), ("1.22.11", 2));
}

#[test]
fn a_hash_alone_is_never_enough() {
    let world = machine().link("/r/versions/go1.20.1", "../../etc");
    assert_eq!(runs(&world.var("GVM_GO", "1.20.1")), "NotInstalled");
    let world = machine().link("/r/current", "0d0d0d0d");
    assert_eq!(runs(&world), "DanglingDefault");
}

/// A machine whose file system takes `Corp` and `corp` for one name, as far as links are asked for.
struct Folding<'a>(&'a dyn World);

impl World for Folding<'_> {
    fn link(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.0.link(path).or_else(|| self.0.link(&path.to_ascii_lowercase()))
    }
    fn var(&self, name: &str) -> Option<Vec<u8>> {
        self.0.var(name)
    }
    fn cwd(&self) -> Option<Vec<u8>> {
        self.0.cwd()
    }
    fn read(&self, path: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
        self.0.read(path, limit)
    }
    fn list(&self, path: &[u8], each: &mut dyn FnMut(&[u8])) -> bool {
        self.0.list(path, each)
    }
    fn modified(&self, path: &[u8]) -> Option<Modified> {
        self.0.modified(path)
    }
    fn real(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.0.real(path)
    }
    fn process(&self) -> u32 {
        self.0.process()
    }
    fn is_folder(&self, path: &[u8]) -> bool {
        self.0.is_folder(path)
    }
    fn is_program(&self, path: &[u8]) -> bool {
        self.0.is_program(path)
    }
    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        self.0.same(one, other)
    }
}

#[test]
fn a_suffix_is_the_one_that_was_installed_also_where_case_is_not_seen() {
    let world = with(machine(), "go1.22.9-corp", "0d0d0d0d");
    let world = Folding(&world);
    let found = |version: &str| {
        let there = installed(&world, &layout(), &Version::parse(version).unwrap());
        there.map(|found| String::from_utf8(found.programs()).unwrap())
    };
    assert_eq!(found("1.22.9-corp").as_deref(), Some("/r/0d0d0d0d/bin"));
    assert_eq!(found("1.22.9").as_deref(), Some("/r/0c0c0c0c/bin"));
    assert_eq!(found("1.22.9-Corp"), None);
}

#[test]
fn without_a_pin_the_toolchain_that_the_defaults_go_command_names_runs() {
    for (lines, program, switch) in [
        ("go 1.21", "/r/0a0a0a0a/bin/go", None),
        ("go 1.22.9", "/r/0c0c0c0c/bin/go", Some("go1.22.9")),
        ("go 1.21\ntoolchain go1.22.10", "/r/0b0b0b0b/bin/go", Some("go1.22.10")),
    ] {
        let world = project(machine(), lines);
        assert_eq!(runs(&world), program, "{lines}");
        let choice = decided(&world, "version").unwrap();
        assert_eq!((choice.switch.as_deref(), choice.wanted), (switch, None), "{lines}");
    }
}

#[test]
fn what_the_go_command_names_and_nobody_installed_is_said_to_be_wanted() {
    // `go 1.22` means go1.22.0 to a go command that knows the rule, and no other release.
    for (lines, name) in [("go 1.22", "go1.22.0"), ("go 1.23.4", "go1.23.4")] {
        let choice = decided(&project(machine(), lines), "version").unwrap();
        assert_eq!(choice.toolchain.goroot(), Some(&b"/r/0a0a0a0a"[..]));
        let origin = Origin::Module { path: b"/src/go.mod".to_vec(), line: 2, is_work: false };
        assert_eq!(choice.wanted, Some(Wanted { name: name.into(), origin }));
    }
    // A link whose folder somebody removed by hand is nothing that could run.
    let world = machine().link("/r/versions/go1.23.4", "../0d0d0d0d");
    let choice = decided(&project(world, "go 1.23.4"), "version").unwrap();
    assert_eq!(choice.wanted.map(|wanted| wanted.name).as_deref(), Some("go1.23.4"));
}

#[test]
fn where_no_go_command_insists_the_newest_of_the_line_will_do() {
    let old = with(machine(), "go1.20.14", "0e0e0e0e").link("/r/current", "0e0e0e0e");
    let nothing = || Memory::new("/src");
    let newest = |world| with(with(world, "go1.22.9", "0c0c0c0c"), "go1.22.10", "0b0b0b0b");
    for world in [old.clone(), newest(nothing())] {
        assert_eq!(runs(&project(world.clone(), "go 1.22")), "/r/0b0b0b0b/bin/go");
        assert_eq!(runs(&project(world, "go 1.22.9")), "/r/0c0c0c0c/bin/go");
    }
    // A release that is named outright is that release: the line that `go` names does not stand in.
    let lines = "go 1.22\ntoolchain go1.23.1";
    assert_eq!(runs(&project(newest(nothing()), lines)), "NotInstalled");
    let choice = decided(&project(old, "go 1.22.1"), "version").unwrap();
    assert_eq!(choice.wanted.map(|wanted| wanted.name).as_deref(), Some("go1.22.1"));
    assert_eq!(runs(&project(nothing(), "module m")), "Nothing");
}

#[test]
fn a_go_command_that_does_not_know_the_option_c_is_left_to_the_base() {
    let world = with(machine(), "go1.19.5", "0d0d0d0d");
    let world = with(world, "go1.20.14", "0e0e0e0e").file("/src/x/x.go", b"");
    for (setting, words, program) in [
        ("go1.19.5", "build", "/r/0d0d0d0d/bin/go"),
        ("go1.19.5", "-C x build", "/r/0a0a0a0a/bin/go"),
        ("go1.19.5", "build -C x", "/r/0a0a0a0a/bin/go"),
        ("go1.20.14", "-C x build", "/r/0e0e0e0e/bin/go"),
    ] {
        let world = world.clone().var("GOTOOLCHAIN", setting);
        assert_eq!(runs_for(&world, words), program, "{setting}: go {words}");
    }
}

#[test]
fn without_a_default_the_systems_go_runs_and_never_a_shim() {
    let empty = Memory::new("/src").program("/r/shims/go").file("/r/format", b"1");
    assert_eq!(runs(&empty.clone().var("PATH", "/r/shims:bin")), "Nothing");
    let other = empty.program("/o/shims/go").file("/o/format", b"1").file("/o/locks/store", b"");
    let path = "/r/shims:relative:/o/shims:/alias:/usr/bin";
    let other = other.link("/alias", "/r/shims").program("/usr/bin/go").var("PATH", path);
    assert_eq!(runs(&other), "/usr/bin/go");
}

#[test]
fn only_absolute_entries_of_path_that_hold_a_program_count() {
    // The machine in memory takes `bin` for `/bin`, as a working directory could make it.
    let world = Memory::new("/").program("/bin/go").program("/usr/bin/go").file("/no/go", b"");
    for (path, program) in [
        ("bin:/usr/bin", "/usr/bin/go"),
        ("/none:/no:/usr/bin", "/usr/bin/go"),
        ("bin", "Nothing"),
        ("", "Nothing"),
    ] {
        assert_eq!(runs(&world.clone().var("PATH", path)), program, "{path}");
    }
}

#[test]
fn a_folder_is_a_roots_shims_only_with_all_its_marks() {
    let world = Memory::new("/src").var("PATH", "/x/shims:/x/bin");
    let world = world.program("/x/shims/go").program("/x/bin/go");
    let marked = world.clone().file("/x/format", b"1").file("/x/locks/store", b"");
    for (world, program) in [
        (world.clone(), "/x/shims/go"),
        (world.clone().file("/x/format", b"1"), "/x/shims/go"),
        (world.file("/x/locks/store", b""), "/x/shims/go"),
        (marked.clone(), "/x/bin/go"),
        (marked.var("PATH", "/x/bin"), "/x/bin/go"),
    ] {
        assert_eq!(runs(&world), program);
    }
}

#[test]
fn where_only_other_shims_are_on_path_one_is_named() {
    let world = Memory::new("/src").program("/r/shims/go").file("/r/format", b"1");
    let world = world.link("/alias/go", "/r/shims/go").file("/r/locks/store", b"");
    let world = world.program("/o/shims/go").file("/o/format", b"1").file("/o/locks/x", b"");
    let why = |path: &str| decided(&world.clone().var("PATH", path), "version").unwrap_err();
    let shim = b"/o/shims/go".to_vec();
    assert_eq!(why("/none:/r/shims:/alias:/o/shims"), Undecided::OnlyShims { shim });
    for path in ["/r/shims", "/alias", "/none", "o/shims", "/none:/r/shims:/alias"] {
        assert_eq!(why(path), Undecided::Nothing, "{path}");
    }
}

#[test]
fn of_the_systems_go_its_links_tell_goroot_and_version() {
    let world = Memory::new("/src").var("PATH", "/usr/bin");
    let linked =
        world.clone().link("/usr/bin/go", "../lib/go/bin/go").program("/usr/lib/go/bin/go");
    let whole = linked.clone().file("/usr/lib/go/pkg/tool/x", b"");
    let whole = whole.file("/usr/lib/go/VERSION", b"go1.22.4\ntime 2024-05-30T19:26:07Z\n");
    let of = |world: &Memory| {
        let found = system(world, &layout()).unwrap();
        let goroot = found.goroot().map(|goroot| String::from_utf8(goroot.to_vec()).unwrap());
        (goroot, found.version.map(|version| version.to_string()))
    };
    assert_eq!(of(&whole), (Some("/usr/lib/go".into()), Some("1.22.4".into())));
    assert_eq!(of(&linked), (None, None));
    assert_eq!(of(&world.program("/usr/bin/go")), (None, None));
}

#[test]
fn a_path_is_checked_to_be_a_goroot() {
    let world = machine().program("/go/bin/go").file("/go/src/x", b"").file("/go/pkg/x", b"");
    assert_eq!(runs(&world.clone().var("GVM_GO", "/go")), "/go/bin/go");
    assert_eq!(runs(&world.clone().var("GVM_GO", "/src")), "NotAGoroot");
    assert_eq!(runs(&world.clone().link("/r/current", "/go")), "/go/bin/go");
    let choice = decided(&world.var("GVM_GO", "/go"), "version").unwrap();
    assert_eq!(choice.toolchain.goroot(), Some(&b"/go"[..]));
}

#[test]
fn a_goroot_has_its_program_its_sources_and_its_packages() {
    let parts = |program: bool, src: bool, pkg: bool| {
        let mut world = machine().var("GVM_GO", "/go");
        world = if program { world.program("/go/bin/go") } else { world };
        world = if src { world.file("/go/src/x", b"") } else { world };
        if pkg { world.file("/go/pkg/x", b"") } else { world }
    };
    for (program, src, pkg) in
        [(false, true, true), (true, false, true), (true, true, false), (true, false, false)]
    {
        assert_eq!(runs(&parts(program, src, pkg)), "NotAGoroot", "{program} {src} {pkg}");
    }
    assert_eq!(runs(&parts(true, true, true)), "/go/bin/go");
}

#[test]
fn a_relative_path_is_below_the_working_directory() {
    let world = Memory::new("/src/a").var("GVM_GO", "../go");
    let world =
        world.program("/src/go/bin/go").file("/src/go/src/x", b"").file("/src/go/pkg/x", b"");
    assert_eq!(runs(&world), "/src/go/bin/go");
    assert_eq!(runs(&world.clone().var("GVM_GO", "/src/go")), "/src/go/bin/go");
    assert_eq!(runs(&world.without_cwd()), "NotAGoroot");
}
