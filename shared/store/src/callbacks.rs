//! Callbacks: what became of each attempt, what is overdue, what an operator sends again.

use crate::sealing::{self, Vault};
use crate::{Store, StoreError};
use domain::{AcceptanceNo, PartnerId, Timestamp};
use messages::{Attempt, AttemptOutcome, Replay};
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder, Row as _};
use time::OffsetDateTime;

/// Attempts become rows (a copy of a report changes nothing), and the latest of each callback says where it stands:
/// an acknowledgement is final, otherwise the later cycle and number count.
const RECORD: &str = "
    with t as (
        select * from unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::timestamptz[], $6::bigint[], $7::int[],
                             $8::text[], $9::timestamptz[], $10::text[])
            as t(callback_id, cycle, number, interface, at, duration_ms, status, outcome, next_due, why)),
    kept as (
        insert into attempts (callback_id, cycle, number, interface, at, duration_ms, status, outcome, next_due, why, callback_at)
        select t.callback_id, t.cycle, t.number, t.interface, t.at, t.duration_ms, t.status, t.outcome, t.next_due, t.why,
               coalesce(c.created_at, t.at)
        from t left join callbacks c on c.id = t.callback_id
        on conflict do nothing returning 1),
    latest as (
        select distinct on (callback_id) * from t
        order by callback_id, (outcome = 'delivered') desc, cycle desc, number desc),
    turned as (
        update callbacks c set
            attempts = l.number,
            state = case l.outcome when 'delivered' then 'delivered' when 'silent' then 'silent'
                                   when 'failed' then 'pending' else 'parked' end,
            next_due = coalesce(l.next_due, c.next_due),
            delivered_at = case when l.outcome = 'delivered' then l.at end,
            last_error = case when l.outcome = 'delivered' then '' else l.why end
        from (select * from latest order by callback_id) l
        where c.id = l.callback_id and c.state <> 'delivered'
          and (l.outcome = 'delivered' or l.cycle > c.cycle or (l.cycle = c.cycle and l.number >= c.attempts))
        returning c.no, c.partner, c.event, c.state, c.cycle, c.created_at, c.delivered_at),
    promises as (
        select partner, event, created_at, delivered_at, coalesce(
            (select placed_at from orders o where o.no = t.no), (select requested_at from claims o where o.no = t.no),
            (select requested_at from invoices o where o.no = t.no), (select requested_at from refunds o where o.no = t.no),
            (select requested_at from releases o where o.no = t.no),
            (select requested_at from credit_lines o where o.no = t.no)) as accepted_at
        from turned t where state = 'delivered' and cycle = 0)
    select (select count(*) from kept), (select count(*) from turned), coalesce(array_agg(partner), '{}'),
        coalesce(array_agg(event), '{}'),
        coalesce(array_agg((extract(epoch from created_at - accepted_at) * 1000)::bigint), '{}'),
        coalesce(array_agg((extract(epoch from delivered_at - accepted_at) * 1000)::bigint), '{}')
    from promises where accepted_at is not null";

/// Overdue callbacks get their message again, with the same id and the attempts made so far.
const SWEEP: &str = "
    with due as (
        select id, order_no, exchange, routing_key, payload, attempts, cycle, trace from callbacks
        where state = 'pending' and next_due < $1 order by next_due limit $3 for update skip locked),
    again as (
        insert into outbox (aggregate, exchange, routing_key, message_id, headers, payload, created_at)
        select order_no, exchange, routing_key, id,
               jsonb_strip_nulls(jsonb_build_object('x-attempt', attempts::text, 'x-cycle', cycle::text,
                                                    'traceparent', nullif(trace, ''))),
               convert_to(case jsonb_typeof(payload) when 'string' then payload #>> '{}' else payload::text end, 'UTF8'), $2
        from due on conflict (message_id) do nothing),
    moved as (update callbacks c set next_due = $2 from due where c.id = due.id returning 1)
    select count(*) from moved";

/// What was done with a callback is undone: a new cycle, counted from the first attempt. One that is still under way
/// is left alone.
const REPLAY: &str = "
    with again as (
        update callbacks set state = 'pending', cycle = cycle + 1, attempts = 0, next_due = $2, delivered_at = null
        where id = any($1) and state <> 'pending'
        returning id, order_no, exchange, routing_key, payload, cycle, trace),
    sent as (
        insert into outbox (aggregate, exchange, routing_key, message_id, headers, payload, created_at)
        select order_no, exchange, routing_key, id,
               jsonb_strip_nulls(jsonb_build_object('x-attempt', '0', 'x-cycle', cycle::text,
                                                    'traceparent', nullif(trace, ''))),
               convert_to(case jsonb_typeof(payload) when 'string' then payload #>> '{}' else payload::text end, 'UTF8'), $2
        from again on conflict (message_id) do nothing),
    noted as (
        insert into audit (at, who, action, subject, detail)
        select $2, $3, 'replay_callback', id, jsonb_build_object('cycle', cycle) from again)
    select id from again";

/// What recording came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Attempts that were not known yet.
    pub new: i64,
    /// Callbacks whose standing changed.
    pub turned: i64,
    /// Those that were acknowledged now, for the first time.
    pub kept: Vec<Promise>,
}

/// How long it took until a partner knew what became of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Whose request.
    pub partner: String,
    /// What it was told: `guarantee_issued`.
    pub event: String,
    /// From the acceptance to the fact, milliseconds.
    pub decided_ms: i64,
    /// From the acceptance to the acknowledgement, milliseconds.
    pub acknowledged_ms: i64,
}

