//! 3.17 to 3.20 授信撤回、退函撤回、理赔撤回、注销撤回: an earlier request is taken back; `data` says whether (YY-16).

use super::{Form, Served, inbound, serial_no};
use crate::settings::Manner;
use domain::{Command, RevokeCase, Subject, Timestamp};
use protocol::{Ask, Fields, Interface, Label, Rejection, Way, Wish};

const fn served(
    interface: Interface,
    read: fn(&Fields, &Manner, Timestamp) -> Result<Ask, Rejection>,
    credit: bool,
) -> Served {
    // The answer alone tells the outcome.
    Served { interface, read, told_later: false, form: Form::Verdict, credit }
}

pub(super) const CREDIT: Served =
    served(inbound("3.17", "financialAccount/creditRevocation", "授信撤回", Way::Ask), credit, true);
pub(super) const REFUND: Served =
    served(inbound("3.18", "financialAccount/refundRevocation", "退函撤回", Way::Ask), refund, false);
/// A claim is the beneficiary's, and taken back only after somebody has confirmed it (YY-25).
pub(super) const CLAIM: Served =
    served(inbound("3.19", "financialAccount/compensateRevocation", "理赔撤回", Way::Ask), claim, false);
pub(super) const RELEASE: Served =
    served(inbound("3.20", "financialAccount/cancelRevocation", "注销撤回", Way::Ask), release, false);

const CREDIT_REASON: Label = ("reason", "撤回原因");
const REFUND_REASON: Label = ("reason", "退函撤回原因");
const CLAIM_REASON: Label = ("reason", "理赔撤回原因");
const RELEASE_REASON: Label = ("reason", "注销撤回原因");

fn credit(fields: &Fields, _: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    revoke(Subject::Credit, fields, fields.required(CREDIT_REASON))
}

/// The only one that needs no reason.
fn refund(fields: &Fields, _: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    revoke(Subject::Refund, fields, fields.text(REFUND_REASON))
}

fn claim(fields: &Fields, _: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    revoke(Subject::Claim, fields, fields.required(CLAIM_REASON))
}

fn release(fields: &Fields, _: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    revoke(Subject::Release, fields, fields.required(RELEASE_REASON))
}

/// `businessNo` is that of the request which is taken back (YY-20).
fn revoke(subject: Subject, fields: &Fields, reason: Result<String, Rejection>) -> Result<Ask, Rejection> {
    let business_no = serial_no(fields)?;
    let revoke = RevokeCase { subject, business_no: business_no.clone(), reason: reason? };
    Ok(Ask { business_key: business_no, wish: Wish::Command(Command::RevokeCase(revoke)), callback: None })
}
