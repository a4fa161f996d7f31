//! Writing DER: an element is its tag, its length in the shortest form, and its content.

use super::tag;

/// Appends one element.
pub(crate) fn put(out: &mut Vec<u8>, tag: u8, body: &[u8]) {
    out.push(tag);
    let length = body.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        out.push(0x80 | (bytes.len() - zeros) as u8);
        out.extend_from_slice(&bytes[zeros..]);
    }
    out.extend_from_slice(body);
}

/// One element with this content.
pub(crate) fn element(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 6);
    put(&mut out, tag, body);
    out
}

/// An element of parts one after another.
pub(crate) fn of(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    element(tag, &parts.concat())
}

/// A sequence.
pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    of(tag::SEQUENCE, parts)
}

/// A set of: DER wants its members in the order of their bytes.
pub(crate) fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    element(tag::SET, &parts.concat())
}

/// An object identifier.
pub(crate) fn oid(oid: &[u8]) -> Vec<u8> {
    element(tag::OID, oid)
}

/// An algorithm with parameters NULL, or without any.
pub(crate) fn algorithm(name: &[u8], null: bool) -> Vec<u8> {
    let parameters: &[u8] = if null { &[tag::NULL, 0] } else { &[] };
    sequence(&[&oid(name), parameters])
}

/// A non-negative integer from its bytes, most significant first.
pub(crate) fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = &bytes[zeros..];
    match digits.first() {
        None => element(tag::INTEGER, &[0]),
        Some(first) if first & 0x80 != 0 => of(tag::INTEGER, &[&[0], digits]),
        Some(_) => element(tag::INTEGER, digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::Element;

    #[test]
    fn what_is_written_is_read_again() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let body = vec![7; length];
            let written = element(tag::OCTET_STRING, &body);
            assert_eq!(Element::only(&written).unwrap().body, body);
        }
    }

    #[test]
    fn integers_have_a_sign_and_no_idle_zeros() {
        assert_eq!(integer(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[0x7f]), [2, 1, 0x7f]);
        assert_eq!(integer(&[0, 0]), [2, 1, 0]);
    }

    #[test]
    fn a_set_is_sorted() {
        assert_eq!(set_of(vec![vec![4, 1, 9], vec![2, 1, 1]]), [0x31, 6, 2, 1, 1, 4, 1, 9]);
    }
}
