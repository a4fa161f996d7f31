//! Sealing anew under the current key, a little at a time beside running workers: a row that somebody holds or has changed
//! meanwhile is left to a later pass, so nobody waits and nothing is overwritten.

use crate::sealing::{BIDDER, Sealing};
use crate::shelves::{Holds, SHELVES, Shelf};
use crate::{Store, StoreError};
use crypto::keyring::Place;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Row as _};

/// Blocks of a table that a step looks at.
const BLOCKS: i64 = 64;
/// Rows that a step seals at most.
const ROWS: i64 = 250;
/// Passes after which what is left is somebody's who does not let go, or who still seals under an earlier key.
const PASSES: u32 = 10;
/// The plan must go by the places given, whatever the statistics say.
const BEGIN: &str = "begin; set local enable_hashjoin = off; set local enable_mergejoin = off";

/// How many values of a column need a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyUse {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The key; none for what is plain.
    pub key: Option<String>,
    /// How many.
    pub rows: i64,
}

/// Where sealing anew has come to. Begun again from the start it skips what is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rotation {
    /// Passes over everything that have begun.
    pub pass: u32,
    /// Values sealed anew so far.
    pub sealed: u64,
    /// Values left to the next pass because somebody held or changed their row.
    pub busy: u64,
    /// The table that is gone through; empty at the end.
    pub table: &'static str,
    /// How much of it was gone through, percent.
    pub percent: i64,
    #[serde(skip)]
    shelf: usize,
    /// The part of the table that is gone through: a table by the month has one for each.
    #[serde(skip)]
    part: String,
    /// Whether nothing is left of that part.
    #[serde(skip)]
    done: bool,
    #[serde(skip)]
    block: i64,
    /// The last row that was looked at, if its blocks are not done.
    #[serde(skip)]
    after: Option<String>,
}

impl Default for Rotation {
    fn default() -> Self {
        let table = SHELVES[0].table;
        let (part, done) = (String::new(), false);
        Self { pass: 1, sealed: 0, busy: 0, table, percent: 0, shelf: 0, part, done, block: 0, after: None }
    }
}

impl Rotation {
    /// Whether every value was found under the current key, or there is no use in going on.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.table.is_empty()
    }

    /// Goes on where it was, or begins with the next part; false if there is none.
    fn enter(&mut self, parts: &[String]) -> bool {
        let next = parts.iter().find(|part| **part > self.part || (!self.done && **part == self.part));
        let Some(next) = next else { return false };
        if *next != self.part {
            (self.part, self.block, self.after) = (next.clone(), 0, None);
        }
        self.done = false;
        true
    }

    fn next_shelf(&mut self) {
        (self.shelf, self.block, self.after, self.percent) = (self.shelf + 1, 0, None, 0);
        (self.part, self.done) = (String::new(), false);
        if self.shelf == SHELVES.len() && self.busy > 0 && self.pass < PASSES {
            (self.shelf, self.busy, self.pass) = (0, 0, self.pass + 1);
        }
        self.table = SHELVES.get(self.shelf).map_or("", |shelf| shelf.table);
    }
}

/// A value that is to be sealed anew.
struct Found {
    /// Its row, as PostgreSQL places it now.
    at: String,
    bound: String,
    old: String,
}

