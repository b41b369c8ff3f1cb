//! The download site's JSON index and its archives: go.dev/dl itself, or a place laid out like it.
//!
//! Source of the format: `internal/dl/{server,dl}.go` of golang/website.

use std::cell::OnceCell;

use gvm_core::target::Target;
use gvm_core::version::Version;
use serde::{Deserialize, Serialize};
use url::Url;

use super::artifact::{Artifact, Contents, Expect};
use super::catalog::{self, Listed};
use super::{Access, Source, SourceError, below};
use crate::net::{redact, redact_text};
use crate::report::Report;
use crate::settings::From;

/// An index is some 2.2 MB; more than this is none.
const INDEX_LIMIT: u64 = 64 << 20;

/// A download site.
pub(super) struct GoDev<'a> {
    access: Access<'a>,
    name: String,
    base: Url,
    /// Whether this is the publisher's own site over https: its digests count.
    official: bool,
    releases: OnceCell<Listed<Vec<Release>>>,
}

/// One release of the index.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Release {
    version: String,
    files: Vec<File>,
}

/// One file of a release. Fields that gvm does not use are left out.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct File {
    filename: String,
    os: String,
    arch: String,
    #[serde(default)]
    sha256: String,
    #[serde(default)]
    size: u64,
    kind: String,
}

impl<'a> GoDev<'a> {
    /// The site of the settings: go.dev/dl, or what stands in for it.
    pub(super) fn official(access: Access<'a>) -> Result<Self, SourceError> {
        let godev = &access.settings.godev;
        let (name, from) = (&godev.value, godev.from);
        let unknown = || SourceError::UnknownName { name: redact_text(name), from };
        let base = super::place_url(&godev.value).ok_or_else(unknown)?;
        let official = godev.from == From::BuiltIn && base.scheme() == "https";
        let name = if official { "godev".into() } else { redact(&base) };
        Ok(Self { access, name, base, official, releases: OnceCell::new() })
    }

    /// A mirror that is laid out like the site.
    pub(super) fn mirror(access: Access<'a>, base: Url) -> Self {
        let releases = OnceCell::new();
        Self { access, name: redact(&base), base, official: false, releases }
    }

    /// The releases. Asked once: a call may want them several times.
    fn index(&self, report: &dyn Report) -> Result<&[Release], SourceError> {
        if self.releases.get().is_none() {
            let ask = || self.ask(report);
            let releases = catalog::fresh_or_kept(self.access, &self.name, report, ask)?;
            self.releases.get_or_init(|| releases);
        }
        Ok(self.releases.get().map(|listed| listed.list.as_slice()).unwrap_or_default())
    }

    /// The site answers `?mode=json`; a plain folder or file server has an `index.json`.
    fn ask(&self, report: &dyn Report) -> Result<Vec<Release>, SourceError> {
        let mut query = below(&self.base, "");
        query.set_query(Some("mode=json&include=all"));
        let file = below(&self.base, "index.json");
        if self.base.scheme() == "file" {
            return self.read(&file, report);
        }
        match self.read(&query, report) {
            Err(error) if !self.official && may_be_elsewhere(&error) => {
                self.read(&file, report).map_err(|_| error)
            }
            answer => answer,
        }
    }

    fn read(&self, url: &Url, report: &dyn Report) -> Result<Vec<Release>, SourceError> {
        let body = self.access.client.get(url, INDEX_LIMIT, report)?;
        serde_json::from_slice(&body)
            .map_err(|error| SourceError::NotAnIndex { url: redact(url), why: error.to_string() })
    }

    fn is_fresh(&self) -> bool {
        self.releases.get().is_some_and(|listed| listed.is_fresh)
    }

    fn expect(&self, file: &File) -> Expect {
        let mut digest = [0; 32];
        let known = hex::decode_to_slice(&file.sha256, &mut digest).is_ok();
        match known.then_some(digest) {
            Some(sha256) if self.official && self.is_fresh() => Expect::OfficialIndex { sha256 },
            sha256 => Expect::Database { sha256 },
        }
    }

    fn urls(&self, file_name: &str) -> Vec<Url> {
        let mut urls = vec![below(&self.base, file_name)];
        if self.official {
            // Where the site's own redirect leads; it stands in when only the front page is out of reach.
            urls.extend(Url::parse(&format!("https://dl.google.com/go/{file_name}")));
        }
        urls
    }
}

impl Source for GoDev<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn list(&self, target: &Target, report: &dyn Report) -> Result<Vec<Version>, SourceError> {
        let releases = self.index(report)?;
        let has_file = |release: &&Release| best_file(release, target).is_some();
        let version = |release: &Release| Version::from_tag(&release.version).ok();
        Ok(releases.iter().filter(has_file).filter_map(version).collect())
    }

    fn artifact(
        &self,
        version: &Version,
        target: &Target,
        report: &dyn Report,
    ) -> Result<Option<Artifact>, SourceError> {
        let releases = self.index(report)?;
        let tag = version.tag();
        let file = releases
            .iter()
            .filter(|release| release.version == tag)
            .find_map(|release| best_file(release, target));
        Ok(file.map(|file| Artifact {
            version: version.clone(),
            target: *target,
            source: self.name.clone(),
            urls: self.urls(&file.filename),
            file_name: file.filename.clone(),
            // Old rows say 0 for "unknown".
            size: Some(file.size).filter(|size| *size > 0),
            contents: Contents::Archive,
            expect: self.expect(file),
        }))
    }
}

