//! `baohan rejected`, `reconcile` and `audit` on real services: what is kept is diagnosed, what was planted is found.

use crate::desk::Desk;
use crate::pubres::PUBRES;
use crate::samples::{at, credit, eventful, store, waiting};
use broker::{Consumer, Message, Publisher, Settings, Settled};
use crypto::canonical::{Digest, Placement, Profile, Skip};
use crypto::secret::Secret;
use domain::{PartnerId, Timestamp};
use messages::RejectedRequest;
use serde_json::{Value, json};
use std::time::Duration;
use store::Store;
use testkit::{FreshDatabase, World, eventually, fresh_database, world};

const WITHIN: Duration = Duration::from_secs(20);
const SECRET: &str = "0123456789abcdef";

struct Ground {
    desk: Desk,
    store: Store,
    world: World,
    database: FreshDatabase,
}

async fn ground() -> Ground {
    let (database, world) = (fresh_database().await, world());
    let desk =
        Desk::new().with("GATEWAY_POSTGRES_URL", &database.url).with("GATEWAY_AMQP_URL", &world.operator());
    desk.write("partners/pubres-demo.toml", PUBRES);
    Ground { store: store(&database).await, desk, world, database }
}

impl Ground {
    fn baohan(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let said = tokio::task::block_in_place(|| self.desk.baohan(arguments));
        (said.code, said.out + &said.err)
    }

    fn faults(&self, arguments: &[&str]) -> Vec<(String, String, String)> {
        let said =
            tokio::task::block_in_place(|| self.desk.baohan(&[&["reconcile", "--json"], arguments].concat()));
        let told: Value = serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{said:?}"));
        let faults = told["faults"].as_array().unwrap().clone();
        assert_eq!(said.code, Some(i32::from(!faults.is_empty())), "{told}");
        let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
        faults.iter().map(|fault| (text(fault, "what"), text(fault, "about"), text(fault, "mend"))).collect()
    }

    async fn sql(&self, text: &str) {
        self.database.execute(text).await;
    }
}

