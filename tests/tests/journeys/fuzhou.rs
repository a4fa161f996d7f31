//! A fuzhou platform and the whole gateway: all eighteen interfaces, and what may go wrong between two that have a token.

use crate::signed::every_document_received;
use crate::world::{BY_ITSELF, BY_OPERATOR, PATIENCE, World};
use domain::{AcceptanceNo, Order, OrderState, PartnerId};
use gateway_tests::fuzhou::Platform;
use gateway_tests::operator::Desk;
use sandbox::Entry;
use sandbox::fuzhou::story::Story;
use sandbox::fuzhou::{Bidder, OrderStatus, Partner, Variants};

const PLACED: &str = "select count(*) from orders where business_no = $1";

/// One platform, its side of the connection, and the gateway.
struct Journey<'a> {
    world: &'a World,
    platform: &'a Platform,
    partner: Partner,
}

impl<'a> Journey<'a> {
    fn new(world: &'a World, platform: &'a Platform) -> Self {
        Self { world, platform, partner: platform.partner(&world.gateway).expect("keys") }
    }

    /// The call of this method with these fields that was granted.
    async fn heard(&self, method: &str, fields: &[(&str, &str)]) -> Entry {
        let ours = |entry: &Entry| {
            entry.acknowledged
                && entry.method == method
                && fields.iter().all(|(field, value)| entry.text(field) == *value)
        };
        let ledger = self.platform.receiver.ledger();
        ledger.wait_for(PATIENCE, ours).await.unwrap_or_else(|| {
            panic!(
                "no {method} with {fields:?} was granted; there came {:#?}",
                ledger.select(|entry| entry.method == method)
            )
        })
    }

    async fn order(&self, bidder: &Bidder) -> Order {
        let partner = PartnerId::parse(self.platform.id).expect("an id");
        let no = AcceptanceNo::of(&partner, "apply-redirect", &bidder.order_no());
        self.world.order(no.as_str()).await
    }

    async fn announced(&self, bidder: &Bidder) {
        let page = self.partner.redirect(bidder, &self.platform.receiver.at("/orders")).await;
        assert_eq!(page.expect("a page").status, 200);
    }

    async fn issued(&self, bidder: &Bidder) -> Entry {
        self.heard("insurer_push_guarantee", &[("order_no", &bidder.order_no())]).await
    }
}

