//! A change of a file as people read it.

use std::path::Path;

use similar::TextDiff;

/// The unified diff; a side that is None is no file. What is no UTF-8 is shown as U+FFFD. No line is shown that stays as it
/// is, whether a newline comes behind it or not: start files hold passwords.
pub(super) fn unified(path: &Path, before: Option<&[u8]>, after: Option<&[u8]>) -> String {
    let name = |side: Option<&[u8]>| match side {
        Some(_) => path.display().to_string(),
        None => "/dev/null".to_owned(),
    };
    let text = |side: Option<&[u8]>| {
        let mut text = String::from_utf8_lossy(side.unwrap_or_default()).into_owned();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text
    };
    let (old, new) = (text(before), text(after));
    let diff = TextDiff::from_lines(&old, &new);
    diff.unified_diff().context_radius(0).header(&name(before), &name(after)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_is_shown_and_nothing_else() {
        let before: &[u8] = b"export TOKEN=hunter2";
        let shown =
            unified(Path::new("/h/.bashrc"), Some(before), Some(b"export TOKEN=hunter2\nx\n"));
        insta::assert_snapshot!(shown, @r"
        --- /h/.bashrc
        +++ /h/.bashrc
        @@ -1,0 +2 @@
        +x
        ");
        let made = unified(Path::new("/h/.profile"), None, Some(b"x\n"));
        assert!(made.starts_with("--- /dev/null\n+++ /h/.profile\n"), "{made}");
    }
}
