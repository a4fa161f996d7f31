//! `baohan doctor`: what each partner really sends is captured off the wire, and examined with settings that fit and settings
//! that do not.

use crate::desk::{Desk, PARTNER, run};
use crate::{govproc::GOVPROC, pubres::PUBRES, yueyang::YUEYANG};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;

const FUZHOU: &str = r#"id = "fuzhou-demo"
protocol = "fuzhou"
title = "电子保函服务平台"
base_url = "http://127.0.0.1:9/api/insurer/v1/"
[policy]
orders = "auto"
rate_card = { rate = "0.005" }
[settings]
api_key = "file:HERE/dummy.key"
api_secret = "file:HERE/dummy.key"
rsa_pk = "file:HERE/insurer.pub.pem"
rsa_sk = "file:HERE/insurer.pem"
api_rsa_pk = "file:HERE/platform.pub.pem"
btc_id = 223
insurer_name = "示例财产保险有限公司"
"#;

const SECRET: &str = "0123456789abcdef";

/// A partner, what it sends, settings under which that does not hold, and what is said then.
struct Row {
    id: &'static str,
    settings: &'static str,
    method: &'static str,
    broken: (&'static str, &'static str),
    advice: &'static str,
}

const ROWS: [Row; 5] = [
    Row {
        id: "finserv-demo",
        settings: PARTNER,
        method: "update_bidinfo",
        broken: ("iv = ", "sign = { secret_joiner = \"\" }\niv = "),
        advice: "accept_also = [{}]",
    },
    Row {
        id: "pubres-demo",
        settings: PUBRES,
        method: "giveupapply",
        broken: ("instname", "sign = { digest = \"md5\" }\ninstname"),
        advice: "accept_also = [{}]",
    },
    Row {
        id: "yueyang-demo",
        settings: YUEYANG,
        method: "openTimeMaintenance",
        broken: ("user = \"示例出函机构\"", "user = \"别的机构\""),
        advice: "授权码正确，用户名与配置不一致",
    },
    Row {
        id: "govproc-demo",
        settings: GOVPROC,
        method: "/guarantee/cost",
        broken: ("sellername", "key_form = \"md5\"\nsellername"),
        advice: "key_form = \"utf8\"",
    },
    Row {
        id: "fuzhou-demo",
        settings: FUZHOU,
        method: "delay-open-push",
        broken: ("btc_id", "padding = \"oaep_sha1\"\nbtc_id"),
        advice: "accept_padding = [\"pkcs1\"]",
    },
];

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("link.key", &SECRET.repeat(2));
    for key in ["insurer.pem", "insurer.pub.pem", "platform.pub.pem"] {
        let from = format!("{}/../../shared/protocol-fuzhou/fixtures/keys/{key}", env!("CARGO_MANIFEST_DIR"));
        std::fs::copy(from, desk.folder.join(key)).unwrap();
    }
    for row in &ROWS {
        let extra = if row.id == "govproc-demo" { "transport = \"sandbox\"\n" } else { "" };
        desk.write(&format!("partners/{}.toml", row.id), &format!("{}{extra}", row.settings));
    }
    desk
}

/// The bytes of a request as they went over the wire.
fn captured(desk: &Desk, row: &Row) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = format!("http://{}/{}", listener.local_addr().unwrap(), row.id);
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut all, mut piece) = (Vec::new(), [0; 4096]);
        loop {
            let read = stream.read(&mut piece).unwrap();
            all.extend_from_slice(&piece[..read]);
            let text = String::from_utf8_lossy(&all).to_lowercase();
            let Some(head) = text.find("\r\n\r\n") else { continue };
            let length = text[..head].lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
            if all.len() >= head + 4 + length || read == 0 {
                break;
            }
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").unwrap();
        all
    });
    // Whatever the program makes of such an answer, the request has gone out.
    let said = desk.baohan(&["send", row.method, "--partner", row.id, "--guarantee-no", "BH1", "--to", &to]);
    assert!(said.code.is_some_and(|code| code < 2), "{said:?}");
    serving.join().unwrap()
}

