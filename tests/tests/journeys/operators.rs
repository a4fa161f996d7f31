//! Nothing is decided by rules: an operator approves, refuses and books payments, and the platform hears of it.

use crate::issue::{Held, agreed, heard, hold};
use crate::world::{BY_OPERATOR, World};
use domain::{GuaranteeState, OrderState};
use gateway_tests::platform::Platform;
use sandbox::finserv::{Answer, Bidder, Partner, Request};

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_decides_and_books_payments() {
    let platform = Platform::open("finserv-manual").await.expect("a receiver");
    let world = World::start("operators", &[platform.file(BY_OPERATOR)]);
    let partner = platform.partner(&world.gateway).expect("keys");
    let journey = Journey { world: &world, platform: &platform, partner };
    let held = journey.approved_and_paid(1).await;
    journey.application_refused().await;
    journey.invoice_approved(&held).await;
    journey.claim_refused(&held).await;
    journey.release_approved(&held).await;
    let held = journey.approved_and_paid(2).await;
    journey.refund_refused_then_approved(&held).await;
    let held = journey.approved_and_paid(3).await;
    journey.claim_approved(&held).await;
}

struct Journey<'a> {
    world: &'a World,
    platform: &'a Platform,
    partner: Partner,
}

impl Journey<'_> {
    /// 0 审核中, 3 保费未支付, 1 审核通过: each stage as the platform sees it.
    async fn approved_and_paid(&self, n: u64) -> Held {
        let bidder = Bidder::new(4, n, sandbox::now());
        let answer = agreed(&self.partner, &bidder.bid_application()).await;
        let no = answer.text("accept_no");
        self.world.until("select count(*) from orders where no = $1", no, 1).await;
        assert_eq!(self.standing(&bidder, no).await.text("approve_status"), "0");
        assert!(self.world.gateway.baohan(&["pay", no, "--amount", "100.00"]).is_err(), "nothing is due yet");
        self.world.baohan(&["decide", "order", no, "--approve"]);
        let standing = self.standing(&bidder, no).await;
        assert_eq!(standing.text("approve_status"), "3");
        let fee = standing.text("fee");
        assert!(self.world.gateway.baohan(&["pay", no, "--amount", "0.01"]).is_err(), "not the premium");
        self.world.baohan(&["pay", no, "--amount", fee]);
        assert!(self.world.gateway.baohan(&["decide", "order", no, "--approve"]).is_err(), "decided already");
        hold(self.world, self.platform, bidder, no).await
    }

    async fn standing(&self, bidder: &Bidder, no: &str) -> Answer {
        agreed(&self.partner, &bidder.ask_application(no)).await
    }

    async fn application_refused(&self) {
        let bidder = Bidder::new(4, 9, sandbox::now());
        let answer = agreed(&self.partner, &bidder.bid_application()).await;
        let no = answer.text("accept_no");
        self.world.until("select count(*) from orders where no = $1", no, 1).await;
        self.world.baohan(&["decide", "order", no, "--refuse", "资质不符合要求"]);
        let expected = [("accept_no", no), ("approve_status", "2")];
        let told = heard(self.platform, "feedback_apply_guarantee_result", &expected).await;
        assert_eq!(told.text("error"), "资质不符合要求");
        assert_eq!(self.world.order(no).await.state, OrderState::Rejected);
    }

    async fn invoice_approved(&self, held: &Held) {
        let no = held.guarantee_no.as_str();
        agreed(&self.partner, &held.bidder.invoice(no, &held.fee)).await;
        let query = Bidder::ask("get_invoiceInfo", no, None);
        let waiting = agreed(&self.partner, &query).await;
        assert_eq!(waiting.text("invoice_url"), "", "FS-26");
        let case = self.world.text("select no from invoices where guarantee_no = $1", no).await;
        self.world.baohan(&["decide", "invoice", &case, "--approve"]);
        let told = heard(self.platform, "feedback_invoice", &[("guarantee_no", no)]).await;
        let answer = agreed(&self.partner, &query).await;
        assert_eq!(answer.text("invoice_no"), told.text("invoice_no"));
    }

    async fn claim_refused(&self, held: &Held) {
        let claim = held.bidder.claim(&held.guarantee_no, held.bidder.bond());
        let case = self.requested(&claim, "get_apply_claim_result", held).await;
        self.world.baohan(&["decide", "claim", &case, "--refuse", "材料不全"]);
        self.told("feedback_apply_claim_result", held, &case, "2", "材料不全").await;
        self.guarantee_is(held, GuaranteeState::InForce).await;
    }

    async fn claim_approved(&self, held: &Held) {
        let claim = held.bidder.claim(&held.guarantee_no, held.bidder.bond());
        let case = self.requested(&claim, "get_apply_claim_result", held).await;
        self.world.baohan(&["decide", "claim", &case, "--approve"]);
        self.told("feedback_apply_claim_result", held, &case, "1", "").await;
        self.guarantee_is(held, GuaranteeState::Claimed).await;
    }

    async fn release_approved(&self, held: &Held) {
        let cancel = held.bidder.cancel(&held.guarantee_no);
        let case = self.requested(&cancel, "get_apply_cancel_result", held).await;
        self.world.baohan(&["decide", "release", &case, "--approve"]);
        self.told("feedback_apply_cancel_result", held, &case, "1", "").await;
        self.guarantee_is(held, GuaranteeState::Released).await;
    }

    async fn refund_refused_then_approved(&self, held: &Held) {
        let no = held.guarantee_no.as_str();
        let query = Bidder::ask("get_quitInfo", no, None);
        for (apply_no, decision, status) in
            [("TD1", &["--refuse", "不在退保期内"][..], "2"), ("TD2", &["--approve"][..], "1")]
        {
            agreed(&self.partner, &held.bidder.quit(no).with("apply_no", apply_no)).await;
            assert_eq!(agreed(&self.partner, &query).await.text("approve_status"), "0");
            let case = self.world.text(OPEN_REFUND, no).await;
            self.world.baohan(&[&["decide", "refund", &case][..], decision].concat());
            let expected = [("guarantee_no", no), ("approve_status", status)];
            heard(self.platform, "feedback_quit", &expected).await;
            assert_eq!(agreed(&self.partner, &query).await.text("approve_status"), status);
        }
        self.guarantee_is(held, GuaranteeState::Refunded).await;
    }

    /// A request about a guarantee that waits: 0 审核中.
    async fn requested(&self, request: &Request, query: &'static str, held: &Held) -> String {
        let case = agreed(&self.partner, request).await.text("accept_no").to_owned();
        let query = Bidder::ask(query, &held.guarantee_no, Some(&case));
        assert_eq!(agreed(&self.partner, &query).await.text("approve_status"), "0");
        case
    }

    async fn told(&self, method: &str, held: &Held, case: &str, status: &str, reason: &str) {
        let expected =
            [("accept_no", case), ("approve_status", status), ("guarantee_no", held.guarantee_no.as_str())];
        let told = heard(self.platform, method, &expected).await;
        assert_eq!(told.text("error"), reason);
    }

    async fn guarantee_is(&self, held: &Held, expected: GuaranteeState) {
        let order = self.world.order(&held.accept_no).await;
        assert_eq!(order.guarantee.expect("a guarantee").state, expected);
    }
}

const OPEN_REFUND: &str = "select no from refunds where guarantee_no = $1 and state = 'reviewing'";
