//! What the environment says to a plain pin, and the environment that its child gets.

use core::ffi::{CStr, c_char};
use core::mem::MaybeUninit;

/// So many variables are handed on here; where there are more, the chooser does it.
const MOST: usize = 240;

/// The environment, as far as a plain pin knows what to do with it.
pub(crate) struct Environment<'a> {
    /// What GVM_DIR says.
    pub(crate) root: Option<&'a [u8]>,
    /// GOENV, as it is.
    pub(crate) goenv: Option<&'a [u8]>,
    /// The user's folder for settings.
    pub(crate) config: Option<&'a [u8]>,
    /// The user's folder.
    pub(crate) home: Option<&'a [u8]>,
    child: [MaybeUninit<*const c_char>; MOST + 3],
    count: usize,
    sets_gotoolchain: bool,
}

/// Variables with which the answer may be another one.
const DECIDING: [&[u8]; 3] =
    [b"GVM_GO=", b"GVM_SET_GOTOOLCHAIN=", b"GOTOOLCHAIN_INTERNAL_SWITCH_VERSION="];

impl<'a> Environment<'a> {
    /// Reads it; None where the chooser must.
    pub(crate) fn of(variables: impl Iterator<Item = &'a CStr>) -> Option<Self> {
        let mut read = Self {
            root: None,
            goenv: None,
            config: None,
            home: None,
            child: [MaybeUninit::uninit(); MOST + 3],
            count: 0,
            sets_gotoolchain: true,
        };
        for variable in variables {
            let text = variable.to_bytes();
            if !read.take(text)? {
                continue;
            }
            *read.child.get_mut(..MOST)?.get_mut(read.count)? = MaybeUninit::new(variable.as_ptr());
            read.count += 1;
        }
        Some(read)
    }

    /// Takes one variable in: whether the child gets it. None where the chooser must see to it.
    fn take(&mut self, text: &'a [u8]) -> Option<bool> {
        let Some(b'G' | b'X' | b'H') = text.first() else { return Some(true) };
        if DECIDING.iter().any(|name| text.starts_with(name)) {
            return None;
        }
        let value = |name: &[u8]| text.strip_prefix(name);
        if value(b"GOROOT=").is_some() {
            return Some(false);
        }
        if let Some(value) = value(b"GOTOOLCHAIN=") {
            // The user's own stays. An empty one is none, and keeps its place.
            if value.is_empty() {
                return None;
            }
            self.sets_gotoolchain = false;
        }
        let places = [
            (&b"GVM_DIR="[..], &mut self.root),
            (b"GOENV=", &mut self.goenv),
            (b"XDG_CONFIG_HOME=", &mut self.config),
            (b"HOME=", &mut self.home),
        ];
        for (name, place) in places {
            let Some(value) = value(name) else { continue };
            // Of doubles the first counts, and an empty one is none: two rules that only the chooser need know.
            if place.is_some() || value.is_empty() {
                return None;
            }
            *place = Some(value);
        }
        // A relative one is refused, and one that ends in a slash joined without another.
        let is_plain = |root: &[u8]| root.first() == Some(&b'/') && root.last() != Some(&b'/');
        self.root.is_none_or(is_plain).then_some(true)
    }

    /// The child's variables, as `execve` has them: without GOROOT, and with GOTOOLCHAIN=local unless the user has one.
    pub(crate) fn child(&self) -> [MaybeUninit<*const c_char>; MOST + 3] {
        let mut child = self.child;
        let mut count = self.count;
        let mut add = |pointer| {
            child[count] = MaybeUninit::new(pointer);
            count += 1;
        };
        if self.sets_gotoolchain {
            add(c"GOTOOLCHAIN=local".as_ptr());
            add(c"GVM_SET_GOTOOLCHAIN=1".as_ptr());
        }
        add(core::ptr::null());
        child
    }
}