#[test]
fn what_partners_send_is_examined_in_all_five_protocols() {
    let desk = desk();
    for row in &ROWS {
        let bytes = captured(&desk, row);
        let file = desk.folder.join("captured.http");
        std::fs::write(&file, &bytes).unwrap();
        let file = file.to_str().unwrap();
        let good = desk.done(&["doctor", "--partner", row.id, file]);
        assert!(good.contains("✓ 与当前配置一致") && good.contains("网关会接受"), "{}: {good}", row.id);
        let settings = row.settings.replace(row.broken.0, row.broken.1);
        assert_ne!(settings, row.settings);
        let extra = if row.id == "govproc-demo" { "transport = \"sandbox\"\n" } else { "" };
        desk.write(&format!("partners/{}.toml", row.id), &format!("{settings}{extra}"));
        let told = desk.refused(&["doctor", "--partner", row.id, file]);
        assert!(told.contains(row.advice), "{}: {told}", row.id);
        assert!(!good.contains(SECRET) && !told.contains(SECRET), "{good}{told}");
        let json = desk.baohan(&["doctor", "--partner", row.id, file, "--json", "--masked"]);
        let json: Value = serde_json::from_str(&json.out).unwrap();
        assert_eq!(json["good"], false, "{json}");
    }
}

#[test]
fn another_partner_s_secret_is_named_and_standard_input_is_read() {
    let desk = desk();
    let row = &ROWS[1];
    let bytes = captured(&desk, row);
    let mine = PUBRES.replace("dummy.key", "mine.key");
    desk.write("mine.key", "fedcba9876543210\n");
    desk.write("partners/pubres-demo.toml", &mine);
    desk.write("partners/pubres-twin.toml", &PUBRES.replace("pubres-demo", "pubres-twin"));
    let files = ["gateway.toml", "postgres.toml"].map(|file| desk.folder.join(file));
    let mut child = Command::new(env!("CARGO_BIN_EXE_baohan"))
        .args(["doctor", "--partner", "pubres-demo", "-"])
        .env_clear()
        .env("GATEWAY_CONFIG", std::env::join_paths(files).unwrap())
        .env("GATEWAY_AMQP_URL", "amqp://nobody@127.0.0.1:1/gw")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("合作方 pubres-twin 的密钥"), "{told}");
    assert!(!told.contains("fedcba9876543210") && !told.contains(SECRET), "{told}");
}

#[test]
fn a_callback_is_compared_with_the_signature_that_the_partner_expects() {
    let desk = desk();
    let body = r#"{"appkey":"demo-appkey","timestamp":"2026-11-22 10:30:00","applyno":"T1","applyusername":"王示例","sign":"0"}"#;
    desk.write("callback.json", body);
    let file = desk.folder.join("callback.json");
    let file = file.to_str().unwrap();
    let text = "appkey=demo-appkey&applyno=T1&applyusername=王示例&timestamp=2026-11-22 10:30:00&key=0123456789abcdef";
    let expected = hex::encode(sm3(text));
    let told = desk.refused(&["doctor", "--partner", "pubres-demo", file, "--sign", &expected]);
    assert!(told.contains("sign = { secret = { suffix = \"&key=\" } }"), "{told}");
    assert!(told.contains("applyusername=王示例"), "{told}");
    let masked = desk.refused(&["doctor", "--partner", "pubres-demo", file, "--sign", &expected, "--masked"]);
    assert!(masked.contains("applyusername=王***") && !masked.contains("王示例"), "{masked}");
}

/// Keys were changed and the partner goes on with the old ones: that is said, and no setting is recommended.
#[test]
fn keys_from_before_a_change_are_recognised_in_all_five_protocols() {
    let desk = desk();
    for (row, key) in ROWS.iter().zip(["secret_key", "appsecret", "code", "app_secret", "api_secret"]) {
        let bytes = captured(&desk, row);
        let file = desk.folder.join("former.http");
        std::fs::write(&file, &bytes).unwrap();
        let file = file.to_str().unwrap();
        desk.write("new.key", "fedcba9876543210\n");
        let extra = if row.id == "govproc-demo" { "transport = \"sandbox\"\n" } else { "" };
        let old = format!("{key} = \"file:HERE/dummy.key\"");
        let renewed = row.settings.replace(&old, &format!("{key} = \"file:HERE/new.key\""));
        assert_ne!(renewed, row.settings, "{}", row.id);
        for (until, code, said) in
            [("2126-01-01", 0, "前有效，网关会接受"), ("2020-01-01", 1, "失效；请合作方改用新密钥")]
        {
            let former = format!("[former]\nuntil = \"{until}T00:00:00Z\"\n[former.settings]\n{old}\n");
            desk.write(&format!("partners/{}.toml", row.id), &format!("{renewed}{extra}{former}"));
            let told = desk.baohan(&["doctor", "--partner", row.id, file]);
            assert_eq!(told.code, Some(code), "{}: {told:?}", row.id);
            assert!(told.out.contains("[former] 一致") && told.out.contains(said), "{}: {told:?}", row.id);
            assert!(!told.out.contains("[settings] 中写"), "{}: {told:?}", row.id);
            assert!(!told.out.contains(SECRET) && !told.out.contains("fedcba9876543210"), "{told:?}");
        }
        desk.write(&format!("partners/{}.toml", row.id), &format!("{}{extra}", row.settings));
    }
}

