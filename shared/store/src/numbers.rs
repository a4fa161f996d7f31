//! What a number stands for, whoever wrote it down: for operators, who are not bound to one partner.

use crate::{Store, StoreError};
use crypto::keyring::Place;
use domain::{AcceptanceNo, Origin};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::postgres::PgRow;

/// Something that is known by a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Numbered {
    /// `order`, `claim`, `invoice`, `refund`, `release` or `credit`.
    pub kind: String,
    /// Its own number.
    pub no: AcceptanceNo,
    /// The order it belongs to: itself, for an order and for a credit line.
    pub order: AcceptanceNo,
    /// Who asked for it.
    pub origin: Origin,
    /// Its version.
    pub version: i32,
    /// Its state.
    pub state: String,
}

/// Business numbers are unique per partner and indexed so: the few partners are found by jumping along that index.
const NUMBERED: &str = "
    with recursive partners(partner) as (
        (select partner from orders order by partner limit 1)
        union all
        select (select o.partner from orders o where o.partner > p.partner order by o.partner limit 1)
        from partners p where p.partner is not null),
    found as (
        select 'order' kind, no, no order_no, body, version, state from orders where no = $1
        union all
        select 'order', no, no, body, version, state from orders where guarantee_no = $1
        union all
        select 'order', o.no, o.no, o.body, o.version, o.state
        from editions e join orders o on o.no = e.order_no where e.guarantee_no = $1
        union all
        select 'order', o.no, o.no, o.body, o.version, o.state
        from partners p join orders o on o.partner = p.partner and o.business_no = $1
        union all
        select 'claim', no, order_no, body, version, state from claims where no = $1
        union all
        select 'invoice', no, order_no, body, version, state from invoices where no = $1
        union all
        select 'refund', no, order_no, body, version, state from refunds where no = $1
        union all
        select 'release', no, order_no, body, version, state from releases where no = $1
        union all
        select 'credit', no, no, body, version, state from credit_lines where no = $1),
    banks(partner) as (
        (select partner from credit_lines order by partner limit 1)
        union all
        select (select c.partner from credit_lines c where c.partner > b.partner order by c.partner limit 1)
        from banks b where b.partner is not null),
    asked as (
        select 'claim' kind, c.no, c.order_no, c.body, c.version, c.state, c.partner, c.requested_at
        from partners p join claims c on c.partner = p.partner and c.business_no = $1
        union all
        select 'invoice', i.no, i.order_no, i.body, i.version, i.state, i.partner, i.requested_at
        from partners p join invoices i on i.partner = p.partner and i.business_no = $1
        union all
        select 'refund', r.no, r.order_no, r.body, r.version, r.state, r.partner, r.requested_at
        from partners p join refunds r on r.partner = p.partner and r.business_no = $1
        union all
        select 'release', r.no, r.order_no, r.body, r.version, r.state, r.partner, r.requested_at
        from partners p join releases r on r.partner = p.partner and r.business_no = $1
        union all
        select 'credit', c.no, c.no, c.body, c.version, c.state, c.partner, c.requested_at
        from banks b join credit_lines c on c.partner = b.partner and c.business_no = $1),
    latest as (
        select distinct on (kind, partner) kind, no, order_no, body, version, state from asked
        where not exists (select 1 from found) order by kind, partner, requested_at desc)
    select distinct on (no) kind, no, order_no, body, version, state
    from (select * from found union all select * from latest) one order by no";

/// What is wanted of a body: who asked. An invoice says so in its case.
#[derive(Deserialize)]
#[serde(untagged)]
enum Asked {
    Itself { origin: Origin },
    Case { case: Origined },
}

#[derive(Deserialize)]
struct Origined {
    origin: Origin,
}

fn ours(text: String) -> Result<AcceptanceNo, StoreError> {
    AcceptanceNo::parse(&text).map_err(|bad| StoreError::Broken(bad.to_string()))
}

impl Store {
    /// What goes by this number: an acceptance number of anything, an order's guarantee number or business number, or else
    /// the business number of a case or a credit line, the latest of each kind. Several, if several partners use the same
    /// business number.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn numbered(&self, number: &str) -> Result<Vec<Numbered>, StoreError> {
        let rows = sqlx::query(NUMBERED).bind(number).fetch_all(&self.pool).await?;
        rows.iter().map(|row| self.read_numbered(row)).collect()
    }

    fn read_numbered(&self, row: &PgRow) -> Result<Numbered, StoreError> {
        let (kind, no): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let table = if kind == "credit" { "credit_lines".to_owned() } else { format!("{kind}s") };
        let asked = self.vault.read(Place { table: &table, row: &no }, row, 3)?;
        let (Asked::Itself { origin } | Asked::Case { case: Origined { origin } }) = asked;
        Ok(Numbered {
            kind,
            no: ours(no)?,
            order: ours(row.try_get(2)?)?,
            origin,
            version: row.try_get(4)?,
            state: row.try_get(5)?,
        })
    }
}
