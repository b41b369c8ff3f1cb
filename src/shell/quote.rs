//! The ways of quoting that several shells share.

/// In single quotes, unless nothing in it needs any; `escaped` stands for a quote inside.
pub(super) fn single(text: &str, escaped: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(plain) && !text.is_empty() {
        return text.to_owned();
    }
    always_single(text, escaped)
}

/// In single quotes, whatever it is.
pub(super) fn always_single(text: &str, escaped: &str) -> String {
    format!("'{}'", text.replace('\'', escaped))
}

/// In double quotes, with a backslash before each of `special`.
pub(super) fn double(text: &str, special: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        if special.contains(c) {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}
