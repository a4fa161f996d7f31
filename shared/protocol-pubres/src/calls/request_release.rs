//! 注销保函通知 `canclenotice`, as the document spells it (PR-11): after the opening the guarantee is to end.

use super::{Served, about, inbound, joined};
use crate::settings::Manner;
use domain::{About, Command, ReleaseReason, RequestRelease, Stage};
use protocol::{Ask, Fields, Rejection, Way, Wish};

/// Nothing tells the outcome of a release (PR-10): it is in the answer or nowhere.
pub(super) const SERVED: Served = Served {
    interface: inbound(
        "接口说明 / 注销保函通知（开标后，保险公司可不接入）",
        "canclenotice",
        "注销保函通知（开标后，保险公司可不接入）",
        Way::Ask,
    ),
    read,
    optional: &[],
    told_later: false,
    has_page: false,
};

fn read(fields: &Fields, _: &Manner) -> Result<Ask, Rejection> {
    let request = RequestRelease { reason: ReleaseReason::Other, section_no: String::new() };
    let about = About { stage: Some(Stage::AfterOpening), ..about(fields, request)? };
    Ok(Ask {
        business_key: joined(&[&about.business_no, about.guarantee_no.as_str()]),
        wish: Wish::Command(Command::RequestRelease(about)),
        callback: None,
    })
}
