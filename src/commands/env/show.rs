//! Variables for people: as `go env` prints them, explained, compared, or as lines for a shell.

use gvm_core::goenv::{Setting, Source};

use super::compare::Other;
use super::{Manner, Shown, Told};
use crate::doctor::surroundings::text;
use crate::doctor::variables::Origin;
use crate::ui::table;

/// The shells that lines can be printed for.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Shell {
    /// bash, zsh, dash, ksh
    #[value(alias = "bash", alias = "zsh", alias = "dash", alias = "ksh")]
    Sh,
    /// fish
    Fish,
    /// csh, tcsh
    #[value(alias = "csh")]
    Tcsh,
    /// PowerShell
    #[value(alias = "pwsh")]
    Powershell,
    /// nushell
    #[value(alias = "nu")]
    Nushell,
}

pub(super) fn of(shown: &Shown) -> String {
    match &shown.manner {
        Manner::Plain => lines(shown, |told| line(Shell::Sh, "", told)),
        Manner::Values => lines(shown, |told| text(&told.variable.value)),
        Manner::Export(shell) => lines(shown, |told| line(*shell, "export ", told)),
        Manner::Explained => explained(shown),
        Manner::Compared => compared(&shown.others),
    }
}

fn lines(shown: &Shown, line: impl Fn(&Told) -> String) -> String {
    shown.variables.iter().map(|told| line(told) + "\n").collect()
}

fn line(shell: Shell, export: &str, told: &Told) -> String {
    let (name, value) = (told.variable.name, text(&told.variable.value));
    match shell {
        Shell::Sh => format!("{export}{name}='{}'", value.replace('\'', "'\\''")),
        Shell::Fish => {
            let value = value.replace('\\', "\\\\").replace('\'', "\\'");
            // fish keeps PATH as a list.
            match name {
                "PATH" => format!("set -gx PATH (string split : -- '{value}')"),
                _ => format!("set -gx {name} '{value}'"),
            }
        }
        Shell::Tcsh => {
            let value = value.replace('\'', "'\\''").replace('!', "\\!");
            format!("setenv {name} '{value}'")
        }
        Shell::Powershell => format!("$env:{name} = '{}'", value.replace('\'', "''")),
        Shell::Nushell => {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            match name {
                "PATH" => format!("$env.PATH = (\"{value}\" | split row (char esep))"),
                _ => format!("$env.{name} = \"{value}\""),
            }
        }
    }
}

fn explained(shown: &Shown) -> String {
    let mut said = format!("{}  {}\n\n", shown.go, shown.goroot);
    let rows: Vec<[String; 3]> = shown
        .variables
        .iter()
        .map(|told| {
            [
                told.variable.name.to_owned(),
                origin(&told.variable.origin),
                text(&told.variable.value),
            ]
        })
        .collect();
    let table = table::columns(&rows);
    for (row, told) in table.lines().zip(&shown.variables) {
        said.push_str(row);
        said.push('\n');
        for Setting { value, source } in &told.variable.shadows {
            said.push_str(&format!("  hides {} ({})\n", text(value), place(source)));
        }
        for finding in &told.findings {
            let (word, id) = (finding.severity.word(), finding.id);
            said.push_str(&format!("  {word} {id}: {}\n", finding.what));
            said.extend(finding.fix.iter().map(|fix| format!("    fix: {fix}\n")));
        }
    }
    said
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Set(source) => place(source),
        Origin::Gvm(why) => format!("gvm: {why}"),
        Origin::Default => "default".into(),
        Origin::Computed(how) => (*how).to_owned(),
    }
}

fn place(source: &Source) -> String {
    match source {
        Source::Process => "environment".into(),
        Source::File { path, line } => format!("{}:{line}", text(path)),
    }
}

fn compared(others: &[Other]) -> String {
    let none = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".into());
    let mut said = String::new();
    for other in others {
        said.push_str(&format!("{}\n", other.name));
        let rows: Vec<[String; 3]> = [
            ("here", &other.here),
            ("login shell", &other.login),
            ("env -i", &other.empty),
            ("cron", &other.cron),
            ("sudo", &other.sudo),
        ]
        .iter()
        .map(|(who, value)| [String::new(), (*who).to_owned(), none(value)])
        .collect();
        said.push_str(&table::columns(&rows));
    }
    if said.is_empty() { "nothing differs\n".into() } else { said }
}
