//! 2.5 推送电子保函 `insurer_push_guarantee`: the guarantee with its PDF; the reply names its serial number (FZ-24).

use super::reply::Told;
use super::{Said, brief, outbound};
use crate::envelope::Field;
use crate::settings::Manner;
use bytes::Bytes;
use domain::{Fact, GuaranteeIssued};
use http::Response;
use protocol::{Form, Interface, Unsealable, print_shanghai};

pub(super) const INTERFACE: Interface = outbound("2.5", "insurer_push_guarantee", "推送电子保函");

/// The name of the part with the PDF.
pub(super) const PART: &str = "guarantee_pdf";

pub(super) fn write<'a>(
    issued: &'a GuaranteeIssued,
    manner: &'a Manner,
    digest: &'a str,
) -> Result<Said<'a>, Unsealable> {
    let brief = brief(&issued.head)?;
    let fields = vec![
        Field::text("order_no", brief.order_no.as_str()),
        Field::text("guarantee_no", issued.guarantee_no.as_str()),
        Field::text("principal", brief.bidder.name.expose()),
        Field::text("creditor", brief.tenderee.name.expose()),
        Field::text("guarantor", manner.insurer_name.as_str()),
        Field::text("out_guarantee_time", print_shanghai(issued.head.at, Form::Dashed)),
        Field::text("guarantee_pdf_hash", digest),
        // 传输流水号: our number of the order.
        Field::text("trans_no", issued.head.no.as_str()),
    ];
    Ok(Said { fields, part: Some(PART) })
}

/// A number of fifteen digits in the example, a string elsewhere: its digits are kept as they came (FZ-24).
pub(super) fn learn(reply: &Response<Bytes>) -> Option<Fact> {
    let data = Told::read(reply.body())?.object()?;
    let serial = data.text(("serial_num", "")).ok()?;
    (!serial.is_empty()).then_some(Fact::SerialNo(serial))
}
