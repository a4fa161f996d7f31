//! A platform of fuzhou at the command line.

use crate::{Act, Play, Send, conclude, with_pairs};
use anyhow::{Result, bail};
use sandbox::fuzhou::story::Story;
use sandbox::fuzhou::{Bidder, Office, OrderStatus, Partner, Reader, Settings};
use sandbox::{AtTerminal, Receiver, Request, now};
use std::time::Duration;

pub(crate) async fn run(settings: Settings, act: Act) -> Result<()> {
    let office = Office::new(&settings);
    match act {
        Act::Serve(serve) => {
            office.live_at(&format!("http://{}", serve.listen));
            serve.run(Reader::new(settings, &office)?).await
        }
        Act::Send(send) => send_one(settings, &office, send).await,
        Act::Play(play) => self::play(settings, &office, play).await,
    }
}

async fn send_one(settings: Settings, office: &Office, send: Send) -> Result<()> {
    let partner = Partner::new(settings, office)?;
    let bidder = Bidder::new(send.seed, send.n, now());
    office.offer(&bidder);
    let request = with_pairs(request(&bidder, &send)?, &send)?;
    if send.print {
        println!("{}", String::from_utf8_lossy(partner.write(&request, None)?.body()));
        return Ok(());
    }
    if request.method == "apply-redirect" {
        let page = partner.redirect(&bidder, request.text("return_url")).await?;
        println!("HTTP {} {}\n{}", page.status, page.location.unwrap_or_default(), page.body);
        return Ok(());
    }
    let delivered = partner.push(&request).await;
    let answer = delivered.last?;
    println!("{}", serde_json::to_string_pretty(&answer.fields)?);
    if answer.acknowledged() {
        Ok(())
    } else {
        bail!("not acknowledged after {} deliveries", delivered.deliveries)
    }
}

fn request(bidder: &Bidder, send: &Send) -> Result<Request> {
    let amount = send.amount.as_deref().unwrap_or(bidder.amount());
    Ok(match send.method.as_str() {
        "apply-redirect" => bidder.redirect("http://127.0.0.1/orders"),
        "order-status-push" => bidder.status(OrderStatus::WaitTuneUp, OrderStatus::Cancel),
        "verify-info" => Bidder::verify_info(&send.guarantee_no, ""),
        "invoice-apply-push" => bidder.invoice(),
        "delay-open-push" => bidder.postpone(7),
        "apply_claim" => bidder.claim(&send.guarantee_no, amount),
        "verify-file" => bail!("verify-file needs a document that was pushed here: use play"),
        other => bail!("{other} is not a push of this platform; see the manual, 四、API接口"),
    })
}

async fn play(settings: Settings, office: &Office, play: Play) -> Result<()> {
    let receiver = Receiver::start(&play.listen, Reader::new(settings.clone(), office)?, None).await?;
    let partner = Partner::new(settings, office)?;
    let patience = Duration::from_secs(play.patience);
    let story = Story::new(&partner, &receiver, &AtTerminal, patience, |_| eprint!("."));
    let rows = story.play(play.seed).await;
    receiver.stop().await;
    conclude(&rows)
}
