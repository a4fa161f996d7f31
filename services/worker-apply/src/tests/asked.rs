//! What partners ask about guarantees: cost, document, record, and whether a file is ours.

use super::*;
use domain::{FileFindings, GuaranteeNo};
use worker::Failure;

async fn ask(house: &House<Apply>, query: Query) -> worker::Handled {
    house.engine.office().query(&house.window(), &query).await
}

#[tokio::test]
async fn the_cost_is_that_of_the_rate_card() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    let cost = ask(&house, Query::Cost { bond: Money::from_fen(10_000_000) }).await;
    assert!(
        matches!(cost, Ok(Reply::Cost { premium, .. }) if premium == Money::from_fen(50_000)),
        "{cost:?}"
    );
    assert!(matches!(ask(&house, Query::Cost { bond: Money::ZERO }).await, Err(Failure::Refused(_))));
}

#[tokio::test]
async fn a_guarantee_is_found_by_number_and_by_content() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    let message = place("1");
    house.ask(&message).await;
    let guarantee = order(&house, &message).await.guarantee.expect("issued");
    let document = ask(&house, Query::Document { guarantee_no: guarantee.no.clone() }).await;
    let Ok(Reply::Document(copy)) = document else { panic!("{document:?}") };
    assert_eq!(copy.document, guarantee.document);
    assert!(copy.content.starts_with("JVBERi"), "the base64 of %PDF-");

    let record = Query::VerifyRecord { guarantee_no: guarantee.no.clone(), serial_no: String::new() };
    let Ok(Reply::Record(record)) = ask(&house, record).await else { panic!("no record") };
    assert_eq!(record.bidder.name.expose(), "测试建设有限公司");

    let findings = FileFindings { sha256: guarantee.document.sha256.clone(), ..FileFindings::default() };
    let query = Query::VerifyDocument { serial_no: String::new(), findings };
    let Ok(Reply::Verified(known)) = ask(&house, query).await else { panic!("not answered") };
    assert!(known.is_current && known.record.is_some());
    let findings = FileFindings { sha256: "0".repeat(64), ..FileFindings::default() };
    let query = Query::VerifyDocument { serial_no: String::new(), findings };
    let Ok(Reply::Verified(unknown)) = ask(&house, query).await else { panic!("not answered") };
    assert!(!unknown.is_current && unknown.record.is_none());
    let stranger = Query::Document { guarantee_no: GuaranteeNo::quoted("BH-none") };
    assert!(matches!(ask(&house, stranger).await, Err(Failure::Refused(_))));
}