fn bidder(n: u64) -> Bidder {
    Bidder::new(11, n, sandbox::now())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_eighteen_interfaces_have_their_turn() {
    let platform = Platform::open("fuzhou-story").await.expect("an endpoint");
    let world = World::start("fuzhou-story", &[platform.file(BY_OPERATOR, "")]);
    let journey = Journey::new(&world, &platform);
    let desk = Desk { gateway: &world.gateway, partner: platform.id };
    let story = Story::new(&journey.partner, &platform.receiver, &desk, PATIENCE, |_| {});
    let rows = story.play(5).await;
    let wrong: Vec<_> = rows.iter().filter(|row| !row.good).collect();
    assert!(wrong.is_empty() && rows.len() == 18, "{wrong:#?}");
    let pushed = |entry: &Entry| entry.acknowledged && entry.method == "insurer_push_guarantee";
    every_document_received(&world, &platform.receiver.ledger().select(pushed));
    let odd = platform.receiver.ledger().select(|entry| entry.changed);
    assert!(odd.is_empty(), "{odd:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_dies_while_there_is_something_to_tell() {
    let platform = Platform::open("fuzhou-token").await.expect("an endpoint");
    let world = World::start("fuzhou-token", &[platform.file(BY_ITSELF, "")]);
    let journey = Journey::new(&world, &platform);
    journey.announced(&bidder(1)).await;
    journey.issued(&bidder(1)).await;
    platform.office.expire_tokens();
    journey.announced(&bidder(2)).await;
    journey.issued(&bidder(2)).await;
    // 1006 took no attempt: every call that was refused was granted within the same one.
    let calls = platform.receiver.ledger();
    let refused = calls.select(|entry| entry.problems.iter().any(|problem| problem.starts_with("1006")));
    assert!(!refused.is_empty(), "the dead token was used");
    let tokens = calls.select(|entry| entry.method == "get_access_token" && entry.acknowledged);
    assert_eq!(tokens.len(), 2, "one token at first, one for all when it died");
    assert_eq!(journey.order(&bidder(2)).await.state, OrderState::Issued);
}

#[tokio::test(flavor = "multi_thread")]
async fn repeats_change_nothing_and_a_late_cancellation_is_acknowledged() {
    let platform = Platform::open("fuzhou-again").await.expect("an endpoint");
    let world = World::start("fuzhou-again", &[platform.file(BY_ITSELF, "")]);
    let journey = Journey::new(&world, &platform);
    let bidder = bidder(3);
    for _ in 0..3 {
        journey.announced(&bidder).await;
    }
    world.until(PLACED, &bidder.order_no(), 1).await;
    let guarantee = journey.issued(&bidder).await;
    let guarantee_no = guarantee.text("guarantee_no").to_owned();
    let cancel = bidder.status(OrderStatus::HasOutGuarantee, OrderStatus::Cancel);
    let claim = bidder.claim(&guarantee_no, bidder.amount());
    for push in [cancel.clone(), cancel, bidder.invoice(), bidder.invoice(), claim.clone(), claim] {
        let delivered = journey.partner.push(&push).await;
        let answer = delivered.last.expect("an answer");
        assert!(answer.acknowledged(), "{}: {:?}", push.method, answer.fields);
    }
    assert_eq!(journey.order(&bidder).await.state, OrderState::Issued, "it was too late to cancel");
    let many = "select count(*) from claims where guarantee_no = $1";
    assert_eq!(world.count(many, &guarantee_no).await, 1);
    let tasks = "select count(*) from tasks where $1 = $1";
    assert!(world.count(tasks, "").await >= 1, "an operator is told of the cancellation");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_every_way_of_writing() {
    let platform = Platform::open("fuzhou-ways").await.expect("an endpoint");
    let lines = r#"accept_padding = ["oaep_sha256_mgf1_sha1", "oaep_sha1"]"#;
    let world = World::start("fuzhou-ways", &[platform.file(BY_ITSELF, lines)]);
    let journey = Journey::new(&world, &platform);
    let foreign =
        journey.partner.redirect(&bidder(20), "https://phishing.example.net/").await.expect("a page");
    assert_eq!((foreign.status, foreign.location), (200, None));
    assert!(!foreign.body.contains("phishing"));
    let ways: [fn(&mut Variants); 6] = [
        |variants| variants.padding = sandbox::rsa_blocks::Padding::OaepSha256,
        |variants| variants.padding = sandbox::rsa_blocks::Padding::OaepSha1,
        |variants| variants.empties = sandbox::fuzhou::Empties::Dropped,
        |variants| variants.escapes = true,
        |variants| variants.double_encoding = true,
        |variants| variants.bare_plus = true,
    ];
    for (n, way) in ways.into_iter().enumerate() {
        let partner = journey.partner.with(way).expect("keys");
        let bidder = bidder(21 + n as u64);
        let page = partner.redirect(&bidder, "https://phishing.example.net/").await.expect("a page");
        assert_eq!(page.status, 200, "way {n}: {}", page.body);
        journey.issued(&bidder).await;
    }
    let stranger = Platform::open_with("fuzhou-ways", |settings| {
        settings.insurer_key = sandbox::dummy_keys::FUZHOU_API.to_owned();
    });
    let stranger = stranger.await.expect("an endpoint").partner(&world.gateway).expect("keys");
    let answer = stranger.send(&bidder(30).postpone(7)).await.expect("an answer");
    assert_eq!((answer.http, answer.status().as_str()), (200, "1001"));
}
