//! Our words in the operators' language: states, events, outcomes.

use crate::page::{Tone, Word};

/// Words and what they are called; a word that is not here is shown as it is.
const WORDS: &[(&str, &str, Tone)] = &[
    ("reviewing", "审核中", Tone::Open),
    ("awaiting_payment", "待支付", Tone::Open),
    ("paid", "已支付", Tone::Open),
    ("issued", "已出函", Tone::Good),
    ("rejected", "审核不通过", Tone::Bad),
    ("withdrawn", "已放弃", Tone::Faint),
    ("approved", "审核通过", Tone::Good),
    ("refused", "已拒绝", Tone::Bad),
    ("in_force", "有效", Tone::Good),
    ("claimed", "已理赔", Tone::Bad),
    ("refunded", "已退保", Tone::Faint),
    ("released", "已撤销", Tone::Faint),
    ("pending", "待确认", Tone::Open),
    ("delivered", "已确认", Tone::Good),
    ("parked", "已搁置", Tone::Bad),
    ("silent", "不通知", Tone::Faint),
    ("failed", "未成功", Tone::Open),
    ("exhausted", "重试用尽", Tone::Bad),
    ("unsealable", "无法组包", Tone::Bad),
    ("order", "保函申请", Tone::Plain),
    ("claim", "索赔", Tone::Plain),
    ("invoice", "发票", Tone::Plain),
    ("refund", "退保", Tone::Plain),
    ("release", "撤销", Tone::Plain),
    ("order_placed", "收到保函申请", Tone::Plain),
    ("order_approved", "申请审核通过", Tone::Good),
    ("order_rejected", "申请审核不通过", Tone::Bad),
    ("order_paid", "保费到账", Tone::Good),
    ("order_withdrawn", "申请放弃", Tone::Faint),
    ("guarantee_issued", "出具保函", Tone::Good),
    ("claim_requested", "收到索赔", Tone::Plain),
    ("claim_approved", "索赔审核通过", Tone::Good),
    ("claim_refused", "索赔审核不通过", Tone::Bad),
    ("claim_decided", "索赔审核结果", Tone::Plain),
    ("invoice_requested", "收到发票申请", Tone::Plain),
    ("invoice_issued", "开具发票", Tone::Good),
    ("invoice_refused", "发票申请不通过", Tone::Bad),
    ("refund_requested", "收到退保申请", Tone::Plain),
    ("refund_approved", "退保审核通过", Tone::Good),
    ("refund_refused", "退保审核不通过", Tone::Bad),
    ("refund_decided", "退保审核结果", Tone::Plain),
    ("release_requested", "收到撤销申请", Tone::Plain),
    ("release_approved", "撤销审核通过", Tone::Good),
    ("release_refused", "撤销审核不通过", Tone::Bad),
    ("release_decided", "撤销审核结果", Tone::Plain),
    ("guarantee_claimed", "保函因理赔终止", Tone::Bad),
    ("guarantee_refunded", "保函因退保终止", Tone::Faint),
    ("guarantee_released", "保函撤销", Tone::Faint),
    ("announced", "待获取申请信息", Tone::Open),
    ("revoked", "已撤回", Tone::Faint),
    ("credit", "授信", Tone::Plain),
    ("order_announced", "收到申请通知", Tone::Plain),
    ("application_pulled", "获取申请信息", Tone::Plain),
    ("companies_pulled", "获取企业信息", Tone::Plain),
    ("file_kept", "文件已保存", Tone::Good),
    ("file_address_expired", "文件链接失效", Tone::Open),
    ("file_address_renewed", "文件链接已更新", Tone::Plain),
    ("serial_no_told", "获得保函序列号", Tone::Plain),
    ("partner_status", "平台订单状态", Tone::Plain),
    ("learnt", "平台答复", Tone::Plain),
    ("inquiry", "向平台查询", Tone::Plain),
    ("order_confirmed", "信息确认", Tone::Good),
    ("order_surveyed", "尽调通过", Tone::Good),
    ("order_quoted", "报价", Tone::Good),
    ("payment_received", "保费到账通知", Tone::Good),
    ("withdrawal_decided", "放弃结果", Tone::Plain),
    ("withdrawal_refused", "放弃未成功", Tone::Bad),
    ("fields_revealed", "密文字段已还原", Tone::Good),
    ("guarantee_revealed", "出具明文保函", Tone::Good),
    ("guarantee_reissued", "重新出具保函", Tone::Good),
    ("premium_returned", "保费退还", Tone::Plain),
    ("credit_requested", "收到授信申请", Tone::Plain),
    ("credit_granted", "授信通过", Tone::Good),
    ("credit_refused", "授信不通过", Tone::Bad),
    ("credit_revoked", "授信撤回", Tone::Faint),
    ("credit_decided", "授信结果", Tone::Plain),
    ("credit_drawn", "占用授信额度", Tone::Plain),
    ("claim_accepted", "索赔已受理", Tone::Plain),
    ("claim_paid_out", "赔付完成", Tone::Good),
    ("claim_detail_learnt", "获取理赔信息", Tone::Plain),
    ("claim_revocation_requested", "收到理赔撤回申请", Tone::Open),
    ("claim_revocation_refused", "理赔撤回未通过", Tone::Bad),
    ("claim_revoked", "理赔已撤回", Tone::Faint),
    ("refund_revoked", "退保已撤回", Tone::Faint),
    ("release_revoked", "撤销申请已撤回", Tone::Faint),
    ("tender_rescheduled", "开标时间调整", Tone::Open),
    ("tender_deadline_moved", "缴纳截止时间调整", Tone::Plain),
    ("tender_awarded", "已定标", Tone::Plain),
    ("tender_terminated", "项目终止", Tone::Bad),
    ("tender_retendered", "重新招标", Tone::Bad),
    ("tender_changed", "标段信息更新", Tone::Plain),
    ("tender_postponed", "开标延期", Tone::Open),
    ("tender_postponed_without_date", "开标延期（时间未定）", Tone::Open),
    ("tender_cancelled", "招标终止", Tone::Bad),
    ("tender_failed", "流标", Tone::Bad),
    ("decide_order", "审核保函申请", Tone::Plain),
    ("decide_claim", "审核索赔", Tone::Plain),
    ("decide_invoice", "审核发票申请", Tone::Plain),
    ("decide_refund", "审核退保", Tone::Plain),
    ("decide_release", "审核撤销", Tone::Plain),
    ("pause_partner", "暂停平台", Tone::Open),
    ("resume_partner", "恢复平台", Tone::Good),
    ("rotate_partner", "轮换平台密钥", Tone::Plain),
    ("decide_credit", "审核授信", Tone::Plain),
    ("decide_claim_revocation", "确认理赔撤回", Tone::Plain),
    ("confirm_payout", "确认赔付", Tone::Plain),
    ("withdraw_order", "放弃保函申请", Tone::Plain),
    ("start_refund", "发起退保", Tone::Plain),
    ("start_release", "发起撤销", Tone::Plain),
    ("inquire", "向平台查询", Tone::Plain),
    ("finish_task", "完成待办", Tone::Good),
    ("plain", "普通保函", Tone::Plain),
    ("sealed", "密文保函", Tone::Open),
    ("revealed", "明文保函", Tone::Good),
    ("reissued", "延期后重新出具", Tone::Good),
    ("application_remark", "申请信息待核对", Tone::Open),
    ("check_account", "核对基本户", Tone::Open),
    ("check_credit", "核对授信", Tone::Open),
    ("not_revealed", "明文保函未出具", Tone::Bad),
    ("not_reissued", "未能重新出具", Tone::Bad),
    ("file_gone", "平台文件缺失", Tone::Open),
    ("withdrawn_after_issue", "出函后放弃", Tone::Open),
    ("opening_unknown", "开标时间待定", Tone::Open),
    ("ending_pending", "待注销", Tone::Open),
    ("claim_account", "索赔收款账户", Tone::Open),
    ("claim_revocation", "理赔撤回待确认", Tone::Open),
    ("read_document", "读取密文保函文件", Tone::Plain),
    ("confirm_payment", "确认保费到账", Tone::Plain),
    ("replay_callback", "重发回调", Tone::Plain),
    ("replay_parked", "重发搁置消息", Tone::Plain),
    ("rotate_keys", "更换存储密钥", Tone::Plain),
    ("discard_parked", "丢弃搁置消息", Tone::Plain),
];

