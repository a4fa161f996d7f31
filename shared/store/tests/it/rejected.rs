//! Rejected requests: sealed, found again whole, bounded for each partner, forgotten after a while.

use crate::database::{count, fresh};
use crate::samples::{at, partner};
use messages::RejectedRequest;
use store::{Keep, REJECTED_KEPT};

fn rejected(id: &str, of: &str, second: i64) -> RejectedRequest {
    RejectedRequest {
        id: id.to_owned(),
        partner: partner(of),
        protocol: "pubres".to_owned(),
        at: at(second),
        reason: "forged".to_owned(),
        why: "the signature does not hold".to_owned(),
        method: "POST".to_owned(),
        target: "/baohanapply".into(),
        caller: "203.0.113.7".to_owned(),
        headers: vec![("authorization".to_owned(), "Basic secret-words".into())],
        body: "eyJhIjoi5byg5LiJIn0=".into(),
        size: 14,
    }
}

#[tokio::test]
async fn what_is_kept_is_sealed_and_found_again_whole() {
    let (store, pool, _database) = fresh().await;
    let request = rejected("0123456789abcdef", "demo", 1);
    for _ in 0..2 {
        store.keep_rejected(&request).await.expect("keeps");
    }
    assert_eq!(count(&pool, "select count(*) from rejected").await, 1);
    let bytes: Vec<u8> =
        sqlx::query_scalar("select request from rejected").fetch_one(&pool).await.expect("a row");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(text.starts_with("gcm1.2026-11."), "{text}");
    let found = store.rejected_request(&request.id).await.expect("opens");
    assert_eq!(found, Some(request));
    assert_eq!(store.rejected_request("nothing").await.expect("asks"), None);
}

#[tokio::test]
async fn each_partner_keeps_its_newest() {
    let (store, pool, _database) = fresh().await;
    store.keep_rejected(&rejected("other", "other", 0)).await.expect("keeps");
    let all = usize::try_from(REJECTED_KEPT).expect("fits") + 5;
    for number in 0..all {
        let second = i64::try_from(number).expect("fits");
        store.keep_rejected(&rejected(&format!("{number:016}"), "demo", second)).await.expect("keeps");
    }
    let listed = store.rejected_list(Some(&partner("demo")), 1_000).await.expect("lists");
    assert_eq!(listed.len(), all - 5);
    assert_eq!(listed[0].id, format!("{:016}", all - 1));
    assert_eq!(listed.last().map(|row| row.id.clone()), Some(format!("{:016}", 5)));
    assert_eq!(store.rejected_list(None, 1_000).await.expect("lists").len(), all - 4);
    let later = at(i64::from(Keep::default().rejected_days) * 86_400 + 100);
    store.prune(&Keep::default(), later).await.expect("prunes");
    assert_eq!(count(&pool, "select count(*) from rejected where partner = 'demo'").await, 105);
}
