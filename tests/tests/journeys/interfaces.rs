//! Every interface of the document, end to end, with its content looked for on the other side.

use crate::issue::{Held, agreed, heard, hold, issue, refused};
use crate::signed::accepted_by_all;
use crate::world::{BY_ITSELF, World};
use domain::{Case, CaseState, GuaranteeState, Invoice, InvoiceKind, Product, ReleaseReason};
use domain::{RequestClaim, RequestRefund, RequestRelease, TenderChangeKind, Timestamp};
use gateway_tests::platform::Platform;
use sandbox::finserv::{Bidder, Body, Request};

#[tokio::test(flavor = "multi_thread")]
async fn every_interface_reaches_the_other_side() {
    let platform = Platform::open("finserv-auto").await.expect("a receiver");
    let world = World::start("interfaces", &[platform.file(BY_ITSELF)]);
    let journey = Journey { world: &world, platform: &platform };
    journey.bid_guarantee().await;
    journey.performance_guarantee_by_form().await;
    journey.callback_addresses().await;
    journey.invoices().await;
    journey.release().await;
    journey.claim().await;
    journey.refund_in_a_batch().await;
    journey.tender_changes().await;
    journey.past_opening_is_rejected().await;
    let odd = platform.receiver.ledger().select(|entry| !entry.good());
    assert!(odd.is_empty(), "{odd:#?}");
}

struct Journey<'a> {
    world: &'a World,
    platform: &'a Platform,
}

