//! One story in which all eighteen interfaces have their turn: announced, pulled, quoted, paid, issued, postponed, claimed.

use super::contract::{INTERFACES, Interface, interface};
use super::orders::Bidder;
use super::send::{Answer, Delivered, Page, Partner};
use super::{Issued, Office, OrderStatus};
use crate::client::Unsent;
use crate::ledger::Entry;
use crate::operator::{Act, Matter, Operator, Topic};
use crate::receiver::Receiver;
use crate::request::Request;
use crate::rows::Row;
use crate::stage::{Stage, Step};
use bytes::Bytes;
use std::time::{Duration, Instant};

/// Where a bidder must never be sent back to.
const FOREIGN: &str = "https://phishing.example.net/return";
/// 2.4 order_do_type and what it means.
const STEPS: [(&str, &str); 4] = [("1", "确认信息"), ("2", "尽调"), ("3", "报价"), ("4", "支付")];

/// A story in the making.
pub struct Story<'a, O, T: FnMut(&Row)> {
    partner: &'a Partner,
    receiver: &'a Receiver,
    operator: &'a O,
    stage: Stage<'a, T>,
}

impl<'a, O: Operator, T: FnMut(&Row)> Story<'a, O, T> {
    /// A story between this platform and the insurer; `told` hears of every row as it is finished.
    #[must_use]
    pub const fn new(
        partner: &'a Partner,
        receiver: &'a Receiver,
        operator: &'a O,
        patience: Duration,
        told: T,
    ) -> Self {
        let stage = Stage::new(&INTERFACES, receiver, patience, told);
        Self { partner, receiver, operator, stage }
    }

    /// Plays it for the bidders of this seed; one row per interface, in the order of the document. Needs an insurer whose
    /// people decide and book payments.
    pub async fn play(mut self, seed: u64) -> Vec<Row> {
        let today = crate::now();
        self.office().live_at(&self.receiver.at(""));
        let first = Bidder::new(seed, 1, today);
        let second = Bidder::new(seed, 2, today).bidding_with(&first);
        // A step that fails has left its row; what needs it is missing and shows as such.
        let _ = self.insurers().await;
        let _ = self.cancel(Bidder::new(seed, 3, today)).await;
        let issued = self.issue(&first, &second).await;
        if issued.is_ok() {
            let _ = self.verify(&first).await;
            let _ = self.invoice(&first).await;
            let _ = self.postpone(&first, &second).await;
            let _ = self.claim(&first).await;
        }
        self.stage.finish()
    }

    /// 1.1, 4.2: the first call of all needs an access token.
    async fn insurers(&mut self) -> Step<()> {
        let begun = Instant::now();
        self.act(
            "insurer_get_branch_insurers",
            Act::Inquire { topic: Topic::Insurers, no: "示范".to_owned() },
        )
        .await?;
        self.hear("get_access_token", begun, &[], "", "令牌两小时滑动有效").await?;
        self.hear("insurer_get_branch_insurers", begun, &[], "insurer_name", "保险公司列表").await?;
        Ok(())
    }

    /// 2.2: the bidder gives up before anybody decided.
    async fn cancel(&mut self, bidder: Bidder) -> Step<()> {
        self.announce(&bidder).await?;
        let request = bidder.status(OrderStatus::WaitTuneUp, OrderStatus::Cancel);
        self.push(&request, "投保人取消订单", &bidder.order_no()).await?;
        Ok(())
    }

    /// 2.1 to 2.5 for two bidders of one section; the files of the second have expired before they are fetched (4.1).
    async fn issue(&mut self, first: &Bidder, second: &Bidder) -> Step<()> {
        self.obtain(first).await?;
        self.office().give_stale_addresses(true);
        let renewed = self.obtain(second).await;
        self.office().give_stale_addresses(false);
        renewed?;
        let begun = Instant::now();
        let told = self.hear("insurer_get_file_url", begun, &[], "file_id", "文件地址过期，重新获取").await?;
        let id = told.text("file_id").to_owned();
        let fetched = |entry: &Entry| entry.method == "file" && entry.good() && entry.text("file_id") == id;
        if self.receiver.ledger().wait_for(self.stage.patience, fetched).await.is_none() {
            return self.stage.row(
                row("insurer_get_file_url"),
                "下载",
                &id,
                Err("新地址未被下载".to_owned()),
            );
        }
        Ok(())
    }

