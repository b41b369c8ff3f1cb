//! The line that puts the shims on PATH, in the language of the user's shell. What else a shell needs is not here yet.

use std::path::Path;

/// The line for the shell that `$SHELL` names; POSIX where it is not known.
pub fn path_line(shell: Option<&str>, shims: &Path) -> String {
    let shims = shims.display().to_string();
    let name = shell.and_then(|shell| shell.rsplit(['/', '\\']).next()).unwrap_or_default();
    match name.strip_suffix(".exe").unwrap_or(name) {
        "fish" => format!("fish_add_path --prepend {}", single_quoted(&shims, "\\'")),
        "csh" | "tcsh" => format!("set path = ({} $path)", single_quoted(&shims, "'\\''")),
        "nu" => format!("$env.PATH = ($env.PATH | prepend \"{}\")", escaped(&shims, "\\\"")),
        "pwsh" | "powershell" => powershell(&shims),
        "" if cfg!(windows) => powershell(&shims),
        _ => format!("export PATH=\"{}:$PATH\"", escaped(&shims, "\\\"$`")),
    }
}

fn powershell(shims: &str) -> String {
    let quoted = single_quoted(shims, "''");
    format!("$env:Path = {quoted} + [IO.Path]::PathSeparator + $env:Path")
}

/// In single quotes, unless nothing in it needs any; `escaped` stands for a quote inside.
fn single_quoted(text: &str, escaped: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(plain) && !text.is_empty() {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', escaped))
}

/// With a backslash before each of `special`.
fn escaped(text: &str, special: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if special.contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_gets_its_own_line() {
        let table = [
            (Some("/bin/bash"), "/r/shims", "export PATH=\"/r/shims:$PATH\""),
            (Some("/bin/zsh"), "/my home/it's", "export PATH=\"/my home/it's:$PATH\""),
            (Some("/usr/bin/fish"), "/r/shims", "fish_add_path --prepend /r/shims"),
            (Some("nu"), "/r/\"x", "$env.PATH = ($env.PATH | prepend \"/r/\\\"x\")"),
            (Some("/bin/tcsh"), "/r/shims", "set path = (/r/shims $path)"),
        ];
        for (shell, shims, line) in table {
            assert_eq!(path_line(shell, Path::new(shims)), line);
        }
    }
}
