//! The document store in a bucket: against a service on loopback that signs, compares and stores as S3 does.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use bytes::Bytes;
use crypto::digest::{hmac_sha256, sha256};
use crypto::keyring::Keyring;
use crypto::secret::Secret;
use documents::{BadBucket, Documents, Lost};
use domain::DocumentRef;
use http::{Method, Request, Response, StatusCode};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const ID: &str = "dummy-access-key";
const SECRET: &str = "dummy-secret-key";
const REGION: &str = "cn-test-1";

/// What the service holds, and what it was asked.
#[derive(Debug, Default)]
struct Shelf {
    objects: Mutex<HashMap<String, Bytes>>,
    asked: Mutex<Vec<String>>,
    failing: Mutex<u32>,
}

/// The service; dropped with the test's runtime.
async fn service() -> (Arc<Shelf>, String) {
    let shelf = Arc::<Shelf>::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let behind = Arc::clone(&shelf);
    let answer = move |request: Request<Bytes>, _| {
        let shelf = Arc::clone(&behind);
        async move { shelf.answer(&request) }
    };
    let refuse = |refusal: web::Refusal| status(refusal.status());
    tokio::spawn(web::serve(listener, web::Limits::default(), std::future::pending(), refuse, answer));
    (shelf, endpoint)
}

fn status(status: StatusCode) -> Response<web::Body> {
    let mut response = Response::new(web::Body::empty());
    *response.status_mut() = status;
    response
}

impl Shelf {
    fn answer(&self, request: &Request<Bytes>) -> Response<web::Body> {
        let path = request.uri().path().to_owned();
        self.asked.lock().unwrap().push(format!("{} {path}", request.method()));
        let mut failing = self.failing.lock().unwrap();
        if *failing > 0 {
            *failing -= 1;
            return status(StatusCode::SERVICE_UNAVAILABLE);
        }
        if !signed(request) {
            return status(StatusCode::FORBIDDEN);
        }
        let mut objects = self.objects.lock().unwrap();
        match *request.method() {
            Method::PUT => {
                let only_new = request.headers().get("if-none-match").is_some_and(|value| value == "*");
                if only_new && objects.contains_key(&path) {
                    return status(StatusCode::PRECONDITION_FAILED);
                }
                objects.insert(path, request.body().clone());
                let mut response = status(StatusCode::OK);
                response.headers_mut().insert("etag", "\"e\"".parse().unwrap());
                response
            }
            Method::GET if path == "/guarantees" => listed(request, &objects),
            Method::GET => objects.get(&path).map_or_else(
                || status(StatusCode::NOT_FOUND),
                |bytes| {
                    let (bytes, range) = ranged(request, bytes);
                    let mut response = Response::new(web::Body::from(bytes.clone()));
                    if let Some(range) = range {
                        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                        response.headers_mut().insert("content-range", range.parse().unwrap());
                    }
                    let headers = response.headers_mut();
                    headers.insert("etag", "\"e\"".parse().unwrap());
                    headers.insert("last-modified", "Sun, 22 Nov 2026 00:00:00 GMT".parse().unwrap());
                    headers.insert("content-length", bytes.len().into());
                    response
                },
            ),
            _ => status(StatusCode::METHOD_NOT_ALLOWED),
        }
    }
}

/// The part that is asked for, and what Content-Range says of it.
fn ranged(request: &Request<Bytes>, bytes: &Bytes) -> (Bytes, Option<String>) {
    let asked = request.headers().get("range").and_then(|range| range.to_str().ok()?.strip_prefix("bytes="));
    let Some((from, to)) = asked.and_then(|range| range.split_once('-')) else {
        return (bytes.clone(), None);
    };
    let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
    let to = to.min(bytes.len() - 1);
    (bytes.slice(from..=to), Some(format!("bytes {from}-{to}/{}", bytes.len())))
}

/// ListObjectsV2: the objects whose names begin with the prefix, one to a page, so that all pages must be asked for.
fn listed(request: &Request<Bytes>, objects: &HashMap<String, Bytes>) -> Response<web::Body> {
    let query: HashMap<_, _> =
        url::form_urlencoded::parse(request.uri().query().unwrap().as_bytes()).collect();
    assert_eq!(query["list-type"], "2");
    let names = objects.keys().map(|path| path.strip_prefix("/guarantees/").unwrap());
    let after = query.get("continuation-token").map_or("", |token| token);
    let mut names: Vec<&str> =
        names.filter(|name| name.starts_with(&*query["prefix"]) && *name > after).collect();
    names.sort_unstable();
    let more = names.len() > 1;
    let contents: String = names.iter().take(1).map(|name| {
        let size = objects[&format!("/guarantees/{name}")].len();
        format!("<Contents><Key>{name}</Key><LastModified>2026-11-22T00:00:00.000Z</LastModified><ETag>\"e\"</ETag><Size>{size}</Size></Contents>")
    }).collect();
    let next = names
        .first()
        .filter(|_| more)
        .map(|name| format!("<NextContinuationToken>{name}</NextContinuationToken>"));
    let xml = format!(
        "<?xml version=\"1.0\"?><ListBucketResult><Name>guarantees</Name><IsTruncated>{more}</IsTruncated>{contents}{}</ListBucketResult>",
        next.unwrap_or_default()
    );
    Response::new(web::Body::from(Bytes::from(xml)))
}

