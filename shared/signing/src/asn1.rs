//! DER, the writing of certificates and signatures: read strictly and in place, so that what was signed is never re-written.

pub(crate) mod ber;
pub(crate) mod moment;
pub(crate) mod oid;
pub(crate) mod write;

/// Tags in use.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const BMP: u8 = 0x1e;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;
    /// `[n]`, constructed.
    pub(crate) const fn context(n: u8) -> u8 {
        0xa0 | n
    }
    /// `[n]`, primitive.
    pub(crate) const fn implicit(n: u8) -> u8 {
        0x80 | n
    }
}

/// The bytes are not the DER that was expected here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotDer;

pub(crate) type Parsed<T> = Result<T, NotDer>;

/// One element: its tag, its content, and all of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) body: &'a [u8],
    pub(crate) whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// Exactly one element and nothing behind it.
    pub(crate) fn only(bytes: &'a [u8]) -> Parsed<Self> {
        let mut reader = Reader::new(bytes);
        let element = reader.any()?;
        reader.end().map(|()| element)
    }

    /// A reader of what is inside.
    pub(crate) const fn inside(self) -> Reader<'a> {
        Reader::new(self.body)
    }

    /// This element, if it has this tag.
    pub(crate) fn tagged(self, tag: u8) -> Parsed<Self> {
        if self.tag == tag { Ok(self) } else { Err(NotDer) }
    }
}

/// Reads elements one after another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Nothing may be left.
    pub(crate) fn end(&self) -> Parsed<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(NotDer) }
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Parsed<Element<'a>> {
        let (head, length) = header(self.rest)?;
        let end = head.checked_add(length).ok_or(NotDer)?;
        let whole = self.rest.get(..end).ok_or(NotDer)?;
        self.rest = &self.rest[end..];
        Ok(Element { tag: whole[0], body: &whole[head..], whole })
    }

    /// The next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Parsed<Element<'a>> {
        self.any()?.tagged(tag)
    }

    /// The next element if it has this tag.
    pub(crate) fn maybe(&mut self, tag: u8) -> Parsed<Option<Element<'a>>> {
        if self.rest.first() == Some(&tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// A reader of the sequence that comes next.
    pub(crate) fn sequence(&mut self) -> Parsed<Reader<'a>> {
        self.take(tag::SEQUENCE).map(Element::inside)
    }

    /// All that is left, element by element.
    pub(crate) fn all(mut self) -> Parsed<Vec<Element<'a>>> {
        let mut found = Vec::new();
        while !self.is_empty() {
            found.push(self.any()?);
        }
        Ok(found)
    }
}

/// How long head and body are; only the shortest definite form, and no tags above 30.
fn header(bytes: &[u8]) -> Parsed<(usize, usize)> {
    let [tag, first, rest @ ..] = bytes else { return Err(NotDer) };
    if tag & 0x1f == 0x1f {
        return Err(NotDer);
    }
    if *first < 0x80 {
        return Ok((2, usize::from(*first)));
    }
    let count = usize::from(first & 0x7f);
    if !(1..=4).contains(&count) || rest.len() < count || rest[0] == 0 {
        return Err(NotDer);
    }
    let length = rest[..count].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    if length < 0x80 { Err(NotDer) } else { Ok((2 + count, length)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_one_after_another() {
        let mut reader = Reader::new(&[0x30, 3, 2, 1, 5, 4, 0]);
        let mut inner = reader.sequence().unwrap();
        assert_eq!(inner.take(tag::INTEGER).unwrap().body, [5]);
        assert_eq!(inner.end(), Ok(()));
        assert_eq!(reader.take(tag::OCTET_STRING).unwrap().body, []);
        assert!(reader.is_empty());
    }

    #[test]
    fn long_short_and_endless_lengths_are_refused() {
        let bad: [&[u8]; 6] =
            [&[0x30], &[0x30, 1], &[0x30, 0x80, 0, 0], &[4, 0x81, 1, 0], &[4, 0x82, 0, 1, 0], &[0x1f, 1, 0]];
        for bytes in bad {
            assert_eq!(Element::only(bytes), Err(NotDer), "{bytes:02x?}");
        }
        assert_eq!(Element::only(&[5, 0, 0]), Err(NotDer));
        assert_eq!(Element::only(&[4, 0x84, 0xff, 0xff, 0xff, 0xff]), Err(NotDer));
    }
}
