//! multipart/form-data as platforms send and take it: written plainly, read strictly.

use bytes::Bytes;

/// One part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// The name of the file, if it is one.
    pub file_name: Option<String>,
    /// Content-Type of the part, if it says one.
    pub content_type: Option<String>,
    /// The bytes between the borders.
    pub body: Bytes,
}

impl Part {
    /// A field.
    #[must_use]
    pub fn text(name: &str, value: impl Into<Bytes>) -> Self {
        Self { name: name.to_owned(), file_name: None, content_type: None, body: value.into() }
    }

    /// A PDF.
    #[must_use]
    pub fn pdf(name: &str, file_name: &str, body: impl Into<Bytes>) -> Self {
        Self {
            name: name.to_owned(),
            file_name: Some(file_name.to_owned()),
            content_type: Some("application/pdf".to_owned()),
            body: body.into(),
        }
    }
}

/// Content-Type and body of a form whose border is `boundary`.
#[must_use]
pub fn write(parts: &[Part], boundary: &str) -> (String, Bytes) {
    let mut body = Vec::new();
    for part in parts {
        body.extend(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", part.name).bytes(),
        );
        if let Some(name) = &part.file_name {
            body.extend(format!("; filename=\"{name}\"").bytes());
        }
        if let Some(kind) = &part.content_type {
            body.extend(format!("\r\nContent-Type: {kind}").bytes());
        }
        body.extend(b"\r\n\r\n");
        body.extend(&part.body);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").bytes());
    (format!("multipart/form-data; boundary={boundary}"), body.into())
}

/// Whether a Content-Type announces such a form.
#[must_use]
pub fn announced(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("multipart/form-data"))
}

/// Reads a form; nothing may stand before the first border, nothing but a line break behind the last, and every part has a
/// name of its own.
///
/// # Errors
/// A sentence that says what is not as RFC 7578 has it.
pub fn read(content_type: &str, body: &Bytes) -> Result<Vec<Part>, &'static str> {
    let boundary = boundary(content_type).ok_or("multipart without a boundary")?;
    let first = format!("--{boundary}");
    let border = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(first.as_bytes()).ok_or("the form does not begin with its border")?;
    let mut parts: Vec<Part> = Vec::new();
    loop {
        if matches!(rest, b"--" | b"--\r\n") {
            return Ok(parts);
        }
        let content = rest.strip_prefix(b"\r\n").ok_or("a border is not followed by a line break")?;
        let end = find(content, border.as_bytes()).ok_or("a part has no end")?;
        let part = part(body, content.get(..end).unwrap_or_default())?;
        if parts.iter().any(|known| known.name == part.name) {
            return Err("two parts have the same name");
        }
        parts.push(part);
        rest = content.get(end + border.len()..).unwrap_or_default();
    }
}

fn part(whole: &Bytes, content: &[u8]) -> Result<Part, &'static str> {
    let end = find(content, b"\r\n\r\n").ok_or("a part has no end of its head")?;
    let head = std::str::from_utf8(content.get(..end).unwrap_or_default());
    let head = head.map_err(|_| "the head of a part is not UTF-8")?;
    let field = |name: &str| {
        let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let disposition = field("content-disposition").ok_or("a part has no Content-Disposition")?;
    let mut words = disposition.split(';').map(str::trim);
    if words.next() != Some("form-data") {
        return Err("a part is not form-data");
    }
    let quoted = |wanted: &str| {
        let mut pairs = disposition.split(';').filter_map(|word| word.trim().split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == wanted)?;
        Some(value.strip_prefix('"')?.strip_suffix('"')?.to_owned())
    };
    Ok(Part {
        name: quoted("name").filter(|name| !name.is_empty()).ok_or("a part has no name")?,
        file_name: quoted("filename"),
        content_type: field("content-type").map(str::to_owned),
        body: whole.slice_ref(content.get(end + 4..).unwrap_or_default()),
    })
}

fn boundary(content_type: &str) -> Option<&str> {
    let mut pairs = content_type.split(';').filter_map(|word| word.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("boundary"))?;
    let value = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    (1..=70).contains(&value.len()).then_some(value)
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

    fn form() -> Vec<Part> {
        let pdf = b"%PDF-1.7\r\n--not the border\r\n\r\n--edge".as_slice();
        vec![
            Part::text("param", "a+b/=="),
            Part::text("access_token", ""),
            Part::pdf("guarantee_pdf", "保函.pdf", Bytes::from_static(pdf)),
        ]
    }

    #[test]
    fn what_is_written_is_read() {
        let (kind, body) = write(&form(), "edge-of-form");
        assert!(announced(&kind) && announced("Multipart/Form-Data;boundary=x") && !announced("text/plain"));
        assert_eq!(read(&kind, &body).unwrap(), form());
        assert_eq!(read("multipart/form-data; boundary=\"edge-of-form\"", &body).unwrap(), form());
    }

    #[test]
    fn what_is_not_a_form_is_refused() {
        let (kind, body) = write(&form(), "rim");
        assert!(read(&kind, &body).is_ok());
        let text = String::from_utf8(body.to_vec()).unwrap();
        for (what, changed) in [
            ("a preamble", format!("x{text}")),
            ("an epilogue", format!("{text}x")),
            ("no last border", text.replace("--rim--\r\n", "")),
            ("bare line feeds", text.replace("\r\n", "\n")),
            ("a part twice", text.replace("access_token", "param")),
            ("a part without a name", text.replace("; name=\"param\"", "")),
            (
                "a part of another kind",
                text.replace("form-data; name=\"param\"", "attachment; name=\"param\""),
            ),
        ] {
            assert!(read(&kind, &Bytes::from(changed)).is_err(), "{what}");
        }
        assert!(read("multipart/form-data", &body).is_err());
        assert!(read("multipart/form-data; boundary=other", &body).is_err());
    }
}
