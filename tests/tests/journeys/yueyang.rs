//! A yueyang platform and the whole gateway: all twenty-three interfaces, other habits, and what must be refused.

use crate::signed::every_document_received;
use crate::world::{BY_ITSELF, PATIENCE, World};
use domain::{AcceptanceNo, Order, PartnerId};
use gateway_tests::operator::Desk;
use gateway_tests::settings::Rules;
use gateway_tests::yueyang::Platform;
use sandbox::Entry;
use sandbox::Request;
use sandbox::yueyang::story::Story;
use sandbox::yueyang::{
    Answer, Auth, Bidder, Body, KeyForm, Notices, OrderName, Partner, ReasonName, Seal, SuccessCode,
};

const PLACED: &str = "select count(*) from orders where business_no = $1";
/// People decide everything: what is decided at once cannot be taken back. No real payment is taken.
const BY_PEOPLE: Rules = Rules { mode: "manual", ..BY_ITSELF };

struct Journey<'a> {
    world: &'a World,
    platform: &'a Platform,
    partner: Partner,
}

impl Journey<'_> {
    async fn send(&self, request: &Request) -> Answer {
        let answer = self.partner.send(request).await.expect("an answer");
        assert_eq!(answer.status, 200);
        answer
    }

    async fn agreed(&self, request: &Request) -> Answer {
        let answer = self.send(request).await;
        assert!(answer.success(), "{}: {}", request.method, answer.text("msg"));
        answer
    }

    /// Sends what must fail, and returns the reason.
    async fn refused(&self, request: &Request) -> String {
        let answer = self.send(request).await;
        assert_eq!(answer.code(), "500", "{}: {}", request.method, answer.text("msg"));
        answer.text("msg").to_owned()
    }

    async fn heard(&self, name: &str, fields: &[(&str, &str)]) -> Entry {
        let ours = |entry: &Entry| {
            entry.acknowledged
                && entry.method == name
                && fields.iter().all(|(field, value)| entry.text(field) == *value)
        };
        let ledger = self.platform.receiver.ledger();
        let entry = ledger.wait_for(PATIENCE, ours).await.unwrap_or_else(|| {
            let came = ledger.select(|entry| entry.method == name);
            panic!("no {name} with {fields:?} was acknowledged; there came {came:#?}")
        });
        assert!(entry.good(), "{entry:?}");
        entry
    }

    async fn applied(&self, bidder: &Bidder) {
        self.agreed(&bidder.application()).await;
        self.world.until(PLACED, &bidder.order_no(), 1).await;
    }

    async fn order(&self, bidder: &Bidder) -> Order {
        let partner = PartnerId::parse(self.platform.id).expect("an id");
        let no = AcceptanceNo::of(&partner, "financialAccount/doOrderApply", &bidder.order_no());
        self.world.order(no.as_str()).await
    }

    /// A sealed guarantee, by an institution that decides by itself.
    async fn held(&self, bidder: &Bidder) -> Entry {
        self.applied(bidder).await;
        let no = bidder.order_no();
        self.heard("guarantee/orderApplyNotice", &[("orderNo", no.as_str()), ("applyResult", "0")]).await
    }
}

async fn story(platform: &Platform, name: &str, lines: &str) {
    let world = World::start(name, &[platform.file(BY_PEOPLE, lines)]);
    let partner = platform.partner(&world.gateway).expect("keys");
    let desk = Desk { gateway: &world.gateway, partner: platform.id };
    let rows = Story::new(&partner, &platform.receiver, &desk, PATIENCE, |_| {}).play(11).await;
    let wrong: Vec<_> = rows.iter().filter(|row| !row.good).collect();
    assert!(rows.len() == 23 && wrong.is_empty(), "{wrong:#?}");
    let odd = platform.receiver.ledger().select(|entry| !entry.good());
    assert!(odd.is_empty(), "{odd:#?}");
    every_document_received(&world, &platform.receiver.ledger().select(|entry| entry.acknowledged));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_twenty_three_interfaces_have_their_turn() {
    let platform = Platform::open("yueyang-all").await.expect("a receiver");
    story(&platform, "yueyang-all", "").await;
}

/// What WIRE.md's table 002 names besides the default, all at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_platform_with_other_habits_is_understood() {
    let platform = Platform::open_with("yueyang-odd", |habits| {
        (habits.body, habits.auth, habits.notices) = (Body::Wrapped, Auth::Bare, Notices::Samples);
        (habits.order_name, habits.reason_name) = (OrderName::ApplyNo, ReasonName::Reason);
        (habits.seal, habits.key, habits.line_breaks) = (Seal::Aes, KeyForm::Hex, true);
        (habits.numbers, habits.success) = (true, SuccessCode::State);
        habits.plain_fields = vec!["bidderName".to_owned(), "bidderCode".to_owned(), "tenderee".to_owned()];
    })
    .await
    .expect("a receiver");
    let lines = "auth = \"bare\"\nsymmetric = [\"sm4_ecb\", \"aes_ecb\"]\nflat = [\"compensateNotice\"]";
    story(&platform, "yueyang-odd", lines).await;
}

