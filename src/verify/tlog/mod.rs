//! The transparency log below the checksum database: a Merkle tree over records (RFC 6962) that is
//! served in tiles.
//!
//! Nothing here knows of keys, modules or URLs: `verify::note` and `verify::sumdb` do. Format and
//! algorithm are those of <https://research.swtch.com/tlog> and of the go command's
//! `golang.org/x/mod/sumdb/tlog`.
//!
//! A hash of the log is named by its [`Node`] alone. The linear numbering that Go's package puts on
//! top (the stored hash index) is how a server lays hashes out on its disk; no path, file or
//! message of the protocol carries it.

mod hash;
mod head;
mod inclusion;
mod node;
mod tile;
mod tiles;

pub use hash::{Hash, MalformedHash};
pub(in crate::verify) use head::decimal;
pub use head::{MAX_SIZE, MalformedHead, TreeHead};
pub use inclusion::{InclusionError, InclusionProof};
pub use node::Node;
pub use tile::{Tile, TileHeight};
pub use tiles::{TileError, Tiles, tiles_needed};
