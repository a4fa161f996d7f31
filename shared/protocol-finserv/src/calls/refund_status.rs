//! 3.5.2 查询退保信息 `get_quitInfo`: where the latest refund of a guarantee stands (FS-23, FS-27).

use super::invoice_status::latest;
use super::{Served, inbound, wire};
use domain::Query;
use protocol::Way;

pub(super) const SERVED: Served = Served {
    interface: inbound("3.5.2", "get_quitInfo", "查询退保信息", Way::Query),
    batch: false,
    read: |fields| latest(fields, Query::RefundStatus),
    answer: |reply, _| wire::standing(reply),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use protocol::Wish;

    #[test]
    fn it_asks_for_the_latest_refund() {
        let ask = (SERVED.read)(&sample::changed("get_quitInfo", |_| ())).unwrap();
        let Wish::Query(Query::RefundStatus(query)) = ask.wish else { panic!("not a refund query") };
        assert_eq!((query.guarantee_no.as_str(), query.no), (sample::GUARANTEE_NO, None));
    }
}
