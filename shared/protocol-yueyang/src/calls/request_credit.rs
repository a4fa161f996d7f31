//! 3.5 授信申请 `creditApply`: a bidder asks a bank for a line of credit.

use super::{Form, Served, inbound, serial_no};
use crate::settings::Manner;
use domain::{Command, Company, Private, RequestCredit, Timestamp};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

/// 200 means that the application was accepted; the decision is told by creditApplyNotice (YY-19).
pub(super) const SERVED: Served = Served {
    interface: inbound("3.5", "financialAccount/creditApply", "授信申请", Way::Tell),
    read,
    told_later: true,
    form: Form::Plain,
    credit: true,
};

const PAPERS: Label = ("creditZip", "授信资料");

fn read(fields: &Fields, _: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    let business_no = serial_no(fields)?;
    let request = RequestCredit {
        business_no: business_no.clone(),
        company: company(fields)?,
        papers: fields.text(PAPERS)?.into(),
    };
    Ok(Ask {
        business_key: business_no,
        wish: Wish::Command(Command::RequestCredit(request)),
        callback: None,
    })
}

/// Who asks for credit, or is asked about.
pub(super) fn company(fields: &Fields) -> Result<Company, Rejection> {
    Ok(Company {
        name: fields.required(("applyUser", "申请人"))?.into(),
        code: fields.required(("applyCode", "申请人社会信用代码"))?.into(),
        address: Private::default(),
    })
}
