//! What was changed or removed by hand in ROOT: it is noticed, named, and never believed.

use std::fs;

use crate::env::{TestEnv, hash8};
use crate::mint::Mint;
use crate::site::{Answer, Site};

fn site() -> Site {
    Site::mint(Mint::new(&["1.21.13", "1.22.3", "1.22.4"]))
}

fn installed() -> (Site, TestEnv) {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.3 1.22.4").ok();
    (site, env)
}

#[test]
fn a_tree_that_was_removed_by_hand_is_not_made_the_default() {
    let (_site, env) = installed();
    fs::remove_dir_all(env.goroot("1.22.4")).unwrap();
    let _ = env.gvm("--offline use 1.22.4").run().code(4);
    let _ = env.gvm("--offline use 1.22").ok();
    assert_eq!(env.gvm("current --short").ok().line(), "1.22.3");
    let _ = env.gvm("use 1.22.4").ok();
    assert_eq!(env.gvm("current --short").ok().line(), "1.22.4");
}

#[test]
fn a_receipt_cannot_lead_out_of_the_root() {
    let (_site, env) = installed();
    let receipt = env.root().join(format!("receipts/{}.toml", hash8("1.22.4")));
    let victim = env.write("victim", "mine");
    let text = fs::read_to_string(&receipt).unwrap();
    let tag = format!("tag = \"../../{}\"", victim.file_name().unwrap().display());
    fs::write(&receipt, text.replace("tag = \"go1.22.4\"", &tag)).unwrap();
    let _ = env.gvm("use 1.22.3").ok();
    assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
    let _ = env.gvm("list").ok().says("cannot be understood");
}

#[test]
fn a_version_without_a_sound_receipt_is_not_verified_in_silence() {
    let (_site, env) = installed();
    fs::write(env.root().join(format!("receipts/{}.toml", hash8("1.22.3"))), "junk").unwrap();
    fs::remove_file(env.root().join(format!("receipts/{}.toml", hash8("1.22.4")))).unwrap();
    let outcome = env.gvm("verify --json").run().code(5);
    let results = outcome.json()["results"].as_array().unwrap().clone();
    assert!(results.iter().all(|result| result["ok"] == false), "{results:?}");
    assert_eq!(results.len(), 2);
    let _ = env.gvm("install --force 1.22.3 1.22.4").ok();
    let _ = env.gvm("verify").ok();
}

#[test]
fn a_default_that_lost_its_receipt_is_not_taken_for_one_that_was_removed() {
    let (_site, env) = installed();
    let _ = env.gvm("use 1.22.4").ok();
    fs::remove_file(env.root().join(format!("receipts/{}.toml", hash8("1.22.4")))).unwrap();
    let _ = env.gvm("uninstall --force 1.22.4").run().code(3).says("is not installed");
    assert_eq!(env.gvm("current --short").ok().line(), "1.22.4");
    assert!(env.goroot("1.22.4").exists());
}

#[test]
fn a_portals_page_is_no_empty_list() {
    let site = site();
    let list = "/proxy/golang.org/toolchain/@v/list";
    site.put(list, Answer::Page(200, "<html>\n<body>please log in</body>\n</html>\n"));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22").var("GVM_SOURCES", "goproxy").run().code(4);
    let _ = env.gvm("list-remote").var("GVM_SOURCES", "goproxy").run().code(4);
}

#[test]
fn a_source_that_has_a_version_and_does_not_deliver_is_not_outvoted() {
    let site = site();
    let zip = "/proxy/golang.org/toolchain/@v/v0.0.1-go1.22.4.linux-amd64.zip";
    site.put(zip, Answer::Page(403, "not today"));
    let env = TestEnv::at(&site);
    let other = Site::mint(Mint::new(&["1.21.13"]));
    let sources = format!("{},goproxy", other.proxy());
    let outcome = env.gvm("install 1.22.4").var("GVM_SOURCES", sources).run().code(4);
    let _ = outcome.says("403");
}

#[test]
fn a_root_named_by_a_relative_path_is_refused() {
    let (_site, env) = installed();
    let _ = env.gvm("list").var("GVM_DIR", "root").run().code(2).says("no absolute path");
    let _ = env.gvm("use 1.22.4").ok();
    let _ = env.go("version").var("GVM_DIR", "root").run().code(125).says("no absolute path");
}
