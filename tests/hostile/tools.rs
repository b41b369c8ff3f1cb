//! A tree packed by ordinary tools with their defaults: GNU tar, Info-ZIP, Python's modules.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::case::{Case, HONEST, Kind};
use crate::stage::stock::skip;

/// What packs `go` in the working directory into which kind of archive at `$1`.
const TOOLS: [(&str, Kind, &str); 12] = [
    ("gnu-tar", Kind::TarGz, "tar -czf $1 go"),
    ("gnu-tar-as-posix", Kind::TarGz, "tar --format=posix -czf $1 go"),
    ("gnu-tar-as-ustar", Kind::TarGz, "tar --format=ustar -czf $1 go"),
    ("gnu-tar-as-oldgnu", Kind::TarGz, "tar --format=oldgnu -czf $1 go"),
    (
        "gnu-tar-reproducible",
        Kind::TarGz,
        "tar --sort=name --owner=0 --group=0 --numeric-owner -czf $1 go",
    ),
    ("tar-and-gzip-best", Kind::TarGz, "tar -cf - go | gzip -9 >$1"),
    ("python-tarfile", Kind::TarGz, "python3 -m tarfile -c $1 go"),
    ("info-zip", Kind::Zip, "zip -qr $1 go"),
    ("info-zip-stored-without-folders", Kind::Zip, "zip -qr0D $1 go"),
    ("info-zip-best-without-extras", Kind::Zip, "zip -qr9X $1 go"),
    ("info-zip-to-a-pipe", Kind::Zip, "zip -qr - go | cat >$1"),
    ("python-zipfile", Kind::Zip, "python3 -m zipfile -c $1 go"),
];

/// An archive by each tool that this machine has; a tool that it lacks is said aloud.
pub fn cases() -> Vec<Case> {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("go/src/{}/x.go", "long/".repeat(30));
    let odd =
        [("go/test/fixedbugs/Þfoo.go", &b"package x\n"[..]), (&long, b""), ("go/src/a b", b"c")];
    for (path, content) in HONEST.iter().copied().chain(odd) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    fs::create_dir(folder.path().join("go/empty")).unwrap();
    TOOLS
        .iter()
        .filter_map(|(name, kind, script)| made(folder.path(), name, *kind, script))
        .collect()
}

fn made(folder: &Path, name: &str, kind: Kind, script: &str) -> Option<Case> {
    let end = if kind == Kind::Zip { "zip" } else { "tar.gz" };
    let file = folder.join(format!("{name}.{end}"));
    let mut sh = Command::new("/bin/sh");
    sh.arg("-c").arg(script).arg("sh").arg(&file).current_dir(folder);
    if !sh.stderr(Stdio::null()).status().unwrap().success() {
        skip(&format!("this machine cannot do `{script}`"));
        return None;
    }
    let bytes = fs::read(&file).unwrap();
    Some(match kind {
        Kind::Zip => Case::zip(name, "", bytes),
        Kind::TarGz => Case::targz(name, "", bytes),
    })
}
