//! A document held against `docs/schema/<command>.json`: as much of JSON Schema as those files use. A word that this
//! does not know is an error, so that no rule is passed over in silence.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// Words that say something to people only.
const REMARKS: [&str; 7] =
    ["$schema", "$id", "$defs", "$comment", "title", "description", "examples"];

/// Whether a document is as its command's schema has it.
///
/// # Errors
/// The place in the document, and what it should be.
pub fn check(document: &Value) -> Result<(), String> {
    let command = document["command"].as_str().ok_or("it names no command")?;
    let path = format!("docs/schema/{command}.json");
    let Ok(text) = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path)) else {
        return Ok(());
    };
    let schema: Value =
        serde_json::from_slice(&text).map_err(|error| format!("{path}: {error}"))?;
    fits(&schema, &schema, document, "")
}

fn fits(whole: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let rules = match schema {
        Value::Bool(true) => return Ok(()),
        Value::Object(rules) => rules,
        _ => return Err(format!("{at}: nothing may stand here")),
    };
    for (word, rule) in rules {
        let wrong = || Err(format!("{at}: {value} is not {word} {rule}"));
        let fine = match word.as_str() {
            "$ref" => {
                let place = rule.as_str().and_then(|place| place.strip_prefix('#'));
                let other = place.and_then(|place| whole.pointer(place));
                fits(whole, other.ok_or(format!("{rule} leads nowhere"))?, value, at)?;
                true
            }
            "type" => any(rule, |name| is(value, name)),
            "enum" => any(rule, |other| other == value),
            "const" => rule == value,
            "pattern" => value.as_str().is_none_or(|text| matches(rule.as_str().unwrap(), text)),
            "minLength" => {
                value.as_str().is_none_or(|text| text.len() as u64 >= rule.as_u64().unwrap())
            }
            "minItems" => {
                value.as_array().is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap())
            }
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "required" => match value.as_object() {
                Some(object) => all(rule, |name| object.contains_key(name.as_str().unwrap())),
                None => true,
            },
            "anyOf" => any(rule, |one| fits(whole, one, value, at).is_ok()),
            "oneOf" => {
                let fit = |one: &&Value| fits(whole, one, value, at).is_ok();
                rule.as_array().into_iter().flatten().filter(fit).count() == 1
            }
            "allOf" => {
                for one in rule.as_array().into_iter().flatten() {
                    fits(whole, one, value, at)?;
                }
                true
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    fits(whole, rule, item, &format!("{at}/{index}"))?;
                }
                true
            }
            "properties" | "additionalProperties" => {
                members(whole, rules, word, value, at)?;
                true
            }
            word if REMARKS.contains(&word) => true,
            word => return Err(format!("{at}: the schema says {word:?}, which is not known here")),
        };
        if !fine {
            return wrong();
        }
    }
    Ok(())
}

/// The members of an object: those that are named, or those that are not.
fn members(
    whole: &Value,
    rules: &serde_json::Map<String, Value>,
    word: &str,
    value: &Value,
    at: &str,
) -> Result<(), String> {
    for (name, member) in value.as_object().into_iter().flatten() {
        let named = rules.get("properties").and_then(|named| named.get(name));
        let rule = match word {
            "properties" => named,
            _ => rules.get(word).filter(|_| named.is_none()),
        };
        if let Some(rule) = rule {
            fits(whole, rule, member, &format!("{at}/{name}"))?;
        }
    }
    Ok(())
}

fn any(rule: &Value, mut holds: impl FnMut(&Value) -> bool) -> bool {
    match rule {
        Value::Array(list) => list.iter().any(holds),
        one => holds(one),
    }
}

fn all(rule: &Value, holds: impl FnMut(&Value) -> bool) -> bool {
    rule.as_array().into_iter().flatten().all(holds)
}

fn is(value: &Value, name: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => false,
    }
}

/// Whether a text matches a pattern of the kind that stands in the schemas: anchored at both ends, alternatives at most
/// around all of it, and letters, `.` or `[…]`, each with `*`, `+` or `{n}`.
fn matches(pattern: &str, text: &str) -> bool {
    let whole = pattern.strip_prefix('^').and_then(|pattern| pattern.strip_suffix('$'));
    let whole = whole.unwrap_or_else(|| panic!("{pattern} is not anchored"));
    let inner = whole.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    inner.unwrap_or(whole).split('|').any(|one| sequence(one.as_bytes(), text.as_bytes()))
}

fn sequence(pattern: &[u8], text: &[u8]) -> bool {
    let Some(&first) = pattern.first() else { return text.is_empty() };
    assert!(!b"\\()?".contains(&first), "{} is not known here", char::from(first));
    let class_end = pattern.iter().position(|b| *b == b']').filter(|_| first == b'[');
    let (class, rest) = pattern.split_at(class_end.map_or(1, |end| end + 1));
    let (least, most, rest) = match rest.first() {
        Some(b'*') => (0, usize::MAX, &rest[1..]),
        Some(b'+') => (1, usize::MAX, &rest[1..]),
        Some(b'{') => {
            let end = rest.iter().position(|b| *b == b'}').unwrap();
            let count = std::str::from_utf8(&rest[1..end]).unwrap().parse().unwrap();
            (count, count, &rest[end + 1..])
        }
        _ => (1, 1, rest),
    };
    let run = text.iter().take_while(|byte| is_in(class, **byte)).count().min(most);
    (least..=run).any(|count| sequence(rest, &text[count..]))
}

fn is_in(class: &[u8], byte: u8) -> bool {
    let Some(members) = class.strip_prefix(b"[").and_then(|class| class.strip_suffix(b"]")) else {
        return class == b"." || class == [byte];
    };
    let mut at = 0;
    while at < members.len() {
        let is_range = members.get(at + 1) == Some(&b'-') && at + 2 < members.len();
        let last = members[if is_range { at + 2 } else { at }];
        if (members[at]..=last).contains(&byte) {
            return true;
        }
        at += if is_range { 3 } else { 1 };
    }
    false
}

#[test]
fn a_pattern_is_matched_whole() {
    let table = [
        ("^[0-9a-f]{8}$", "c3a05a89", true),
        ("^[0-9a-f]{8}$", "c3a05a890", false),
        ("^(go[0-9].*|system)$", "system", true),
        ("^(go[0-9].*|system)$", "gopher", false),
        ("^go[0-9][0-9A-Za-z._-]*$", "go1.22.4.linux-arm", true),
        ("^go[0-9][0-9A-Za-z._-]*$", "go1.22/4", false),
        ("^[a-z0-9]+/[a-z0-9]+$", "linux/amd64", true),
    ];
    for (pattern, text, fits) in table {
        assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
    }
}

#[test]
fn a_document_that_breaks_a_rule_is_told_where() {
    let schema = serde_json::json!({
        "type": "object",
        "required": ["a"],
        "properties": { "a": { "type": "array", "items": { "enum": [1, 2] } } },
        "additionalProperties": false,
    });
    let told = |document: Value| fits(&schema, &schema, &document, "");
    assert_eq!(told(serde_json::json!({ "a": [1, 2] })), Ok(()));
    assert!(told(serde_json::json!({ "a": [1, 3] })).unwrap_err().starts_with("/a/1: 3 "));
    assert!(told(serde_json::json!({})).unwrap_err().contains("required"));
    assert!(told(serde_json::json!({ "a": [], "b": 0 })).unwrap_err().starts_with("/b: "));
}
