//! Zip64: numbers that have more room than the plain records give them. gvm needs none of it, for
//! no archive of its size does; writers that do not know a size beforehand use it all the same. So
//! it is read where it says one thing only: each number stands in its plain field or, where that
//! holds nothing but ones, in the wide one. Pure.
//!
//! Source of the layout: APPNOTE.TXT 6.3.10, sections 4.3.14 (end record), 4.3.15 (locator), 4.5.3
//! (extra field).

use super::super::error::Defect;
use super::record::{COUNTS, DISKS, End, PLACE, number};

/// The kind of the extra field.
pub(super) const FIELD: u16 = 0x0001;
/// The locator, which stands right before the plain end record.
pub(super) const LOCATOR_LEN: usize = 20;
/// The wide end record, which stands right before the locator, without anything of anybody's own.
pub(super) const END_LEN: usize = 56;

/// What stands in a plain field in place of a number that the wide one holds.
const ELSEWHERE: u64 = u32::MAX as u64;
const ELSEWHERE_COUNT: u64 = u16::MAX as u64;

/// Sets the `fields` that leave it to zip64's extra field, which must hold these and no others.
pub(super) fn widen(fields: &mut [&mut u64], wide: Option<&[u8]>) -> Result<(), Defect> {
    let open = fields.iter_mut().filter(|field| ***field == ELSEWHERE);
    let mut values = wide.unwrap_or_default().chunks(8);
    for field in open {
        let value = values.next().filter(|value| value.len() == 8).ok_or(Defect::Wide)?;
        **field = number(value);
    }
    if values.next().is_some() { Err(Defect::Wide) } else { Ok(()) }
}

/// Whether this is a locator. Some readers look for it always, some only when the plain end record
/// leaves something open: so where there is one, it must be right.
pub(super) fn is_locator(bytes: &[u8; LOCATOR_LEN]) -> bool {
    bytes.starts_with(b"PK\x06\x07")
}

/// The end that the wide record says, which begins at `at` and says nothing else than the `plain`
/// one.
pub(super) fn end(
    record: &[u8; END_LEN],
    locator: &[u8; LOCATOR_LEN],
    at: u64,
    plain: End,
) -> Result<End, Defect> {
    if number(&locator[8..16]) != at || record[..4] != *b"PK\x06\x06" {
        return Err(Defect::EndRecord64("it is not where its locator says"));
    }
    if number(&record[4..12]) != END_LEN as u64 - 12 {
        return Err(Defect::EndRecord64("it has another length"));
    }
    if number(&locator[4..8]) != 0 || number(&locator[16..]) != 1 || number(&record[16..24]) != 0 {
        return Err(Defect::EndRecord64(DISKS));
    }
    let field = |at: usize| number(&record[at..at + 8]);
    if field(24) != field(32) {
        return Err(Defect::EndRecord64(COUNTS));
    }
    let end = End { entries: field(32), directory_len: field(40), directory_at: field(48) };
    let agree = |plain: u64, wide: u64, open: u64| plain == wide || plain == open;
    if !agree(plain.entries, end.entries, ELSEWHERE_COUNT)
        || !agree(plain.directory_len, end.directory_len, ELSEWHERE)
        || !agree(plain.directory_at, end.directory_at, ELSEWHERE)
    {
        return Err(Defect::EndRecord64("it disagrees with the plain one"));
    }
    Ok(end)
}

/// Holds that the directory reaches to where its `end` record begins.
pub(super) fn check_place(end: &End, begins: u64) -> Result<(), Defect> {
    match end.directory_at.checked_add(end.directory_len) {
        Some(reaches) if reaches == begins => Ok(()),
        _ => Err(Defect::EndRecord(PLACE)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: End = End { entries: 2, directory_at: 100, directory_len: 50 };

    /// A record and a locator that say this, as they stand at 150.
    fn records(entries: u64, len: u64, at: u64) -> ([u8; END_LEN], [u8; LOCATOR_LEN]) {
        let (mut record, mut locator) = ([0; END_LEN], [0; LOCATOR_LEN]);
        record[..5].copy_from_slice(b"PK\x06\x06\x2c");
        for (place, number) in [(24, entries), (32, entries), (40, len), (48, at)] {
            record[place..place + 8].copy_from_slice(&number.to_le_bytes());
        }
        locator[..4].copy_from_slice(b"PK\x06\x07");
        (locator[8], locator[16]) = (150, 1);
        (record, locator)
    }

    #[test]
    fn a_field_is_open_or_it_stands() {
        let widened = |plain: [u64; 2], wide: Option<&[u8]>| {
            let [mut size, mut packed] = plain;
            widen(&mut [&mut size, &mut packed], wide).map(|()| [size, packed])
        };
        let seven = 7_u64.to_le_bytes();
        assert_eq!(widened([1, 2], None), Ok([1, 2]));
        assert_eq!(widened([ELSEWHERE, 2], Some(&seven)), Ok([7, 2]));
        assert_eq!(widened([1, ELSEWHERE], Some(&seven)), Ok([1, 7]));
        for (plain, wide) in [
            ([1, 2], Some(&seven[..])),
            ([ELSEWHERE, 2], None),
            ([ELSEWHERE, ELSEWHERE], Some(&seven)),
            ([ELSEWHERE, 2], Some(&seven[..7])),
        ] {
            assert_eq!(widened(plain, wide), Err(Defect::Wide), "{plain:?}");
        }
    }

    #[test]
    fn the_wide_record_says_what_the_plain_one_says_or_leaves_open() {
        let open = End { entries: 0xffff, directory_at: ELSEWHERE, directory_len: ELSEWHERE };
        let (record, locator) = records(2, 50, 100);
        for plain in [PLAIN, open, End { directory_at: ELSEWHERE, ..PLAIN }] {
            assert_eq!(end(&record, &locator, 150, plain), Ok(PLAIN));
        }
        assert!(end(&record, &locator, 151, PLAIN).is_err());
        for (entries, len, at) in [(3, 50, 100), (2, 51, 100), (2, 50, 101)] {
            let (record, locator) = records(entries, len, at);
            let disagrees = Err(Defect::EndRecord64("it disagrees with the plain one"));
            assert_eq!(end(&record, &locator, 150, PLAIN), disagrees);
        }
    }

    #[test]
    fn a_directory_ends_where_its_end_record_begins() {
        assert_eq!(check_place(&PLAIN, 150), Ok(()));
        let wraps = End { directory_at: u64::MAX, ..PLAIN };
        assert_eq!(check_place(&PLAIN, 151), Err(Defect::EndRecord(PLACE)));
        assert_eq!(check_place(&wraps, 49), Err(Defect::EndRecord(PLACE)));
    }
}
