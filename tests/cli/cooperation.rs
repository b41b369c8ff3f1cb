//! Real Go beside gvm: what the go command wants of another version it finds here, and downloads
//! nothing; a `go` below a `go` ends well. The default is [`OLDER`], and [`NEWER`] is installed.

use std::fs;

use url::Url;

use crate::fake::{exe, shell};
use crate::installed::put;
use crate::mint;
use crate::real::{Module, Real};
use crate::stock::{NEWER, OLDER, line};

const HELLO: &str = "package main\n\nfunc main() { println(\"hello, gopher\") }\n";

/// A module of the older release's line.
fn plain() -> String {
    format!("module example.com/m\n\ngo {}\n", line(OLDER))
}

/// The same, with a toolchain line.
fn toolchain() -> String {
    format!("{}\ntoolchain go{NEWER}\n", plain())
}

/// A release that is newer than the older one's line, and no newer than the newer.
fn wanted() -> String {
    format!("{}.5", line(NEWER))
}

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
    let module = real.module("toolchain", &[("go.mod", &toolchain()), ("main.go", HELLO)]);
    let _ = module.go("build -o").arg(exe("hello")).arg(".").ok();
    assert_eq!(module.call(module.here().join("hello"), "").ok().stderr, "hello, gopher\n");
    let built = module.go("version").arg(exe("hello")).ok();
    let hello = exe("hello").display().to_string();
    assert_eq!(built.line(), format!("{hello}: go{NEWER}"));
    let starts = [format!("{NEWER} build -o {hello} ."), format!("{NEWER} version {hello}")];
    assert_eq!(module.starts(), starts);
    assert_eq!(module.go("env GOROOT").ok().line(), real.goroot(NEWER).to_str().unwrap());
    module.assert_nothing_downloaded();
}

/// In none of these is gvm's own choice final: the go command is started, or could start another.
#[test]
fn each_way_to_name_a_toolchain_takes_the_installed_one() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("ways", &[("go.mod", &toolchain())]);
    let plain = real.module("ways without", &[]);
    let named = |end: &str| [format!("go{OLDER}{end}"), format!("go{NEWER}{end}")];
    let [older, newer] = &named("");
    for (value, in_module, outside) in [
        ("", newer, older),
        ("auto", newer, older),
        ("path", newer, older),
        ("local", older, older),
        (newer, newer, newer),
        (&named("+path")[0], newer, older),
        (&named("+auto")[1], newer, newer),
    ] {
        let set =
            |module: &Module<'_>| module.version(module.go("version").var("GOTOOLCHAIN", value));
        assert_eq!(set(&module), *in_module, "GOTOOLCHAIN={value}");
        assert_eq!(set(&plain), *outside, "GOTOOLCHAIN={value} outside");
        // The release itself, on PATH without its shim: it looks for the newer one there.
        let base = real.goroot(OLDER).join("bin/go");
        let direct = module.call(&base, "version").var("GOTOOLCHAIN", value);
        assert_eq!(module.version(direct), *in_module, "GOTOOLCHAIN={value}, without the shim");
    }
    module.assert_nothing_downloaded();
    plain.assert_nothing_downloaded();
}

#[test]
fn what_is_neither_installed_nor_to_be_had_ends_in_the_go_commands_own_words() {
    let Some(real) = Real::shared() else { return };
    let missing = format!("{}.99", line(NEWER));
    let module = real.module("missing", &[("go.mod", &format!("module m\n\ngo {missing}\n"))]);
    let refused = module.go("build").run().code(1);
    assert!(refused.stderr.contains(&missing), "{refused}");
    assert_eq!(module.starts(), [format!("{OLDER} build")]);
}

/// A proxy on disk with a module that needs the Go [`wanted`], and a list of toolchains without any
/// archive.
fn proxy(module: &Module<'_>) -> String {
    let folder = module.here().join("../proxy");
    let go_mod = format!("module example.com/needs\n\ngo {}\n", wanted());
    let versions = folder.join("example.com/needs/@v");
    put(&versions.join("list"), "v1.0.0\n");
    put(&versions.join("v1.0.0.info"), "{\"Version\":\"v1.0.0\"}");
    put(&versions.join("v1.0.0.mod"), &go_mod);
    let file = |name: &str, content: &str| {
        (format!("example.com/needs@v1.0.0/{name}"), content.as_bytes().to_vec())
    };
    let source = "package main\n\nfunc main() { println(\"it needed more\") }\n";
    let zip = mint::zip(&[file("go.mod", &go_mod), file("main.go", source)]);
    fs::write(versions.join("v1.0.0.zip"), zip).unwrap();
    let target = gvm_core::target::Target::host();
    let list: String = [OLDER, NEWER]
        .map(|version| gvm_core::module::module_version(version, target.os(), target.arch()) + "\n")
        .concat();
    put(&folder.join("golang.org/toolchain/@v/list"), &list);
    Url::from_file_path(fs::canonicalize(folder).unwrap()).unwrap().into()
}

