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
    let (payer_name, payer_account) = payer(&notice.head, manner);
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
fn payer(head: &NoticeHead, manner: &Manner) -> (String, String) {
    let brief = head.brief.as_deref();
    let payer = brief.and_then(|brief| brief.payer.as_ref());
    let bidder = brief.map_or("", |brief| brief.bidder.name.expose());
    let name = payer.map(|payer| payer.holder.expose()).filter(|name| !name.is_empty());
    let account = payer.map(|payer| payer.number.expose()).filter(|number| !number.is_empty());
    (name.unwrap_or(bidder).to_owned(), account.unwrap_or(&manner.unknown_account).to_owned())
}

fn clock(at: Timestamp) -> String {
    print_shanghai(at, Form::Dashed)
}
