//! One thing removed or spoiled at a time, in the trees of four releases that gvm installed: what is said of it, the file
//! that is named, and that the tree is whole after the cure.

use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::ground::{FOUR, Findings, Ground};
use crate::stage::tally;

/// What is done to a file or folder.
#[derive(Clone, Copy)]
enum Harm {
    Removed,
    Emptied,
    CutToAMegabyte,
    NotExecutable,
    Says(&'static str),
}

use Harm::{CutToAMegabyte, Emptied, NotExecutable, Removed, Says};

/// What is harmed, how, and for each of the four releases the number found: `w:` before a warning, `-` where there is no
/// such file.
type Row = (&'static str, Harm, [&'static str; 4]);

const TOOL: &str = "pkg/tool/linux_amd64";

fn rows() -> Vec<Row> {
    let all = |id| [id; 4];
    vec![
        ("bin/go", Removed, all("E301")),
        ("bin/go", NotExecutable, all("E304")),
        ("bin/go", CutToAMegabyte, all("E303")),
        ("TOOL/compile", Removed, all("E301")),
        ("TOOL/compile", NotExecutable, all("E304")),
        ("TOOL/compile", Emptied, all("E302")),
        ("TOOL/compile", CutToAMegabyte, all("E303")),
        ("TOOL/compile", Says("#! no program"), ["", "", "", ""]),
        ("TOOL/asm", Removed, all("E301")),
        ("TOOL/link", Removed, all("E301")),
        ("TOOL/link", CutToAMegabyte, all("E303")),
        ("TOOL/cgo", Removed, all("w:E310")),
        ("TOOL/buildid", Removed, ["w:E313", "w:E313", "w:E313", "-"]),
        (TOOL, Removed, all("E301")),
        ("pkg", Removed, all("E301")),
        ("pkg/include", Removed, ["w:E313", "E301", "E301", "E301"]),
        ("pkg/linux_amd64", Removed, ["w:E309", "-", "-", "-"]),
        ("pkg/linux_amd64/runtime.a", Removed, ["w:E309", "-", "-", "-"]),
        ("pkg/linux_amd64/fmt.a", Removed, ["w:E313", "-", "-", "-"]),
        ("src", Removed, all("E301")),
        ("src/runtime", Removed, all("E301")),
        ("src/runtime/proc.go", Removed, all("E301")),
        ("src/fmt", Removed, all("E301")),
        ("src/fmt/print.go", Removed, all("E301")),
        ("src/fmt/print.go", Emptied, all("E302")),
        ("src/fmt/scan.go", Removed, all("E313")),
        ("src/unsafe", Removed, all("E301")),
        ("src/cmd", Removed, ["w:E313", "w:E313", "w:E313", "w:E313"]),
        ("src/cmd/vendor", Removed, all("w:E313")),
        ("src/runtime/internal/sys/zversion.go", Removed, ["E301", "w:E313", "w:E313", "-"]),
        ("src/internal/buildcfg/zbootstrap.go", Removed, ["-", "w:E313", "w:E313", "w:E313"]),
        ("go.env", Removed, ["-", "-", "w:E307", "w:E307"]),
        ("VERSION", Removed, all("w:E306")),
        ("VERSION", Emptied, all("w:E306")),
        ("VERSION", Says("go1.99.1"), all("w:E305")),
        ("lib/time", Removed, all("w:E313")),
    ]
}

#[test]
fn each_damage_is_named() {
    let mut count = 0;
    for (at, version) in FOUR.into_iter().enumerate() {
        let Some(ground) = Ground::installed(&[version]) else { return };
        let goroot = ground.goroot(version);
        for (name, harm, found) in rows() {
            let name = name.replace("TOOL", TOOL);
            if found[at] == "-" {
                assert!(!goroot.join(&name).exists(), "{version} has {name}");
                continue;
            }
            let whole = harmed(&goroot.join(&name), harm);
            one(&ground, version, &name, found[at]);
            restore(&whole, &goroot.join(&name));
            count += 1;
        }
        ground.findings("").none(version);
    }
    tally::say("damages times releases", count);
}

