//! 3.3.2 查询索赔申请结果 `get_apply_claim_result`: where a claim stands.

use super::release_status::numbered;
use super::{Served, inbound, wire};
use domain::Query;
use protocol::Way;

pub(super) const SERVED: Served = Served {
    interface: inbound("3.3.2", "get_apply_claim_result", "查询索赔申请结果", Way::Query),
    batch: false,
    read: |fields| numbered(fields, Query::ClaimStatus),
    answer: |reply, _| wire::standing(reply),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use protocol::Wish;

    #[test]
    fn it_asks_for_the_claim_by_both_numbers() {
        let ask = (SERVED.read)(&sample::changed("get_apply_claim_result", |_| ())).unwrap();
        let Wish::Query(Query::ClaimStatus(query)) = ask.wish else { panic!("not a claim query") };
        assert_eq!(query.guarantee_no.as_str(), sample::GUARANTEE_NO);
        assert_eq!(query.no, Some(sample::no()));
    }
}
