//! Reading without locks: for queries of partners, for lists of operators, and for filling Redis again.

use crate::kept::{Kept, place, table};
use crate::sealing::BIDDER;
use crate::work::find::{LINES, OF_GUARANTEE, USED};
use crate::{Store, StoreError};
use domain::{AcceptanceNo, CreditLine, GuaranteeNo, Money, Order, OrderState, PartnerId, Timestamp};
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Postgres, QueryBuilder, Row as _};

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderRow {
    /// Its number.
    pub no: String,
    /// Whose.
    pub partner: String,
    /// The partner's number.
    pub business_no: String,
    /// Its state.
    pub state: String,
    /// Its version.
    pub version: i32,
    /// The guarantee, once issued.
    pub guarantee_no: Option<String>,
    /// When it was accepted.
    pub placed_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Which orders to list; all of these must hold.
#[derive(Debug, Clone, Default)]
pub struct OrderFilter {
    /// Of this partner.
    pub partner: Option<PartnerId>,
    /// In this state.
    pub state: Option<OrderState>,
    /// Not older than this.
    pub since: Option<Timestamp>,
    /// At most so many, newest first.
    pub limit: u32,
}

/// Every number that was accepted since a time, with the hash of its content; a page at a time, in the order of numbers.
const ACCEPTED: &str = "
    select no, content_hash from (
        select no, content_hash from orders where placed_at >= $1 and no > $2
        union all select no, content_hash from claims where requested_at >= $1 and no > $2
        union all select no, content_hash from invoices where requested_at >= $1 and no > $2
        union all select no, content_hash from refunds where requested_at >= $1 and no > $2
        union all select no, content_hash from releases where requested_at >= $1 and no > $2
        union all select no, content_hash from credit_lines where requested_at >= $1 and no > $2
        union all select no, content_hash from tender_changes where received_at >= $1 and no > $2) every
    order by no limit $3";

impl Store {
    /// An order of a partner.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn find_order(
        &self,
        partner: &PartnerId,
        no: &AcceptanceNo,
    ) -> Result<Option<Order>, StoreError> {
        let sql = "select body, no from orders where no = $1 and partner = $2";
        self.found(sql.to_owned(), [no.as_str(), partner.as_str()]).await
    }

    /// When an order last changed.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn changed_at(&self, no: &AcceptanceNo) -> Result<Option<Timestamp>, StoreError> {
        let sql = "select updated_at from orders where no = $1";
        let at = sqlx::query_scalar(sql).bind(no.as_str()).fetch_optional(&self.pool).await?;
        Ok(at.map(Timestamp::new))
    }

    /// A case of a partner by its number.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn find_case<K>(&self, partner: &PartnerId, no: &AcceptanceNo) -> Result<Option<K>, StoreError>
    where
        K: Kept + Unpin + 'static,
    {
        let sql = format!("select body, no from {} where no = $1 and partner = $2", table(K::SUBJECT));
        self.found(sql, [no.as_str(), partner.as_str()]).await
    }

    /// The order of a guarantee of a partner, by its number now or an earlier one.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn order_of_guarantee(
        &self,
        partner: &PartnerId,
        guarantee: &GuaranteeNo,
    ) -> Result<Option<Order>, StoreError> {
        let sql = format!("select body, no from orders where no = {OF_GUARANTEE}");
        self.found(sql, [partner.as_str(), guarantee.as_str()]).await
    }

    /// The order of a partner of whose guarantee this is or was the document, by its SHA-256.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn order_of_document(
        &self,
        partner: &PartnerId,
        sha256: &str,
    ) -> Result<Option<Order>, StoreError> {
        let sql = "select body, no from orders where no = (
            select no from orders where document_sha256 = $2 and partner = $1
            union all select order_no from editions where document_sha256 = $2 and partner = $1 limit 1)";
        self.found(sql.to_owned(), [partner.as_str(), sha256]).await
    }

    /// The latest case of this kind about a guarantee of a partner (FS-27), under whichever number the guarantee bore.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn latest_case<K>(
        &self,
        partner: &PartnerId,
        guarantee: &GuaranteeNo,
    ) -> Result<Option<K>, StoreError>
    where
        K: Kept + Unpin + 'static,
    {
        let cases = table(K::SUBJECT);
        let sql = format!(
            "select body, no from {cases} where order_no = {OF_GUARANTEE} order by requested_at desc, no limit 1"
        );
        self.found(sql, [partner.as_str(), guarantee.as_str()]).await
    }

    /// The credit of a bidder of a partner: its lines, newest first, and what is used of them.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn credit_of(
        &self,
        partner: &PartnerId,
        company_code: &str,
    ) -> Result<(Vec<CreditLine>, Money), StoreError> {
        let codes = self.vault.prints(BIDDER, company_code);
        let rows = sqlx::query(LINES).bind(partner.as_str()).bind(&codes).fetch_all(&self.pool).await?;
        let lines = rows.iter().map(|row| self.aggregate(row));
        let used: i64 = sqlx::query_scalar(USED)
            .bind(partner.as_str())
            .bind(&codes)
            .bind("")
            .fetch_one(&self.pool)
            .await?;
        Ok((lines.collect::<Result<_, StoreError>>()?, Money::from_fen(used)))
    }

    async fn found<K>(&self, sql: String, binds: [&str; 2]) -> Result<Option<K>, StoreError>
    where
        K: Kept + Unpin + 'static,
    {
        let [one, two] = binds;
        let row = sqlx::query(AssertSqlSafe(sql)).bind(one).bind(two).fetch_optional(&self.pool).await?;
        row.map(|row| self.aggregate(&row)).transpose()
    }

    /// Reads an aggregate out of its body and its number, the first two columns of a row.
    pub(crate) fn aggregate<K: Kept>(&self, row: &PgRow) -> Result<K, StoreError> {
        let no: String = row.try_get(1)?;
        self.vault.read(place::<K>(&no), row, 0)
    }

    /// Lists orders, newest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn orders(&self, filter: &OrderFilter) -> Result<Vec<OrderRow>, StoreError> {
        let mut query: QueryBuilder<Postgres> = QueryBuilder::new(
            "select no, partner, business_no, state, version, guarantee_no, placed_at, updated_at \
             from orders where true",
        );
        if let Some(partner) = &filter.partner {
            query.push(" and partner = ").push_bind(partner.to_string());
        }
        if let Some(state) = filter.state {
            // A word of ours, written out so that the index of open orders can serve it.
            query.push(" and state = '").push(state.word()).push("'");
        }
        if let Some(since) = filter.since {
            query.push(" and placed_at >= ").push_bind(since.utc());
        }
        query.push(" order by placed_at desc, no limit ").push_bind(i64::from(filter.limit));
        let rows = query.build().fetch_all(&self.pool).await?;
        let read = |row: &PgRow| {
            Ok(OrderRow {
                no: row.try_get(0)?,
                partner: row.try_get(1)?,
                business_no: row.try_get(2)?,
                state: row.try_get(3)?,
                version: row.try_get(4)?,
                guarantee_no: row.try_get(5)?,
                placed_at: Timestamp::new(row.try_get(6)?),
                updated_at: Timestamp::new(row.try_get(7)?),
            })
        };
        rows.iter().map(read).collect()
    }

    /// A page of the numbers accepted since a time with the hashes of their contents, following `after` (empty for the
    /// first page); the last page is shorter than `limit`. For filling Redis again.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn accepted_since(
        &self,
        since: Timestamp,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query_as(ACCEPTED).bind(since.utc()).bind(after).bind(i64::from(limit));
        Ok(rows.fetch_all(&self.pool).await?)
    }
}
