//! 3.15 退函申请 `refundApply`: before the opening the premium is to go back.

use super::{Form, Served, about, inbound, serial_no};
use crate::settings::Manner;
use domain::{About, Command, Company, Contact, RequestRefund, Stage, Timestamp};
use protocol::{Ask, Fields, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.15", "financialAccount/refundApply", "退函申请 （开标前，可选）", Way::Ask),
    read,
    told_later: true,
    form: Form::Plain,
    credit: false,
};

fn read(fields: &Fields, _: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    let business_key = serial_no(fields)?;
    let request = RequestRefund {
        reason: fields.text(("reason", "退函原因"))?,
        section_no: String::new(),
        applicant: Company::default(),
        contact: Contact::default(),
    };
    let about = About { stage: Some(Stage::BeforeOpening), ..about(fields, request)? };
    Ok(Ask { business_key, wish: Wish::Command(Command::RequestRefund(about)), callback: None })
}
