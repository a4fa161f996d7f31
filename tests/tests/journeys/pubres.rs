//! A pubres platform and the whole gateway: a sealed guarantee, and what is asked about it under one number.

use crate::world::{BY_ITSELF, PATIENCE, World};
use domain::{AcceptanceNo, GuaranteeState, Order, PartnerId, SealedField};
use gateway_tests::pubres::Platform;
use sandbox::Entry;
use sandbox::pubres::{Answer, Bidder, Partner, Request};

const PLACED: &str = "select count(*) from orders where business_no = $1";
/// What a platform seals, in the order of [`Bidder::tender`].
pub(crate) const SEALED: [SealedField; 4] =
    [SealedField::SectionNo, SealedField::SectionName, SealedField::TendereeName, SealedField::TendereeCode];

/// One platform, its side of the connection, and the gateway.
pub(crate) struct Journey<'a> {
    pub(crate) world: &'a World,
    pub(crate) platform: &'a Platform,
    pub(crate) partner: Partner,
}

/// A sealed guarantee as the platform knows it.
pub(crate) struct Held {
    pub(crate) bidder: Bidder,
    pub(crate) baohanno: String,
    pub(crate) notice: Entry,
}

impl<'a> Journey<'a> {
    pub(crate) fn new(world: &'a World, platform: &'a Platform) -> Self {
        Self { world, platform, partner: platform.partner(&world.gateway).expect("keys") }
    }

    pub(crate) async fn send(&self, request: &Request) -> Answer {
        let answer = self.partner.send(request).await.expect("an answer");
        assert_eq!(answer.status, 200);
        answer
    }

    pub(crate) async fn agreed(&self, request: &Request) -> Answer {
        let answer = self.send(request).await;
        assert!(answer.success(), "{}: {}", request.method, answer.text("message"));
        answer
    }

    /// Sends what must be refused, and returns the reason.
    pub(crate) async fn refused(&self, request: &Request) -> String {
        let answer = self.send(request).await;
        assert!(!answer.success(), "{} should have been refused", request.method);
        answer.text("message").to_owned()
    }

    /// The acknowledged callback of this name that has these fields.
    pub(crate) async fn heard(&self, name: &str, fields: &[(&str, &str)]) -> Entry {
        let ours = |entry: &Entry| {
            entry.acknowledged
                && entry.method == name
                && fields.iter().all(|(field, value)| entry.text(field) == *value)
        };
        let ledger = self.platform.receiver.ledger();
        let entry = ledger.wait_for(PATIENCE, ours).await.unwrap_or_else(|| {
            panic!(
                "no {name} with {fields:?} was acknowledged; there came {:#?}",
                ledger.select(|entry| entry.method == name)
            )
        });
        assert!(entry.good(), "{entry:?}");
        entry
    }

    /// What the gateway holds of a bidder's application.
    pub(crate) async fn order(&self, bidder: &Bidder) -> Order {
        let partner = PartnerId::parse(self.platform.id).expect("an id");
        let no = AcceptanceNo::of(&partner, "baohanapply", &bidder.applyno());
        self.world.order(no.as_str()).await
    }

    pub(crate) async fn applied(&self, bidder: &Bidder) -> Request {
        let application = bidder.application(self.partner.safe()).expect("a sealed application");
        self.agreed(&application).await;
        self.world.until(PLACED, &bidder.applyno(), 1).await;
        application
    }

    pub(crate) async fn held(&self, n: u64) -> Held {
        let bidder = Bidder::new(9, n, sandbox::now());
        self.applied(&bidder).await;
        self.hold(bidder).await
    }

    pub(crate) async fn hold(&self, bidder: Bidder) -> Held {
        let expected = [("applyno", bidder.applyno()), ("applystatus", "1".to_owned())];
        let expected = expected.each_ref().map(|(field, value)| (*field, value.as_str()));
        let notice = self.heard("baohannotice", &expected).await;
        Held { bidder, baohanno: notice.text("baohanno").to_owned(), notice }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_number_of_its_own_may_be_asked_for_again() {
    let platform = Platform::open("pubres-again").await.expect("a receiver");
    let world = World::start("pubres-again", &[platform.file(BY_ITSELF, "")]);
    let journey = Journey::new(&world, &platform);
    let held = journey.held(20).await;
    let (no, bidder) = (held.baohanno.as_str(), &held.bidder);
    let too_much = bidder.invoice(no, "99999999.00");
    assert!(journey.refused(&too_much).await.contains("保费"));
    let invoice = bidder.special_invoice(no, held.notice.text("cost"));
    for _ in 0..2 {
        journey.agreed(&invoice).await;
    }
    let told = journey.heard("invoicenotice", &[("baohanno", no), ("applystatus", "1")]).await;
    assert!(!told.text("invoiceno").is_empty() && told.text("applyno").is_empty());
    let many = "select count(*) from invoices where guarantee_no = $1";
    assert_eq!(world.count(many, no).await, 1);

    let claim = bidder.claim(no, bidder.bond());
    assert!(journey.refused(&claim.clone().with("payeramount", "99999999.00")).await.contains("保证金"));
    for _ in 0..2 {
        journey.agreed(&claim).await;
    }
    assert_eq!(world.count("select count(*) from claims where guarantee_no = $1", no).await, 1);
    let order = journey.order(bidder).await;
    assert_eq!(order.guarantee.expect("a guarantee").state, GuaranteeState::Claimed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sealed_is_kept_and_issued_as_received() {
    let platform = Platform::open("pubres-kept").await.expect("a receiver");
    let world = World::start("pubres-kept", &[platform.file(BY_ITSELF, "")]);
    let journey = Journey::new(&world, &platform);
    let bidder = Bidder::new(9, 30, sandbox::now());
    let application = journey.applied(&bidder).await;
    let held = journey.hold(bidder).await;
    let order = journey.order(&held.bidder).await;
    assert_eq!(order.application.sealed, SEALED);
    for (field, (name, plain)) in SEALED.into_iter().zip(held.bidder.tender()) {
        assert_eq!(order.application.field(field), application.text(name), "exactly as received");
        assert_ne!(order.application.field(field), plain);
    }
    let guarantee = order.guarantee.as_ref().expect("a guarantee");
    assert_eq!(guarantee.no.as_str(), held.baohanno);
    let notice = &held.notice;
    assert_eq!(guarantee.document.sha256, notice.text("baohanfile_sha256"));
    let file = journey.partner.fetch(notice.text("baohanurl")).await.expect("the document");
    assert_eq!(crypto::text::to_hex(&crypto::digest::sha256(&file)), guarantee.document.sha256);
    crate::signed::accepted_by_all(&file);
    let told = ["payername", "payeraccount", "instname", "rate", "cost"].map(|field| notice.text(field));
    let premium = order.premium.expect("a premium").to_string();
    assert_eq!(told, [held.bidder.name(), "无", "示范担保有限公司", "0.005", &premium]);

    // Nothing says yet when the bids are opened: it is before as well as after (PR-21).
    let quit = held.bidder.quit(&held.baohanno);
    for _ in 0..2 {
        journey.agreed(&quit).await;
    }
    let told = journey.heard("quitnotice", &[("baohanno", &held.baohanno)]).await;
    assert_eq!([told.text("applyno"), told.text("applystatus")], [&*held.bidder.applyno(), "1"]);
    assert!(journey.refused(&held.bidder.cancel(&held.baohanno)).await.contains("已退保"));
    let order = journey.order(&held.bidder).await;
    assert_eq!(order.guarantee.expect("a guarantee").state, GuaranteeState::Refunded);
}
