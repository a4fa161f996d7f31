//! What a unit of work loads: locked, so that whoever comes second sees what the first has done.

use super::Work;
use crate::StoreError;
use crate::kept::{self, Kept, table};
use crate::sealing::BIDDER;
use domain::{AcceptanceNo, CreditLine, GuaranteeNo, Money, Order, PartnerId};
use sqlx::AssertSqlSafe;

/// The order of a guarantee (`$2`) of a partner (`$1`), by its number now or an earlier one.
pub(crate) const OF_GUARANTEE: &str = "(
    select no from orders where guarantee_no = $2 and partner = $1
    union all select order_no from editions where guarantee_no = $2 and partner = $1 limit 1)";

/// What the orders and guarantees of a bidder (`$2`) of a partner (`$1`) use of its credit, in fen, but for one order.
pub(crate) const USED: &str = "
    select coalesce(sum(coalesce(o.bond_fen, ((o.body -> 'application' ->> 'bond')::numeric * 100)::bigint)), 0)::bigint
    from credit_uses u join orders o on o.no = u.order_no
    where u.partner = $1 and u.company_code = any($2) and u.order_no <> $3
      and (o.state in ('announced', 'reviewing', 'awaiting_payment', 'paid')
           or (o.state = 'issued' and coalesce(o.guarantee_state, o.body -> 'guarantee' ->> 'state') = 'in_force'))";

/// Lines of a bidder (`$2`) of a partner (`$1`), newest first.
pub(crate) const LINES: &str = "
    select body, no, trace from credit_lines where partner = $1 and company_code = any($2) order by requested_at desc, no";

