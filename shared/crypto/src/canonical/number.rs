//! JSON numbers in a sign string, as the partner's own language would print them.

use std::borrow::Cow;

/// Digits beyond this are no money and no count: such a token is left as received rather than written out.
const WIDEST: i64 = 400;

/// The token as Java's `Double.toString` prints it; a token that is no number, or too large for a double, stays.
///
/// Shortest digits are printed, as Java does from 19 on; Java 8 to 17 add a digit for a few values far from
/// any amount of money (`2.0E-3` is not among them).
pub(super) fn java_double(token: &str) -> Cow<'_, str> {
    let Some(value) = token.parse::<f64>().ok().filter(|value| value.is_finite()) else {
        return token.into();
    };
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        return format!("{value:?}").into();
    }
    let scientific = format!("{value:E}");
    match scientific.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}").into(),
        _ => scientific.into(),
    }
}

/// The token with two decimals, halves away from zero (`BigDecimal.setScale(2, HALF_UP)`), computed on the
/// decimal digits and never through a float; a token that is no number stays.
pub(super) fn fixed2(token: &str) -> Cow<'_, str> {
    cents(token).map_or(Cow::Borrowed(token), Cow::Owned)
}

fn cents(token: &str) -> Option<String> {
    let (negative, unsigned) = match token.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, token),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if whole.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let kept = i64::try_from(whole.len()).ok()?.checked_add(exponent)?.checked_add(2)?;
    if !(-WIDEST..WIDEST).contains(&kept) {
        return None;
    }
    round_at(&mut digits, kept);
    Some(written(negative, digits))
}

/// Keeps `kept` digits, filling with zeros on either side, and rounds halves up.
fn round_at(digits: &mut Vec<u8>, kept: i64) {
    let Ok(kept) = usize::try_from(kept) else {
        *digits = vec![b'0'];
        return;
    };
    let up = digits.get(kept).is_some_and(|next| *next >= b'5');
    digits.resize(kept, b'0');
    if !up {
        return;
    }
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}

fn written(negative: bool, digits: Vec<u8>) -> String {
    let text = String::from_utf8_lossy(&digits);
    let significant = text.trim_start_matches('0');
    let padded = format!("{significant:0>3}");
    let sign = if negative && !significant.is_empty() { "-" } else { "" };
    let (whole, fraction) = padded.split_at(padded.len() - 2);
    format!("{sign}{whole}.{fraction}")
}
