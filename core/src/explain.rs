//! Why this Go runs here and no other: every candidate in the order of the rule, what the child
//! gets, and what may surprise.
//!
//! Nothing is decided here. Which candidate wins is [`resolve::decide`]'s answer; this finds the
//! others, and words for all.

mod lines;
mod pin;
mod place;
mod rule;
mod setting;
mod understood;
mod warning;

use alloc::string::String;
use alloc::vec::Vec;

use crate::call::Call;
use crate::dispatch::{self, Change, Launch};
use crate::layout::Layout;
use crate::message::LONGEST_PATH;
use crate::path;
use crate::request::{Origin, RequestError, shown};
use crate::resolve::{self, Choice, Undecided};
use crate::world::World;

pub use pin::pin_is_too_old;
pub use place::manager;
pub use understood::flag_since;
pub use warning::{Fetch, Warning};

/// The whole answer to "which Go runs here, and why".
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What runs, or why nothing can: [`resolve::decide`]'s own.
    pub result: Result<Choice, Undecided>,
    /// Everything that could have decided, in the order of the rule. Where a Go is chosen, exactly
    /// one of them is.
    pub candidates: Vec<Candidate>,
    /// The variables of the child's that differ from ours.
    pub changes: Vec<Change>,
    /// What the user should know beside that.
    pub warnings: Vec<Warning>,
}

/// Something that says which Go runs, or could have said so.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// Who speaks. The line is 0 where it is the file as a whole.
    pub origin: Origin,
    /// What it says, as written and fit to be shown. None where nothing can be shown.
    pub spec: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, in a few words.
    pub reason: String,
}

/// What came of a [`Candidate`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It decides.
    Chosen,
    /// Another one decides.
    Lost,
    /// It would decide, and what it names is not here.
    NotInstalled,
    /// It is not asked.
    Ignored,
    /// It cannot be understood.
    Invalid,
}

impl Outcome {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::Lost => "lost",
            Self::NotInstalled => "not-installed",
            Self::Ignored => "ignored",
            Self::Invalid => "invalid",
        }
    }
}

/// Explains which Go answers this call.
pub fn explain(world: &dyn World, layout: &Layout, call: &Call<'_>) -> Explanation {
    let result = resolve::decide(world, layout, call);
    let launch = result.as_ref().ok().map(|choice| dispatch::launch(world, choice, call));
    let (changes, again) = match launch {
        Some(Ok(Launch { changes, .. })) => (changes, None),
        Some(Err(again)) => (Vec::new(), Some(again)),
        None => (Vec::new(), None),
    };
    let case = Case { world, layout, call, result: &result, changes: &changes };
    let mut candidates = pin::candidates(&case);
    candidates.extend(rule::candidates(&case));
    let mut warnings = warning::warnings(&case);
    warnings.extend(again.map(|again| Warning::Loop { program: again.program }));
    Explanation { result, candidates, changes, warnings }
}

/// What surprises about a choice as such, whatever else stands on this machine: what the go command will refuse, or will
/// look for elsewhere.
pub fn beforehand(
    world: &dyn World,
    layout: &Layout,
    choice: &Choice,
    call: &Call<'_>,
) -> Vec<Warning> {
    let result = Ok(choice.clone());
    let case = Case { world, layout, call, result: &result, changes: &[] };
    warning::of_choice(&case, choice)
}

/// What is to be explained.
struct Case<'a> {
    world: &'a dyn World,
    layout: &'a Layout,
    call: &'a Call<'a>,
    result: &'a Result<Choice, Undecided>,
    changes: &'a [Change],
}

impl Case<'_> {
    /// The pin that settles the question, also one that cannot be followed. None where the go
    /// command's rule is asked.
    fn pin(&self) -> Option<Origin> {
        match self.result {
            Ok(choice) => Some(&choice.origin).filter(|origin| origin.pins()).cloned(),
            Err(Undecided::Request(error)) => Some(match error {
                RequestError::Argument(_) => Origin::Argument,
                RequestError::Variable { name, .. } => Origin::Variable(name),
                RequestError::PinFile(error) => pin::origin_of(error),
            }),
            Err(
                Undecided::NotInstalled(request)
                | Undecided::NotAGoroot(request)
                | Undecided::NoSystem(request)
                | Undecided::Unsatisfied { request, .. },
            ) => Some(&request.origin).filter(|origin| origin.pins()).cloned(),
            Err(
                Undecided::DanglingDefault { .. }
                | Undecided::Nothing
                | Undecided::OnlyShims { .. },
            ) => None,
        }
    }
}

/// A file by its own name.
fn name_of(file: &[u8]) -> String {
    shown(path::file_name(file), LONGEST_PATH)
}

#[cfg(all(test, not(windows)))]
mod tests;