/// The other way round: we use the new keys, and the partner checks by the old ones.
#[test]
fn a_partner_that_checks_by_the_keys_before_a_change_is_recognised() {
    let desk = desk();
    desk.write("new.key", "fedcba9876543210");
    let renewed = PUBRES.replace("dummy.key", "new.key");
    assert_ne!(renewed, PUBRES);
    let former = "[former]\nuntil = \"2020-01-01T00:00:00Z\"\n[former.settings]\nappsecret = \"file:HERE/dummy.key\"\n";
    desk.write("partners/pubres-demo.toml", &format!("{renewed}{former}"));
    let text = "appkey=demo-appkey&applyno=T1&timestamp=2026-11-22 10:30:00&appsecret=";
    let body = format!(
        r#"{{"appkey":"demo-appkey","timestamp":"2026-11-22 10:30:00","applyno":"T1","sign":"{}"}}"#,
        hex::encode(sm3(&format!("{text}fedcba9876543210")))
    );
    desk.write("callback.json", &body);
    let file = desk.folder.join("callback.json");
    let expected = hex::encode(sm3(&format!("{text}{SECRET}")));
    let told =
        desk.refused(&["doctor", "--partner", "pubres-demo", file.to_str().unwrap(), "--sign", &expected]);
    assert!(told.contains("对方仍按旧密钥核对我方报文") && !told.contains("中写"), "{told}");
    assert!(!told.contains(SECRET) && !told.contains("fedcba9876543210"), "{told}");
}

#[test]
fn a_line_to_paste_keeps_what_the_list_holds_today() {
    let desk = desk();
    // The partner signs as documented, which is neither `sign` nor in the list.
    for (at, settings, line) in [
        (
            0,
            "sign = { secret_joiner = \"&key=\" }\naccept_also = [{ secret_joiner = \"\" }]  # since May\niv = ",
            "accept_also = [{ secret_joiner = \"\" }, {}]",
        ),
        (
            4,
            "padding = \"oaep_sha1\"\naccept_padding = [\"oaep_sha256_mgf1_sha1\"]\nbtc_id",
            "accept_padding = [\"oaep_sha256_mgf1_sha1\", \"pkcs1\"]",
        ),
    ] {
        let row = &ROWS[at];
        let file = desk.folder.join("captured.http");
        std::fs::write(&file, captured(&desk, row)).unwrap();
        let place = row.broken.0;
        desk.write(&format!("partners/{}.toml", row.id), &row.settings.replacen(place, settings, 1));
        let told = desk.refused(&["doctor", "--partner", row.id, file.to_str().unwrap()]);
        assert!(told.lines().any(|said| said == line), "{}: {line}\n{told}", row.id);
        desk.write(&format!("partners/{}.toml", row.id), row.settings);
    }
}

fn sm3(text: &str) -> [u8; 32] {
    crypto::digest::sm3(text.as_bytes())
}

#[test]
fn what_cannot_be_examined_is_told() {
    let desk = desk();
    let missing = run(Command::new(env!("CARGO_BIN_EXE_baohan")).env_clear().args(["doctor", "x"]));
    assert_eq!(missing.code, Some(2), "{missing:?}");
    assert!(desk.refused(&["doctor", "--partner", "nobody", "x"]).contains("cannot be read"));
    desk.write("x", "{}");
    let file = desk.folder.join("x");
    assert!(
        desk.refused(&["doctor", "--partner", "nobody", file.to_str().unwrap()])
            .contains("no partner nobody")
    );
}
