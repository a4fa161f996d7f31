//! 3.3 保函订单取消申请 `orderCancelApply`: orders without a guarantee are to be closed, one or several (YY-23, YY-24).

use super::{Form, Served, inbound, order_no};
use crate::codes::{APPLY_NO, APPLY_TIME};
use crate::settings::Manner;
use domain::{Command, Side, Timestamp, WithdrawOrder};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

/// 200 only says that it was received; what came of it is told by orderCancelNotice.
pub(super) const SERVED: Served = Served {
    interface: inbound("3.3", "financialAccount/orderCancelApply", "保函订单取消申请", Way::Ask),
    read,
    told_later: true,
    form: Form::Batch,
    credit: false,
};

const REMARK: Label = ("remark", "取消原因");
/// As printed, and as it was meant (YY-21).
const PAPERS: [Label; 2] = [("orderCanceZip", "附件信息"), ("orderCancelZip", "附件信息")];
/// Longer papers are the file itself, which belongs into no reason; characters (the document allows 255).
const LONGEST: usize = 1000;

fn read(fields: &Fields, _: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    let business_no = order_no(fields, APPLY_NO)?;
    fields.required(APPLY_TIME)?;
    let withdraw = WithdrawOrder {
        business_no: business_no.clone(),
        no: None,
        reason: reason(fields)?,
        side: Side::Partner,
        by: String::new(),
        described: None,
    };
    Ok(Ask {
        business_key: business_no,
        wish: Wish::Command(Command::WithdrawOrder(withdraw)),
        callback: None,
    })
}

/// The reason, with the papers as the partner refers to them (YY-08): operators read it in the order's timeline.
fn reason(fields: &Fields) -> Result<String, Rejection> {
    let (remark, papers) = (fields.text(REMARK)?, fields.text_of_any(&PAPERS)?);
    let length = papers.chars().count();
    Ok(match length {
        0 => remark,
        1..=LONGEST => format!("{remark}（附件：{papers}）"),
        _ => format!("{remark}（附件：{length}字符，未保存）"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::{Value, json};

    fn withdrawn(change: impl FnOnce(&mut Value)) -> WithdrawOrder {
        let fields = sample::changed("financialAccount/orderCancelApply", change);
        match read(&fields, &sample::manner(), sample::now()).map(|ask| ask.wish) {
            Ok(Wish::Command(Command::WithdrawOrder(withdraw))) => withdraw,
            other => panic!("no withdrawal: {other:?}"),
        }
    }

    #[test]
    fn papers_are_named_in_the_reason_in_either_spelling() {
        let bare = |data: &mut Value| {
            data["remark"] = json!("改期");
            data["orderCanceZip"] = json!(null);
        };
        assert_eq!(withdrawn(bare).reason, "改期");
        for name in ["orderCanceZip", "orderCancelZip"] {
            let reason = withdrawn(|data| {
                bare(data);
                data[name] = json!("https://p.example/a.zip");
            })
            .reason;
            assert_eq!(reason, "改期（附件：https://p.example/a.zip）");
        }
        let whole_file = withdrawn(|data| data["orderCanceZip"] = json!("A".repeat(4000)));
        assert!(whole_file.reason.ends_with("（附件：4000字符，未保存）"), "{}", whole_file.reason);
    }

    #[test]
    fn the_order_is_named_by_any_of_its_names() {
        for name in ["applyNo", "orderNo", "businessNo"] {
            let withdraw = withdrawn(|data| {
                data["applyNo"] = json!("");
                data[name] = json!("T9");
            });
            assert_eq!((withdraw.business_no.as_str(), withdraw.side), ("T9", Side::Partner));
        }
    }
}
