//! What a partner's file says of a key today; never a secret, nor where one is.

use crate::partner::new::{MARK, TEMPLATES};
use boot::settings::partner_file;
use std::collections::BTreeMap;
use toml_edit::{DocumentMut, Item};

/// A partner's file beside the template of its protocol.
pub(super) struct Today<'a> {
    document: &'a DocumentMut,
    /// By dotted key: what is so unless the file says otherwise; none if there is no such value.
    defaults: BTreeMap<String, Option<String>>,
    /// The variants, as the template has them in order: what is neither a name of ours nor a secret.
    pub(super) variants: Vec<String>,
}

impl<'a> Today<'a> {
    pub(super) fn of(document: &'a DocumentMut, protocol: &str) -> Self {
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
    pub(super) fn value(&self, key: &str) -> (Option<String>, bool) {
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

fn is_reference(value: &str) -> bool {
    let value = value.trim_start_matches('"');
    value.starts_with("file:") || value.starts_with("env:")
}
