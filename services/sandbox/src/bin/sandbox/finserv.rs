//! A platform of finserv at the command line.

use crate::{Act, Play, Send, conclude, with_pairs};
use anyhow::{Result, bail};
use sandbox::finserv::story::Story;
use sandbox::finserv::{Bidder, Partner, Reader, Request, Settings};
use sandbox::{Receiver, now};
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
    let request = with_pairs(request(&send)?, &send)?;
    if send.print {
        println!("{}", String::from_utf8_lossy(&partner.write(&request).body));
        return Ok(());
    }
    let answer = partner.send(&request).await?;
    println!("{}", serde_json::to_string_pretty(&answer.fields)?);
    if answer.success() { Ok(()) } else { bail!("the institution refused") }
}

fn request(send: &Send) -> Result<Request> {
    let bidder = Bidder::new(send.seed, send.n, now());
    let (no, amount) = (send.guarantee_no.as_str(), send.amount.as_deref().unwrap_or(bidder.bond()));
    let accept_no = Some(send.accept_no.as_str()).filter(|text| !text.is_empty());
    Ok(match send.method.as_str() {
        "apply_guarantee" if send.performance => bidder.performance_application(),
        "apply_guarantee" => bidder.bid_application(),
        "get_apply_guarantee_result" => bidder.ask_application(&send.accept_no),
        "apply_cancel" => bidder.cancel(no),
        "get_apply_cancel_result" => Bidder::ask("get_apply_cancel_result", no, accept_no),
        "apply_claim" => bidder.claim(no, amount),
        "get_apply_claim_result" => Bidder::ask("get_apply_claim_result", no, accept_no),
        "apply_invoice" => bidder.invoice(no, amount),
        "get_invoiceInfo" => Bidder::ask("get_invoiceInfo", no, None),
        "guarantee_quit" => bidder.quit(no),
        "get_quitInfo" => Bidder::ask("get_quitInfo", no, None),
        "update_bidinfo" => bidder.postpone(7),
        other => {
            bail!("{other} is not a request of this platform; see the table in the document, 接口一览表")
        }
    })
}

async fn play(settings: Settings, play: Play) -> Result<()> {
    let receiver = Receiver::start(&play.listen, Reader::new(settings.clone())?, None).await?;
    let partner = Partner::new(settings)?;
    let patience = Duration::from_secs(play.patience);
    let rows = Story::new(&partner, &receiver, patience, |_| eprint!("."))?.play(play.seed).await;
    receiver.stop().await;
    conclude(&rows)
}
