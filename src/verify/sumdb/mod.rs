//! The checksum database: from the bytes of its answers to the `h1:` of a toolchain, proved to be
//! in the public log.
//!
//! The network is the caller's, and everything it fetches is data here. In order:
//! [`Database::parse`] reads `GOSUMDB`; the caller fetches `/lookup/golang.org/toolchain@VERSION`,
//! and [`Lookup::parse`] checks the signature; [`Lookup::plan`] lists every tile that is needed,
//! for the caller to fetch at once or find in a cache; [`Lookup::prove`] checks that the record is
//! in the log and that the log is an extension of the one seen before, and gives [`Proven`], whose
//! head is to be kept for next time and whose [`StoredProof`] goes into the receipt, to be checked
//! again without the network.

mod database;
mod error;
mod head;
mod lookup;
mod record;
mod stored;

pub use database::{Database, DatabaseError};
pub use error::{Fork, SumdbError};
pub use head::SignedHead;
pub use lookup::{Lookup, Proven};
pub use record::Record;
pub use stored::{Rechecked, StoredProof};
