//! The file out of an uploaded form (RFC 7578): the part that is named `file`.

use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;

/// Longest boundary there may be (RFC 2046), characters.
const LONGEST_BOUNDARY: usize = 70;

/// Why there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoFile {
    /// The form cannot be read.
    NotAForm,
    /// No file was chosen.
    NotChosen,
    /// The file is larger than what is looked into.
    TooLarge,
}

impl NoFile {
    pub(super) const fn chinese(self) -> &'static str {
        match self {
            Self::NotAForm => "上传的内容无法识别，请用本页的表单上传保函的PDF文件。",
            Self::NotChosen => "请先选择保函的PDF文件，再点击“查验”。",
            Self::TooLarge => "文件超过4MB。本机构开立的保函文件不会超过这一大小，请确认所选文件是否正确。",
        }
    }
}

/// The file in a form.
pub(super) fn file(request: &Request<Bytes>) -> Result<&[u8], NoFile> {
    let header =
        request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = boundary(header).ok_or(NoFile::NotAForm)?;
    let found = part(request.body(), format!("--{boundary}").as_bytes()).ok_or(NoFile::NotAForm)?;
    match found.len() {
        0 => Err(NoFile::NotChosen),
        size if size > super::UPLOAD_BYTES => Err(NoFile::TooLarge),
        _ => Ok(found),
    }
}

fn boundary(header: &str) -> Option<&str> {
    let (kind, parameters) = header.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let value = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then(|| value.trim_matches('"'))
    })?;
    (1..=LONGEST_BOUNDARY).contains(&value.len()).then_some(value)
}

/// The content of the part named `file`.
fn part<'a>(body: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let mut rest = &body[find(body, mark)? + mark.len()..];
    loop {
        // Whatever follows the mark of the end is no part.
        rest = rest.strip_prefix(b"\r\n")?;
        let head = find(rest, b"\r\n\r\n")?;
        let content = &rest[head + 4..];
        let closing = [b"\r\n", mark].concat();
        let end = find(content, &closing)?;
        if is_the_file(&rest[..head]) {
            return Some(&content[..end]);
        }
        rest = &content[end + closing.len()..];
    }
}

fn is_the_file(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    lines.any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("content-disposition")
            && value.split(';').any(|parameter| matches!(parameter.trim(), "name=\"file\"" | "name=file"))
    })
}

/// Where a text begins: by its rarest part first would be faster; bodies are bounded and marks begin with `\r\n--`.
fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted.first()?;
    let mut from = 0;
    while let Some(at) = text.get(from..)?.iter().position(|byte| byte == first) {
        if text[from + at..].starts_with(wanted) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: &str, body: &[u8]) -> Request<Bytes> {
        let body = Bytes::copy_from_slice(body);
        Request::post("/v").header(CONTENT_TYPE, kind).body(body).unwrap()
    }

    const KIND: &str = "multipart/form-data; boundary=XX";

    #[test]
    fn the_file_is_found_among_other_parts_to_the_last_byte() {
        let body = b"--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nname=\"file\"\r\n--XX\r\n\
            content-disposition: form-data; name=\"file\"; filename=\"\xe4\xbf\x9d.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\
            %PDF\r\n--X\r\n\r\n\r\n--XX--\r\n";
        assert_eq!(file(&form(KIND, body)).unwrap(), b"%PDF\r\n--X\r\n\r\n");
        assert!(file(&form("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"XX\"", body)).is_ok());
    }

    #[test]
    fn what_holds_no_file_is_told() {
        let empty =
            b"--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--XX--\r\n";
        assert_eq!(file(&form(KIND, empty)), Err(NoFile::NotChosen));
        for (kind, body) in [
            ("application/pdf", b"%PDF".as_slice()),
            ("multipart/form-data", b"--XX"),
            ("multipart/form-data; boundary=", b"--\r\n"),
            (KIND, b""),
            (KIND, b"--XX--\r\n"),
            (KIND, b"--XX\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ncut off"),
            (KIND, b"--XX\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--XX--\r\n"),
        ] {
            assert_eq!(file(&form(kind, body)), Err(NoFile::NotAForm), "{kind}");
        }
    }
}
