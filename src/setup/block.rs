//! One block of ours in the bytes of a start file: put in, replaced, taken out. Everything else stays as it is, byte for
//! byte, whatever it is.
//!
//! What taking it out must know of the time before stands in the block's first line: whether the file was made for it, how
//! many folders were, and whether a newline was put before it. So nothing has to be kept elsewhere.

/// What a block's first and last line begin with.
const BEGIN: &[u8] = b"# >>> gvm >>>";
const END: &[u8] = b"# <<< gvm <<<";

/// Why a file's blocks cannot be told from the rest of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BlockError {
    /// A first line without a last one.
    #[error("gvm's block that begins in line {0} has no end, a line `# <<< gvm <<<`")]
    NoEnd(usize),
    /// A last line without a first one.
    #[error("line {0} ends a block of gvm's that has no beginning, a line `# >>> gvm >>>`")]
    NoBeginning(usize),
    /// UTF-16, or no text at all.
    #[error("it is no text in UTF-8 or another extension of ASCII")]
    NotText,
}

/// What is left of a file without our blocks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Rest {
    /// This, which may be nothing.
    File(Vec<u8>),
    /// It was made for the block, and so many folders above it.
    NoFile {
        /// The folders.
        folders: usize,
    },
}

/// What taking a block out must know of the time before.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Before {
    no_file: bool,
    folders: usize,
    no_newline: bool,
}

/// A block in a file.
struct Block {
    start: usize,
    end: usize,
    /// Whether an editor has given it the line ends of Windows, and the newline before it.
    has_crlf: bool,
    before: Before,
}

/// A file's content with `code` in our block: in the place of the one that is there, else at the end. `content` is None
/// where there is no file; then `folders` have to be made for it.
///
/// # Errors
/// When the blocks that are there are not whole, or it is no text.
pub fn put(content: Option<&[u8]>, code: &str, folders: usize) -> Result<Vec<u8>, BlockError> {
    let old = content.unwrap_or_default();
    let blocks = find(old)?;
    let Some((first, others)) = blocks.split_first() else {
        let no_newline = !old.is_empty() && !old.ends_with(b"\n");
        let before = Before { no_file: content.is_none(), folders, no_newline };
        let newline: &[u8] = if no_newline { b"\n" } else { b"" };
        return Ok([old, newline, block(code, before).as_bytes()].concat());
    };
    let mut new = old.to_vec();
    for other in others.iter().rev() {
        cut(&mut new, other);
    }
    new.splice(first.start..first.end, block(code, first.before).into_bytes());
    Ok(new)
}

/// What is left of a file's content without our blocks. None where there are none.
///
/// # Errors
/// When they are not whole.
pub fn take_out(content: &[u8]) -> Result<Option<Rest>, BlockError> {
    let blocks = find(content)?;
    let Some(before) = blocks.first().map(|first| first.before) else { return Ok(None) };
    let mut rest = content.to_vec();
    for block in blocks.iter().rev() {
        cut(&mut rest, block);
    }
    if rest.is_empty() && before.no_file {
        return Ok(Some(Rest::NoFile { folders: before.folders }));
    }
    Ok(Some(Rest::File(rest)))
}

fn block(code: &str, before: Before) -> String {
    let mut notes = Vec::new();
    if before.no_file {
        notes.push("new file".to_owned());
    }
    if before.folders > 0 {
        notes.push(format!("new folders: {}", before.folders));
    }
    if before.no_newline {
        notes.push("no newline before".to_owned());
    }
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
    let (begin, end) = (String::from_utf8_lossy(BEGIN), String::from_utf8_lossy(END));
    format!("{begin} by `gvm setup`, until `gvm teardown`{notes}\n{code}{end}\n")
}

fn cut(content: &mut Vec<u8>, block: &Block) {
    let mut start = block.start;
    // The newline is needed by now where something was written behind the block.
    if block.before.no_newline && block.end == content.len() && content[..start].ends_with(b"\n") {
        start -= 1;
        if block.has_crlf && content[..start].ends_with(b"\r") {
            start -= 1;
        }
    }
    content.drain(start..block.end);
}

fn find(content: &[u8]) -> Result<Vec<Block>, BlockError> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, usize, Before)> = None;
    let mut at = 0;
    for (line, number) in content.split_inclusive(|byte| *byte == b'\n').zip(1..) {
        if line.starts_with(BEGIN) {
            if let Some((_, number, _)) = open {
                return Err(BlockError::NoEnd(number));
            }
            open = Some((at, number, read(line)));
        } else if line.starts_with(END) {
            let (start, _, before) = open.take().ok_or(BlockError::NoBeginning(number))?;
            let has_crlf = line.ends_with(b"\r\n");
            blocks.push(Block { start, end: at + line.len(), has_crlf, before });
        }
        at += line.len();
    }
    match open {
        Some((_, number, _)) => Err(BlockError::NoEnd(number)),
        None if content.contains(&0) => Err(BlockError::NotText),
        None => Ok(blocks),
    }
}

