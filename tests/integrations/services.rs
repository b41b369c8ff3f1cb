//! systemd, cron and the desktop. The files are read by systemd's, the desktop's and glib's own programs; what starts a
//! service or a job is done here as `systemd.exec(5)` and `crontab(5)` have it: neither runs in a container.

use crate::ground::{Ground, PINNED, program};
use crate::page::{says, snippet};
use crate::stage::installed::{put, script};

#[test]
fn a_unit_runs_the_version_of_its_folder() {
    let Some(analyze) = program("/usr/bin/systemd-analyze") else { return };
    let ground = Ground::new();
    let unit = ground.here(&snippet("systemd", "ini"));
    let file = ground.home().join("app.service");
    put(&file, &unit);
    let path = [("PATH", "/usr/bin:/bin")];
    let verdict = ground.run(ground.home(), &path, &[analyze, "verify", file.to_str().unwrap()]);
    assert_eq!(verdict, "");

    let all = |key: &str| {
        unit.lines()
            .filter_map(|line| line.split_once('=').filter(|it| it.0 == key))
            .map(|it| it.1)
            .collect::<Vec<_>>()
    };
    let home = ground.home();
    let mut vars: Vec<_> = all("Environment").iter().filter_map(|it| it.split_once('=')).collect();
    // These come with a user, and a unit of the system's without one has neither.
    vars.extend(
        all("User").iter().flat_map(|user| [("USER", *user), ("HOME", home.to_str().unwrap())]),
    );
    let words: Vec<_> = all("ExecStart")[0].split(' ').collect();
    let said = ground.run(all("WorkingDirectory")[0].as_ref(), &vars, &words);
    assert_eq!(said, format!("go{PINNED}: run ."));
}

#[test]
fn the_desktop_and_the_units_of_a_user_get_path_from_a_file() {
    let generator =
        "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator";
    let Some(generator) = program(generator) else { return };
    let ground = Ground::new();
    says("`~/.config/environment.d/gvm.conf`");
    let line = ground.here(&snippet("The desktop", "text"));
    put(&ground.home().join(".config/environment.d/gvm.conf"), &line);

    let home = ground.home();
    let vars = [("PATH", "/usr/bin:/bin"), ("HOME", home.to_str().unwrap())];
    let environment = ground.run(home, &vars, &[generator]);
    let path = environment.lines().find_map(|line| line.strip_prefix("PATH=")).unwrap();
    assert!(path.ends_with(":/usr/bin:/bin"), "{path}");
    let said = ground.run(&ground.project(), &[("PATH", path)], &["/bin/sh", "-c", "go version"]);
    assert_eq!(said, format!("go{PINNED}: version"));
}

#[test]
fn a_desktop_file_starts_a_program_that_finds_the_shims() {
    let Some(validate) = program("/usr/bin/desktop-file-validate") else { return };
    let Some(gio) = program("/usr/bin/gio") else { return };
    let ground = Ground::new();
    let (home, file) = (ground.home(), ground.home().join("goland.desktop"));
    let editor = home.join("goland");
    script(&editor, "#!/bin/sh\ncd \"${1%/*}\" && go version\n");
    let entry = ground.here(&snippet("The desktop", "ini"));
    put(&file, &entry.replace(" goland ", &format!(" {} ", editor.display())));
    let (file, path) = (file.to_str().unwrap(), [("PATH", "/usr/bin:/bin")]);
    assert_eq!(ground.run(home, &path, &[validate, file]), "");

    let opened = ground.project().join("go.mod");
    let said = ground.run(home, &path, &[gio, "launch", file, opened.to_str().unwrap()]);
    assert_eq!(said, format!("go{PINNED}: version"));
}

#[test]
fn a_job_of_cron_runs_the_version_of_its_folder() {
    let ground = Ground::new();
    let table = ground.here(&snippet("cron", "text"));
    let (settings, jobs): (Vec<_>, Vec<_>) =
        table.lines().partition(|line| line.split('=').next().is_some_and(|it| !it.contains(' ')));
    let home = ground.home().to_str().unwrap();
    let mut vars =
        vec![("HOME", home), ("LOGNAME", "me"), ("SHELL", "/bin/sh"), ("PATH", "/usr/bin:/bin")];
    // Nothing in a value is replaced, not even a variable.
    vars.extend(settings.iter().filter_map(|line| line.split_once('=')));

    let [job] = jobs[..] else { panic!("{jobs:?}") };
    let words: Vec<_> = job.split_whitespace().skip(5).collect();
    let said = ground.run(home.as_ref(), &vars, &["/bin/sh", "-c", &words.join(" ")]);
    assert_eq!(said, format!("go{PINNED}: test ./..."));
}