/// AWS Signature Version 4, and that the body is the one whose hash was signed.
fn signed(request: &Request<Bytes>) -> bool {
    let header =
        |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let hash = hex::encode(sha256(request.body()));
    let Some(claim) = header("authorization").strip_prefix("AWS4-HMAC-SHA256 ") else { return false };
    let part = |name: &str| claim.split(", ").find_map(|part| part.strip_prefix(name)).unwrap_or_default();
    let (names, moment) = (part("SignedHeaders="), header("x-amz-date"));
    let headers: String = names.split(';').map(|name| format!("{name}:{}\n", header(name).trim())).collect();
    let query = request.uri().query().unwrap_or_default();
    let path = request.uri().path();
    let canonical = format!("{}\n{path}\n{query}\n{headers}\n{names}\n{hash}", request.method());
    let Some(day) = moment.get(..8) else { return false };
    let scope = format!("{day}/{REGION}/s3/aws4_request");
    let text = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{}", hex::encode(sha256(canonical.as_bytes())));
    let start = format!("AWS4{SECRET}").into_bytes();
    let key = [day, REGION, "s3", "aws4_request"]
        .iter()
        .fold(start, |key, step| hmac_sha256(&key, step.as_bytes()).to_vec());
    header("x-amz-content-sha256") == hash
        && part("Credential=") == format!("{ID}/{scope}")
        && part("Signature=") == hex::encode(hmac_sha256(&key, text.as_bytes()))
}

fn store(endpoint: &str, secret: &str) -> Documents {
    let keys = [Secret::new(ID), Secret::new(secret)];
    Documents::in_bucket("s3://guarantees/2026/papers", Some(endpoint), REGION, &keys).unwrap()
}

fn path_of(document: &DocumentRef) -> String {
    format!("/guarantees/2026/papers/{}/{}", &document.sha256[..2], document.sha256)
}

#[tokio::test]
async fn what_is_put_is_got_and_written_once() {
    let (shelf, endpoint) = service().await;
    let documents = store(&endpoint, SECRET);
    let kept = documents.put(b"%PDF-1.7 one".to_vec(), "一.pdf").await.unwrap();
    assert_eq!(kept.sha256, hex::encode(sha256(b"%PDF-1.7 one")));
    assert_eq!(documents.get(&kept).await.unwrap(), b"%PDF-1.7 one");
    assert_eq!(documents.put(b"%PDF-1.7 one".to_vec(), "一.pdf").await.unwrap(), kept);
    let path = path_of(&kept);
    let (put, get) = (format!("PUT {path}"), format!("GET {path}"));
    assert_eq!(*shelf.asked.lock().unwrap(), [put.clone(), get.clone(), put, get], "the second put compares");
    assert_eq!(shelf.objects.lock().unwrap().keys().collect::<Vec<_>>(), [&path]);
}

#[tokio::test]
async fn a_damaged_object_is_never_handed_out_and_is_mended_by_the_next_put() {
    let (shelf, endpoint) = service().await;
    let documents = store(&endpoint, SECRET);
    let kept = documents.put(b"good".to_vec(), "x.pdf").await.unwrap();
    shelf.objects.lock().unwrap().insert(path_of(&kept), Bytes::from_static(b"evil"));
    assert!(matches!(documents.get(&kept).await, Err(Lost::Damaged(_))));
    assert_eq!(documents.put(b"good".to_vec(), "x.pdf").await.unwrap(), kept);
    assert_eq!(documents.get(&kept).await.unwrap(), b"good");
}

