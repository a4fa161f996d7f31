//! HTTPS as callers meet it: known ones speak, strangers and those who only connect are shown the door.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use bytes::Bytes;
use http::{Request, Response};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use web::{BadTls, Body, Limits, Peer, Port, Tls};

const ROOT: &[u8] = include_bytes!("../../testkit/keys/root.pem");
const OTHER_ROOT: &[u8] = include_bytes!("../../testkit/keys/other-root.pem");
const SERVER: (&[u8], &[u8]) =
    (include_bytes!("../../testkit/keys/server.pem"), include_bytes!("../../testkit/keys/server.key"));
const CALLER: (&[u8], &[u8]) =
    (include_bytes!("../../testkit/keys/caller.pem"), include_bytes!("../../testkit/keys/caller.key"));
const STRANGER: (&[u8], &[u8]) =
    (include_bytes!("../../testkit/keys/stranger.pem"), include_bytes!("../../testkit/keys/stranger.key"));

async fn port(client_roots: Option<&[u8]>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let tls = Tls::new(SERVER.0, SERVER.1, client_roots).unwrap();
    let limits = Limits { header_read: Duration::from_millis(300), ..Limits::default() };
    let echo = |request: Request<Bytes>, _: Peer| async { Response::new(Body::from(request.into_body())) };
    let refuse = |_| Response::new(Body::empty());
    let port = Port { listener, tls: Some(tls) };
    tokio::spawn(web::serve(port, limits, std::future::pending(), refuse, echo));
    addr
}

/// What comes back to `hello` over TLS, from a server that `root` vouches for.
async fn says(to: SocketAddr, root: &[u8], me: Option<(&[u8], &[u8])>) -> io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(root).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let builder = builder.with_root_certificates(roots);
    let config = match me {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => {
            let chain = vec![CertificateDer::from_pem_slice(chain).unwrap()];
            builder.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(key).unwrap()).unwrap()
        }
    };
    let connector = TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = connector.connect(name, TcpStream::connect(to).await?).await?;
    stream
        .write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello")
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned())
}

#[tokio::test]
async fn whoever_knows_our_root_is_served_and_a_false_root_is_noticed() {
    let open = port(None).await;
    assert_eq!(says(open, ROOT, None).await.unwrap(), "hello");
    assert!(says(open, OTHER_ROOT, None).await.is_err());
}

#[tokio::test]
async fn with_client_roots_only_their_certificates_are_let_in() {
    let closed = port(Some(ROOT)).await;
    assert_eq!(says(closed, ROOT, Some(CALLER)).await.unwrap(), "hello");
    for nobody in [None, Some(STRANGER), Some(SERVER)] {
        let answer = says(closed, ROOT, nobody).await;
        assert!(answer.is_err(), "{answer:?}");
    }
}

#[tokio::test]
async fn whoever_connects_and_does_not_shake_hands_is_cut_off() {
    let open = port(None).await;
    for first in [&b""[..], b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"] {
        let mut plain = TcpStream::connect(open).await.unwrap();
        plain.write_all(first).await.unwrap();
        let mut answer = Vec::new();
        // Either way the connection ends; nothing of HTTP was said in clear.
        let _ = tokio::time::timeout(Duration::from_secs(20), plain.read_to_end(&mut answer)).await.unwrap();
        assert!(!answer.starts_with(b"HTTP"));
    }
}

#[test]
fn what_does_not_fit_is_told_apart() {
    let bad = |certificates, key, roots| Tls::new(certificates, key, roots).unwrap_err();
    assert_eq!(bad(b"", SERVER.1, None), BadTls::Certificates);
    assert_eq!(bad(SERVER.1, SERVER.1, None), BadTls::Certificates);
    assert_eq!(bad(SERVER.0, SERVER.0, None), BadTls::Key);
    assert_eq!(bad(SERVER.0, SERVER.1, Some(b"")), BadTls::ClientRoots);
    assert!(matches!(bad(SERVER.0, CALLER.1, None), BadTls::Misfit(_)));
}
