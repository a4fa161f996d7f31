//! `baohan check`: nothing runs, and everything that is wrong is told with file, line and what to do.

use crate::desk::{Desk, GATEWAY, PARTNER, run};
use std::path::Path;
use std::process::Command;

fn mistakes(desk: &Desk) -> Vec<String> {
    let told = desk.refused(&["check"]);
    let here = format!("{}/", desk.folder.display());
    told.lines().skip(1).map(|line| line.trim().replace(&here, "")).collect()
}

#[test]
fn good_settings_are_shown_partner_by_partner() {
    let told = Desk::new().done(&["check"]);
    let row = told.lines().find(|line| line.contains("finserv-demo")).unwrap();
    assert!(row.contains("示范平台") && row.trim_end().ends_with('✓'), "{told}");
    assert!(told.contains("配置无误"), "{told}");
}

#[test]
fn several_mistakes_in_several_files_are_told_at_once_with_their_lines() {
    let desk = Desk::new();
    let gateway = GATEWAY.replace("[partners]", "lane = 3\n[partners]").replace("91310110666007217T", "123");
    desk.write("gateway.toml", &gateway);
    let partner = PARTNER.replace("title = \"示范平台\"", "title = \"\"").replace("iv =", "vi =");
    desk.write("partners/other.toml", &partner.replace("finserv-demo", "finserv-other"));
    desk.write("dummy.iv", "short");
    let told = mistakes(&desk);
    let expected = [
        ("gateway.toml:9: broker.lane: unknown key", "Did you mean \"lanes\"?"),
        ("partners/finserv-demo.toml:13: settings.iv: has 5 bytes; it must have 16", "settings.iv_form"),
        ("partners/other.toml:3: title: is empty", "write the partner's name"),
        ("partners/other.toml:10: settings.iv: is missing", "add it"),
        ("partners/other.toml:13: settings.vi: unknown key", "Keys known here: access_key, secret_key"),
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (line, (start, advice)) in told.iter().zip(expected) {
        assert!(line.starts_with(start) && line.contains(advice), "{line}\n{start} … {advice}");
    }
}

#[test]
fn values_are_judged_once_the_keys_are_right() {
    let desk = Desk::new();
    desk.write("gateway.toml", &GATEWAY.replace("91310110666007217T", "123"));
    desk.write("partners/finserv-demo.toml", &PARTNER.replace("\"finserv\"", "\"finserve\""));
    let told = mistakes(&desk);
    assert!(told[0].starts_with("gateway.toml:4: institution.credit_code: "), "{told:#?}");
    assert!(told[1].starts_with("partners/finserv-demo.toml:2: protocol: is not spoken here"), "{told:#?}");
    assert_eq!(told.len(), 2, "{told:#?}");
}

#[test]
fn a_missing_variable_is_named_with_the_line_that_names_it() {
    let desk = Desk::new();
    desk.write("gateway.toml", &GATEWAY.replace("env:GATEWAY_AMQP_URL", "env:GATEWAY_NEVER_SET"));
    desk.write("partners/finserv-demo.toml", &PARTNER.replace("file:HERE/dummy.key", "env:DEMO_NEVER_SET"));
    let told = mistakes(&desk);
    assert!(told[0].starts_with("gateway.toml:7: broker.url: ") && told[0].contains("GATEWAY_NEVER_SET"));
    assert!(told[1].starts_with("partners/finserv-demo.toml:12: settings.secret_key: "), "{told:#?}");
    assert!(told[1].contains("DEMO_NEVER_SET") && told.len() == 2, "{told:#?}");
}

#[test]
fn no_secret_is_ever_shown() {
    let desk = Desk::new();
    desk.write("dummy.key", "geheim-and-too-long-for-a-key");
    desk.write("partners/other.toml", &PARTNER.replace("file:HERE/dummy.iv", "geheim-in-the-file"));
    let told = desk.refused(&["check"]) + &desk.refused(&["check", "--json"]);
    assert!(!told.contains("geheim"), "{told}");
}

#[test]
fn scripts_get_json() {
    let desk = Desk::new();
    let good = desk.done(&["check", "--json"]);
    assert!(good.contains(r#""ok": true"#) && good.contains(r#""id": "finserv-demo""#), "{good}");
    assert!(good.contains("secret_key") || good.contains("***"), "the rehearsed string: {good}");
    desk.write("partners/finserv-demo.toml", &PARTNER.replace("iv =", "vi ="));
    let bad = desk.refused(&["check", "--json"]);
    assert!(bad.contains(r#""ok": false"#) && bad.contains(r#""line": 13"#), "{bad}");
}

#[test]
fn files_that_are_not_there_are_named() {
    let desk = Desk::new();
    let told = desk.refused(&["check", "--config", "/nowhere/gateway.toml"]);
    assert!(told.contains("/nowhere/gateway.toml: cannot be read"), "{told}");
    desk.write("gateway.toml", &GATEWAY.replace("HERE/partners", "HERE/nowhere"));
    let told = desk.refused(&["check"]);
    assert!(told.contains("nowhere: the folder of partners cannot be read"), "{told}");
}

#[test]
fn the_settings_for_developers_have_no_mistake() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let said = run(Command::new(env!("CARGO_BIN_EXE_baohan"))
        .current_dir(root)
        .args(["check", "--config", "deploy/dev/gateway.toml", "--config", "deploy/dev/postgres.toml"])
        .env_remove("GATEWAY_CONFIG")
        .env("GATEWAY_AMQP_URL", "amqp://dummy:dummy@127.0.0.1/gw")
        .env("GATEWAY_REDIS_URL", "redis://127.0.0.1")
        .env("GATEWAY_POSTGRES_URL", "postgres://dummy@127.0.0.1/gateway"));
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("finserv-demo") && said.out.contains('✓'), "{said:?}");
}
