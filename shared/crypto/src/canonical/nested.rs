//! Nested JSON in a sign string: the white space between tokens goes, everything else stays as received.

/// Compact spelling of JSON text; text inside quotes is not touched.
pub(super) fn compact(json: &str) -> String {
    let mut quoted = false;
    let mut escaped = false;
    json.chars()
        .filter(|c| {
            if quoted {
                quoted = escaped || *c != '"';
                escaped = !escaped && *c == '\\';
                return true;
            }
            quoted = *c == '"';
            !matches!(c, ' ' | '\t' | '\r' | '\n')
        })
        .collect()
}
