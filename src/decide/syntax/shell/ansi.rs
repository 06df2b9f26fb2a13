//! `$'…'` (bash(1), QUOTING): the text between the quotes, decoded as bash does it.

/// The decoded text. `None` if it is not UTF-8. A NUL ends it, as in bash.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut decoder = Decoder { rest: text, bytes: Vec::with_capacity(text.len()) };
    while let Some(character) = decoder.next() {
        if character == '\\' {
            decoder.escape()?;
        } else {
            decoder.push(u32::from(character))?;
        }
        if decoder.bytes.last() == Some(&0) {
            decoder.bytes.pop();
            break;
        }
    }
    String::from_utf8(decoder.bytes).ok()
}

struct Decoder<'t> {
    rest: &'t str,
    bytes: Vec<u8>,
}

impl Decoder<'_> {
    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn push(&mut self, code: u32) -> Option<()> {
        let character = char::from_u32(code)?;
        self.bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        Some(())
    }

    /// Passes at most `limit` digits and returns their value, cut to 32 bits, and their number.
    fn digits(&mut self, radix: u32, limit: usize) -> (u32, usize) {
        let (mut value, mut count) = (0_u32, 0);
        while count < limit
            && let Some(digit) = self.peek().and_then(|character| character.to_digit(radix))
        {
            self.next();
            value = value.wrapping_mul(radix).wrapping_add(digit);
            count += 1;
        }
        (value, count)
    }

    fn byte(&mut self, value: u32) {
        self.bytes.extend(value.to_le_bytes().first());
    }

    /// Behind a backslash.
    fn escape(&mut self) -> Option<()> {
        let Some(character) = self.next() else { return self.push(u32::from('\\')) };
        match character {
            'a' => self.byte(7),
            'b' => self.byte(8),
            'e' | 'E' => self.byte(27),
            'f' => self.byte(12),
            'n' => self.byte(10),
            'r' => self.byte(13),
            't' => self.byte(9),
            'v' => self.byte(11),
            '\\' | '\'' | '"' | '?' => self.push(u32::from(character))?,
            '0'..='7' => {
                let first = character.to_digit(8)?;
                let (rest, count) = self.digits(8, 2);
                let shift = if count == 2 {
                    64
                } else if count == 1 {
                    8
                } else {
                    1
                };
                self.byte(first * shift + rest);
            }
            'x' => self.hexadecimal(),
            'u' => self.unicode(character, 4)?,
            'U' => self.unicode(character, 8)?,
            'c' => return self.control(),
            _ => {
                self.byte(u32::from('\\'));
                self.push(u32::from(character))?;
            }
        }
        Some(())
    }

    /// `\xHH` and bash's `\x{H…}`.
    fn hexadecimal(&mut self) {
        let braced = self.peek() == Some('{');
        if braced {
            self.next();
        }
        let (value, count) = self.digits(16, if braced { usize::MAX } else { 2 });
        if braced {
            if self.peek() == Some('}') {
                self.next();
            }
        } else if count == 0 {
            self.bytes.extend_from_slice(b"\\x");
            return;
        }
        self.byte(value);
    }

    fn unicode(&mut self, letter: char, limit: usize) -> Option<()> {
        let (value, count) = self.digits(16, limit);
        if count == 0 {
            self.byte(u32::from('\\'));
            return self.push(u32::from(letter));
        }
        self.push(value)
    }

    /// `\cX`
    fn control(&mut self) -> Option<()> {
        let Some(character) = self.next() else {
            self.bytes.extend_from_slice(b"\\c");
            return Some(());
        };
        if character == '\\' && self.peek() == Some('\\') {
            self.next();
        }
        if !character.is_ascii() {
            return None;
        }
        let upper = u32::from(character.to_ascii_uppercase());
        self.byte(if character == '?' { 127 } else { upper & 31 });
        Some(())
    }
}
