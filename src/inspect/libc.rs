//! Which C library a program needs, and what a loader's path tells of the system.

use std::cmp::Ordering;

use super::binary::{Binary, Libc};

/// Of an ELF file, by its loader, else by its libraries.
pub(super) fn of_elf(binary: &Binary) -> Libc {
    if !binary.is_dynamic() {
        return Libc::None;
    }
    let path = binary.interpreter.as_deref().unwrap_or_default();
    let loader = path.rsplit('/').next().unwrap_or_default();
    let needs = |start: &str| binary.libraries.iter().any(|it| it.name.starts_with(start));
    if loader.starts_with("ld-musl-") || needs("libc.musl-") {
        return Libc::Musl;
    }
    if loader == "linker" || loader == "linker64" {
        return Libc::Bionic;
    }
    // The last is that of 32-bit MIPS and PowerPC.
    let is_glibc =
        loader.starts_with("ld-linux") || loader.starts_with("ld64.so") || path == "/lib/ld.so.1";
    let versions = binary.libraries.iter().flat_map(|library| &library.versions);
    let glibc = versions.filter_map(|version| version.strip_prefix("GLIBC_"));
    let newest = glibc.filter(|version| version.starts_with(|c: char| c.is_ascii_digit()));
    let newest = newest.max_by(|a, b| compare(a, b)).map(str::to_owned);
    if is_glibc || newest.is_some() || needs("libc.so.6") {
        // Go's own position-independent programs have the loader, and need no library.
        return if binary.libraries.is_empty() { Libc::None } else { Libc::Glibc(newest) };
    }
    if needs("libc.so") { Libc::System } else { Libc::None }
}

/// Of a PE file, by the DLLs that it imports from.
pub(super) fn of_pe(binary: &Binary) -> Libc {
    let names = binary.libraries.iter().map(|library| library.name.to_ascii_lowercase());
    let mut found = Libc::None;
    for name in names {
        let stem = name.trim_end_matches(".dll");
        if stem == "ucrtbase" || stem.starts_with("api-ms-win-crt-") {
            return Libc::Ucrt;
        }
        let is_numbered = |start: &str| {
            stem.strip_prefix(start)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        if stem == "msvcrt" {
            found = Libc::Msvcrt;
        } else if found == Libc::None && (is_numbered("msvcr") || is_numbered("vcruntime")) {
            found = Libc::VisualStudio(name);
        }
    }
    found
}

/// The system whose programs have this loader.
pub(super) fn system_of_loader(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next()?;
    match path {
        "/libexec/ld-elf.so.1" | "/libexec/ld-elf32.so.1" => Some("freebsd"),
        "/usr/libexec/ld-elf.so.2" => Some("dragonfly"),
        "/usr/libexec/ld.elf_so" | "/libexec/ld.elf_so" => Some("netbsd"),
        "/usr/libexec/ld.so" => Some("openbsd"),
        "/lib/64/ld.so.1" | "/lib/amd64/ld.so.1" | "/usr/lib/ld.so.1" => Some("solaris"),
        "/system/bin/linker" | "/system/bin/linker64" => Some("android"),
        _ if name.starts_with("ld-linux") || name.starts_with("ld-musl-") => Some("linux"),
        _ if name.starts_with("ld64.so") => Some("linux"),
        _ => None,
    }
}

/// Versions by their numbers: 2.4 is before 2.34.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let numbers = |text: &str| -> Vec<u64> {
        text.split('.').map(|part| part.parse().unwrap_or(0)).collect()
    };
    numbers(one).cmp(&numbers(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::binary::{Format, Library};

    fn needing(loader: Option<&str>, libraries: &[(&str, &[&str])]) -> Binary {
        let mut binary = Binary::new(Format::Elf, 64, "amd64".into());
        binary.interpreter = loader.map(str::to_owned);
        binary.libraries = libraries
            .iter()
            .map(|(name, versions)| Library {
                name: (*name).into(),
                versions: versions.iter().map(|version| (*version).into()).collect(),
                ..Library::default()
            })
            .collect();
        binary
    }

    #[test]
    fn the_c_library_of_elf_is_told_by_loader_and_symbols() {
        let glibc = "/lib64/ld-linux-x86-64.so.2";
        let some = |version: &str| Libc::Glibc(Some(version.into()));
        let versions = ["GLIBC_2.2.5", "GLIBC_2.34", "GLIBC_2.4", "GLIBC_PRIVATE"];
        for (loader, libraries, libc) in [
            (None, &[][..], Libc::None),
            (Some(glibc), &[], Libc::None),
            (Some(glibc), &[("libc.so.6", &versions[..])], some("2.34")),
            (Some(glibc), &[("libc.so.6", &[])], Libc::Glibc(None)),
            (None, &[("libm.so.6", &["GLIBC_2.29"])], some("2.29")),
            (Some("/lib/ld-musl-x86_64.so.1"), &[("libc.musl-x86_64.so.1", &[])], Libc::Musl),
            (Some("/system/bin/linker64"), &[("libc.so", &[])], Libc::Bionic),
            (Some("/libexec/ld-elf.so.1"), &[("libc.so.7", &[])], Libc::System),
            (None, &[("libz.so.1", &[])], Libc::None),
        ] {
            assert_eq!(of_elf(&needing(loader, libraries)), libc, "{loader:?} {libraries:?}");
        }
    }

    #[test]
    fn the_c_runtime_of_pe_is_told_by_its_dlls() {
        for (names, libc) in [
            (&["kernel32.dll"][..], Libc::None),
            (&["KERNEL32.dll", "msvcrt.dll"], Libc::Msvcrt),
            (&["VCRUNTIME140.dll", "api-ms-win-crt-stdio-l1-1-0.dll"], Libc::Ucrt),
            (&["MSVCR120.dll"], Libc::VisualStudio("msvcr120.dll".into())),
            (&["msvcrypt.dll"], Libc::None),
        ] {
            let libraries: Vec<(&str, &[&str])> =
                names.iter().map(|name| (*name, &[][..])).collect();
            assert_eq!(of_pe(&needing(None, &libraries)), libc, "{names:?}");
        }
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert_eq!(compare("2.4", "2.34"), Ordering::Less);
        assert_eq!(compare("2.2.5", "2.2"), Ordering::Greater);
        assert_eq!(compare("10", "9.9"), Ordering::Greater);
    }
}
