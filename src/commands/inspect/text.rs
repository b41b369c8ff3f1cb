//! What was found, for people: a block for each file, a table for each toolchain.

use super::{Answer, Binaries, Inspected, shown};
use crate::inspect::Content;
use crate::inspect::binary::{
    Binary, Format, Go, Hardening, Libc, Library, Minimum, Module, Purpose, Relro, Signature,
};
use crate::inspect::plain::Plain;
use crate::inspect::start::Start;
use crate::ui::table;

/// No line shows more libraries.
const SHOWN_LIBRARIES: usize = 8;

pub(super) fn of(inspected: &Inspected) -> String {
    let files = inspected.files.iter().map(|answer| block(answer, inspected.details));
    let tables = inspected.toolchains.iter().map(table_of);
    files.chain(tables).collect::<Vec<_>>().join("\n")
}

fn block(answer: &Answer, details: bool) -> String {
    let mut text = format!("{}\n", shown(answer.name.as_bytes()));
    let mut rows: Vec<(&str, String)> = Vec::new();
    match &answer.found {
        Err(error) => rows.push(("problem", error.to_string())),
        Ok((Content::Plain(plain), _)) => rows.push(("what", plain_words(plain))),
        Ok((Content::Binary(binary), _)) => {
            rows.push(("what", what(binary)));
            rows.extend(answer.problem().map(|problem| ("problem", problem)));
            facts(binary, details, &mut rows);
        }
    }
    if let Ok((content, start)) = &answer.found {
        rows.extend(start_rows(content, start));
    }
    for (label, value) in rows {
        text.push_str(&format!("  {label:<13}{value}\n"));
    }
    text
}

fn plain_words(plain: &Plain) -> String {
    match plain {
        Plain::Empty => "an empty file".to_owned(),
        Plain::Script(script) => {
            let argument = script.argument.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
            format!("a script for {}{argument}", script.interpreter)
        }
        Plain::Text => "text".to_owned(),
        Plain::Known(what) => (*what).to_owned(),
        Plain::Data => "data of a kind that gvm does not know".to_owned(),
    }
}

fn what(binary: &Binary) -> String {
    let purpose = match binary.purpose {
        Purpose::Program => "program",
        Purpose::Library => "library",
        Purpose::Object => "object file",
        Purpose::Core => "core dump",
        Purpose::Other => "file",
    };
    let system = binary.system.as_deref().unwrap_or("any system");
    let target = format!("{system}/{}", binary.architecture);
    let slices = match binary.slices.as_slice() {
        [] => String::new(),
        slices => format!(" (of {})", slices.join(", ")),
    };
    format!("{} {purpose}, {} bits, {target}{slices}", format_word(binary.format), binary.bits)
}

fn format_word(format: Format) -> &'static str {
    match format {
        Format::Elf => "ELF",
        Format::Pe => "PE",
        Format::MachO => "Mach-O",
    }
}

