//! The beginning of every change: ROOT made ready, locked, and put in order.

use gvm_core::layout::Layout;

use super::{StoreError, Waiting, WriteLock, root, sweep};

/// ROOT locked and in order, for a change. What a crash left behind is put away.
///
/// # Errors
/// When ROOT is not this user's, cannot be locked in time, or cannot be put in order.
pub fn begin(layout: &Layout, waiting: Waiting<'_>) -> Result<WriteLock, StoreError> {
    root::prepare(layout, waiting)?;
    let lock = WriteLock::acquire(layout, waiting)?;
    sweep::sweep(&lock, layout)?;
    Ok(lock)
}
