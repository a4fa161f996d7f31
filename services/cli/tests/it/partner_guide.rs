//! `baohan partner guide`: a sheet for each protocol, in two languages, with nothing of the partner's secrets in it.

use crate::desk::{Desk, PARTNER};
use crate::{govproc::GOVPROC, pubres::PUBRES, yueyang::YUEYANG};

const FUZHOU: &str = r#"id = "fuzhou-demo"
protocol = "fuzhou"
title = "电子保函服务平台"
base_url = "https://platform.example.com/api/insurer/v1/"
retry_schedule_s = [30, 180]
[policy]
orders = "auto"
rate_card = { rate = "0.005" }
[settings]
api_key = "file:HERE/dummy.key"
api_secret = "file:HERE/dummy.key"
rsa_pk = "file:HERE/insurer.pub.pem"
rsa_sk = "file:HERE/insurer.pem"
api_rsa_pk = "file:HERE/platform.pub.pem"
btc_id = 99887
insurer_name = "示例财产保险有限公司"
padding = "oaep_sha1"
"#;

/// What is planted in place of every secret and account.
const PLANTED: &str = "PLANTED9secret9x";

fn desk() -> Desk {
    let desk = Desk::new();
    for file in ["dummy.key", "dummy.iv", "link.key", "insurer.pem", "insurer.pub.pem", "platform.pub.pem"] {
        desk.write(file, PLANTED);
    }
    for (id, text) in [
        ("finserv", PARTNER.replace("access_key = \"dummy\"", &format!("access_key = \"{PLANTED}\""))),
        ("pubres", PUBRES.replace("demo-appkey", PLANTED)),
        ("yueyang", YUEYANG.to_owned()),
        ("govproc", format!("{GOVPROC}transport = \"sandbox\"\n")),
        ("fuzhou", FUZHOU.to_owned()),
    ] {
        desk.write(&format!("partners/{id}-demo.toml"), &text);
    }
    desk
}

#[test]
fn every_protocol_has_a_sheet_without_a_secret_in_it() {
    let desk = desk();
    for (kind, interface, sample) in [
        ("finserv", "feedback_quit", "业务数据"),
        ("pubres", "baohannotice", "appsecret=dummy-appsecret"),
        ("yueyang", "guarantee/orderApplyNotice", "Basic "),
        ("govproc", "/guarantee/cost", "AES/ECB/PKCS5Padding"),
        ("fuzhou", "insurer_push_guarantee", "param="),
    ] {
        let id = format!("{kind}-demo");
        let sheet = desk.done(&["partner", "guide", &id, "--url", "https://gateway.example.com/"]);
        for part in
            [interface, sample, "演示值", "联调清单", "请贵方确认", "身份验证失败", "baohan rejected doctor"]
        {
            assert!(sheet.contains(part), "{kind}: {part}\n{sheet}");
        }
        assert!(sheet.contains(&format!("https://gateway.example.com/{id}")), "{sheet}");
        let english = desk.done(&["partner", "guide", &id, "--lang", "en"]);
        assert!(english.contains("## 7. Joint testing") && english.contains("dummies"), "{english}");
        let here = desk.folder.display().to_string();
        for text in [sheet, english] {
            assert!(!text.contains(PLANTED) && !text.contains(&here), "{kind}: {text}");
        }
    }
}

#[test]
fn the_sheet_says_what_the_file_says_today() {
    let desk = desk();
    let sheet = desk.done(&["partner", "guide", "fuzhou-demo"]);
    assert!(sheet.contains("| `padding` | `\"oaep_sha1\"` |"), "{sheet}");
    assert!(sheet.contains("| `business_key` | `\"rsa_pk\"`（默认） |"), "{sheet}");
    assert!(sheet.contains("| `timestamp_skew_s` | 未设置 |"), "{sheet}");
    assert!(sheet.contains("依次等待 30、180 秒后重发（共 3 次）"), "{sheet}");
    assert!(!sheet.contains("99887"), "the example's numbers are nobody's: {sheet}");
    let told = desk.refused(&["partner", "guide", "nobody"]);
    assert!(told.contains("no partner nobody"), "{told}");
}
