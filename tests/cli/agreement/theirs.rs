//! What the tools say, as facts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Facts;

fn said(tool: &str, arguments: &[&str], path: &Path) -> String {
    let output = Command::new(tool).args(arguments).arg(path).env("LC_ALL", "C").output().unwrap();
    assert!(output.status.success(), "{tool} {}", path.display());
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The text between two others in the first line that holds both.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.split_once(start)?.1.split_once(end).map(|it| it.0))
}

/// What follows a word in the first line that holds it.
fn after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.split_once(start)).map(|(_, rest)| rest.trim())
}

fn put(facts: &mut Facts, name: &str, value: impl Into<String>) {
    facts.insert(name.to_owned(), value.into());
}

pub fn readelf(path: &Path) -> Facts {
    let text = said("readelf", &["-W", "-h", "-l", "-d", "-V", "-n", "-S"], path);
    let mut facts = Facts::new();
    let or_none = |text: Option<&str>| text.unwrap_or("-").to_owned();
    put(&mut facts, "bits", after(&text, "Class:").unwrap().trim_start_matches("ELF"));
    let architecture = match after(&text, "Machine:").unwrap() {
        "Advanced Micro Devices X86-64" => "amd64",
        "AArch64" => "arm64",
        other => panic!("{other}"),
    };
    put(&mut facts, "architecture", architecture);
    let kind = after(&text, "  Type:").unwrap();
    put(&mut facts, "kind", if kind.contains("Shared object") { "library" } else { "program" });
    put(&mut facts, "pie", kind.contains("Position-Independent").to_string());
    let interpreter = between(&text, "[Requesting program interpreter: ", "]");
    put(&mut facts, "interpreter", or_none(interpreter));
    let needed = text.lines().filter(|line| line.contains("(NEEDED)"));
    let needed: Vec<&str> =
        needed.map(|line| between(line, "Shared library: [", "]").unwrap()).collect();
    put(&mut facts, "libraries", needed.join(" "));
    let (versions, glibc) = versions(&text);
    put(&mut facts, "versions", versions.join(", "));
    put(&mut facts, "glibc", or_none(glibc.as_deref()));
    let stack = text.lines().find(|line| line.trim_start().starts_with("GNU_STACK"));
    let rights = stack.unwrap().split_whitespace().skip(6).take_while(|it| !it.starts_with("0x"));
    put(&mut facts, "nx", (!rights.collect::<String>().contains('E')).to_string());
    let has_relro = text.lines().any(|line| line.trim_start().starts_with("GNU_RELRO"));
    let mut flags =
        text.lines().filter(|line| line.contains("(FLAGS") || line.contains("(BIND_NOW)"));
    let binds = flags.any(|line| line.contains("NOW"));
    let relro = match (has_relro, binds) {
        (false, _) => "no",
        (true, false) => "partial",
        (true, true) => "full",
    };
    put(&mut facts, "relro", relro);
    put(&mut facts, "gnu id", or_none(after(&text, "Build ID:")));
    put(&mut facts, "minimum", or_none(after(&text, "OS: Linux, ABI:")));
    let note = text.lines().find(|line| line.contains("GO BUILDID"));
    let id = note.and_then(|line| line.split_once("description data:")).map(|(_, rest)| {
        let bytes = rest.split_whitespace().map(|hex| u8::from_str_radix(hex, 16).unwrap());
        String::from_utf8(bytes.collect()).unwrap()
    });
    put(&mut facts, "go id", or_none(id.as_deref()));
    put(&mut facts, "symbols", text.contains(" .symtab ").to_string());
    let has_dwarf = text.contains(" .debug_info ") || text.contains(" .zdebug_info ");
    put(&mut facts, "dwarf", has_dwarf.to_string());
    facts
}

/// The versions that are needed, each with its library, and the newest of glibc.
fn versions(text: &str) -> (Vec<String>, Option<String>) {
    let (mut versions, mut glibc) = (Vec::new(), Vec::new());
    let mut file = String::new();
    let section = text.split("Version needs section").nth(1).unwrap_or_default();
    for line in section.lines() {
        if let Some(name) = between(line, "File: ", "  ") {
            file = name.to_owned();
        } else if let Some(name) = between(line, "Name: ", "  ") {
            versions.push(format!("{file} {name}"));
            let numbers = name.strip_prefix("GLIBC_").filter(|it| it.starts_with(char::is_numeric));
            let parsed =
                |it: &str| it.split('.').map(|it| it.parse().unwrap()).collect::<Vec<u32>>();
            glibc.extend(numbers.map(|it| (parsed(it), it.to_owned())));
        }
    }
    versions.sort();
    (versions, glibc.into_iter().max().map(|(_, newest)| newest))
}