/// Bodies under RSA in both directions, and a symmetric key wrapped in RSA (WIRE.md, table 002).
#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_encrypts_everything_is_understood() {
    let platform = Platform::open_with("yueyang-rsa", |habits| {
        (habits.body, habits.notices) = (Body::Sealed, Notices::Sealed);
        (habits.seal, habits.key) = (Seal::Sm4, KeyForm::Wrapped);
    })
    .await
    .expect("a receiver");
    let lines = "inbound_body = \"recovered\"\noutbound_body = \"encrypted\"\nsymmetric = [\"sm4_ecb\"]\n\
                 platform_key = \"file:yueyang-rsa.platform\"";
    story(&platform, "yueyang-rsa", lines).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_and_what_is_repeated_happens_once() {
    let platform = Platform::open("yueyang-no").await.expect("a receiver");
    let world = World::start("yueyang-no", &[platform.file(BY_ITSELF, "")]);
    let partner = platform.partner(&world.gateway).expect("keys");
    let journey = Journey { world: &world, platform: &platform, partner };
    let bidder = Bidder::new(12, 1, sandbox::now());

    let late = bidder.application().with("bzjEndTime", "2026-01-01 00:00:00");
    assert_eq!(journey.refused(&late).await, "已过保函购买截止时间");
    let told = journey.held(&bidder).await;
    let no = told.text("guaranteeNo").to_owned();
    journey.agreed(&bidder.application()).await;
    assert_eq!(world.count(PLACED, &bidder.order_no()).await, 1);
    assert!(journey.refused(&bidder.application().with("emAmount", "1.00")).await.contains("不一致"));

    let order = journey.order(&bidder).await;
    assert_eq!(order.application.sealed.len(), 8, "all eight fields are ciphertext");
    assert!(order.application.basic_account_only && order.application.deadline.is_some());
    assert_eq!(told.text("businessNo"), order.application.request_no);

    // Before the opening there is nothing to claim and nothing to release.
    for request in [bidder.claim(&no, 1), bidder.cancel(&no, 1)] {
        assert!(journey.refused(&request).await.contains("开标"), "{}", request.method);
    }
    // A key that opens nothing changes nothing, and the right one may come afterwards.
    journey.refused(&bidder.restore(&no, &journey.partner.wrong_key(&bidder))).await;
    journey.refused(&bidder.restore(&no, "no key at all")).await;
    for _ in 0..2 {
        journey.agreed(&bidder.restore(&no, &journey.partner.key(&bidder))).await;
    }
    let revealed = journey.heard("guarantee/restoreNotice", &[("guaranteeNo", no.as_str())]).await;
    assert_ne!(revealed.text("guaranteeFile"), told.text("guaranteeFile"));

    // An order whose guarantee is out is not closed: received, and told by notice (YY-24).
    journey.agreed(&bidder.withdraw()).await;
    let number = bidder.order_no();
    journey
        .heard("guarantee/orderCancelNotice", &[("applyNo", number.as_str()), ("cancelResult", "1")])
        .await;
    let stranger = Bidder::new(12, 2, sandbox::now());
    journey.refused(&stranger.withdraw()).await;

    let nothing = journey.send(&bidder.revoke_refund(9)).await;
    assert_eq!(
        (nothing.code().as_str(), nothing.text("data")),
        ("200", "1"),
        "there is nothing to take back"
    );
}
