//! All twelve pubres interfaces in one story, and an order that both sides give up at once.

use crate::pubres::Journey;
use crate::world::{BY_ITSELF, BY_OPERATOR, PATIENCE, World};
use domain::{OrderState, Side};
use gateway_tests::operator::Desk;
use gateway_tests::pubres::Platform;
use sandbox::pubres::Bidder;
use sandbox::pubres::story::Story;
use sandbox::{Act, Operator};

#[tokio::test(flavor = "multi_thread")]
async fn all_twelve_interfaces_are_played() {
    let platform = Platform::open("pubres-story").await.expect("a receiver");
    let world = World::start("pubres-story", &[platform.file(BY_ITSELF, "")]);
    let partner = platform.partner(&world.gateway).expect("keys");
    let desk = Desk { gateway: &world.gateway, partner: platform.id };
    let story = Story::new(&partner, &platform.receiver, &desk, PATIENCE, |_| {}).expect("keys");
    let rows = story.play(1).await;
    assert_eq!(rows.len(), 12);
    let bad: Vec<_> = rows.iter().filter(|row| !row.good).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    let odd = platform.receiver.ledger().select(|entry| !entry.good());
    assert!(odd.is_empty(), "{odd:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gives_up_first_is_the_one_who_did() {
    let platform = Platform::open("pubres-race").await.expect("a receiver");
    let world = World::start("pubres-race", &[platform.file(BY_OPERATOR, "")]);
    let journey = Journey::new(&world, &platform);
    let desk = Desk { gateway: &world.gateway, partner: platform.id };
    for n in 10..16 {
        let bidder = Bidder::new(9, n, sandbox::now());
        journey.applied(&bidder).await;
        let no = bidder.applyno();
        let request = bidder.give_up();
        let ours = desk.act(Act::Withdraw { no: no.clone(), reason: "投标人改用现金".to_owned() });
        let (theirs, ours) = tokio::join!(journey.send(&request), ours);
        let order = journey.order(&bidder).await;
        assert_eq!(order.state, OrderState::Withdrawn);
        assert_ne!(theirs.success(), ours.is_ok(), "one of the two came first: {theirs:?} {ours:?}");
        let by = if theirs.success() { Side::Partner } else { Side::Institution };
        assert_eq!(order.withdrawn_by, Some(by));
        // Whoever repeats is told what was true before.
        assert_eq!(journey.send(&request).await.success(), theirs.success());
        if ours.is_ok() {
            journey.heard("giveupapply", &[("applyno", &no)]).await;
        }
        let told = platform.receiver.ledger().select(|entry| entry.text("applyno") == no);
        assert!(theirs.success() == told.is_empty(), "{told:#?}");
    }
}
