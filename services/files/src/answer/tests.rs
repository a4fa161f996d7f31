//! What is answered to which request.

use super::*;
use crypto::secret::Secret;
use std::path::PathBuf;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn links(days: u32) -> Links {
    Links::new("http://files.example", Secret::new("a-dummy-secret-for-links".to_owned()), days).unwrap()
}

async fn desk(name: &str) -> (Desk, DocumentRef, Folder) {
    let folder = std::env::temp_dir().join(format!("files-{name}-{}", std::process::id()));
    let store = Documents::open(&folder).unwrap();
    let document = store.put(b"0123456789".to_vec(), "投标保函.pdf").await.unwrap();
    let metrics = Metrics::of(boot::Process { name: "files" });
    (Desk::new(links(1), store, &metrics), document, Folder(folder))
}

fn get(url: &str) -> Request<Bytes> {
    let path = url.strip_prefix("http://files.example").unwrap_or(url);
    Request::get(path).body(Bytes::new()).unwrap()
}

fn now() -> Timestamp {
    Timestamp::new(boot::now())
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_link_opens_its_document_under_its_name() {
    let (desk, document, _folder) = desk("open").await;
    let response = desk.answer(get(&links(1).url(&document, now()))).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "application/pdf");
    assert_eq!(header(&response, "content-length"), "10");
    let name = "inline; filename=\"____.pdf\"; filename*=UTF-8''%E6%8A%95%E6%A0%87%E4%BF%9D%E5%87%BD.pdf";
    assert_eq!(header(&response, "content-disposition"), name);
}

#[tokio::test]
async fn a_part_is_served_and_a_part_beyond_is_not() {
    let (desk, document, _folder) = desk("part").await;
    let mut request = get(&links(1).url(&document, now()));
    request.headers_mut().insert(RANGE, HeaderValue::from_static("bytes=2-4"));
    let part = desk.clone().answer(request).await;
    assert_eq!((part.status().as_u16(), header(&part, "content-range")), (206, "bytes 2-4/10"));
    assert_eq!(header(&part, "content-length"), "3");
    let mut request = get(&links(1).url(&document, now()));
    request.headers_mut().insert(RANGE, HeaderValue::from_static("bytes=10-"));
    let beyond = desk.answer(request).await;
    assert_eq!((beyond.status().as_u16(), header(&beyond, "content-range")), (416, "bytes */10"));
}

#[tokio::test]
async fn forged_expired_and_wandering_links_open_nothing() {
    let (desk, document, _folder) = desk("forged").await;
    let link = links(1).url(&document, now());
    let forged = link.replacen("/d/", "/d/A", 1);
    assert_eq!(desk.clone().answer(get(&forged)).await.status(), 404);
    let other =
        Links::new("http://files.example", Secret::new("another-dummy-secret".to_owned()), 1).unwrap();
    assert_eq!(desk.clone().answer(get(&other.url(&document, now()))).await.status(), 404);
    let expired = links(1).url(&document, now().plus_seconds(-3 * 86_400));
    assert_eq!(desk.clone().answer(get(&expired)).await.status(), 410);
    for path in ["/", "/d/", "/d/../../etc/passwd", "/../gateway.toml"] {
        assert_eq!(desk.clone().answer(get(path)).await.status(), 404, "{path}");
    }
    let missing = DocumentRef { sha256: "0".repeat(64), name: "x.pdf".into() };
    assert_eq!(desk.answer(get(&links(1).url(&missing, now()))).await.status(), 404);
}

#[tokio::test]
async fn only_reading_is_allowed() {
    let (desk, document, _folder) = desk("methods").await;
    let mut request = get(&links(1).url(&document, now()));
    *request.method_mut() = Method::POST;
    let response = desk.answer(request).await;
    assert_eq!((response.status().as_u16(), header(&response, "allow")), (405, "GET, HEAD"));
}
