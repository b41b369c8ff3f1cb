//! What a go command up to 1.20 has built in, and a later one reads from its `go.env`.

use gvm_core::path;
use gvm_core::world::World;

/// The go command's own source is not longer.
const LIMIT: usize = 1 << 20;

/// The value of a setting of modules. The proxy is what the source in this GOROOT falls back to; empty where it has none.
pub(super) fn setting(world: &dyn World, goroot: &[u8], name: &str) -> Vec<u8> {
    match name {
        "GOPROXY" => proxy(world, goroot).unwrap_or_default(),
        "GOSUMDB" => b"sum.golang.org".to_vec(),
        _ => Vec::new(),
    }
}

/// In `envOr("GOPROXY", "…")`.
fn proxy(world: &dyn World, goroot: &[u8]) -> Option<Vec<u8>> {
    let file = path::join(goroot, b"src/cmd/go/internal/cfg/cfg.go");
    let source = String::from_utf8(world.read(&file, LIMIT).ok()?).ok()?;
    let (_, rest) = source.split_once("envOr(\"GOPROXY\", \"")?;
    rest.split_once('"').map(|(proxies, _)| proxies.as_bytes().to_vec())
}
