//! What the institution starts by itself, asks partners and must look after.

use crate::decide::{Ground, command, ground};
use crate::samples::{eventful, note, origin, store, task, waiting};
use domain::{Command, Refusal, Reply, Side, Topic};
use serde_json::json;
use testkit::fresh_database;

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_names_the_order_and_takes_effect_once() {
    let ground = ground().await;
    let order = ground.order().await;
    let (_worker, mut asked) = ground.worker("cmd.apply", Reply::Accepted { no: order.no.clone() }).await;
    for number in ["T1", order.no.as_str()] {
        let (good, told) = ground.baohan(&["withdraw", number, "--reason", "投标人要求", "--by", "li"]).await;
        assert!(good && told.contains("已执行"), "{told}");
    }
    let (first, second) = (asked.recv().await.unwrap(), asked.recv().await.unwrap());
    assert_eq!((first.key.as_str(), &first.id), ("apply.demo", &second.id), "given twice it is one message");
    let Command::WithdrawOrder(wish) = command(&first).body else { panic!("a withdrawal") };
    assert_eq!((wish.no.as_ref(), wish.side, wish.by.as_str()), (Some(&order.no), Side::Institution, "li"));
    assert_eq!(wish.reason, "投标人要求");
    let (_, case, _) = eventful(&ground.store, "demo", "T2").await;
    let (good, told) = ground.baohan(&["withdraw", case.no.as_str()]).await;
    assert!(!good && told.contains("is a refund of"), "{told}");
}

/// Asks about the order, while the partner's answer reaches its timeline.
async fn asked(
    ground: &Ground,
    arguments: &[&str],
    answer: (&'static str, serde_json::Value),
) -> (Topic, String) {
    let order = ground.order().await;
    let reply = Reply::Accepted { no: order.no.clone() };
    let (_worker, mut questions) = ground.worker("cmd.apply", reply).await;
    let (store, of) = (ground.store.clone(), order.clone());
    let answered = tokio::spawn(async move {
        let Command::Inquire(inquire) = command(&questions.recv().await.unwrap()).body else {
            panic!("a question")
        };
        let about = inquire.about.as_ref().map_or_else(|| panic!("about nothing"), Clone::clone);
        assert_eq!((&about, inquire.by.as_str()), (&of.no, "wang"));
        note(&store, &of, answer.0, answer.1).await;
        inquire.topic
    });
    let (good, told) = ground.baohan(arguments).await;
    assert!(good, "{told}");
    (answered.await.unwrap(), told)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_waits_for_what_the_partner_answers() {
    let ground = ground().await;
    let answer = ("companies_pulled", json!({ "organisation": "QY-7", "capital": null }));
    let (topic, told) = asked(&ground, &["inquire", "companies", "T1"], answer).await;
    assert_eq!(topic, Topic::Companies);
    assert!(told.contains("获取企业信息") && told.contains("QY-7") && !told.contains("capital"), "{told}");
    assert!(told.contains("orders show"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_claim_that_is_named_is_asked_about_by_the_guarantee_it_quotes() {
    let ground = ground().await;
    let (order, ..) = eventful(&ground.store, "demo", "T3").await;
    for (no, business_no, quoted) in
        [("ACCCCCCCCCCCCCCCCCC1", "LP1", "BH-OLD"), ("ACCCCCCCCCCCCCCCCCC2", "LP2", "BH-NEW")]
    {
        ground
            .database
            .execute(&format!("insert into claims select * from refunds where order_no = '{}'", order.no))
            .await;
        let made = format!("no = '{no}', business_no = '{business_no}', guarantee_no = '{quoted}'");
        ground.database.execute(&format!("update claims set {made} where no not like 'ACCC%'")).await;
    }
    let (_worker, mut questions) = ground.worker("cmd.apply", Reply::Accepted { no: order.no.clone() }).await;
    for (number, expected) in
        [("LP1", ("LP1", "BH-OLD")), ("LP2", ("LP2", "BH-NEW")), ("T3", ("LP2", "BH-NEW"))]
    {
        let (good, told) = ground.baohan(&["inquire", "claim-detail", number, "--wait", "1"]).await;
        assert!(!good && told.contains("no answer within 1 s"), "{told}");
        let Command::Inquire(inquire) = command(&questions.recv().await.unwrap()).body else {
            panic!("a question")
        };
        let Topic::ClaimDetail { claim_no, guarantee_no, .. } = inquire.topic else { panic!("of a claim") };
        assert_eq!((claim_no.as_str(), guarantee_no.as_str()), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_refused_or_left_open_says_so() {
    let ground = ground().await;
    ground.order().await;
    let (good, told) = ground.baohan(&["inquire", "application", "T1", "--wait", "1"]).await;
    assert!(!good && told.contains("no answer within 1 s"), "nobody took it: {told}");
    let refusal = Reply::Refused(Refusal::unknown("保函申请"));
    let (_worker, _asked) = ground.worker("cmd.apply", refusal).await;
    let (good, told) = ground.baohan(&["inquire", "application", "T1", "--wait", "2"]).await;
    assert!(!good && told.contains("保函申请不存在"), "{told}");
}

#[tokio::test]
async fn a_task_is_listed_in_both_places_until_it_is_done() {
    let database = fresh_database().await;
    let desk = crate::desk::Desk::new().with("GATEWAY_POSTGRES_URL", &database.url);
    let store = store(&database).await;
    let order = waiting(&store, "demo", "T1").await;
    task(&store, &order, "check_account", "请核对投标人基本户").await;
    let listed = desk.done(&["tasks", "list"]);
    assert!(listed.contains("请核对投标人基本户") && listed.contains("1 tasks"), "{listed}");
    assert!(!desk.done(&["tasks", "list", "--partner", "other"]).contains("请核对"));
    let story = desk.done(&["orders", "show", "T1"]);
    assert!(story.contains("待办") && story.contains("请核对投标人基本户"), "{story}");
    let masked = desk.done(&["orders", "show", "T1", "--json"]);
    assert!(masked.contains("请核对投标人基本户"), "a task holds nothing private: {masked}");
    assert!(desk.done(&["tasks", "done", "1", "--by", "li"]).contains("已完成"));
    assert!(desk.done(&["tasks", "list"]).contains("0 tasks"));
    assert!(desk.done(&["tasks", "list", "--all"]).contains("li"));
    assert!(desk.refused(&["tasks", "done", "1"]).contains("no open task 1"));
    assert!(desk.done(&["orders", "show", "T1"]).contains("li 完成待办"));
}

#[tokio::test]
async fn a_credit_line_has_a_page_of_its_own() {
    let database = fresh_database().await;
    let desk = crate::desk::Desk::new().with("GATEWAY_POSTGRES_URL", &database.url);
    let store = store(&database).await;
    let no = crate::samples::credit(&store, "C1").await;
    let told = desk.done(&["orders", "show", no.as_str()]);
    assert!(told.contains("授信") && told.contains("审核中 reviewing"), "{told}");
    assert!(told.contains("收到授信申请") && told.contains(&format!("{}", origin("demo").partner)), "{told}");
}