/// What a replay came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// The callbacks that go out again; the others are unknown or still under way.
    pub ids: Vec<String>,
}

/// Where a callback stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackState {
    /// Under way.
    Pending,
    /// The partner acknowledged it.
    Delivered,
    /// Given up: an operator may send it again.
    Parked,
    /// The partner is not told this.
    Silent,
}

/// A callback as operators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallbackRow {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub no: String,
    /// The order.
    pub order_no: String,
    /// Who is told.
    pub partner: String,
    /// Of what: `guarantee_issued`.
    pub event: String,
    /// `pending`, `delivered`, `parked` or `silent`.
    pub state: String,
    /// Attempts in this cycle.
    pub attempts: i32,
    /// Replays so far.
    pub cycle: i32,
    /// When the next attempt is due, while pending.
    pub next_due: Timestamp,
    /// When it was acknowledged.
    pub delivered_at: Option<Timestamp>,
    /// Why the last attempt failed; empty if it did not.
    pub last_error: String,
    /// When the fact happened.
    pub created_at: Timestamp,
}

/// Which callbacks to list; all of these must hold.
#[derive(Debug, Clone, Default)]
pub struct CallbackFilter {
    /// Of this partner.
    pub partner: Option<PartnerId>,
    /// In this state.
    pub state: Option<CallbackState>,
    /// About this order.
    pub order: Option<AcceptanceNo>,
    /// Not older than this.
    pub since: Option<Timestamp>,
    /// At most so many, newest first.
    pub limit: u32,
}

impl CallbackState {
    /// The word in the database and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Parked => "parked",
            Self::Silent => "silent",
        }
    }
}

fn outcome(attempt: &Attempt) -> (&'static str, Option<OffsetDateTime>) {
    match &attempt.outcome {
        AttemptOutcome::Delivered => ("delivered", None),
        AttemptOutcome::Failed { next_due } => ("failed", Some(next_due.utc())),
        AttemptOutcome::Refused => ("refused", None),
        AttemptOutcome::Exhausted => ("exhausted", None),
        AttemptOutcome::Unsealable => ("unsealable", None),
        AttemptOutcome::Silent => ("silent", None),
    }
}

fn promises(row: &PgRow) -> Result<Vec<Promise>, StoreError> {
    let (partners, events): (Vec<String>, Vec<String>) = (row.try_get(2)?, row.try_get(3)?);
    let (decided, acknowledged): (Vec<i64>, Vec<i64>) = (row.try_get(4)?, row.try_get(5)?);
    let who = partners.into_iter().zip(events);
    let kept = who.zip(decided.into_iter().zip(acknowledged));
    Ok(kept
        .map(|((partner, event), (decided_ms, acknowledged_ms))| Promise {
            partner,
            event,
            decided_ms,
            acknowledged_ms,
        })
        .collect())
}

fn whole<N: TryInto<i32>>(number: N) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

pub(crate) const CALLBACK_COLUMNS: &str = "select id, no, order_no, partner, event, state, attempts, cycle, next_due, \
    delivered_at, last_error, created_at from callbacks where true";

pub(crate) fn callback_row(vault: &Vault, row: &PgRow) -> Result<CallbackRow, StoreError> {
    let id: String = row.try_get(0)?;
    Ok(CallbackRow {
        last_error: vault.open_text(sealing::attempt(&id), row.try_get(10)?)?,
        id,
        no: row.try_get(1)?,
        order_no: row.try_get(2)?,
        partner: row.try_get(3)?,
        event: row.try_get(4)?,
        state: row.try_get(5)?,
        attempts: row.try_get(6)?,
        cycle: row.try_get(7)?,
        next_due: Timestamp::new(row.try_get(8)?),
        delivered_at: row.try_get::<Option<OffsetDateTime>, _>(9)?.map(Timestamp::new),
        created_at: Timestamp::new(row.try_get(11)?),
    })
}

