//! The code of `gvm init cmd` in the command prompt itself. Wine's has no `doskey`: of the macro only what it types is tried.

use std::fs;
use std::path::PathBuf;

use super::env::{Call, Outcome};
use super::installed::Installed;

/// What the command prompt says to a script with these lines, in a folder of its own.
fn typed(env: &Installed, lines: &[&str]) -> Outcome {
    let script = env.work().join("typed.cmd");
    let lines: Vec<String> = lines.iter().map(|line| format!("@{line}\r\n")).collect();
    fs::write(&script, lines.concat()).unwrap();
    cmd(env).arg(&script).ok()
}

/// A call of the command prompt.
#[allow(clippy::disallowed_methods, reason = "where it is, the machine says")]
fn cmd(env: &Installed) -> Call<'_> {
    let prompt = PathBuf::from(std::env::var_os("ComSpec").unwrap());
    // It starts itself by name for the command of a loop.
    let path = std::env::join_paths([env.bin(), prompt.parent().unwrap().into()]).unwrap();
    env.call(prompt, "/d /c").var("PATH", path)
}

/// A version whose ROOT has in its path what the command prompt reads otherwise.
fn env() -> Installed {
    let env = Installed::new(&["1.22.4", "1.21.13"]);
    let init = env.gvm("init cmd").ok().stdout;
    fs::write(env.work().join("init.cmd"), init).unwrap();
    env
}

#[test]
fn the_shims_stand_first_on_path_once_however_often_it_is_loaded() {
    let env = env();
    let told = typed(&env, &["call init.cmd 2>nul", "call init.cmd 2>nul", "echo %PATH%", "go x"]);
    let shims = env.root().join("shims").to_str().unwrap().to_owned();
    let path = told.stdout.lines().find(|line| line.contains(&shims)).unwrap();
    assert!(path.starts_with(&shims) && path.matches(&shims).count() == 1, "{told}");
    assert_eq!(told.line(), "go1.22.4: x");
}

#[test]
fn what_gvm_shell_prints_changes_the_prompt_that_runs_it() {
    let env = env();
    let loop_of_the_macro = |words: &str| {
        let gvm = super::fake::gvm().display().to_string();
        format!("for /f \"delims=\" %%i in ('{gvm} shell --hook cmd {words}') do @%%i")
    };
    let (set, unset) = (loop_of_the_macro("1.21"), loop_of_the_macro("--unset"));
    let told = typed(&env, &["call init.cmd 2>nul", &set, "go x", &unset, "go x"]);
    let versions: Vec<&str> = told.stdout.lines().collect();
    assert_eq!(versions, ["go1.21.13 GOTOOLCHAIN=local: x", "go1.22.4: x"], "{told}");
}
