//! A healthy system gets no alarm, with any release, however it is reached.

use crate::ground::{Findings, Ground, SAMPLED};
use crate::stage::tally;

/// On PATH without gvm, in and outside a module.
#[test]
fn no_alarm_where_go_is_on_path() {
    for version in SAMPLED {
        let Some(ground) = Ground::on_path(version) else { return };
        // 1.8 and older look for themselves in /usr/local/go: that is no false alarm.
        let is_lost = ["1.4.3", "1.8.7"].contains(&version);
        let goroot = crate::ground::kept_goroot(version);
        let lines =
            if is_lost { format!("export GOROOT={}", goroot.display()) } else { String::new() };
        ground.findings(&lines).none(version);
        ground.findings(&format!("{lines}\nunset CGO_ENABLED; cd /")).none(version);
        ground
            .findings(&format!("{lines}\nunset GOENV GOPATH GOMODCACHE GOCACHE GOPROXY"))
            .none(version);
        if is_lost {
            let found = ground.findings("");
            assert_eq!(found.of("error"), ["E107"], "{version}");
            let _ = ground.shell(&format!("{}\ngo version", found.fix("E107"))).code(0);
        }
    }
}

#[test]
fn no_alarm_where_gvm_installed_it() {
    let Some(ground) = Ground::sampled() else { return };
    ground.findings("").none("all nine");
    for version in SAMPLED {
        let told = ground.gvm("doctor --json").arg(version).ok();
        Findings::new(&told).none(version);
        assert_eq!(told.json()["go"]["version"], format!("go{version}"));
        let _ = ground.shell(&format!("GVM_GO={version} \"$GVM\" doctor")).code(0);
        let told = ground.shell(&format!("GVM_GO={version} \"$GVM\" doctor --json"));
        Findings::new(&told).none(version);
        let goroot = ground.goroot(version);
        Findings::new(&ground.gvm("doctor --json").arg(goroot).ok()).none(version);
    }
    tally::say("releases, each reached in six ways, without a false alarm", SAMPLED.len());
}