/// The word with its Chinese: `已出函 issued`.
pub(crate) fn both(word: &str) -> Word {
    match find(word) {
        Some((_, chinese, tone)) => Word::toned(format!("{chinese} {word}"), *tone),
        None => word.into(),
    }
}

/// Only the Chinese, or the word itself if it has none.
pub(crate) fn chinese(word: &str) -> &str {
    find(word).map_or(word, |(_, chinese, _)| chinese)
}

/// How the word stands out.
pub(crate) fn tone(word: &str) -> Tone {
    find(word).map_or(Tone::Plain, |(_, _, tone)| *tone)
}

fn find(word: &str) -> Option<&'static (&'static str, &'static str, Tone)> {
    WORDS.iter().find(|(known, ..)| *known == word)
}

#[cfg(test)]
mod tests {
    use super::find;
    use std::fs;
    use std::path::Path;

    /// The literals that follow this text in a source, each within the same call and not among its particulars.
    fn after<'a>(source: &'a str, mark: &str) -> Vec<&'a str> {
        let behind = source.split(mark).skip(1);
        let call = |rest: &'a str| rest.split([';', '}']).next()?.split("json!").next();
        behind.filter_map(|rest| call(rest)?.split('"').nth(1)).collect()
    }

    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" {
                sources(&path, found);
            } else if name.ends_with(".rs") && name != "tests.rs" {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn whatever_a_worker_writes_down_has_a_chinese_word() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut texts = Vec::new();
        sources(&root.join("shared/worker/src"), &mut texts);
        for entry in fs::read_dir(root.join("services")).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().starts_with("worker-") {
                sources(&path.join("src"), &mut texts);
            }
        }
        let marks = ["Event { what: ", "Event::plain(", "work.raise(", "work.audit("];
        let mut words: Vec<&str> =
            texts.iter().flat_map(|text| marks.iter().flat_map(|mark| after(text, mark))).collect();
        words.retain(|word| word.bytes().all(|c| c.is_ascii_lowercase() || c == b'_'));
        assert!(words.len() > 60, "only {} words were found", words.len());
        words.retain(|word| find(word).is_none());
        assert!(words.is_empty(), "without Chinese: {words:?}");
    }

    #[test]
    fn whatever_a_partner_is_told_has_a_chinese_word() {
        for source in [
            include_str!("../../../shared/domain/src/notice.rs"),
            include_str!("../../../shared/domain/src/told.rs"),
        ] {
            let mut words = after(source, "=> ");
            words.retain(|word| {
                word.contains('_') && word.bytes().all(|c| c.is_ascii_lowercase() || c == b'_')
            });
            assert!(!words.is_empty());
            words.retain(|word| find(word).is_none());
            assert!(words.is_empty(), "without Chinese: {words:?}");
        }
    }
}
