//! A pubres partner in the operator's hands: checked with the others, and played with its own keys and variants.

use crate::desk::{Desk, PARTNER};
use crate::send::ingress;
use bytes::Bytes;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{Command, Timestamp};
use protocol::{Inbound, Wish};
use protocol_pubres::{Pubres, Settings};

pub(crate) const PUBRES: &str = r#"id = "pubres-demo"
protocol = "pubres"
title = "数据服务平台"
base_url = "http://127.0.0.1:9/rest/{interface}"
[policy]
orders = "auto"
rate_card = { rate = "0.005" }
[settings]
appkey = "demo-appkey"
appsecret = "file:HERE/dummy.key"
platform_code = "P01"
instname = "示例担保"
"#;
const OK: &str = r#"{"code":"1","message":"成功"}"#;

struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, _: &SecretRef) -> Result<Secret, SecretMissing> {
        Ok(Secret::new("0123456789abcdef"))
    }
}

fn desk(lines: &str) -> Desk {
    let desk = Desk::new();
    desk.write("partners/pubres-demo.toml", &format!("{PUBRES}{lines}"));
    desk
}

/// What the partner's own protocol makes of what was sent.
fn believed(desk: &Desk, path: &str, kind: &str, body: Vec<u8>) -> Wish {
    let partner = boot::partners::<Settings>(&desk.folder.join("partners"), "pubres").unwrap().remove(0);
    let made = Pubres::new(partner.id, &partner.settings, &partner.base_url, &partner.urls, &Dummies);
    let request = http::Request::post(path).header("content-type", kind).body(Bytes::from(body)).unwrap();
    let call = made.unwrap().open(&request, Timestamp::new(boot::now())).unwrap();
    call.asks.into_iter().next().unwrap().wish
}

#[test]
fn partners_of_both_protocols_are_rehearsed() {
    let told = desk("").done(&["check", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let signed = |id: &str| {
        let partners = told["partners"].as_array().unwrap();
        partners.iter().find(|one| one["id"] == id).unwrap()["signed"].as_str().unwrap().to_owned()
    };
    assert!(signed("pubres-demo").starts_with("appkey=demo-appkey&applyno=A"), "{told}");
    assert!(signed("pubres-demo").ends_with("&appsecret=***") && signed("finserv-demo").ends_with("&***"));
}

#[test]
fn a_callback_without_an_address_is_told_with_its_line() {
    let desk = Desk::new();
    desk.write("partners/pubres-demo.toml", &PUBRES.replace("/{interface}", ""));
    let told = desk.refused(&["check"]);
    for name in ["baohannotice", "restorenotice", "invoicenotice", "quitnotice"] {
        assert!(told.contains(&format!("urls.{name}: is missing")), "{told}");
    }
    assert!(!told.contains("urls.giveupapply"), "{told}");
}

#[test]
fn a_mistake_common_to_all_partners_is_told_once() {
    let desk = desk("");
    desk.write("partners/twice.toml", &PARTNER.replace("finserv-demo", "pubres-demo"));
    let told = desk.refused(&["check"]);
    let mut lines: Vec<&str> = told.lines().filter(|line| line.contains("twice.toml")).collect();
    let all = lines.len();
    lines.dedup();
    assert!(all > 0 && lines.len() == all, "{told}");
}

#[test]
fn each_sample_is_signed_with_the_partners_own_keys_and_variants() {
    let variants = [
        "",
        "sign = { secret = { suffix = \"&key=\" }, hex = \"upper\" }\n",
        "sign = { digest = \"hmac_sm3\", sort = \"ascii_ci\" }\n",
        "sign = { secret = { prefix = \"&\" }, skip = \"none\", number = \"java_double\" }\nkey_wrap = \"file:HERE/dummy.key\"\n",
    ];
    let samples = [
        "baohanapply",
        "baohanrestore",
        "invoiceapply",
        "quitapply",
        "cancelnotice",
        "claimsnotice",
        "giveupapply",
    ];
    for (variant, method) in variants.iter().flat_map(|variant| samples.map(|method| (variant, method))) {
        let desk = desk(variant);
        let (address, serving) = ingress(OK);
        let to = format!("http://{address}/pubres-demo");
        let said =
            desk.done(&["send", method, "--partner", "pubres-demo", "--guarantee-no", "BH1", "--to", &to]);
        assert!(said.contains("✓ ") && said.contains("成功"), "{said}");
        let (head, kind, body) = serving.join().unwrap();
        let path = head.split(' ').nth(1).unwrap().strip_prefix("/pubres-demo").unwrap();
        let wish = believed(&desk, path, &kind, body);
        let applied =
            matches!(wish, Wish::Command(Command::PlaceOrder(ref order)) if order.sealed.len() == 4);
        assert!(applied == (method == "baohanapply"), "{method} {variant}: {wish:?}");
    }
}

#[test]
fn what_cannot_be_sent_is_told_with_what_to_do() {
    let desk = desk("");
    let play = |rest: &[&str]| desk.refused(&[&["send"], rest, &["--partner", "pubres-demo"]].concat());
    let told = play(&["baohannotice"]);
    assert!(told.contains("no request") && told.contains("baohanapply"), "{told}");
    assert!(play(&["claimsnotice"]).contains("--guarantee-no"));
    assert!(desk.refused(&["send", "giveupapply"]).contains("there are several partners"));
    let desk = self::desk("sign = { digest = \"md5\" }\n");
    let told = desk.refused(&["send", "giveupapply", "--partner", "pubres-demo"]);
    assert!(told.contains("settings.sign: is a recipe that `send` cannot play"), "{told}");
}
