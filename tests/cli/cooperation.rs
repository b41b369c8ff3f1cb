//! Real Go beside gvm: what the go command wants of another version it finds here, and downloads
//! nothing; a `go` below a `go` ends well. The default is 1.21.13, and 1.22.10 is installed.

use std::fs;

use crate::installed::put;
use crate::mint;
use crate::real::{Module, Real};

const HELLO: &str = "package main\n\nfunc main() { println(\"hello, gopher\") }\n";
const TOOLCHAIN: &str = "module example.com/m\n\ngo 1.21\n\ntoolchain go1.22.10\n";

/// More starts of Go than this for one command is a loop, or on the way to it.
const FEW: usize = 6;

#[track_caller]
fn assert_few(module: &Module<'_>) {
    let starts = module.starts();
    assert!((1..=FEW).contains(&starts.len()), "{} starts: {starts:?}", starts.len());
}

#[test]
fn a_module_with_a_toolchain_line_builds_with_the_installed_one() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("toolchain", &[("go.mod", TOOLCHAIN), ("main.go", HELLO)]);
    let _ = module.go("build -o hello .").ok();
    assert_eq!(module.call(module.here().join("hello"), "").ok().stderr, "hello, gopher\n");
    let built = module.go("version hello").ok();
    assert_eq!(built.line(), "hello: go1.22.10");
    assert_eq!(module.starts(), ["1.22.10 build -o hello .", "1.22.10 version hello"]);
    assert_eq!(module.go("env GOROOT").ok().line(), real.goroot("1.22.10").to_str().unwrap());
    module.assert_nothing_downloaded();
}

/// In none of these is gvm's own choice final: the go command is started, or could start another.
#[test]
fn each_way_to_name_a_toolchain_takes_the_installed_one() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("ways", &[("go.mod", TOOLCHAIN)]);
    let plain = real.module("ways without", &[]);
    for (value, in_module, outside) in [
        ("", "go1.22.10", "go1.21.13"),
        ("auto", "go1.22.10", "go1.21.13"),
        ("path", "go1.22.10", "go1.21.13"),
        ("local", "go1.21.13", "go1.21.13"),
        ("go1.22.10", "go1.22.10", "go1.22.10"),
        ("go1.21.13+path", "go1.22.10", "go1.21.13"),
        ("go1.22.10+auto", "go1.22.10", "go1.22.10"),
    ] {
        let set =
            |module: &Module<'_>| module.version(module.go("version").var("GOTOOLCHAIN", value));
        assert_eq!(set(&module), in_module, "GOTOOLCHAIN={value}");
        assert_eq!(set(&plain), outside, "GOTOOLCHAIN={value} outside");
        // The release itself, on PATH without its shim: it looks for go1.22.10 there.
        let base = real.goroot("1.21.13").join("bin/go");
        let direct = module.call(&base, "version").var("GOTOOLCHAIN", value);
        assert_eq!(module.version(direct), in_module, "GOTOOLCHAIN={value}, without the shim");
    }
    module.assert_nothing_downloaded();
    plain.assert_nothing_downloaded();
}

#[test]
fn what_is_neither_installed_nor_to_be_had_ends_in_the_go_commands_own_words() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("missing", &[("go.mod", "module m\n\ngo 1.22.11\n")]);
    let refused = module.go("build").run().code(1);
    assert!(
        refused.stderr.contains("go1.22.11") || refused.stderr.contains("1.22.11"),
        "{refused}"
    );
    assert_eq!(module.starts(), ["1.21.13 build"]);
}

/// A proxy on disk with a module that needs Go 1.22.5, and a list of toolchains without any
/// archive.
fn proxy(module: &Module<'_>) -> String {
    let folder = module.here().join("../proxy");
    let go_mod = "module example.com/needs\n\ngo 1.22.5\n";
    let versions = folder.join("example.com/needs/@v");
    put(&versions.join("list"), "v1.0.0\n");
    put(&versions.join("v1.0.0.info"), "{\"Version\":\"v1.0.0\"}");
    put(&versions.join("v1.0.0.mod"), go_mod);
    let file = |name: &str, content: &str| {
        (format!("example.com/needs@v1.0.0/{name}"), content.as_bytes().to_vec())
    };
    let source = "package main\n\nfunc main() { println(\"it needed more\") }\n";
    let zip = mint::zip(&[file("go.mod", go_mod), file("main.go", source)]);
    fs::write(versions.join("v1.0.0.zip"), zip).unwrap();
    let target = gvm_core::target::Target::host();
    let list: String = ["1.21.13", "1.22.10"]
        .map(|version| gvm_core::module::module_version(version, target.os(), target.arch()) + "\n")
        .concat();
    put(&folder.join("golang.org/toolchain/@v/list"), &list);
    format!("file://{}", fs::canonicalize(folder).unwrap().display())
}

#[test]
fn go_get_of_what_needs_a_newer_go_takes_the_installed_one() {
    let Some(real) = Real::shared() else { return };
    for mode in ["auto", "path", "go1.21.13+path"] {
        let files = [("go.mod", "module example.com/m\n\ngo 1.21\n")];
        let module = real.module(&format!("get {mode}"), &files);
        let call = module.go("get example.com/needs@v1.0.0");
        let call = call.var("GOPROXY", proxy(&module)).var("GOSUMDB", "off");
        let got = call.var("GOTOOLCHAIN", mode).ok();
        assert!(got.stderr.contains("switching to go1.22.10"), "{mode}: {got}");
        let go_mod = fs::read_to_string(module.here().join("go.mod")).unwrap();
        assert!(go_mod.contains("\ngo 1.22.5\n"), "{mode}: {go_mod}");
        assert!(go_mod.contains("\ntoolchain go1.22.10\n"), "{mode}: {go_mod}");
        assert_few(&module);
        module.assert_nothing_downloaded();
        assert_eq!(module.version(module.go("version")), "go1.22.10", "from then on");
    }
}

