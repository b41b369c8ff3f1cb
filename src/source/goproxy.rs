//! Toolchains as modules: `golang.org/toolchain` from the proxies that the go command would ask, or from a place laid
//! out like one.
//!
//! Source: `go help goproxy`, <https://go.dev/ref/mod#goproxy-protocol>.

use std::cell::OnceCell;

use gvm_core::module;
use gvm_core::target::Target;
use gvm_core::version::Version;
use url::Url;

use super::artifact::{Artifact, Contents, Expect};
use super::proxies::{Missing, ProxyError, ProxyList};
use super::{Access, Source, SourceError, below, catalog};
use crate::net::redact;
use crate::report::Report;

/// A list has some 4,000 lines of 40 bytes; an answer of more than this is none.
const LIST_LIMIT: u64 = 16 << 20;

/// Module proxies.
pub(super) struct GoProxy<'a> {
    access: Access<'a>,
    name: String,
    proxies: Result<ProxyList, ProxyError>,
    direct: Url,
    listed: OnceCell<Vec<String>>,
}

impl<'a> GoProxy<'a> {
    /// The proxies of GOPROXY. `direct` leads to the download site's own module folder, as the module's home page says.
    pub(super) fn of_the_go_command(access: Access<'a>) -> Self {
        let proxies = ProxyList::parse(&access.settings.go);
        let site = &access.settings.godev.value;
        let site = super::place_url(site).unwrap_or_else(official_site);
        let direct = below(&site, "mod");
        Self { access, name: "goproxy".into(), proxies, direct, listed: OnceCell::new() }
    }

    /// A mirror that is laid out like a proxy.
    pub(super) fn mirror(access: Access<'a>, base: Url) -> Self {
        let name = redact(&base);
        let proxies = Ok(ProxyList::one(base.clone()));
        Self { access, name, proxies, direct: base, listed: OnceCell::new() }
    }

    /// Asks the proxies for a file of the module's folder; says which one answered.
    fn ask(&self, file: &str, report: &dyn Report) -> Result<(Url, Vec<u8>), SourceError> {
        let proxies = self.proxies.as_ref().map_err(Clone::clone)?;
        proxies.ask(&self.direct, |base| {
            let url = module_file(base, file);
            let body = self.access.client.get(&url, LIST_LIMIT, report)?;
            Ok((base.clone(), body))
        })
    }

    /// The names of the module's versions. Asked once: a call may want them several times.
    fn names(&self, report: &dyn Report) -> Result<&[String], SourceError> {
        if self.listed.get().is_none() {
            let names = catalog::fresh_or_kept(self.access, &self.cache_name(), report, || {
                match self.ask("list", report) {
                    Ok((url, body)) => lines(&url, &body),
                    Err(error) if error.is_missing() => self.names_in_folder().ok_or(error),
                    Err(error) => Err(error),
                }
            })?;
            self.listed.get_or_init(|| names.list);
        }
        Ok(self.listed.get().map(Vec::as_slice).unwrap_or_default())
    }

    /// A folder that somebody filled by hand has archives and no list.
    fn names_in_folder(&self) -> Option<Vec<String>> {
        let folder = module_file(&self.direct, "").to_file_path().ok()?;
        let entries = std::fs::read_dir(folder).ok()?.flatten();
        let name = |entry: std::fs::DirEntry| {
            module::unescaped(entry.file_name().to_str()?.strip_suffix(".zip")?)
        };
        Some(entries.filter_map(name).collect())
    }

    /// The list of one GOPROXY is not that of another.
    fn cache_name(&self) -> String {
        match &self.proxies {
            Ok(list) if self.name == "goproxy" => format!("goproxy {}", list.shown()),
            Ok(_) | Err(_) => self.name.clone(),
        }
    }
}

impl Source for GoProxy<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn list(&self, target: &Target, report: &dyn Report) -> Result<Vec<Version>, SourceError> {
        let names = self.names(report)?;
        let end = format!(".{}", target.dashed());
        let version = |name: &String| {
            Version::from_tag(name.strip_prefix("v0.0.1-")?.strip_suffix(&end)?).ok()
        };
        Ok(names.iter().filter_map(version).collect())
    }

    fn artifact(
        &self,
        version: &Version,
        target: &Target,
        report: &dyn Report,
    ) -> Result<Option<Artifact>, SourceError> {
        let name = module::module_version(version.as_str(), target.os(), target.arch());
        // The list tells what is meant to be there; only the version's own file tells what is.
        let file = module::escaped(&name);
        let base = match self.ask(&format!("{file}.info"), report) {
            Ok((base, _)) => base,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(Artifact {
            version: version.clone(),
            target: *target,
            source: self.name.clone(),
            urls: vec![module_file(&base, &format!("{file}.zip"))],
            file_name: format!("{name}.zip"),
            size: None,
            contents: Contents::Module,
            expect: Expect::Database { sha256: None },
        }))
    }
}

impl Missing for SourceError {
    fn is_missing(&self) -> bool {
        matches!(self, Self::Net(error) if error.is_not_found())
    }
}

/// The lines of a list. A page that is none (a portal's, say) must not pass for an empty one.
fn lines(base: &Url, body: &[u8]) -> Result<Vec<String>, SourceError> {
    let text = String::from_utf8_lossy(body);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<String> = lines.map(Into::into).collect();
    match lines.iter().find(|line| !line.starts_with('v') || line.contains(['<', ' '])) {
        Some(_) => Err(SourceError::NotAnIndex {
            url: redact(&module_file(base, "list")),
            why: "a line of it is no version".into(),
        }),
        None => Ok(lines),
    }
}

fn module_file(base: &Url, file: &str) -> Url {
    below(base, &format!("{}/@v/{file}", module::PATH))
}

fn official_site() -> Url {
    Url::parse(crate::settings::GODEV).expect("a constant that is a URL")
}
