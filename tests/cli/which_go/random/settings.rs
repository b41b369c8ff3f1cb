//! GOTOOLCHAIN and its kin by chance: in the process, in the user's go/env file, in the base's
//! go.env.

use fastrand::Rng;

use super::super::case::Case;
use super::dice::{NAMES, chance, pick, version};

/// Values of GOTOOLCHAIN that few would write on purpose.
const ODD_VALUES: [&str; 10] =
    ["", "local ", " local", "auto\r", "AUTO", "+auto", "default", "latest", "local+", "path+auto"];

/// The base's go.env.
pub fn go_env(rng: &mut Rng) -> Option<Vec<u8>> {
    let content = match rng.u8(..100) {
        0..62 => "GOTOOLCHAIN=auto\n".to_owned(),
        62..68 => "GOTOOLCHAIN=local\n".to_owned(),
        68..72 => "GOTOOLCHAIN=path\n".to_owned(),
        72..84 => format!("# of a distribution\n\nGOTOOLCHAIN={}\n", gotoolchain(rng)),
        84..88 => format!("GOTOOLCHAIN={}", gotoolchain(rng)),
        88..90 => "GOPROXY=off\n".to_owned(),
        90..92 => "GOTOOLCHAIN=auto\r\n".to_owned(),
        92..94 => "GOTOOLCHAIN=auto\nGOWORK=off\n".to_owned(),
        94..96 => "GOTOOLCHAIN=auto\nGO111MODULE=auto\n".to_owned(),
        96..98 => String::new(),
        _ => return None,
    };
    Some(content.into_bytes())
}

/// The process's variables and the user's go/env file.
pub fn variables(case: &mut Case, rng: &mut Rng) {
    let mut set =
        |name: &str, value: &str| case.variables.push((name.to_owned(), value.to_owned()));
    if chance(rng, 45) {
        set("GOTOOLCHAIN", &gotoolchain(rng));
    }
    if chance(rng, 10) {
        set("GO111MODULE", pick(rng, &["off", "on", "auto", "auto", "", "maybe", "Off"]));
    }
    if chance(rng, 12) {
        let values = [
            "off",
            "auto",
            "",
            "@/project/go.work",
            "@/project/c/go.work",
            "@/project/none.work",
            "go.work",
            "@/project",
            "@/project/a/../go.work",
        ];
        set("GOWORK", pick(rng, &values));
    }
    if chance(rng, 5) {
        set("GOENV", pick(rng, &["off", "off", "", "@/home/none"]));
    }
    if chance(rng, 5) {
        set("TMPDIR", pick(rng, &["@/project", "@/project/a", "@/project/a/", ""]));
    }
    if chance(rng, 35) {
        case.user_env = Some(user_env(rng));
    }
}

/// A value of GOTOOLCHAIN.
fn gotoolchain(rng: &mut Rng) -> String {
    let name = match rng.u8(..20) {
        0..17 => format!("go{}", version(rng)),
        _ => pick(rng, &NAMES).to_owned(),
    };
    match rng.u8(..100) {
        0..18 => "auto".to_owned(),
        18..30 => "path".to_owned(),
        30..36 => "local".to_owned(),
        36..42 => "local+auto".to_owned(),
        42..47 => "local+path".to_owned(),
        47..65 => name,
        65..80 => format!("{name}+auto"),
        80..93 => format!("{name}+path"),
        93 => format!("{name}+local"),
        94 => format!("{name}+"),
        95 => format!("{name}+auto+path"),
        _ => pick(rng, &ODD_VALUES).to_owned(),
    }
}

fn user_env(rng: &mut Rng) -> Vec<u8> {
    let mut lines = Vec::new();
    for _ in 0..rng.u8(1..3) {
        lines.push(match rng.u8(..20) {
            0..10 => format!("GOTOOLCHAIN={}", gotoolchain(rng)),
            10 => format!(" GOTOOLCHAIN={}", gotoolchain(rng)),
            11 => format!("GOTOOLCHAIN ={}", gotoolchain(rng)),
            12 => format!("export GOTOOLCHAIN={}", gotoolchain(rng)),
            13 => "GOTOOLCHAIN=".to_owned(),
            14 => "GOWORK=off".to_owned(),
            15 => "GO111MODULE=off".to_owned(),
            16 => "GO111MODULE=auto".to_owned(),
            17 => "# GOTOOLCHAIN=local".to_owned(),
            18 => "GOTOOLCHAIN".to_owned(),
            _ => "GOFLAGS=-mod=mod".to_owned(),
        });
    }
    let end = if chance(rng, 6) { "\r\n" } else { "\n" };
    let mut content = lines.join(end);
    if !chance(rng, 20) {
        content.push_str(end);
    }
    content.into_bytes()
}