impl Journey<'_> {
    fn bidder(&self, n: u64) -> Bidder {
        Bidder::new(1, n, sandbox::now())
    }

    async fn held(&self, n: u64) -> Held {
        let bidder = self.bidder(n);
        let application = bidder.bid_application();
        issue(self.world, self.platform, bidder, &application).await
    }

    async fn send(&self, request: &Request) -> sandbox::finserv::Answer {
        agreed(&self.platform.partner(&self.world.gateway).expect("keys"), request).await
    }

    /// 3.1.1, 3.1.2, 3.1.3, and the document.
    async fn bid_guarantee(&self) {
        let held = self.held(1).await;
        let application = held.bidder.bid_application();
        let order = self.world.order(&held.accept_no).await;
        let asked = &order.application;
        let text = |field: &str| application.text(field).to_owned();
        assert_eq!(asked.business_no, text("apply_no"));
        assert_eq!(asked.bond.to_string(), text("tender_bond"));
        let Product::Bid { opening, validity_days } = asked.product else { panic!("not a bid guarantee") };
        assert_eq!(validity_days, Some(120));
        assert_eq!(opening.map(wire), Some(text("open_time")));
        let applicant = &asked.applicant;
        let account = applicant.account.as_ref().expect("an account");
        let company = &applicant.company;
        let tender = &asked.tender;
        for (field, kept) in [
            ("enterprise_name", &company.name),
            ("enterprise_code", &company.code),
            ("enterprise_address", &company.address),
            ("legal_name", &applicant.legal_name),
            ("legal_code", &applicant.legal_id),
            ("bank_name", &account.bank),
            ("bank_account", &account.number),
            ("bank_code", &account.bank_no),
            ("project_name", &tender.project_name),
            ("project_address", &tender.address),
            ("section_name", &tender.section_name),
            ("tenderer", &tender.tenderee.name),
            ("tenderer_code", &tender.tenderee.code),
            ("tenderer_address", &tender.tenderee.address),
            ("agency", &tender.agency.name),
            ("agency_code", &tender.agency.code),
            ("agent_name", &asked.contact.name),
            ("agent_id_no", &asked.contact.id_no),
            ("agent_phone", &asked.contact.phone),
            ("agent_email", &asked.contact.email),
        ] {
            assert_eq!(kept.expose(), text(field), "{field}");
        }
        assert_eq!(
            [&tender.project_no, &tender.area, &tender.section_no].map(String::as_str),
            [application.text("project_code"), "999999", application.text("section_code")]
        );
        let files: Vec<_> = asked.attachments.iter().map(|file| file.name.expose()).collect();
        assert_eq!(files, ["营业执照.pdf", "法人证件正面.jpg", "法人证件反面.jpg"]);
        self.query_agrees(&held).await;
        self.document(&held).await;
    }

    async fn query_agrees(&self, held: &Held) {
        let answer = self.send(&held.bidder.ask_application(&held.accept_no)).await;
        assert_eq!(answer.text("approve_status"), "1");
        for (field, told) in
            [("accept_no", &held.accept_no), ("guarantee_no", &held.guarantee_no), ("fee", &held.fee)]
        {
            assert_eq!(answer.text(field), told, "{field}");
        }
        assert_eq!(
            [answer.text("rate"), answer.text("merchant_name"), answer.text("msg")],
            ["0.005", "示范担保有限公司", ""]
        );
        let partner = self.platform.partner(&self.world.gateway).expect("keys");
        let unknown = held.bidder.ask_application("A0000000000000000000");
        assert!(refused(&partner, &unknown).await.contains("不存在"));
    }

    /// The bytes behind guarantee_url are those the gateway issued; without its signature the link opens nothing.
    async fn document(&self, held: &Held) {
        let partner = self.platform.partner(&self.world.gateway).expect("keys");
        let bytes = partner.fetch(&held.url).await.expect("the document");
        accepted_by_all(&bytes);
        let digest: String =
            crypto::digest::sha256(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let order = self.world.order(&held.accept_no).await;
        assert_eq!(order.guarantee.expect("a guarantee").document.sha256, digest);
        let (rest, last) = held.url.split_at(held.url.len() - 1);
        let forged = format!("{rest}{}", if last == "0" { "1" } else { "0" });
        assert!(partner.fetch(&forged).await.is_err(), "a forged link must open nothing");
    }

    /// 3.1.1 with guarantee_type 2, as a form.
    async fn performance_guarantee_by_form(&self) {
        let bidder = self.bidder(2);
        let form = self.platform.partner(&self.world.gateway).expect("keys");
        let form = form.with(|habits| habits.body = Body::Form).expect("keys");
        let application = bidder.performance_application();
        let answer = agreed(&form, &application).await;
        let held = hold(self.world, self.platform, bidder, answer.text("accept_no")).await;
        let order = self.world.order(&held.accept_no).await;
        let Product::Performance { signed_at, period } = &order.application.product else {
            panic!("{order:?}")
        };
        assert_eq!(wire(*signed_at), application.text("contract_sign_time"));
        assert_eq!(period, application.text("contract_period_validtime"));
        self.document(&held).await;
    }

    /// FS-25: where callbacks go, and where they never go.
    async fn callback_addresses(&self) {
        let id = self.platform.id;
        for (n, callback, path) in [
            (10, self.platform.receiver.url(), "/callback".to_owned()),
            (11, String::new(), format!("/{id}")),
            (12, "http://192.0.2.1/callback".to_owned(), format!("/{id}")),
        ] {
            let bidder = self.bidder(n);
            let application = bidder.bid_application().with("callback", callback.as_str());
            let held = issue(self.world, self.platform, bidder, &application).await;
            let expected = [("accept_no", held.accept_no.as_str())];
            let told = heard(self.platform, "feedback_apply_guarantee_result", &expected).await;
            assert_eq!(told.path, path, "callback {callback:?}");
        }
    }

    /// 3.4.1, 3.4.2, 3.4.3: ordinary and special.
    async fn invoices(&self) {
        for (n, special) in [(20, false), (21, true)] {
            let held = self.held(n).await;
            let no = held.guarantee_no.as_str();
            let request = if special {
                held.bidder.special_invoice(no, &held.fee)
            } else {
                held.bidder.invoice(no, &held.fee)
            };
            self.send(&request).await;
            let told = heard(self.platform, "feedback_invoice", &[("guarantee_no", no)]).await;
            let answer = self.send(&Bidder::ask("get_invoiceInfo", no, None)).await;
            for field in ["invoice_code", "invoice_no"] {
                assert!(!told.text(field).is_empty(), "{field}");
                assert_eq!(answer.text(field), told.text(field), "{field}");
            }
            let partner = self.platform.partner(&self.world.gateway).expect("keys");
            accepted_by_all(&partner.fetch(told.text("invoice_url")).await.expect("the invoice"));
            let kept: Invoice =
                self.world.body("select body from invoices where guarantee_no = $1", no).await;
            assert_eq!(kept.case.state, CaseState::Approved);
            assert_eq!(kept.case.request.amount.map(|yuan| yuan.to_string()), Some(held.fee.clone()));
            assert_eq!(matches!(kept.case.request.kind, InvoiceKind::Special { .. }), special);
            let more = held.bidder.invoice(no, "99999999.00").with("apply_no", format!("FX{n}"));
            assert!(refused(&partner, &more).await.contains("保费"));
        }
    }

    /// 3.2.1, 3.2.2, 3.2.3.
    async fn release(&self) {
        let held = self.held(30).await;
        let answer = self.send(&held.bidder.cancel(&held.guarantee_no)).await;
        let case_no = answer.text("accept_no");
        assert_ne!(case_no, held.accept_no);
        self.case_told("feedback_apply_cancel_result", "get_apply_cancel_result", &held, case_no).await;
        let kept: Case<RequestRelease> =
            self.world.body("select body from releases where no = $1", case_no).await;
        assert_eq!(kept.request.reason, ReleaseReason::NotAwarded);
        self.ended_as(&held, GuaranteeState::Released).await;
        let partner = self.platform.partner(&self.world.gateway).expect("keys");
        let late = held.bidder.claim(&held.guarantee_no, "1.00");
        assert_eq!(refused(&partner, &late).await, "保函已撤销");
    }

    /// 3.3.1, 3.3.2, 3.3.3.
    async fn claim(&self) {
        let held = self.held(40).await;
        let partner = self.platform.partner(&self.world.gateway).expect("keys");
        let request = held.bidder.claim(&held.guarantee_no, held.bidder.bond());
        let too_much = request.clone().with("amount", "99999999.00").with("apply_no", "LX40");
        assert!(refused(&partner, &too_much).await.contains("保证金"));
        let answer = self.send(&request).await;
        let case_no = answer.text("accept_no");
        self.case_told("feedback_apply_claim_result", "get_apply_claim_result", &held, case_no).await;
        let kept: Case<RequestClaim> =
            self.world.body("select body from claims where no = $1", case_no).await;
        assert_eq!(kept.state, CaseState::Approved);
        assert_eq!(kept.request.amount.map(|yuan| yuan.to_string()), Some(held.bidder.bond().to_string()));
        assert_eq!(
            kept.request.account.as_ref().map(|account| account.number.expose()),
            Some(request.text("receive_account"))
        );
        assert_eq!(kept.request.claimer.name.expose(), request.text("claimer_name"));
        assert_eq!(kept.request.evidence.len(), 2);
        self.ended_as(&held, GuaranteeState::Claimed).await;
    }

    async fn case_told(&self, feedback: &str, query: &'static str, held: &Held, case_no: &str) {
        let no = held.guarantee_no.as_str();
        let expected = [("accept_no", case_no), ("guarantee_no", no), ("approve_status", "1")];
        heard(self.platform, feedback, &expected).await;
        let answer = self.send(&Bidder::ask(query, no, Some(case_no))).await;
        assert_eq!(answer.text("approve_status"), "1", "{query}");
    }

    async fn ended_as(&self, held: &Held, expected: GuaranteeState) {
        let order = self.world.order(&held.accept_no).await;
        assert_eq!(order.guarantee.expect("a guarantee").state, expected);
    }

    /// 3.5.1, 3.5.2, 3.5.3: two guarantees in one request.
    async fn refund_in_a_batch(&self) {
        let held = [self.held(50).await, self.held(51).await];
        let quits = held.each_ref().map(|held| held.bidder.quit(&held.guarantee_no));
        self.send(&Request::batch("guarantee_quit", quits)).await;
        for held in &held {
            let no = held.guarantee_no.as_str();
            heard(self.platform, "feedback_quit", &[("guarantee_no", no), ("approve_status", "1")]).await;
            assert_eq!(self.send(&Bidder::ask("get_quitInfo", no, None)).await.text("approve_status"), "1");
            let kept: Case<RequestRefund> =
                self.world.body("select body from refunds where guarantee_no = $1", no).await;
            assert_eq!(kept.request.reason, "撤标");
            self.ended_as(held, GuaranteeState::Refunded).await;
        }
        let partner = self.platform.partner(&self.world.gateway).expect("keys");
        let none = Bidder::ask("get_quitInfo", "BH-UNKNOWN", None);
        refused(&partner, &none).await;
    }

    /// 3.6.1: a whole section, one order alone (FS-13), and a batch.
    async fn tender_changes(&self) {
        let first = self.held(60).await;
        let second = self.bidder(61).bidding_with(&first.bidder);
        let application = second.bid_application();
        let second = issue(self.world, self.platform, second, &application).await;
        let stranger = self.held(62).await;
        let postponed = first.bidder.postpone(7);
        self.send(&postponed).await;
        for held in [&first, &second] {
            self.world.until(CHANGED, &held.accept_no, 1).await;
            let order = self.world.order(&held.accept_no).await;
            assert_eq!(order.tender_changes[0].kind, TenderChangeKind::Postponed);
            assert_eq!(wire(order.opening().expect("an opening")), postponed.text("next_open_time"));
        }
        let alone = first.bidder.postpone(9).with("apply_no", first.bidder.apply_no()).with("type", "9");
        let other = stranger.bidder.postpone(8).with("type", "2").without("next_open_time");
        self.send(&Request::batch("update_bidinfo", [alone, other])).await;
        self.world.until(CHANGED, &first.accept_no, 2).await;
        self.world.until(CHANGED, &stranger.accept_no, 1).await;
        assert_eq!(self.world.count(CHANGED, &second.accept_no).await, 1, "only the named order");
        let order = self.world.order(&stranger.accept_no).await;
        assert_eq!(order.tender_changes[0].kind, TenderChangeKind::Failed);
    }

    /// approve_status 2: no guarantee, and a reason.
    async fn past_opening_is_rejected(&self) {
        let bidder = self.bidder(70);
        let late = bidder.bid_application().with("open_time", "20240101 0930");
        let answer = self.send(&late).await;
        let no = answer.text("accept_no");
        let expected = [("accept_no", no), ("approve_status", "2"), ("guarantee_no", "")];
        let told = heard(self.platform, "feedback_apply_guarantee_result", &expected).await;
        assert_eq!(told.text("error"), "已过开标时间");
        let answer = self.send(&bidder.ask_application(no)).await;
        assert_eq!([answer.text("approve_status"), answer.text("msg")], ["2", "已过开标时间"]);
    }
}

const CHANGED: &str = "select count(*) from events where order_no = $1 and what like 'tender_%'";

/// An instant as the document writes it: `yyyyMMdd HHmm`.
fn wire(at: Timestamp) -> String {
    let at = at.shanghai();
    format!("{}{:02}{:02} {:02}{:02}", at.year(), u8::from(at.month()), at.day(), at.hour(), at.minute())
}
