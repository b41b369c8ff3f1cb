//! Old releases for machines that are newer than they: taken for the processor that such a machine runs too.

use super::env::TestEnv;
use super::mint::Mint;
use super::site::Site;

fn site() -> Site {
    let old = Mint::new(&["1.22.4"]).and("1.15.14", "darwin/amd64").and("1.15.15", "darwin/amd64");
    Site::mint(old.and("1.16.5", "darwin/arm64").and("1.17.2", "darwin/amd64"))
}

#[test]
fn before_native_builds_the_other_processors_release_is_taken_and_that_is_said() {
    let site = site();
    let env = TestEnv::at(&site);
    for spec in ["1.15.14", "1.15"] {
        let done = env.gvm("install --json --target darwin/arm64").arg(spec).ok();
        assert!(done.json()["installed"][0]["version"].as_str().unwrap().starts_with("go1.15.1"));
        let _ = done.says("never published for darwin/arm64: the one for darwin/amd64 is taken");
    }
    assert_eq!(env.names("versions"), ["go1.15.14.darwin-amd64", "go1.15.15.darwin-amd64"]);
}

#[test]
fn from_the_first_native_build_on_nothing_stands_in() {
    let site = site();
    let env = TestEnv::at(&site);
    let done = env.gvm("install --target darwin/arm64 1.16.5").ok();
    assert!(!done.stderr.contains("never published"), "{done}");
    let _ = env.gvm("install --target darwin/arm64 1.17.2").run().code(3);
    let _ = env.gvm("install --target linux/arm64 1.15.15").run().code(3);
    assert_eq!(env.names("versions"), ["go1.16.5.darwin-arm64"]);
}

#[test]
fn what_can_be_installed_there_lists_them() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("install --target darwin/arm64 1.15.15").ok();
    let listed = env.gvm("list-remote --target darwin/arm64").ok();
    assert_eq!(listed.stdout, "go1.15.14\ngo1.15.15  installed\ngo1.16.5\n");
}
