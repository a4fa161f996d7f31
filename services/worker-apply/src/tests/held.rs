//! Guarantees in anybody's hands: what the public is told, and what is kept of reads.

use super::sealed::sealed;
use super::*;
use domain::{FileRole, GuaranteeNo, Held, NoteRead, Origin, PartnerId};
use worker::Failure;

async fn told(house: &House<Apply>, held: Held) -> worker::Handled {
    let origin =
        Origin { kind: "files".into(), partner: PartnerId::parse("files").expect("an id"), callback: None };
    let window = worker::Window { origin, ..house.window() };
    house.engine.office().query(&window, &Query::PublicRecord { held }).await
}

fn read(sha256: &str, id: &str) -> Envelope<Command> {
    let read = NoteRead { sha256: sha256.to_owned(), caller: "192.0.2.7".to_owned(), at: samples::at(5) };
    let mut message = envelope("files", id, Command::NoteRead(read));
    message.origin.partner = PartnerId::parse("files").expect("an id");
    message
}

#[tokio::test]
async fn whoever_holds_a_guarantee_of_any_partner_is_told_an_outline() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    let message = place("1");
    house.ask(&message).await;
    let guarantee = order(&house, &message).await.guarantee.expect("issued");
    for (held, role) in [
        (Held::Number(guarantee.no.clone()), None),
        (Held::File(guarantee.document.sha256.clone()), Some(FileRole::Current)),
    ] {
        let Ok(Reply::Public(record)) = told(&house, held).await else { panic!("not told") };
        assert_eq!((&record.guarantee_no, record.file), (&guarantee.no, role));
        let outline = record.outline.as_ref().expect("nothing is sealed");
        assert_eq!(outline.applicant, "测试＊＊＊＊公司");
        let whole = serde_json::to_string(&record).expect("JSON");
        assert!(!whole.contains("测试建设有限公司"), "{whole}");
    }
    for unknown in [Held::Number(GuaranteeNo::quoted("BH-none")), Held::File("0".repeat(64))] {
        assert!(matches!(told(&house, unknown).await, Err(Failure::Refused(_))));
    }
}

#[tokio::test]
async fn of_a_sealed_order_nothing_is_told_but_that_it_is_and_every_read_is_kept_once() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    let message = sealed("1");
    house.ask(&message).await;
    let order = order(&house, &message).await;
    let guarantee = order.guarantee.expect("issued");
    let Ok(Reply::Public(record)) = told(&house, Held::Number(guarantee.no.clone())).await else {
        panic!("not told")
    };
    assert_eq!(record.outline, None);

    let sha256 = &guarantee.document.sha256;
    for id in ["a", "a", "b"] {
        assert!(matches!(house.ask(&read(sha256, id)).await, Reply::Accepted { .. }));
    }
    let document = Query::Document { guarantee_no: guarantee.no.clone() };
    let copy = house.engine.office().query(&house.window(), &document).await;
    assert!(matches!(copy, Ok(Reply::Document(_))), "{copy:?}");
    let who = "select who || ' ' || subject || ' ' || (detail->>'document') from audit \
        where action = 'read_document' order by who, id";
    let expected = ["demo", "link", "link"].map(|who| format!("{who} {} {sha256}", order.no));
    assert_eq!(house.texts(who).await, expected);
    let caller = "select detail->>'caller' from audit where who = 'link'";
    assert_eq!(house.texts(caller).await, ["192.0.2.7"; 2]);
}

#[tokio::test]
async fn reads_of_other_documents_leave_no_trace() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    let message = place("1");
    house.ask(&message).await;
    let guarantee = order(&house, &message).await.guarantee.expect("issued");
    for sha256 in [guarantee.document.sha256.as_str(), &"0".repeat(64)] {
        assert!(matches!(house.ask(&read(sha256, sha256)).await, Reply::Refused(_)));
    }
    assert_eq!(house.count("select count(*) from audit").await, 0);
    assert_eq!(house.count("select count(*) from events where what = 'refused'").await, 0);
    assert_eq!(house.count("select count(*) from inbox where message_id like 'A%'").await, 1, "the order's");
}
