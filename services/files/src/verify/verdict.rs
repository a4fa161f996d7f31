//! What whoever verifies is told: one headline, why, and what to compare the document at hand with.

use super::inquiry::Said;
use domain::{FileRole, GuaranteeKind, GuaranteeNo, GuaranteeState, PublicRecord, Timestamp};
use signing::verify::{Findings, TimeSource};

/// How it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Genuine and binding.
    Good,
    /// Genuine, but there is something to know.
    Careful,
    /// Not genuine.
    Bad,
    /// Not known now.
    Open,
}

/// The answer.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) tone: Tone,
    pub(super) headline: String,
    pub(super) why: Vec<String>,
    /// What is recorded, by title.
    pub(super) record: Vec<(&'static str, String)>,
    /// What the file says of itself, by title.
    pub(super) file: Vec<(&'static str, String)>,
}

const AWAY: &str = "暂时无法核对状态，请稍后重试。";

impl Verdict {
    fn new(tone: Tone, headline: &str, why: &[&str]) -> Self {
        let why = why.iter().map(|line| (*line).to_owned()).collect();
        Self { tone, headline: headline.to_owned(), why, record: Vec::new(), file: Vec::new() }
    }

    /// On a guarantee by its number, with whose check code somebody came.
    pub(super) fn on_number(no: &GuaranteeNo, said: Said, now: Timestamp) -> Self {
        match said {
            Said::Known(record) => {
                let mut verdict = Self::on_state(&record, now);
                if record.guarantee_no != *no {
                    let line = format!("编号{no}的保函已换开，以新编号的保函为准。");
                    verdict.tone = Tone::Careful;
                    verdict.why.insert(0, line);
                }
                let line = "请核对手中的保函与下列登记信息是否一致；上传PDF文件可以核对全部内容。";
                verdict.why.push(line.to_owned());
                verdict.record = recorded(&record);
                verdict
            }
            Said::Unknown => Self::new(Tone::Bad, "查无此保函", &["本机构没有开立过该编号的保函。"]),
            Said::Nothing => Self::new(
                Tone::Open,
                "暂时无法核对状态",
                &["查验网址是本机构出具的，但保函的当前状态暂时无法取得，请稍后重试。"],
            ),
        }
    }

    /// On a file; nothing was said if it was not even looked into.
    pub(super) fn on_file(findings: &Findings, said: Option<Said>, now: Timestamp) -> Self {
        let mut verdict = match said {
            Some(Said::Known(record)) => Self::on_ours(&record, now),
            Some(Said::Unknown) => Self::on_strange(findings),
            Some(Said::Nothing) => Self::on_unchecked(findings),
            None => Self::new(Tone::Bad, "无法查验该文件", &[]),
        };
        let ours = !verdict.record.is_empty();
        let told = findings.reasons.iter().filter(|reason| !ours || !reason.is_objection());
        verdict.why.extend(told.map(|reason| format!("{}。", reason.chinese())));
        verdict.file = looked_into(findings);
        verdict
    }

    fn on_ours(record: &PublicRecord, now: Timestamp) -> Self {
        let same = "该文件与本机构留存的原件逐字节一致，未被改动。";
        let mut verdict = match record.file {
            Some(FileRole::Earlier) => {
                let replaced = match record.kind {
                    GuaranteeKind::Revealed => "密文保函已还原，请以明文保函为准。",
                    _ => "该保函已换开，请以换开后的保函为准。",
                };
                Self::new(Tone::Careful, "真实，但已被新的保函文件取代", &[same, replaced])
            }
            Some(FileRole::Refund) => Self::new(Tone::Good, "退保确认书真实", &[same]),
            Some(FileRole::Release) => Self::new(Tone::Good, "保函注销确认书真实", &[same]),
            Some(FileRole::Invoice) => Self::new(Tone::Good, "开票信息单真实", &[same]),
            Some(FileRole::Current) | None => {
                let mut verdict = Self::on_state(record, now);
                verdict.why.insert(0, same.to_owned());
                verdict
            }
        };
        verdict.record = recorded(record);
        verdict
    }

    fn on_state(record: &PublicRecord, now: Timestamp) -> Self {
        match record.state {
            GuaranteeState::InForce if record.has_expired(now) => {
                Self::new(Tone::Careful, "保函真实，但有效期已过", &[])
            }
            GuaranteeState::InForce => Self::new(Tone::Good, "保函真实，当前有效", &[]),
            ended => {
                let why = format!("该保函{}，不再具有担保效力。", state(ended));
                Self { why: vec![why], ..Self::new(Tone::Careful, "保函真实，但已失效", &[]) }
            }
        }
    }

    fn on_strange(findings: &Findings) -> Self {
        if findings.is_genuine() {
            let why = "文件的电子签名有效，但它不是本机构留存的任何一份保函文件，请向签署者核实。";
            return Self::new(Tone::Careful, "不是本机构开立的保函文件", &[why]);
        }
        let why = "本机构没有留存内容与之相同的文件：它不是本机构开立的原件，或者已被改动。请勿采信。";
        Self::new(Tone::Bad, "未通过查验", &[why])
    }

    fn on_unchecked(findings: &Findings) -> Self {
        if findings.is_genuine() {
            let why = ["电子签名有效，文件自签署后未被改动。", AWAY];
            return Self::new(Tone::Open, "签名有效，状态暂时无法核对", &why);
        }
        Self::new(Tone::Bad, "未通过签名校验", &["请勿采信。", AWAY])
    }
}

fn state(state: GuaranteeState) -> &'static str {
    match state {
        GuaranteeState::InForce => "有效",
        GuaranteeState::Refunded => "已退保",
        GuaranteeState::Released => "已注销",
        GuaranteeState::Claimed => "已理赔",
    }
}

