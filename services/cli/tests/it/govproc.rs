//! A govproc partner in the operator's hands: what protects it, and what it is sent.

use crate::desk::{Desk, GATEWAY};
use crate::send::ingress;
use bytes::Bytes;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{Command, Timestamp};
use protocol::{Inbound, Wish};
use protocol_govproc::{Govproc, Settings};

pub(crate) const GOVPROC: &str = r#"id = "govproc-demo"
protocol = "govproc"
title = "政府采购平台"
base_url = "https://platform.example"
[policy]
orders = "auto"
rate_card = { rate = "0.005" }
[settings]
app_key = "demo-app-key"
app_secret = "file:HERE/dummy.key"
public_base_url = "https://gateway.example"
link_secret = "file:HERE/link.key"
sellername = "示例担保"
selleraddress = "示例路1号"
sellerphone = "000-00000000"
"#;
const OK: &str = r#"{"stat":1,"errcode":"000000","msg":"操作成功"}"#;

struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        let is_link = reference.to_string().ends_with("link.key");
        Ok(Secret::new(if is_link { "0123456789abcdef".repeat(2) } else { "0123456789abcdef".to_owned() }))
    }
}

fn desk(lines: &str) -> Desk {
    let desk = Desk::new();
    desk.write("link.key", &"0123456789abcdef".repeat(2));
    desk.write("partners/govproc-demo.toml", &format!("{GOVPROC}{lines}"));
    desk
}

#[test]
fn what_is_protected_is_rehearsed_without_the_account() {
    for lines in
        ["transport = \"https\"\n", "transport = \"ip_allow_list\"\nallowed_ips = [\"203.0.113.0/24\"]\n"]
    {
        let told = desk(&format!("{lines}app_key_in_body = true\n")).done(&["check", "--json"]);
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        let partners = told["partners"].as_array().unwrap();
        let ours = partners.iter().find(|one| one["id"] == "govproc-demo").unwrap();
        let rehearsal = ours["signed"].as_str().unwrap();
        assert!(rehearsal.contains("\"data\":") && !rehearsal.contains("demo-app-key"), "{rehearsal}");
    }
}

#[test]
fn what_is_not_protected_is_a_mistake() {
    let told = desk("transport = \"ip_allow_list\"\n").refused(&["check"]);
    assert!(told.contains("settings.allowed_ips: is empty"), "{told}");
    let desk = self::desk("transport = \"https\"\n");
    desk.write(
        "partners/govproc-demo.toml",
        &format!("{}transport = \"https\"\n", GOVPROC.replace("https://", "http://")),
    );
    let told = desk.refused(&["check"]);
    for key in ["base_url", "settings.public_base_url"] {
        assert!(told.contains(&format!("{key}: is not https")), "{told}");
    }
}

#[test]
fn what_belongs_to_the_sandbox_is_a_mistake_in_production_only() {
    let lines = "transport = \"sandbox\"\nsandbox_pay_button = true\nshape = \"plain\"\n";
    let desk = desk(lines);
    let told = desk.refused(&["check"]);
    for key in ["settings.transport", "settings.sandbox_pay_button", "settings.shape"] {
        assert!(told.contains(&format!("{key}: ")), "{told}");
    }
    desk.write("gateway.toml", &format!("[gateway]\nenvironment = \"sandbox\"\n\n{GATEWAY}"));
    desk.done(&["check"]);
}

#[test]
fn each_sample_is_written_with_the_partners_own_key_and_variants() {
    let variants = [
        "",
        "text = \"hex_upper\"\nshape = \"param\"\ntimes = \"seconds\"\namounts = \"text\"\n",
        "cipher = \"cbc\"\nvector = \"prefixed\"\nkey_form = \"sha1prng\"\nshape = \"literal\"\n",
    ];
    let samples =
        ["/guarantee/apply", "queryurl", "pullurl", "cancelurl", "/guarantee/cost", "/guarantee/xmstate"];
    for (variant, method) in variants.iter().flat_map(|variant| samples.map(|method| (variant, method))) {
        let desk = desk(&format!("transport = \"https\"\n{variant}"));
        let (address, serving) = ingress(OK);
        let to = format!("http://{address}/govproc-demo");
        let said =
            desk.done(&["send", method, "--partner", "govproc-demo", "--guarantee-no", "BH1", "--to", &to]);
        assert!(said.contains("✓ ") && said.contains("操作成功"), "{said}");
        let (head, kind, body) = serving.join().unwrap();
        let path = head.split(' ').nth(1).unwrap().strip_prefix("/govproc-demo").unwrap();
        let request = http::Request::post(path).header("content-type", kind).header("appKey", "demo-app-key");
        let partner = boot::partners::<Settings>(&desk.folder.join("partners"), "govproc").unwrap().remove(0);
        let made = Govproc::new(partner.id, &partner.settings, &partner.base_url, &partner.urls, &Dummies);
        let call = made
            .unwrap()
            .open(&request.body(Bytes::from(body)).unwrap(), Timestamp::new(boot::now()))
            .unwrap();
        let applied = matches!(call.asks[0].wish, Wish::Command(Command::PlaceOrder(_)));
        assert_eq!((call.interface.name, applied), (method, method == "/guarantee/apply"), "{variant}");
    }
}

#[test]
fn what_cannot_be_sent_is_told_with_what_to_do() {
    let desk = desk("transport = \"https\"\n");
    let play = |method: &str| desk.refused(&["send", method, "--partner", "govproc-demo"]);
    assert!(play("/api/guarantee/paystate").contains("no request of a govproc platform"));
    assert!(play("pullurl").contains("--guarantee-no"));
}
