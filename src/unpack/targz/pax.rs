//! PAX records: the only one that counts is `path`. Pure.
//!
//! Source: POSIX.1-2024, `pax`, "pax Extended Header". Go writes a PAX header only for a name that
//! ustar cannot hold.

use super::super::error::Defect;

/// Records longer than this are not about a name of ours.
pub(super) const LONGEST: u64 = 64 << 10;

const SHAPE: Defect = Defect::Pax("a record is out of shape");
const TWICE: Defect = Defect::Pax("it has two paths");

/// What other writers record of times and owners, which change nothing here. Everything after the
/// dot is of no concern.
const IGNORED: [&str; 7] = ["mtime", "atime", "ctime", "uid", "gid", "uname", "gname"];
const IGNORED_VENDORS: [&str; 2] = ["SCHILY.xattr.", "LIBARCHIVE."];

/// The `path` among the records, if there is one.
pub(super) fn path(mut records: &[u8]) -> Result<Option<Vec<u8>>, Defect> {
    let mut path = None;
    while !records.is_empty() {
        let (keyword, value, rest) = split(records).ok_or(SHAPE)?;
        records = rest;
        match keyword {
            "path" if path.is_some() => return Err(TWICE),
            "path" => path = Some(value.to_vec()),
            _ if is_ignored(keyword) => {}
            _ => return Err(Defect::PaxKeyword(keyword.escape_debug().take(40).collect())),
        }
    }
    Ok(path)
}

/// Splits off the first record: its length in decimal, a blank, keyword, `=`, value, newline.
fn split(records: &[u8]) -> Option<(&str, &[u8], &[u8])> {
    let blank = records.iter().take(6).position(|&byte| byte == b' ')?;
    let digits = str::from_utf8(&records[..blank]).ok()?;
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (record, rest) = records.split_at_checked(digits.parse().ok()?)?;
    let pair = record.get(blank + 1..)?.strip_suffix(b"\n")?;
    let equals = pair.iter().position(|&byte| byte == b'=')?;
    let keyword = str::from_utf8(&pair[..equals]).ok()?;
    Some((keyword, &pair[equals + 1..], rest))
}

fn is_ignored(keyword: &str) -> bool {
    IGNORED.contains(&keyword) || IGNORED_VENDORS.iter().any(|vendor| keyword.starts_with(vendor))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(pair: &str) -> String {
        let len = (1..).find(|len: &usize| len.to_string().len() + pair.len() + 2 == *len);
        format!("{} {pair}\n", len.unwrap())
    }

    #[test]
    fn only_the_path_counts() {
        let records = record("mtime=1.5") + &record("path=go/Þ=x\n") + &record("SCHILY.xattr.a=b");
        assert_eq!(path(records.as_bytes()), Ok(Some(Vec::from("go/Þ=x\n"))));
        assert_eq!(path(record("uname=").as_bytes()), Ok(None));
        assert_eq!(path(b""), Ok(None));
    }

    #[test]
    fn a_keyword_that_changes_the_entry_is_refused() {
        for keyword in
            ["size", "linkpath", "GNU.sparse.major", "hdrcharset", "SCHILY.realsize", "", "Path"]
        {
            let refused = path(record(&format!("{keyword}=1")).as_bytes());
            assert_eq!(refused, Err(Defect::PaxKeyword(String::from(keyword))));
        }
    }

    #[test]
    fn records_out_of_shape_are_refused() {
        let twice = record("path=go/a") + &record("path=go/b");
        for bytes in [
            "x",
            "12 path=go/a",
            "99 path=go/a\n",
            "5 path=go/a\n",
            "012 path=go/a\n",
            "+12 path=go/a\n",
            " path=go/a\n",
            "8 patha\n",
            "1 ",
            "0 ",
            "2 \n",
            "13 path=go/a\n\0",
            "99999999999999999999 path=a\n",
        ] {
            assert_eq!(path(bytes.as_bytes()), Err(SHAPE), "{bytes:?}");
        }
        assert_eq!(path(twice.as_bytes()), Err(TWICE));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in "[0-9 =a-z\n\u{0}ä]{0,40}") {
            let _ = path(bytes.as_bytes());
        }
    }
}
