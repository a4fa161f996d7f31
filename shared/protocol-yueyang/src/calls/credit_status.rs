//! 3.21 征信结果检查 `queryCredit`: whether a bidder can get a guarantee on credit; `code` says it (YY-15).

use super::request_credit::company;
use super::{Form, Served, inbound, serial_no};
use crate::settings::Manner;
use domain::{Query, Timestamp};
use protocol::{Ask, Fields, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.21", "financialAccount/queryCredit", "征信结果检查（银行保函）", Way::Query),
    read,
    told_later: false,
    form: Form::Plain,
    credit: true,
};

fn read(fields: &Fields, _: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    let business_key = serial_no(fields)?;
    let query = Query::CreditStatus { company: company(fields)? };
    Ok(Ask { business_key, wish: Wish::Query(query), callback: None })
}
