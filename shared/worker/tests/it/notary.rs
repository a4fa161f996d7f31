//! Documents signed with timestamps that come over HTTP, and what happens when they do not come.

use super::house::{documents, keys, policy, printer};
use super::samples::order;
use bytes::Bytes;
use domain::{Mode, Payment, Timestamp};
use http::{Request, Response};
use signing::verify::{Findings, Limits, TimeSource, check};
use signing::{LocalSigner, TrustAnchors};
use std::process::Command;
use tokio::net::TcpListener;
use worker::{Authority, Failure, Notary, Press};

fn read(name: &str) -> String {
    std::fs::read_to_string(keys().join(name)).expect("a key")
}

fn trust() -> TrustAnchors {
    TrustAnchors::from_pem(&read("root.pem")).expect("roots")
}

/// `openssl ts`, one request after another.
fn stamp(request: &[u8]) -> Vec<u8> {
    let name =
        format!("stamp-{}-{}", std::process::id(), request.iter().map(|byte| u64::from(*byte)).sum::<u64>());
    let file = |end: &str| std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.{end}"));
    std::fs::write(file("tsq"), request).expect("writes");
    std::fs::write(file("serial"), "01\n").expect("writes");
    let mut openssl = Command::new("openssl");
    openssl.args(["ts", "-reply", "-section", "sandbox", "-config"]).arg(keys().join("tsa.cnf"));
    openssl.arg("-queryfile").arg(file("tsq")).arg("-out").arg(file("tsr")).env("TSA_SERIAL", file("serial"));
    openssl.arg("-signer").arg(keys().join("tsa.pem")).arg("-inkey").arg(keys().join("tsa.key"));
    let done = openssl.output().expect("openssl");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    std::fs::read(file("tsr")).expect("a reply")
}

/// A loopback server that answers every request so; its address.
async fn serve(answer: fn(&Request<Bytes>) -> Response<web::Body>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let refuse = |refusal: web::Refusal| {
        let mut response = Response::new(web::Body::from("refused"));
        *response.status_mut() = refusal.status();
        response
    };
    let handler = move |request: Request<Bytes>, _| std::future::ready(answer(&request));
    tokio::spawn(web::serve(listener, web::Limits::default(), std::future::pending(), refuse, handler));
    format!("http://{address}/tsa")
}

async fn issue(url: &str) -> Result<(Vec<u8>, Findings), Failure> {
    let signer = LocalSigner::from_pem(&read("p256.key"), &read("p256.chain.pem"), b"").expect("a signer");
    let authority = Authority::at(url).expect("a client");
    let notary = Notary::with_timestamps(Box::new(signer), authority, trust(), true);
    let secret = crypto::secret::Secret::new("dummy-link-secret-of-at-least-32-bytes");
    let links = documents::Links::new("https://files.example.cn", secret, 90).expect("a base");
    let press = Press::new(documents(), links, printer(), notary);
    let now = Timestamp::new(boot::now());
    let guarantee = press.guarantee(&order("demo", "1"), &policy(Mode::Auto, Payment::Later), now).await?;
    let bytes = documents().get(&guarantee.document).await.expect("kept");
    let findings = check(&bytes, &trust(), now.plus_seconds(60), &Limits::default());
    Ok((bytes, findings))
}

#[tokio::test]
async fn a_guarantee_is_stamped_over_http() {
    let url = serve(|request| {
        assert_eq!(request.headers()["content-type"], "application/timestamp-query");
        Response::new(web::Body::from(stamp(request.body())))
    });
    let (bytes, findings) = issue(&url.await).await.expect("issued");
    assert!(findings.is_genuine(), "{findings:?}");
    assert_eq!(findings.signing_time.expect("a time").source, TimeSource::Timestamp);
    assert!(bytes.windows(12).any(|window| window == b"DocTimeStamp"), "the whole document is stamped too");
}

#[tokio::test]
async fn without_a_timestamp_the_guarantee_waits() {
    let broken = serve(|_| Response::new(web::Body::from("<html>"))).await;
    let gone = "http://127.0.0.1:1/tsa".to_owned();
    let closed = serve(|_| {
        let mut response = Response::new(web::Body::from(""));
        *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
        response
    });
    for url in [broken, gone, closed.await] {
        let failure = issue(&url).await.map(|(bytes, _)| bytes.len()).expect_err("no timestamp");
        assert!(matches!(failure, Failure::Later(_)), "{failure:?}");
    }
}
