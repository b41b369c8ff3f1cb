//! Three hundred generated machines, in which both forms must do the same: the same child with the same arguments and
//! environment, or the same words and the same code.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Output};

use fastrand::Rng;

use crate::form::{FORMS, Form};
use crate::place::{Place, REPORT};

const WORLDS: u64 = 300;

/// Versions that may be installed, and their hashes; these need not be the true ones.
const VERSIONS: [(&str, &str); 6] = [
    ("go1.8.7", "00000001"),
    ("go1.20", "00000002"),
    ("go1.21.13", "00000003"),
    ("go1.22.4", "00000004"),
    ("go1.22.10", "00000005"),
    ("go1.23rc1", "00000006"),
];

const PINS: [&[u8]; 20] = [
    b"1.22.4\n",
    b"1.22",
    b"go1.20\r\n",
    b"\xef\xbb\xbf1.21.13",
    b"\xff\xfe1\0.\x002\x002\0\n\0",
    b"# ours\n\n1.22.10 # because\n",
    b"latest",
    b"unstable",
    b"1.23rc",
    b">=1.21 <1.22.5",
    b"~1.22.1",
    b"1.8.7",
    b"system",
    b"1.99",
    b"",
    b"1.22.4 1.22.5",
    b"1.22.04",
    b"\x1b[31m1.22",
    b"../../x",
    b"\xff\xff\xff",
];

const TOOL_VERSIONS: [&[u8]; 5] =
    [b"nodejs 20\ngolang 1.22.4\n", b"go 1.21.13 1.20", b"nodejs 20\n", b"golang ref:x", b"golang"];

const VARIABLES: [(&str, &[&str]); 8] = [
    ("GVM_GO", &["", "1.22.4", "1.21", "system", "nonsense", "/nowhere", "1.99.9"]),
    ("GOROOT", &["", "/old"]),
    ("GOTOOLCHAIN", &["", "local", "auto", "go1.23.1"]),
    ("GVM_SET_GOTOOLCHAIN", &["1"]),
    ("GOTOOLCHAIN_INTERNAL_SWITCH_VERSION", &["", "go1.22.10", "go1.99.1"]),
    ("GOENV", &["off", "/nowhere"]),
    ("XDG_CONFIG_HOME", &["relative"]),
    ("ZZ", &["last"]),
];

#[test]
fn both_forms_do_the_same_on_three_hundred_machines() {
    let mut codes: BTreeMap<i32, u32> = BTreeMap::new();
    for seed in 0..WORLDS {
        let mut random = Rng::with_seed(seed);
        let place = Place::new();
        furnish(&place, &mut random);
        let call = Call::random(&place, &mut random);
        let outputs = FORMS.map(|form| call.run(&place, form));
        let [embedded, hosted] = outputs.each_ref().map(|output| shown(&place, output));
        assert_eq!(embedded, hosted, "seed {seed}: {call:?}");
        *codes.entry(outputs[0].status.code().unwrap()).or_default() += 1;
    }
    // None of the ways that a call can end is missing.
    for (code, least) in [(0, 60), (125, 30), (126, 1), (127, 30)] {
        assert!(codes.get(&code).is_some_and(|count| *count >= least), "{codes:?}");
    }
}

