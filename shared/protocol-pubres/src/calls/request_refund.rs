//! 退保申请 `quitapply`: before the opening the premium is to go back.

use super::{Served, about, inbound, key_of};
use crate::settings::Manner;
use domain::{About, Command, Company, Contact, RequestRefund, Stage};
use protocol::{Ask, Fields, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("接口说明 / 退保申请", "quitapply", "退保申请", Way::Ask),
    read,
    optional: &[],
    told_later: true,
    has_page: false,
};

fn read(fields: &Fields, _: &Manner) -> Result<Ask, Rejection> {
    let request = RequestRefund {
        reason: fields.required(("reason", "退保原因"))?,
        section_no: String::new(),
        applicant: Company::default(),
        contact: Contact::default(),
    };
    // Judged where the opening is known; an unknown one forbids nothing (PR-21).
    let about = About { stage: Some(Stage::BeforeOpening), ..about(fields, request)? };
    Ok(Ask {
        business_key: key_of(&about),
        wish: Wish::Command(Command::RequestRefund(about)),
        callback: None,
    })
}
