//! multipart/form-data (RFC 7578): written for our PDFs, read for theirs.

use bytes::Bytes;

/// More parts than any interface has.
const MOST: usize = 16;

/// One part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) body: Bytes,
}

/// Whether a Content-Type announces such a form.
pub(super) fn is_announced(kind: &str) -> bool {
    let first = kind.split(';').next().unwrap_or_default();
    first.trim().eq_ignore_ascii_case("multipart/form-data")
}

/// Content-Type and body of a form with texts and one PDF; `edge` must occur in none of them.
pub(super) fn write(texts: &[(&str, &str)], part: &str, pdf: &Bytes, edge: &str) -> (String, Bytes) {
    let mut body = Vec::with_capacity(pdf.len() + 4096);
    let head = |body: &mut Vec<u8>, name: &str, more: &str| {
        let head = format!("--{edge}\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
    };
    for (name, text) in texts {
        head(&mut body, name, "");
        body.extend_from_slice(text.as_bytes());
        body.extend_from_slice(b"\r\n");
    }
    head(&mut body, part, &format!("; filename=\"{part}.pdf\"\r\nContent-Type: application/pdf"));
    body.extend_from_slice(pdf);
    body.extend_from_slice(format!("\r\n--{edge}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={edge}"), body.into())
}

/// Reads a form. What stands before the first edge and behind the last is not looked at.
///
/// # Errors
/// What is not as RFC 7578 has it.
pub(super) fn read(kind: &str, body: &Bytes) -> Result<Vec<Part>, &'static str> {
    let edge = format!("--{}", boundary(kind).ok_or("multipart without a boundary")?);
    let inner = format!("\r\n{edge}");
    let start = if body.starts_with(edge.as_bytes()) {
        edge.len()
    } else {
        find(body, inner.as_bytes()).ok_or("the form has no edge")? + inner.len()
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut at = start;
    loop {
        let rest = body.get(at..).unwrap_or_default();
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        let line = find(rest, b"\r\n").ok_or("an edge is not followed by a line break")?;
        if !rest[..line].iter().all(|c| matches!(c, b' ' | b'\t')) {
            return Err("an edge is followed by other things");
        }
        let from = at + line + 2;
        let length =
            find(body.get(from..).unwrap_or_default(), inner.as_bytes()).ok_or("a part has no end")?;
        let part = part(body, from, from + length)?;
        if parts.len() == MOST || parts.iter().any(|known| known.name == part.name) {
            return Err("too many parts, or two of one name");
        }
        parts.push(part);
        at = from + length + inner.len();
    }
}

fn part(whole: &Bytes, from: usize, to: usize) -> Result<Part, &'static str> {
    let content = &whole[from..to];
    let end = find(content, b"\r\n\r\n").ok_or("a part has no end of its head")?;
    let head = std::str::from_utf8(&content[..end]).map_err(|_| "the head of a part is no text")?;
    let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let (_, disposition) = lines
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"))
        .ok_or("a part has no Content-Disposition")?;
    let name = parameter(disposition, "name").filter(|name| !name.is_empty()).ok_or("a part has no name")?;
    Ok(Part { name: name.to_owned(), body: whole.slice(from + end + 4..to) })
}

fn boundary(kind: &str) -> Option<&str> {
    parameter(kind, "boundary").filter(|edge| (1..=70).contains(&edge.len()))
}

/// A parameter behind a `;`, with or without quotation marks.
fn parameter<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    let mut pairs = text.split(';').skip(1).filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))?;
    let value = value.trim();
    Some(value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value))
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(step) = hay.get(from..)?.iter().position(|byte| *byte == first) {
        let at = from + step;
        if hay.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.7\r\n--not the edge\r\n\r\n--rim";

    fn written() -> (String, Bytes) {
        write(&[("access_token", "a+b/=="), ("param", "x")], "guarantee_pdf", &PDF.into(), "rim0")
    }

    #[test]
    fn what_is_written_is_read() {
        let (kind, body) = written();
        let parts = read(&kind, &body).unwrap();
        let seen: Vec<_> = parts.iter().map(|part| (part.name.as_str(), &part.body[..])).collect();
        assert_eq!(seen, [("access_token", b"a+b/==".as_slice()), ("param", b"x"), ("guarantee_pdf", PDF)]);
        assert!(is_announced(&kind) && is_announced("Multipart/Form-Data;boundary=x"));
        assert!(!is_announced("application/x-www-form-urlencoded"));
    }

    #[test]
    fn other_hands_write_it_otherwise() {
        let (_, body) = written();
        let text = String::from_utf8(body.to_vec()).unwrap();
        let ways = [
            ("multipart/form-data; charset=UTF-8; boundary=\"rim0\"", text.clone()),
            ("multipart/form-data; boundary=rim0", format!("a preamble\r\n{text}an epilogue")),
            (
                "multipart/form-data; boundary=rim0",
                text.replace("Content-Disposition:", "content-disposition :"),
            ),
            ("multipart/form-data; boundary=rim0", text.replace("name=\"param\"", "name=param")),
            ("multipart/form-data; boundary=rim0", text.replace("--rim0\r\n", "--rim0 \r\n")),
        ];
        for (kind, body) in ways {
            assert_eq!(read(kind, &body.clone().into()).unwrap().len(), 3, "{body}");
        }
    }

    #[test]
    fn what_is_no_form_is_refused() {
        let (kind, body) = written();
        let text = String::from_utf8(body.to_vec()).unwrap();
        let wrong = [
            text.replace("--rim0--\r\n", ""),
            text.replace("\r\n", "\n"),
            text.replace("access_token", "param"),
            text.replace("; name=\"param\"", ""),
            text.replace("--rim0\r\n", "--rim0x\r\n"),
            String::new(),
        ];
        for body in wrong {
            assert!(read(&kind, &body.clone().into()).is_err(), "{body}");
        }
        for kind in
            ["multipart/form-data", "multipart/form-data; boundary=other", "multipart/form-data; boundary="]
        {
            assert!(read(kind, &body).is_err(), "{kind}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(body in "(--a|\r\n|:|;|name=|\"|x|-){0,40}") {
            let _ = read("multipart/form-data; boundary=a", &body.into());
        }
    }
}
