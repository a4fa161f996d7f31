//! 1.1 获取access_token `get_access_token`: the token that every other call carries (FZ-18).

use super::outbound;
use super::reply::Told;
use bytes::Bytes;
use domain::Timestamp;
use http::Response;
use protocol::{Interface, Token};
use std::time::Duration;

pub(super) const INTERFACE: Interface = outbound("1.1", "get_access_token", "获取access_token");

/// A larger expired_at is a moment, a smaller one the seconds that are left (FZ-18).
const EPOCH_FROM: i64 = 1_000_000_000;
/// 时效只有2个小时: also the most that is believed.
const LIVES: u64 = 2 * 3600;
/// A new one is fetched this long before the old one dies, seconds: at 90 minutes of two hours (FZ-18).
const EARLY: u64 = 30 * 60;

/// Reads the reply; the reason says no more than the platform's code.
pub(super) fn read(reply: &Response<Bytes>, now: Timestamp) -> Result<Token, String> {
    if !reply.status().is_success() {
        return Err(format!("HTTP {}", reply.status().as_u16()));
    }
    let told = Told::read(reply.body()).ok_or("no JSON with a status")?;
    if told.status != "200" {
        let code: String = told.status.chars().filter(char::is_ascii_digit).take(8).collect();
        return Err(format!("status {code}"));
    }
    let data = told.object().ok_or("status 200 without data")?;
    let value = data.text(("access_token", "")).unwrap_or_default();
    if value.is_empty() {
        return Err("status 200 without access_token".to_owned());
    }
    let expired_at = data.text(("expired_at", "")).unwrap_or_default();
    Ok(Token { value: value.into(), lives: Duration::from_secs(lives(&expired_at, now)) })
}

/// How long it is used without being renewed, seconds: three quarters of what is left, so that even a short one serves.
fn lives(expired_at: &str, now: Timestamp) -> u64 {
    let left = match expired_at.parse::<i64>() {
        Ok(moment) if moment > EPOCH_FROM => u64::try_from(moment - now.unix_seconds()).unwrap_or(0),
        Ok(seconds) => u64::try_from(seconds).unwrap_or(0),
        Err(_) => LIVES,
    };
    let left = left.min(LIVES);
    left.saturating_sub(EARLY.min(left / 4)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::parse_shanghai;

    fn now() -> Timestamp {
        parse_shanghai("20261122103000").unwrap()
    }

    fn token(body: &str) -> Result<(String, u64), String> {
        let token = read(&Response::new(Bytes::copy_from_slice(body.as_bytes())), now())?;
        Ok((token.value.expose().to_owned(), token.lives.as_secs()))
    }

    #[test]
    fn the_end_is_a_moment_or_a_number_of_seconds() {
        let moment = now().unix_seconds() + 7200;
        for (end, lives) in [
            (moment.to_string(), 5400),
            ("7200".into(), 5400),
            ("\"7200\"".into(), 5400),
            ("60".into(), 45),
            ("86400".into(), 5400),
            ("null".into(), 5400),
            ("0".into(), 1),
            ((moment - 9000).to_string(), 1),
        ] {
            let body = format!(r#"{{"status":200,"data":{{"access_token":"a+b/=","expired_at":{end}}}}}"#);
            assert_eq!(token(&body), Ok(("a+b/=".to_owned(), lives)), "{end}");
        }
    }

    #[test]
    fn what_is_no_token_is_said_without_secrets() {
        for (body, why) in [
            (r#"{"status":1015,"data":"key 123 of x"}"#, "status 1015"),
            (r#"{"status":200,"data":[]}"#, "status 200 without data"),
            (r#"{"status":200,"data":{"access_token":""}}"#, "status 200 without access_token"),
            ("hello", "no JSON with a status"),
        ] {
            assert_eq!(token(body), Err(why.to_owned()));
        }
        let broken = Response::builder().status(502).body(Bytes::new()).unwrap();
        assert_eq!(read(&broken, now()).unwrap_err(), "HTTP 502");
    }
}
