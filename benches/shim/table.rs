//! [`Table`]: the figures as people read them, a row as soon as it is measured.

use std::io::{self, Write};

use crate::pair::Figures;
use crate::rows::{Bound, Row};

/// The table, written to standard output.
pub struct Table {
    failed: usize,
}

impl Table {
    /// Begins one: the heads of its columns.
    ///
    /// # Errors
    /// When it cannot be written; so in the others.
    pub fn begin() -> io::Result<Self> {
        let heads = ["base µs", "µs", "added", "ratio", "of each tenth", "bound"];
        let [base, measured, added, ratio, spread, bound] = heads;
        line(&format!(
            "{:<40} {base:>8} {measured:>8} {added:>7} {ratio:>6}  {spread:<13}  {bound:<6}",
            "medians"
        ))?;
        Ok(Self { failed: 0 })
    }

    /// Writes one row.
    pub fn add(&mut self, row: &Row, figures: &Figures) -> io::Result<()> {
        let (base, measured, ratio) = (figures.base, figures.measured, figures.ratio());
        let (bound, verdict) = match row.bound {
            Bound::None => (String::new(), ""),
            Bound::AtMost(most) => (format!("≤ {most:.2}"), self.judge(ratio <= most)),
            Bound::Within(most) => {
                (format!("± {most:.2}"), self.judge((ratio - 1.0).abs() <= most))
            }
        };
        let (least, most) = figures.spread;
        let spread = format!("{least:.2} to {most:.2}");
        let added = measured - base;
        let name = &row.name;
        line(&format!(
            "{name:<40} {base:>8.1} {measured:>8.1} {added:>7.1} {ratio:>6.3}  {spread:<13}  \
             {bound:<6} {verdict}"
        ))
    }

    /// Writes what could not be measured, which no bound holds for.
    pub fn miss(&mut self, what: &str) -> io::Result<()> {
        self.failed += 1;
        line(&format!("not measured: {what}"))
    }

    /// How many bounds were missed or not measured.
    pub fn failed(&self) -> usize {
        self.failed
    }

    fn judge(&mut self, holds: bool) -> &'static str {
        self.failed += usize::from(!holds);
        if holds { "ok" } else { "MISSED" }
    }
}

fn line(text: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{}", text.trim_end())
}
