//! 3.2.5 获取保函接口, the pullurl we hand out: the guarantee itself.

use super::{PULL_PATH, Served, Tell, Told, inbound};
use crate::codes::GUARANTEE_NO;
use crate::datum::Datum;
use crate::reading::text_of_any;
use crate::settings::Manner;
use domain::{GuaranteeNo, Query, Reply};
use protocol::{Ask, Fields, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.2.5", "pullurl", "获取保函接口", Way::Query),
    path: PULL_PATH,
    in_address: true,
    read,
    tell,
};

fn read(fields: &Fields, _: &Manner) -> Result<Ask, Rejection> {
    let business_key = text_of_any(fields, &GUARANTEE_NO, 64)?;
    let query = Query::Document { guarantee_no: GuaranteeNo::quoted(&business_key) };
    Ok(Ask { business_key, wish: Wish::Query(query), callback: None })
}

fn tell(told: &Told<'_>) -> Tell {
    let Reply::Document(copy) = told.reply else { return Tell::Strange };
    let name: String = copy.document.name.chars().take(128).collect();
    Tell::Data(vec![
        ("name", Datum::Text(name)),
        ("file", Datum::text(&copy.content)),
        ("remark", Datum::text("")),
    ])
}
