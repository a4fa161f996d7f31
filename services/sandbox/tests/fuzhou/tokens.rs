//! Access tokens: who gets one, how long it lives, what happens without.

use crate::insurer::Insurer;
use sandbox::fuzhou::{Bidder, Expiry};
use sandbox::now;
use serde_json::{Value, json};
use time::Duration;

fn status_of(insurer: &Insurer, bidder: &Bidder) -> i64 {
    let answer = insurer.ask("insurer_get_guarantee_info", json!({ "order_no": bidder.order_no() }));
    answer["status"].as_i64().unwrap()
}

#[test]
fn a_call_without_a_living_token_gets_1006() {
    let mut insurer = Insurer::new(|_| {});
    let bidder = Bidder::new(4, 1, now());
    insurer.office.offer(&bidder);
    assert_eq!(status_of(&insurer, &bidder), 200);
    insurer.office.expire_tokens();
    let answer = insurer.ask("insurer_get_guarantee_info", json!({ "order_no": bidder.order_no() }));
    assert_eq!(answer, json!({ "status": 1006, "data": "解密失败,token错误或已过期" }));
    insurer.renew();
    assert_eq!(status_of(&insurer, &bidder), 200);
    insurer.token = Some("AAAA".to_owned());
    assert_eq!(status_of(&insurer, &bidder), 1006);
    assert_eq!(insurer.office.tokens_issued(), 2);
}

#[test]
fn a_token_lives_two_hours_after_its_last_use() {
    let mut insurer = Insurer::new(|_| {});
    let bidder = Bidder::new(4, 1, now());
    insurer.office.offer(&bidder);
    for _ in 0..3 {
        insurer.now += Duration::minutes(119);
        assert_eq!(status_of(&insurer, &bidder), 200);
    }
    insurer.now += Duration::minutes(120);
    assert_eq!(status_of(&insurer, &bidder), 1006);
}

#[test]
fn expiry_is_told_in_either_way() {
    let of = |expiry| {
        let insurer = Insurer::stranger(|v| v.expired_at = expiry);
        let answer = insurer.ask("get_access_token", json!({ "api_key": "key", "api_secret": "S3CR3T" }));
        answer["data"]["expired_at"].as_i64().unwrap()
    };
    assert_eq!(of(Expiry::Seconds), 7200);
    assert!((of(Expiry::Epoch) - now().unix_timestamp() - 7200).abs() < 60);
    let text = Insurer::stranger(|v| v.status_text = true);
    let answer = text.ask("get_access_token", json!({ "api_key": "key", "api_secret": "S3CR3T" }));
    assert_eq!(answer["status"], "200");
}

#[test]
fn nobody_else_gets_a_token() {
    let insurer = Insurer::stranger(|_| {});
    let ask = |key: &str, secret: &str| -> Value {
        insurer.ask("get_access_token", json!({ "api_key": key, "api_secret": secret }))
    };
    assert_eq!(ask("key", "s3cr3t")["status"], 1015);
    assert_eq!(ask("other", "S3CR3T")["status"], 1015);
    assert_eq!(insurer.office.tokens_issued(), 0);
    // Another call under the token's key, without a token.
    assert_eq!(insurer.ask("insurer_get_guarantee_info", json!({ "order_no": "1" }))["status"], 1000);
    // The secret never reaches the ledger.
    let call = insurer.call("get_access_token", json!({ "api_key": "key", "api_secret": "S3CR3T" }), None);
    assert!(insurer.hear(&call).data.is_empty());
}