#[tokio::test]
async fn documents_are_sealed_in_the_bucket_and_sealed_anew_under_another_key() {
    let (shelf, endpoint) = service().await;
    let ring = |keys: &[&str]| {
        let secret = |id: &str| Secret::new(hex::encode(sha256(id.as_bytes())));
        let secrets: Vec<(&str, Secret)> = keys.iter().map(|id| (*id, secret(id))).collect();
        Keyring::new(keys[keys.len() - 1], secrets.iter().map(|(id, secret)| (*id, secret))).ok()
    };
    // Two of one part, so that a list has two pages; searched for, as digests cannot be chosen.
    let texts: Vec<String> = (0..200).map(|n| format!("%PDF {n}")).collect();
    let part = |text: &String| sha256(text.as_bytes())[0];
    let (one, two) = texts
        .iter()
        .enumerate()
        .find_map(|(at, one)| texts[..at].iter().find(|two| part(two) == part(one)).map(|two| (one, two)))
        .unwrap();
    let old = store(&endpoint, SECRET).sealed_under(ring(&["old"]), || [1; 12]);
    let first = old.put(one.clone().into_bytes(), "x.pdf").await.unwrap();
    let plain = store(&endpoint, SECRET).put(two.clone().into_bytes(), "x.pdf").await.unwrap();
    assert!(shelf.objects.lock().unwrap()[&path_of(&first)].starts_with(b"gcm1:old:"));
    let both = store(&endpoint, SECRET).sealed_under(ring(&["old", "new"]), || [2; 12]);
    let mut uses = both.key_uses(part(one)).await.unwrap();
    uses.sort_by_key(|(_, key)| key.clone());
    assert_eq!(uses, [(plain.sha256.clone(), None), (first.sha256.clone(), Some("old".to_owned()))]);
    for document in [&first, &plain] {
        assert!(both.seal_anew(&document.sha256).await.unwrap());
        assert!(!both.seal_anew(&document.sha256).await.unwrap());
        assert!(shelf.objects.lock().unwrap()[&path_of(document)].starts_with(b"gcm1:new:"));
    }
    let new = store(&endpoint, SECRET).sealed_under(ring(&["new"]), || [3; 12]);
    assert_eq!(new.get(&first).await.unwrap(), one.as_bytes());
    assert_eq!(new.get(&plain).await.unwrap(), two.as_bytes());
}

#[tokio::test]
async fn what_is_not_there_is_missing_and_nothing_else_can_be_asked_for() {
    let (shelf, endpoint) = service().await;
    let documents = store(&endpoint, SECRET);
    let asked = |sha256: &str| DocumentRef { sha256: sha256.to_owned(), name: "x".to_owned() };
    assert!(matches!(documents.get(&asked(&"a".repeat(64))).await, Err(Lost::Missing(_))));
    let before = shelf.asked.lock().unwrap().len();
    for sha256 in ["../secret", "", &"A".repeat(64), &format!("../{}", "a".repeat(61))] {
        assert!(matches!(documents.get(&asked(sha256)).await, Err(Lost::NotAReference)), "{sha256}");
    }
    assert_eq!(shelf.asked.lock().unwrap().len(), before);
}

#[tokio::test]
async fn a_service_that_stumbles_is_asked_again_and_one_that_refuses_or_is_away_is_told() {
    let (shelf, endpoint) = service().await;
    *shelf.failing.lock().unwrap() = 2;
    let kept = store(&endpoint, SECRET).put(b"one".to_vec(), "x.pdf").await.unwrap();
    let stranger = store(&endpoint, "another secret");
    let refused = stranger.get(&kept).await.unwrap_err();
    assert!(refused.is_passing() && matches!(refused, Lost::Bucket(_)), "{refused}");
    assert!(matches!(stranger.put(b"two".to_vec(), "x.pdf").await, Err(Lost::Bucket(_))));
    assert_eq!(shelf.objects.lock().unwrap().len(), 1, "nothing came in unsigned");
    let told = format!("{refused} {refused:?} {stranger:?}");
    assert!(!told.contains("another secret"), "{told}");
    let nowhere = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    assert!(matches!(store(&nowhere, SECRET).get(&kept).await, Err(Lost::Bucket(_))));
}

#[test]
fn an_address_that_is_no_bucket_is_told() {
    let keys = || [Secret::new(ID), Secret::new(SECRET)];
    for url in ["guarantees", "s3://", "s3:///x", "https://guarantees", "s3://a b/c", "s3://a/b/../c"] {
        let told = Documents::in_bucket(url, None, REGION, &keys());
        assert!(matches!(told, Err(BadBucket::Url)), "{url}: {told:?}");
    }
    let told = Documents::in_bucket("s3://guarantees", Some("minio:9000"), REGION, &keys());
    assert!(matches!(told, Err(BadBucket::Endpoint)), "{told:?}");
    assert!(Documents::in_bucket("s3://guarantees", None, REGION, &keys()).is_ok());
}
