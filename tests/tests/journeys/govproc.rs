//! A govproc platform and the whole gateway: all nine interfaces, the page and its button, and other habits.

use crate::signed::every_document_received;
use crate::world::{BY_ITSELF, PATIENCE, World};
use domain::{AcceptanceNo, Order, OrderState, PartnerId, Private, Product, TenderChangeKind};
use gateway_tests::govproc::Platform;
use gateway_tests::operator::Desk;
use gateway_tests::settings::Rules;
use sandbox::Entry;
use sandbox::govproc::story::Story;
use sandbox::govproc::{
    Answer, Bidder, Cipher, Form, Iv, KeyForm, Money, Page, Partner, Shape, TextForm, Times,
};
use std::time::Instant;

const PLACED: &str = "select count(*) from orders where business_no = $1";
const CHANGED: &str = "select count(*) from events e join orders o on o.no = e.order_no \
    where o.business_no = $1 and e.what like 'tender_%'";
/// Decides by rules; the premium is paid by whoever pays it.
const PAID_BY_HAND: Rules = Rules { payment: "operator", ..BY_ITSELF };

struct Journey<'a> {
    world: &'a World,
    platform: &'a Platform,
    partner: Partner,
}

#[tokio::test(flavor = "multi_thread")]
async fn all_nine_interfaces_have_their_turn() {
    let platform = Platform::open("govproc-auto").await.expect("a receiver");
    let world = World::start("govproc", &[platform.file(BY_ITSELF, "query_bhno = true")]);
    let partner = platform.partner(&world.gateway).expect("keys");
    let desk = Desk { gateway: &world.gateway, partner: platform.id };
    let rows = Story::new(&partner, &platform.receiver, &desk, PATIENCE, |_| {}).play(7).await;
    let wrong: Vec<_> = rows.iter().filter(|row| !row.good).collect();
    assert!(rows.len() == 9 && wrong.is_empty(), "{wrong:#?}");
    every_document_received(&world, &platform.receiver.ledger().select(|entry| entry.acknowledged));
    let journey = Journey { world: &world, platform: &platform, partner };
    journey.what_was_asked_is_kept().await;
    journey.a_section_fails_for_all_its_orders().await;
    journey.what_cannot_be_is_refused().await;
    let odd = platform.receiver.ledger().select(|entry| !entry.good());
    assert!(odd.is_empty(), "{odd:#?}");
}

/// The browser waits until the premium is due, presses the button once, and once more.
#[tokio::test(flavor = "multi_thread")]
async fn the_button_pays_once() {
    let platform = Platform::open("govproc-page").await.expect("a receiver");
    let file = platform.file(PAID_BY_HAND, "sandbox_pay_button = true");
    let world = World::start("govproc-page", &[file]);
    let journey = Journey {
        world: &world,
        platform: &platform,
        partner: platform.partner(&world.gateway).expect("keys"),
    };
    let bidder = journey.bidder(1);
    let links = journey.applied(&bidder).await.links();
    let form = journey.button(&links.continueurl).await;
    let premium = form.inputs.iter().find(|(name, _)| name == "premium").expect("the premium").1.clone();
    let mut cheaper = form.clone();
    cheaper
        .inputs
        .iter_mut()
        .filter(|(name, _)| name == "premium")
        .for_each(|(_, value)| "0.01".clone_into(value));
    assert_eq!(journey.partner.press(&cheaper).await.expect("a page").status, 403);
    assert!(journey.partner.press(&form).await.expect("a page").opened());
    let paid =
        journey.heard("/api/guarantee/paystate", &[("orderno", &bidder.orderno()), ("type", "1")]).await;
    assert_eq!(paid.data["paymoney"].as_f64(), premium.parse().ok());
    journey.heard("/api/guarantee/applynotify", &[("orderno", &bidder.orderno()), ("staus", "1")]).await;
    assert_eq!(journey.partner.press(&form).await.expect("a page").status, 409, "paid already");
    let page = journey.partner.open(&links.continueurl).await.expect("a page");
    assert!(page.opened() && page.form().is_none() && page.html.contains("保函已开具"), "{}", page.html);
    let forged = links.continueurl.replace("token=", "token=0");
    assert_eq!(journey.partner.open(&forged).await.expect("a page").status, 403);
}

