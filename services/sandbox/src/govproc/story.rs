//! One story in which all nine interfaces have their turn, the four links called where the answer said they are.

use super::contract::{INTERFACES, Interface, interface};
use super::orders::Bidder;
use super::send::{Answer, Links, Partner, Way};
use crate::client::Unsent;
use crate::ledger::Entry;
use crate::operator::{Act, Operator};
use crate::receiver::Receiver;
use crate::request::Request;
use crate::rows::Row;
use crate::stage::{Cue, Stage, Step};
use serde_json::Value;
use std::time::{Duration, Instant};

const APPLY: &str = "/guarantee/apply";
const PAYSTATE: &str = "/api/guarantee/paystate";
const APPLYNOTIFY: &str = "/api/guarantee/applynotify";
const RELEASE: &str = "/api/guarantee/release";

/// A story in the making.
pub struct Story<'a, O, T: FnMut(&Row)> {
    partner: &'a Partner,
    operator: &'a O,
    stage: Stage<'a, T>,
}

/// A guarantee as the platform knows it.
struct Held {
    bidder: Bidder,
    links: Links,
    bhno: String,
    /// SHA-256 of the document.
    file: String,
}

impl<'a, O: Operator, T: FnMut(&Row)> Story<'a, O, T> {
    /// A story between this platform and the institution; `told` hears of every row as it is finished.
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
    /// that decides by itself and takes no real payment, or takes it on the page behind continueurl.
    pub async fn play(mut self, seed: u64) -> Vec<Row> {
        let today = crate::now();
        let [a, b, c] = [1, 2, 3].map(|n| Bidder::new(seed, n, today));
        let d = Bidder::new(seed, 4, today).bidding_with(&c);
        // A step that fails has left its row; what needs it is missing and shows as such.
        let _ = self.cancel(a).await;
        let _ = self.refund(b).await;
        let _ = self.tender_fails(c, d).await;
        self.stage.finish()
    }

    /// From the estimate to 注销, every link used in both ways.
    async fn cancel(&mut self, bidder: Bidder) -> Step<()> {
        let cost = bidder.cost(self.partner.settings());
        let sent = self.partner.send(&cost).await;
        let estimate =
            self.answered(row("/guarantee/cost"), &format!("保证金 {} 元", bidder.bond()), "", sent)?;
        let fee = estimate.data.get("money").cloned();
        let held = self.obtain(bidder, fee.as_ref()).await?;
        self.query(&held).await?;
        self.pull(&held).await?;
        let begun = Instant::now();
        let request = Bidder::cancel(&held.bhno);
        self.follow(&held.links.cancelurl, &request, "开标后注销", &held.bhno).await?;
        self.release(&held, "1", begun, "已注销").await
    }

    /// 退保 starts at the institution (GP-10): the premium goes back, then the guarantee ends.
    async fn refund(&mut self, bidder: Bidder) -> Step<()> {
        let held = self.obtain(bidder, None).await?;
        let begun = Instant::now();
        self.act(Act::Refund { no: held.bhno.clone() }, PAYSTATE, &held.bhno).await?;
        let orderno = held.bidder.orderno();
        self.hear(PAYSTATE, begun, &[("orderno", &orderno), ("type", "2")], "保费已退").await?;
        self.release(&held, "0", begun, "已退保").await
    }

    /// 流标 is told for the section; then the institution releases (GP-11: nothing happens by itself).
    async fn tender_fails(&mut self, first: Bidder, second: Bidder) -> Step<()> {
        let held = [self.obtain(first, None).await?, self.obtain(second, None).await?];
        let [first, _] = &held;
        let sent = self.partner.send(&first.bidder.final_state("2")).await;
        self.answered(row("/guarantee/xmstate"), "流标，全标段 2 份", first.bidder.section(), sent)?;
        for held in &held {
            let begun = Instant::now();
            self.act(Act::Release { no: held.bhno.clone() }, RELEASE, &held.bhno).await?;
            self.release(held, "1", begun, "已注销").await?;
        }
        Ok(())
    }

    /// From application to document: applies, goes on in the browser, hears of payment and issue.
    async fn obtain(&mut self, bidder: Bidder, fee: Option<&Value>) -> Step<Held> {
        let begun = Instant::now();
        let orderno = bidder.orderno();
        let sent = self.partner.send(&bidder.application()).await;
        let asked = format!("{}，保证金 {} 元", bidder.name(), bidder.bond());
        let links = self.answered(row(APPLY), &asked, &orderno, sent)?.links();
        self.go_on(&links, &orderno).await?;
        let paid = self.hear(PAYSTATE, begun, &[("orderno", &orderno), ("type", "1")], "保费已付").await?;
        let notice =
            self.hear(APPLYNOTIFY, begun, &[("orderno", &orderno), ("staus", "1")], "已出函").await?;
        let (paymoney, bhcost) = (paid.data.get("paymoney"), notice.data.get("bhcost"));
        if paymoney != bhcost || fee.is_some_and(|fee| Some(fee) != paymoney) {
            let why = format!("试算 {fee:?}、已付 {paymoney:?} 与保函费用 {bhcost:?} 不同");
            return self.stage.row(row(APPLYNOTIFY), "费用", &orderno, Err(why));
        }
        let [bhno, file] = ["bhno", "bhfile_sha256"].map(|field| notice.text(field).to_owned());
        Ok(Held { bidder, links, bhno, file })
    }

