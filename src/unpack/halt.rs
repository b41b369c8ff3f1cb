//! The word that stops all threads: the first error of any of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::error::Fault;

/// Shared by threads that work on one archive.
#[derive(Debug, Default)]
pub(super) struct Halt {
    halted: AtomicBool,
    first: Mutex<Option<Fault>>,
}

impl Halt {
    /// Whether somebody failed. Asked before each piece of work.
    pub(super) fn is_called(&self) -> bool {
        self.halted.load(Ordering::Relaxed)
    }

    /// Stops all. Of several faults the first stays.
    pub(super) fn call(&self, fault: Fault) {
        self.first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
        self.halted.store(true, Ordering::Relaxed);
    }

    /// The value of `work`, or None after its fault has stopped all.
    pub(super) fn check<T>(&self, work: Result<T, Fault>) -> Option<T> {
        work.map_err(|fault| self.call(fault)).ok()
    }

    /// The first fault, once all threads are done.
    pub(super) fn into_result(self) -> Result<(), Fault> {
        match self.first.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }
}