/// What the trade really does (WIRE.md, table 003): another key, another chain, another carrier, all at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_platform_with_other_habits_is_understood() {
    let platform = Platform::open_with("govproc-odd", |habits| {
        (habits.cipher, habits.iv) = (Cipher::Cbc, Iv::Prefixed);
        (habits.key_form, habits.text, habits.shape) = (KeyForm::Sha1prng, TextForm::HexUpper, Shape::Param);
        (habits.times, habits.money) = (Times::MillisText, Money::Text);
        (habits.kbtime, habits.bhno, habits.both_spellings) = (true, true, true);
        habits.whole_answers = true;
    })
    .await
    .expect("a receiver");
    let lines = r#"
cipher = "cbc"
vector = "prefixed"
key_form = "sha1prng"
text = "hex_upper"
shape = "param"
times = "millis_text"
amounts = "text"
both_spellings = true
whole_answers = true
"#;
    let world = World::start("govproc-odd", &[platform.file(BY_ITSELF, lines)]);
    let partner = platform.partner(&world.gateway).expect("keys");
    let desk = Desk { gateway: &world.gateway, partner: platform.id };
    let rows = Story::new(&partner, &platform.receiver, &desk, PATIENCE, |_| {}).play(8).await;
    let wrong: Vec<_> = rows.iter().filter(|row| !row.good).collect();
    assert!(rows.len() == 9 && wrong.is_empty(), "{wrong:#?}");
}

