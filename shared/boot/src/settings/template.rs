//! A partner's file to start from: what its protocol knows, with what all protocols have in common put in its places.

/// The keys that all partners have, in blocks that begin with `#: name`.
const COMMON: &str = include_str!("partner.toml");

/// A commented file for a partner that has none yet: `template` is its protocol's, in which `#: name` is the place of a
/// block common to all; `secrets` is the folder in which its secrets are to lie.
#[must_use]
pub fn partner_file(template: &str, id: &str, secrets: &str) -> String {
    let mut whole = String::with_capacity(template.len() + COMMON.len());
    for line in template.lines() {
        match line.strip_prefix("#: ") {
            Some(name) => whole.push_str(block(name)),
            None => {
                whole.push_str(line);
                whole.push('\n');
            }
        }
    }
    whole.replace("@ID@", id).replace("@SECRETS@", secrets)
}

fn block(name: &str) -> &'static str {
    let mut blocks = COMMON.split("#: ");
    let found = blocks.find_map(|block| block.strip_prefix(name)?.strip_prefix('\n'));
    found.unwrap_or_default()
}
