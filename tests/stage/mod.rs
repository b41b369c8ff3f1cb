//! What the stories of `tests/` play on. Each program of tests uses a part of it.
//!
//! | file | holds |
//! |---|---|
//! | `env` | an environment of a test's own, and calls in it |
//! | `fake` | programs of a test's own, which do what a script says |
//! | `held` | a gvm that waits at a checkpoint, or dies there |
//! | `installed` | small releases that are installed and tell how they were started |
//! | `link` | links of ROOT, in each of their forms |
//! | `mint` | tiny Go releases and the checksum database that proves them |
//! | `stock` | the bytes of real Go releases, kept between runs |
//! | `site` | a loopback server that stands in for the network |
//! | `on_windows` | what Windows has otherwise |
//! | `registry` | a part of the registry of a test's own |
//! | `sample` | a part of many rows, where each start is slow |
//! | `schema` | JSON documents held against `docs/schema/` |
//! | `tally` | counts, said aloud and held to `docs/testing.md` |

pub mod env;
pub mod fake;
pub mod held;
pub mod installed;
pub mod link;
pub mod mint;
pub mod on_windows;
#[cfg(windows)]
pub mod registry;
pub mod sample;
pub mod schema;
pub mod site;
pub mod stock;
pub mod tally;
