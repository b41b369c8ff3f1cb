//! The beginning of every change: ROOT made ready, locked, and put in order.

use gvm_core::layout::Layout;

use super::{StoreError, WriteLock, root, sweep};
use crate::report::Report;

/// ROOT locked and in order, for a change. What a crash left behind is put away.
///
/// # Errors
/// When ROOT is not this user's, cannot be locked, or cannot be put in order.
pub fn begin(layout: &Layout, report: &dyn Report) -> Result<WriteLock, StoreError> {
    root::prepare(layout, report)?;
    let lock = WriteLock::acquire(layout, report)?;
    sweep::sweep(&lock, layout)?;
    Ok(lock)
}
