//! 2.7 保函查验(请求保险公司): what is recorded about a guarantee; answered by the codes of 5.6 (FZ-06).

use super::answer::{self, Ending};
use super::{Push, Served, inbound, joined};
use crate::codes::{GOOD, GUARANTEE_NO, SERIAL_NUM, day, yes};
use crate::settings::Manner;
use bytes::Bytes;
use domain::{GuaranteeNo, GuaranteeRecord, Query, RefusalKind, Reply};
use http::Response;
use protocol::{Ask, Rejection, RejectionKind, Way, Wish};
use serde::Serialize;

pub(super) const SERVED: Served = Served {
    interface: inbound("2.7", "verify-info", "保函查验(请求保险公司)", Way::Query),
    fields: &["guarantee_no", "serial_num"],
    read,
    answer,
};

const NO_GUARANTEE_NO: u16 = 2700;
const NO_SERIAL_NUM: u16 = 2701;
const NO_GUARANTEE: u16 = 2702;
const TIMED_OUT: u16 = 2705;
const BROKEN: u16 = 2706;

fn read(push: &Push<'_>) -> Result<Ask, Rejection> {
    let guarantee_no = push.fields.required(GUARANTEE_NO)?;
    let serial_no = push.fields.required(SERIAL_NUM)?;
    let business_key = joined(&[&guarantee_no, &serial_no]);
    let query = Query::VerifyRecord { guarantee_no: GuaranteeNo::quoted(&guarantee_no), serial_no };
    Ok(Ask { business_key, wish: Wish::Query(query), callback: None })
}

fn answer(ending: &Ending<'_>, _: &Manner) -> Response<Bytes> {
    match ending {
        Ending::Done(_, Reply::Record(record)) => found(record),
        Ending::Refused(_, refusal) if refusal.kind == RefusalKind::Unknown => {
            answer::said(NO_GUARANTEE, "保函不存在")
        }
        Ending::Busy | Ending::Durable(_) => answer::said(TIMED_OUT, "请求超时"),
        Ending::Rejected(rejection) => rejected(rejection),
        Ending::Done(..) | Ending::Refused(..) => answer::said(BROKEN, "系统错误"),
    }
}

fn rejected(rejection: &Rejection) -> Response<Bytes> {
    let about = |name: &str| rejection.kind == RejectionKind::Malformed && rejection.why.starts_with(name);
    let code = if about(GUARANTEE_NO.0) {
        NO_GUARANTEE_NO
    } else if about(SERIAL_NUM.0) {
        NO_SERIAL_NUM
    } else {
        BROKEN
    };
    answer::said(code, &rejection.say)
}

/// `proposer` is only in the example (FZ-15).
#[derive(Serialize)]
struct Wire<'a> {
    guarantee_no: &'a str,
    serial_num: &'a str,
    ktype: u8,
    proposer: &'a str,
    warrantee: &'a str,
    beneficiary: &'a str,
    proitem: &'a str,
    variety: u8,
    amount: Box<serde_json::value::RawValue>,
    guarantee_start_date: String,
    guarantee_end_date: String,
    is_avert: u8,
}

fn found(record: &GuaranteeRecord) -> Response<Bytes> {
    let guarantee = &record.guarantee;
    // An amount is a JSON number as it stands.
    let Ok(amount) = serde_json::value::RawValue::from_string(record.bond.to_string()) else {
        return answer::said(BROKEN, "系统错误");
    };
    let wire = Wire {
        guarantee_no: guarantee.no.as_str(),
        serial_num: guarantee.serial_no.as_deref().unwrap_or_default(),
        ktype: 4,
        proposer: record.bidder.name.expose(),
        warrantee: record.bidder.name.expose(),
        beneficiary: record.tenderee.name.expose(),
        proitem: record.section_name.expose(),
        variety: 1,
        amount,
        guarantee_start_date: day(guarantee.valid_from.unwrap_or(guarantee.issued_at)),
        guarantee_end_date: guarantee.valid_until.map(day).unwrap_or_default(),
        // 转开: none of ours stands for another's.
        is_avert: yes(false),
    };
    match serde_json::to_string(&wire) {
        Ok(data) => answer::raw(format!(r#"{{"status":{GOOD},"data":{data}}}"#)),
        Err(_) => answer::said(BROKEN, "系统错误"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{asked, body, manner, refused, rejected as turned_away};
    use domain::Refusal;
    use serde_json::json;

    fn status(response: &Response<Bytes>) -> u64 {
        body(response)["status"].as_u64().unwrap()
    }

    #[test]
    fn every_ending_has_its_code() {
        let ask = asked("verify-info", |_| ());
        let told = |ending: &Ending<'_>| status(&answer(ending, &manner("")));
        assert_eq!(told(&refused(&ask, &Refusal::unknown("保函"))), 2702);
        assert_eq!(told(&refused(&ask, &Refusal::not_now("稍后"))), 2706);
        assert_eq!(told(&Ending::Busy), 2705);
        for (name, code) in [("guarantee_no", 2700), ("serial_num", 2701)] {
            let rejection = turned_away("verify-info", |data| data[name] = json!(""));
            assert_eq!(told(&Ending::Rejected(&rejection)), code);
        }
        assert_eq!(told(&Ending::Rejected(&Rejection::forged("x"))), 2706);
    }
}
