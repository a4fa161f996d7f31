//! 2.10 延期开标通知（异步推送）: the opening of a section moved, for all its orders (FZ-13).

use super::{Push, Served, answer, inbound, joined};
use crate::codes::{BLOCK_NAME, BLOCK_NUMBER, CHANGES, moment};
use domain::{ChangeTender, Command, TenderChange, TenderChangeKind};
use protocol::{Ask, Form, Label, Rejection, Way, Wish, print_shanghai};

pub(super) const SERVED: Served = Served {
    interface: inbound("2.10", "delay-open-push", "延期开标通知（异步推送）", Way::Tell),
    fields: &["open_tender_time", "btc_name", "block_number", "block_name", "type"],
    read,
    answer: answer::status,
};

const TYPE: Label = ("type", "通知类型");
const OPENING: Label = ("open_tender_time", "新的开标时间");

fn read(push: &Push<'_>) -> Result<Ask, Rejection> {
    push.fields.required(("btc_name", "交易中心名称"))?;
    let section_no = push.fields.required(BLOCK_NUMBER)?;
    push.fields.required(BLOCK_NAME)?;
    let code = push.fields.required(TYPE)?;
    let text = push.fields.required(OPENING)?;
    let opening =
        moment(&text).ok_or_else(|| Rejection::malformed(OPENING.0, OPENING.1, "时间格式不正确"))?;
    let change = TenderChange {
        kind: push.fields.code(TYPE, &CHANGES)?.unwrap_or(TenderChangeKind::Postponed),
        opening: Some(opening),
        deadline: None,
        notice_url: String::new(),
    };
    // The same section may be postponed twice: each change is a request of its own.
    let business_key = joined(&[&section_no, &code, &print_shanghai(opening, Form::Compact)]);
    let command = Command::ChangeTender(ChangeTender {
        business_no: String::new(),
        section_no,
        project_no: String::new(),
        change,
    });
    Ok(Ask { business_key, wish: Wish::Command(command), callback: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{asked, rejected};
    use serde_json::json;

    #[test]
    fn both_types_have_their_word_and_the_new_opening() {
        use TenderChangeKind::{Postponed, Rescheduled};
        for (code, kind) in [("1", Rescheduled), ("2", Postponed)] {
            let wish = asked("delay-open-push", |data| data["type"] = json!(code)).wish;
            let Wish::Command(Command::ChangeTender(change)) = wish else { panic!("{wish:?}") };
            assert_eq!((change.change.kind, change.business_no.as_str()), (kind, ""));
            assert_eq!(change.change.opening, moment("2026-12-30 09:30:00"));
        }
        let wrong = rejected("delay-open-push", |data| data["type"] = json!("3"));
        assert_eq!(wrong.say, "通知类型(type)取值应为1、2");
        let wrong = rejected("delay-open-push", |data| data["open_tender_time"] = json!("明年"));
        assert_eq!(wrong.say, "新的开标时间(open_tender_time)时间格式不正确");
    }

    #[test]
    fn a_second_postponement_is_another_request_and_a_repeat_is_the_same() {
        let key =
            |text: &str| asked("delay-open-push", |data| data["open_tender_time"] = json!(text)).business_key;
        assert_eq!(key("2026-12-24 09:00:00"), key("2026-12-24 9:00"));
        assert_ne!(key("2026-12-24 09:00:00"), key("2026-12-31 09:00:00"));
    }
}
