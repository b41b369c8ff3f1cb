//! Hostile archives: each is refused by a rule that it names, nothing of it stays, and it costs little.

mod altered;
mod bombs;
mod case;
mod clashes;
mod corpus;
mod gzip;
mod gzips;
mod honest_tar;
mod honest_zip;
mod kinds;
mod names;
mod pages;
mod pax;
mod sources;
mod tar;
mod tar_headers;
#[cfg(unix)]
mod tools;
mod trial;
mod zip;
mod zip_headers;
mod zip_layout;

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;

use case::{Case, Kind};
use stage::tally::count;

/// How often honest archives are altered, of each kind.
const ALTERED: u32 = if cfg!(windows) { 300 } else { 2000 };

/// All hostile archives.
fn hostile() -> Vec<Case> {
    let classes: [fn() -> Vec<Case>; 10] = [
        names::cases,
        kinds::cases,
        clashes::cases,
        zip_headers::cases,
        zip_layout::cases,
        tar_headers::cases,
        pax::cases,
        gzips::cases,
        bombs::cases,
        pages::cases,
    ];
    classes.iter().flat_map(|cases| cases()).collect()
}

/// All honest archives that the generator makes.
fn honest() -> Vec<Case> {
    [honest_zip::cases(), honest_tar::cases()].concat()
}

fn of(cases: &[Case], kind: Kind) -> usize {
    cases.iter().filter(|case| case.kind == kind).count()
}

#[test]
fn the_corpus_is_counted_and_each_of_it_has_a_name_of_its_own() {
    let (hostile, honest) = (hostile(), honest());
    assert!(hostile.iter().all(|case| !case.says.is_empty()));
    let all = [&hostile[..], &honest].concat();
    corpus::are_named_apart(&all);
    corpus::write_where_asked(&all);
    count("hostile zip archives refused", of(&hostile, Kind::Zip));
    count("hostile tar.gz archives refused", of(&hostile, Kind::TarGz));
    count("odd but honest zip archives installed", of(&honest, Kind::Zip));
    count("odd but honest tar.gz archives installed", of(&honest, Kind::TarGz));
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    trial::refused(&names::cases());
}

#[test]
fn what_is_neither_file_nor_folder_is_refused() {
    trial::refused(&kinds::cases());
}

#[test]
fn names_that_meet_are_refused() {
    trial::refused(&clashes::cases());
}

#[test]
fn zips_whose_headers_disagree_are_refused() {
    trial::refused(&zip_headers::cases());
}

#[test]
fn zips_whose_parts_lie_elsewhere_are_refused() {
    trial::refused(&zip_layout::cases());
}

#[test]
fn tars_whose_headers_lie_are_refused() {
    trial::refused(&tar_headers::cases());
}

#[test]
fn pax_headers_that_change_the_entry_are_refused() {
    trial::refused(&pax::cases());
}

#[test]
fn gzips_that_are_not_one_whole_member_are_refused() {
    trial::refused(&gzips::cases());
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    trial::refused(&bombs::cases());
}

#[test]
fn what_is_no_archive_is_called_by_its_name() {
    trial::refused(&pages::cases());
}

#[test]
fn odd_but_honest_zips_are_installed() {
    trial::installed(&honest_zip::cases());
}

#[test]
fn odd_but_honest_tars_are_installed() {
    trial::installed(&honest_tar::cases());
}

#[cfg(unix)]
#[test]
fn what_ordinary_tools_pack_is_installed() {
    trial::installed(&tools::cases());
}

#[test]
fn a_download_site_is_trusted_no_more_than_a_file() {
    let cases: Vec<Case> =
        [names::cases(), kinds::cases(), zip_layout::cases(), pax::cases(), gzips::cases()]
            .concat();
    sources::refused_from_a_download_site(&cases);
}

#[test]
fn a_proxy_is_trusted_no_more_than_a_file() {
    count("hostile modules refused from a proxy", sources::refused_from_a_proxy());
    sources::a_tar_from_a_proxy_is_refused();
}

#[test]
fn a_changed_zip_is_refused_or_the_same_tree() {
    altered::zips(ALTERED);
    count("honest zip archives altered at random", ALTERED as usize);
}

#[test]
fn a_changed_tar_makes_nothing_but_files_where_it_says() {
    altered::tars(ALTERED);
    count("honest tar.gz archives altered at random", ALTERED as usize);
}
