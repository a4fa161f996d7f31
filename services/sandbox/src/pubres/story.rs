//! One story in which all twelve interfaces have their turn: sealed before the opening, revealed after it.

use super::contract::{Direction, INTERFACES, Interface, interface};
use super::orders::Bidder;
use super::send::{Answer, Partner};
use super::settings::{BadSettings, Body};
use crate::client::Unsent;
use crate::ledger::Entry;
use crate::operator::{Act, Operator};
use crate::receiver::Receiver;
use crate::request::Request;
use crate::rows::Row;
use crate::stage::{Cue, Stage, Step};
use std::time::{Duration, Instant};

/// A bond above what an institution decides by itself: its rules must let orders of this size wait for an operator.
pub const LARGE_BOND: &str = "9000000.00";

/// A story in the making.
pub struct Story<'a, O, T: FnMut(&Row)> {
    json: &'a Partner,
    form: Partner,
    operator: &'a O,
    stage: Stage<'a, T>,
}

/// A sealed guarantee as the platform knows it.
struct Held {
    bidder: Bidder,
    baohanno: String,
    cost: String,
    /// SHA-256 of the sealed document.
    sealed: String,
}

impl<'a, O: Operator, T: FnMut(&Row)> Story<'a, O, T> {
    /// A story between this platform and the institution; `told` hears of every row as it is finished.
    ///
    /// # Errors
    /// [`BadSettings`] if the platform's keys cannot be used.
    pub fn new(
        partner: &'a Partner,
        receiver: &'a Receiver,
        operator: &'a O,
        patience: Duration,
        told: T,
    ) -> Result<Self, BadSettings> {
        let form = partner.with(|habits| habits.body = Body::Form)?;
        let stage = Stage::new(&INTERFACES, receiver, patience, told);
        Ok(Self { json: partner, form, operator, stage })
    }

    /// Plays it for the bidders of this seed; one row per interface, in the order of the document. Needs an institution
    /// that decides by itself, takes no real payment, and lets orders of [`LARGE_BOND`] wait.
    pub async fn play(mut self, seed: u64) -> Vec<Row> {
        let today = crate::now();
        let [a, b, c, d, e] = [1, 2, 3, 4, 5].map(|n| Bidder::new(seed, n, today));
        // A step that fails has left its row; what needs it is missing and shows as such.
        let _ = self.invoice_restore_claim(a).await;
        let _ = self.quit(b).await;
        let _ = self.restore_cancel(c).await;
        let _ = self.give_up(d.with_bond(LARGE_BOND)).await;
        let _ = self.given_up(e.with_bond(LARGE_BOND)).await;
        self.stage.finish()
    }

    async fn invoice_restore_claim(&mut self, bidder: Bidder) -> Step<()> {
        let held = self.obtain(bidder, false).await?;
        let no = held.baohanno.as_str();
        let begun = Instant::now();
        self.ask(&held.bidder.invoice(no, &held.cost), &format!("普票 {} 元", held.cost), no).await?;
        self.hear("invoicenotice", begun, &[("baohanno", no), ("applystatus", "1")], "发票已开具").await?;
        self.restore(&held).await?;
        let bond = held.bidder.bond();
        self.ask(&held.bidder.claim(no, bond), &format!("索赔 {bond} 元，2 份材料"), no).await?;
        Ok(())
    }

    async fn quit(&mut self, bidder: Bidder) -> Step<()> {
        let held = self.obtain(bidder, false).await?;
        let no = held.baohanno.as_str();
        let begun = Instant::now();
        self.ask(&held.bidder.quit(no), "开标前退保", no).await?;
        self.hear("quitnotice", begun, &[("baohanno", no), ("applystatus", "1")], "退保成功").await?;
        Ok(())
    }

    async fn restore_cancel(&mut self, bidder: Bidder) -> Step<()> {
        let held = self.obtain(bidder, true).await?;
        self.restore(&held).await?;
        self.ask(&held.bidder.cancel(&held.baohanno), "开标后注销", &held.baohanno).await?;
        Ok(())
    }

    /// The bidder gives up while the institution still reviews.
    async fn give_up(&mut self, bidder: Bidder) -> Step<()> {
        self.apply(&bidder, false).await?;
        let request = bidder.give_up();
        let begun = Instant::now();
        // Accepted is not yet taken in: until then the institution does not know the order.
        let mut sent = self.json.send(&request).await;
        while !sent.as_ref().is_ok_and(Answer::success) && self.stage.again(begun).await {
            sent = self.json.send(&request).await;
        }
        self.answered("giveupapply", "出函前放弃", &bidder.applyno(), sent)?;
        Ok(())
    }

    /// The institution gives up.
    async fn given_up(&mut self, bidder: Bidder) -> Step<()> {
        self.apply(&bidder, false).await?;
        let no = bidder.applyno();
        let begun = Instant::now();
        let act = Act::Withdraw { no: no.clone(), reason: "投保人未缴费".to_owned() };
        let what = format!("{act}");
        if let Err(why) = self.operator.act(act).await {
            return self.stage.row(told("giveupapply"), &what, &no, Err(why));
        }
        self.hear("giveupapply", begun, &[("applyno", &no)], &what).await?;
        Ok(())
    }

