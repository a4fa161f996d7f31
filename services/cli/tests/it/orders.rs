//! `baohan orders`: lists and stories out of a filled database.

use crate::desk::Desk;
use crate::samples::{LEGAL_ID, NAME, eventful, store, waiting};
use testkit::fresh_database;

#[tokio::test]
async fn a_list_shows_what_the_filters_leave() {
    let database = fresh_database().await;
    let desk = Desk::new().with("GATEWAY_POSTGRES_URL", &database.url);
    let store = store(&database).await;
    let (issued, ..) = eventful(&store, "demo", "T1").await;
    let waits = waiting(&store, "other", "T1").await;
    let all = desk.done(&["orders", "list"]);
    assert!(all.contains(issued.no.as_str()) && all.contains(waits.no.as_str()), "{all}");
    assert!(all.contains("已出函 issued") && all.contains("2026-11-22 18:00:00") && all.contains("2 orders"));
    let only = |arguments: &[&str]| desk.done(&[&["orders", "list", "--json"], arguments].concat());
    for (arguments, wanted) in [
        (&["--partner", "other"][..], &waits),
        (&["--state", "reviewing"], &waits),
        (&["--state", "issued", "--since", "2026-11-22 18:00"], &issued),
    ] {
        let shown = only(arguments);
        assert!(shown.contains(wanted.no.as_str()) && shown.matches("\"no\"").count() == 1, "{shown}");
    }
    assert!(desk.done(&["orders", "list", "--since", "2026-11-23"]).contains("0 orders"));
    assert!(desk.done(&["orders", "list", "--limit", "1"]).contains("there may be more"));
}

#[tokio::test]
async fn the_story_of_an_order_is_told_in_order_whatever_number_it_is_asked_by() {
    let database = fresh_database().await;
    let desk = Desk::new().with("GATEWAY_POSTGRES_URL", &database.url);
    let (order, case, callback) = eventful(&store(&database).await, "demo", "T1").await;
    let guarantee = order.guarantee.as_ref().unwrap().no.as_str();
    let told = desk.done(&["orders", "show", order.no.as_str()]);
    for number in ["T1", guarantee, case.no.as_str(), &order.no.as_str().to_lowercase()] {
        assert_eq!(desk.done(&["orders", "show", number]), told, "{number}");
    }
    let steps = [
        ("18:00:00.000", "收到保函申请"),
        ("18:00:01.000", "wang 审核保函申请"),
        ("18:00:01.000", "出具保函"),
        ("18:00:01.000", "通知：申请审核不通过"),
        ("18:00:02.000", "收到退保申请"),
        ("18:00:03.000", "投递第 1 次 重试用尽"),
    ];
    let timeline = told.lines().skip_while(|line| !line.contains("时间（北京）")).skip(1);
    let lines: Vec<&str> = timeline.collect();
    assert_eq!(lines.len(), steps.len(), "{told}");
    for (line, (time, what)) in lines.iter().zip(steps) {
        assert!(line.contains(time) && line.contains(what), "{line}\n{time} {what}");
    }
    assert!(lines[5].contains("HTTP 503") && lines[5].contains(&callback), "{}", lines[5]);
    assert!(lines[4].contains("退保") && lines[4].contains(case.no.as_str()), "the message: {}", lines[4]);
}

#[tokio::test]
async fn personal_data_shows_only_when_asked_for() {
    let database = fresh_database().await;
    let desk = Desk::new().with("GATEWAY_POSTGRES_URL", &database.url);
    let (order, ..) = eventful(&store(&database).await, "demo", "T1").await;
    let no = order.no.as_str();
    let masked = desk.done(&["orders", "show", no]) + &desk.done(&["orders", "show", no, "--json"]);
    assert!(!masked.contains(NAME) && !masked.contains(LEGAL_ID) && !masked.contains("138"), "{masked}");
    assert!(masked.contains("测***") && masked.contains("100000.00"), "{masked}");
    assert!(desk.done(&["orders", "show", no, "--reveal"]).contains(NAME));
    assert!(desk.done(&["orders", "show", no, "--reveal", "--json"]).contains(LEGAL_ID));
}

#[tokio::test]
async fn what_is_unknown_or_ambiguous_is_told_with_what_to_do() {
    let database = fresh_database().await;
    let desk = Desk::new().with("GATEWAY_POSTGRES_URL", &database.url);
    let told = desk.refused(&["orders", "list"]);
    assert!(told.contains("not migrated") && told.contains("`baohan migrate`"), "{told}");
    let store = store(&database).await;
    let told = desk.refused(&["orders", "show", "T1"]);
    assert!(told.contains("\"T1\"") && told.contains("`baohan orders list`"), "{told}");
    let (one, two) = (waiting(&store, "demo", "T1").await, waiting(&store, "other", "T1").await);
    let told = desk.refused(&["orders", "show", "T1"]);
    assert!(
        told.contains("several partners") && told.contains(one.no.as_str()) && told.contains(two.no.as_str())
    );
}
