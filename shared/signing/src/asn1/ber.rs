//! BER with indefinite lengths, as some signing libraries write it, made into DER; bounded in depth and never longer than before.

use super::{NotDer, Parsed, tag};

/// Deeper nesting than any certificate or signature has.
const DEEPEST: usize = 24;

/// The element at the start of `bytes` as DER, and how many bytes it took.
pub(crate) fn first_as_der(bytes: &[u8]) -> Parsed<(Vec<u8>, usize)> {
    let mut out = Vec::new();
    let used = element(bytes, 0, &mut out)?;
    Ok((out, used))
}

fn element(bytes: &[u8], depth: usize, out: &mut Vec<u8>) -> Parsed<usize> {
    if depth > DEEPEST {
        return Err(NotDer);
    }
    let (first, head, length) = head(bytes)?;
    let constructed = first & 0x20 != 0;
    let (inside, used) = match length {
        Some(length) => {
            let end = head.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(NotDer)?;
            (&bytes[head..end], end)
        }
        None if constructed => {
            let length = until_the_end(&bytes[head..], depth)?;
            (&bytes[head..head + length], head + length + 2)
        }
        None => return Err(NotDer),
    };
    // An octet string in pieces becomes one piece.
    if first == tag::OCTET_STRING | 0x20 {
        let mut joined = Vec::new();
        pieces(inside, depth + 1, &mut joined)?;
        super::write::put(out, tag::OCTET_STRING, &joined);
    } else if constructed {
        let mut body = Vec::new();
        let mut rest = inside;
        while !rest.is_empty() {
            let used = element(rest, depth + 1, &mut body)?;
            rest = &rest[used..];
        }
        super::write::put(out, first, &body);
    } else {
        super::write::put(out, first, inside);
    }
    Ok(used)
}

/// How many bytes come before the two zeros that end this indefinite length.
fn until_the_end(bytes: &[u8], depth: usize) -> Parsed<usize> {
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).ok_or(NotDer)?;
        if rest.starts_with(&[0, 0]) {
            return Ok(at);
        }
        at += skip(rest, depth + 1)?;
    }
}

fn skip(bytes: &[u8], depth: usize) -> Parsed<usize> {
    if depth > DEEPEST {
        return Err(NotDer);
    }
    let (first, head, length) = head(bytes)?;
    match length {
        Some(length) => head.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(NotDer),
        None if first & 0x20 != 0 => Ok(head + until_the_end(&bytes[head..], depth)? + 2),
        None => Err(NotDer),
    }
}

fn pieces(mut bytes: &[u8], depth: usize, joined: &mut Vec<u8>) -> Parsed<()> {
    while !bytes.is_empty() {
        let mut piece = Vec::new();
        let used = element(bytes, depth, &mut piece)?;
        let piece = super::Element::only(&piece)?.tagged(tag::OCTET_STRING)?;
        joined.extend_from_slice(piece.body);
        bytes = &bytes[used..];
    }
    Ok(())
}

/// Tag, length of the head, and length of the body (`None`: until the end mark).
fn head(bytes: &[u8]) -> Parsed<(u8, usize, Option<usize>)> {
    let [first, length, rest @ ..] = bytes else { return Err(NotDer) };
    if first & 0x1f == 0x1f {
        return Err(NotDer);
    }
    match length {
        0x80 => Ok((*first, 2, None)),
        0..0x80 => Ok((*first, 2, Some(usize::from(*length)))),
        _ => {
            let count = usize::from(length & 0x7f);
            if count > 4 || rest.len() < count {
                return Err(NotDer);
            }
            let length = rest[..count].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            Ok((*first, 2 + count, Some(length)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_pieces_become_der() {
        let ber = [0x30, 0x80, 0x24, 0x80, 4, 1, 7, 4, 2, 8, 9, 0, 0, 2, 0x81, 1, 5, 0, 0, 0xff];
        let (der, used) = first_as_der(&ber).unwrap();
        assert_eq!(der, [0x30, 8, 4, 3, 7, 8, 9, 2, 1, 5]);
        assert_eq!(used, ber.len() - 1);
    }

    #[test]
    fn endless_nesting_is_refused() {
        let deep: Vec<u8> = [0x30, 0x80].repeat(10_000);
        assert_eq!(first_as_der(&deep), Err(NotDer));
    }
}
