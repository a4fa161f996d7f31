//! A text with `{names}` in it.

/// The text cut at its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words(pub(super) Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Plain(String),
    Name(String),
}

/// A brace without its partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OpenBrace;

impl Words {
    /// Cuts a text.
    pub(super) fn read(text: &str) -> Result<Self, OpenBrace> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').ok_or(OpenBrace)?;
            parts.extend([Part::Plain(before.to_owned()), Part::Name(name.trim().to_owned())]);
            rest = behind;
        }
        parts.push(Part::Plain(rest.to_owned()));
        let stray = |part: &Part| matches!(part, Part::Plain(text) if text.contains('}'));
        if parts.iter().any(stray) {
            return Err(OpenBrace);
        }
        parts.retain(|part| *part != Part::Plain(String::new()));
        Ok(Self(parts))
    }

    /// The names in it.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            Part::Plain(_) => None,
        })
    }

    /// The texts between the names.
    pub(super) fn plain(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Plain(text) => Some(text.as_str()),
            Part::Name(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_names() {
        let words = Words::read("致：{a}，{ b }。").expect("a text");
        assert_eq!(words.names().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(words.plain().collect::<Vec<_>>(), ["致：", "，", "。"]);
        assert_eq!(Words::read("").expect("nothing").0, []);
    }

    #[test]
    fn a_lone_brace_is_a_mistake() {
        for text in ["{a", "a}", "{a}}", "}{"] {
            assert_eq!(Words::read(text), Err(OpenBrace), "{text}");
        }
    }
}
