//! The folders that a build writes to: missing, unwritable, full, or such that nothing may be started from them. Small file
//! systems are mounted for it, where the machine lets a test do that.

use crate::ground::Ground;
use crate::stage::stock::skip_image;

const VERSION: &str = "1.13.15";

/// Lines of shell with a file system of their own at `$M`.
fn mounted(options: &str, lines: &str) -> String {
    format!(
        "mkdir -p ../m\nM=$PWD/../m\nexport M\nunshare -m sh -c 'mount -t tmpfs -o {options} tmpfs $M || exit 99\n{}'",
        lines.replace('\'', "'\\''")
    )
}

fn can_mount(ground: &Ground) -> bool {
    let can = ground.shell(&mounted("size=1m", "true")).ended_with(0);
    if !can {
        skip_image("no file system may be mounted here");
    }
    can
}

/// What is set, what the go command then says, and what is found. The cure works but where it is none of the shell's.
#[test]
fn places_that_are_missing_or_misnamed_are_told() {
    for (set, go, id, severity) in [
        ("unset HOME GOCACHE XDG_CONFIG_HOME XDG_DATA_HOME", "go build -o x .", "E401", "error"),
        ("export HOME=/nonexistent; unset GOCACHE", "", "E402", "error"),
        ("export TMPDIR=/nonexistent", "go build -o x .", "E407", "error"),
        ("export GOTMPDIR=/nonexistent", "go build -o x .", "E407", "error"),
        ("export XDG_CACHE_HOME=cache; unset GOCACHE", "", "E411", "warning"),
        ("touch ../file; export GOCACHE=$PWD/../file", "go build -o x .", "E403", "error"),
    ] {
        let Some(ground) = Ground::on_path(VERSION) else { return };
        if !go.is_empty() {
            assert!(!ground.shell(&format!("{set}\n{go}")).ended_with(0), "{set}");
        }
        let findings = ground.findings(set);
        assert!(findings.of(severity).contains(&id), "{set}: {:#?}", findings.0);
        let mended = format!("{set}\n{}", findings.fix(id));
        let left = ground.findings(&mended);
        assert!(left.get(id).is_none(), "{set}: {:#?}", left.0);
        let _ = ground.shell(&format!("{mended}\ngo build -o x .")).code_of(set, 0);
    }
}

#[test]
fn a_folder_from_which_nothing_starts_is_told_each_time() {
    for version in ["1.13.15", "1.27.4"] {
        let Some(ground) = Ground::on_path(version).filter(can_mount) else { return };
        let set = "export TMPDIR=$M";
        let failed = ground.shell(&mounted("noexec", &format!("{set}; go run .")));
        assert!(!failed.ended_with(0), "{version}: {failed}");
        for _ in 0..2 {
            let told =
                mounted("noexec", &format!("{set}; go run . 2>/dev/null; \"$GVM\" doctor --json"));
            let told = ground.shell(&told);
            let document = &told.stdout[told.stdout.find('{').unwrap()..];
            assert!(
                document.contains("\"id\":\"GVM-E409\",\"severity\":\"error\""),
                "{version}: {told}"
            );
        }
        let findings = ground.findings_mounted("noexec", set);
        let cured = mounted("noexec", &format!("{set}; {}; go run .", findings.fix("E409")));
        assert_eq!(ground.shell(&cured).code_of(version, 0).line(), "hello, gopher");
    }
}

#[test]
fn a_disk_without_room_for_temporary_files_is_told() {
    let Some(ground) = Ground::on_path("1.27.4").filter(can_mount) else { return };
    let set = "export TMPDIR=$M GOTMPDIR=";
    let failed = ground.shell(&mounted("size=1m", &format!("{set}; go build -o x ./")));
    assert!(!failed.ended_with(0), "{failed}");
    let findings = ground.findings_mounted("size=1m", set);
    assert_eq!(findings.of("error"), ["E410"]);
    let cured = mounted("size=1m", &format!("{set}; {}; go build -o x .", findings.fix("E410")));
    let _ = ground.shell(&cured).code(0);
}

/// Builds succeed there, and nothing else tells.
#[test]
fn a_cache_that_keeps_nothing_is_told_although_builds_succeed() {
    for (options, set, id) in [
        ("size=1m", "export GOCACHE=$M", "E405"),
        ("size=64m", "export GOCACHE=$M/c; go build -o x .; mount -o remount,ro $M", "E404"),
    ] {
        let Some(ground) = Ground::on_path(VERSION).filter(can_mount) else { return };
        let _ = ground.shell(&mounted(options, &format!("{set}; go build -o x ."))).code_of(id, 0);
        let findings = ground.findings_mounted(options, set);
        assert_eq!(findings.of("warning"), [id], "{options}");
        assert!(findings.of("error").is_empty());
        let cure = findings.fix(id);
        let left = ground.findings_mounted(options, &format!("{set}; {cure}"));
        assert!(left.get(id).is_none(), "{:#?}", left.0);
    }
}

#[test]
fn a_cache_that_cannot_be_made_is_told() {
    let Some(ground) = Ground::on_path(VERSION).filter(can_mount) else { return };
    let set = "export GOCACHE=$M/cache; mount -o remount,ro $M";
    let failed = ground.shell(&mounted("size=1m", &format!("{set}; go build -o x .")));
    assert!(!failed.ended_with(0), "{failed}");
    let findings = ground.findings_mounted("size=1m", set);
    assert_eq!(findings.of("error"), ["E403"]);
    let cured = mounted("size=1m", &format!("{set}; {}; go build -o x .", findings.fix("E403")));
    let _ = ground.shell(&cured).code(0);
}

#[test]
fn folders_that_cannot_be_written_are_told() {
    let Some(ground) = Ground::on_path("1.27.4").filter(can_mount) else { return };
    let set = "mkdir $M/tmp $M/mod; mount -o remount,ro $M; export TMPDIR=$M/tmp GOMODCACHE=$M/mod";
    let findings = ground.findings_mounted("size=64m", set);
    assert_eq!((findings.of("error"), findings.of("warning")), (vec!["E408"], vec!["E406"]));
    let fixes = format!("{}; {}", findings.fix("E408"), findings.fix("E406"));
    ground.findings_mounted("size=64m", &format!("{set}; {fixes}")).none("mended");
}

/// Where nothing can be written at all, the doctor still speaks.
#[test]
fn the_doctor_needs_no_disk_to_write_to() {
    let Some(ground) = Ground::on_path("1.27.4").filter(can_mount) else { return };
    let set = "export HOME=$M TMPDIR=$M XDG_CONFIG_HOME=$M XDG_DATA_HOME=$M; unset GOCACHE GOPATH; mount -o remount,ro $M; cd $M";
    let findings = ground.findings_mounted("size=1m", set);
    assert!(findings.of("error").contains(&"E403"), "{:#?}", findings.0);
}

impl Ground {
    /// What the doctor finds on such a file system.
    #[track_caller]
    fn findings_mounted(&self, options: &str, lines: &str) -> crate::ground::Findings {
        let told = self.shell(&mounted(options, &format!("{lines}\n\"$GVM\" doctor --json")));
        crate::ground::Findings::new(&told)
    }
}