fn read(line: &[u8]) -> Before {
    let line = String::from_utf8_lossy(line);
    let notes = line.rsplit_once('(').map_or("", |(_, notes)| notes);
    let mut before = Before::default();
    for note in notes.trim_end().trim_end_matches(')').split(", ") {
        match note.split_once(": ").unwrap_or((note, "")) {
            ("new file", _) => before.no_file = true,
            ("new folders", number) => before.folders = number.parse().unwrap_or_default(),
            ("no newline before", _) => before.no_newline = true,
            _ => {}
        }
    }
    before
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CODE: &str = "export PATH\n";

    fn there_and_back(content: &[u8]) {
        let with = put(Some(content), CODE, 0).unwrap();
        assert_ne!(with, content);
        assert_eq!(put(Some(&with), CODE, 0).unwrap(), with, "twice is once");
        let other = put(Some(&with), "other\n", 0).unwrap();
        assert_ne!(other, with);
        for with in [with, other] {
            assert_eq!(take_out(&with).unwrap(), Some(Rest::File(content.to_vec())));
        }
        assert_eq!(take_out(content).unwrap(), None);
    }

    #[test]
    fn every_byte_comes_back() {
        let contents: [&[u8]; 10] = [
            b"",
            b"a\r",
            b"\n",
            b"a",
            b"a\n",
            b"a\r\nb\r\n",
            b"a\r\nb",
            b"\xff\xfe\x80 \xc3",
            b"a\\",
            b"# >>> conda initialize >>>\n# <<< conda initialize <<<",
        ];
        for content in contents {
            there_and_back(content);
        }
    }

    proptest! {
        #[test]
        fn every_byte_of_any_file_comes_back(content in proptest::collection::vec(1_u8.., 0..200)) {
            there_and_back(&content);
        }
    }

    #[test]
    fn a_file_that_was_made_for_the_block_goes_with_it_unless_it_has_become_somebodys() {
        let made = put(None, CODE, 2).unwrap();
        assert_eq!(take_out(&made).unwrap(), Some(Rest::NoFile { folders: 2 }));
        let again = put(Some(&made), "other\n", 0).unwrap();
        assert_eq!(take_out(&again).unwrap(), Some(Rest::NoFile { folders: 2 }));
        let added = [&made[..], b"mine\n"].concat();
        assert_eq!(take_out(&added).unwrap(), Some(Rest::File(b"mine\n".to_vec())));
    }

    #[test]
    fn what_was_written_behind_the_block_stays_on_a_line_of_its_own() {
        let with = [&put(Some(b"a"), CODE, 0).unwrap()[..], b"b\n"].concat();
        assert_eq!(take_out(&with).unwrap(), Some(Rest::File(b"a\nb\n".to_vec())));
    }

    #[test]
    fn of_several_blocks_one_is_left_and_then_none() {
        let one = put(Some(b"a\n"), CODE, 0).unwrap();
        let two = [&one[..], &one[2..], b"b"].concat();
        assert_eq!(put(Some(&two), CODE, 0).unwrap(), [&one[..], b"b"].concat());
        assert_eq!(take_out(&two).unwrap(), Some(Rest::File(b"a\nb".to_vec())));
    }

    #[test]
    fn an_editor_that_writes_crlf_does_not_hide_the_block() {
        let with = put(Some(b"a"), CODE, 0).unwrap();
        let with = String::from_utf8(with).unwrap().replace('\n', "\r\n");
        assert_eq!(take_out(with.as_bytes()).unwrap(), Some(Rest::File(b"a".to_vec())));
    }

    #[test]
    fn half_a_block_is_refused_by_its_line() {
        let whole = put(Some(b"a\n"), CODE, 0).unwrap();
        let end = whole.len() - END.len() - 1;
        assert_eq!(take_out(&whole[..end]), Err(BlockError::NoEnd(2)));
        assert_eq!(put(Some(&whole[end..]), CODE, 0), Err(BlockError::NoBeginning(1)));
        let nested = [&whole[..end], &whole[..]].concat();
        assert_eq!(take_out(&nested), Err(BlockError::NoEnd(2)));
        assert_eq!(put(Some(b"a\0\n\0"), CODE, 0), Err(BlockError::NotText));
    }
}
