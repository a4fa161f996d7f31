//! What a signature covers: the file from its first byte, with exactly the signature itself left out.

use super::Reason;
use super::fields::Field;
use crate::pdf::Object;
use std::ops::Range;

/// What is left out, and where what is covered ends.
#[derive(Debug, Clone)]
pub(super) struct Coverage {
    pub(super) gap: Range<usize>,
    pub(super) end: usize,
}

impl Coverage {
    pub(super) fn of(bytes: &[u8], field: &Field) -> Result<Self, Reason> {
        let coverage = Self::stated(field, bytes.len()).ok_or(Reason::ByteRange)?;
        let Some(Object::Text(contents)) = field.dict.get("Contents") else { return Err(Reason::Gap) };
        let span = field.span.clone().ok_or(Reason::Gap)?;
        let gap = &coverage.gap;
        let inside = span.start <= gap.start && gap.end <= span.end;
        // Hex digits and nothing else: blanks could hide what another reader sees.
        let digits = &bytes[gap.start + 1..gap.end - 1];
        let plain = digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit);
        if contents.hex
            && contents.at == *gap
            && inside
            && plain
            && bytes[gap.start] == b'<'
            && bytes[gap.end - 1] == b'>'
        {
            Ok(coverage)
        } else {
            Err(Reason::Gap)
        }
    }

    fn stated(field: &Field, length: usize) -> Option<Self> {
        let range = field.dict.get("ByteRange")?.list()?;
        let numbers: Option<Vec<usize>> =
            range.iter().map(|number| number.int().and_then(|number| usize::try_from(number).ok())).collect();
        let [0, until, from, rest] = numbers?[..] else { return None };
        let end = from.checked_add(rest)?;
        (until > 0 && from >= until.checked_add(2)? && end <= length && rest > 0)
            .then_some(Self { gap: until..from, end })
    }

    /// The two parts that are covered.
    pub(super) fn parts<'a>(&self, bytes: &'a [u8]) -> [&'a [u8]; 2] {
        [&bytes[..self.gap.start], &bytes[self.gap.end..self.end]]
    }
}
