//! The `golang.org/toolchain` module: how its versions are called, how the names of its files map to those of an
//! installed tree, which files of a tree it covers, and which of them are programs.
//!
//! Source: `src/cmd/distpack/pack.go` of Go 1.27, which writes the official archive and the module from one tree.
//! Hashing is not here: the command's `verify::dirhash` does it.

use alloc::format;
use alloc::string::String;

/// The module's path.
pub const PATH: &str = "golang.org/toolchain";

/// The module version of `version` (`1.22.4`, without `go`) for a target: `v0.0.1-go1.22.4.linux-amd64`.
pub fn module_version(version: &str, goos: &str, goarch: &str) -> String {
    format!("v0.0.1-go{version}.{goos}-{goarch}")
}

/// A version of the module as a proxy's files, a module cache and the checksum database's addresses have it: an exclamation
/// mark and the small letter for each capital, because file systems may not tell them apart
/// (<https://go.dev/ref/mod#goproxy-protocol>). Lists, records and archives have it as it is.
pub fn escaped(module_version: &str) -> String {
    let mut escaped = String::with_capacity(module_version.len());
    for letter in module_version.chars() {
        if letter.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.push(letter.to_ascii_lowercase());
    }
    escaped
}

/// The version behind an [`escaped`] one. None for what no version is escaped to.
pub fn unescaped(escaped: &str) -> Option<String> {
    let mut parts = escaped.split('!');
    let mut version = String::from(parts.next()?);
    for part in parts {
        let capital = part.chars().next().filter(char::is_ascii_lowercase)?;
        version.push(capital.to_ascii_uppercase());
        version.push_str(&part[1..]);
    }
    (self::escaped(&version) == escaped).then_some(version)
}

/// The folders that an official archive has and the module leaves out: no module hash covers them.
pub const UNCOVERED: [&str; 5] = ["api", "doc", "misc", "test", ".github"];

/// Whether the module's hash covers the file at `path` (relative to GOROOT, slashes).
pub fn covers(path: &str) -> bool {
    let top = path.split_once('/').map(|(top, _)| top);
    !top.is_some_and(|top| UNCOVERED.contains(&top))
}

/// The name inside the module of the file at `path`: every `go.mod` is a `_go.mod` there, because a module zip may not
/// hold another module.
pub fn name_in_module(path: &str) -> String {
    match path.strip_suffix("go.mod") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("{folder}_go.mod"),
        Some(_) | None => String::from(path),
    }
}

/// The path below GOROOT of the module's file `name`: the inverse of [`name_in_module`]. None for a `go.mod`, which no
/// module zip may hold below its top.
pub fn path_in_goroot(name: &str) -> Option<String> {
    let base = name.rsplit('/').next().unwrap_or(name);
    match base {
        "go.mod" => None,
        "_go.mod" => Some(format!("{}go.mod", &name[..name.len() - base.len()])),
        _ => Some(String::from(name)),
    }
}

/// Whether the file at `path` is a program: what `pack.go` gives mode 0755. The bits inside a module zip are not to be
/// trusted (other writers drop them), so this rule decides for every format.
pub fn is_executable(path: &str) -> bool {
    let base = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("bin/")
        || path.starts_with("pkg/tool/")
        || [".bash", ".sh", ".pl", ".rc"].iter().any(|end| base.ends_with(end))
        || is_exec_wrapper(base)
}

/// `go_?*_?*_exec`: the wrappers that run a cross-compiled program.
fn is_exec_wrapper(base: &str) -> bool {
    base.strip_prefix("go_")
        .and_then(|rest| rest.strip_suffix("_exec"))
        .and_then(|middle| {
            middle.split_once('_').filter(|(os, arch)| !os.is_empty() && !arch.is_empty())
        })
        .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_survives_the_way_into_the_module_and_back() {
        for path in ["go.mod", "src/go.mod", "src/cmd/go.mod", "VERSION", "src/xgo.mod", "bin/go"] {
            assert_eq!(path_in_goroot(&name_in_module(path)).as_deref(), Some(path));
        }
        assert_eq!(name_in_module("src/go.mod"), "src/_go.mod");
        assert_eq!(path_in_goroot("src/go.mod"), None);
    }

    #[test]
    fn a_capital_is_asked_for_as_a_mark_and_a_small_letter() {
        for (version, written) in [
            ("v0.0.1-go1.22.4.linux-amd64", "v0.0.1-go1.22.4.linux-amd64"),
            ("v0.0.1-go1.22.4-BigCorp.linux-amd64", "v0.0.1-go1.22.4-!big!corp.linux-amd64"),
            ("", ""),
        ] {
            assert_eq!(escaped(version), written);
            assert_eq!(unescaped(written).as_deref(), Some(version));
        }
        for wrong in ["Big", "!Big", "big!", "!", "!!b", "!1", "!é"] {
            assert_eq!(unescaped(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn programs_are_known_by_their_place_or_name() {
        for path in
            ["bin/go", "pkg/tool/linux_amd64/vet", "src/all.bash", "lib/wasm/go_js_wasm_exec"]
        {
            assert!(is_executable(path), "{path}");
        }
        for path in ["src/cmd/go/main.go", "lib/go__exec", "src/bin/go", "VERSION"] {
            assert!(!is_executable(path), "{path}");
        }
    }

    #[test]
    fn the_module_leaves_out_five_folders_at_the_top_only() {
        assert!(!covers("doc/go_spec.html"));
        assert!(!covers(".github/x"));
        assert!(covers("src/doc/x"));
        assert!(covers("test"));
    }
}
