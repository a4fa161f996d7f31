//! Documents and numbers in anybody's hands: which order they belong to, of whichever partner.

use crate::{Store, StoreError};
use domain::{FileRole, Held, Order};
use sqlx::Row as _;

const OF_NUMBER: &str = "select body, no, null::text from orders where no = (
    select no from orders where guarantee_no = $1
    union all select order_no from editions where guarantee_no = $1 limit 1)";

const OF_FILE: &str = "select body, orders.no, role from (
        select 'current' as role, no from orders where document_sha256 = $1
        union all select 'earlier', order_no from editions where document_sha256 = $1
        union all select 'refund', order_no from refunds where document_sha256 = $1
        union all select 'release', order_no from releases where document_sha256 = $1
        union all select 'invoice', order_no from invoices where document_sha256 = $1
        limit 1) found
    join orders on orders.no = found.no";

fn role(word: &str) -> Option<FileRole> {
    [
        ("current", FileRole::Current),
        ("earlier", FileRole::Earlier),
        ("refund", FileRole::Refund),
        ("release", FileRole::Release),
        ("invoice", FileRole::Invoice),
    ]
    .into_iter()
    .find_map(|(known, role)| (known == word).then_some(role))
}

impl Store {
    /// The order that a guarantee number or a document belongs to, and what the document is to it.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn order_of_held(&self, held: &Held) -> Result<Option<(Order, Option<FileRole>)>, StoreError> {
        let (sql, bind) = match held {
            Held::Number(no) => (OF_NUMBER, no.as_str()),
            Held::File(sha256) => (OF_FILE, sha256.as_str()),
        };
        let row = sqlx::query(sql).bind(bind).fetch_optional(&self.pool).await?;
        let Some(row) = row else { return Ok(None) };
        let word: Option<String> = row.try_get(2)?;
        Ok(Some((self.aggregate(&row)?, word.as_deref().and_then(role))))
    }
}
