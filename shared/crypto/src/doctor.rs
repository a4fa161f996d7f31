//! Why a signature does not match or a text does not decipher: every named variant tried, and if none fits, the most telling
//! difference. For people with a captured message in hand; never used on live requests.

mod cipher;
mod difference;
mod findings;
mod rsa;
mod sign;
mod spelled;

pub use cipher::{Opened, open, open_with};
pub use findings::{Findings, Look, Remark, Tone};
pub use rsa::{Sealing, blocks, open_rsa};
pub use sign::{Captured, Conclusion, Diagnosis, Recipe, Tried, Variant, sign};
pub use spelled::Spelled;

/// A text as the older encoding of Chinese has it; what it lacks is written as HTML writes it.
#[must_use]
pub fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

/// What is shown of a long text: its two ends and how much stands between.
fn short(text: &str) -> String {
    const ENDS: usize = 240;
    let count = text.chars().count();
    if count <= 2 * ENDS {
        return text.to_owned();
    }
    let head: String = text.chars().take(ENDS).collect();
    let tail: String = text.chars().skip(count - ENDS).collect();
    format!("{head}…（略{}字符）…{tail}", count - 2 * ENDS)
}
