//! How much waits, for how long: what operators' dashboards and alerts stand on.

use crate::{Store, StoreError};
use domain::Timestamp;
use sqlx::Row as _;

/// Every part reads an index of what is open only; what is done costs nothing here.
const WAITING: &str = "
    select partner, 'callback_' || state, count(*), extract(epoch from $1 - min(created_at))::bigint
        from callbacks where state = 'pending' group by 1, 2
    union all
    select partner, 'callback_' || state, count(*), extract(epoch from $1 - min(created_at))::bigint
        from callbacks where state = 'parked' group by 1, 2
    union all
    select partner, 'order_' || state, count(*), extract(epoch from $1 - min(placed_at))::bigint
        from orders where state in ('announced', 'reviewing', 'awaiting_payment', 'paid') group by 1, 2
    union all
    select partner, 'claim', count(*), extract(epoch from $1 - min(requested_at))::bigint
        from claims where state = 'reviewing' group by 1
    union all
    select partner, 'invoice', count(*), extract(epoch from $1 - min(requested_at))::bigint
        from invoices where state = 'reviewing' group by 1
    union all
    select partner, 'refund', count(*), extract(epoch from $1 - min(requested_at))::bigint
        from refunds where state = 'reviewing' group by 1
    union all
    select partner, 'release', count(*), extract(epoch from $1 - min(requested_at))::bigint
        from releases where state = 'reviewing' group by 1
    union all
    select partner, 'credit', count(*), extract(epoch from $1 - min(requested_at))::bigint
        from credit_lines where state = 'reviewing' group by 1
    union all
    select partner, 'task', count(*), extract(epoch from $1 - min(raised_at))::bigint
        from tasks where done_at is null group by 1
    union all
    select '', 'row_without_month', count(*), extract(epoch from $1 - min(at))::bigint
        from (select at from events_other union all select callback_at from attempts_other) stray having count(*) > 0";

/// What waits of one kind at one partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The partner.
    pub partner: String,
    /// `callback_pending`, `callback_parked`, `order_reviewing`, `claim`, `task` …; `row_without_month` of no partner.
    pub what: String,
    /// How many.
    pub count: i64,
    /// How long the oldest has waited, seconds.
    pub oldest_s: i64,
}

impl Store {
    /// What waits now, by partner and kind; kinds of which nothing waits are absent.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn waiting(&self, now: Timestamp) -> Result<Vec<Waiting>, StoreError> {
        let rows = sqlx::query(WAITING).bind(now.utc()).fetch_all(&self.pool).await?;
        let waiting = rows.iter().map(|row| {
            Ok(Waiting {
                partner: row.try_get(0)?,
                what: row.try_get(1)?,
                count: row.try_get(2)?,
                oldest_s: row.try_get::<i64, _>(3)?.max(0),
            })
        });
        waiting.collect()
    }
}
