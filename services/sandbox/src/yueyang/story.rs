//! One story in which all twenty-three interfaces have their turn: on credit, sealed before the opening, revealed after it.

use super::contract::{INTERFACES, Interface, interface};
use super::orders::Bidder;
use super::send::{Answer, Partner};
use crate::client::Unsent;
use crate::ledger::Entry;
use crate::operator::{Act, Matter, Operator};
use crate::receiver::Receiver;
use crate::request::Request;
use crate::rows::Row;
use crate::stage::{Cue, Stage, Step};
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// How soon a project opens once the story wants it open.
const OPENS_IN: time::Duration = time::Duration::seconds(1);

/// A story in the making.
pub struct Story<'a, O, T: FnMut(&Row)> {
    partner: &'a Partner,
    operator: &'a O,
    stage: Stage<'a, T>,
}

/// A sealed guarantee as the platform knows it.
struct Held {
    bidder: Bidder,
    guarantee_no: String,
    cost: String,
    /// The digest of its document.
    file: String,
}

impl<'a, O: Operator, T: FnMut(&Row)> Story<'a, O, T> {
    /// A story between this platform and the institution; `told` hears of every row as it is finished.
    #[must_use]
    pub const fn new(
        partner: &'a Partner,
        receiver: &'a Receiver,
        operator: &'a O,
        patience: Duration,
        told: T,
    ) -> Self {
        Self { partner, operator, stage: Stage::new(&INTERFACES, receiver, patience, told) }
    }

    /// Plays it for the bidders of this seed; one row per interface, in the order of the document. Needs an institution
    /// with credit lines that decides nothing by itself (or revocations come too late) and takes no real payment.
    pub async fn play(mut self, seed: u64) -> Vec<Row> {
        let now = crate::now();
        let a = Bidder::new(seed, 1, now);
        let [b, c, d] = [2, 3, 4].map(|n| Bidder::new(seed, n, now).of_company(&a));
        // A step that fails has left its row; what needs it is missing and shows as such.
        let _ = self.credit(&a).await;
        let _ = self.give_up(d).await;
        let _ = self.refund(b).await;
        let _ = self.cancel(c).await;
        let _ = self.reveal_and_claim(a).await;
        self.stage.finish()
    }

    /// 3.5, 3.17, 3.6, 3.21: one application is taken back, the next is granted.
    async fn credit(&mut self, bidder: &Bidder) -> Step<()> {
        self.ask(&bidder.credit(1), "授信申请，随后撤回", bidder.name()).await?;
        self.revoke(&bidder.revoke_credit(1)).await?;
        let request = bidder.credit(2);
        let (business_no, begun) = (request.text("businessNo").to_owned(), Instant::now());
        self.ask(&request, "再次授信申请", &business_no).await?;
        self.decide("guarantee/creditApplyNotice", Matter::Credit, &business_no).await?;
        let expected =
            [("businessNo", business_no.as_str()), ("creditResult", "0"), ("applyCode", bidder.code())];
        self.hear("guarantee/creditApplyNotice", begun, &expected, "授信通过").await?;
        let sent = self.partner.send(&bidder.query_credit()).await;
        self.answered(&bidder.query_credit(), "已授信？", "", "1", sent)?;
        Ok(())
    }

    /// 3.3, 3.4: an order that nobody decided is closed.
    async fn give_up(&mut self, bidder: Bidder) -> Step<()> {
        let no = self.apply(&bidder).await?;
        let begun = Instant::now();
        self.ask_early(&bidder.withdraw(), "关闭未出函订单", &no).await?;
        let expected = [("applyNo", no.as_str()), ("cancelResult", "0")];
        self.hear("guarantee/orderCancelNotice", begun, &expected, "订单已关闭").await?;
        Ok(())
    }

    /// 3.15, 3.18, 3.16: before the opening.
    async fn refund(&mut self, bidder: Bidder) -> Step<()> {
        let held = self.obtain(bidder).await?;
        let no = held.guarantee_no.as_str();
        self.ask_early(&held.bidder.refund(no, 1), "退函申请，随后撤回", no).await?;
        self.revoke(&held.bidder.revoke_refund(1)).await?;
        let begun = Instant::now();
        self.ask(&held.bidder.refund(no, 2), "再次退函申请", no).await?;
        self.decide("guarantee/refundNotice", Matter::Refund, no).await?;
        let expected = [("guaranteeNo", no), ("operateResult", "0")];
        self.hear("guarantee/refundNotice", begun, &expected, "退函成功").await?;
        Ok(())
    }

