//! The child's environment: ours, in its order, with the changes made. Which changes is gvm-core's `dispatch`.

use alloc::vec::Vec;

use gvm_core::dispatch::Change;

/// One variable of the child's.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Variable {
    /// Ours, by its place.
    Kept(usize),
    /// A new text, `NAME=value`.
    Set(Vec<u8>),
}

/// Our variables with the changes made: one that is set keeps its place, a new one goes last, one that is removed is
/// gone with all its doubles. All else stays byte for byte.
pub(crate) fn changed(ours: &[&[u8]], changes: &[Change]) -> Vec<Variable> {
    let mut variables = Vec::with_capacity(ours.len() + changes.len());
    let mut done = Vec::with_capacity(changes.len());
    done.resize(changes.len(), false);
    for (at, entry) in ours.iter().enumerate() {
        let Some(change) = changes.iter().position(|change| is_of(entry, change.name)) else {
            variables.push(Variable::Kept(at));
            continue;
        };
        if !done[change] {
            variables.extend(set(&changes[change]));
        }
        done[change] = true;
    }
    let new = changes.iter().zip(&done).filter(|(_, done)| !**done);
    variables.extend(new.filter_map(|(change, _)| set(change)));
    variables
}

/// Whether the entry is of this variable. Windows ignores case.
pub(crate) fn is_of(entry: &[u8], name: &str) -> bool {
    let Some((head, rest)) = entry.split_at_checked(name.len()) else { return false };
    let is_same = if cfg!(windows) {
        head.eq_ignore_ascii_case(name.as_bytes())
    } else {
        head == name.as_bytes()
    };
    is_same && rest.first() == Some(&b'=')
}

fn set(change: &Change) -> Option<Variable> {
    let value = change.value.as_ref()?;
    let mut text = Vec::with_capacity(change.name.len() + 1 + value.len() + 1);
    text.extend_from_slice(change.name.as_bytes());
    text.push(b'=');
    text.extend_from_slice(value);
    Some(Variable::Set(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(ours: &[&str], changes: &[(&'static str, Option<&str>)]) -> Vec<String> {
        let changes = changes.iter().map(|(name, value)| Change {
            name,
            value: value.map(|value| value.as_bytes().to_vec()),
            why: "",
        });
        let ours: Vec<&[u8]> = ours.iter().map(|entry| entry.as_bytes()).collect();
        let variables = changed(&ours, &changes.collect::<Vec<_>>());
        let text = |variable| match variable {
            Variable::Kept(at) => ours[at].to_vec(),
            Variable::Set(text) => text,
        };
        variables.into_iter().map(|variable| String::from_utf8(text(variable)).unwrap()).collect()
    }

    #[test]
    fn a_set_variable_keeps_its_place_and_a_new_one_goes_last() {
        let ours = ["Z=1", "GOROOT=/x", "A=2"];
        let set = [("NEW", Some("n")), ("GOROOT", Some("/y"))];
        assert_eq!(show(&ours, &set), ["Z=1", "GOROOT=/y", "A=2", "NEW=n"]);
        assert_eq!(show(&ours, &[("GOROOT", None), ("NONE", None)]), ["Z=1", "A=2"]);
        assert_eq!(show(&[], &[("A", Some(""))]), ["A="]);
    }

    #[test]
    fn doubles_go_and_what_is_no_variable_stays() {
        let ours = ["A=1", "B", "A=2", "", "=A=3", "AA=4", "A"];
        assert_eq!(show(&ours, &[("A", Some("x"))]), ["A=x", "B", "", "=A=3", "AA=4", "A"]);
        assert_eq!(show(&ours, &[("A", None)]), ["B", "", "=A=3", "AA=4", "A"]);
        assert_eq!(show(&ours, &[]), ours);
    }
}
