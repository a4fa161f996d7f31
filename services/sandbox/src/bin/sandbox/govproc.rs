//! A platform of govproc at the command line.

use crate::{Act, Play, Send, conclude, with_pairs};
use anyhow::{Result, bail};
use sandbox::govproc::story::Story;
use sandbox::govproc::{Bidder, Partner, Reader, Request, Settings, Way};
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
    let url = match request.method.starts_with('/') {
        true => partner.settings().url(request.method),
        false if send.link.is_empty() => bail!("--link: the address that the application's answer gave"),
        false => send.link,
    };
    let letter = partner.write_to(&url, Way::Post, &request)?;
    if send.print {
        println!("{}", String::from_utf8_lossy(letter.body()));
        return Ok(());
    }
    let answer = partner.post(request.method, &letter).await?;
    println!("{}", serde_json::to_string_pretty(&answer.fields)?);
    println!("{}", serde_json::to_string_pretty(&answer.data)?);
    if !answer.problems.is_empty() {
        bail!("not as documented: {}", answer.problems.join("; "));
    }
    if answer.success() { Ok(()) } else { bail!("the institution refused") }
}

fn request(partner: &Partner, send: &Send) -> Result<Request> {
    let bidder = Bidder::new(send.seed, send.n, now());
    Ok(match send.method.trim_start_matches("/guarantee/") {
        "apply" => bidder.application(),
        "cost" => bidder.cost(partner.settings()),
        "xmstate" => bidder.final_state("2"),
        "queryurl" => bidder.query(),
        "pullurl" => Bidder::pull(&send.guarantee_no),
        "cancelurl" => Bidder::cancel(&send.guarantee_no),
        other => bail!("{other} is not a request of this platform; see the document, 3.2"),
    })
}

async fn play(settings: Settings, play: Play) -> Result<()> {
    let receiver = Receiver::start(&play.listen, Reader::new(settings.clone())?, None).await?;
    let (partner, patience) = (Partner::new(settings)?, Duration::from_secs(play.patience));
    let story = Story::new(&partner, &receiver, &AtTerminal, patience, |_| eprint!("."));
    let rows = story.play(play.seed).await;
    receiver.stop().await;
    conclude(&rows)
}
