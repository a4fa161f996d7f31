//! 3.9 注销申请 `cancelApply`: after the opening the guarantee is to end (YY-14: whoever wishes it).

use super::{Form, Served, about, inbound, serial_no};
use crate::settings::Manner;
use domain::{About, Command, ReleaseReason, RequestRelease, Stage, Timestamp};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.9", "financialAccount/cancelApply", "注销申请", Way::Ask),
    read,
    told_later: true,
    form: Form::Plain,
    credit: false,
};

/// As printed, and as it was meant (YY-21).
const REASONS: [Label; 2] = [("reson", "注销原因"), ("reason", "注销原因")];
const PAPERS: Label = ("cancelZip", "注销资料");

fn read(fields: &Fields, _: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    let business_key = serial_no(fields)?;
    let request = RequestRelease { reason: reason(fields)?, section_no: String::new() };
    let about = About { stage: Some(Stage::AfterOpening), ..about(fields, request)? };
    Ok(Ask { business_key, wish: Wish::Command(Command::RequestRelease(about)), callback: None })
}

fn reason(fields: &Fields) -> Result<ReleaseReason, Rejection> {
    let (text, papers) = (fields.text_of_any(&REASONS)?, fields.text(PAPERS)?);
    if text.is_empty() && papers.is_empty() {
        return Ok(ReleaseReason::Other);
    }
    Ok(ReleaseReason::Stated { text, papers: papers.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::{Value, json};

    fn reason_of(change: impl FnOnce(&mut Value)) -> ReleaseReason {
        let fields = sample::changed("financialAccount/cancelApply", change);
        match read(&fields, &sample::manner(), sample::now()).map(|ask| ask.wish) {
            Ok(Wish::Command(Command::RequestRelease(about))) => {
                assert_eq!(about.stage, Some(Stage::AfterOpening));
                about.request.reason
            }
            other => panic!("no release: {other:?}"),
        }
    }

    #[test]
    fn the_reason_is_read_in_either_spelling_with_its_papers() {
        for name in ["reson", "reason"] {
            let reason = reason_of(|data| {
                data["reson"] = json!(null);
                data[name] = json!("项目终止");
                data["cancelZip"] = json!("zx/1.zip");
            });
            assert_eq!(reason, ReleaseReason::Stated { text: "项目终止".into(), papers: "zx/1.zip".into() });
        }
    }

    #[test]
    fn neither_reason_nor_papers_are_needed() {
        let reason = reason_of(|data| {
            data["reson"] = json!("");
            data["cancelZip"] = json!("");
        });
        assert_eq!(reason, ReleaseReason::Other);
    }
}
