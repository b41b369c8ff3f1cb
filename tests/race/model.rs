//! [`Model`]: what of a version, and what default, may be found after calls that overlapped; by what each of them said.
//!
//! A call has an effect at one moment between its start and its end. So a state is possible when some call made it, or
//! it was there before, and no other call undid it that began only after that one had ended.

use std::collections::BTreeMap;
use std::time::Instant;

/// What a call did to the state.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Effect {
    /// This version was there at some moment of the call: installed by it or before.
    Present(String),
    /// This one was removed; and the default was taken away if it was that.
    Removed(String),
    /// This one was made the default.
    Default(String),
}

/// A call that has ended.
#[derive(Clone, Debug)]
pub struct Done {
    /// Before its process began.
    pub start: Instant,
    /// After it had ended.
    pub end: Instant,
    /// What it did, or may have done.
    pub effect: Effect,
    /// Whether it did so for certain: a call that was killed may have or not.
    pub is_certain: bool,
}

/// The state at the last quiet point, and the calls since then.
pub struct Model {
    begin: Instant,
    installed: BTreeMap<String, bool>,
    default: Option<String>,
    calls: Vec<Done>,
}

impl Model {
    /// At a quiet point with this state.
    pub fn new(installed: BTreeMap<String, bool>, default: Option<String>) -> Self {
        Self { begin: Instant::now(), installed, default, calls: Vec::new() }
    }

    /// A call has ended.
    pub fn add(&mut self, call: Done) {
        self.calls.push(call);
    }

    /// Holds that this state can be, and makes it the one to begin with.
    pub fn settle(&mut self, installed: BTreeMap<String, bool>, default: Option<String>) {
        for (version, is_there) in &installed {
            let why = || format!("{version}: {is_there} after {:#?}", self.calls);
            assert!(self.may_be_there(version, *is_there), "{}", why());
        }
        let why = || format!("default {default:?} after {:?}, {:#?}", self.default, self.calls);
        assert!(self.may_be_default(default.as_deref()), "{}", why());
        *self = Self::new(installed, default);
    }

    fn may_be_there(&self, version: &str, is_there: bool) -> bool {
        let present = Effect::Present(version.to_owned());
        let removed = Effect::Removed(version.to_owned());
        let (made, undone) = if is_there { (present, removed) } else { (removed, present) };
        self.may_be(self.installed[version] == is_there, |it| *it == made, |it| *it == undone)
    }

    fn may_be_default(&self, default: Option<&str>) -> bool {
        let before = self.default.as_deref() == default;
        match default {
            Some(version) => {
                let made = |it: &Effect| matches!(it, Effect::Default(other) if other == version);
                let undone = |it: &Effect| match it {
                    Effect::Default(other) => other != version,
                    Effect::Removed(other) => other == version,
                    Effect::Present(_) => false,
                };
                self.may_be(before, made, undone)
            }
            None => {
                let made = |it: &Effect| matches!(it, Effect::Removed(_));
                self.may_be(before, made, |it| matches!(it, Effect::Default(_)))
            }
        }
    }

    fn may_be(
        &self,
        before: bool,
        made: impl Fn(&Effect) -> bool,
        undone: impl Fn(&Effect) -> bool,
    ) -> bool {
        let makers = self.calls.iter().filter(|call| made(&call.effect)).map(|call| call.end);
        let ends = makers.chain(before.then_some(self.begin));
        let is_undone = |end: Instant| {
            let undone = |call: &&Done| call.is_certain && undone(&call.effect);
            self.calls.iter().filter(undone).any(|call| call.start > end)
        };
        ends.into_iter().any(|end| !is_undone(end))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn model() -> (Model, impl Fn(u64, u64, Effect, bool) -> Done) {
        let model = Model::new(BTreeMap::from([("1".to_owned(), false)]), None);
        let begin = model.begin;
        let at = move |second| begin + Duration::from_secs(second);
        let done = move |start, end, effect, is_certain| Done {
            start: at(start),
            end: at(end),
            effect,
            is_certain,
        };
        (model, done)
    }

    #[test]
    fn what_was_undone_afterwards_cannot_be() {
        let (mut model, done) = model();
        model.add(done(1, 2, Effect::Present("1".into()), true));
        assert!(model.may_be_there("1", true) && !model.may_be_there("1", false));
        model.add(done(3, 4, Effect::Removed("1".into()), true));
        assert!(!model.may_be_there("1", true) && model.may_be_there("1", false));
    }

    #[test]
    fn of_calls_that_overlap_either_may_be_the_last() {
        let (mut model, done) = model();
        model.add(done(1, 4, Effect::Default("1".into()), true));
        model.add(done(3, 5, Effect::Removed("1".into()), true));
        assert!(model.may_be_default(Some("1")) && model.may_be_default(None));
        assert!(!model.may_be_default(Some("2")));
    }

    #[test]
    fn what_was_killed_may_have_been_done_or_not() {
        let (mut model, done) = model();
        model.add(done(1, 2, Effect::Present("1".into()), false));
        assert!(model.may_be_there("1", true) && model.may_be_there("1", false));
    }
}