    async fn obtain(&mut self, bidder: &Bidder) -> Step<()> {
        let no = bidder.order_no();
        self.announce(bidder).await?;
        let begun = Instant::now();
        self.decide("insurer_apply_guarantee_result", Matter::Order, &no).await?;
        let mut price = String::new();
        for (step, what) in STEPS {
            if step == "4" {
                let act = Act::Pay { no: no.clone(), amount: price.clone() };
                self.act("insurer_apply_guarantee_result", act).await?;
            }
            let about = [("order_no", no.as_str()), ("order_do_type", step), ("status", "1")];
            let told = self.hear("insurer_apply_guarantee_result", begun, &about, "order_no", what).await?;
            if step == "3" {
                told.text("price").clone_into(&mut price);
            }
        }
        let about = [("order_no", no.as_str())];
        self.hear("insurer_push_guarantee", begun, &about, "guarantee_no", "保函已推送，返回序列号").await?;
        Ok(())
    }

    /// 2.1, 2.3, 4.3: the browser brings a number, the insurer fetches the rest. A foreign return address leads nowhere.
    async fn announce(&mut self, bidder: &Bidder) -> Step<()> {
        let (no, begun) = (bidder.order_no(), Instant::now());
        let asked = "浏览器表单；再以外部回跳地址重试，被拒";
        let home = self.partner.redirect(bidder, &self.receiver.at("/orders")).await;
        let foreign = self.partner.redirect(bidder, FOREIGN).await;
        let outcome = match (home, foreign) {
            (Ok(page), Ok(foreign)) => seen(&page, &foreign),
            (Err(unsent), _) | (_, Err(unsent)) => Err(unsent.to_string()),
        };
        self.stage.row(row("apply-redirect"), asked, &no, outcome)?;
        let about = [("order_no", no.as_str())];
        self.hear("insurer_get_guarantee_info", begun, &about, "order_no", "异步获取订单信息").await?;
        self.hear("insurer_get_order_company_info", begun, &about, "order_no", "异步获取企业信息").await?;
        Ok(())
    }

    /// 2.7, 2.6: the record, the document as pushed, and the same with one byte changed.
    async fn verify(&mut self, bidder: &Bidder) -> Step<()> {
        let issued = self.in_force(bidder)?;
        let request = Bidder::verify_info(&issued.guarantee_no, &issued.serial_num);
        let begun = Instant::now();
        let mut sent = self.partner.send(&request).await;
        // The serial number may still be on its way inside the institution.
        while !sent.as_ref().is_ok_and(Answer::acknowledged) && self.stage.again(begun).await {
            sent = self.partner.send(&request).await;
        }
        let expected = [
            ("guarantee_no", issued.guarantee_no.clone()),
            ("serial_num", issued.serial_num.clone()),
            ("warrantee", bidder.principal().to_owned()),
            ("beneficiary", bidder.creditor().to_owned()),
        ];
        self.answered(&request, "查验保函记录", &issued.guarantee_no, &expected, sent)?;
        let request = Bidder::verify_file(&issued.serial_num);
        let pdf = self.office().document(&issued.sha256).unwrap_or_default();
        if let Ok(answer) = self.partner.verify(&request, &tampered(&pdf)).await
            && answer.acknowledged()
            && answer.data("is_modified") != "1"
        {
            let why = Err("被改动的文件未被识别".to_owned());
            return self.stage.row(row(request.method), "改动一个字节", &issued.serial_num, why);
        }
        let sent = self.partner.verify(&request, &pdf).await;
        let expected = [("serial_num", issued.serial_num.clone()), ("is_modified", "2".to_owned())];
        self.answered(&request, "验真：原件，及改动一个字节", &issued.serial_num, &expected, sent)?;
        Ok(())
    }

