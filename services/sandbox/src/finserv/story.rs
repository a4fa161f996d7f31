//! One story in which all sixteen interfaces have their turn, each with its content checked as a platform would.

use super::contract::{INTERFACES, interface};
use super::orders::{Bidder, Request};
use super::send::{Answer, Partner};
use super::settings::{BadSettings, Body};
use crate::ledger::Entry;
use crate::receiver::Receiver;
pub use crate::rows::Row;
use crate::rows::{Rows, difference};
use std::time::{Duration, Instant};

/// A story in the making.
pub struct Story<'a, T: FnMut(&Row)> {
    json: &'a Partner,
    form: Partner,
    receiver: &'a Receiver,
    patience: Duration,
    rows: Rows<T>,
}

/// A guarantee as the platform knows it.
struct Held {
    bidder: Bidder,
    guarantee_no: String,
    fee: String,
}

/// What is wrong, in words for the table; the story goes on without what depends on it.
type Step<T> = Result<T, String>;

impl<'a, T: FnMut(&Row)> Story<'a, T> {
    /// A story between this platform and the institution; `told` hears of every row as it is finished.
    ///
    /// # Errors
    /// [`BadSettings`] if the platform's keys cannot be used.
    pub fn new(
        partner: &'a Partner,
        receiver: &'a Receiver,
        patience: Duration,
        told: T,
    ) -> Result<Self, BadSettings> {
        let form = partner.with(|habits| habits.body = Body::Form)?;
        Ok(Self { json: partner, form, receiver, patience, rows: Rows::new(&INTERFACES, told) })
    }

    /// Plays it for the bidders of this seed; one row per interface, in the order of the document. Needs an institution
    /// that decides by itself and takes no real payment.
    pub async fn play(mut self, seed: u64) -> Vec<Row> {
        let today = crate::now();
        let [a, b, c] = [1, 2, 3].map(|n| Bidder::new(seed, n, today));
        let d = Bidder::new(seed, 4, today).bidding_with(&c);
        // A step that fails has left its row; what needs it is missing and shows as such.
        let _ = self.invoice_and_release(a).await;
        let _ = self.claim(b).await;
        let _ = self.postpone_and_quit(c, d).await;
        self.rows.finish()
    }

    async fn invoice_and_release(&mut self, bidder: Bidder) -> Step<()> {
        let application = bidder.bid_application();
        let asked = format!("投标保函 {} 元，JSON", bidder.bond());
        let held = self.obtain(bidder, application, &asked, false).await?;
        let no = held.guarantee_no.as_str();
        let begun = Instant::now();
        self.ask(&held.bidder.invoice(no, &held.fee), &format!("普票 {} 元", held.fee), no).await?;
        let told = self.hear("feedback_invoice", begun, &[("guarantee_no", no)], "发票地址").await?;
        let query = Bidder::ask("get_invoiceInfo", no, None);
        let number = told.text("invoice_no").to_owned();
        self.ask_for(&query, "发票信息", no, &[("invoice_no", &number)]).await?;
        let begun = Instant::now();
        let answer = self.ask(&held.bidder.cancel(no), "未中标解保", no).await?;
        self.case(
            "feedback_apply_cancel_result",
            "get_apply_cancel_result",
            no,
            answer.text("accept_no"),
            begun,
        )
        .await
    }

    async fn claim(&mut self, bidder: Bidder) -> Step<()> {
        let application = bidder.performance_application();
        let asked = format!("履约保函 {} 元，form", bidder.bond());
        let held = self.obtain(bidder, application, &asked, true).await?;
        let no = held.guarantee_no.as_str();
        let begun = Instant::now();
        let claim = held.bidder.claim(no, held.bidder.bond());
        let answer = self.ask(&claim, &format!("索赔 {} 元，2 份材料", held.bidder.bond()), no).await?;
        self.case(
            "feedback_apply_claim_result",
            "get_apply_claim_result",
            no,
            answer.text("accept_no"),
            begun,
        )
        .await
    }

    async fn postpone_and_quit(&mut self, first: Bidder, second: Bidder) -> Step<()> {
        let mut held = Vec::new();
        for bidder in [first, second] {
            let application = bidder.bid_application();
            let asked = format!("投标保函 {} 元，JSON", bidder.bond());
            held.push(self.obtain(bidder, application, &asked, false).await?);
        }
        let [first, second] = held.as_slice() else { return Err("two guarantees are needed".to_owned()) };
        self.ask(&first.bidder.postpone(7), "延期 7 天，全标段 2 份", first.bidder.section_code()).await?;
        let begun = Instant::now();
        let quits = [first, second].map(|held| held.bidder.quit(&held.guarantee_no));
        let batch = Request::batch("guarantee_quit", quits);
        self.ask(&batch, "撤标退保，一批 2 份", &first.guarantee_no).await?;
        for held in [second, first] {
            let expected = [("guarantee_no", held.guarantee_no.as_str()), ("approve_status", "1")];
            self.hear("feedback_quit", begun, &expected, "退保成功").await?;
        }
        let query = Bidder::ask("get_quitInfo", &first.guarantee_no, None);
        self.ask_for(&query, "退保状态", &first.guarantee_no, &[("approve_status", "1")]).await?;
        Ok(())
    }