    /// From application to the sealed document.
    async fn obtain(&mut self, bidder: Bidder, form: bool) -> Step<Held> {
        let begun = Instant::now();
        self.apply(&bidder, form).await?;
        let applyno = bidder.applyno();
        let expected = [("applyno", applyno.as_str()), ("applystatus", "1")];
        let notice = self.hear("baohannotice", begun, &expected, "密文保函已出函").await?;
        self.document("baohannotice", &notice).await?;
        let [baohanno, cost, sealed] =
            ["baohanno", "cost", "baohanfile_sha256"].map(|f| notice.text(f).to_owned());
        Ok(Held { bidder, baohanno, cost, sealed })
    }

    async fn apply(&mut self, bidder: &Bidder, form: bool) -> Step<Answer> {
        let application = bidder.application(self.json.safe()).map_err(|bad| bad.0)?;
        let sender = if form { &self.form } else { self.json };
        let sent = sender.send(&application).await;
        let asked = format!("保证金 {} 元，标段密文，{}", bidder.bond(), if form { "form" } else { "JSON" });
        self.answered("baohanapply", &asked, &bidder.applyno(), sent)
    }

    /// A wrong key is refused and changes nothing; the right one brings the revealed document.
    async fn restore(&mut self, held: &Held) -> Step<()> {
        let (no, opened) = (held.baohanno.as_str(), crate::now());
        let wrong = held.bidder.restore_wrongly(self.json.safe(), no, opened);
        let asked = "先错误的密钥，被拒；再正确的密钥";
        if self.json.send(&wrong).await.is_ok_and(|answer| answer.success()) {
            return self.stage.row(asked_for("baohanrestore"), asked, no, Err("接受了错误的密钥".to_owned()));
        }
        let begun = Instant::now();
        self.ask(&held.bidder.restore(self.json.safe(), no, opened), asked, no).await?;
        let applyno = held.bidder.applyno();
        let expected = [("applyno", applyno.as_str()), ("baohanno", no)];
        let notice = self.hear("restorenotice", begun, &expected, "明文保函已出函").await?;
        self.document("restorenotice", &notice).await?;
        if notice.text("baohanfile_sha256") == held.sealed {
            let why = Err("明文保函与密文保函是同一文件".to_owned());
            return self.stage.row(told("restorenotice"), "明文保函", no, why);
        }
        Ok(())
    }

    async fn ask(&mut self, request: &Request, asked: &str, number: &str) -> Step<Answer> {
        let sent = self.json.send(request).await;
        self.answered(request.method, asked, number, sent)
    }

    fn answered(
        &mut self,
        method: &str,
        asked: &str,
        number: &str,
        sent: Result<Answer, Unsent>,
    ) -> Step<Answer> {
        let outcome = match sent {
            Ok(answer) if answer.success() => {
                let (said, took) = (summary(&answer), answer.took);
                Ok((answer, said, Some(took)))
            }
            Ok(answer) => Err(summary(&answer)),
            Err(unsent) => Err(unsent.to_string()),
        };
        self.stage.row(asked_for(method), asked, number, outcome)
    }

    async fn hear(
        &mut self,
        method: &str,
        begun: Instant,
        expected: &[(&str, &str)],
        what: &str,
    ) -> Step<Entry> {
        let number = if method == "giveupapply" { "applyno" } else { "baohanno" };
        self.stage.hear(Cue { interface: told(method), begun, expected, what, number }).await
    }

    /// Fetches the document whose address a notice carries; it has to be the one inside it.
    async fn document(&mut self, method: &str, notice: &Entry) -> Step<()> {
        let problem = match self.json.fetch(notice.text("baohanurl")).await {
            Ok(file) if sha256(&file) == notice.text("baohanfile_sha256") => return Ok(()),
            Ok(_) => "baohanurl 与 baohanfile 不是同一文件".to_owned(),
            Err(unsent) => format!("保函文件无法下载：{unsent}"),
        };
        self.stage.row(told(method), "下载保函", notice.text("baohanno"), Err(problem))
    }
}

fn asked_for(method: &str) -> &'static Interface {
    interface(method, Direction::ToInstitution).unwrap_or(&INTERFACES[0])
}

fn told(method: &str) -> &'static Interface {
    interface(method, Direction::ToPlatform).unwrap_or(&INTERFACES[1])
}

fn sha256(bytes: &[u8]) -> String {
    crypto::text::to_hex(&crypto::digest::sha256(bytes))
}

fn summary(answer: &Answer) -> String {
    let code = answer.fields.get("code").map(ToString::to_string).unwrap_or_default();
    format!("code {}，{}", code.trim_matches('"'), answer.text("message"))
}