    /// The bidder goes on at continueurl, and presses the button if there is one.
    async fn go_on(&mut self, links: &Links, orderno: &str) -> Step<()> {
        let opened = match self.partner.open(&links.continueurl).await {
            Ok(page) if page.opened() => match page.form() {
                Some(form) => self.partner.press(&form).await,
                None => Ok(page),
            },
            other => other,
        };
        let problem = match opened {
            Ok(page) if page.opened() => return Ok(()),
            Ok(page) => format!("继续办理页面无法打开：HTTP {}", page.status),
            Err(unsent) => format!("继续办理页面无法打开：{unsent}"),
        };
        self.stage.row(row(APPLY), "继续办理", orderno, Err(problem))
    }

    async fn query(&mut self, held: &Held) -> Step<()> {
        let (url, request, orderno) = (&held.links.queryurl, held.bidder.query(), held.bidder.orderno());
        let mut answers = Vec::new();
        for way in [Way::Post, Way::Get] {
            let sent = self.partner.follow(url, way, &request).await;
            answers.push(self.answered(row("queryurl"), &format!("办理进度，{way:?}"), &orderno, sent)?);
        }
        let issued = answers.iter().all(|answer| answer.data.get("status") == Some(&Value::from(1)));
        if issued {
            Ok(())
        } else {
            self.stage.row(row("queryurl"), "办理进度", &orderno, Err("status 应为 1".to_owned()))
        }
    }

    async fn pull(&mut self, held: &Held) -> Step<()> {
        let request = Bidder::pull(&held.bhno);
        let mut files = Vec::new();
        for way in [Way::Post, Way::Get] {
            let sent = self.partner.follow(&held.links.pullurl, way, &request).await;
            let answer = self.answered(row("pullurl"), &format!("获取保函，{way:?}"), &held.bhno, sent)?;
            files.push(crypto::text::from_base64(answer.told("file")).unwrap_or_default());
        }
        let sha256 = |file: &Vec<u8>| crypto::text::to_hex(&crypto::digest::sha256(file));
        if files.iter().all(|file| sha256(file) == held.file) {
            return Ok(());
        }
        let why = Err("与结果通知中的保函不是同一文件".to_owned());
        self.stage.row(row("pullurl"), "获取保函", &held.bhno, why)
    }

    async fn release(&mut self, held: &Held, state: &str, begun: Instant, what: &str) -> Step<()> {
        self.hear(RELEASE, begun, &[("bhno", &held.bhno), ("state", state)], what).await.map(drop)
    }

    async fn act(&mut self, act: Act, callback: &str, number: &str) -> Step<()> {
        let what = act.to_string();
        match self.operator.act(act).await {
            Ok(()) => Ok(()),
            Err(why) => self.stage.row(row(callback), &what, number, Err(why)),
        }
    }

    async fn follow(&mut self, url: &str, request: &Request, asked: &str, number: &str) -> Step<Answer> {
        let sent = self.partner.follow(url, Way::Post, request).await;
        self.answered(row(request.method), asked, number, sent)
    }

    fn answered(
        &mut self,
        interface: &'static Interface,
        asked: &str,
        number: &str,
        sent: Result<Answer, Unsent>,
    ) -> Step<Answer> {
        let outcome = match sent {
            Ok(answer) if !answer.problems.is_empty() => Err(answer.problems.join("；")),
            Ok(answer) if answer.success() => {
                let (said, took) = (summary(&answer), answer.took);
                Ok((answer, said, Some(took)))
            }
            Ok(answer) => Err(summary(&answer)),
            Err(unsent) => Err(unsent.to_string()),
        };
        self.stage.row(interface, asked, number, outcome)
    }

    async fn hear(
        &mut self,
        method: &str,
        begun: Instant,
        expected: &[(&str, &str)],
        what: &str,
    ) -> Step<Entry> {
        let number = if method == RELEASE { "bhno" } else { "orderno" };
        self.stage.hear_by(2, Cue { interface: row(method), begun, expected, what, number }).await
    }
}

fn row(method: &str) -> &'static Interface {
    interface(method).unwrap_or(&INTERFACES[0])
}

fn summary(answer: &Answer) -> String {
    let stat = answer.fields.get("stat").map(ToString::to_string).unwrap_or_default();
    format!("stat {stat}，{} {}", answer.text("errcode"), answer.text("msg"))
}