pub fn objdump(path: &Path) -> Facts {
    let text = said("objdump", &["-p", "-h"], path);
    let mut facts = Facts::new();
    assert!(text.contains("file format pei-x86-64"), "{text}");
    put(&mut facts, "bits", if text.contains("(PE32+)") { "64" } else { "32" });
    put(&mut facts, "architecture", "amd64");
    put(&mut facts, "kind", if text.contains("(Windows CUI)") { "program" } else { "other" });
    let flags = after(&text, "DllCharacteristics").unwrap();
    let flags = u32::from_str_radix(flags, 16).unwrap();
    put(&mut facts, "aslr", (flags & 0x40 != 0).to_string());
    put(&mut facts, "high entropy", (flags & 0x20 != 0).to_string());
    put(&mut facts, "nx", (flags & 0x100 != 0).to_string());
    let number = |name: &str| after(&text, name).unwrap().to_owned();
    let (major, minor) = (number("MajorSubsystemVersion"), number("MinorSubsystemVersion"));
    put(&mut facts, "minimum", format!("{major}.{minor}"));
    let security = text.lines().find(|line| line.contains("Security Directory")).unwrap();
    put(&mut facts, "signed", (!security.contains(" 00000000 ")).to_string());
    put(&mut facts, "dwarf", text.contains(" .debug_info").to_string());
    let mut libraries: Vec<&str> = Vec::new();
    for table in text.split("DLL Name: ").skip(1) {
        let mut lines = table.lines();
        let name = lines.next().unwrap();
        libraries.push(name);
        let rows = lines.skip(1).take_while(|line| !line.trim().is_empty());
        let names = rows.map(|row| row.split_whitespace().nth(2).unwrap());
        let names: Vec<&str> = names.collect();
        assert!(names.len() > 20, "{names:?}");
        put(&mut facts, &format!("functions of {name}"), names.join(" "));
    }
    put(&mut facts, "libraries", libraries.join(" "));
    facts
}

pub fn llvm_objdump(path: &Path) -> Facts {
    let text = said("llvm-objdump", &["--macho", "--private-headers"], path);
    let mut facts = Facts::new();
    let header = text.lines().find(|line| line.starts_with("MH_MAGIC")).unwrap();
    let words: Vec<&str> = header.split_whitespace().collect();
    put(&mut facts, "bits", if words[0] == "MH_MAGIC_64" { "64" } else { "32" });
    put(&mut facts, "architecture", words[1].to_lowercase());
    put(&mut facts, "kind", if words[4] == "EXECUTE" { "program" } else { "other" });
    put(&mut facts, "pie", words.contains(&"PIE").to_string());
    put(&mut facts, "nx", (!words.contains(&"ALLOW_STACK_EXECUTION")).to_string());
    let mut libraries = Vec::new();
    for command in text.split("Load command ").skip(1) {
        let name = || between(command, "name ", " (offset").unwrap();
        match after(command, "cmd ").unwrap() {
            "LC_LOAD_DYLIB" => libraries.push(name()),
            "LC_LOAD_DYLINKER" => put(&mut facts, "interpreter", name()),
            "LC_UUID" => {
                let uuid = after(command, "uuid ").unwrap().replace('-', "").to_lowercase();
                put(&mut facts, "uuid", uuid);
            }
            "LC_BUILD_VERSION" => put(&mut facts, "minimum", after(command, "minos ").unwrap()),
            "LC_SYMTAB" => {
                put(&mut facts, "symbols", (after(command, "nsyms ") != Some("0")).to_string());
            }
            _ => {}
        }
    }
    put(&mut facts, "libraries", libraries.join(" "));
    put(&mut facts, "signed", text.contains("cmd LC_CODE_SIGNATURE").to_string());
    put(&mut facts, "dwarf", text.contains("sectname __debug_info").to_string());
    facts
}

/// What `go version -m` says about each file, line by line without tabs before them; its first line is the version.
pub fn go_version(paths: &[PathBuf]) -> BTreeMap<PathBuf, Vec<String>> {
    // The machine's own, where it has one.
    let is_one = |path: &&PathBuf| path.ends_with("bin/go.exe");
    let go = paths.iter().find(is_one).filter(|_| cfg!(windows)).cloned();
    let go = go.unwrap_or_else(|| "go".into());
    let output = Command::new(go).args(["version", "-m"]).args(paths).output().unwrap();
    let mut said: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
    let mut file = PathBuf::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        if let Some(line) = line.strip_prefix('\t') {
            said.get_mut(&file).unwrap().push(line.to_owned());
        } else {
            let (path, version) = line.rsplit_once(": ").unwrap();
            file = path.into();
            said.insert(file.clone(), vec![version.to_owned()]);
        }
    }
    said
}
