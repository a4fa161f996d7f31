//! What is answered to which request.

use super::*;
use crate::ground::{CALLER, get, ground, header, links, lonely, now};
use crypto::secret::Secret;
use domain::Command;
use signing::TrustAnchors;
use std::time::Duration;

#[tokio::test]
async fn a_link_opens_its_document_under_its_name() {
    let ground = ground("open", TrustAnchors::default()).await;
    let response = ground.answer(get(&links(1).url(&ground.document, now()))).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "application/pdf");
    assert_eq!(header(&response, "content-length"), "10");
    let name = "inline; filename=\"____.pdf\"; filename*=UTF-8''%E6%8A%95%E6%A0%87%E4%BF%9D%E5%87%BD.pdf";
    assert_eq!(header(&response, "content-disposition"), name);
}

#[tokio::test]
async fn a_part_is_served_and_a_part_beyond_is_not() {
    let ground = ground("part", TrustAnchors::default()).await;
    let mut request = get(&links(1).url(&ground.document, now()));
    request.headers_mut().insert(RANGE, HeaderValue::from_static("bytes=2-4"));
    let part = ground.answer(request).await;
    assert_eq!((part.status().as_u16(), header(&part, "content-range")), (206, "bytes 2-4/10"));
    assert_eq!(header(&part, "content-length"), "3");
    let mut request = get(&links(1).url(&ground.document, now()));
    request.headers_mut().insert(RANGE, HeaderValue::from_static("bytes=10-"));
    let beyond = ground.answer(request).await;
    assert_eq!((beyond.status().as_u16(), header(&beyond, "content-range")), (416, "bytes */10"));
}

#[tokio::test]
async fn forged_expired_and_wandering_links_open_nothing() {
    let ground = ground("forged", TrustAnchors::default()).await;
    let link = links(1).url(&ground.document, now());
    let forged = link.replacen("/d/", "/d/A", 1);
    assert_eq!(ground.answer(get(&forged)).await.status(), 404);
    let other =
        Links::new("http://files.example", Secret::new("another-dummy-secret".to_owned()), 1).unwrap();
    assert_eq!(ground.answer(get(&other.url(&ground.document, now()))).await.status(), 404);
    let expired = links(1).url(&ground.document, now().plus_seconds(-3 * 86_400));
    assert_eq!(ground.answer(get(&expired)).await.status(), 410);
    for path in ["/", "/d/", "/d/../../etc/passwd", "/../gateway.toml"] {
        assert_eq!(ground.answer(get(path)).await.status(), 404, "{path}");
    }
    let missing = DocumentRef { sha256: "0".repeat(64), name: "x.pdf".into() };
    assert_eq!(ground.answer(get(&links(1).url(&missing, now()))).await.status(), 404);
}

#[tokio::test]
async fn only_reading_is_allowed() {
    let ground = ground("methods", TrustAnchors::default()).await;
    let mut request = get(&links(1).url(&ground.document, now()));
    *request.method_mut() = Method::POST;
    let response = ground.answer(request).await;
    assert_eq!((response.status().as_u16(), header(&response, "allow")), (405, "GET, HEAD"));
}

#[tokio::test]
async fn every_read_is_told_before_the_document_leaves_and_its_ranges_are_one() {
    let mut ground = ground("reads", TrustAnchors::default()).await;
    let mut told = ground.reads();
    let link = links(1).url(&ground.document, now());
    for range in ["bytes=0-3", "bytes=4-"] {
        let mut request = get(&link);
        request.headers_mut().insert(RANGE, HeaderValue::from_static(range));
        assert_eq!(ground.answer(request).await.status(), 206);
    }
    let mut head = get(&link);
    *head.method_mut() = Method::HEAD;
    assert_eq!(ground.answer(head).await.status(), 200);
    let (one, two) = (told.recv().await.unwrap(), told.recv().await.unwrap());
    let Command::NoteRead(read) = &one.body else { panic!("{one:?}") };
    assert_eq!(
        (read.sha256.as_str(), read.caller.as_str()),
        (ground.document.sha256.as_str(), "192.0.2.0/24")
    );
    // Unless a minute ended in between, the worker sees one message twice.
    let same_minute = one.at.unix_seconds() / 60 == two.at.unix_seconds() / 60;
    assert_eq!((one.id == two.id, one.content_hash == two.content_hash), (same_minute, same_minute));
    let silent = tokio::time::timeout(Duration::from_millis(300), told.recv()).await;
    assert!(silent.is_err(), "who asks for the head alone reads nothing");
}

#[tokio::test]
async fn without_the_broker_no_document_leaves() {
    let (desk, document) = lonely("lonely", TrustAnchors::default()).await;
    let response = desk.clone().answer(get(&links(1).url(&document, now())), CALLER).await;
    assert_eq!((response.status().as_u16(), header(&response, "retry-after")), (503, "5"));
    let forged = desk.answer(get("/d/A/x.pdf"), CALLER).await;
    assert_eq!(forged.status(), 404);
}