    /// 2.8, 2.9.
    async fn invoice(&mut self, bidder: &Bidder) -> Step<()> {
        let request = bidder.invoice();
        let id = request.text("invoice_id").to_owned();
        self.push(&request, "电子普通发票", &id).await?;
        let begun = Instant::now();
        self.decide("insurer_push_invoice", Matter::Invoice, &id).await?;
        self.hear("insurer_push_invoice", begun, &[("invoice_id", &id)], "invoice_id", "电子发票已推送")
            .await?;
        Ok(())
    }

    /// 2.10, 2.11: every guarantee of the section is made out anew, and the old one stays known.
    async fn postpone(&mut self, first: &Bidder, second: &Bidder) -> Step<()> {
        let old = [self.in_force(first)?.guarantee_no, self.in_force(second)?.guarantee_no];
        let begun = Instant::now();
        self.push(&first.postpone(14), "延期 14 天，全标段 2 份", first.block_number()).await?;
        for (bidder, old) in [first, second].into_iter().zip(&old) {
            let no = bidder.order_no();
            let about = [("order_no", no.as_str()), ("guarantee_no_old", old.as_str())];
            let what = "新保函已推送，旧版本保留";
            self.hear("insurer_push_guarantee_update", begun, &about, "guarantee_no", what).await?;
        }
        Ok(())
    }

    /// 3.1, 3.3, 3.2: accepted, agreed, paid.
    async fn claim(&mut self, bidder: &Bidder) -> Step<()> {
        let (issued, no) = (self.in_force(bidder)?, bidder.claim_no());
        let request = bidder.claim(&issued.guarantee_no, bidder.amount());
        let begun = Instant::now();
        self.push(&request, &format!("索赔 {} 元", bidder.amount()), &no).await?;
        let step = |do_type: &'static str| [("claim_no", no.clone()), ("do_type", do_type.to_owned())];
        self.claim_step(begun, &step("ACCEPT"), "接受处理").await?;
        self.act("get_claim_detail", Act::Inquire { topic: Topic::ClaimDetail, no: no.clone() }).await?;
        self.hear("get_claim_detail", begun, &[("claim_no", &no)], "claim_no", "理赔信息").await?;
        self.decide("update_claim", Matter::Claim, &no).await?;
        self.claim_step(begun, &step("AGREE_INDEMNITY"), "同意赔付").await?;
        self.act("update_claim", Act::PayOut { no: no.clone() }).await?;
        self.claim_step(begun, &step("FINISH_INDEMNITY"), "完成赔付").await
    }

    async fn claim_step(&mut self, begun: Instant, about: &[(&str, String); 2], what: &str) -> Step<()> {
        let about = about.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.hear("update_claim", begun, &about, "claim_no", what).await.map(|_| ())
    }

    // === parts of them ===