fn one(ground: &Ground, version: &str, name: &str, found: &str) {
    let row = format!("{name} of {version}");
    let told = ground.gvm("doctor --json").arg(version).run();
    let findings = Findings::new(&told);
    let (severity, id) = match found.split_once(':') {
        Some((_, id)) => ("warning", id),
        None => ("error", found),
    };
    if severity == "warning" || id.is_empty() {
        assert!(findings.of("error").is_empty(), "{row}: {:#?}", findings.0);
    }
    if id.is_empty() {
        return;
    }
    assert!(findings.of(severity).contains(&id), "{row}: no {severity} {id}: {:#?}", findings.0);
    let is_named = |finding: &serde_json::Value| {
        finding["id"] == format!("GVM-{id}") && finding["file"].as_str().unwrap().contains(name)
    };
    assert!(findings.0.iter().any(is_named), "{row}: the file is not named: {:#?}", findings.0);
    let cure = match id {
        "E304" => "chmod +x ".to_owned(),
        _ => format!("gvm install --force {version}"),
    };
    assert!(findings.fix(id).starts_with(&cure), "{row}: {}", findings.fix(id));
}

/// Everything at once, in what runs here and in a version that does not, and the cures; then both build.
#[test]
fn the_cure_makes_a_tree_whole_again() {
    let Some(ground) = Ground::installed(&["1.20.14", "1.13.15"]) else { return };
    for (version, link) in [("1.20.14", CutToAMegabyte), ("1.13.15", Emptied)] {
        let goroot = ground.goroot(version);
        let tools = goroot.join(TOOL);
        // What is put aside there is not a second time.
        for (path, harm) in [
            (tools.join("link"), link),
            (tools.join("asm"), Removed),
            (goroot.join("src/fmt"), Removed),
            (goroot.join("VERSION"), Says("go1.99.1")),
        ] {
            let aside = harmed(&path, harm);
            let _ = fs::remove_file(&aside).or_else(|_| fs::remove_dir_all(&aside));
        }
        let build = format!("GVM_GO={version} go build -o x .");
        let _ = ground.shell(&build).code_of(version, 1);
    }
    for (id, version) in [("E301", "1.20.14"), ("E302", "1.13.15")] {
        let findings = ground.findings("");
        let what = findings.need(id)["what"].as_str().unwrap();
        assert!(id == "E301" || what.contains(version), "{what}");
        assert!(findings.fix(id).ends_with(version), "{}", findings.fix(id));
        let cure = findings.fix(id).replace("gvm", "\"$GVM\"");
        let build = format!("{cure} && GVM_GO={version} go build -o x . && ./x");
        let _ = ground.shell(&build).code_of(version, 0);
    }
    ground.findings("").none("mended");
}

/// Two trees, one unpacked over the other.
#[test]
fn a_library_of_another_version_is_named() {
    let Some(ground) = Ground::installed(&["1.22.10"]) else { return };
    let file = ground.goroot("1.22.10").join("src/internal/buildcfg/zbootstrap.go");
    let text = fs::read_to_string(&file).unwrap().replace("go1.22.10", "go1.22.9");
    fs::remove_file(&file).unwrap();
    fs::write(&file, text).unwrap();
    let findings = ground.findings("");
    assert!(findings.need("E308")["what"].as_str().unwrap().contains("go1.22.9"));
    assert!(findings.need("E308")["line"].is_u64());
}

/// Moves what is there aside, and puts what the harm leaves in its place.
fn harmed(path: &Path, harm: Harm) -> PathBuf {
    let whole = path.with_file_name(format!("{}.whole", path.file_name().unwrap().display()));
    let beside =
        path.ancestors().find(|folder| folder.join("VERSION").exists() || folder.ends_with("root"));
    // Outside the tree: what stands beside could be found by somebody.
    let whole = match beside.and_then(Path::parent) {
        Some(outside) => outside.join(whole.file_name().unwrap()),
        None => whole,
    };
    fs::rename(path, &whole).unwrap();
    match harm {
        Removed => {}
        Emptied => write(path, b"", 0o755),
        CutToAMegabyte => write(path, &fs::read(&whole).unwrap()[..1 << 20], 0o755),
        NotExecutable => write(path, &fs::read(&whole).unwrap(), 0o644),
        Says(text) => write(path, text.as_bytes(), 0o755),
    }
    whole
}

fn write(path: &Path, content: &[u8], mode: u32) {
    OpenOptions::new().write(true).create_new(true).open(path).unwrap();
    fs::write(path, content).unwrap();
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn restore(whole: &Path, path: &Path) {
    if path.exists() {
        fs::remove_file(path).unwrap();
    }
    fs::rename(whole, path).unwrap();
}
