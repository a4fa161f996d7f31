//! Repeats are harmless and contradictions are refused: with Redis, after FLUSHALL, and without Redis.

use crate::issue::{Held, agreed, heard, issue, refused};
use crate::world::{BY_ITSELF, PATIENCE, World};
use gateway_tests::platform::Platform;
use sandbox::finserv::{Bidder, Partner, Request};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often a request is repeated at the same moment.
const COPIES: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_has_the_same_answer_and_one_effect() {
    let platform = Platform::open("finserv-auto").await.expect("a receiver");
    let world = World::start("repeats", &[platform.file(BY_ITSELF)]);
    let journey = Journey { world: &world, platform: &platform };
    let known = journey.with_redis().await;

    flush_redis(&world).await;
    journey.still_known(&known).await;
    journey.application_repeated(30).await;

    world.stack.order("stop", "redis").expect("no Redis");
    journey.still_known(&known).await;
    journey.application_repeated(40).await;
    journey.cases_repeated(50).await;

    world.stack.order("start", "redis").expect("Redis again");
    journey.still_known(&known).await;
    journey.application_repeated(60).await;
    journey.nothing_was_done_twice().await;
}

struct Journey<'a> {
    world: &'a World,
    platform: &'a Platform,
}

impl Journey<'_> {
    fn partner(&self) -> Partner {
        self.platform.partner(&self.world.gateway).expect("keys")
    }

    async fn with_redis(&self) -> Held {
        self.cases_repeated(20).await;
        self.application_repeated(10).await
    }

    /// The same bytes at the same moment, the same content signed anew, other content under the same number.
    async fn application_repeated(&self, n: u64) -> Held {
        let bidder = Bidder::new(2, n, sandbox::now());
        let partner = Arc::new(self.partner());
        let letter = partner.write(&bidder.bid_application());
        let copies: Vec<_> = (0..COPIES)
            .map(|_| {
                let (partner, letter) = (Arc::clone(&partner), letter.clone());
                tokio::spawn(async move { partner.post(&letter).await })
            })
            .collect();
        let mut numbers = Vec::new();
        for copy in copies {
            let answer = copy.await.expect("a task").expect("an answer");
            assert!(answer.success(), "{}", answer.text("msg"));
            numbers.push(answer.text("accept_no").to_owned());
        }
        numbers.dedup();
        assert_eq!(numbers.len(), 1, "the same request has the same answer: {numbers:?}");
        let held = issue(self.world, self.platform, bidder.clone(), &bidder.bid_application()).await;
        assert_eq!(held.accept_no, numbers[0]);
        self.contradicted(&held).await;
        held
    }

    async fn contradicted(&self, held: &Held) {
        let before = self.world.order(&held.accept_no).await;
        let other = held.bidder.bid_application().with("tender_bond", "1.00");
        refused(&self.partner(), &other).await;
        let after = self.world.order(&held.accept_no).await;
        assert_eq!((after.application.bond, after.version), (before.application.bond, before.version));
    }

    /// Requests about a guarantee, twice each; then with other content.
    async fn cases_repeated(&self, n: u64) {
        let partner = self.partner();
        let bidder = Bidder::new(2, n, sandbox::now());
        let application = bidder.bid_application();
        let held = issue(self.world, self.platform, bidder, &application).await;
        let no = held.guarantee_no.as_str();
        let invoice = held.bidder.invoice(no, &held.fee);
        let cancel = held.bidder.cancel(no);
        for (request, other) in [
            (invoice.clone(), invoice.with("type", "0").with("amount", "0.01")),
            (cancel.clone(), cancel.with("cancel_reason", "4")),
        ] {
            let first = agreed(&partner, &request).await;
            let again = agreed(&partner, &request).await;
            assert_eq!(first.fields, again.fields, "{}", request.method);
            refused(&partner, &other).await;
        }
        heard(self.platform, "feedback_apply_cancel_result", &[("guarantee_no", no)]).await;
        assert_eq!(self.world.count("select count(*) from releases where guarantee_no = $1", no).await, 1);
        assert_eq!(self.world.count("select count(*) from invoices where guarantee_no = $1", no).await, 1);
    }

    async fn still_known(&self, held: &Held) {
        let application: Request = held.bidder.bid_application();
        let answer = agreed(&self.partner(), &application).await;
        assert_eq!(answer.text("accept_no"), held.accept_no);
        self.contradicted(held).await;
    }

    /// One order and one callback for each business number, whatever was repeated.
    async fn nothing_was_done_twice(&self) {
        self.world.until("select count(*) from outbox where $1 = ''", "", 0).await;
        let twice = "select count(*) from (select order_no, no, version, what from events where version > 0 and $1 = ''
            group by order_no, no, version, what having count(*) > 1) as twice";
        assert_eq!(self.world.count(twice, "").await, 0, "a transition happened twice");
        let odd = self.platform.receiver.ledger().select(|entry| entry.changed || !entry.verified);
        assert!(odd.is_empty(), "{odd:#?}");
    }
}

/// FLUSHALL over Redis's own inline protocol.
async fn flush_redis(world: &World) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let url = world.stack.address("GATEWAY_REDIS_URL").strip_prefix("redis://default:").expect("a password");
    let (password, rest) = url.split_once('@').expect("a host");
    let mut redis = tokio::net::TcpStream::connect(rest.trim_end_matches("/0")).await.expect("Redis");
    redis.write_all(format!("AUTH {password}\r\nFLUSHALL\r\nQUIT\r\n").as_bytes()).await.expect("Redis");
    let mut said = String::new();
    redis.read_to_string(&mut said).await.expect("Redis");
    assert_eq!(said.matches("+OK").count(), 3, "{said}");
    let until = Instant::now() + PATIENCE;
    while !world.gateway.admin("ingress-finserv", "/readyz").is_ok_and(|said| said.contains(" 200 ")) {
        assert!(Instant::now() < until, "ingress is ready without what Redis knew");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
