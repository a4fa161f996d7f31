//! 3.22 开标时间维护 `openTimeMaintenance` and 3.23 缴纳截止时间维护 `updateEmEndTime`: one order's times moved (YY-31).

use super::{Form, Served, inbound, order_no};
use crate::codes::ORDER_NO;
use crate::settings::Manner;
use domain::{ChangeTender, Command, TenderChange, TenderChangeKind, Timestamp};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

pub(super) const OPENING: Served = Served {
    interface: inbound("3.22", "financialAccount/openTimeMaintenance", "开标时间维护", Way::Ask),
    read: opening,
    told_later: false,
    form: Form::Plain,
    credit: false,
};

pub(super) const DEADLINE: Served = Served {
    interface: inbound("3.23", "financialAccount/updateEmEndTime", "缴纳截止时间维护", Way::Ask),
    read: deadline,
    told_later: false,
    form: Form::Plain,
    credit: false,
};

const OPEN_TIME: Label = ("openTime", "开标时间");
const END_TIME: Label = ("bzjEndTime", "缴纳截止时间");
/// For so long the same change is the same request, seconds: after that it may be a return to an earlier time.
const SAME_REQUEST: i64 = 3600;

fn opening(fields: &Fields, _: &Manner, now: Timestamp) -> Result<Ask, Rejection> {
    let at = fields.required_instant(OPEN_TIME)?;
    let change = changed(TenderChangeKind::Rescheduled);
    moved(fields, TenderChange { opening: Some(at), ..change }, at, now)
}

fn deadline(fields: &Fields, _: &Manner, now: Timestamp) -> Result<Ask, Rejection> {
    let at = fields.required_instant(END_TIME)?;
    let change = changed(TenderChangeKind::DeadlineMoved);
    moved(fields, TenderChange { deadline: Some(at), ..change }, at, now)
}

const fn changed(kind: TenderChangeKind) -> TenderChange {
    TenderChange { kind, opening: None, deadline: None, notice_url: String::new() }
}

/// These requests have no number of their own: order, new time and hour tell them apart. To move to the same time twice
/// does no harm.
fn moved(fields: &Fields, change: TenderChange, at: Timestamp, now: Timestamp) -> Result<Ask, Rejection> {
    let business_no = order_no(fields, ORDER_NO)?;
    let hour = now.unix_seconds().div_euclid(SAME_REQUEST);
    let business_key = format!("{business_no}/{}/{hour}", at.unix_seconds());
    let change = ChangeTender { business_no, section_no: String::new(), project_no: String::new(), change };
    Ok(Ask { business_key, wish: Wish::Command(Command::ChangeTender(change)), callback: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::json;

    fn key(time: &str, now: Timestamp) -> String {
        let fields =
            sample::changed("financialAccount/openTimeMaintenance", |data| data["openTime"] = json!(time));
        opening(&fields, &sample::manner(), now).unwrap().business_key
    }

    #[test]
    fn a_repetition_is_the_same_request_and_a_return_to_an_earlier_time_another() {
        let (at, later) = (sample::now(), sample::now().plus_seconds(2 * SAME_REQUEST));
        let (first, second) = ("2026-12-22 09:30:00", "2026-12-23 09:30:00");
        assert_eq!(key(first, at), key(first, at.plus_seconds(5)));
        assert_ne!(key(first, at), key(second, at));
        assert_ne!(key(first, at), key(first, later));
    }
}