impl Work {
    /// An order of a partner by its number, locked.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn order(
        &mut self,
        partner: &PartnerId,
        no: &AcceptanceNo,
    ) -> Result<Option<Order>, StoreError> {
        let sql = "select body, no, trace from orders where no = $1 and partner = $2 for update";
        self.load_one(sql, &[no.as_str(), partner.as_str()]).await
    }

    /// Any order by its number, locked: for the institution's own commands, which name no partner.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn any_order(&mut self, no: &AcceptanceNo) -> Result<Option<Order>, StoreError> {
        self.load_one("select body, no, trace from orders where no = $1 for update", &[no.as_str()]).await
    }

    /// The order of a guarantee of a partner, locked; also by a number that the guarantee bore before it was made out
    /// anew.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn order_of_guarantee(
        &mut self,
        partner: &PartnerId,
        guarantee: &GuaranteeNo,
    ) -> Result<Option<Order>, StoreError> {
        let sql = format!("select body, no, trace from orders where no = {OF_GUARANTEE} for update");
        self.load_one(&sql, &[partner.as_str(), guarantee.as_str()]).await
    }

    /// An order by the partner's number for it, locked.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn order_of_business(
        &mut self,
        partner: &PartnerId,
        business_no: &str,
    ) -> Result<Option<Order>, StoreError> {
        let sql = "select body, no, trace from orders where partner = $1 and business_no = $2 for update";
        self.load_one(sql, &[partner.as_str(), business_no]).await
    }

    /// All orders of a section, locked in the order of their numbers so that two changes cannot wait for each other. With
    /// a project number (not empty) those are left out that are known to belong to another project.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn orders_of_section(
        &mut self,
        partner: &PartnerId,
        section_no: &str,
        project_no: &str,
    ) -> Result<Vec<Order>, StoreError> {
        let sql = "select body, no, trace from orders where partner = $1 and section_no = $2 order by no for update";
        let orders: Vec<Order> =
            self.load(sql.to_owned(), &[partner.as_str(), &kept::key(section_no)]).await?;
        Ok(orders.into_iter().filter(|order| order.may_be_of_project(project_no)).collect())
    }

    /// A case with its order, which is locked: whoever holds the order may change its cases.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn case<K: Kept>(&mut self, no: &AcceptanceNo) -> Result<Option<(Order, K)>, StoreError> {
        let cases = table(K::SUBJECT);
        let order = format!(
            "select body, no, trace from orders where no = (select order_no from {cases} where no = $1) for update"
        );
        let Some(order) = self.load_one::<Order>(&order, &[no.as_str()]).await? else { return Ok(None) };
        let case = self
            .load_one::<K>(&format!("select body, no, trace from {cases} where no = $1"), &[no.as_str()])
            .await?;
        Ok(case.map(|case| (order, case)))
    }

    /// The latest case of this kind that the partner asked for under its own number, with its order, which is locked.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn case_of_business<K: Kept>(
        &mut self,
        partner: &PartnerId,
        business_no: &str,
    ) -> Result<Option<(Order, K)>, StoreError> {
        let latest = format!(
            "from {} where partner = $1 and business_no = $2 order by requested_at desc, no limit 1",
            table(K::SUBJECT)
        );
        let binds = [partner.as_str(), business_no];
        let order =
            format!("select body, no, trace from orders where no = (select order_no {latest}) for update");
        let Some(order) = self.load_one::<Order>(&order, &binds).await? else { return Ok(None) };
        // Read again under the lock. A newer case of another order would not be covered by it.
        let case = self.load_one::<K>(&format!("select body, no, trace {latest}"), &binds).await?;
        match case {
            Some(case) if case.row().order_no == order.no.as_str() => Ok(Some((order, case))),
            Some(_) => Err(StoreError::Raced("a newer case".to_owned())),
            None => Ok(None),
        }
    }

    /// The undecided cases of this kind about an order that is already locked, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn open_cases<K: Kept>(&mut self, order: &AcceptanceNo) -> Result<Vec<K>, StoreError> {
        self.cases_that::<K>("state = 'reviewing'", order).await
    }

    /// The cases of this kind about an order that is already locked and that were neither refused nor taken back, oldest
    /// first.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn standing_cases<K: Kept>(&mut self, order: &AcceptanceNo) -> Result<Vec<K>, StoreError> {
        self.cases_that::<K>("state not in ('refused', 'revoked')", order).await
    }

    async fn cases_that<K: Kept>(&mut self, hold: &str, order: &AcceptanceNo) -> Result<Vec<K>, StoreError> {
        let cases = table(K::SUBJECT);
        let sql = format!(
            "select body, no, trace from {cases} where order_no = $1 and {hold} order by requested_at, no"
        );
        self.load(sql, &[order.as_str()]).await
    }

    /// A credit line by its number, locked.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn credit_line(&mut self, no: &AcceptanceNo) -> Result<Option<CreditLine>, StoreError> {
        self.load_one("select body, no, trace from credit_lines where no = $1 for update", &[no.as_str()])
            .await
    }

    /// The latest credit line that the partner asked for under its own number, locked.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn credit_line_of_business(
        &mut self,
        partner: &PartnerId,
        business_no: &str,
    ) -> Result<Option<CreditLine>, StoreError> {
        let sql = "select body, no, trace from credit_lines where no = (
                select no from credit_lines where partner = $1 and business_no = $2
                order by requested_at desc, no limit 1) for update";
        self.load_one(sql, &[partner.as_str(), business_no]).await
    }

    /// The credit of a bidder of a partner: its lines, newest first, and what is used of them but for one order. Locked
    /// until the unit ends, so that two orders cannot both use the last of it.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn credit_of(
        &mut self,
        partner: &PartnerId,
        company_code: &str,
        but_for: &AcceptanceNo,
    ) -> Result<(Vec<CreditLine>, Money), StoreError> {
        let lock = "select pg_advisory_xact_lock(hashtextextended('gateway/credit/' || $1 || '/' || $2, 0))";
        sqlx::query(lock)
            .bind(partner.as_str().to_owned())
            .bind(company_code.to_owned())
            .execute(&mut **self.open().await?)
            .await?;
        let codes = self.store.vault.prints(BIDDER, company_code);
        let found = sqlx::query(LINES)
            .bind(partner.as_str().to_owned())
            .bind(codes.clone())
            .fetch_all(&mut **self.open().await?)
            .await?;
        let lines = self.loaded(&found)?;
        let used: i64 = sqlx::query_scalar(AssertSqlSafe(USED))
            .bind(partner.as_str().to_owned())
            .bind(codes)
            .bind(but_for.as_str().to_owned())
            .fetch_one(&mut **self.open().await?)
            .await?;
        Ok((lines, Money::from_fen(used)))
    }

    /// Whether this change of a section was taken in before.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn knows_tender_change(&mut self, no: &AcceptanceNo) -> Result<bool, StoreError> {
        let sql = "select exists (select 1 from tender_changes where no = $1)";
        Ok(sqlx::query_scalar(sql).bind(no.as_str()).fetch_one(&mut **self.open().await?).await?)
    }
}