    const fn office(&self) -> &'a Office {
        self.partner.office()
    }

    fn in_force(&self, bidder: &Bidder) -> Step<Issued> {
        self.office().guarantees(&bidder.order_no()).pop().ok_or_else(|| "没有保函".to_owned())
    }

    async fn decide(&mut self, waiting: &str, matter: Matter, no: &str) -> Step<()> {
        self.act(waiting, Act::Decide { matter, no: no.to_owned(), outcome: Ok(()) }).await
    }

    /// Has the institution's people act; what they cannot do shows in the row that waits for it.
    async fn act(&mut self, waiting: &str, act: Act) -> Step<()> {
        let what = act.to_string();
        match self.operator.act(act).await {
            Ok(()) => Ok(()),
            Err(why) => self.stage.row(row(waiting), &what, "", Err(why)),
        }
    }

    /// Pushes until it is acknowledged.
    async fn push(&mut self, request: &Request, asked: &str, number: &str) -> Step<()> {
        let Delivered { deliveries, last } = self.partner.push(request).await;
        let outcome = match last {
            Ok(answer) if answer.acknowledged() => {
                Ok(((), format!("status 200，第 {deliveries} 次"), Some(answer.took)))
            }
            Ok(answer) => Err(summary(&answer)),
            Err(unsent) => Err(unsent.to_string()),
        };
        self.stage.row(row(request.method), asked, number, outcome)
    }

    fn answered(
        &mut self,
        request: &Request,
        asked: &str,
        number: &str,
        expected: &[(&str, String)],
        sent: Result<Answer, Unsent>,
    ) -> Step<()> {
        let outcome = sent.map_err(|unsent| unsent.to_string()).and_then(|answer| {
            if !answer.acknowledged() {
                return Err(summary(&answer));
            }
            match expected.iter().find(|(name, value)| answer.data(name) != *value) {
                Some((name, value)) => Err(format!("{name} 应为 {value}，实为 {}", answer.data(name))),
                None => Ok(((), summary(&answer), Some(answer.took))),
            }
        });
        self.stage.row(row(request.method), asked, number, outcome)
    }

    /// Waits for a call with these fields, granted and the same each time it was made.
    async fn hear(
        &mut self,
        method: &str,
        begun: Instant,
        about: &[(&str, &str)],
        number: &str,
        what: &str,
    ) -> Step<Entry> {
        let ledger = self.receiver.ledger();
        let ours = |entry: &Entry| {
            entry.method == method && about.iter().all(|(field, value)| entry.text(field) == *value)
        };
        let found = ledger.wait_for(self.stage.patience, |entry| entry.acknowledged && ours(entry)).await;
        let outcome = match found {
            Some(entry) if entry.changed => Err("与此前的同一调用内容不同".to_owned()),
            Some(entry) => Ok((entry, "status 200，校验通过".to_owned(), Some(begun.elapsed()))),
            None => {
                let seen = ledger.select(ours);
                Err(seen.last().map_or_else(|| "未收到调用".to_owned(), |entry| entry.problems.join("；")))
            }
        };
        let shown =
            outcome.as_ref().map_or_else(|_| String::new(), |(entry, ..)| entry.text(number).to_owned());
        self.stage.row(row(method), what, &shown, outcome)
    }
}

fn row(method: &str) -> &'static Interface {
    interface(method).unwrap_or(&INTERFACES[0])
}

/// The bidder sees a page or is sent on, and never to a foreign place.
fn seen(page: &Page, foreign: &Page) -> Step<((), String, Option<Duration>)> {
    if foreign.location.as_deref() == Some(FOREIGN) || foreign.body.contains(FOREIGN) {
        return Err("跳转到了外部地址".to_owned());
    }
    match (page.status, &page.location) {
        (302 | 303, Some(_)) => Ok(((), format!("HTTP {}，跳转", page.status), Some(page.took))),
        (200, _) if page.content_type.starts_with("text/html") => {
            Ok(((), "HTTP 200，页面".to_owned(), Some(page.took)))
        }
        (status, _) => Err(format!("HTTP {status}，{}", page.content_type)),
    }
}

/// The same document with one byte changed in its middle.
fn tampered(pdf: &Bytes) -> Bytes {
    let mut changed = pdf.to_vec();
    let middle = changed.len() / 2;
    if let Some(byte) = changed.get_mut(middle) {
        *byte ^= 1;
    }
    changed.into()
}

fn summary(answer: &Answer) -> String {
    let data = answer.fields.get("data").and_then(serde_json::Value::as_str).unwrap_or_default();
    let modified = answer.data("is_modified");
    let modified = if modified.is_empty() { String::new() } else { format!("，is_modified {modified}") };
    let data = if data.is_empty() { String::new() } else { format!("，{data}") };
    format!("status {}{data}{modified}", answer.status())
}