fn recorded(record: &PublicRecord) -> Vec<(&'static str, String)> {
    let kind = match record.kind {
        GuaranteeKind::Plain => "",
        GuaranteeKind::Sealed => "（密文保函）",
        GuaranteeKind::Revealed => "（明文保函）",
        GuaranteeKind::Reissued => "（换开）",
    };
    let mut rows = vec![
        ("保函编号", record.guarantee_no.to_string()),
        ("保函种类", format!("{}{kind}", record.title)),
        ("当前状态", state(record.state).to_owned()),
        ("开立日期", day(record.issued_at)),
    ];
    rows.extend(record.valid_from.map(|from| ("生效日期", day(from))));
    rows.extend(record.valid_until.map(|until| ("有效期至", format!("{}（含当日）", day(until)))));
    match &record.outline {
        Some(outline) => rows.extend([
            ("受益人", outline.beneficiary.clone()),
            ("申请人", outline.applicant.clone()),
            ("项目名称", outline.project.clone()),
            ("保证金额", format!("￥{}", outline.bond)),
        ]),
        None => rows.push(("其他事项", "密文，开标前不公开".to_owned())),
    }
    rows.retain(|(_, value)| !value.is_empty());
    rows
}

fn looked_into(findings: &Findings) -> Vec<(&'static str, String)> {
    let word = |holds: bool, yes: &str, no: &str| (if holds { yes } else { no }).to_owned();
    let mut rows = vec![
        ("电子签名", word(findings.signature_valid, "有效", "无效或者没有")),
        ("文件内容", word(!findings.is_modified, "自签署后未被改动", "已被改动，或者无法确认未被改动")),
        ("签署者证书", word(findings.trusted, "由受信任的机构签发", "未能确认")),
    ];
    rows.extend(findings.signer.clone().map(|signer| ("签署者", signer)));
    rows.extend(findings.issuer.clone().map(|issuer| ("证书颁发者", issuer)));
    rows.extend(findings.signing_time.map(|time| {
        let source = match time.source {
            TimeSource::Timestamp => "时间戳证明",
            TimeSource::Attribute | TimeSource::Dictionary => "签署者声明",
        };
        ("签署时间", format!("{}（{source}）", day(time.at)))
    }));
    if !findings.sha256.is_empty() {
        rows.push(("文件SHA-256", findings.sha256.clone()));
    }
    rows
}

/// A day in Shanghai.
fn day(at: Timestamp) -> String {
    let local = at.shanghai();
    format!("{}年{}月{}日", local.year(), u8::from(local.month()), local.day())
}
