//! What an examination found, in words for people, the same for every partner.

use super::sign::{Conclusion, Diagnosis, Tried};
use crate::secret::Secret;

/// How a remark is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All is well with it.
    Good,
    /// It is why the message was turned away, or will be.
    Bad,
    /// It is good to know.
    Note,
}

/// One thing that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How it is meant.
    pub tone: Tone,
    /// What it is, in Chinese, without secrets.
    pub say: String,
}

/// How a message is looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look<'a> {
    /// It is a message of ours, which the partner does not believe.
    pub outbound: bool,
    /// The signature that the partner expects, instead of the one in the message.
    pub expected: Option<&'a str>,
    /// The secrets of other partners of this protocol, by their ids.
    pub others: &'a [(String, Secret)],
}

/// All that was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Ways of signing, the settings' own first; none for protocols without a signature.
    pub tried: Vec<Tried>,
    /// What else was looked at, in the order of the checks that a request has to pass.
    pub remarks: Vec<Remark>,
    /// Lines for `[settings]` of the partner's file.
    pub lines: Vec<String>,
    /// Texts of the message that may be personal: whoever shows the strings hides these unless asked not to.
    pub private: Vec<String>,
}

impl Findings {
    /// Whether the message agrees with the settings.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.lines.is_empty() && self.remarks.iter().all(|remark| remark.tone != Tone::Bad)
    }

    /// Everything that has to change, in one text.
    #[must_use]
    pub fn advice(&self) -> String {
        let bad = self.remarks.iter().filter(|remark| remark.tone == Tone::Bad).map(|remark| &remark.say);
        bad.chain(&self.lines).cloned().collect::<Vec<_>>().join("\n")
    }

    /// Something is as it should be.
    pub fn good(&mut self, say: impl Into<String>) {
        self.remarks.push(Remark { tone: Tone::Good, say: say.into() });
    }

    /// Something is wrong.
    pub fn bad(&mut self, say: impl Into<String>) {
        self.remarks.push(Remark { tone: Tone::Bad, say: say.into() });
    }

    /// Something to know.
    pub fn note(&mut self, say: impl Into<String>) {
        self.remarks.push(Remark { tone: Tone::Note, say: say.into() });
    }

    /// A setting to change: the line to paste. A list names what is to be added; whoever knows the file keeps the rest of it.
    pub fn paste(&mut self, line: impl Into<String>) {
        let line = line.into();
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    /// Takes over what was found about the signature. `key` is the setting in which a fitting variant belongs:
    /// `accept_also` for what partners send, `sign` for what we send.
    pub fn signed(&mut self, diagnosis: Diagnosis, for_sending: bool) {
        self.tried = diagnosis.tried;
        match diagnosis.conclusion {
            Conclusion::Holds => self.good("签名正确"),
            Conclusion::Setting(knobs) if for_sending => {
                self.bad("签名方式与对方不同，见下方配置");
                self.paste(format!("sign = {}", table(&knobs)));
            }
            Conclusion::Setting(knobs) => {
                self.bad("签名方式与当前配置不同，见下方配置");
                self.paste(format!("accept_also = [{}]", table(&knobs)));
            }
            Conclusion::Difference(what) => self.bad(what),
            Conclusion::Nothing => self.bad(
                "所有签名方式均不匹配：密钥不一致，或报文在签名后被改动；请与对方交换一条完整示例（明文、密钥、待签名字符串、签名）",
            ),
        }
    }
}

fn table(knobs: &str) -> String {
    if knobs.is_empty() { "{}".to_owned() } else { format!("{{ {knobs} }}") }
}
