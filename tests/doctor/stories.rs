//! Troubles as people meet them, from the first sign to the cure: those that no table of settings or files has.

use std::fs;

use crate::ground::{FOUR, Findings, Ground, kept_goroot};
use crate::stage::stock::skip_image;

/// A missing linker is told at once, whatever the cache holds.
#[test]
fn a_missing_linker_is_told_with_a_warm_and_a_cold_cache() {
    for version in FOUR {
        let Some(ground) = Ground::installed(&[version]) else { return };
        fs::remove_file(ground.goroot(version).join("pkg/tool/linux_amd64/link")).unwrap();
        for lines in ["", "export GOCACHE=$PWD/../cold"] {
            let findings = ground.findings(lines);
            assert_eq!(findings.of("error"), ["E301"], "{version}");
            assert!(findings.need("E301")["file"].as_str().unwrap().ends_with("/link"));
        }
        assert!(!ground.folder().join("cold").exists(), "it built");
    }
}

/// Every line of go/env is explained, which no go command does.
#[test]
fn each_line_of_the_env_file_has_its_number_and_effect() {
    for version in FOUR {
        let Some(ground) = Ground::on_path(version) else { return };
        let file = "\u{feff}GOFLAGS=-x\nGOOS=linux\r\nexport GOARCH=arm64\n GOBIN=/x\nGOPRIVATE=\"a\"\nGOFALGS=-v\nno setting\nGONOPROXY=a\nGONOPROXY=b\n";
        let path = ground.put("home/config/go/env", file);
        let findings = ground.findings("");
        let mut lines: Vec<(String, u64)> = findings
            .0
            .iter()
            .filter(|finding| finding["file"] == path.to_str().unwrap())
            .map(|finding| {
                (finding["id"].as_str().unwrap()[4..].to_owned(), finding["line"].as_u64().unwrap())
            })
            .collect();
        lines.sort();
        let expected = [
            ("E201", 1),
            ("E202", 2),
            ("E203", 3),
            ("E203", 4),
            ("E203", 7),
            ("E204", 5),
            ("E205", 6),
            ("E206", 8),
            ("E231", 2),
        ];
        assert_eq!(lines, expected.map(|(id, line)| (id.to_owned(), line)), "{version}");
        assert!(
            !ground.shell("go build -o x .").ended_with(0),
            "{version}: the carriage return is part of GOOS"
        );
        // One cure after the other, as often as there is one.
        for _ in 0..12 {
            let findings = ground.findings("");
            let next = ["E201", "E202", "E203", "E204", "E205", "E206"]
                .iter()
                .find(|id| findings.get(id).is_some());
            let Some(id) = next else { break };
            let _ = ground.shell(&findings.fix(id)).code_of(version, 0);
        }
        ground.findings("").none(version);
        let _ = ground.shell("unset GOFLAGS; go build -o x .").code_of(version, 0);
    }
}

/// Emptying a variable does not get rid of the file's value.
#[test]
fn an_empty_variable_leaves_the_file_in_force() {
    for version in FOUR {
        let Some(ground) = Ground::on_path(version) else { return };
        let path = ground.put("home/config/go/env", "GOFLAGS=-nosuch\n");
        let set = "export GOFLAGS=";
        assert!(!ground.shell(&format!("{set}; go version")).ended_with(0), "{version}");
        let findings = ground.findings(set);
        assert_eq!(findings.need("E208")["file"], path.to_str().unwrap());
        assert_eq!(findings.need("E208")["line"], 1);
        assert!(findings.of("error").contains(&"E220"), "{version}");
        let _ = ground
            .shell(&format!("{set}; {}; go version", findings.fix("E208")))
            .code_of(version, 0);
    }
}

/// bash remembers where it found go.
#[test]
fn a_bash_that_ran_a_go_that_is_gone_is_told_how_to_forget_it() {
    let Some(ground) = Ground::on_path("1.22.10") else { return };
    let bin = ground.folder().join("go/bin");
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir_all(ground.folder().join("go/pkg/tool")).unwrap();
    crate::stage::installed::script(&bin.join("go"), "#!/bin/sh\necho the first\n");
    let lines = "PATH=$PWD/../go/bin:$PATH; go >/dev/null; rm ../go/bin/go; go version; echo \"code $?\"; \"$GVM\" doctor --json >found; FIX; go version";
    let set = format!("export PATH={}:$PATH", bin.display());
    let bash = |fix: &str| {
        let lines = lines.replace("FIX", fix);
        crate::stage::installed::script(&bin.join("go"), "#!/bin/sh\necho the first\n");
        ground.shell(&format!("cat > s <<'END'\n{lines}\nEND\nbash s"))
    };
    let told = bash("true");
    assert!(told.stdout.contains("code 127"), "{told}");
    assert!(!told.line().starts_with("go version"), "{told}");
    let findings = ground.findings(&set);
    let hint = findings.fix("E013");
    assert_eq!(hint, "hash -r");
    findings.none("new shells find the next one");
    assert!(bash(&hint).line().starts_with("go version go1.22.10"));
}

