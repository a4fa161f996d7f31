//! The part of the demo in which nothing is decided by rules: an operator approves, and books the premium.

use crate::PATIENCE;
use anyhow::{Result, ensure};
use gateway_tests::gateway::Gateway;
use gateway_tests::platform::Platform;
use sandbox::finserv::{Bidder, Partner};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// What was done, what came of it, and whether that is right.
pub(crate) type Steps = Vec<(String, String, bool)>;

/// One application from arrival to issue; whatever fails ends it and shows as a wrong step.
pub(crate) async fn play(gateway: &Gateway, platform: &Platform, seed: u64) -> Steps {
    let mut steps = Steps::new();
    if let Err(error) = decide(gateway, platform, seed, &mut steps).await {
        steps.push(("……".to_owned(), format!("{error:#}"), false));
    }
    steps
}

async fn decide(gateway: &Gateway, platform: &Platform, seed: u64, steps: &mut Steps) -> Result<()> {
    let partner = platform.partner(gateway)?;
    let bidder = Bidder::new(seed, 9, sandbox::now());
    let answer = partner.send(&bidder.bid_application()).await?;
    ensure!(answer.success(), "apply_guarantee: {}", answer.text("msg"));
    let no = answer.text("accept_no").to_owned();
    stands(&partner, &bidder, &no, "0", "保函申请 apply_guarantee", steps).await?;
    gateway.baohan(&["decide", "order", &no, "--approve"])?;
    let fee =
        stands(&partner, &bidder, &no, "3", &format!("baohan decide order {no} --approve"), steps).await?;
    gateway.baohan(&["pay", &no, "--amount", &fee])?;
    let heard =
        platform.receiver.ledger().wait_for(PATIENCE, |entry| entry.good() && entry.text("accept_no") == no);
    let number = heard.await.map(|entry| entry.text("guarantee_no").to_owned());
    ensure!(number.is_some(), "no callback after the payment");
    steps.push((
        format!("baohan pay {no} --amount {fee}"),
        format!("已出函 {}，回调已确认", number.unwrap_or_default()),
        true,
    ));
    Ok(())
}

/// Asks until the application stands there; gives the premium. Accepted is not yet taken in: the worker may be a moment late.
async fn stands(
    partner: &Partner,
    bidder: &Bidder,
    no: &str,
    expected: &str,
    done: &str,
    steps: &mut Steps,
) -> Result<String> {
    let until = Instant::now() + PATIENCE;
    let mut answer = partner.send(&bidder.ask_application(no)).await?;
    while answer.text("approve_status") != expected && Instant::now() < until {
        sleep(Duration::from_millis(50)).await;
        answer = partner.send(&bidder.ask_application(no)).await?;
    }
    let (status, fee) = (answer.text("approve_status"), answer.text("fee"));
    ensure!(
        status == expected,
        "approve_status should be {expected}, it is {status}: {}",
        answer.text("msg")
    );
    let word = if expected == "0" { "审核中".to_owned() } else { format!("待支付保费 {fee} 元") };
    steps.push((done.to_owned(), format!("approve_status {status}，{word}"), true));
    Ok(fee.to_owned())
}
