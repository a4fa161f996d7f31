//! The words of the TOML reader, turned into advice; a value never appears in them, it may be a secret in the wrong place.

/// What to tell the operator about a refusal of the TOML reader.
pub(super) fn advice(message: &str) -> String {
    let message = without_values(message.trim());
    if let Some(rest) = message.strip_prefix("unknown field ") {
        return unknown(rest);
    }
    if missing(&message).is_some() {
        return "is missing: add it".to_owned();
    }
    message
}

/// The name of the missing key, if that is what the refusal is about.
pub(super) fn missing(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.split('`').next()
}

fn unknown(rest: &str) -> String {
    let mut names = rest.split('`').skip(1).step_by(2);
    let given = names.next().unwrap_or_default();
    let known: Vec<&str> = names.collect();
    if known.is_empty() {
        return "unknown key, nothing may stand here: remove it".to_owned();
    }
    let near = known.iter().map(|name| (distance(given, name), name)).min();
    let guess = match near {
        Some((away, name)) if away <= 1 + given.len() / 4 => format!(" Did you mean {name:?}?"),
        _ => String::new(),
    };
    format!("unknown key: correct or remove it.{guess} Keys known here: {}", known.join(", "))
}

/// `invalid type: string "hunter2", expected u16` without the `"hunter2"`.
fn without_values(message: &str) -> String {
    let Some((before, value)) = message.split_once("string \"") else { return message.to_owned() };
    let after = value.rfind("\", ").or_else(|| value.rfind('"')).map_or("", |end| &value[end + 1..]);
    format!("{before}a string{after}")
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.chars().enumerate() {
            let swap = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = swap.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::advice;

    #[test]
    fn a_value_is_never_repeated() {
        let said = advice("invalid type: string \"hun\"ter, 2\", expected u16");
        assert_eq!(said, "invalid type: a string, expected u16");
    }

    #[test]
    fn a_near_miss_is_guessed() {
        let said = advice("unknown field `lane`, expected one of `url`, `lanes`");
        assert!(said.contains("Did you mean \"lanes\"?"), "{said}");
        let said = advice("unknown field `colour`, expected one of `url`, `lanes`");
        assert!(!said.contains("Did you mean") && said.contains("url, lanes"), "{said}");
    }
}
