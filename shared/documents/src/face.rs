//! The type face: how wide characters are, where a Chinese line may break, how text is encoded.

/// A Chinese character, in thousandths of the type size, as all widths here.
pub(crate) const HAN: usize = 1000;

/// How much room a text takes.
pub(crate) fn span(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// How much room a character takes; the font's width table in `page.rs` says the same to the reader. As no font is
/// embedded the reader draws ASCII in a face of its own: these widths leave room for the usual ones.
pub(crate) fn width(c: char) -> usize {
    match c {
        ' ' | '!' | '\'' | '(' | ')' | ',' | '-' | '.' | '/' | ':' | ';' | 'I' | '[' | ']' | 'i' | 'j'
        | 'l' | '{' | '|' | '}' => 330,
        '%' | '@' | 'M' | 'W' | 'm' | 'w' => 900,
        '&' | 'A'..='Z' => 700,
        _ if c.is_ascii() => 560,
        _ => HAN,
    }
}

/// A line never begins with one of these.
const CLOSING: &str = "，。；：、！？）》”’】…—%,.;:!?)]}";
/// A line never ends with one of these.
const OPENING: &str = "（《“‘【￥([{";

/// True if a line may end after `left` and the next begin with `right`: numbers and Latin words stay together.
fn may_part(left: char, right: char) -> bool {
    let word = |c: char| c.is_ascii_graphic();
    let joined = CLOSING.contains(right) || OPENING.contains(left) || (word(left) && word(right));
    !joined
}

/// Breaks a paragraph into lines of at most `room`; `indent` is left free in the first. What is too long
/// to keep together is broken anywhere.
pub(crate) fn lines(paragraph: &str, room: usize, indent: usize) -> Vec<String> {
    let text: Vec<char> = paragraph.chars().map(printable).collect();
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let room = if lines.is_empty() { room.saturating_sub(indent) } else { room }.max(HAN);
        let end = line_end(&text, start, room);
        lines.push(text[start..end].iter().collect::<String>().trim_end().to_owned());
        start = end;
        while start < text.len() && text[start] == ' ' {
            start += 1;
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// Where the line that begins at `start` ends (exclusive).
fn line_end(text: &[char], start: usize, room: usize) -> usize {
    let (mut used, mut last_break) = (0, None);
    for at in start..text.len() {
        if at > start && may_part(text[at - 1], text[at]) {
            last_break = Some(at);
        }
        used += width(text[at]);
        if used > room {
            return last_break.unwrap_or(at);
        }
    }
    text.len()
}

/// Line ends, tabs and other control characters in a received name would break the page: blanks instead.
fn printable(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

/// UTF-16, big end first: what `UniGB-UTF16-H` reads.
pub(crate) fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn punctuation_does_not_begin_a_line_nor_a_bracket_end_one() {
        assert_eq!(lines("甲乙丙，丁", 3 * HAN, 0), ["甲乙", "丙，丁"]);
        assert_eq!(lines("甲乙（丙）", 3 * HAN, 0), ["甲乙", "（丙）"]);
    }

    #[test]
    fn a_number_stays_together_unless_it_is_longer_than_a_line() {
        let whole = span("BH2026甲");
        assert_eq!(lines("编号BH2026甲", whole, 0), ["编号", "BH2026甲"]);
        assert_eq!(lines("ABCDEFGHKL", span("ABCD"), 0), ["ABCD", "EFGH", "KL"]);
    }

    #[test]
    fn the_first_line_leaves_room_for_its_indent() {
        assert_eq!(lines("甲乙丙丁", 3 * HAN, 2 * HAN), ["甲", "乙丙丁"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_overflows(text in "[甲乙，。（）A-Z0-9 \\t]{0,80}", room in HAN..20 * HAN) {
            let broken = lines(&text, room, 0);
            let kept: String = broken.concat().chars().filter(|c| !c.is_whitespace()).collect();
            let given: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            prop_assert_eq!(kept, given);
            prop_assert!(broken.iter().all(|line| span(line) <= room));
        }
    }
}