/// A signed request of a platform that puts another text before its secret.
fn request(id: &str) -> RejectedRequest {
    let mut fields = json!({
        "appkey": "demo-appkey", "timestamp": "2026-11-22 10:30:00", "platformcode": "P01", "applyno": "T1",
        "biddername": "某某建设有限公司",
    });
    let profile = Profile {
        digest: Digest::Sm3,
        skip: Skip::Blank,
        secret: Placement::Suffix("&key=".into()),
        ..Profile::default()
    };
    let pairs: Vec<(&str, &str)> = fields
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    let sign = profile.sign(&pairs, &Secret::new(SECRET));
    fields["sign"] = json!(sign);
    let body = fields.to_string();
    RejectedRequest {
        id: id.to_owned(),
        partner: PartnerId::parse("pubres-demo").unwrap(),
        protocol: "pubres".to_owned(),
        at: Timestamp::new(boot::now()),
        reason: "forged".to_owned(),
        why: "the signature does not hold".to_owned(),
        method: "POST".to_owned(),
        target: "/giveupapply".into(),
        caller: "203.0.113.7".to_owned(),
        headers: vec![("authorization".to_owned(), "Basic c2VjcmV0".into())],
        size: body.len() as u64,
        body: crypto::text::to_base64(body.as_bytes()).into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_rejected_is_diagnosed_the_next_morning() {
    let ground = ground().await;
    ground.store.keep_rejected(&request("00f067aa0ba902b7")).await.unwrap();
    let (code, listed) = ground.baohan(&["rejected", "list"]);
    assert!(
        code == Some(0) && listed.contains("00f067aa0ba902b7") && listed.contains("验签或解密失败"),
        "{listed}"
    );
    let (_, none) = ground.baohan(&["rejected", "list", "--partner", "finserv-demo"]);
    assert!(!none.contains("00f067aa0ba902b7"), "{none}");
    let (code, shown) = ground.baohan(&["rejected", "show", "00f067aa0ba902b7"]);
    assert!(code == Some(0) && shown.contains("某***") && shown.contains("203.0.113.7"), "{shown}");
    assert!(!shown.contains("建设") && !shown.contains("c2VjcmV0"), "{shown}");
    let (code, told) = ground.baohan(&["rejected", "doctor", "00f067aa0ba902b7"]);
    assert!(
        code == Some(1) && told.contains("accept_also = [{ secret = { suffix = \"&key=\" } }]"),
        "{told}"
    );
    assert!(!told.contains("建设") && !told.contains(SECRET), "{told}");
    let (_, revealed) = ground.baohan(&["rejected", "doctor", "00f067aa0ba902b7", "--reveal", "--by", "li"]);
    assert!(revealed.contains("biddername=某某建设有限公司") && !revealed.contains(SECRET), "{revealed}");
    let (code, audit) = ground.baohan(&["audit", "list", "--who", "li"]);
    assert!(code == Some(0) && audit.contains("reveal_rejected"), "{audit}");
    let (_, audit) = ground.baohan(&["audit", "list", "--subject", "00f067aa0ba902b7"]);
    for action in ["show_rejected", "diagnose_rejected", "reveal_rejected"] {
        assert_eq!(audit.matches(action).count(), 1, "{action}: {audit}");
    }
    ground.desk.write(
        "partners/pubres-demo.toml",
        &format!("{PUBRES}accept_also = [{{ secret = {{ suffix = \"&key=\" }} }}]\n"),
    );
    let (code, told) = ground.baohan(&["rejected", "doctor", "00f067aa0ba902b7"]);
    assert!(code == Some(0) && told.contains("网关会接受：giveupapply"), "{told}");
    let (code, missing) = ground.baohan(&["rejected", "show", "nothing"]);
    assert!(code == Some(1) && missing.contains("no rejected request"), "{missing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_verified_and_meddling_shows() {
    let ground = ground().await;
    for number in 0..3 {
        ground
            .store
            .audited(at(number), "wang", "decide_order", "A1", &json!({ "n": number }))
            .await
            .unwrap();
    }
    let (code, told) = ground.baohan(&["audit", "verify", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, &told["entries"], &told["good"]), (Some(0), &json!(3), &json!(true)));
    let head = told["head"].as_str().unwrap().to_owned();
    assert_eq!(ground.baohan(&["audit", "verify", "--head", &head.to_uppercase()]).0, Some(0));
    let (code, told) = ground.baohan(&["audit", "verify", "--head", &"0".repeat(64)]);
    assert!(code == Some(1) && told.contains("不包含所给的摘要"), "{told}");
    ground
        .sql("alter table audit disable trigger all; update audit set who = 'li' where seq = 2; alter table audit enable trigger all")
        .await;
    let (code, told) = ground.baohan(&["audit", "verify"]);
    assert!(code == Some(1) && told.contains("第 2 条") && told.contains("it was changed"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_that_is_planted_is_found_with_what_mends_it() {
    let ground = ground().await;
    assert_eq!(ground.faults(&[]), [], "nothing is wrong yet");
    let waits = waiting(&ground.store, "pubres-demo", "W1").await;
    let unpaid = waiting(&ground.store, "pubres-demo", "W2").await;
    let stuck = waiting(&ground.store, "pubres-demo", "W3").await;
    let foreign = waiting(&ground.store, "long-gone", "W4").await;
    let (issued, case, callback) = eventful(&ground.store, "pubres-demo", "W5").await;
    let (other, _, overdue) = eventful(&ground.store, "pubres-demo", "W6").await;
    ground.sql(&format!("update orders set state = 'awaiting_payment' where no = '{}'", unpaid.no)).await;
    ground.sql(&format!("update orders set state = 'paid' where no = '{}'", stuck.no)).await;
    ground.sql(&format!("update callbacks set state = 'pending', next_due = now() - interval '2 hours' where id = '{overdue}'")).await;
    ground.sql("delete from outbox").await;
    ground
        .sql("insert into outbox (aggregate, exchange, routing_key, message_id, headers, payload, created_at) values \
             ('A', 'cmd', 'apply.pubres-demo', 'lost-1', '{}', 'x', now() - interval '1 hour')")
        .await;
    let announced = waiting(&ground.store, "pubres-demo", "W7").await;
    ground.sql(&format!("update orders set state = 'announced' where no = '{}'", announced.no)).await;
    let line = credit(&ground.store, "C1").await;
    ground.sql("update credit_lines set updated_at = now() - interval '3 days'").await;
    for kind in ["claim", "invoice", "release"] {
        ground
            .sql(&format!(
                "insert into {kind}s (no, partner, business_no, order_no, guarantee_no, content_hash, state, version, body, \
                 requested_at, updated_at) select '{kind}-1', partner, business_no, order_no, guarantee_no, content_hash, \
                 state, version, body, requested_at, now() - interval '3 days' from refunds where no = '{}'",
                case.no
            ))
            .await;
    }
    let month = "select to_char(now() at time zone 'UTC' + interval '1 month', 'YYYYMM')";
    ground.sql(&format!("do $$ begin execute 'drop table if exists attempts_' || ({month}); end $$")).await;
    ground.sql("update orders set updated_at = now() - interval '3 days'").await;
    ground.sql("update refunds set updated_at = now() - interval '3 days'").await;
    let faults = ground.faults(&["--no-queues"]);
    let has = |what: &str, about: &str, mend: &str| {
        let found = faults.iter().any(|fault| fault.0 == what && fault.1 == about && fault.2.contains(mend));
        assert!(found, "{what} {about} {mend}: {faults:#?}");
    };
    has("order_waits", waits.no.as_str(), &format!("baohan decide order {} --approve", waits.no));
    has("order_waits", unpaid.no.as_str(), &format!("baohan pay {}", unpaid.no));
    has("order_stuck", stuck.no.as_str(), &format!("baohan orders show {}", stuck.no));
    has("order_waits", foreign.no.as_str(), "partners/long-gone.toml");
    has("case_waits", case.no.as_str(), &format!("baohan decide refund {}", case.no));
    has("order_waits", announced.no.as_str(), &format!("baohan inquire application {}", announced.no));
    has("credit_waits", line.as_str(), &format!("baohan decide credit {line} --approve"));
    for kind in ["claim", "invoice", "release"] {
        has("case_waits", &format!("{kind}-1"), &format!("baohan decide {kind} {kind}-1 --approve"));
    }
    assert!(
        faults.iter().any(|fault| fault.0 == "month_missing" && fault.1.starts_with("attempts_")),
        "{faults:#?}"
    );
    has("callback_parked", &callback, &format!("baohan callbacks replay {callback}"));
    has("callback_overdue", &overdue, "baohan callbacks sweep");
    has("outbox_stuck", "lost-1", "worker");
    assert!(
        faults.iter().all(|fault| fault.1 != other.no.as_str() && fault.1 != issued.no.as_str()),
        "{faults:#?}"
    );
    // What mends it, mends it.
    let (code, swept) = ground.baohan(&["callbacks", "sweep"]);
    assert!(code == Some(0) && swept.contains("1 个到期回调"), "{swept}");
    assert!(ground.faults(&["--no-queues"]).iter().all(|fault| fault.0 != "callback_overdue"));
    assert!(
        ground.faults(&["--no-queues", "--patience", "200"]).iter().all(|fault| fault.0 != "order_waits")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn parked_messages_and_unattended_queues_are_found() {
    let ground = ground().await;
    let settings = Settings::new(ground.world.admin(), "test");
    let publisher = Publisher::start(&settings).unwrap();
    publisher.ready(WITHIN).await.unwrap();
    let refusing = Consumer::start(&settings, "cmd.apply", 8, |_| async { Settled::Park }).unwrap();
    for (key, id) in [("apply.pubres-demo", "poison-1"), ("apply.long-gone", "poison-2")] {
        publisher.publish(Message::durable("cmd", key, id, "{}"), WITHIN).await.unwrap();
    }
    eventually(WITHIN, "both parked", || async {
        let listed = ground.baohan(&["parked", "list"]).1;
        (listed.contains("poison-1") && listed.contains("poison-2")).then_some(())
    })
    .await;
    assert!(refusing.stop(WITHIN).await);
    publisher.publish(Message::durable("cmd", "claim.pubres-demo", "waits-1", "{}"), WITHIN).await.unwrap();
    eventually(WITHIN, "all three found", || async {
        let faults = ground.faults(&["--no-documents"]);
        let has = |what: &str, about: &str, mend: &str| {
            faults.iter().any(|fault| fault.0 == what && fault.1 == about && fault.2.contains(mend))
        };
        let all = has("message_parked", "poison-1", "baohan parked replay poison-1")
            && has("message_parked", "poison-2", "baohan parked discard poison-2")
            && has("queue_unattended", "cmd.claim", "worker-claim");
        all.then_some(())
    })
    .await;
    // What mends them mends them; a worker that does not come again would park it once more.
    for parked in ["poison-1", "poison-2"] {
        let (code, said) = ground.baohan(&["parked", "discard", parked]);
        assert_eq!(code, Some(0), "{said}");
    }
    let taking = Consumer::start(&settings, "cmd.claim", 8, |_| async { Settled::Ack }).unwrap();
    eventually(WITHIN, "nothing left", || async {
        ground.faults(&["--no-documents"]).is_empty().then_some(())
    })
    .await;
    assert!(taking.stop(WITHIN).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_are_missing_or_changed_are_found() {
    let ground = ground().await;
    let gateway = std::fs::read_to_string(ground.desk.folder.join("gateway.toml")).unwrap();
    let section = "\n[documents]\nfolder = \"HERE/documents\"\npublic_base_url = \"https://files.example\"\nlink_secret = \"file:HERE/link.key\"\nfonts = \"HERE/fonts\"\n\
                   keys = { current = \"test-1\", ring = { test-1 = \"file:HERE/at-rest.key\" } }\n";
    ground.desk.write("link.key", &SECRET.repeat(3));
    ground.desk.write("gateway.toml", &format!("{gateway}{section}"));
    let documents = documents::Documents::open(ground.desk.folder.join("documents")).unwrap();
    let whole = documents.put(b"%PDF whole".to_vec(), "a.pdf").await.unwrap().sha256;
    let changed = documents.put(b"%PDF changed".to_vec(), "b.pdf").await.unwrap().sha256;
    let file = ground.desk.folder.join("documents").join(&changed[..2]).join(&changed);
    let mut permissions = std::fs::metadata(&file).unwrap().permissions();
    #[expect(clippy::permissions_set_readonly_false, reason = "a file of this test alone")]
    permissions.set_readonly(false);
    std::fs::set_permissions(&file, permissions).unwrap();
    std::fs::write(&file, b"%PDF other").unwrap();
    let missing = "ab".repeat(32);
    let mut numbers = Vec::new();
    for (business_no, sha256) in [("D1", &whole), ("D2", &changed), ("D3", &missing)] {
        let (order, ..) = eventful(&ground.store, "pubres-demo", business_no).await;
        ground
            .sql(&format!("update orders set document_sha256 = '{sha256}' where no = '{}'", order.no))
            .await;
        numbers.push(order.no.to_string());
    }
    let faults = ground.faults(&["--no-queues"]);
    let of = |what: &str| {
        faults.iter().filter(|fault| fault.0 == what).map(|fault| fault.1.clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("document_damaged"), [numbers[1].clone()], "{faults:#?}");
    assert_eq!(of("document_missing"), [numbers[2].clone()], "{faults:#?}");
    assert!(faults.iter().any(|fault| fault.2.contains(&format!("ab/{missing}"))), "{faults:#?}");
    // From a backup, as it says.
    documents.put(b"%PDF changed".to_vec(), "b.pdf").await.unwrap();
    let back = documents.put(b"%PDF from the backup".to_vec(), "c.pdf").await.unwrap().sha256;
    ground.sql(&format!("update orders set document_sha256 = '{back}' where no = '{}'", numbers[2])).await;
    let faults = ground.faults(&["--no-queues"]);
    assert!(faults.iter().all(|fault| !fault.0.starts_with("document_")), "{faults:#?}");
}
