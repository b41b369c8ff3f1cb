//! What was found, for scripts.

use serde_json::{Map, Value, json};

use super::{Answer, Binaries, Inspected, shown};
use crate::inspect::Content;
use crate::inspect::binary::{
    Binary, Format, Go, Hardening, Libc, Library, Module, Purpose, Relro, Signature,
};
use crate::inspect::plain::Plain;
use crate::inspect::start::Start;

pub(super) fn of(inspected: &Inspected) -> Value {
    json!({
        "files": inspected.files.iter().map(file).collect::<Vec<_>>(),
        "toolchains": inspected.toolchains.iter().map(toolchain).collect::<Vec<_>>(),
    })
}

fn toolchain(toolchain: &Binaries) -> Value {
    json!({
        "version": toolchain.name,
        "path": shown(toolchain.path.as_os_str().as_encoded_bytes()),
        "files": toolchain.files.iter().map(file).collect::<Vec<_>>(),
    })
}

fn file(answer: &Answer) -> Value {
    let found = answer.found.as_ref().ok();
    let content = found.map(|(content, _)| content);
    let (mut one, mut script) = (Value::Null, Value::Null);
    let kind = match content {
        None => "unreadable",
        Some(Content::Binary(it)) => {
            one = binary(it);
            purpose(it.purpose)
        }
        Some(Content::Plain(Plain::Script(it))) => {
            script = json!({ "interpreter": it.interpreter, "argument": it.argument });
            "script"
        }
        Some(Content::Plain(Plain::Empty)) => "empty",
        Some(Content::Plain(Plain::Text)) => "text",
        Some(Content::Plain(Plain::Known(_) | Plain::Data)) => "data",
    };
    let known = match content {
        Some(Content::Plain(Plain::Known(what))) => Some(*what),
        _ => None,
    };
    json!({
        "path": shown(answer.name.as_bytes()),
        "kind": kind,
        "known_as": known,
        "problem": answer.problem(),
        "script": script,
        "binary": one,
        "starts": found.map(|(_, start)| starts(start)),
    })
}

fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Program => "program",
        Purpose::Library => "library",
        Purpose::Object => "object",
        Purpose::Core => "core",
        Purpose::Other => "other",
    }
}

fn starts(start: &Start) -> Value {
    let why = start.why.iter().map(|why| json!({ "kind": why.word(), "text": why.to_string() }));
    json!({ "here": start.here, "by": start.by, "why": why.collect::<Vec<_>>() })
}

fn binary(binary: &Binary) -> Value {
    let library = |library: &Library| {
        json!({
            "name": library.name,
            "functions": library.functions,
            "versions": library.versions,
            "optional": library.is_optional,
        })
    };
    let minimum = binary.minimum.as_ref();
    let minimum = minimum.map(|it| json!({ "system": it.system, "version": it.version }));
    json!({
        "format": match binary.format {
            Format::Elf => "elf",
            Format::Pe => "pe",
            Format::MachO => "mach-o",
        },
        "bits": binary.bits,
        "architecture": binary.architecture,
        "system": binary.system,
        "slices": binary.slices,
        "linking": if binary.is_dynamic() { "dynamic" } else { "static" },
        "interpreter": binary.interpreter,
        "libraries": binary.libraries.iter().map(library).collect::<Vec<_>>(),
        "rpath": binary.search.rpath,
        "runpath": binary.search.runpath,
        "libc": libc(&binary.libc),
        "hardening": hardening(&binary.hardening),
        "signature": binary.signature.as_ref().map(signature),
        "minimum": minimum,
        "go": binary.go.as_ref().map(go),
        "build_ids": {
            "go": binary.build_ids.go,
            "gnu": binary.build_ids.gnu,
            "uuid": binary.build_ids.uuid,
        },
        "debug": {
            "symbols": binary.debug.has_symbols,
            "dwarf": binary.debug.has_dwarf,
            "elsewhere": binary.debug.elsewhere,
        },
    })
}

fn libc(libc: &Libc) -> Value {
    let (kind, version) = match libc {
        Libc::None => ("none", None),
        Libc::Glibc(version) => ("glibc", version.as_deref()),
        Libc::Musl => ("musl", None),
        Libc::Bionic => ("bionic", None),
        Libc::System => ("system", None),
        Libc::Msvcrt => ("msvcrt", None),
        Libc::Ucrt => ("ucrt", None),
        Libc::VisualStudio(name) => ("visual-studio", Some(name.as_str())),
    };
    json!({ "kind": kind, "version": version })
}

fn hardening(hardening: &Hardening) -> Value {
    let Hardening { pie, aslr, high_entropy, nx, relro, guard } = *hardening;
    let relro = relro.map(|relro| match relro {
        Relro::No => "no",
        Relro::Partial => "partial",
        Relro::Full => "full",
    });
    json!({
        "pie": pie,
        "aslr": aslr,
        "high_entropy": high_entropy,
        "nx": nx,
        "relro": relro,
        "guard": guard,
    })
}

fn signature(signature: &Signature) -> Value {
    let (kind, identifier, team) = match signature {
        Signature::Authenticode(_) => ("authenticode", None, None),
        Signature::AdHoc { identifier } => ("ad-hoc", Some(identifier), None),
        Signature::Certificate { identifier, team } => {
            ("certificate", Some(identifier), team.as_ref())
        }
        Signature::Broken => ("broken", None, None),
    };
    json!({ "kind": kind, "identifier": identifier, "team": team })
}

fn go(go: &Go) -> Value {
    let settings: Map<String, Value> =
        go.settings.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    json!({
        "version": go.version,
        "path": go.path,
        "main": go.main.as_ref().map(module),
        "dependencies": go.dependencies.iter().map(module).collect::<Vec<_>>(),
        "settings": settings,
    })
}

fn module(it: &Module) -> Value {
    json!({
        "path": it.path,
        "version": it.version,
        "sum": it.sum,
        "replace": it.replace.as_deref().map(module),
    })
}
