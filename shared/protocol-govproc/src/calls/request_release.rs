//! 3.2.6 保函注销接口, the cancelurl we hand out: a guarantee is to end.

use super::{CANCEL_PATH, Served, inbound, receipt};
use crate::codes::GUARANTEE_NO;
use crate::reading::text_of_any;
use crate::settings::Manner;
use domain::{About, Command, GuaranteeNo, ReleaseReason, RequestRelease};
use protocol::{Ask, Fields, Rejection, RejectionKind, Way, Wish};

/// `stat` 1 says that the request was accepted, which is what the worker judges first; its outcome is told by
/// `/api/guarantee/release` (GP-10).
pub(super) const SERVED: Served = Served {
    interface: inbound("3.2.6", "cancelurl", "保函注销接口", Way::Ask),
    path: CANCEL_PATH,
    in_address: false,
    read,
    tell: receipt,
};

fn read(fields: &Fields, manner: &Manner) -> Result<Ask, Rejection> {
    if !manner.cancel {
        let why = "settings.cancel is false";
        return Err(Rejection::new(RejectionKind::Unknown, "不支持在线注销，请联系金融机构", why));
    }
    let guarantee_no = text_of_any(fields, &GUARANTEE_NO, 64)?;
    let request = RequestRelease { reason: ReleaseReason::Other, section_no: String::new() };
    let about = About {
        business_no: guarantee_no.clone(),
        guarantee_no: GuaranteeNo::quoted(&guarantee_no),
        order_no: String::new(),
        // The document names no side of the opening.
        stage: None,
        by: String::new(),
        request,
    };
    let wish = Wish::Command(Command::RequestRelease(about));
    Ok(Ask { business_key: guarantee_no, wish, callback: None })
}
