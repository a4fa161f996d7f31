//! Where a line of Chinese may end: no line begins with ，。；：）」 or ends with （「, and numbers stay whole.

/// Full-width marks whose ink is in their left half.
const CLOSING: &str = "，。；：、）》”’】」』〉〕";
/// Full-width marks whose ink is in their right half.
const OPENING: &str = "（《“‘【「『〈〔";
/// What else never begins a line.
const NOT_FIRST: &str = "！？…—～·％℃㎡,.;:!?)]}%";
/// What else never ends a line.
const NOT_LAST: &str = "￥¥$([{#№";

pub(crate) fn is_closing(c: char) -> bool {
    CLOSING.contains(c)
}

pub(crate) fn is_opening(c: char) -> bool {
    OPENING.contains(c)
}

/// True for what numbers, codes and Latin words are made of.
pub(crate) fn is_word(c: char) -> bool {
    c.is_ascii_graphic()
}

/// True if a line may end after `left` and the next begin with `right`.
pub(super) fn may_part(left: char, right: char) -> bool {
    let begins = !is_closing(right) && !NOT_FIRST.contains(right) && right != ' ';
    let ends = !is_opening(left) && !NOT_LAST.contains(left);
    begins && ends && !(is_word(left) && is_word(right))
}
