//! The beginning of every change: ROOT made ready, locked, and put in order.

use gvm_core::layout::Layout;

use crate::checkpoint;

/// One version locked, for a change of it; and in order. `name` is what whoever waits is told.
///
/// # Errors
/// When it cannot be locked in time, or what a crash left of a change cannot be finished.
pub fn begin_version(
    layout: &Layout,
    hash: &str,
    name: &str,
    waiting: Waiting<'_>,
) -> Result<HashLock, StoreError> {
    let lock = HashLock::acquire(layout, hash, name, waiting)?;
    // Nobody else can: for them, what is called by a hash that is locked belongs to somebody alive.
    sweep::sweep_version(layout, &lock)?;
    Ok(lock)
}

use super::{HashLock, StoreError, Waiting, WriteLock, root, sweep};

/// ROOT locked and in order, for a change. What a crash left behind is put away.
///
/// # Errors
/// When ROOT is not this user's, cannot be locked in time, or cannot be put in order.
pub fn begin(layout: &Layout, waiting: Waiting<'_>) -> Result<WriteLock, StoreError> {
    root::prepare(layout, waiting)?;
    let lock = WriteLock::acquire(layout, waiting)?;
    sweep::sweep(&lock, layout)?;
    checkpoint::reach("change.swept");
    Ok(lock)
}
