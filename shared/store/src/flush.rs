//! One statement for all that a unit of work has to write: each table is a CTE fed by arrays, so that a message costs one
//! round trip however many rows it leaves.

use crate::StoreError;
use domain::Timestamp;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::{Arguments, AssertSqlSafe, Executor, Postgres, Row as _};
use time::OffsetDateTime;

/// A value of a row.
#[derive(Debug)]
pub(crate) enum Cell {
    Text(String),
    MaybeText(Option<String>),
    Int(i32),
    Long(i64),
    At(OffsetDateTime),
    /// JSON as text.
    Json(String),
    Bytes(Vec<u8>),
}

/// A row to be written. All rows of one table in one unit name the same columns in the same order.
pub(crate) type Row = Vec<(&'static str, Cell)>;

/// A statement under construction.
pub(crate) struct Flush {
    parts: Vec<String>,
    counted: Vec<usize>,
    arguments: PgArguments,
    parameters: usize,
}

/// Rows as a source of values: `unnest($1::text[], …) as t(no, …)`.
struct Source {
    names: Vec<&'static str>,
    values: Vec<String>,
    from: String,
}

impl Cell {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(crate) const fn at(at: Timestamp) -> Self {
        Self::At(at.utc())
    }

    pub(crate) fn count(number: u32) -> Self {
        Self::Int(i32::try_from(number).unwrap_or(i32::MAX))
    }

    /// The type of an array of such values, and how one of them becomes a value of its column.
    const fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::Text(_) | Self::MaybeText(_) => ("text[]", ""),
            Self::Json(_) => ("text[]", "::jsonb"),
            Self::Int(_) => ("int[]", ""),
            Self::Long(_) => ("bigint[]", ""),
            Self::At(_) => ("timestamptz[]", ""),
            Self::Bytes(_) => ("bytea[]", ""),
        }
    }
}

/// Binds a column as an array; the first cell says which.
fn bind(arguments: &mut PgArguments, cells: Vec<Cell>) -> Result<(), BoxDynError> {
    let (mut texts, mut numbers, mut longs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut instants, mut bytes) = (Vec::new(), Vec::new());
    for cell in cells {
        match cell {
            Cell::Text(text) | Cell::Json(text) => texts.push(Some(text)),
            Cell::MaybeText(text) => texts.push(text),
            Cell::Int(number) => numbers.push(number),
            Cell::Long(number) => longs.push(number),
            Cell::At(at) => instants.push(at),
            Cell::Bytes(some) => bytes.push(some),
        }
    }
    if !numbers.is_empty() {
        arguments.add(numbers)
    } else if !longs.is_empty() {
        arguments.add(longs)
    } else if !instants.is_empty() {
        arguments.add(instants)
    } else if !bytes.is_empty() {
        arguments.add(bytes)
    } else {
        arguments.add(texts)
    }
}

impl Flush {
    pub(crate) fn new() -> Self {
        Self { parts: Vec::new(), counted: Vec::new(), arguments: PgArguments::default(), parameters: 0 }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    fn source(&mut self, rows: Vec<Row>) -> Result<Source, StoreError> {
        let mut columns: Vec<(&'static str, Vec<Cell>)> = Vec::new();
        for row in rows {
            for (place, (name, cell)) in row.into_iter().enumerate() {
                match columns.get_mut(place) {
                    Some((known, cells)) if *known == name => cells.push(cell),
                    Some(_) => return Err(StoreError::Broken(format!("rows of one table differ in {name}"))),
                    None => columns.push((name, vec![cell])),
                }
            }
        }
        let (mut names, mut values, mut arrays) = (Vec::new(), Vec::new(), Vec::new());
        for (name, cells) in columns {
            self.parameters += 1;
            let (array, cast) = cells.first().map_or(("text[]", ""), Cell::kind);
            arrays.push(format!("${}::{array}", self.parameters));
            values.push(format!("t.{name}{cast}"));
            names.push(name);
            bind(&mut self.arguments, cells).map_err(|error| StoreError::Broken(error.to_string()))?;
        }
        let from = format!("unnest({}) as t({})", arrays.join(", "), names.join(", "));
        Ok(Source { names, values, from })
    }

    /// Adds rows to a table.
    pub(crate) fn insert(&mut self, table: &str, rows: Vec<Row>) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let Source { names, values, from } = self.source(rows)?;
        let part =
            format!("insert into {table} ({}) select {} from {from}", names.join(", "), values.join(", "));
        self.parts.push(part);
        Ok(())
    }

    /// Adds rows to a table unless they are there already.
    pub(crate) fn insert_missing(&mut self, table: &str, rows: Vec<Row>) -> Result<(), StoreError> {
        let before = self.parts.len();
        self.insert(table, rows)?;
        if let Some(part) = self.parts.get_mut(before) {
            part.push_str(" on conflict do nothing");
        }
        Ok(())
    }

    /// Changes rows by their `no`, each only if it still has the version in `was`.
    pub(crate) fn update(&mut self, table: &str, rows: Vec<Row>) -> Result<(), StoreError> {
        let Source { names, values, from } = self.source(rows)?;
        let changes: Vec<String> = names
            .iter()
            .zip(&values)
            .filter(|(name, _)| !matches!(**name, "no" | "was"))
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        self.counted.push(self.parts.len());
        self.parts.push(format!(
            "update {table} set {} from {from} where {table}.no = t.no and {table}.version = t.was returning 1",
            changes.join(", ")
        ));
        Ok(())
    }

    /// Runs the statement and returns how many rows its updates changed; an insert succeeds or ends the statement.
    pub(crate) async fn run<'c, E>(self, on: E) -> Result<i64, StoreError>
    where
        E: Executor<'c, Database = Postgres>,
    {
        let parts: Vec<String> =
            self.parts.iter().enumerate().map(|(place, part)| format!("p{place} as ({part})")).collect();
        let counts: Vec<String> =
            self.counted.iter().map(|place| format!("(select count(*) from p{place})")).collect();
        let total = if counts.is_empty() { "0::bigint".to_owned() } else { counts.join(" + ") };
        let sql = format!("with {} select {total}", parts.join(", "));
        let row = sqlx::query_with(AssertSqlSafe(sql), self.arguments).fetch_one(on).await?;
        Ok(row.try_get(0)?)
    }
}
