//! 3.6.1 标段信息更新 `update_bidinfo`: a section is cancelled, fails or is postponed; one or a batch (FS-21).

use super::wire::Receipt;
use super::{Served, inbound, joined};
use crate::codes::{APPLY_NO, SECTION_CODE, SECTION_NAME, TENDER_CHANGES};
use domain::{ChangeTender, Command, TenderChange, TenderChangeKind};
use protocol::{Ask, Fields, Form, Label, Rejection, Way, Wish, print_shanghai};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.6.1", "update_bidinfo", "标段信息更新", Way::Tell),
    batch: true,
    read,
    answer: |reply, _| Receipt::of(reply).bytes(),
};

const TYPE: Label = ("type", "更新类型");

fn read(fields: &Fields) -> Result<Ask, Rejection> {
    let business_no = fields.required(APPLY_NO)?;
    let section_no = fields.required(SECTION_CODE)?;
    fields.required(SECTION_NAME)?;
    let code = fields.required(TYPE)?;
    let change = TenderChange {
        kind: fields.code(TYPE, &TENDER_CHANGES)?.unwrap_or(TenderChangeKind::Other),
        // Neither the new opening nor the published notice has to be there (FS-24).
        opening: fields.instant(("next_open_time", "下次开标时间"))?,
        notice_url: fields.text(("notice_url", "变更公告URL"))?,
        deadline: None,
    };
    // The same section may be postponed twice: each change is a request of its own (FS-13).
    let opening = change.opening.map(|at| print_shanghai(at, Form::Compact)).unwrap_or_default();
    let business_key = joined(&[&business_no, &section_no, &code, &opening]);
    let command =
        Command::ChangeTender(ChangeTender { business_no, section_no, change, project_no: String::new() });
    Ok(Ask { business_key, wish: Wish::Command(command), callback: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::{Value, json};

    fn asked(change: impl FnOnce(&mut Value)) -> Ask {
        read(&sample::changed("update_bidinfo", change)).unwrap()
    }

    fn changed(ask: Ask) -> TenderChange {
        match ask.wish {
            Wish::Command(Command::ChangeTender(command)) => command.change,
            other => panic!("not a change: {other:?}"),
        }
    }

    #[test]
    fn every_type_has_its_word() {
        let kinds = ["1", "2", "3", "9"].map(|code| changed(asked(|data| data["type"] = json!(code))).kind);
        use TenderChangeKind::{Cancelled, Failed, Other, Postponed};
        assert_eq!(kinds, [Cancelled, Failed, Postponed, Other]);
        let wrong = read(&sample::changed("update_bidinfo", |data| data["type"] = json!("4"))).unwrap_err();
        assert_eq!(wrong.say, "更新类型(type)取值应为1、2、3、9");
    }

    #[test]
    fn a_postponement_without_date_or_notice_is_accepted() {
        let change = changed(asked(|data| {
            data["next_open_time"] = json!("");
            data["notice_url"] = json!(null);
        }));
        assert_eq!((change.kind, change.opening), (TenderChangeKind::Postponed, None));
        assert!(change.notice_url.is_empty());
    }

    #[test]
    fn a_second_postponement_is_another_request_and_a_repeat_is_the_same() {
        let first = asked(|data| data["next_open_time"] = json!("20261224 0900")).business_key;
        let again = asked(|data| data["next_open_time"] = json!("202612240900")).business_key;
        let second = asked(|data| data["next_open_time"] = json!("20261231 0900")).business_key;
        assert_eq!(first, again);
        assert_ne!(first, second);
    }
}