    /// 3.9, 3.20, 3.10: after the opening.
    async fn cancel(&mut self, bidder: Bidder) -> Step<()> {
        let held = self.obtain(bidder).await?;
        let no = held.guarantee_no.as_str();
        self.open(&held.bidder).await?;
        self.ask_early(&held.bidder.cancel(no, 1), "开标后注销，随后撤回", no).await?;
        self.revoke(&held.bidder.revoke_cancel(1)).await?;
        let begun = Instant::now();
        self.ask(&held.bidder.cancel(no, 2), "再次注销申请", no).await?;
        self.decide("guarantee/cancelNotice", Matter::Release, no).await?;
        let expected = [("guaranteeNo", no), ("operateResult", "0")];
        self.hear("guarantee/cancelNotice", begun, &expected, "注销成功").await?;
        Ok(())
    }

    /// 3.7, 3.8, 3.13, 3.14, 3.11, 3.19, 3.12: what follows the opening of an awarded bid.
    async fn reveal_and_claim(&mut self, bidder: Bidder) -> Step<()> {
        let held = self.obtain(bidder).await?;
        let no = held.guarantee_no.as_str();
        self.open(&held.bidder).await?;
        self.restore(&held).await?;
        let begun = Instant::now();
        self.ask(&held.bidder.invoice(no, &held.cost), &format!("普票 {} 元", held.cost), no).await?;
        self.decide("guarantee/invoiceNotice", Matter::Invoice, no).await?;
        let expected = [("guaranteeNo", no), ("invoiceResult", "0"), ("type", "0")];
        self.hear("guarantee/invoiceNotice", begun, &expected, "发票已开具").await?;
        self.ask_early(&held.bidder.claim(no, 1), "见索即付，随后撤回", no).await?;
        self.revoke_claim(&held).await?;
        let begun = Instant::now();
        self.ask(&held.bidder.claim(no, 2), "再次理赔申请", no).await?;
        self.decide("guarantee/compensateNotice", Matter::Claim, no).await?;
        let expected = [("guaranteeNo", no), ("operateResult", "0"), ("payerAmount", held.bidder.bond())];
        let what = format!("赔付 {} 元", held.bidder.bond());
        self.hear("guarantee/compensateNotice", begun, &expected, &what).await?;
        Ok(())
    }

    // === parts of them ===

    /// From application to the sealed document.
    async fn obtain(&mut self, bidder: Bidder) -> Step<Held> {
        let begun = Instant::now();
        let no = self.apply(&bidder).await?;
        self.decide("guarantee/orderApplyNotice", Matter::Order, &no).await?;
        let expected = [("orderNo", no.as_str()), ("applyResult", "0")];
        let told = self.hear("guarantee/orderApplyNotice", begun, &expected, "密文保函已出函").await?;
        let [guarantee_no, cost, file] =
            ["guaranteeNo", "cost", "guaranteeFile"].map(|name| told.text(name).to_owned());
        Ok(Held { bidder, guarantee_no, cost, file })
    }

    async fn apply(&mut self, bidder: &Bidder) -> Step<String> {
        let no = bidder.order_no();
        self.ask(&bidder.application(), &format!("保证金 {} 元，八个字段密文", bidder.bond()), &no).await?;
        Ok(no)
    }

    /// 3.23 and 3.22: the project opens now, and the story goes on once it has.
    async fn open(&mut self, bidder: &Bidder) -> Step<()> {
        let opening = crate::now() + OPENS_IN;
        let no = bidder.order_no();
        self.ask(&bidder.closes(opening), "缴纳截止时间提前", &no).await?;
        self.ask(&bidder.opens(opening), "开标时间提前", &no).await?;
        until(opening).await;
        Ok(())
    }

    /// A wrong key is refused and changes nothing; the right one brings the revealed document.
    async fn restore(&mut self, held: &Held) -> Step<()> {
        let no = held.guarantee_no.as_str();
        let asked = "先错误的秘钥，被拒；再正确的秘钥";
        let wrong = held.bidder.restore(no, &self.partner.wrong_key(&held.bidder));
        if self.partner.send(&wrong).await.is_ok_and(|answer| answer.success()) {
            let why = Err("接受了错误的秘钥".to_owned());
            return self.stage.row(row(wrong.method), asked, no, why);
        }
        let begun = Instant::now();
        let right = held.bidder.restore(no, &self.partner.key(&held.bidder));
        self.ask_early(&right, asked, no).await?;
        let told =
            self.hear("guarantee/restoreNotice", begun, &[("guaranteeNo", no)], "明文保函已出函").await?;
        if told.text("guaranteeFile") == held.file {
            let why = Err("明文保函与密文保函是同一文件".to_owned());
            return self.stage.row(row("guarantee/restoreNotice"), "明文保函", no, why);
        }
        Ok(())
    }

