//! 2.11 推送电子保函更新(延期开标) `insurer_push_guarantee_update`: the guarantee made out anew after the opening moved.

use super::guarantee_issued::PART;
use super::{Said, brief, outbound};
use crate::codes::day;
use crate::envelope::Field;
use crate::settings::Manner;
use domain::GuaranteeReissued;
use protocol::{Form, Interface, Unsealable, print_shanghai};

pub(super) const INTERFACE: Interface =
    outbound("2.11", "insurer_push_guarantee_update", "推送电子保函更新(延期开标)");

/// Both dates are demanded (FZ-16).
pub(super) fn write<'a>(
    reissued: &'a GuaranteeReissued,
    manner: &'a Manner,
    digest: &'a str,
) -> Result<Said<'a>, Unsealable> {
    let brief = brief(&reissued.head)?;
    let none = || Unsealable("until when the new guarantee binds is unknown: date2 must be sent".to_owned());
    let until = day(reissued.valid_until.ok_or_else(none)?);
    let fields = vec![
        Field::text("order_no", brief.order_no.as_str()),
        Field::text("guarantee_no_old", reissued.old_no.as_str()),
        Field::text("guarantee_no", reissued.guarantee_no.as_str()),
        Field::text("principal", brief.bidder.name.expose()),
        Field::text("creditor", brief.tenderee.name.expose()),
        Field::text("guarantor", manner.insurer_name.as_str()),
        Field::text("out_guarantee_time", print_shanghai(reissued.head.at, Form::Dashed)),
        Field::text("date1", day(reissued.valid_from)),
        Field::text("date2", until),
        Field::text("guarantee_pdf_hash", digest),
        Field::text("trans_no", reissued.head.no.as_str()),
    ];
    Ok(Said { fields, part: Some(PART) })
}