/// What sudo, cron and a desktop find is another question than what is installed.
#[test]
fn sudo_and_cron_have_a_path_of_their_own() {
    let Some(ground) = Ground::on_path("1.22.10") else { return };
    let etc = "cp -a /etc ../etc && printf 'Defaults env_reset\\nDefaults secure_path=\"/usr/sbin:/usr/bin\"\\n' > ../etc/sudoers \
        && printf 'SHELL=/bin/sh\\nPATH=/usr/sbin:/usr/bin\\n' > ../etc/crontab && printf 'PATH=\"/usr/sbin:/usr/bin\"\\n' > ../etc/environment";
    let lines = format!(
        "{etc}\nexport XDG_CURRENT_DESKTOP=x\nunshare -m sh -c 'mount --bind ../etc /etc || exit 99; \"$GVM\" doctor --json'"
    );
    let told = ground.shell(&lines);
    if told.ended_with(99) || told.stdout.is_empty() {
        return skip_image("no file system may be mounted here");
    }
    let findings = Findings::new(&told);
    findings.none("it is installed");
    for (id, file, line) in
        [("E022", "/etc/sudoers", 2), ("E023", "/etc/crontab", 2), ("E024", "/etc/environment", 1)]
    {
        let finding = findings.need(id);
        assert_eq!((&finding["file"], &finding["line"]), (&file.into(), &line.into()));
        assert!(finding["what"].as_str().unwrap().contains("though one is installed"), "{finding}");
    }
    assert!(findings.need("E022")["why"].as_str().unwrap().contains("secure_path"));
    assert!(findings.need("E023")["why"].as_str().unwrap().contains("no start file"));
    let launches = told.json()["launches"].clone();
    let who: Vec<&str> =
        launches.as_array().unwrap().iter().map(|it| it["who"].as_str().unwrap()).collect();
    assert_eq!(who, ["this shell", "env -i bash", "sudo", "cron", "the desktop"]);
}

/// A processor that lacks what programs are built for: its list is read, not asked.
#[test]
fn a_level_that_this_processor_lacks_is_told() {
    let Some(ground) = Ground::on_path("1.22.10") else { return };
    let lines = "sed 's/ avx2 / /;s/\\bavx512[a-z]*\\b//g' /proc/cpuinfo > ../cpuinfo; export GOAMD64=v3\nunshare -m sh -c 'mount --bind ../cpuinfo /proc/cpuinfo || exit 99; \"$GVM\" doctor --json'";
    let told = ground.shell(lines);
    if told.ended_with(99) || told.stdout.is_empty() {
        return skip_image("no file system may be mounted here");
    }
    let findings = Findings::new(&told);
    assert!(findings.need("E520")["why"].as_str().unwrap().contains("avx2"), "{:#?}", findings.0);
    assert_eq!(findings.fix("E520"), "unset GOAMD64");
}

/// A loader that the system lacks, as on Alpine; and a tree for another machine.
#[test]
fn a_tree_that_cannot_start_here_is_told_why() {
    let Some(ground) = Ground::on_path("1.22.10") else { return };
    let other = ground.folder().join("other");
    crate::ground::link_tree(&kept_goroot("1.20.14"), &other);
    let go = other.join("bin/go");
    let whole = fs::read(&go).unwrap();
    let loader = b"/lib64/ld-linux-x86-64.so.2";
    let at = whole.windows(loader.len()).position(|window| window == loader).unwrap();
    let mut musl = whole.clone();
    musl[at + loader.len() - 1] = b'9';
    for (content, id, says) in
        [(musl, "E601", "ld-linux-x86-64.so.9"), (foreign(&whole), "E602", "linux/arm64")]
    {
        fs::remove_file(&go).unwrap();
        fs::write(&go, content).unwrap();
        let told = ground
            .shell(&format!("chmod 755 {0}/bin/go; \"$GVM\" doctor --json {0}", other.display()));
        let findings = Findings(told.json()["findings"].as_array().unwrap().clone());
        assert!(findings.need(id)["what"].as_str().unwrap().contains(says), "{:#?}", findings.0);
        assert!(!ground.shell(&format!("{}/bin/go version", other.display())).ended_with(0));
    }
}

fn foreign(program: &[u8]) -> Vec<u8> {
    let mut program = program.to_vec();
    program[18] = 183;
    program
}

/// The password of a proxy is shown nowhere.
#[test]
fn no_password_is_shown() {
    let Some(ground) = Ground::on_path("1.22.10") else { return };
    let planted = crate::stage::env::PLANTED;
    ground.put(
        "home/config/go/env",
        format!(
            "export GOPROXY=https://me:{planted}@proxy.example\nGOPROXY=ftp://me:{planted}@x\n"
        ),
    );
    // Every output is searched for it: see the stage.
    let told = ground.shell("unset GOPROXY; \"$GVM\" doctor; \"$GVM\" doctor --json >&2");
    assert!(told.stdout.contains("GVM-E240") && told.stdout.contains("GVM-E203"), "{told}");
}