impl Store {
    /// Records what egress reports, many attempts in one transaction. Idempotent by callback, cycle and number.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is recorded then.
    pub async fn record_attempts(&self, attempts: &[Attempt]) -> Result<Recorded, StoreError> {
        // The same order in every transaction, so that two reports about the same callbacks cannot wait for each other.
        let mut attempts: Vec<&Attempt> = attempts.iter().collect();
        attempts.sort_by_key(|attempt| (&attempt.callback_id, attempt.cycle, attempt.number));
        attempts.dedup_by_key(|attempt| (&attempt.callback_id, attempt.cycle, attempt.number));
        let each = |pick: fn(&Attempt) -> String| attempts.iter().map(|a| pick(a)).collect::<Vec<_>>();
        let number = |pick: fn(&Attempt) -> i32| attempts.iter().map(|a| pick(a)).collect::<Vec<_>>();
        let why = |a: &&Attempt| self.vault.text(sealing::attempt(&a.callback_id), &a.why);
        let whys = attempts.iter().map(why).collect::<Result<Vec<_>, _>>()?;
        let (outcomes, dues): (Vec<_>, Vec<_>) = attempts.iter().map(|a| outcome(a)).unzip();
        let row = sqlx::query(RECORD)
            .bind(each(|a| a.callback_id.clone()))
            .bind(number(|a| whole(a.cycle)))
            .bind(number(|a| whole(a.number)))
            .bind(each(|a| a.interface.clone()))
            .bind(attempts.iter().map(|a| a.at.utc()).collect::<Vec<_>>())
            .bind(
                attempts.iter().map(|a| i64::try_from(a.duration_ms).unwrap_or(i64::MAX)).collect::<Vec<_>>(),
            )
            .bind(number(|a| i32::from(a.status)))
            .bind(outcomes)
            .bind(dues)
            .bind(whys)
            .fetch_one(&self.pool)
            .await?;
        Ok(Recorded { new: row.try_get(0)?, turned: row.try_get(1)?, kept: promises(&row)? })
    }

    /// Sends again what should long have been attempted: its due time is more than the grace ago. One sweeper at a time;
    /// the others find nothing to do.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn sweep_overdue(
        &self,
        now: Timestamp,
        grace_seconds: i64,
        limit: u32,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let mine: bool = sqlx::query_scalar("select pg_try_advisory_xact_lock(hashtext('gateway/sweep'))")
            .fetch_one(&mut *transaction)
            .await?;
        if !mine {
            return Ok(0);
        }
        let swept = sqlx::query_scalar(SWEEP)
            .bind(now.plus_seconds(-grace_seconds).utc())
            .bind(now.utc())
            .bind(i64::from(limit))
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(swept)
    }

    /// Sends callbacks again on an operator's order, audited. Ordered twice while under way, it goes once.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn replay_callbacks(&self, replay: &Replay, now: Timestamp) -> Result<Replayed, StoreError> {
        let ids = sqlx::query_scalar(REPLAY)
            .bind(&replay.callback_ids)
            .bind(now.utc())
            .bind(&replay.by)
            .fetch_all(&self.pool)
            .await?;
        Ok(Replayed { ids })
    }

    /// When the most overdue pending callback is or was due.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn oldest_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "select next_due from callbacks where state = 'pending' order by next_due limit 1";
        let at: Option<OffsetDateTime> = sqlx::query_scalar(sql).fetch_optional(&self.pool).await?;
        Ok(at.map(Timestamp::new))
    }

    /// Lists callbacks, newest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn callbacks(&self, filter: &CallbackFilter) -> Result<Vec<CallbackRow>, StoreError> {
        let mut query: QueryBuilder<Postgres> = QueryBuilder::new(CALLBACK_COLUMNS);
        if let Some(partner) = &filter.partner {
            query.push(" and partner = ").push_bind(partner.to_string());
        }
        if let Some(state) = filter.state {
            query.push(" and state = ").push_bind(state.word());
        }
        if let Some(order) = &filter.order {
            query.push(" and order_no = ").push_bind(order.to_string());
        }
        if let Some(since) = filter.since {
            query.push(" and created_at >= ").push_bind(since.utc());
        }
        query.push(" order by created_at desc, id limit ").push_bind(i64::from(filter.limit));
        query.build().fetch_all(&self.pool).await?.iter().map(|row| callback_row(&self.vault, row)).collect()
    }
}
