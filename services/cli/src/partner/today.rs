//! What a partner's file says of a key today; never a secret, nor where one is.

use crate::partner::new::{MARK, TEMPLATES};
use boot::settings::partner_file;
use std::collections::BTreeMap;
use toml_edit::{Array, DocumentMut, Item, Value};

/// A partner's file beside the template of its protocol.
pub(crate) struct Today<'a> {
    document: &'a DocumentMut,
    /// By dotted key: what is so unless the file says otherwise; none if there is no such value.
    defaults: BTreeMap<String, Option<String>>,
    /// The variants, as the template has them in order: what is neither a name of ours nor a secret.
    pub(crate) variants: Vec<String>,
}

impl<'a> Today<'a> {
    pub(crate) fn of(document: &'a DocumentMut, protocol: &str) -> Self {
        let template = TEMPLATES.into_iter().find(|(name, _)| *name == protocol).map_or("", |(_, text)| text);
        let mut today = Self { document, defaults: BTreeMap::new(), variants: Vec::new() };
        let (mut section, mut said, mut was_words) = (String::new(), false, false);
        for line in partner_file(template, "ID", "secrets").lines() {
            let words = line.starts_with("# ");
            if words {
                said = line.contains("Default:") || (said && was_words);
            } else if let Some(name) = line.trim_start_matches('#').strip_prefix('[') {
                section = format!("{}.", name.trim_end_matches(']'));
            } else if let Some((key, value)) = line.trim_start_matches('#').split_once(" = ") {
                let key = format!("{}{key}", section.trim_start_matches('.'));
                let default = (line.starts_with('#') && !said).then(|| value.to_owned());
                if section == "settings." && !line.contains(MARK) && !is_reference(value) {
                    today.variants.push(key.clone());
                }
                today.defaults.insert(key, default);
            }
            was_words = words;
        }
        today
    }

    /// The value in the file, or the default, and whether it is one.
    pub(crate) fn value(&self, key: &str) -> (Option<String>, bool) {
        let mut item: Option<&Item> = Some(self.document.as_item());
        for step in key.split('.') {
            item = item.and_then(|item| item.get(step));
        }
        match item.filter(|item| !item.is_none()) {
            Some(Item::Value(value)) => {
                let text = value.to_string();
                let text = text.split(" #").next().unwrap_or_default().trim().to_owned();
                (Some(if is_reference(&text) { "✓".to_owned() } else { text }), false)
            }
            Some(Item::Table(table)) if !table.is_empty() => {
                let names: Vec<&str> = table.iter().map(|(name, _)| name).collect();
                (Some(names.join(", ")), false)
            }
            _ => (self.defaults.get(key).cloned().flatten(), true),
        }
    }
}

impl Today<'_> {
    /// A line for `[settings]` as it is to be pasted: a list keeps what is in it today, in the file or by default.
    pub(crate) fn extended(&self, line: &str) -> String {
        let Some((key, Value::Array(more))) =
            line.split_once(" = ").and_then(|(key, value)| Some((key, value.parse().ok()?)))
        else {
            return line.to_owned();
        };
        let (today, _) = self.value(&format!("settings.{key}"));
        let mut whole: Array = match today.and_then(|today| today.parse().ok()) {
            Some(Value::Array(today)) => today,
            _ => return line.to_owned(),
        };
        let known: Vec<String> = whole.iter().map(|item| item.to_string().trim().to_owned()).collect();
        for item in more.iter().filter(|item| !known.contains(&item.to_string().trim().to_owned())) {
            whole.push(item.clone());
        }
        whole.fmt();
        format!("{key} = {}", Value::Array(whole).to_string().trim())
    }
}

fn is_reference(value: &str) -> bool {
    let value = value.trim_start_matches('"');
    value.starts_with("file:") || value.starts_with("env:")
}

#[cfg(test)]
mod tests {
    use super::Today;
    use toml_edit::DocumentMut;

    #[test]
    fn a_list_keeps_what_is_in_it_and_what_is_so_by_default() {
        let of = |text: &str, line: &str| {
            let document: DocumentMut = format!("[settings]\n{text}").parse().unwrap();
            Today::of(&document, "fuzhou").extended(line)
        };
        let more = "accept_also = [{ empties = \"drop\", null_as = \"null\" }]";
        let default = "{ empties = \"drop\" }, { null_as = \"null\" }";
        assert_eq!(
            of("", more),
            format!("accept_also = [{default}, {{ empties = \"drop\", null_as = \"null\" }}]")
        );
        assert_eq!(of("accept_also = []", more), more);
        let there = "accept_also = [{ empties = \"drop\", null_as = \"null\" }]";
        assert_eq!(of(there, more), there, "what is there is not added");
        assert_eq!(of("", "padding = \"pkcs1\""), "padding = \"pkcs1\"");
        assert_eq!(of("", "unsigned_from = [\"192.0.2.7\"]"), "unsigned_from = [\"192.0.2.7\"]");
        let both = of("unsigned_from = [\"192.0.2.1\"]  # its proxy", "unsigned_from = [\"192.0.2.7\"]");
        assert_eq!(both, "unsigned_from = [\"192.0.2.1\", \"192.0.2.7\"]");
    }
}