/// The tool needs more than the pinned version: a pin is about the project, not about the tool.
#[test]
fn go_run_of_a_tool_that_needs_a_newer_go_works_under_a_pin() {
    let Some(real) = Real::shared() else { return };
    let files = [(".go-version", "1.21.13\n"), ("go.mod", "module m\n\ngo 1.21\n")];
    let module = real.module("run at", &files);
    let call = module.go("run example.com/needs@v1.0.0");
    let ran = call.var("GOPROXY", proxy(&module)).var("GOSUMDB", "off").ok();
    assert!(ran.stderr.contains("it needed more"), "{ran}");
    assert_few(&module);
    module.assert_nothing_downloaded();
}

#[test]
fn go_get_under_a_pin_refuses_and_does_not_switch() {
    let Some(real) = Real::shared() else { return };
    let files = [(".go-version", "1.21.13\n"), ("go.mod", "module m\n\ngo 1.21\n")];
    let module = real.module("get pinned", &files);
    let call = module.go("get example.com/needs@v1.0.0");
    let refused = call.var("GOPROXY", proxy(&module)).var("GOSUMDB", "off").run().code(1);
    assert!(refused.stderr.contains("requires go >= 1.22.5"), "{refused}");
    assert_eq!(module.starts().len(), 1);
}

#[test]
fn a_go_inside_go_generate_and_go_test_is_the_same_and_ends() {
    let Some(real) = Real::shared() else { return };
    let source = "package m\n\n//go:generate go version\n//go:generate sh -c \"go env GOROOT\"\n";
    let test = "package m\n\nimport (\n\t\"os\"\n\t\"os/exec\"\n\t\"testing\"\n)\n\n\
        func TestNested(t *testing.T) {\n\
        \tout, err := exec.Command(\"go\", \"version\").Output()\n\
        \tif err != nil {\n\t\tt.Fatal(err)\n\t}\n\
        \tos.Stdout.Write(out)\n}\n";
    let files = [("go.mod", TOOLCHAIN), ("m.go", source), ("m_test.go", test)];
    let module = real.module("nested", &files);
    let generated = module.go("generate ./...").ok();
    let named = format!("go version go1.22.10 {}", gvm_core::target::Target::host());
    let goroot = real.goroot("1.22.10").display().to_string();
    assert_eq!(generated.stdout, format!("{named}\n{goroot}\n"), "{generated}");
    assert_eq!(module.starts().len(), 3, "{:?}", module.starts());
    let tested = module.go("test -vet=off .").arg("-run=Nested").arg("-v").ok();
    assert!(tested.stdout.contains(&named), "{tested}");
    assert_eq!(module.starts().len(), 5, "{:?}", module.starts());
    module.assert_nothing_downloaded();
}

/// A pin, too: what gvm set for the parent does not confuse the child, and the child's folder
/// decides.
#[test]
fn a_go_in_another_project_below_a_pinned_go_decides_afresh() {
    let Some(real) = Real::shared() else { return };
    let source = "package m\n\n//go:generate env -C ../other PATH=$SHIMS go version\n";
    let files =
        [(".go-version", "1.22.10\n"), ("go.mod", "module m\n\ngo 1.21\n"), ("m.go", source)];
    let module = real.module("pinned parent", &files);
    fs::create_dir_all(module.here().join("../other")).unwrap();
    let shims = real.root().join("shims");
    let generated = module.go("generate ./...").var("SHIMS", &shims).ok();
    assert!(generated.line().starts_with("go version go1.21.13 "), "{generated}");
    put(&module.here().join("../other/go.mod"), TOOLCHAIN);
    let generated = module.go("generate ./...").var("SHIMS", &shims).ok();
    assert!(generated.line().starts_with("go version go1.22.10 "), "{generated}");
    assert_eq!(module.starts().len(), 4, "{:?}", module.starts());
}

/// Go 1.8 cannot find itself, and a stale GOROOT would lead it astray.
#[test]
fn an_old_pinned_go_builds_whatever_goroot_the_shell_has() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("old", &[(".go-version", "1.8.7\n"), ("src/hello/main.go", HELLO)]);
    let newer = real.goroot("1.22.10");
    for goroot in [newer.as_os_str(), "/nonexistent".as_ref(), "".as_ref()] {
        let call =
            module.go("build -o hello hello").var("GOPATH", module.here()).var("GOROOT", goroot);
        let _ = call.ok();
        assert_eq!(module.call(module.here().join("hello"), "").ok().stderr, "hello, gopher\n");
    }
    let found = module.go("env GOROOT").var("GOROOT", &newer).ok();
    assert_eq!(found.line(), real.goroot("1.8.7").to_str().unwrap());
}

/// The shims by name are what `go1.22.10` of golang.org/dl is, and stay what they are below a newer
/// toolchain line.
#[test]
fn a_go_called_by_its_name_stays_that_one() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("by name", &[("go.mod", TOOLCHAIN), ("m.go", "package m\n")]);
    let named = |version: &str| real.root().join("shims").join(version);
    let told = module.version(module.call(named("go1.21.13"), "version"));
    assert_eq!(told, "go1.21.13");
    let _ = module.call(named("go1.22.10"), "build").ok();
    let told = module.call(named("go1.8.7"), "version").ok();
    assert!(told.line().contains("go1.8.7"), "{told}");
    assert_eq!(module.starts().len(), 3);
}
