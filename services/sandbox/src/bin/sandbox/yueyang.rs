//! A platform of yueyang at the command line.

use crate::{Act, Play, Send, conclude, with_pairs};
use anyhow::{Result, bail};
use sandbox::yueyang::story::Story;
use sandbox::yueyang::{Bidder, Partner, Reader, Settings};
use sandbox::{AtTerminal, Receiver, Request, now};
use std::time::Duration;

pub(crate) async fn run(settings: Settings, act: Act) -> Result<()> {
    match act {
        Act::Serve(serve) => serve.run(Reader::new(settings)?).await,
        Act::Send(send) => send_one(settings, send).await,
        Act::Play(play) => self::play(settings, play).await,
    }
}

async fn send_one(settings: Settings, send: Send) -> Result<()> {
    let partner = Partner::new(settings)?;
    let request = with_pairs(request(&partner, &send)?, &send)?;
    if send.print {
        println!("{}", String::from_utf8_lossy(partner.write(&request)?.body()));
        return Ok(());
    }
    let answer = partner.send(&request).await?;
    println!("{}", serde_json::to_string_pretty(&answer.fields)?);
    if answer.success() { Ok(()) } else { bail!("the institution answered code {}", answer.code()) }
}

fn request(partner: &Partner, send: &Send) -> Result<Request> {
    let bidder = Bidder::new(send.seed, send.n, now());
    let (no, amount) = (send.guarantee_no.as_str(), send.amount.as_deref().unwrap_or("500.00"));
    Ok(match send.method.trim_start_matches("financialAccount/") {
        "doOrderApply" => bidder.application(),
        "orderCancelApply" => bidder.withdraw(),
        "creditApply" => bidder.credit(1),
        "restoreApply" => bidder.restore(no, &partner.key(&bidder)),
        "cancelApply" => bidder.cancel(no, 1),
        "compensateApply" => bidder.claim(no, 1),
        "invoiceApply" => bidder.invoice(no, amount),
        "refundApply" => bidder.refund(no, 1),
        "creditRevocation" => bidder.revoke_credit(1),
        "refundRevocation" => bidder.revoke_refund(1),
        "compensateRevocation" => bidder.revoke_claim(1),
        "cancelRevocation" => bidder.revoke_cancel(1),
        "queryCredit" => bidder.query_credit(),
        "openTimeMaintenance" => bidder.opens(now()),
        "updateEmEndTime" => bidder.closes(now()),
        other => bail!("{other} is not a request of this platform; see the document, 三、接口说明"),
    })
}

async fn play(settings: Settings, play: Play) -> Result<()> {
    let receiver = Receiver::start(&play.listen, Reader::new(settings.clone())?, None).await?;
    let partner = Partner::new(settings)?;
    let patience = Duration::from_secs(play.patience);
    let story = Story::new(&partner, &receiver, &AtTerminal, patience, |_| eprint!("."));
    let rows = story.play(play.seed).await;
    receiver.stop().await;
    conclude(&rows)
}
