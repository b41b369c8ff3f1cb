//! The same archives from where archives usually come: a module proxy and a download site, each of which is trusted as
//! little. A sample of each class, and what must hold afterwards.

use gvm_core::module;
use gvm_core::target::Target;

use crate::case::{Case, Kind};
use crate::stage::env::TestEnv;
use crate::stage::mint::Mint;
use crate::stage::site::{Answer, Site};
use crate::trial::{all_but_root, bounded};
use crate::{tar, zip};

/// Every so-manieth case of a class comes from a download site too.
const SAMPLE: usize = 12;

/// Holds a sample of the cases against a download site that lists them with their true size and digest.
pub fn refused_from_a_download_site(cases: &[Case]) {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    for case in cases.iter().filter(|case| !case.bytes.is_empty()).step_by(SAMPLE) {
        let host = Target::host();
        let name = format!("go1.22.4.{}-{}.{}", host.os(), host.arch(), case.end());
        site.put("/dl/", Answer::Bytes(index(&name, &case.bytes)));
        site.put(format!("/dl/{name}"), Answer::Bytes(case.bytes.clone()));
        let env = TestEnv::at(&site).set("GVM_SOURCES", "godev");
        refused(&env, case, &case.says);
    }
}

/// Holds names and kinds in a module's clothes against a module proxy.
pub fn refused_from_a_proxy() -> usize {
    let host = Target::host();
    let version = module::module_version("1.22.4", host.os(), host.arch());
    let top = format!("{}@{version}", module::PATH);
    let at = |path: &str| format!("{top}/{path}");
    let name = |path: &str, rule: &str| (vec![zip::file(at(path), b"evil")], rule.to_owned());
    let outside = format!("its name does not begin with `{top}/`");
    let table = [
        name("../evil", "its name has an element of dots only"),
        name("..\\evil", "its name has the character '\\\\'"),
        name("src/con", "its name has the element `con`, a device on Windows"),
        name("src/x:evil", "its name has the character ':'"),
        name("src/x.", "its name has an element that ends in a dot or a blank"),
        name("version", "its name differs from `VERSION` only in case"),
        name("VERSION", "its name stands there twice"),
        name("VERSION/x", "`VERSION` is a file and a folder"),
        name("src/go.mod", "it is a `go.mod`, and in a module they are called `_go.mod`"),
        (vec![zip::file("go/x", b"evil")], outside.clone()),
        (vec![zip::file("/gvm-hostile-evil", b"evil")], "its name is absolute".to_owned()),
        (vec![zip::file(format!("{}@v0.0.1-go1.22.5.linux-amd64/x", module::PATH), b"")], outside),
        (vec![zip::folder(at("src/"))], "it is a folder, and a module has only files".to_owned()),
        (
            vec![zip::stored(at("x"), b"/etc/passwd").mode(0o120_777)],
            "it is a symbolic link, not a file or a folder".to_owned(),
        ),
    ];
    let count = table.len();
    let site = Site::mint(Mint::new(&["1.22.4"]));
    for (more, rule) in table {
        let first = zip::file(at("VERSION"), b"go1.22.4\n");
        let bytes = zip::zip(&[vec![first], more].concat());
        site.put(
            format!("/proxy/golang.org/toolchain/@v/{version}.zip"),
            Answer::Bytes(bytes.clone()),
        );
        let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy");
        refused(&env, &Case::zip(rule.clone(), "", bytes), &rule);
    }
    count
}

fn refused(env: &TestEnv, case: &Case, says: &str) {
    let before = all_but_root(env);
    let outcome = bounded(env).arg("install").arg("1.22.4").run().code_of(&case.name, 5);
    assert!(outcome.stderr.contains(says), "{}: {says:?} is not said in\n{outcome}", case.name);
    env.assert_nothing_left();
    assert_eq!(all_but_root(env), before, "{} changed something outside", case.name);
}

/// An index of one release in the download site's format.
fn index(name: &str, bytes: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};

    let host = Target::host();
    let file = serde_json::json!({
        "filename": name, "os": host.os(), "arch": host.arch(), "version": "go1.22.4", "kind": "archive",
        "sha256": hex::encode(Sha256::digest(bytes)), "size": bytes.len(),
    });
    let index = serde_json::json!([{ "version": "go1.22.4", "stable": true, "files": [file] }]);
    serde_json::to_vec(&index).unwrap()
}

/// A tar.gz where a proxy has zips is read as what it is, and refused for what it holds.
pub fn a_tar_from_a_proxy_is_refused() {
    let host = Target::host();
    let version = module::module_version("1.22.4", host.os(), host.arch());
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let bytes = tar::targz(&[tar::file("go/VERSION", b"go1.22.4\n")]);
    site.put(format!("/proxy/golang.org/toolchain/@v/{version}.zip"), Answer::Bytes(bytes.clone()));
    let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy");
    let case = Case { name: "tar-for-zip".into(), kind: Kind::TarGz, bytes, says: String::new() };
    refused(&env, &case, &format!("its name does not begin with `{}@{version}/`", module::PATH));
}