/// Versions, whole and damaged; a default; pins in some folders of the project; a settings file.
fn furnish(place: &Place, random: &mut Rng) {
    for (tag, hash) in VERSIONS {
        match random.u32(0..10) {
            0..=5 => place.install(tag, hash),
            6 => symlink(format!("../{hash}"), place.path("r/versions").join(tag)).unwrap(),
            7 => {
                place.install(tag, hash);
                let go = place.path(format!("r/{hash}/bin/go"));
                fs::remove_file(&go).unwrap();
                fs::write(&go, "no program").unwrap();
                if random.bool() {
                    assert!(Command::new("chmod").arg("+x").arg(&go).status().unwrap().success());
                }
            }
            _ => {}
        }
    }
    place.goroot("other", "go1.19.13");
    let current = place.path("r/current");
    match random.u32(0..7) {
        0 | 1 => symlink("00000004", current).unwrap(),
        2 => symlink("0000000f", current).unwrap(),
        3 => symlink(place.path("other"), current).unwrap(),
        4 => fs::write(current, "00000003\n").unwrap(),
        5 => symlink("../elsewhere", current).unwrap(),
        _ => {}
    }
    if random.u32(0..4) == 0 {
        place.write("home/.config/go/env", b"GOROOT=/usr/lib/go\nGOPROXY=off\n");
    }
    for folder in ["p", "p/a", "p/a/b", "p/a/b/c"] {
        fs::create_dir_all(place.path(folder)).unwrap();
        match random.u32(0..12) {
            0 | 1 => place.write(format!("{folder}/.go-version"), random.choice(PINS).unwrap()),
            2 => place
                .write(format!("{folder}/.tool-versions"), random.choice(TOOL_VERSIONS).unwrap()),
            3 => place.write(format!("{folder}/go.mod"), b"module x\n\ngo 1.22.4\n"),
            4 => odd_pin(place, &format!("{folder}/.go-version"), random),
            _ => {}
        }
    }
}

/// Something in a pin's place that is no plain file.
fn odd_pin(place: &Place, name: &str, random: &mut Rng) {
    let path = place.path(name);
    match random.u32(0..6) {
        0 => fs::create_dir(path).unwrap(),
        1 => assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
        2 => symlink("/dev/null", path).unwrap(),
        3 => symlink("nowhere", path).unwrap(),
        4 => fs::write(path, vec![b' '; 5000]).unwrap(),
        _ => symlink(".go-version", path).unwrap(),
    }
}

#[derive(Debug)]
struct Call {
    folder: &'static str,
    tool: &'static str,
    variables: Vec<(String, String)>,
    extra: Option<&'static str>,
}

impl Call {
    fn random(place: &Place, random: &mut Rng) -> Self {
        let mut variables = Vec::new();
        for (name, values) in VARIABLES {
            if random.u32(0..5) == 0 {
                let value = random.choice(values).copied().unwrap_or_default();
                variables.push((name.to_owned(), value.to_owned()));
            }
        }
        if random.u32(0..10) == 0 {
            let folder = place.path("other").display().to_string();
            variables.push(("GVM_GO".into(), folder));
        }
        let entries = ["r/shims", "other/bin", "p", "nowhere"].map(|name| place.path(name));
        let mut path = vec!["relative".to_owned()];
        for _ in 0..random.usize(0..4) {
            path.extend(random.choice(&entries).map(|entry| entry.display().to_string()));
        }
        variables.push(("PATH".into(), path.join(":")));
        random.shuffle(&mut variables);
        let tool = random.choice(["go", "go", "go", "gofmt", "go1.22.4", "godoc"]).unwrap_or("go");
        let folder = random.choice(["p", "p/a", "p/a/b", "p/a/b/c"]).unwrap_or("p");
        Self {
            folder,
            tool,
            variables,
            extra: random.choice([None, None, Some("+1.22")]).flatten(),
        }
    }

    fn run(&self, place: &Place, form: Form) -> Output {
        let mut call = place.call(&place.shim(form, self.tool));
        call.current_dir(place.path(self.folder)).args(self.extra);
        call.envs(self.variables.iter().map(|(name, value)| (name, value)));
        call.args(["-c", REPORT, "sh", "x"]).output().unwrap()
    }
}

/// All that the outside sees.
fn shown(place: &Place, output: &Output) -> String {
    let text = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let text = text.replace(&place.path("").display().to_string(), "PLACE/");
        // It ends with the number of the process.
        let lines = text.lines().map(|line| match line.strip_prefix("GVM_STARTED=") {
            Some(started) => format!("GVM_STARTED={}", &started[..1]),
            None => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    format!("{}\n{}\n{}", output.status, text(&output.stdout), text(&output.stderr))
}
