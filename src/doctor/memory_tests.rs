//! The checks over a machine in memory: what no test of a real machine could set up everywhere.

use gvm_core::target::Target;
use gvm_core::world::FileKind;
use gvm_core::world::memory::Memory;

use super::*;

/// A Go 1.22 for linux/amd64 on PATH, as far as its files tell.
fn machine() -> Memory {
    let tools = ["compile", "link", "asm", "cgo"];
    let world = Memory::new("/src")
        .var("PATH", "/usr/lib/go/bin:/usr/bin")
        .var("HOME", "/home/me")
        .var("SHELL", "/bin/bash")
        .file("/home/me/x", b"")
        .special("/tmp", FileKind::Folder)
        .program("/usr/lib/go/bin/go")
        .program("/usr/bin/gcc")
        .file("/usr/lib/go/VERSION", b"go1.22.10\n")
        .file("/usr/lib/go/go.env", b"GOTOOLCHAIN=auto\n");
    tools.iter().fold(world, |world, tool| {
        world.program(&format!("/usr/lib/go/pkg/tool/linux_amd64/{tool}"))
    })
}

fn report(world: &Memory) -> Report {
    let host = Target::parse("linux/amd64").unwrap();
    examine(&Surroundings::gather(world, world, None, host, None))
}

fn ids(world: &Memory) -> Vec<String> {
    // Its programs are empty files: of the tree and of them nothing is asked here.
    let is_asked = |id: &String| !id.starts_with("GVM-E3") && id != "GVM-E007";
    report(world).findings.iter().map(|it| it.id.to_string()).filter(is_asked).collect()
}

#[test]
fn a_plain_machine_has_no_findings() {
    assert_eq!(ids(&machine()), [""; 0]);
}

#[test]
fn sudo_cron_and_the_desktop_are_read_from_their_files() {
    let world = machine()
        .var("XDG_CURRENT_DESKTOP", "x")
        .file("/etc/sudoers", b"Defaults env_reset\nDefaults secure_path=\"/usr/bin:/bin\"\n")
        .file("/etc/crontab", b"SHELL=/bin/sh\n# PATH=/x\nPATH=/usr/bin:/bin\n")
        .file("/etc/environment", b"PATH=\"/usr/bin\"\n");
    assert_eq!(ids(&world), ["GVM-E022", "GVM-E023", "GVM-E024"]);
    let report = report(&world);
    let lines = report.findings.iter().filter(|it| it.severity == Severity::Note);
    let lines: Vec<_> = lines.map(|it| it.place.as_ref().unwrap().line).collect();
    assert_eq!(lines, [Some(2), Some(3), Some(1)]);
    let who: Vec<&str> = report.launches.iter().map(|launch| launch.who.as_str()).collect();
    assert_eq!(who, ["this shell", "env -i bash", "sudo", "cron", "the desktop"]);
    assert!(report.launches[1..].iter().all(|launch| launch.go.is_none()));
    // Where they find the same, nothing is to be said.
    let world = world
        .file("/etc/sudoers", b"Defaults secure_path=/usr/lib/go/bin:/usr/bin\n")
        .file("/etc/crontab", b"PATH=/usr/lib/go/bin\n")
        .file("/etc/environment", b"PATH=/usr/lib/go/bin\n");
    assert_eq!(ids(&world), [""; 0]);
}

#[test]
fn a_later_file_of_sudos_counts() {
    let world = machine()
        .file("/etc/sudoers", b"Defaults secure_path=/usr/lib/go/bin\n")
        .file("/etc/sudoers.d/ours", b"Defaults\tsecure_path = /usr/bin\n");
    let report = report(&world);
    let sudo = report.findings.iter().find(|it| it.id.to_string() == "GVM-E022").unwrap();
    assert_eq!(sudo.place.as_ref().unwrap().file, b"/etc/sudoers.d/ours");
}

#[test]
fn other_managers_are_no_fault() {
    let world = machine().file("/home/me/.goenv/versions/1.22.1/VERSION", b"go1.22.1");
    let report = report(&world);
    let found = report.findings.iter().find(|it| it.id.to_string() == "GVM-E801").unwrap();
    assert_eq!(found.severity, Severity::Note);
}

#[test]
fn a_start_file_of_the_systems_counts_too() {
    let world = machine().file("/etc/profile.d/go.sh", b"export GOROOT=/usr/lib/go\n");
    assert_eq!(ids(&world), ["GVM-E104"]);
    let world = machine().var("GOROOT", "/gone").file("/etc/profile.d/go.sh", b"\nGOROOT=/gone\n");
    let report = report(&world);
    let found = report.findings.iter().find(|it| it.id.to_string() == "GVM-E101").unwrap();
    assert_eq!(found.place.as_ref().unwrap().line, Some(2));
}

#[test]
fn a_go_mod_that_asks_for_more_names_its_line() {
    let world = machine().file("/src/go.mod", b"module x\n\ngo 1.99\n").var("GOTOOLCHAIN", "local");
    assert_eq!(ids(&world), ["GVM-E212"]);
    let world = machine().file("/src/go.mod", b"module x\n\ngo 1.23.4\n");
    let report = report(&world);
    let found = report.findings.iter().find(|it| it.id.to_string() == "GVM-E216").unwrap();
    assert_eq!((found.severity, found.fix.as_deref()), (Severity::Warning, Some("gvm use 1.23.4")));
}
