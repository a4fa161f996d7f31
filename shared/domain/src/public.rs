//! 公开查验: what anybody who holds a guarantee may know of it. Enough to tell a genuine one from a made-up one and whether it
//! still binds; names and amounts only in outline, and nothing at all of what is sealed.

use crate::{GuaranteeKind, GuaranteeNo, GuaranteeState, Money, Order, Timestamp};
use serde::{Deserialize, Serialize};

/// What is asked about: a guarantee by its number, or whatever document has this content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// The number, with whose check code the asker came.
    Number(GuaranteeNo),
    /// SHA-256 of a file, 64 lower-case hex characters.
    File(String),
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicRecord {
    /// The number that the guarantee bears now.
    pub guarantee_no: GuaranteeNo,
    /// Its Chinese name: 投标保函.
    pub title: String,
    /// Which document binds now.
    pub kind: GuaranteeKind,
    /// Whether it binds.
    pub state: GuaranteeState,
    /// When the document that binds now was issued.
    pub issued_at: Timestamp,
    /// The first day it binds; absent means from issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// The last day it binds, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// Names and amount in outline; absent while any field of the order is sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outline: Option<Outline>,
    /// What the file is that was asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileRole>,
}

/// Who and how much, in outline: to be compared with a document at hand, of no use without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// The beneficiary: `示例＊＊＊公司`.
    pub beneficiary: String,
    /// The bidder.
    pub applicant: String,
    /// The project.
    pub project: String,
    /// The bond: `8**,***.50`.
    pub bond: String,
}

/// What a file is to the guarantee it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileRole {
    /// The document of the guarantee as it is now.
    Current,
    /// A document that was replaced since.
    Earlier,
    /// The confirmation of its refund.
    Refund,
    /// The confirmation of its release.
    Release,
    /// An invoice for its premium.
    Invoice,
}

impl PublicRecord {
    /// What may be told of an order; nothing before issue.
    #[must_use]
    pub fn of(order: &Order, file: Option<FileRole>) -> Option<Self> {
        let guarantee = order.guarantee.as_ref()?;
        let known = order.known_application();
        let outline = known.sealed.is_empty().then(|| Outline {
            beneficiary: outline(known.tender.tenderee.name.expose()),
            applicant: outline(known.applicant.company.name.expose()),
            project: outline(known.tender.project_name.expose()),
            bond: amount(known.bond),
        });
        Some(Self {
            guarantee_no: guarantee.no.clone(),
            title: known.product.title().to_owned(),
            kind: guarantee.kind,
            state: guarantee.state,
            issued_at: guarantee.issued_at,
            valid_from: guarantee.valid_from,
            valid_until: guarantee.valid_until,
            outline,
            file,
        })
    }

    /// Whether its last day is over in Shanghai; an unknown one is not.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.valid_until.is_some_and(|until| until.shanghai_day() < now.shanghai_day())
    }
}

/// The two first and the two last characters of a name; of a short one only the first.
fn outline(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let shown = if characters.len() >= 6 { 2 } else { usize::from(characters.len() > 1) };
    let end = if characters.len() >= 6 { characters.len() - 2 } else { characters.len() };
    let hide = |(at, character): (usize, &char)| if at < shown || at >= end { *character } else { '＊' };
    // However long a name is, no more than so many stars: its length would tell something too.
    let hidden: Vec<char> = characters.iter().enumerate().map(hide).collect();
    let stars = hidden.iter().filter(|character| **character == '＊').count().min(4);
    let (start, tail) = (&hidden[..shown], &hidden[end..]);
    start.iter().copied().chain(std::iter::repeat_n('＊', stars)).chain(tail.iter().copied()).collect()
}

/// The first digit and the fen: `8**,***.50`.
fn amount(bond: Money) -> String {
    let text = bond.to_string();
    let (yuan, fen) = text.split_once('.').unwrap_or((&text, "00"));
    let mut shown = String::new();
    for (at, digit) in yuan.chars().enumerate() {
        if at > 0 && (yuan.len() - at) % 3 == 0 {
            shown.push(',');
        }
        shown.push(if at == 0 { digit } else { '*' });
    }
    format!("{shown}.{fen}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_amounts_are_told_in_outline_only() {
        assert_eq!(outline("示例市城市建设投资集团有限公司"), "示例＊＊＊＊公司");
        assert_eq!(outline("测试一二公司"), "测试＊＊公司");
        assert_eq!(outline("张三"), "张＊");
        assert_eq!(outline("甲"), "＊");
        assert_eq!(outline(""), "");
        assert_eq!(amount(Money::from_fen(80_001_050)), "8**,***.50");
        assert_eq!(amount(Money::from_fen(2_000_000)), "2*,***.00");
        assert_eq!(amount(Money::from_fen(50)), "0.50");
    }
}