impl Store {
    /// How many values need which key, for every column that is sealed. Goes through all tables.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn key_uses(&self) -> Result<Vec<KeyUse>, StoreError> {
        let mut uses = Vec::new();
        for shelf in &SHELVES {
            let Shelf { table, column, .. } = *shelf;
            let mut counts: std::collections::BTreeMap<Option<String>, i64> =
                std::collections::BTreeMap::new();
            for part in self.parts(table).await? {
                let sql = format!(
                    "select {} key, count(*) from {part} where {} and {RANGE} group by key",
                    shelf.key(),
                    shelf.something()
                );
                let blocks = self.blocks(&part).await?;
                for from in (0..blocks).step_by(BLOCKS as usize * 16) {
                    let page = sqlx::query_as::<_, (Option<String>, i64)>(AssertSqlSafe(sql.clone()))
                        .bind(tid(from))
                        .bind(tid(from + BLOCKS * 16));
                    for (key, rows) in page.fetch_all(&self.pool).await? {
                        *counts.entry(key).or_default() += rows;
                    }
                }
            }
            uses.extend(counts.into_iter().map(|(key, rows)| KeyUse { table, column, key, rows }));
        }
        Ok(uses)
    }

    /// Seals the next values anew. Call it until the rotation is over; any number may run at once.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the database is away, or a key is missing that a value needs; the step may be tried
    /// again.
    pub async fn rotate(&self, rotation: &mut Rotation) -> Result<(), StoreError> {
        let Some(sealing) = &self.vault.0 else {
            return Err(StoreError::Unavailable("there are no [keys] to seal with".to_owned()));
        };
        let Some(shelf) = SHELVES.get(rotation.shelf) else { return Ok(()) };
        if !rotation.enter(&self.parts(shelf.table).await?) {
            rotation.next_shelf();
            return Ok(());
        }
        let blocks = self.blocks(&rotation.part).await?;
        if rotation.block >= blocks {
            rotation.done = true;
            return Ok(());
        }
        let found = self.not_current(shelf, sealing, rotation).await?;
        let done = self.seal_anew((shelf, &rotation.part), sealing, &found).await?;
        rotation.sealed += done;
        rotation.busy += found.len() as u64 - done;
        match found.last() {
            Some(last) if found.len() as i64 == ROWS => rotation.after = Some(last.at.clone()),
            _ => (rotation.block, rotation.after) = (rotation.block + BLOCKS, None),
        }
        rotation.percent = (rotation.block * 100 / blocks).min(100);
        Ok(())
    }

    async fn blocks(&self, table: &str) -> Result<i64, StoreError> {
        let sql = "select pg_relation_size($1::text::regclass) / current_setting('block_size')::bigint";
        Ok(sqlx::query_scalar(sql).bind(table).fetch_one(&self.pool).await?)
    }

    /// The next values of a shelf that are plain or need another key than the current one.
    async fn not_current(
        &self,
        shelf: &Shelf,
        sealing: &Sealing,
        rotation: &Rotation,
    ) -> Result<Vec<Found>, StoreError> {
        let sql = format!(
            "select ctid::text as at, {}, {} from {} where {} and {RANGE} and {} is distinct from $3 \
             order by ctid limit {ROWS}",
            shelf.row,
            shelf.as_text(shelf.column),
            rotation.part,
            shelf.something(),
            shelf.key()
        );
        // The row looked at last is under the current key, or is left to the next pass.
        let from = rotation.after.clone().unwrap_or_else(|| tid(rotation.block));
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(from)
            .bind(tid(rotation.block + BLOCKS))
            .bind(sealing.ring().current())
            .fetch_all(&self.pool)
            .await?;
        let read =
            |row: &PgRow| Ok(Found { at: row.try_get(0)?, bound: row.try_get(1)?, old: row.try_get(2)? });
        rows.iter().map(read).collect()
    }

    /// Replaces what still stands there unchanged and is not locked; returns how many those were.
    async fn seal_anew(
        &self,
        (shelf, part): (&Shelf, &str),
        sealing: &Sealing,
        found: &[Found],
    ) -> Result<u64, StoreError> {
        if found.is_empty() {
            return Ok(0);
        }
        let (mut places, mut olds, mut news, mut prints) = (vec![], vec![], vec![], vec![]);
        for one in found {
            let plain = self.opened(shelf, one)?;
            places.push(one.at.as_str());
            olds.push(one.old.as_str());
            news.push(sealed_as(shelf, sealing, &one.bound, &plain)?);
            prints
                .push(shelf.print.map(|(_, pointer)| printed(sealing, pointer, &plain)).unwrap_or_default());
        }
        let mut transaction = self.pool.begin_with(BEGIN).await?;
        let done = sqlx::query(AssertSqlSafe(replacing(shelf, part)))
            .bind(places)
            .bind(olds)
            .bind(news)
            .bind(prints)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        transaction.commit().await?;
        Ok(done)
    }

    /// What a value says, whether it is sealed or plain.
    fn opened(&self, shelf: &Shelf, one: &Found) -> Result<Vec<u8>, StoreError> {
        let place = Place { table: shelf.place, row: &one.bound };
        match shelf.holds {
            Holds::Json => self.vault.plain_json(place, &one.old).map(std::borrow::Cow::into_owned),
            Holds::Text => self.vault.open(place, one.old.clone().into_bytes()),
            Holds::Bytes => {
                let bytes = hex::decode(&one.old).map_err(|error| StoreError::Broken(error.to_string()))?;
                self.vault.open(place, bytes)
            }
        }
    }
}

/// From one place (exclusive: no row has the number 0) to another, as SQL.
const RANGE: &str = "ctid > ($1::text)::tid and ctid < ($2::text)::tid";

fn tid(block: i64) -> String {
    format!("({block},0)")
}

fn replacing(shelf: &Shelf, table: &str) -> String {
    let column = shelf.column;
    let also = shelf.print.map(|(print, _)| format!(", {print} = n.print")).unwrap_or_default();
    format!(
        "with free as (select ctid from {table} where ctid = any($1::text[]::tid[]) for update skip locked) \
         update {table} t set {column} = {new}{also} \
         from unnest($1::text[], $2::text[], $3::text[], $4::text[]) n(at, old, new, print) \
         where n.at::tid in (select ctid from free) and t.ctid = n.at::tid and {old} = n.old",
        new = shelf.of_text("n.new"),
        old = shelf.as_text(&format!("t.{column}")),
    )
}

fn sealed_as(shelf: &Shelf, sealing: &Sealing, bound: &str, plain: &[u8]) -> Result<String, StoreError> {
    let text = sealing.text(Place { table: shelf.place, row: bound }, plain)?;
    Ok(match shelf.holds {
        Holds::Json => format!("\"{text}\""),
        Holds::Text => text,
        Holds::Bytes => hex::encode(text),
    })
}

/// The print of what stands at `pointer` in a value, or of all of it.
fn printed(sealing: &Sealing, pointer: &str, plain: &[u8]) -> String {
    let text = String::from_utf8_lossy(plain);
    if pointer.is_empty() {
        return sealing.ring().print(BIDDER, &text);
    }
    let value: serde_json::Value = serde_json::from_slice(plain).unwrap_or_default();
    let said = value.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default();
    sealing.ring().print(BIDDER, said)
}
