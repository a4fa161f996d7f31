//! How fast a partner asks, counted for all processes together.

use crate::{Away, Replies};
use domain::PartnerId;
use std::time::Duration;

/// One more request, if it is within the pace: kept is until when the allowance is used up, microseconds of Redis's clock.
/// `ARGV`: what a request costs and how much may be used up in advance, microseconds.
const ADMIT: &str = "local t = redis.call('time')
local now = t[1] * 1000000 + t[2]
local spent = math.max(tonumber(redis.call('get', KEYS[1]) or '0'), now) + tonumber(ARGV[1])
if spent > now + tonumber(ARGV[2]) then return 0 end
redis.call('set', KEYS[1], string.format('%.0f', spent), 'px', math.ceil((spent - now) / 1000))
return 1";

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

impl Replies {
    /// Counts a request of a partner that may make `per_s` a second on the average over `window`; false if it is one too many,
    /// and then it is not counted.
    ///
    /// # Errors
    /// [`Away`] if Redis does not answer: then each process counts for itself.
    pub async fn admits(&self, partner: &PartnerId, per_s: u32, window: Duration) -> Result<bool, Away> {
        let cost = (1_000_000 / u64::from(per_s.max(1))).max(1);
        let mut asked = redis::cmd("EVAL");
        asked.arg(ADMIT).arg(1).arg(format!("pace:{partner}")).arg(cost).arg(micros(window));
        self.run::<i64>(&asked).await.map(|admitted| admitted == 1)
    }
}
