//! 3.2.7 保函费用计算/预估接口 `/guarantee/cost`: what a guarantee would cost.

use super::{Served, Tell, Told, inbound};
use crate::codes::BOND;
use crate::datum::Datum;
use crate::reading::{amount, text};
use crate::settings::Manner;
use domain::{Query, Reply};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.2.7", "/guarantee/cost", "保函费用计算/预估接口", Way::Query),
    path: "/guarantee/cost",
    in_address: false,
    read,
    tell,
};

const ORGCODE: Label = ("orgcode", "机构编号");

fn read(fields: &Fields, manner: &Manner) -> Result<Ask, Rejection> {
    let bond = amount(fields, BOND)?;
    let orgcode = text(fields, ORGCODE, 128)?;
    if manner.orgcode.as_ref().is_some_and(|ours| *ours != orgcode) {
        return Err(Rejection::malformed(ORGCODE.0, ORGCODE.1, "与约定的不一致"));
    }
    Ok(Ask { business_key: bond.to_string(), wish: Wish::Query(Query::Cost { bond }), callback: None })
}

/// 二选一, and yet both 是: both are sent (GP-08).
fn tell(told: &Told<'_>) -> Tell {
    let Reply::Cost { premium, rate } = told.reply else { return Tell::Strange };
    let describe = format!("预估保费{premium}元，费率{rate}，以实际出函为准");
    Tell::Data(vec![("money", Datum::money(*premium, told.manner)), ("describe", Datum::Text(describe))])
}
