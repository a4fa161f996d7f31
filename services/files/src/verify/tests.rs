//! What whoever holds a guarantee, or something like one, is told.

use crate::ground::{Ground, get, ground, header, links, lonely, now, text};
use bytes::Bytes;
use domain::{
    FileRole, GuaranteeKind, GuaranteeNo, GuaranteeState, Held, Outline, PublicRecord, Query, Refusal, Reply,
    Timestamp,
};
use http::Request;
use http::header::CONTENT_TYPE;
use signing::TrustAnchors;
use signing::verify::{Limits, check};
use std::path::Path;

const NO: &str = "BH202611228Q0F3K7ZT2M9X";

fn record(file: Option<FileRole>) -> PublicRecord {
    PublicRecord {
        guarantee_no: GuaranteeNo::quoted(NO),
        title: "投标保函".to_owned(),
        kind: GuaranteeKind::Plain,
        state: GuaranteeState::InForce,
        issued_at: now(),
        valid_from: None,
        valid_until: Some(now().plus_seconds(86_400)),
        outline: Some(Outline {
            beneficiary: "示例＊＊<b>".to_owned(),
            applicant: "测试＊＊公司".to_owned(),
            project: "道路＊＊工程".to_owned(),
            bond: "8**,***.50".to_owned(),
        }),
        file,
    }
}

fn known(record: PublicRecord) -> impl Fn(Query) -> Reply + Clone + Send + Sync {
    move |_| Reply::Public(Box::new(record.clone()))
}

async fn house(name: &str) -> Ground {
    ground(name, TrustAnchors::default()).await
}

async fn scanned(ground: &Ground) -> String {
    text(ground.answer(get(&links(1).verification(&GuaranteeNo::quoted(NO)))).await).await
}

fn brought(file: &[u8]) -> Request<Bytes> {
    let head = b"--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n";
    let body = [head.as_slice(), file, b"\r\n--XX--\r\n"].concat();
    Request::post("/v").header(CONTENT_TYPE, "multipart/form-data; boundary=XX").body(body.into()).unwrap()
}

/// A soundly signed file that nobody here has issued; its root is not believed.
fn signed() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/verify");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    let sound =
        |file: &Vec<u8>| check(file, &TrustAnchors::default(), now(), &Limits::default()).signature_valid;
    files.into_iter().find(sound).unwrap()
}

