//! What the doctor does not do: start a go, ask the network, write, or take its time.

use std::fs;
use std::time::Instant;

use crate::ground::{Findings, Ground};

/// Half a second in a build without optimisation, on a machine that tests keep busy: a tenth of that otherwise.
const PATIENCE: u128 = 1500;

#[test]
fn nine_versions_take_a_moment() {
    let Some(ground) = Ground::sampled() else { return };
    let mut times: Vec<u128> = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let _ = ground.gvm("doctor").ok();
        times.push(start.elapsed().as_millis());
    }
    let least = times.iter().min().unwrap();
    assert!(*least < PATIENCE, "{times:?} ms");
}

#[test]
fn it_starts_nothing_and_connects_to_nothing() {
    let Some(ground) = Ground::linked(&["1.27.4"]) else { return };
    ground.write("go.mod", "module x\n\ngo 1.99\n");
    let log = ground.folder().join("calls");
    let lines =
        format!("strace -f -e trace=execve,connect,socket -o {} \"$GVM\" doctor", log.display());
    if !ground.shell("command -v strace").ended_with(0) {
        return crate::stage::stock::skip("there is no strace");
    }
    let told = ground.shell(&lines);
    assert!(told.stdout.contains("go.mod:3"), "{told}");
    let calls = fs::read_to_string(log).unwrap();
    let calls: Vec<&str> = calls
        .lines()
        .filter(|line| line.contains("execve(") || line.contains("connect("))
        .collect();
    assert_eq!(calls.len(), 1, "{calls:#?}");
}

#[test]
fn it_changes_nothing() {
    let Some(ground) = Ground::installed(&["1.27.4"]) else { return };
    let times = "find .. -path ../tmp -prune -o -printf '%p %T@ %s\\n' | sort";
    let before = ground.shell(times).stdout;
    let _ = ground.gvm("doctor").ok();
    let _ = ground.gvm("doctor 1.27.4 --json").ok();
    assert!(ground.shell(times).stdout == before);
}

/// In a module that asks for a Go that does not exist, without HOME, without PATH.
#[test]
fn it_needs_nothing_that_go_needs() {
    let Some(ground) = Ground::linked(&["1.27.4"]) else { return };
    ground.write("go.mod", "module x\n\ngo 1.99\n");
    let lines = "gvm=$GVM; unset HOME PATH GOCACHE XDG_CONFIG_HOME XDG_DATA_HOME GOENV; \"$gvm\" doctor --json";
    let findings = Findings::new(&ground.shell(lines));
    assert_eq!(findings.of("error"), ["E017", "E401"], "{:#?}", findings.0);
    assert!(findings.need("E216")["file"].as_str().unwrap().ends_with("go.mod"));
    assert_eq!(findings.need("E216")["line"], 3);
    let _ = ground.shell("mkdir gone; cd gone; rmdir ../gone; \"$GVM\" doctor").code(0);
}
