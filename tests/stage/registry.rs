//! [`Registry`]: a part of Windows' registry of a test's own, which gvm takes for the real one.

use windows_registry::{CURRENT_USER, Key, Value};

/// Made when something is written to it, and gone when it is dropped.
pub struct Registry {
    folder: String,
}

impl Registry {
    /// One that nobody else has.
    pub fn new() -> Self {
        Self { folder: format!(r"Software\gvm-test-{:016x}", fastrand::u64(..)) }
    }

    /// What `GVM_TEST_REGISTRY` is told.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// What stands in the place of the real environment's key, of `User` or `Machine`.
    pub fn key(&self, whose: &str) -> Key {
        CURRENT_USER.create(format!(r"{}\{whose}", self.folder)).unwrap()
    }

    /// The user's PATH.
    pub fn path(&self) -> Option<Value> {
        self.key("User").get_value("Path").ok()
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = CURRENT_USER.remove_tree(&self.folder);
    }
}
