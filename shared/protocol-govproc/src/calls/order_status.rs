//! 3.2.2 保函办理进度查询接口, the queryurl we hand out: where an application stands.

use super::{QUERY_PATH, Served, Tell, Told, inbound, order_no};
use crate::codes::{self, ORDER_NO};
use crate::datum::Datum;
use crate::notices::shortened;
use crate::reading::text;
use crate::settings::Manner;
use domain::{Query, Reply};
use protocol::{Ask, Fields, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.2.2", "queryurl", "保函办理进度查询接口", Way::Query),
    path: QUERY_PATH,
    in_address: true,
    read,
    tell,
};

fn read(fields: &Fields, manner: &Manner) -> Result<Ask, Rejection> {
    let business_key = text(fields, ORDER_NO, 32)?;
    let no = order_no(manner, &business_key);
    Ok(Ask { business_key, wish: Wish::Query(Query::OrderStatus { no }), callback: None })
}

fn tell(told: &Told<'_>) -> Tell {
    let Reply::Order(order) = told.reply else { return Tell::Strange };
    let mut data = vec![
        ("status", Datum::int(codes::status(order.state))),
        ("describe", Datum::Text(shortened(&codes::describe(order)))),
    ];
    data.extend(order.changed_at.map(|at| ("dealtime", Datum::moment(at, told.manner))));
    if told.manner.query_bhno {
        let bhno = order.guarantee_no.as_ref().map_or("", |no| no.as_str());
        data.push(("bhno", Datum::text(bhno)));
    }
    Tell::Data(data)
}