impl Journey<'_> {
    fn bidder(&self, n: u64) -> Bidder {
        Bidder::new(9, n, sandbox::now())
    }

    async fn applied(&self, bidder: &Bidder) -> Answer {
        let answer = self.partner.send(&bidder.application()).await.expect("an answer");
        assert!(answer.success() && answer.problems.is_empty(), "{answer:?}");
        answer
    }

    async fn heard(&self, callback: &str, fields: &[(&str, &str)]) -> Entry {
        let ours = |entry: &Entry| {
            entry.acknowledged
                && entry.method == callback
                && fields.iter().all(|(field, value)| entry.text(field) == *value)
        };
        let entry = self.platform.receiver.ledger().wait_for(PATIENCE, ours).await;
        let entry = entry.unwrap_or_else(|| panic!("no {callback} with {fields:?} was acknowledged"));
        assert!(entry.good(), "{entry:?}");
        entry
    }

    /// The button, once the worker has asked for the premium.
    async fn button(&self, continueurl: &str) -> Form {
        let until = Instant::now() + PATIENCE;
        loop {
            let page: Page = self.partner.open(continueurl).await.expect("a page");
            assert!(page.opened(), "{page:?}");
            if let Some(form) = page.form() {
                return form;
            }
            assert!(Instant::now() < until, "no button: {}", page.html);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    async fn order(&self, bidder: &Bidder) -> Order {
        self.world.until(PLACED, &bidder.orderno(), 1).await;
        let partner = PartnerId::parse(self.platform.id).expect("an id");
        let no = AcceptanceNo::of(&partner, "/guarantee/apply", &bidder.orderno());
        self.world.order(no.as_str()).await
    }

    /// 3.2.1, field by field.
    async fn what_was_asked_is_kept(&self) {
        let bidder = self.bidder(1);
        self.applied(&bidder).await;
        self.heard("/api/guarantee/applynotify", &[("orderno", &bidder.orderno()), ("staus", "1")]).await;
        let (order, sent) = (self.order(&bidder).await, bidder.application());
        assert_eq!(order.state, OrderState::Issued);
        let asked = &order.application;
        let account = asked.applicant.account.as_ref().expect("an account");
        let kept = [
            ("qyname", asked.applicant.company.name.expose()),
            ("qycode", asked.applicant.company.code.expose()),
            ("orderno", &asked.business_no),
            ("xmname", asked.tender.project_name.expose()),
            ("xmcode", &asked.tender.project_no),
            ("bdname", asked.tender.section_name.expose()),
            ("bdcode", &asked.tender.section_no),
            ("zbrname", asked.tender.tenderee.name.expose()),
            ("zbrcode", asked.tender.tenderee.code.expose()),
            ("qykh", account.bank.expose()),
            ("qykhzh", account.holder.expose()),
            ("qyjbzh", account.number.expose()),
            ("jbrname", asked.contact.name.expose()),
            ("jbrphone", asked.contact.phone.expose()),
            ("jbremail", asked.contact.email.expose()),
        ];
        for (field, kept) in kept {
            assert_eq!(kept, sent.text(field), "{field}");
        }
        assert_eq!(asked.bond.to_string(), sent.text("bzjmoney"));
        let Product::Bid { opening, validity_days: None } = asked.product else {
            panic!("{:?}", asked.product)
        };
        let millis = |at: Option<domain::Timestamp>| at.map(|at| at.unix_seconds() * 1000);
        assert_eq!(millis(opening), sent.data["kbttime"].as_i64());
        assert_eq!(millis(asked.deadline), sent.data["tbjztime"].as_i64());
        assert!(!Private::is_empty(&asked.contact.name) && asked.sealed.is_empty());
        // The same again is the same; other content under the same number is refused.
        self.applied(&bidder).await;
        let other =
            self.partner.send(&bidder.application().with("jbrname", "他人")).await.expect("an answer");
        assert_eq!((other.success(), other.text("errcode")), (false, "200002"));
    }

    /// 3.2.8: every order of the section, and nothing ends by itself (GP-11).
    async fn a_section_fails_for_all_its_orders(&self) {
        let first = self.bidder(20);
        let second = self.bidder(21).bidding_with(&first);
        for bidder in [&first, &second] {
            self.applied(bidder).await;
            self.heard("/api/guarantee/applynotify", &[("orderno", &bidder.orderno()), ("staus", "1")]).await;
        }
        let answer = self.partner.send(&first.final_state("4")).await.expect("an answer");
        assert!(answer.success(), "{answer:?}");
        for bidder in [&first, &second] {
            self.world.until(CHANGED, &bidder.orderno(), 1).await;
            let order = self.order(bidder).await;
            assert_eq!(order.tender_changes[0].kind, TenderChangeKind::Retendered);
            assert_eq!(order.state, OrderState::Issued);
        }
    }

    async fn what_cannot_be_is_refused(&self) {
        let stranger = self.bidder(99);
        let links = self.applied(&self.bidder(1)).await.links();
        let follow = |url: String, request| async move {
            self.partner.follow(&url, Default::default(), &request).await.expect("an answer")
        };
        for (url, request) in [
            (links.queryurl, stranger.query()),
            (links.pullurl, Bidder::pull("BH-UNKNOWN")),
            (links.cancelurl, Bidder::cancel("BH-UNKNOWN")),
        ] {
            let answer = follow(url, request).await;
            assert_eq!((answer.success(), answer.text("errcode")), (false, "200001"), "{answer:?}");
            assert!(answer.text("msg").contains("不存在"), "{answer:?}");
        }
        let late = stranger.application().with("kbttime", 1_704_072_600_000_i64);
        self.partner.send(&late).await.expect("an answer");
        let orderno = stranger.orderno();
        let told = self.heard("/api/guarantee/applynotify", &[("orderno", &orderno), ("staus", "0")]).await;
        assert!(told.text("info").starts_with("申请未通过"), "{told:?}");
    }
}
