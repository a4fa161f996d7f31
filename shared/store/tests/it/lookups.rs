//! A guarantee is found by every number it bore and every document it was; credit, sections, requests and tasks too.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::database::{count, fresh};
use crate::samples::{at, issued, key, number, order, origin, partner, refund};
use domain::{
    Case, Company, CreditLine, Decision, DocumentRef, Edition, Grant, GuaranteeKind, GuaranteeNo, Money,
    Order, Private, Reply, RequestCredit, RequestRefund, Revealed, SealedField,
};
use std::collections::BTreeMap;
use store::{Kept, Store, TaskFilter};

async fn keep<K: Kept>(store: &Store, id: &str, aggregate: &K) {
    let mut work = store.work(key(id, "content"));
    work.save(aggregate).unwrap();
    work.commit(&Reply::Accepted { no: number("demo", "1") }).await.unwrap();
}

/// The order again, with a document under another number in place of its first.
async fn made_out_anew(store: &Store, no: &Order, to: &str, document: &str) -> Order {
    let mut work = store.work(key(to, "content"));
    let mut order = work.any_order(&no.no).await.unwrap().unwrap();
    let next = Edition {
        no: GuaranteeNo::quoted(to),
        kind: GuaranteeKind::Reissued,
        issued_at: at(5),
        valid_until: None,
        document: DocumentRef { sha256: document.repeat(64), name: "保函.pdf".to_owned() },
    };
    order.guarantee_mut().unwrap().replace(next).unwrap();
    work.save(&order).unwrap();
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.unwrap();
    order
}

#[tokio::test]
async fn a_guarantee_answers_to_every_number_it_bore_and_every_document_it_was() {
    let (store, behind, _database) = fresh().await;
    let first = issued("demo", "1");
    keep(&store, "place", &first).await;
    keep(&store, "other", &issued("other", "1")).await;
    made_out_anew(&store, &first, "BH-2", "b").await;
    let now = made_out_anew(&store, &first, "BH-3", "c").await;
    let old = first.guarantee.as_ref().unwrap().no.clone();
    for no in [old.clone(), GuaranteeNo::quoted("BH-2"), GuaranteeNo::quoted("BH-3")] {
        let found = store.order_of_guarantee(&partner("demo"), &no).await.unwrap();
        assert_eq!(found.as_ref(), Some(&now), "{no}");
        assert!(store.order_of_guarantee(&partner("other"), &no).await.unwrap().is_none());
        let mut work = store.work(key("look", "content"));
        assert_eq!(work.order_of_guarantee(&partner("demo"), &no).await.unwrap().as_ref(), Some(&now));
        assert_eq!(store.numbered(no.as_str()).await.unwrap().len(), 1, "{no}");
    }
    for document in ["0", "b", "c"] {
        let found = store.order_of_document(&partner("demo"), &document.repeat(64)).await.unwrap();
        assert_eq!(found.map(|order| order.no), Some(now.no.clone()), "{document}");
    }
    assert!(store.order_of_document(&partner("demo"), &"d".repeat(64)).await.unwrap().is_none());
    assert_eq!(count(&behind, "select count(*) from editions").await, 2, "each edition once");
    let refund = refund(&first, "r1", 7);
    keep(&store, "refund", &refund).await;
    let (of, no) = (partner("demo"), GuaranteeNo::quoted("BH-3"));
    let latest = store.latest_case::<Case<RequestRefund>>(&of, &no).await.unwrap();
    assert_eq!(latest, Some(refund), "asked for under the first number");
}