#[tokio::test]
async fn the_square_code_leads_to_the_state_and_to_an_outline() {
    let mut ground = house("scan").await;
    ground.answering(|query| match query {
        Query::PublicRecord { held: Held::Number(no) } if no.as_str() == NO => {
            known(record(None))(query_of(no))
        }
        other => panic!("{other:?}"),
    });
    let response = ground.answer(get(&links(1).verification(&GuaranteeNo::quoted(NO)))).await;
    assert_eq!(response.status(), 200);
    let policy = header(&response, "content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert_eq!(header(&response, "referrer-policy"), "no-referrer");
    let page = text(response).await;
    for part in ["保函真实，当前有效", NO, "测试＊＊公司", "￥8**,***.50", "action=\"/v\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains("示例＊＊&lt;b&gt;") && page.contains("示范担保&lt;有限&gt;公司"), "{page}");
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"), "{page}");
}

fn query_of(no: GuaranteeNo) -> Query {
    Query::PublicRecord { held: Held::Number(no) }
}

#[tokio::test]
async fn without_the_check_code_nothing_is_told() {
    let mut ground = house("code").await;
    ground.answering(|query| panic!("asked {query:?}"));
    for path in [&format!("/v/{NO}"), &format!("/v/{NO}/"), &format!("/v/{NO}/000000000000"), "/v/x/y/z"] {
        let response = ground.answer(get(path)).await;
        assert_eq!(response.status(), 404, "{path}");
        let page = text(response).await;
        assert!(page.contains("查验网址不") && page.contains("查验码"), "{path}: {page}");
    }
}

#[tokio::test]
async fn a_guarantee_that_ended_expired_was_replaced_or_is_sealed_is_told_so() {
    let ended = PublicRecord { state: GuaranteeState::Refunded, ..record(None) };
    let expired = PublicRecord { valid_until: Some(now().plus_seconds(-2 * 86_400)), ..record(None) };
    let replaced = PublicRecord { guarantee_no: GuaranteeNo::quoted("BH9"), ..record(None) };
    let sealed = PublicRecord { outline: None, kind: GuaranteeKind::Sealed, ..record(None) };
    for (name, record, parts) in [
        ("ended", ended, ["已失效", "已退保"]),
        ("expired", expired, ["有效期已过", "（含当日）"]),
        ("replaced", replaced, ["已换开", "BH9"]),
        ("sealed", sealed, ["密文，开标前不公开", "（密文保函）"]),
    ] {
        let mut ground = house(name).await;
        ground.answering(known(record));
        let page = scanned(&ground).await;
        for part in parts {
            assert!(page.contains(part), "{name} {part}: {page}");
        }
    }
}

#[tokio::test]
async fn a_file_of_ours_is_known_to_the_byte_and_a_changed_one_is_not() {
    let mut ground = house("file").await;
    let file = signed();
    let ours = hex::encode(crypto::digest::sha256(&file));
    ground.answering(move |query| match query {
        Query::PublicRecord { held: Held::File(sha256) } if sha256 == ours => {
            Reply::Public(Box::new(record(Some(FileRole::Current))))
        }
        _ => Reply::Refused(Refusal::unknown("保函")),
    });
    let page = text(ground.answer(brought(&file)).await).await;
    for part in ["保函真实，当前有效", "逐字节一致", "电子签名</dt><dd>有效", "class=\"verdict good\""]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let mut changed = file.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let page = text(ground.answer(brought(&changed)).await).await;
    assert!(page.contains("未通过查验") && page.contains("class=\"verdict bad\""), "{page}");
    let page = text(ground.answer(brought(b"PK\x03\x04 no PDF")).await).await;
    assert!(page.contains("未通过查验") && page.contains("不是有效的PDF"), "{page}");
}

#[tokio::test]
async fn an_earlier_document_and_a_confirmation_are_what_they_are() {
    for (role, part) in [
        (FileRole::Earlier, "已被新的保函文件取代"),
        (FileRole::Refund, "退保确认书真实"),
        (FileRole::Release, "保函注销确认书真实"),
        (FileRole::Invoice, "开票信息单真实"),
    ] {
        let mut ground = house("role").await;
        ground.answering(known(record(Some(role))));
        let page = text(ground.answer(brought(b"%PDF-")).await).await;
        assert!(page.contains(part) && page.contains("逐字节一致"), "{part}: {page}");
    }
}

#[tokio::test]
async fn with_the_broker_away_the_signature_is_judged_and_the_state_is_not() {
    let (desk, _) = lonely("verify-lonely", TrustAnchors::default()).await;
    let ask = async |request| text(desk.clone().answer(request, crate::ground::CALLER).await).await;
    let page = ask(get(&links(1).verification(&GuaranteeNo::quoted(NO)))).await;
    assert!(page.contains("暂时无法核对状态") && page.contains("class=\"verdict open\""), "{page}");
    let page = ask(brought(&signed())).await;
    assert!(page.contains("暂时无法核对状态") && page.contains("电子签名</dt><dd>有效"), "{page}");
    assert!(ask(get("/v")).await.contains("上传保函文件"));
}

#[tokio::test]
async fn what_is_no_upload_is_told_in_chinese() {
    let ground = house("mistakes").await;
    let response = ground.answer(brought(b"")).await;
    assert_eq!(response.status(), 400);
    assert!(text(response).await.contains("请先选择保函的PDF文件"));
    let plain = Request::post("/v").body(Bytes::from_static(b"%PDF")).unwrap();
    assert!(text(ground.answer(plain).await).await.contains("上传的内容无法识别"));
    let mut large = brought(&vec![b'x'; super::UPLOAD_BYTES + 1]);
    *large.uri_mut() = "/guarantees/v/".parse().unwrap();
    assert!(text(ground.answer(large).await).await.contains("文件超过4MB"));
    for (refusal, part) in [(web::Refusal::BodyTooLarge, "文件超过4MB"), (web::Refusal::Slow, "上传超时")]
    {
        let response = ground.desk.refuse(refusal);
        assert_eq!(response.status(), refusal.status());
        assert!(text(response).await.contains(part));
    }
    let mut other = get("/v");
    *other.method_mut() = http::Method::DELETE;
    assert_eq!(ground.answer(other).await.status(), 405);
}

#[test]
fn a_day_is_over_in_shanghai() {
    let until = Timestamp::new(time_of("2026-11-22T15:00:00Z"));
    let record = PublicRecord { valid_until: Some(until), ..record(None) };
    assert!(!record.has_expired(until.plus_seconds(3599)));
    assert!(record.has_expired(until.plus_seconds(3600)));
}

fn time_of(text: &str) -> time::OffsetDateTime {
    time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).unwrap()
}
