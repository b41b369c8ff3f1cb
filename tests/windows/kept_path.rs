//! `gvm setup` and `gvm teardown` on the PATH that the registry keeps, in a key of the test's own.

use std::fs;

use windows_registry::{Type, Value};

use super::env::{Call, TestEnv};
use super::installed::Installed;

/// cmd reads no start file: nothing else is written.
fn gvm<'a>(env: &'a TestEnv, words: &str) -> Call<'a> {
    env.gvm(words).arg("--shell").arg("cmd")
}

fn shims(env: &TestEnv) -> String {
    env.root().join("shims").to_str().unwrap().to_owned()
}

fn text(value: Option<Value>) -> Option<(Type, String)> {
    value.map(|value| (value.ty(), String::try_from(value).unwrap()))
}

#[test]
fn a_path_that_is_not_there_is_made_once_and_goes_again() {
    let env = TestEnv::new();
    let _ = gvm(&env, "setup").ok().says("your PATH is made");
    assert_eq!(text(env.registry().path()), Some((Type::ExpandString, shims(&env))));
    let _ = gvm(&env, "setup").ok().says("set up already");
    assert_eq!(text(env.registry().path()), Some((Type::ExpandString, shims(&env))));
    let _ = gvm(&env, "teardown").ok().says("your PATH is removed");
    assert_eq!(env.registry().path(), None);
}

#[test]
fn whatever_is_there_keeps_its_kind_and_comes_back() {
    let long = r"C:\a\rather\long\folder;".repeat(200);
    for ty in [Type::String, Type::ExpandString] {
        for before in [
            "",
            r"C:\Windows",
            r"%USERPROFILE%\bin;C:\b",
            r";C:\a",
            r"C:\a;",
            ";;",
            "C:\\größe",
            &long,
        ] {
            let env = TestEnv::new();
            let mut value = Value::from(before);
            value.set_ty(ty);
            env.registry().key("User").set_value("Path", &value).unwrap();
            let _ = gvm(&env, "setup").ok();
            let _ = gvm(&env, "setup").ok();
            let expected = format!("{};{before}", shims(&env));
            assert_eq!(text(env.registry().path()), Some((ty, expected)));
            let _ = gvm(&env, "teardown").ok();
            assert_eq!(text(env.registry().path()), Some((ty, before.to_owned())));
        }
    }
}

#[test]
fn what_is_no_text_is_refused_and_stays() {
    let env = TestEnv::new();
    let key = env.registry().key("User");
    let half_a_character = [0xd8_u8, 0xd8, 0, 0];
    for (ty, bytes) in [
        (Type::U32, &[1, 0, 0, 0][..]),
        (Type::Bytes, b"C:\\a"),
        (Type::MultiString, &[b'a', 0, 0, 0, 0, 0]),
        (Type::String, &half_a_character),
    ] {
        key.set_bytes("Path", ty, bytes).unwrap();
        for command in ["setup", "teardown"] {
            let outcome = gvm(&env, command).run().code(1);
            let _ = outcome.says("your PATH cannot be changed").says("registry editor");
        }
        let value = env.registry().path().unwrap();
        assert_eq!((value.ty(), &value[..bytes.len()]), (ty, bytes));
    }
}

#[test]
fn what_would_change_is_shown_and_nothing_does() {
    let env = TestEnv::new();
    env.registry().key("User").set_string("Path", r"C:\secret;C:\b").unwrap();
    let shown = gvm(&env, "setup --dry-run").ok();
    assert!(shown.stdout.contains(&format!("+{};", shims(&env))), "{shown}");
    assert!(!shown.stdout.contains("secret"), "{shown}");
    assert_eq!(text(env.registry().path()), Some((Type::String, r"C:\secret;C:\b".into())));
}

#[test]
fn the_machines_path_is_another_value() {
    let env = TestEnv::new();
    env.registry().key("Machine").set_expand_string("Path", r"C:\Windows").unwrap();
    let _ = gvm(&env, "setup --system").ok().says("the machine's PATH is changed");
    assert_eq!(env.registry().path(), None);
    let path = env.registry().key("Machine").get_string("Path").unwrap();
    assert_eq!(path, format!(r"{};C:\Windows", shims(&env)));
    let _ = gvm(&env, "teardown --system").ok();
    assert_eq!(env.registry().key("Machine").get_string("Path").unwrap(), r"C:\Windows");
}

#[test]
fn a_go_for_all_users_that_would_win_is_named() {
    let env = Installed::new(&["1.22.4"]);
    let bin = env.folder().join("Program Files").join("Go").join("bin");
    fs::create_dir_all(&bin).unwrap();
    fs::write(bin.join("go.exe"), "").unwrap();
    let top = env.folder().to_str().unwrap().to_owned();
    let path = r"%SystemRoot%\none;%Top%\Program Files\Go\bin";
    env.registry().key("Machine").set_expand_string("Path", path).unwrap();
    let use_it = env.gvm("use 1.22.4");
    for call in [use_it, gvm(&env, "setup")] {
        let outcome = call.var("Top", &top).ok();
        let _ = outcome.says(bin.join("go.exe").to_str().unwrap()).says("gvm setup --system");
    }
    let first = format!("{};{path}", shims(&env));
    env.registry().key("Machine").set_expand_string("Path", first).unwrap();
    let use_it = env.gvm("use 1.22.4").var("Top", &top);
    assert!(!use_it.ok().stderr.contains("gvm setup --system"));
}
