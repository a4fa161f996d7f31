//! A platform of pubres at the command line.

use crate::{Act, Play, Send, conclude, with_pairs};
use anyhow::{Result, bail};
use sandbox::pubres::story::Story;
use sandbox::pubres::{Bidder, Partner, Reader, Request, Settings};
use sandbox::{AtTerminal, Receiver, now};
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
    if answer.success() { Ok(()) } else { bail!("the institution refused") }
}

fn request(partner: &Partner, send: &Send) -> Result<Request> {
    let bidder = Bidder::new(send.seed, send.n, now());
    let (no, amount) = (send.guarantee_no.as_str(), send.amount.as_deref().unwrap_or(bidder.bond()));
    Ok(match send.method.as_str() {
        "baohanapply" => bidder.application(partner.safe())?,
        "baohanrestore" => bidder.restore(partner.safe(), no, now()),
        "invoiceapply" => bidder.invoice(no, amount),
        "quitapply" => bidder.quit(no),
        "canclenotice" | "cancelnotice" => bidder.cancel(no),
        "claimsnotice" => bidder.claim(no, amount),
        "giveupapply" => bidder.give_up(),
        other => bail!("{other} is not a request of this platform; see the document, 接口说明"),
    })
}

async fn play(settings: Settings, play: Play) -> Result<()> {
    let receiver = Receiver::start(&play.listen, Reader::new(settings.clone())?, None).await?;
    let (partner, patience) = (Partner::new(settings)?, Duration::from_secs(play.patience));
    let story = Story::new(&partner, &receiver, &AtTerminal, patience, |_| eprint!("."))?;
    let rows = story.play(play.seed).await;
    receiver.stop().await;
    conclude(&rows)
}
