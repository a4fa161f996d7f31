//! `baohan send`: what it sends is what the gateway's own protocol crate believes.

use crate::desk::{Desk, PARTNER};
use bytes::Bytes;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{Command, Timestamp};
use protocol::{Inbound, Wish};
use protocol_finserv::Finserv;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread;

struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        let iv = reference.to_string().ends_with("iv");
        Ok(Secret::new(if iv { "fedcba9876543210" } else { "0123456789abcdef" }))
    }
}

/// An ingress for one request: gives its path and body, answers with this.
pub(crate) fn ingress(answer: &'static str) -> (String, thread::JoinHandle<(String, String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serving = thread::spawn(move || {
        let mut stream = BufReader::new(listener.accept().unwrap().0);
        let (mut head, mut length) = (Vec::new(), 0);
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            head.push(line);
        }
        let kind = head.iter().find(|line| line.to_ascii_lowercase().starts_with("content-type:")).unwrap();
        let kind = kind.split_once(':').unwrap().1.trim().to_owned();
        let mut body = vec![0; length];
        stream.read_exact(&mut body).unwrap();
        let length = answer.len();
        write!(
            stream.get_mut(),
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}"
        )
        .unwrap();
        (head[0].clone(), kind, body)
    });
    (address, serving)
}

fn believed(desk: &Desk, kind: &str, body: Vec<u8>) -> Wish {
    let folder = desk.folder.join("partners");
    let partner = boot::partners::<protocol_finserv::Settings>(&folder, "finserv").unwrap().remove(0);
    let made = Finserv::new(partner.id, &partner.settings, &partner.base_url, &partner.urls, &Dummies);
    let request = http::Request::post("/").header("content-type", kind).body(Bytes::from(body)).unwrap();
    let call = made.unwrap().open(&request, Timestamp::new(boot::now())).unwrap();
    call.asks.into_iter().next().unwrap().wish
}

const OK: &str = r#"{"result":"success","msg":"","accept_no":"ANBMYTSPQQ92AQNWQPNE"}"#;

#[test]
fn a_sample_is_signed_with_the_partners_own_keys_and_variants() {
    for variant in ["", "sign = { secret_joiner = \"&key=\", empties = \"skip\" }\nbody = \"form\"\n"] {
        let desk = Desk::new();
        desk.write("partners/finserv-demo.toml", &format!("{PARTNER}{variant}"));
        let (address, serving) = ingress(OK);
        let to = format!("http://{address}/finserv-demo");
        let said = desk.done(&["send", "apply_guarantee", "--to", &to]);
        assert!(said.contains("✓ apply_guarantee") && said.contains("ANBMYTSPQQ92AQNWQPNE"), "{said}");
        let (head, kind, body) = serving.join().unwrap();
        assert!(head.starts_with("POST /finserv-demo "), "{head}");
        let wish = believed(&desk, &kind, body);
        assert!(matches!(wish, Wish::Command(Command::PlaceOrder(_))), "{wish:?}");
    }
}

#[test]
fn a_refusal_exits_with_1_and_shows_the_answer() {
    let desk = Desk::new();
    let (address, serving) = ingress(r#"{"result":"fail","msg":"身份验证失败"}"#);
    desk.write("data.json", r#"{"accept_no":"ANBMYTSPQQ92AQNWQPNE"}"#);
    let file = desk.folder.join("data.json").display().to_string();
    let to = format!("http://{address}/");
    let method = "get_apply_guarantee_result";
    let told = desk.refused(&["send", method, "--partner", "finserv-demo", "--data", &file, "--to", &to]);
    assert!(told.contains("身份验证失败"), "{told}");
    let (_, kind, body) = serving.join().unwrap();
    assert!(matches!(believed(&desk, &kind, body), Wish::Query(_)));
}

#[test]
fn what_cannot_be_sent_is_told_with_what_to_do() {
    let desk = Desk::new();
    let told = desk.refused(&["send", "feedback_quit"]);
    assert!(told.contains("no request") && told.contains("apply_guarantee"), "{told}");
    let told = desk.refused(&["send", "apply_claim"]);
    assert!(told.contains("--guarantee-no"), "{told}");
    let told = desk.refused(&["send", "apply_guarantee", "--partner", "nobody"]);
    assert!(told.contains("finserv-demo"), "{told}");
    let told = desk.refused(&["send", "apply_guarantee", "--to", "http://127.0.0.1:1/"]);
    assert!(told.contains("no answer of the protocol") && told.contains("--to URL"), "{told}");
}