    /// From application to document: applies, hears of the issue, asks again, fetches the document.
    async fn obtain(&mut self, bidder: Bidder, application: Request, asked: &str, form: bool) -> Step<Held> {
        let application = application.with("callback", self.receiver.url());
        let begun = Instant::now();
        let sender = if form { &self.form } else { self.json };
        let sent = sender.send(&application).await;
        let answer = self.answered("apply_guarantee", asked, "", &[], sent)?;
        let accept_no = answer.text("accept_no").to_owned();
        let expected = [("accept_no", accept_no.as_str()), ("approve_status", "1")];
        let told = self.hear("feedback_apply_guarantee_result", begun, &expected, "已出函").await?;
        let guarantee_no = told.text("guarantee_no").to_owned();
        let fee = told.text("fee").to_owned();
        let expected =
            [("approve_status", "1"), ("guarantee_no", guarantee_no.as_str()), ("fee", fee.as_str())];
        self.ask_for(&bidder.ask_application(&accept_no), "审核结果", &accept_no, &expected).await?;
        self.document("feedback_apply_guarantee_result", told.text("guarantee_url")).await?;
        Ok(Held { bidder, guarantee_no, fee })
    }

    /// The two ways in which the outcome of a release or claim is learnt.
    async fn case(
        &mut self,
        feedback: &'static str,
        query: &'static str,
        guarantee_no: &str,
        accept_no: &str,
        begun: Instant,
    ) -> Step<()> {
        let expected = [("accept_no", accept_no), ("guarantee_no", guarantee_no), ("approve_status", "1")];
        self.hear(feedback, begun, &expected, "审核通过").await?;
        let request = Bidder::ask(query, guarantee_no, Some(accept_no));
        self.ask_for(&request, "审核结果", accept_no, &[("approve_status", "1")]).await?;
        Ok(())
    }

    async fn ask(&mut self, request: &Request, asked: &str, number: &str) -> Step<Answer> {
        self.ask_for(request, asked, number, &[]).await
    }

    async fn ask_for(
        &mut self,
        request: &Request,
        asked: &str,
        number: &str,
        expected: &[(&str, &str)],
    ) -> Step<Answer> {
        let sent = self.json.send(request).await;
        self.answered(request.method, asked, number, expected, sent)
    }

    fn answered(
        &mut self,
        method: &str,
        asked: &str,
        number: &str,
        expected: &[(&str, &str)],
        sent: Result<Answer, super::Unsent>,
    ) -> Step<Answer> {
        let (answer, took) = match &sent {
            Ok(answer) => (summary(answer), Some(answer.took)),
            Err(unsent) => (unsent.to_string(), None),
        };
        let number = match &sent {
            Ok(answer) if !answer.text("accept_no").is_empty() => answer.text("accept_no"),
            _ => number,
        };
        let differs = sent.as_ref().ok().and_then(|answer| difference(expected, |field| answer.text(field)));
        let good = sent.as_ref().is_ok_and(Answer::success) && differs.is_none();
        let answer = differs.unwrap_or(answer);
        self.add(method, asked, answer.clone(), number, took, good);
        if good { sent.map_err(|unsent| unsent.to_string()) } else { Err(answer) }
    }

    /// Waits for the callback whose fields are these, acknowledged.
    async fn hear(
        &mut self,
        method: &str,
        begun: Instant,
        expected: &[(&str, &str)],
        what: &str,
    ) -> Step<Entry> {
        let ours = |entry: &Entry| {
            entry.method == method && expected.iter().take(1).all(|(f, v)| entry.text(f) == *v)
        };
        let found =
            self.receiver.ledger().wait_for(self.patience, |entry| entry.acknowledged && ours(entry)).await;
        let number = |entry: &Entry| entry.text("guarantee_no").to_owned();
        let Some(entry) = found else {
            let seen =
                self.receiver.ledger().select(|entry| entry.method == method && !entry.problems.is_empty());
            let why = seen.last().map_or_else(|| "未收到回调".to_owned(), |entry| entry.problems.join("；"));
            self.add(method, what, why.clone(), "", None, false);
            return Err(why);
        };
        let differs = difference(expected, |field| entry.text(field));
        let good = entry.good() && differs.is_none();
        let answer = differs.clone().unwrap_or_else(|| "success，验签通过".to_owned());
        self.add(method, what, answer, &number(&entry), Some(begun.elapsed()), good);
        match differs {
            None if good => Ok(entry),
            other => Err(other.unwrap_or_else(|| entry.problems.join("；"))),
        }
    }

    /// Fetches the document; a failure turns the row that carried its address.
    async fn document(&mut self, method: &str, url: &str) -> Step<()> {
        let problem = match self.json.fetch(url).await {
            Ok(bytes) if bytes.starts_with(b"%PDF-") => return Ok(()),
            Ok(_) => "保函文件不是 PDF".to_owned(),
            Err(unsent) => format!("保函文件无法下载：{unsent}"),
        };
        self.add(method, "下载保函", problem.clone(), "", None, false);
        Err(problem)
    }

    fn add(
        &mut self,
        method: &str,
        asked: &str,
        answer: String,
        number: &str,
        took: Option<Duration>,
        good: bool,
    ) {
        let Some(interface) = interface(method) else { return };
        let row = Row { interface, asked: asked.to_owned(), answer, number: number.to_owned(), took, good };
        self.rows.add(row);
    }
}

fn summary(answer: &Answer) -> String {
    let mut said = vec![answer.text("result").to_owned()];
    for field in ["approve_status", "invoice_no", "msg"] {
        if !answer.text(field).is_empty() {
            said.push(format!("{field} {}", answer.text(field)));
        }
    }
    said.join("，")
}
