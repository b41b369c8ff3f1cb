//! The fuzzer's bytes as choices, taken from the front: what is left out is zero, so that any input means something.

/// What is left of the bytes.
pub struct Input<'a>(pub &'a [u8]);

impl<'a> Input<'a> {
    /// Whether nothing is left.
    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// One byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A number below `end`, which is at most 256; 0 when that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end.max(1)
    }

    /// A length of at most `most`, and so many bytes or what is left.
    pub fn bytes(&mut self, most: usize) -> &'a [u8] {
        let length = self.below(most + 1);
        let (bytes, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        bytes
    }

    /// Uses up the rest to change single bytes of `content`, or to cut it off: three bytes each, place and value. With
    /// nothing left it stays as it is.
    pub fn spoil(&mut self, content: &mut Vec<u8>) {
        while !self.is_over() && !content.is_empty() {
            let place = usize::from(self.byte()) << 8 | usize::from(self.byte());
            let value = self.byte();
            if place == 0xffff {
                content.truncate(content.len() - usize::from(value).min(content.len()));
            } else {
                let place = place % content.len();
                content[place] = value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_choices_and_the_rest_spoils() {
        let mut input = Input(&[2, b'a', b'b', 7, 0, 1, b'x', 0xff, 0xff, 1]);
        assert_eq!((input.bytes(9), input.below(5)), (&b"ab"[..], 2));
        let mut content = b"123".to_vec();
        input.spoil(&mut content);
        assert_eq!((&content[..], input.byte()), (&b"1x"[..], 0));
    }
}
