//! Settings: what is accepted, what is named as wrong, and that nothing secret is printed.

use super::*;
use crate::Govproc;
use crate::sample::{BASE, Dummies, LINK_SECRET, SECRET, id, made, now, settings};
use protocol::{Outbound, Problem};
use std::collections::BTreeMap;

fn keys(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.key.as_str()).collect()
}

fn wrong(lines: &str) -> Vec<String> {
    made(lines).unwrap_err().into_iter().map(|problem| problem.key).collect()
}

#[test]
fn the_defaults_are_the_rulings() {
    let settings = settings("").unwrap();
    assert_eq!(
        (settings.key_form, settings.cipher, settings.vector),
        (KeyForm::Utf8, Cipher::Ecb, Vector::Given)
    );
    assert_eq!((settings.text, settings.shape), (Encoding::Base64, Shape::Data));
    assert_eq!((settings.times, settings.amounts), (Times::Millis, Amounts::Number));
    assert_eq!((settings.success_code.as_str(), settings.link_valid_s), ("000000", 86_400));
    assert!(settings.cancel && !settings.whole_answers && !settings.app_key_in_body);
    assert!(!settings.sandbox_pay_button && !settings.both_spellings);
    assert!(settings.sandbox_only().is_empty());
}

#[test]
fn a_word_that_no_knob_knows_is_refused() {
    for wrong in
        ["colour = 1", "shape = \"xml\"", "cipher = \"gcm\"", "transport = \"http\"", "times = \"ns\""]
    {
        assert!(settings(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_secret_is_named_not_written() {
    let refused = settings(&format!("app_secret = \"{SECRET}\"")).unwrap_err();
    assert!(refused.contains("env:NAME") && !refused.contains(SECRET), "{refused}");
    assert!(settings("link_secret = 5").is_err());
}

#[test]
fn every_problem_is_named_with_its_key() {
    let lines = r#"
        app_key = " "
        app_secret = "env:NONE"
        cipher = "cbc"
        content_type = "a\nb"
        success_code = "100005"
        public_base_url = "http://gateway.example"
        link_secret = "env:SHORT"
        link_valid_s = 0
        allowed_ips = ["example.com"]
        sellername = ""
        sellerphone = " "
    "#;
    let urls = BTreeMap::from([
        ("/api/guarantee/release".to_owned(), "http://p.example/r".to_owned()),
        ("/guarantee/apply".to_owned(), BASE.to_owned()),
    ]);
    let made = Govproc::new(id(), &settings(lines).unwrap(), "not an address", &urls, &Dummies);
    let problems = made.unwrap_err();
    let mut found = keys(&problems);
    found.sort_unstable();
    let expected = [
        "base_url",
        "settings.allowed_ips",
        "settings.app_key",
        "settings.app_secret",
        "settings.content_type",
        "settings.iv",
        "settings.link_secret",
        "settings.link_valid_s",
        "settings.public_base_url",
        "settings.sellername",
        "settings.sellerphone",
        "settings.success_code",
        "urls./api/guarantee/release",
        "urls./guarantee/apply",
    ];
    assert_eq!(found, expected);
    assert!(problems.iter().all(|problem| !problem.say.contains("too short")));
}

#[test]
fn a_key_that_does_not_fit_names_the_setting_it_came_from() {
    assert_eq!(wrong("app_secret = \"env:SHORT\""), ["settings.app_secret"]);
    assert_eq!(wrong("key_form = \"hex\""), ["settings.app_secret"]);
    assert_eq!(wrong("cipher = \"cbc\"\niv = \"env:SHORT\""), ["settings.iv"]);
}

#[test]
fn something_must_protect_the_messages() {
    assert_eq!(wrong("transport = \"ip_allow_list\""), ["settings.allowed_ips"]);
    assert_eq!(wrong("shape = \"plain\""), ["settings.shape"]);
    assert_eq!(wrong("sandbox_pay_button = true"), ["settings.sandbox_pay_button"]);
    let sandbox = "transport = \"sandbox\"\nsandbox_pay_button = true\nshape = \"plain\"";
    assert!(made(sandbox).is_ok());
    let only: Vec<&str> = settings(sandbox).unwrap().sandbox_only().into_iter().map(|(key, _)| key).collect();
    assert_eq!(only, ["settings.transport", "settings.sandbox_pay_button", "settings.shape"]);
    assert_eq!(wrong(&format!("{sandbox}\nwhole_answers = true")), ["settings.whole_answers"]);
    let http = "public_base_url = \"http://gateway.example\"";
    assert_eq!(wrong(http), ["settings.public_base_url"]);
    let listed = format!("transport = \"ip_allow_list\"\nallowed_ips = [\"203.0.113.7\"]\n{http}");
    assert!(made(&listed).unwrap().dry_run(now()).is_ok());
}

#[test]
fn the_dry_run_shows_a_body_without_the_account() {
    let shown = made("app_key_in_body = true").unwrap().dry_run(now()).unwrap();
    let expected = r#"{"orderno":"dry run"} → {"data":""#;
    assert!(shown.starts_with(expected) && !shown.contains("demo-app-key"), "{shown}");
    for lines in ["shape = \"bare\"", "text = \"hex_upper\"", "cipher = \"cbc\"\nvector = \"prefixed\""] {
        made(lines).unwrap().dry_run(now()).unwrap();
    }
}

#[test]
fn a_printed_partner_shows_nothing_but_its_name() {
    let govproc = made("").unwrap();
    assert_eq!(format!("{govproc:?}"), "Govproc(PartnerId(\"govproc-demo\"))");
    assert_eq!(govproc.callbacks().len(), 3);
    let printed = format!("{:?}{:?}", settings("").unwrap(), govproc.manner);
    assert!(
        printed.contains("Env(\"SECRET\")") && !printed.contains(SECRET) && !printed.contains(LINK_SECRET)
    );
}
