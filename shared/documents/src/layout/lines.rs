//! Lines: a text broken to a width and set flush on both sides.

use super::kinsoku::{is_word, may_part};
use super::text::{Glyph, tighten, trim_start, white_behind, width};

/// More white than this between two characters looks worse than a ragged edge, in type sizes.
const WIDEST_GAP: f32 = 0.25;
/// The last line of a paragraph is at least so long, in type sizes, if the line before has a place to break.
const SHORTEST_LAST: f32 = 4.0;
/// Lines so long can spare some characters without showing it.
const LONG_LINE: f32 = 20.0;
/// Characters that a line gives to the next at most.
const MOST_SPARED: usize = 6;
/// A word longer than this part of a line may be broken anywhere.
const LONG_WORD: f32 = 0.6;

/// Breaks a text into lines of at most `room` type sizes; `indent` is left free in the first. `flush` spreads all but
/// the last line to the full room.
pub(crate) fn lines(text: &[Glyph], room: f32, indent: f32, flush: bool) -> Vec<Vec<Glyph>> {
    let mut text = text.to_vec();
    tighten(&mut text);
    let room_of = |line: usize| if line == 0 { room - indent } else { room }.max(1.0);
    let mut starts = Vec::new();
    let mut start = 0;
    while start < text.len() {
        trim_start(&mut text[start]);
        let end = line_end(&text, start, room_of(starts.len()));
        starts.push(start);
        start = skip_blanks(&text, end);
    }
    if flush && room >= LONG_LINE {
        lengthen_last(&text, &mut starts);
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut lines: Vec<Vec<Glyph>> =
        starts.iter().zip(ends).map(|(&from, to)| cut(&text, from, to)).collect();
    let last = lines.len().saturating_sub(1);
    if flush {
        lines[..last].iter_mut().enumerate().for_each(|(at, line)| spread(line, room_of(at)));
    }
    lines
}

fn skip_blanks(text: &[Glyph], from: usize) -> usize {
    from + text[from..].iter().take_while(|glyph| glyph.c == ' ').count()
}

/// A line without the blanks at its end.
fn cut(text: &[Glyph], from: usize, to: usize) -> Vec<Glyph> {
    let blanks = text[from..to].iter().rev().take_while(|glyph| glyph.c == ' ').count();
    let mut line = text[from..to - blanks].to_vec();
    if let Some(first) = line.first_mut() {
        trim_start(first);
    }
    line
}

/// A last line of one or two characters gets some from the line before, which can spare them.
fn lengthen_last(text: &[Glyph], starts: &mut [usize]) {
    let [.., before, last] = starts else { return };
    if width(&text[*last..]) >= SHORTEST_LAST {
        return;
    }
    let enough = |at: usize| width(&text[at..]) >= SHORTEST_LAST && may_part(text[at - 1].c, text[at].c);
    let near = last.saturating_sub(MOST_SPARED).max(*before + 1)..*last;
    if let Some(at) = near.rev().find(|&at| enough(at)) {
        *last = at;
    }
}

/// Where the line that begins at `start` ends (exclusive).
fn line_end(text: &[Glyph], start: usize, room: f32) -> usize {
    let (mut used, mut last_break) = (0.0, None);
    let mut word = 0.0;
    for (at, glyph) in text.iter().enumerate().skip(start) {
        if at > start && may_part(text[at - 1].c, glyph.c) {
            last_break = Some(at);
            word = 0.0;
        }
        used += glyph.advance;
        word += glyph.advance;
        // A thousandth forgives what adding many widths loses.
        if used - white_behind(glyph) > room + 0.001 {
            let whole = last_break.filter(|_| word_length(text, at) <= room * LONG_WORD);
            return whole.or(last_break.filter(|_| word <= 1.0)).unwrap_or(at.max(start + 1));
        }
    }
    text.len()
}

/// Length of the word around a place.
fn word_length(text: &[Glyph], at: usize) -> f32 {
    let before = text[..at].iter().rev().take_while(|glyph| is_word(glyph.c));
    let behind = text[at..].iter().take_while(|glyph| is_word(glyph.c));
    before.chain(behind).map(|glyph| glyph.advance).sum()
}

/// Spreads a line to the full room, between characters that are not of one word.
fn spread(line: &mut [Glyph], room: f32) {
    let Some((last, front)) = line.split_last_mut() else { return };
    last.advance -= white_behind(last);
    let open: Vec<usize> = (0..front.len())
        .filter(|&at| {
            let next = front.get(at + 1).map_or(last.c, |glyph| glyph.c);
            !(is_word(front[at].c) && is_word(next))
        })
        .collect();
    let free = room - width(front) - last.advance;
    // Whole thousandths, as widths are; what is left over is less than a hair.
    let gap = (free / open.len().max(1) as f32 * 1000.0).floor() / 1000.0;
    if gap <= WIDEST_GAP {
        for at in open {
            front[at].advance += gap;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::Style;
    use proptest::prelude::*;

    /// Chinese is one wide, the rest a half.
    fn text(text: &str) -> Vec<Glyph> {
        let glyph = |c: char| Glyph {
            c,
            id: 1,
            style: Style::Text,
            advance: if c.is_ascii() { 0.5 } else { 1.0 },
            shift: 0.0,
            fact: false,
        };
        text.chars().map(glyph).collect()
    }

    fn broken(content: &str, room: f32, indent: f32) -> Vec<String> {
        let lines = lines(&text(content), room, indent, true);
        lines.iter().map(|line| line.iter().map(|glyph| glyph.c).collect()).collect()
    }

    #[test]
    fn punctuation_does_not_begin_a_line_nor_a_bracket_end_one() {
        assert_eq!(broken("甲乙丙，丁", 3.0, 0.0), ["甲乙", "丙，丁"]);
        assert_eq!(broken("甲乙（丙）", 3.0, 0.0), ["甲乙", "（丙）"]);
        assert_eq!(broken("甲乙丙！丁", 3.0, 0.0), ["甲乙", "丙！丁"]);
        assert_eq!(broken("价款为￥100", 4.0, 0.0), ["价款为", "￥100"]);
    }

    #[test]
    fn a_closing_mark_may_hang_its_white_over_the_edge() {
        assert_eq!(broken("甲乙，丙丁", 2.5, 0.0), ["甲乙，", "丙丁"]);
    }

    #[test]
    fn marks_side_by_side_share_their_white() {
        assert_eq!(broken("甲（乙）（丙）丁", 7.5, 0.0), ["甲（乙）（丙）丁"]);
        let set = &lines(&text("甲”）。"), 9.0, 0.0, false)[0];
        assert!((width(set) - 3.0).abs() < 0.01, "{}", width(set));
    }

    #[test]
    fn a_number_stays_whole_unless_it_is_longer_than_half_a_line() {
        assert_eq!(broken("编号甲乙丙丁BH26戊", 7.0, 0.0), ["编号甲乙丙丁", "BH26戊"]);
        assert_eq!(broken("甲ABCDEFGHKL", 2.0, 0.0), ["甲AB", "CDEF", "GHKL"]);
    }

    #[test]
    fn the_first_line_leaves_room_for_its_indent() {
        assert_eq!(broken("甲乙丙丁", 3.0, 2.0), ["甲", "乙丙丁"]);
    }

    #[test]
    fn a_last_line_is_not_left_with_one_character() {
        let text = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉，戌亥";
        let broken_at = ["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申", "酉，戌亥"];
        assert_eq!(broken(text, 21.0, 0.0), broken_at);
        assert_eq!(broken(&text.replace('戌', "（戌）"), 22.0, 0.0)[1], "酉，（戌）亥");
    }

    #[test]
    fn all_but_the_last_line_are_flush() {
        let set = lines(&text("甲乙丙丁戊己AB庚辛壬癸"), 6.75, 0.0, true);
        assert_eq!(set.len(), 2);
        assert!((width(&set[0]) - 6.75).abs() < 0.01, "{}", width(&set[0]));
        assert!(width(&set[1]) < 6.0);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_overflows(content in "[甲乙，。（）“”A-Z0-9 ]{0,80}", room in 2.0_f32..20.0) {
            let set = lines(&text(&content), room, 0.0, true);
            let kept: String = set.concat().iter().map(|glyph| glyph.c).filter(|c| *c != ' ').collect();
            prop_assert_eq!(kept, content.replace(' ', ""));
            for line in set {
                let over = width(&line) - line.last().map_or(0.0, white_behind);
                prop_assert!(over <= room + 0.01, "{} in {}", over, room);
            }
        }

        #[test]
        fn no_line_begins_with_a_closing_mark(content in "[甲乙丙丁，。；：）A-C0-3]{0,60}", room in 12.0_f32..20.0) {
            // Where a whole line were marks there is no place to break; three in a row there never are.
            prop_assume!(!content.contains("AAA"));
            let mut run = 0;
            for c in content.chars() {
                run = if "，。；：）ABC0123".contains(c) { run + 1 } else { 0 };
                prop_assume!(run < 8);
            }
            for line in lines(&text(&content), room, 0.0, true).iter().skip(1) {
                prop_assert!(!"，。；：）".contains(line[0].c), "{:?}", line[0].c);
            }
        }
    }
}