    /// `data` is 0 if it was still possible; what it takes back may be on its way inside the institution for a while.
    async fn revoke(&mut self, request: &Request) -> Step<()> {
        let begun = Instant::now();
        let mut sent = self.partner.send(request).await;
        while !sent.as_ref().is_ok_and(|answer| answer.text("data") == "0") && self.stage.again(begun).await {
            sent = self.partner.send(request).await;
        }
        let sent = sent.map(|answer| (answer.text("data") == "0", answer));
        self.revoked(request, "撤回", sent)
    }

    /// The institution's people must confirm that a claim is taken back (YY-25); until then `data` is 1.
    async fn revoke_claim(&mut self, held: &Held) -> Step<()> {
        let request = held.bidder.revoke_claim(1);
        let first = self.partner.send(&request).await;
        if first.as_ref().is_ok_and(|answer| answer.text("data") == "0") {
            let why = Err("未经人工确认即撤回理赔".to_owned());
            return self.stage.row(row(request.method), "理赔撤回", &held.guarantee_no, why);
        }
        self.decide(request.method, Matter::ClaimRevocation, request.text("businessNo")).await?;
        let sent = self.partner.send(&request).await;
        let sent = sent.map(|answer| (answer.text("data") == "0", answer));
        self.revoked(&request, "理赔撤回，经人工确认", sent)
    }

    fn revoked(&mut self, request: &Request, asked: &str, sent: Result<(bool, Answer), Unsent>) -> Step<()> {
        let outcome = match sent {
            Ok((true, answer)) if answer.success() => Ok(((), summary(&answer), Some(answer.took))),
            Ok((_, answer)) => Err(summary(&answer)),
            Err(unsent) => Err(unsent.to_string()),
        };
        self.stage.row(row(request.method), asked, request.text("businessNo"), outcome)
    }

    /// Has the institution's people approve; what they cannot do shows in the row that waits for it.
    async fn decide(&mut self, waiting: &str, matter: Matter, no: &str) -> Step<()> {
        let act = Act::Decide { matter, no: no.to_owned(), outcome: Ok(()) };
        let what = act.to_string();
        match self.operator.act(act).await {
            Ok(()) => Ok(()),
            Err(why) => self.stage.row(row(waiting), &what, no, Err(why)),
        }
    }

    async fn ask(&mut self, request: &Request, asked: &str, number: &str) -> Step<Answer> {
        let sent = self.partner.send(request).await;
        self.answered(request, asked, number, "200", sent)
    }

    /// The same where what was told before may still be on its way inside the institution: asked again for a while.
    async fn ask_early(&mut self, request: &Request, asked: &str, number: &str) -> Step<Answer> {
        let begun = Instant::now();
        let mut sent = self.partner.send(request).await;
        while !sent.as_ref().is_ok_and(Answer::success) && self.stage.again(begun).await {
            sent = self.partner.send(request).await;
        }
        self.answered(request, asked, number, "200", sent)
    }

    fn answered(
        &mut self,
        request: &Request,
        asked: &str,
        number: &str,
        code: &str,
        sent: Result<Answer, Unsent>,
    ) -> Step<Answer> {
        let outcome = match sent {
            Ok(answer) if answer.code() == code => {
                let (said, took) = (summary(&answer), answer.took);
                Ok((answer, said, Some(took)))
            }
            Ok(answer) => Err(summary(&answer)),
            Err(unsent) => Err(unsent.to_string()),
        };
        self.stage.row(row(request.method), asked, number, outcome)
    }

    async fn hear(
        &mut self,
        method: &str,
        begun: Instant,
        expected: &[(&str, &str)],
        what: &str,
    ) -> Step<Entry> {
        let number = expected.first().map_or("", |(name, _)| *name);
        let number = if method == "guarantee/orderApplyNotice" { "guaranteeNo" } else { number };
        self.stage.hear(Cue { interface: row(method), begun, expected, what, number }).await
    }
}

fn row(method: &str) -> &'static Interface {
    interface(method).unwrap_or(&INTERFACES[0])
}

/// Returns once the platform's clock shows this moment.
async fn until(moment: OffsetDateTime) {
    while let Ok(rest) = Duration::try_from(moment - crate::now()) {
        // A moment later than asked for, so that the loop ends.
        tokio::time::sleep(rest + Duration::from_millis(1)).await;
    }
}

fn summary(answer: &Answer) -> String {
    let data = if answer.text("data").is_empty() {
        String::new()
    } else {
        format!("，data {}", answer.text("data"))
    };
    format!("code {}，{}{data}", answer.code(), answer.text("msg"))
}
