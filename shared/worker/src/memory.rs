//! Fills Redis from PostgreSQL whenever it has forgotten, so that ingress can answer repeats by itself again.

use crate::engine::now;
use crate::health::Vigil;
use boot::Check;
use domain::Timestamp;
use replies::{REMEMBERED_S, Replies};
use std::time::Duration;
use store::Store;

/// Numbers in one round trip.
const PAGE: u32 = 1_000;
/// How often to look whether Redis has forgotten.
const ROUND: Duration = Duration::from_millis(500);

/// Looks again and again until the process is to stop.
pub(crate) async fn keep_filled(store: Store, replies: Replies, redis: Check, vigil: Vigil) {
    while vigil.rest(ROUND).await {
        if !replies.probe().await {
            redis.down("no answer; repeats are judged by PostgreSQL alone");
            continue;
        }
        redis.up();
        if matches!(replies.is_complete().await, Ok(false))
            && let Err(why) = refill(&store, &replies, now()).await
        {
            tracing::warn!(why, "Redis could not be filled, trying again");
        }
    }
}

/// Writes every number accepted while Redis remembers, then the mark that a miss can be believed. Returns how many.
///
/// # Errors
/// Why it could not be finished; the mark is not set then.
pub async fn refill(store: &Store, replies: &Replies, now: Timestamp) -> Result<usize, String> {
    let since = now.plus_seconds(-i64::try_from(REMEMBERED_S).unwrap_or(i64::MAX));
    let (mut after, mut filled) = (String::new(), 0);
    loop {
        let page = store.accepted_since(since, &after, PAGE).await.map_err(|error| error.to_string())?;
        replies.refill(&page).await.map_err(|error| error.to_string())?;
        filled += page.len();
        match page.last() {
            Some((last, _)) if page.len() == PAGE as usize => after.clone_from(last),
            _ => break,
        }
    }
    replies.mark_complete().await.map_err(|error| error.to_string())?;
    tracing::info!(filled, "Redis was filled with {filled} numbers");
    Ok(filled)
}
