//! A yueyang partner in the operator's hands: checked with the others, and played with its own names.

use crate::desk::Desk;
use crate::send::ingress;
use bytes::Bytes;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{Command, Timestamp};
use protocol::{Inbound, Wish};
use protocol_yueyang::{Settings, Yueyang};

pub(crate) const YUEYANG: &str = r#"id = "yueyang-demo"
protocol = "yueyang"
title = "交易担保管理系统"
base_url = "http://127.0.0.1:9/front/"
[policy]
orders = "manual"
rate_card = { rate = "0.0025" }
[settings]
user = "示例出函机构"
code = "file:HERE/dummy.key"
inst_name = "示例担保"
insurance_code = "91110000DEMO00003X"
claim_contact_name = "赵示例"
claim_contact_phone = "010-00000000"
institution = "bank"
"#;
const OK: &str = r#"{"code":200,"msg":"操作成功"}"#;

struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, _: &SecretRef) -> Result<Secret, SecretMissing> {
        Ok(Secret::new("0123456789abcdef"))
    }
}

fn desk(lines: &str) -> Desk {
    let desk = Desk::new();
    desk.write("partners/yueyang-demo.toml", &format!("{YUEYANG}{lines}"));
    desk
}

/// What the partner's own protocol makes of what was sent, whoever sent it.
fn understood(desk: &Desk, path: &str, body: Vec<u8>) -> Wish {
    let partner = boot::partners::<Settings>(&desk.folder.join("partners"), "yueyang").unwrap().remove(0);
    let mut settings = partner.settings;
    settings.auth = protocol_yueyang::Auth::None;
    settings.allowed_ips = vec!["192.0.2.1".to_owned()];
    let made = Yueyang::new(partner.id, &settings, &partner.base_url, &partner.urls, &Dummies);
    let caller = protocol::Caller([192, 0, 2, 1].into());
    let request = http::Request::post(path).extension(caller).body(Bytes::from(body)).unwrap();
    let call = made.unwrap().open(&request, Timestamp::new(boot::now())).unwrap();
    call.asks.into_iter().next().unwrap().wish
}

#[test]
fn a_partner_is_rehearsed_and_its_code_stays_hidden() {
    let told = desk("").done(&["check", "--json"]);
    assert!(told.contains("guarantee/orderApplyNotice") && told.contains("示例出函机构:***"), "{told}");
    assert!(!told.contains("0123456789abcdef"), "{told}");
    let told = desk("auth = \"none\"\n").refused(&["check"]);
    assert!(told.contains("settings.allowed_ips"), "{told}");
}

#[test]
fn every_request_has_a_sample() {
    const SAMPLES: [&str; 15] = [
        "doOrderApply",
        "orderCancelApply",
        "creditApply",
        "restoreApply",
        "cancelApply",
        "compensateApply",
        "invoiceApply",
        "refundApply",
        "creditRevocation",
        "refundRevocation",
        "compensateRevocation",
        "cancelRevocation",
        "queryCredit",
        "openTimeMaintenance",
        "financialAccount/updateEmEndTime",
    ];
    for method in SAMPLES {
        let desk = desk("");
        let (address, serving) = ingress(OK);
        let to = format!("http://{address}/yueyang-demo");
        let said =
            desk.done(&["send", method, "--partner", "yueyang-demo", "--guarantee-no", "BH1", "--to", &to]);
        assert!(said.contains("✓ ") && said.contains("操作成功"), "{said}");
        let (head, _, body) = serving.join().unwrap();
        let path = head.split(' ').nth(1).unwrap().strip_prefix("/yueyang-demo").unwrap();
        let wish = understood(&desk, path, body);
        let applied =
            matches!(wish, Wish::Command(Command::PlaceOrder(ref order)) if order.sealed.len() == 8);
        assert!(applied == (method == "doOrderApply"), "{method}: {wish:?}");
    }
}

#[test]
fn what_cannot_be_sent_is_told_with_what_to_do() {
    let desk = desk("");
    let play = |rest: &[&str]| desk.refused(&[&["send"], rest, &["--partner", "yueyang-demo"]].concat());
    let told = play(&["guarantee/orderApplyNotice"]);
    assert!(told.contains("no request") && told.contains("financialAccount/doOrderApply"), "{told}");
    assert!(play(&["compensateApply"]).contains("--guarantee-no"));
}
