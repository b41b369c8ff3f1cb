//! A record of the log, and what it says about a toolchain. Whether it is in the log is not asked
//! here.

use data_encoding::BASE64;
use gvm_core::module;

use super::error::SumdbError;
use crate::verify::tlog::{self, Hash};

/// The go.sum lines of one module version, with their place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number in the log, from 0.
    pub id: u64,
    /// Its text, with the final newline.
    pub text: String,
}

/// The hashes that a record gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sums {
    pub h1: String,
    pub go_mod_h1: String,
}

impl Record {
    /// Reads `<id>\n<text>\n` from the beginning of an answer; gives also what follows it.
    pub(super) fn parse(bytes: &[u8]) -> Result<(Record, &[u8]), SumdbError> {
        let malformed = |why| SumdbError::MalformedRecord { why };
        let line_end =
            bytes.iter().position(|byte| *byte == b'\n').ok_or(malformed("no number"))?;
        let (id, text) = (&bytes[..line_end], &bytes[line_end + 1..]);
        let id = str::from_utf8(id).ok().and_then(tlog::decimal).ok_or(malformed("no number"))?;
        let blank = text
            .windows(2)
            .position(|pair| pair == b"\n\n")
            .ok_or(malformed("no blank line after it"))?;
        let (text, rest) = (&text[..=blank], &text[blank + 2..]);
        let text = str::from_utf8(text).map_err(|_| malformed("not UTF-8"))?;
        if text.starts_with('\n') {
            return Err(malformed("no text"));
        }
        if text.chars().any(|c| c < ' ' && c != '\n') {
            return Err(malformed("a control character"));
        }
        Ok((Record { id, text: text.to_owned() }, rest))
    }

    /// The hash that the log must have at its place.
    pub fn hash(&self) -> Hash {
        Hash::of_record(self.text.as_bytes())
    }

    /// Both hashes of the toolchain module `version`. Every record has both lines.
    pub(super) fn sums(&self, version: &str) -> Result<Sums, SumdbError> {
        Ok(Sums { h1: self.sum(version)?, go_mod_h1: self.sum(&format!("{version}/go.mod"))? })
    }

    fn sum(&self, version: &str) -> Result<String, SumdbError> {
        let (module, record) = (module::PATH.to_owned(), self.text.clone());
        let prefix = format!("{module} {version} ");
        let version = version.to_owned();
        // A hash of another kind may join `h1:` one day; the go command skips what it does not
        // know.
        let mut sums = self
            .text
            .lines()
            .filter_map(|line| line.strip_prefix(&prefix))
            .filter(|sum| sum.starts_with("h1:"));
        let Some(sum) = sums.next() else {
            return Err(SumdbError::MissingLine { module, version, record });
        };
        if !is_h1(sum) || sums.any(|other| other != sum) {
            return Err(SumdbError::UnusableLine { module, version, record });
        }
        Ok(sum.to_owned())
    }
}

fn is_h1(sum: &str) -> bool {
    sum.strip_prefix("h1:")
        .and_then(|digest| BASE64.decode(digest.as_bytes()).ok())
        .is_some_and(|digest| digest.len() == 32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VERSION: &str = "v0.0.1-go1.21.9.linux-amd64";
    const SUM: &str = "h1:rRL9rPpsjKfpdDFcppvNgw1/dynUMrpDcTxdIwtyFR0=";
    const MOD_SUM: &str = "h1:8wlg68NqwW7eMnI1aABk/C2pDYXj8mrMY4TyRfiLeS0=";

    fn record(lines: &[String]) -> Record {
        Record { id: 0, text: lines.concat() }
    }

    fn line(version: &str, sum: &str) -> String {
        format!("golang.org/toolchain {version} {sum}\n")
    }

    #[test]
    fn the_text_ends_at_the_first_blank_line() {
        let (record, rest) = Record::parse(b"7\na\nb\n\nrest\n\nmore").unwrap();
        assert_eq!((record.id, record.text.as_str()), (7, "a\nb\n"));
        assert_eq!(rest, b"rest\n\nmore");
    }

    #[test]
    fn a_record_that_breaks_a_rule_is_malformed() {
        for bytes in [
            &b""[..],
            b"7",
            b"7\na\n",
            b"7\na\nb",
            b"x\na\n\n",
            b"-7\na\n\n",
            b"+7\na\n\n",
            b"07\na\n\n",
            b"99999999999999999999\na\n\n",
            b"7\n\n\n",
            b"7\na\tb\n\n",
            b"7\na\r\n\n",
            b"7\n\xff\n\n",
        ] {
            let refused = Record::parse(bytes);
            assert!(matches!(refused, Err(SumdbError::MalformedRecord { .. })), "{bytes:?}");
        }
    }

    #[test]
    fn both_lines_are_found_and_other_kinds_of_hash_let_be() {
        let of_mod = format!("{VERSION}/go.mod");
        let record = record(&[
            line(VERSION, "h2:new"),
            line(VERSION, SUM),
            line(VERSION, SUM),
            line(&of_mod, MOD_SUM),
        ]);
        let expected = Sums { h1: SUM.into(), go_mod_h1: MOD_SUM.into() };
        assert_eq!(record.sums(VERSION), Ok(expected));
    }

    #[test]
    fn a_line_that_says_two_things_or_nothing_is_unusable() {
        let of_mod = format!("{VERSION}/go.mod");
        for lines in [
            [line(VERSION, SUM), line(VERSION, MOD_SUM), line(&of_mod, MOD_SUM)],
            [line(VERSION, "h1:"), line(&of_mod, MOD_SUM), String::new()],
            [line(VERSION, "h1:AAAA"), line(&of_mod, MOD_SUM), String::new()],
            [line(VERSION, &format!("{SUM} ")), line(&of_mod, MOD_SUM), String::new()],
        ] {
            let refused = record(&lines).sums(VERSION);
            assert!(matches!(refused, Err(SumdbError::UnusableLine { .. })), "{lines:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parser_stumble(
            bytes in proptest::collection::vec(any::<u8>(), 0..99),
        ) {
            let _ = Record::parse(&bytes);
        }

        #[test]
        fn the_parts_of_an_answer_are_all_of_it(text in "[0-9]{0,3}\n?\\PC{0,9}\n{0,3}\\PC{0,9}") {
            if let Ok((Record { id, text: lines }, rest)) = Record::parse(text.as_bytes()) {
                let rest = str::from_utf8(rest).unwrap();
                prop_assert_eq!(format!("{id}\n{lines}\n{rest}"), text);
            }
        }
    }
}
