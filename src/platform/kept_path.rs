//! [`KeptPath`]: PATH as Windows keeps it in its registry, and what a program sees of it.

/// PATH as a system keeps it for the programs that are started from now on.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct KeptPath {
    /// Its text; None where there is no such value.
    pub text: Option<String>,
    /// Whether `%NAME%` in it stands for a variable (`REG_EXPAND_SZ`).
    pub expands: bool,
}

impl KeptPath {
    /// What separates the entries.
    pub const BETWEEN: char = ';';

    /// The entries, with variables in them replaced, as a program sees them.
    pub fn entries(&self, variable: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
        let text = self.text.as_deref().unwrap_or_default();
        let entries = text.split(Self::BETWEEN).map(|entry| entry.trim_matches('"'));
        let expand = |entry: &str| match self.expands {
            true => expanded(entry, variable),
            false => entry.to_owned(),
        };
        entries.filter(|entry| !entry.is_empty()).map(expand).collect()
    }
}

/// `%NAME%` replaced where there is such a variable, and left where there is none.
fn expanded(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('%') {
        whole += before;
        match behind.split_once('%').and_then(|(name, rest)| Some((variable(name)?, rest))) {
            Some((value, after)) => {
                whole += &value;
                rest = after;
            }
            None => {
                whole.push('%');
                rest = behind;
            }
        }
    }
    whole + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_count_only_where_the_value_expands_them() {
        let variable =
            |name: &str| (name == "ProgramFiles").then(|| r"C:\Program Files".to_owned());
        let text = r#"%ProgramFiles%\Go\bin;"C:\x";100%;%none%\y"#;
        let kept = |expands| KeptPath { text: Some(text.to_owned()), expands };
        let seen = kept(true).entries(&variable);
        assert_eq!(seen, [r"C:\Program Files\Go\bin", r"C:\x", "100%", r"%none%\y"]);
        assert_eq!(kept(false).entries(&variable)[0], r"%ProgramFiles%\Go\bin");
    }
}