#[tokio::test]
async fn a_request_is_found_by_the_partners_number_the_latest_first() {
    let (store, _behind, _database) = fresh().await;
    let (one, two) = (issued("demo", "1"), issued("demo", "2"));
    keep(&store, "1", &one).await;
    keep(&store, "2", &two).await;
    let (mut early, late) = (refund(&one, "r", 1), refund(&two, "r", 2));
    early.no = number("demo", "early");
    keep(&store, "r1", &early).await;
    keep(&store, "r2", &late).await;
    let mut work = store.work(key("look", "content"));
    let found = work.case_of_business::<Case<RequestRefund>>(&partner("demo"), "r").await.unwrap();
    assert_eq!(found, Some((two, late)));
    assert!(work.case_of_business::<Case<RequestRefund>>(&partner("other"), "r").await.unwrap().is_none());
}

#[tokio::test]
async fn a_section_is_found_in_plain_text_once_it_is_revealed_and_can_be_narrowed_to_a_project() {
    let (store, _behind, _database) = fresh().await;
    let mut sealed = order("demo", "1");
    sealed.application.sealed = vec![SealedField::SectionNo, SealedField::ProjectNo];
    sealed.application.tender.section_no = "c".repeat(4_000);
    sealed.application.tender.project_no = "ciphertext".to_owned();
    keep(&store, "1", &sealed).await;
    let mut foreign = order("demo", "2");
    foreign.application.tender.project_no = "P-2".to_owned();
    keep(&store, "2", &foreign).await;
    let of = async |section: &str, project: &str| {
        let mut work = store.work(key("look", "content"));
        let found = work.orders_of_section(&partner("demo"), section, project).await.unwrap();
        found.into_iter().map(|order| order.application.business_no).collect::<Vec<_>>()
    };
    assert_eq!(of(&"c".repeat(4_000), "P-1").await, ["1"], "an unopened project number excludes nothing");
    let mut work = store.work(key("reveal", "content"));
    let mut order = work.any_order(&sealed.no).await.unwrap().unwrap();
    let fields = BTreeMap::from([
        (SealedField::SectionNo, Private::from("S-1")),
        (SealedField::ProjectNo, Private::from("P-1")),
    ]);
    order.reveal(Revealed { fields, at: at(2) });
    work.save(&order).unwrap();
    work.commit(&Reply::Accepted { no: order.no }).await.unwrap();
    assert_eq!(of("S-1", "P-1").await, ["1"]);
    assert_eq!(of("S-1", "P-2").await, ["2"]);
    assert_eq!(of("S-1", "").await.len(), 2);
    assert!(of(&"c".repeat(4_000), "").await.is_empty());
}

fn line(business_no: &str, second: i64) -> CreditLine {
    let company = Company { code: "91350100MA00000000".into(), ..Company::default() };
    let request = RequestCredit { business_no: business_no.to_owned(), company, papers: Private::default() };
    let mut line = CreditLine::request(number("demo", business_no), origin("demo"), request, at(second));
    let grant = Grant { limit: Money::from_fen(100), from: at(0), until: at(9) };
    line.decide(&Decision::Approve, grant, at(second)).unwrap();
    line
}

