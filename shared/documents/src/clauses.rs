//! The text of a guarantee: clauses kept as data, with the facts of one guarantee put in.

/// A set of clauses and the version printed under it.
pub(crate) struct Template {
    /// Version, also the name of the file.
    pub(crate) version: &'static str,
    /// Paragraphs, one a line, with `{names}`.
    pub(crate) text: &'static str,
}

/// 投标保函.
pub(crate) const BID: Template =
    Template { version: "BID-2026-1", text: include_str!("../templates/BID-2026-1.txt") };

/// 履约保函.
pub(crate) const PERFORMANCE: Template =
    Template { version: "PERF-2026-1", text: include_str!("../templates/PERF-2026-1.txt") };

impl Template {
    /// The paragraphs with each `{name}` replaced by its fact. A fact is put in as it is: braces in it mean nothing.
    pub(crate) fn fill(&self, facts: &[(&str, &str)]) -> Vec<String> {
        self.text.lines().map(|line| fill_line(line, facts)).collect()
    }
}

fn fill_line(line: &str, facts: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(line.len() * 2);
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, behind)) = after.split_once('}') else { break };
        text.push_str(facts.iter().find(|(fact, _)| *fact == name).map_or("", |(_, value)| value));
        rest = behind;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_in_a_fact_mean_nothing() {
        let line = fill_line("致：{a}，{b}。", &[("a", "{b}{"), ("b", "乙")]);
        assert_eq!(line, "致：{b}{，乙。");
    }
}
