//! 3.11 理赔申请 `compensateApply`: the beneficiary demands payment, as much as is guaranteed (YY-13).

use super::{Form, Served, about, inbound, serial_no};
use crate::settings::Manner;
use domain::{About, Attachment, Command, Company, Contact, Private, RequestClaim, Stage, Timestamp};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.11", "financialAccount/compensateApply", "理赔申请", Way::Ask),
    read,
    told_later: true,
    form: Form::Plain,
    credit: false,
};

const PAPERS: Label = ("compensateZip", "理赔文件");

fn read(fields: &Fields, _: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    let business_key = serial_no(fields)?;
    let request = RequestClaim {
        reason: String::new(),
        claimer: Company {
            name: fields.required(("beneficiary", "受益人"))?.into(),
            code: fields.required(("beneficiaryCode", "受益人社会信用代码"))?.into(),
            address: Private::default(),
        },
        contact: Contact::default(),
        // The document names neither: the whole bond, to an account that is asked for by hand.
        amount: None,
        account: None,
        evidence: evidence(fields)?,
    };
    let about = About { stage: Some(Stage::AfterOpening), ..about(fields, request)? };
    Ok(Ask { business_key, wish: Wish::Command(Command::RequestClaim(about)), callback: None })
}

/// As the partner refers to it: an address, a path or the file in base64 (YY-08).
fn evidence(fields: &Fields) -> Result<Vec<Attachment>, Rejection> {
    let papers: Private = fields.text(PAPERS)?.into();
    let given = Some(papers).filter(|papers| !papers.is_empty());
    Ok(given
        .map(|url| Attachment { name: PAPERS.1.into(), kind: "evidence".to_owned(), url })
        .into_iter()
        .collect())
}