#[tokio::test]
async fn credit_counts_open_orders_and_guarantees_in_force_taken_on_it() {
    let (store, _behind, _database) = fresh().await;
    let code = "91350100MA00000000";
    for (business_no, taken) in [("1", true), ("2", true), ("3", false)] {
        let order = if business_no == "2" { issued("demo", "2") } else { order("demo", business_no) };
        let mut work = store.work(key(business_no, "content"));
        work.save(&order).unwrap();
        if taken {
            work.use_credit(&order, code).expect("short");
        }
        work.commit(&Reply::Accepted { no: order.no }).await.unwrap();
    }
    keep(&store, "c1", &line("c1", 1)).await;
    keep(&store, "c2", &line("c2", 2)).await;
    let (lines, used) = store.credit_of(&partner("demo"), code).await.unwrap();
    let numbers: Vec<_> = lines.iter().map(|line| line.request.business_no.as_str()).collect();
    assert_eq!((numbers, used), (vec!["c2", "c1"], Money::from_fen(20_000_000)));
    let mut work = store.work(key("ends", "content"));
    let (_, but_for) = work.credit_of(&partner("demo"), code, &number("demo", "1")).await.unwrap();
    assert_eq!(but_for, Money::from_fen(10_000_000));
    let mut order = work.any_order(&number("demo", "2")).await.unwrap().unwrap();
    order.guarantee_mut().unwrap().end(domain::GuaranteeState::Released).unwrap();
    work.save(&order).unwrap();
    work.commit(&Reply::Accepted { no: order.no }).await.unwrap();
    assert_eq!(store.credit_of(&partner("demo"), code).await.unwrap().1, Money::from_fen(10_000_000));
    assert_eq!(store.credit_of(&partner("other"), code).await.unwrap(), (vec![], Money::ZERO));
    let known = store.numbered(number("demo", "c1").as_str()).await.unwrap();
    assert_eq!((known[0].kind.as_str(), known[0].state.as_str()), ("credit", "approved"));
    let known = store.numbered("c2").await.unwrap();
    assert_eq!((known.len(), known[0].kind.as_str(), &known[0].no), (1, "credit", &number("demo", "c2")));
    let accepted = store.accepted_since(at(0), "", 10).await.unwrap();
    assert!(accepted.iter().any(|(no, _)| no == number("demo", "c1").as_str()));
    let mut work = store.work(key("revoke", "content"));
    let found = work.credit_line_of_business(&partner("demo"), "c2").await.unwrap().unwrap();
    assert_eq!(work.credit_line(&found.no).await.unwrap(), Some(found));
}

#[tokio::test]
async fn whoever_takes_of_a_credit_waits_for_whoever_took_before() {
    let (store, _behind, _database) = fresh().await;
    let code = "91350100MA00000000";
    let takers = (0..8).map(|taker| {
        let store = store.clone();
        tokio::spawn(async move {
            let order = order("demo", &taker.to_string());
            let mut work = store.work(key(&format!("m{taker}"), "content"));
            let (_, used) = work.credit_of(&partner("demo"), code, &order.no).await.unwrap();
            work.use_credit(&order, code).expect("short");
            work.save(&order).unwrap();
            work.commit(&Reply::Accepted { no: order.no }).await.unwrap();
            used.fen()
        })
    });
    let mut seen = Vec::new();
    for taker in takers.collect::<Vec<_>>() {
        seen.push(taker.await.unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..8).map(|before| before * 10_000_000).collect::<Vec<_>>(), "none overlooks another");
}

#[tokio::test]
async fn a_task_is_listed_until_it_is_done_once() {
    let (store, behind, _database) = fresh().await;
    let order = order("demo", "1");
    let mut work = store.work(key("place", "content"));
    work.save(&order).unwrap();
    work.raise(&order, "remark", "请核对基本户");
    work.raise(&order, "to_release", "待注销");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.unwrap();
    let listed = async |filter: TaskFilter| {
        let rows = store.tasks(&TaskFilter { limit: 10, ..filter }).await.unwrap();
        rows.into_iter().map(|row| (row.id, row.what)).collect::<Vec<_>>()
    };
    let open = listed(TaskFilter::default()).await;
    assert_eq!(open.iter().map(|(_, what)| what.as_str()).collect::<Vec<_>>(), ["remark", "to_release"]);
    let elsewhere = TaskFilter { partner: Some(partner("other")), ..TaskFilter::default() };
    assert!(listed(elsewhere).await.is_empty());
    let done = store.finish_task(open[0].0, "wang", at(9)).await.unwrap().unwrap();
    assert_eq!((done.done_by.as_deref(), done.done_at), (Some("wang"), Some(at(9))));
    assert!(store.finish_task(open[0].0, "li", at(10)).await.unwrap().is_none(), "done before");
    assert_eq!(listed(TaskFilter::default()).await, open[1..]);
    assert_eq!(store.story(&order.no).await.unwrap().unwrap().tasks.len(), 2);
    assert_eq!(count(&behind, "select count(*) from audit where action = 'finish_task'").await, 1);
}
