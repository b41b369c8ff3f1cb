//! `config.toml`: what counts is what the file says, and what is refused is refused in one of its lines.

#![no_main]

use gvm::settings::{Flags, From, Settings};
use gvm_core::layout::Layout;
use gvm_core::world::memory::Memory;
use libfuzzer_sys::fuzz_target;
use toml::{Table, Value};

const LIMIT: usize = 64 * 1024;

fuzz_target!(|bytes: &[u8]| {
    let world = Memory::new("/").file("/r/config.toml", bytes);
    let layout = Layout::new(b"/r".to_vec());
    let text = String::from_utf8_lossy(bytes);
    match Settings::load(&world, &layout, &Flags::default()) {
        Ok(settings) => check(&text, &settings),
        Err(error) => {
            assert_eq!(error.path, "/r/config.toml");
            let lines = text.matches('\n').count() + 1;
            assert!((1..=lines).contains(&error.line) || bytes.len() > LIMIT, "{error}");
        }
    }
});

fn check(text: &str, settings: &Settings) {
    let said: Table = text.parse().expect("it was understood");
    assert!(said.keys().all(|key| ["sources", "godev", "offline"].contains(&&**key)));
    let from = |key: &str| if said.contains_key(key) { From::File } else { From::BuiltIn };
    assert_eq!(settings.sources.from, from("sources"));
    assert_eq!(settings.godev.from, from("godev"));
    assert_eq!(settings.offline.from, from("offline"));
    let offline = said.get("offline").and_then(Value::as_bool);
    assert_eq!(settings.offline.value, offline.unwrap_or(false));
    if let Some(godev) = said.get("godev") {
        let godev = godev.as_str().expect("a URL is a text");
        assert_eq!(settings.godev.value, godev.trim_end_matches('/'));
    }
    if let Some(Value::Array(sources)) = said.get("sources") {
        let sources: Vec<&str> = sources.iter().filter_map(Value::as_str).collect();
        for source in &settings.sources.value {
            assert!(!source.is_empty() && sources.iter().any(|said| said.contains(&**source)));
        }
    }
}
