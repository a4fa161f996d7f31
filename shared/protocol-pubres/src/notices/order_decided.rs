//! 投保申请结果通知 `baohannotice`: the guarantee was issued, or the application rejected.

use super::{Copy, order_no, outbound};
use crate::codes;
use crate::envelope::Letter;
use crate::settings::Manner;
use domain::{GuaranteeIssued, NoticeHead, OrderRejected, Timestamp};
use protocol::{Form, Interface, print_shanghai};

pub(super) const INTERFACE: Interface =
    outbound("接口说明 / 投保申请结果通知", "baohannotice", "投保申请结果通知");

pub(super) fn issued(notice: &GuaranteeIssued, copy: Copy, manner: &Manner) -> Letter {
    let (payer_name, payer_account) = payer(&notice.head);
    vec![
        ("applyno", order_no(&notice.head)),
        ("baohanno", notice.guarantee_no.to_string()),
        ("baohanurl", copy.url),
        ("baohanfile", copy.base64),
        ("payername", payer_name),
        ("payeraccount", payer_account),
        // Not only from third parties (PR-17).
        ("instname", manner.instname.clone()),
        ("generatetime", clock(notice.head.at)),
        ("rate", notice.rate.to_string()),
        ("cost", notice.premium.to_string()),
        ("applystatus", codes::verdict(true).to_owned()),
    ]
}

/// Every key the document demands is there, and empty; blanks are not signed (PR-04).
pub(super) fn rejected(notice: &OrderRejected, manner: &Manner) -> Letter {
    vec![
        ("applyno", order_no(&notice.head)),
        ("baohanno", String::new()),
        ("baohanurl", String::new()),
        ("baohanfile", String::new()),
        ("payername", String::new()),
        ("payeraccount", String::new()),
        ("instname", manner.instname.clone()),
        ("generatetime", String::new()),
        ("rate", "0".to_owned()),
        ("cost", "0".to_owned()),
        ("applystatus", codes::verdict(false).to_owned()),
    ]
}

/// Who paid the premium as far as that is known: without a word from the bank it was the bidder, from an account
/// that this protocol never names.
fn payer(head: &NoticeHead) -> (String, String) {
    let Some(brief) = &head.brief else { return Default::default() };
    let bidder = brief.bidder.name.expose();
    match &brief.payer {
        Some(payer) if payer.holder.is_empty() => (bidder.to_owned(), payer.number.expose().to_owned()),
        Some(payer) => (payer.holder.expose().to_owned(), payer.number.expose().to_owned()),
        None => (bidder.to_owned(), String::new()),
    }
}

fn clock(at: Timestamp) -> String {
    print_shanghai(at, Form::Dashed)
}