/// A site without an index of its own answers 404, or a page for people.
fn may_be_elsewhere(error: &SourceError) -> bool {
    match error {
        SourceError::Net(error) => error.is_not_found(),
        SourceError::NotAnIndex { .. } => true,
        SourceError::Proxy(_)
        | SourceError::NothingCached
        | SourceError::UnknownLayout { .. }
        | SourceError::UnknownName { .. } => false,
    }
}

/// The archive for a target. Of two that fit, the one that is usual there; of two for old macOS, the later system's.
fn best_file<'a>(release: &'a Release, target: &Target) -> Option<&'a File> {
    let fits = |file: &&File| {
        file.kind == "archive"
            && is_file_name(&file.filename)
            && Target::from_archive_names(&file.os, &file.arch) == Some(*target)
    };
    let rank = |file: &&File| {
        let (zip, tar) = (file.filename.ends_with(".zip"), file.filename.ends_with(".tar.gz"));
        let usual = if target.os() == "windows" { zip } else { tar };
        (zip || tar, usual, !file.filename.contains("osx10.6"))
    };
    release.files.iter().filter(fits).max_by_key(rank).filter(|file| rank(file).0)
}

/// Longer names of files are none: the longest one so far has 36 letters.
const NAME_LIMIT: usize = 100;

/// What the index names is joined to a URL and to the cache's folder: one plain name, nothing else, and not one that
/// the cache gives to what is on its way.
fn is_file_name(name: &str) -> bool {
    name.starts_with("go")
        && name.len() <= NAME_LIMIT
        && !name.contains(".part")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(files: &[(&str, &str, &str, &str)]) -> Release {
        let file = |(filename, os, arch, kind): &(&str, &str, &str, &str)| File {
            filename: (*filename).into(),
            os: (*os).into(),
            arch: (*arch).into(),
            sha256: String::new(),
            size: 0,
            kind: (*kind).into(),
        };
        Release { version: "go1.4.2".into(), files: files.iter().map(file).collect() }
    }

    fn chosen(files: &[(&str, &str, &str, &str)], target: &str) -> Option<String> {
        let release = release(files);
        let file = best_file(&release, &Target::parse(target).unwrap())?;
        Some(file.filename.clone())
    }

    #[test]
    fn each_target_gets_its_archive_and_odd_rows_are_understood() {
        let darwin = [
            ("go1.4.2.darwin-amd64-osx10.6.tar.gz", "darwin", "amd64", "archive"),
            ("go1.4.2.darwin-amd64-osx10.8.tar.gz", "darwin", "amd64", "archive"),
            ("go1.4.2.darwin-amd64-osx10.8.pkg", "darwin", "amd64", "installer"),
        ];
        let name = chosen(&darwin, "darwin/amd64");
        assert_eq!(name.as_deref(), Some("go1.4.2.darwin-amd64-osx10.8.tar.gz"));
        let arm = [("go1.22.4.linux-armv6l.tar.gz", "linux", "armv6l", "archive")];
        assert_eq!(chosen(&arm, "linux/arm").as_deref(), Some("go1.22.4.linux-armv6l.tar.gz"));
        let bootstrap = [("go1.4-bootstrap-20170531.tar.gz", "4", "bootstrap", "archive")];
        assert_eq!(chosen(&bootstrap, "linux/amd64"), None);
        let windows = [
            ("go1.22.4.windows-amd64.msi", "windows", "amd64", "installer"),
            ("go1.22.4.windows-amd64.zip", "windows", "amd64", "archive"),
        ];
        assert_eq!(
            chosen(&windows, "windows/amd64").as_deref(),
            Some("go1.22.4.windows-amd64.zip")
        );
    }

    #[test]
    fn an_index_cannot_name_a_path() {
        let hostile = [("go/../../x.tar.gz", "linux", "amd64", "archive")];
        assert_eq!(chosen(&hostile, "linux/amd64"), None);
        assert_eq!(chosen(&[("go1.tar.gz?x", "linux", "amd64", "archive")], "linux/amd64"), None);
    }

    #[test]
    fn a_kept_index_says_what_there_is_and_proves_nothing() {
        use crate::net::{Client, Network};
        use crate::report::Silent;
        use crate::settings::{Flags, Settings};
        use gvm_core::layout::Layout;
        use gvm_core::world::memory::Memory;

        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(crate::platform::bytes(folder.path()));
        let kept = layout.cached_index("godev");
        let kept = crate::platform::path(&kept);
        std::fs::create_dir_all(kept.parent().unwrap()).unwrap();
        let file = format!(
            r#"{{"filename": "go1.22.4.linux-amd64.tar.gz", "os": "linux", "arch": "amd64",
                "sha256": "{}", "size": 9, "kind": "archive"}}"#,
            "0".repeat(64)
        );
        let list = format!(r#"[{{"version": "go1.22.4", "files": [{file}]}}]"#);
        std::fs::write(kept, format!(r#"{{"fetched": 0, "list": {list}}}"#)).unwrap();
        let flags = Flags { offline: true, ..Flags::default() };
        let settings = Settings::load(&Memory::new("/"), &layout, &flags).unwrap();
        let client = Client::new(Network { offline: true, ..Network::default() });
        let access = Access { client: &client, layout: &layout, settings: &settings };
        let site = GoDev::official(access).unwrap();
        let version = Version::parse("1.22.4").unwrap();
        let target = Target::parse("linux/amd64").unwrap();
        let artifact = site.artifact(&version, &target, &Silent).unwrap().unwrap();
        assert!(matches!(artifact.expect, Expect::Database { sha256: Some(_) }));
    }
}