#[test]
fn go_get_of_what_needs_a_newer_go_takes_the_installed_one() {
    let Some(real) = Real::shared() else { return };
    for mode in ["auto", "path", &format!("go{OLDER}+path")] {
        let module = real.module(&format!("get {mode}"), &[("go.mod", &plain())]);
        let call = module.go("get example.com/needs@v1.0.0");
        let call = call.var("GOPROXY", proxy(&module)).var("GOSUMDB", "off");
        let got = call.var("GOTOOLCHAIN", mode).ok();
        assert!(got.stderr.contains(&format!("switching to go{NEWER}")), "{mode}: {got}");
        let go_mod = fs::read_to_string(module.here().join("go.mod")).unwrap();
        assert!(go_mod.contains(&format!("\ngo {}\n", wanted())), "{mode}: {go_mod}");
        assert_few(&module);
        module.assert_nothing_downloaded();
        // From 1.25 on no toolchain line is written beside the go line.
        if line(OLDER) < "1.25" {
            assert!(go_mod.contains(&format!("\ntoolchain go{NEWER}\n")), "{mode}: {go_mod}");
            assert_eq!(module.version(module.go("version")), format!("go{NEWER}"), "from then on");
        }
    }
}

/// The tool needs more than the pinned version: a pin is about the project, not about the tool.
#[test]
fn go_run_of_a_tool_that_needs_a_newer_go_works_under_a_pin() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("run at", &[(".go-version", OLDER), ("go.mod", &plain())]);
    let call = module.go("run example.com/needs@v1.0.0");
    let ran = call.var("GOPROXY", proxy(&module)).var("GOSUMDB", "off").ok();
    assert!(ran.stderr.contains("it needed more"), "{ran}");
    assert_few(&module);
    module.assert_nothing_downloaded();
}

#[test]
fn go_get_under_a_pin_refuses_and_does_not_switch() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("get pinned", &[(".go-version", OLDER), ("go.mod", &plain())]);
    let call = module.go("get example.com/needs@v1.0.0");
    let refused = call.var("GOPROXY", proxy(&module)).var("GOSUMDB", "off").run().code(1);
    assert!(refused.stderr.contains(&format!("requires go >= {}", wanted())), "{refused}");
    assert_eq!(module.starts().len(), 1);
}

#[test]
fn a_go_inside_go_generate_and_go_test_is_the_same_and_ends() {
    let Some(real) = Real::shared() else { return };
    let source =
        "package m\n\n//go:generate go version\n//go:generate $SHELL_HERE -c \"go env GOROOT\"\n";
    let test = "package m\n\nimport (\n\t\"os\"\n\t\"os/exec\"\n\t\"testing\"\n)\n\n\
        func TestNested(t *testing.T) {\n\
        \tout, err := exec.Command(\"go\", \"version\").Output()\n\
        \tif err != nil {\n\t\tt.Fatal(err)\n\t}\n\
        \tos.Stdout.Write(out)\n}\n";
    let files = [("go.mod", &*toolchain()), ("m.go", source), ("m_test.go", test)];
    let module = real.module("nested", &files);
    let generated = module.go("generate ./...").var("SHELL_HERE", shell()).ok();
    let named = format!("go version go{NEWER} {}", gvm_core::target::Target::host());
    let goroot = real.goroot(NEWER).display().to_string();
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
    let line = "cd ../other && PATH=${DOLLAR}SHIMS go version";
    let source = format!("package m\n\n//go:generate $SHELL_HERE -c \"{line}\"\n");
    let files = [(".go-version", NEWER), ("go.mod", &*plain()), ("m.go", &source)];
    let module = real.module("pinned parent", &files);
    fs::create_dir_all(module.here().join("../other")).unwrap();
    let shims = real.root().join("shims");
    let generate =
        || module.go("generate ./...").var("SHIMS", &shims).var("SHELL_HERE", shell()).ok();
    let generated = generate();
    assert!(generated.line().starts_with(&format!("go version go{OLDER} ")), "{generated}");
    put(&module.here().join("../other/go.mod"), &toolchain());
    let generated = generate();
    assert!(generated.line().starts_with(&format!("go version go{NEWER} ")), "{generated}");
    assert_eq!(module.starts().len(), 4, "{:?}", module.starts());
}

/// Go 1.8 cannot find itself, and a stale GOROOT would lead it astray.
#[cfg(unix)]
#[test]
fn an_old_pinned_go_builds_whatever_goroot_the_shell_has() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("old", &[(".go-version", "1.8.7\n"), ("src/hello/main.go", HELLO)]);
    let newer = real.goroot(NEWER);
    for goroot in [newer.as_os_str(), "/nonexistent".as_ref(), "".as_ref()] {
        let call =
            module.go("build -o hello hello").var("GOPATH", module.here()).var("GOROOT", goroot);
        let _ = call.ok();
        assert_eq!(module.call(module.here().join("hello"), "").ok().stderr, "hello, gopher\n");
    }
    let found = module.go("env GOROOT").var("GOROOT", &newer).ok();
    assert_eq!(found.line(), real.goroot("1.8.7").to_str().unwrap());
}

/// The shims by name are what the programs of golang.org/dl are, and stay what they are below a newer
/// toolchain line.
#[test]
fn a_go_called_by_its_name_stays_that_one() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("by name", &[("go.mod", &toolchain()), ("m.go", "package m\n")]);
    let named = |version: &str| exe(real.root().join("shims").join(format!("go{version}")));
    let told = module.version(module.call(named(OLDER), "version"));
    assert_eq!(told, format!("go{OLDER}"));
    let _ = module.call(named(NEWER), "build").ok();
    assert_eq!(module.starts().len(), 2);
    if cfg!(unix) {
        let told = module.call(named("1.8.7"), "version").ok();
        assert!(told.line().contains("go1.8.7"), "{told}");
    }
}