fn facts(binary: &Binary, details: bool, rows: &mut Vec<(&'static str, String)>) {
    rows.push(("linking", linking(binary)));
    if details {
        rows.extend(binary.libraries.iter().map(|library| ("library", library_in_full(library))));
        let folders = binary.search.rpath.iter().chain(&binary.search.runpath);
        rows.extend(folders.map(|folder| ("looked in", folder.clone())));
    } else if !binary.libraries.is_empty() {
        rows.push(("libraries", libraries(binary)));
    }
    rows.push(("C library", libc(&binary.libc)));
    let protection = protection(&binary.hardening);
    if !protection.is_empty() {
        rows.push(("protection", protection));
    }
    if binary.format != Format::Elf {
        rows.push(("signature", signature(binary.signature.as_ref())));
    }
    if let Some(minimum) = &binary.minimum {
        rows.push(("for", system_words(minimum)));
    }
    if let Some(go) = &binary.go {
        rows.push(("Go", go_words(go)));
        if details {
            go_in_full(go, rows);
        }
    }
    let ids = &binary.build_ids;
    for (label, id) in [("build ID", &ids.go), ("GNU ID", &ids.gnu), ("UUID", &ids.uuid)] {
        rows.extend(id.as_ref().map(|id| (label, id.clone())));
    }
    rows.push(("debugging", debugging(binary)));
}

fn linking(binary: &Binary) -> String {
    match &binary.interpreter {
        Some(loader) => format!("dynamic, loaded by {loader}"),
        None if binary.is_dynamic() => "dynamic".to_owned(),
        None => "static".to_owned(),
    }
}

fn libraries(binary: &Binary) -> String {
    let one = |library: &Library| match library.functions.len() {
        0 => library.name.clone(),
        1 => format!("{} (1 function)", library.name),
        count => format!("{} ({count} functions)", library.name),
    };
    let shown = binary.libraries.iter().take(SHOWN_LIBRARIES).map(one).collect::<Vec<_>>();
    let more = match binary.libraries.len().saturating_sub(SHOWN_LIBRARIES) {
        0 => String::new(),
        more => format!(" and {more} more (-v)"),
    };
    format!("{}{more}", shown.join(", "))
}

fn library_in_full(library: &Library) -> String {
    let mut text = library.name.clone();
    if library.is_optional {
        text.push_str(" (only if it is there)");
    }
    let names: Vec<&str> =
        library.versions.iter().chain(&library.functions).map(String::as_str).collect();
    if !names.is_empty() {
        text.push_str(&format!(": {}", names.join(", ")));
    }
    text
}

fn libc(libc: &Libc) -> String {
    match libc {
        Libc::None => "none".to_owned(),
        Libc::Glibc(Some(version)) => format!("glibc {version} or newer"),
        Libc::Glibc(None) => "glibc".to_owned(),
        Libc::Musl => "musl".to_owned(),
        Libc::Bionic => "bionic (Android)".to_owned(),
        Libc::System => "the system's".to_owned(),
        Libc::Msvcrt => "msvcrt".to_owned(),
        Libc::Ucrt => "ucrt".to_owned(),
        Libc::VisualStudio(name) => name.clone(),
    }
}

fn protection(hardening: &Hardening) -> String {
    let Hardening { pie, aslr, high_entropy, nx, relro, guard } = *hardening;
    let word = |name: &str, fact: Option<bool>| {
        fact.map(|is_so| if is_so { name.to_owned() } else { format!("no {name}") })
    };
    let relro = relro.map(|relro| match relro {
        Relro::No => "no RELRO".to_owned(),
        Relro::Partial => "partial RELRO".to_owned(),
        Relro::Full => "full RELRO".to_owned(),
    });
    // Of PE, ASLR says more than that it could be loaded elsewhere.
    let pie = pie.filter(|_| aslr.is_none());
    let words = [
        word("PIE", pie),
        word("ASLR", aslr),
        word("high entropy", high_entropy),
        word("NX", nx),
        relro,
        word("control flow guard", guard),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn signature(signature: Option<&Signature>) -> String {
    match signature {
        None => "none".to_owned(),
        Some(Signature::Authenticode(size)) => format!("Authenticode, {size} bytes; not checked"),
        Some(Signature::AdHoc { identifier }) => format!("ad hoc, {identifier}"),
        Some(Signature::Certificate { identifier, team }) => {
            let team = team.as_ref().map(|team| format!(", team {team}")).unwrap_or_default();
            format!("by certificate, {identifier}{team}; not checked")
        }
        Some(Signature::Broken) => "broken".to_owned(),
    }
}

fn system_words(minimum: &Minimum) -> String {
    let Minimum { system, version } = minimum;
    match system.as_str() {
        "linux" => format!("Linux {version} or newer"),
        "macos" => format!("macOS {version} or newer"),
        "windows" => format!("{} or newer", windows_name(version)),
        system => format!("{system} {version} or newer"),
    }
}

/// What people call a version of Windows.
fn windows_name(version: &str) -> String {
    let name = match version {
        "5.0" => "2000",
        "5.1" => "XP",
        "5.2" => "Server 2003",
        "6.0" => "Vista",
        "6.1" => "7",
        "6.2" => "8",
        "6.3" => "8.1",
        "10.0" => "10",
        _ => return format!("Windows {version}"),
    };
    format!("Windows {name} ({version})")
}

fn go_words(go: &Go) -> String {
    let mut words = vec![go.version.clone()];
    words.extend(go.path.clone());
    if let Some(main) = go.main.as_ref().filter(|main| !main.version.is_empty()) {
        words.push(format!("{} {}", main.path, main.version));
    }
    match go.dependencies.len() {
        0 => {}
        1 => words.push("1 dependency".to_owned()),
        count => words.push(format!("{count} dependencies")),
    }
    for name in ["CGO_ENABLED", "GOAMD64", "GOARM", "GO386"] {
        words.extend(go.setting(name).map(|value| format!("{name}={value}")));
    }
    words.join(", ")
}

fn go_in_full(go: &Go, rows: &mut Vec<(&'static str, String)>) {
    let module = |module: &Module| {
        let replaced = module.replace.as_ref();
        let replaced = replaced.map(|it| format!(" => {} {}", it.path, it.version));
        format!("{} {}{}", module.path, module.version, replaced.unwrap_or_default())
    };
    rows.extend(go.dependencies.iter().map(|it| ("depends on", module(it))));
    rows.extend(go.settings.iter().map(|(key, value)| ("setting", format!("{key}={value}"))));
}

fn debugging(binary: &Binary) -> String {
    let debug = &binary.debug;
    let mut words = vec![match (debug.has_symbols, debug.has_dwarf) {
        (true, true) => "symbols, DWARF".to_owned(),
        (true, false) => "symbols, no DWARF".to_owned(),
        (false, true) => "DWARF, no symbols".to_owned(),
        (false, false) => "stripped".to_owned(),
    }];
    words.extend(debug.elsewhere.as_ref().map(|file| format!("more in {file}")));
    words.join(", ")
}

fn start_rows(content: &Content, start: &Start) -> Vec<(&'static str, String)> {
    let whys = || start.why.iter().map(|why| ("", why.to_string()));
    match (start.here, &start.by) {
        (Some(true), None) => vec![("starts here", "yes".to_owned())],
        (Some(true), Some(by)) => vec![("starts here", format!("yes, by {by}"))],
        (None, Some(by)) => vec![("starts here", format!("if {by} can start it"))],
        (None, None) => Vec::new(),
        (Some(false), _) => {
            // What is no program at all has said so.
            if matches!(content, Content::Plain(plain) if !matches!(plain, Plain::Script(_))) {
                return Vec::new();
            }
            let mut rows: Vec<_> = whys().collect();
            if let Some((label, why)) = rows.first_mut() {
                (*label, *why) = ("starts here", format!("no: {why}"));
            }
            for (_, why) in rows.iter_mut().skip(1) {
                *why = format!("    {why}");
            }
            rows
        }
    }
}

fn table_of(toolchain: &Binaries) -> String {
    let rows: Vec<[String; 8]> = toolchain.files.iter().map(row).collect();
    let path = shown(toolchain.path.as_os_str().as_encoded_bytes());
    format!("{}  {path}\n{}", toolchain.name, table::columns(&rows))
}

fn row(answer: &Answer) -> [String; 8] {
    let name = shown(answer.name.as_bytes());
    let rest = match &answer.found {
        Err(error) => return sparse(name, error.to_string()),
        Ok((Content::Plain(plain), _)) => return sparse(name, plain_words(plain)),
        Ok((Content::Binary(binary), start)) => (binary, start),
    };
    let (binary, start) = rest;
    let dynamic = if binary.is_dynamic() { "dynamic" } else { "static" };
    let is_pie = binary.hardening.aslr.or(binary.hardening.pie);
    let go = binary.go.as_ref().map_or("-", |go| go.version.as_str());
    [
        name,
        format!("{} {}", format_word(binary.format), binary.architecture),
        dynamic.to_owned(),
        libc(&binary.libc).replace(" or newer", "+").replace("none", "-"),
        if is_pie == Some(true) { "PIE".to_owned() } else { "no PIE".to_owned() },
        if binary.debug.has_dwarf { "DWARF".to_owned() } else { "no DWARF".to_owned() },
        go.to_owned(),
        verdict(start),
    ]
}

/// A row of what is no binary.
fn sparse(name: String, words: String) -> [String; 8] {
    let mut row = [const { String::new() }; 8];
    (row[0], row[1]) = (name, words);
    row
}

fn verdict(start: &Start) -> String {
    match (start.here, &start.by, start.why.first()) {
        (Some(true), None, _) => "starts here".to_owned(),
        (Some(true), Some(by), _) => format!("starts here by {by}"),
        (None, Some(by), _) => format!("for {by}"),
        (Some(false), _, Some(why)) => why.to_string(),
        (Some(false) | None, _, _) => "-".to_owned(),
    }
}
