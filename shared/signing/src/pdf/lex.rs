//! From bytes to values: one pass, no guessing, no repair.

use super::object::{Dict, Id, Object, Text};
use super::work::{Broken, Read, Work};

/// Reads values from a place on.
#[derive(Debug)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    work: &'a Work,
}

/// What a value costs beside its bytes: a value in memory is larger than in the file.
const VALUE: usize = 32;

pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

const fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Lexer<'a> {
    pub(crate) const fn new(bytes: &'a [u8], at: usize, work: &'a Work) -> Self {
        Self { bytes, at, work }
    }

    /// Where the next byte is.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn go(&mut self, count: usize) -> Read<()> {
        self.at += count;
        self.work.step(count)
    }

    /// Skips white space and comments.
    pub(crate) fn space(&mut self) -> Read<()> {
        while let Some(byte) = self.peek() {
            let skip = match byte {
                b'%' => self.rest().iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count(),
                _ => self.rest().iter().take_while(|byte| is_space(**byte)).count(),
            };
            if skip == 0 {
                break;
            }
            self.go(skip)?;
        }
        Ok(())
    }

    /// The word must come next, as a whole.
    pub(crate) fn word(&mut self, word: &str) -> Read<()> {
        self.space()?;
        let behind = self.bytes.get(self.at + word.len()).copied();
        if self.rest().starts_with(word.as_bytes()) && !behind.is_some_and(is_regular) {
            self.go(word.len())
        } else {
            Err(Broken::Syntax)
        }
    }

    /// Whether this comes next, without a step forward.
    pub(crate) fn sees(&self, text: &str) -> bool {
        self.rest().starts_with(text.as_bytes())
    }

    /// A number without sign and point.
    pub(crate) fn count(&mut self) -> Read<usize> {
        self.space()?;
        match self.number()? {
            Object::Int(number) => usize::try_from(number).map_err(|_| Broken::Syntax),
            _ => Err(Broken::Syntax),
        }
    }

    /// The line end that follows the word `stream`.
    pub(crate) fn stream_start(&mut self) -> Read<usize> {
        match self.rest() {
            [b'\r', b'\n', ..] => self.go(2)?,
            [b'\n', ..] => self.go(1)?,
            _ => return Err(Broken::Syntax),
        }
        Ok(self.at)
    }

    /// Goes to a place further on.
    pub(crate) fn jump(&mut self, to: usize) -> Read<()> {
        if to < self.at || to > self.bytes.len() {
            return Err(Broken::Syntax);
        }
        self.at = to;
        Ok(())
    }

    /// The next value.
    pub(crate) fn object(&mut self, depth: usize) -> Read<Object> {
        if depth > self.work.limits.depth {
            return Err(Broken::Limit);
        }
        self.space()?;
        self.work.step(VALUE)?;
        match self.rest() {
            [b'<', b'<', ..] => self.dict(depth).map(Object::Dict),
            [b'<', ..] => self.hex().map(Object::Text),
            [b'(', ..] => self.literal().map(Object::Text),
            [b'/', ..] => self.name().map(Object::Name),
            [b'[', ..] => self.list(depth),
            [b'0'..=b'9' | b'+' | b'-' | b'.', ..] => self.number_or_reference(),
            [b't', ..] => self.word("true").map(|()| Object::Bool(true)),
            [b'f', ..] => self.word("false").map(|()| Object::Bool(false)),
            [b'n', ..] => self.word("null").map(|()| Object::Null),
            _ => Err(Broken::Syntax),
        }
    }

    fn dict(&mut self, depth: usize) -> Read<Dict> {
        self.go(2)?;
        let mut dict = Dict::default();
        let mut keys = std::collections::HashSet::new();
        loop {
            self.space()?;
            match self.rest() {
                [b'>', b'>', ..] => {
                    self.go(2)?;
                    return Ok(dict);
                }
                [b'/', ..] => {
                    let key = self.name()?;
                    self.work.step(VALUE)?;
                    // Of two values one reader takes the first and another the second.
                    if !keys.insert(key.clone()) {
                        return Err(Broken::Syntax);
                    }
                    let value = self.object(depth + 1)?;
                    dict.0.push((key, value));
                }
                _ => return Err(Broken::Syntax),
            }
        }
    }

    fn list(&mut self, depth: usize) -> Read<Object> {
        self.go(1)?;
        let mut items = Vec::new();
        loop {
            self.space()?;
            if self.peek() == Some(b']') {
                self.go(1)?;
                return Ok(Object::List(items));
            }
            items.push(self.object(depth + 1)?);
        }
    }

    fn name(&mut self) -> Read<Vec<u8>> {
        self.go(1)?;
        let raw: Vec<u8> = self.rest().iter().copied().take_while(|byte| is_regular(*byte)).collect();
        self.go(raw.len())?;
        let mut name = Vec::with_capacity(raw.len());
        let mut at = 0;
        while at < raw.len() {
            if raw[at] == b'#' {
                let digits = raw.get(at + 1..at + 3).ok_or(Broken::Syntax)?;
                name.extend(hex::decode(digits).map_err(|_| Broken::Syntax)?);
                at += 3;
            } else {
                name.push(raw[at]);
                at += 1;
            }
        }
        Ok(name)
    }

    fn hex(&mut self) -> Read<Text> {
        let start = self.at;
        let length = self.rest().iter().position(|byte| *byte == b'>').ok_or(Broken::Syntax)?;
        let mut digits: Vec<u8> =
            self.rest()[1..length].iter().copied().filter(|byte| !is_space(*byte)).collect();
        self.go(length + 1)?;
        if digits.len() % 2 == 1 {
            digits.push(b'0');
        }
        let bytes = hex::decode(&digits).map_err(|_| Broken::Syntax)?;
        Ok(Text { bytes, at: start..self.at, hex: true })
    }

    fn literal(&mut self) -> Read<Text> {
        let start = self.at;
        let (mut open, mut bytes) = (0_usize, Vec::new());
        loop {
            let byte = self.peek().ok_or(Broken::Syntax)?;
            self.go(1)?;
            match byte {
                b'(' => {
                    if open > 0 {
                        bytes.push(byte);
                    }
                    open += 1;
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(Text { bytes, at: start..self.at, hex: false });
                    }
                    bytes.push(byte);
                }
                b'\\' => self.escape(&mut bytes)?,
                _ => bytes.push(byte),
            }
        }
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Read<()> {
        let byte = self.peek().ok_or(Broken::Syntax)?;
        if matches!(byte, b'0'..=b'7') {
            let digits: Vec<u8> =
                self.rest().iter().copied().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).collect();
            bytes.push(digits.iter().fold(0_u16, |sum, digit| sum << 3 | u16::from(digit - b'0')) as u8);
            return self.go(digits.len());
        }
        self.go(1)?;
        match byte {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b'\r' if self.peek() == Some(b'\n') => self.go(1)?,
            b'\r' | b'\n' => {}
            other => bytes.push(other),
        }
        Ok(())
    }

    fn number(&mut self) -> Read<Object> {
        let raw: Vec<u8> =
            self.rest().iter().copied().take_while(|byte| is_regular(*byte)).take(64).collect();
        self.go(raw.len())?;
        let text = String::from_utf8(raw).map_err(|_| Broken::Syntax)?;
        let digits = text.trim_start_matches(['+', '-']);
        let points = digits.bytes().filter(|byte| *byte == b'.').count();
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !plain || text.len() - digits.len() > 1 || points > 1 || digits.len() == points {
            return Err(Broken::Syntax);
        }
        if points == 1 {
            return Ok(Object::Real(text));
        }
        text.parse().map(Object::Int).map_err(|_| Broken::Syntax)
    }

    fn number_or_reference(&mut self) -> Read<Object> {
        let first = self.number()?;
        let Object::Int(number) = first else { return Ok(first) };
        let behind = self.at;
        match self.generation_and_r() {
            Some(generation) if number > 0 => {
                let number = u32::try_from(number).map_err(|_| Broken::Syntax)?;
                Ok(Object::Ref(Id { number, generation }))
            }
            Some(_) => Err(Broken::Syntax),
            None => {
                self.at = behind;
                Ok(first)
            }
        }
    }

    fn generation_and_r(&mut self) -> Option<u16> {
        self.space().ok()?;
        if !self.peek()?.is_ascii_digit() {
            return None;
        }
        let generation = u16::try_from(self.number().ok()?.int()?).ok()?;
        self.word("R").ok()?;
        Some(generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::work::Limits;

    fn read(text: &str) -> Result<String, Broken> {
        let work = Work::new(&Limits::default(), std::sync::Arc::default());
        Lexer::new(text.as_bytes(), 0, &work).object(0).map(|object| object.to_string())
    }

    #[test]
    fn values_are_read_and_written() {
        let text =
            "<</A [1 -2.50 .5 true null /N#20x (a\\(b\\)\\101\\\n(c)) <4 1 4>] % said\n/R 12 0 R/E<<>>>>";
        let written = "<</A [1 -2.50 .5 true null /N#20x <6128622941286329> <4140>]/R 12 0 R/E <<>>>>";
        assert_eq!(read(text).unwrap(), written);
        assert_eq!(read("[1 2 3 0 R 4]").unwrap(), "[1 2 3 0 R 4]");
    }

    #[test]
    fn what_can_be_understood_in_two_ways_is_refused() {
        for text in [
            "<</A 1/A 2>>",
            "<</A 1",
            "[1",
            "(a",
            "<4x>",
            "1.2.3",
            "--1",
            "0 0 R",
            "nul",
            "truex",
            "/A#4",
            ">>",
        ] {
            assert!(read(text) == Err(Broken::Syntax) || text == "/A#4" && read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nesting_ends() {
        assert_eq!(read(&"[".repeat(5000)), Err(Broken::Limit));
    }
}
