//! Settings: what is accepted, what is named as wrong, and that nothing secret is printed.

use super::*;
use crate::Finserv;
use crate::sample::{BASE, Dummies, made, now, settings};
use domain::PartnerId;
use protocol::{Outbound, Problem};
use std::collections::BTreeMap;

fn keys(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.key.as_str()).collect()
}

#[test]
fn the_defaults_are_the_rulings() {
    let settings = settings("").unwrap();
    let sign = SignVariant {
        secret_joiner: Joiner::Ampersand,
        trim: true,
        empties: Empties::Keep,
        signed_fields: SignedFields::All,
    };
    assert_eq!((settings.sign, settings.accept_also), (sign, vec![]));
    assert_eq!(
        (settings.created, settings.created_skew_s, settings.created_window_s),
        (Clock::Day, 300, None)
    );
    assert_eq!((settings.rate_form, settings.body), (RateForm::Decimal, RequestBody::Json));
    assert_eq!(settings.unissued_invoice, Unissued::Success);
    assert!(!settings.accept_alias && !settings.silence_rejections);
}

#[test]
fn every_knob_turns() {
    let lines = r#"
        aes_key = "env:KEY"
        key_form = "utf8"
        iv_form = "utf8"
        sign = { secret_joiner = "&key=", trim = false, empties = "skip", signed_fields = "documented" }
        accept_also = [{ secret_joiner = "" }, { secret_joiner = "&secret_key=" }, { trim = false }]
        created = "12h"
        created_skew_s = 60
        created_window_s = 600
        rate_form = "percent"
        accept_alias = true
        silence_rejections = true
        unissued_invoice = "fail"
        body = "form"
    "#;
    let finserv = made(lines).unwrap();
    assert_eq!(finserv.proved(), [0, 0, 0, 0]);
    finserv.dry_run(now()).unwrap();
    assert_eq!(finserv.proved(), [1, 0, 0, 0]);
}

#[test]
fn a_word_that_no_knob_knows_is_refused() {
    for wrong in [
        "colour = 1",
        "body = \"xml\"",
        "created = \"36h\"",
        "sign = { secret_joiner = \"|\" }",
        "accept_also = [{ x = 1 }]",
    ] {
        assert!(settings(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_secret_is_named_not_written() {
    let refused = settings("secret_key = \"8993208818338920\"").unwrap_err();
    assert!(refused.contains("env:NAME") && !refused.contains("8993208818338920"), "{refused}");
    assert!(settings("iv = 5").is_err());
}

#[test]
fn every_problem_is_named_with_its_key() {
    let lines = r#"
        access_key = " "
        secret_key = "env:SIGN"
        aes_key = "env:NONE"
        sign_secret = "env:UNSET"
        iv = "env:SIGN"
        iv_form = "hex"
        merchant_name = ""
    "#;
    let urls = BTreeMap::from([
        ("feedback_quit".to_owned(), "not an address".to_owned()),
        ("apply_guarantee".to_owned(), BASE.to_owned()),
    ]);
    let id = PartnerId::parse("finserv-demo").unwrap();
    let problems = Finserv::new(id, &settings(lines).unwrap(), "ftp://x/", &urls, &Dummies).unwrap_err();
    let mut found = keys(&problems);
    found.sort_unstable();
    let expected = [
        "base_url",
        "settings.access_key",
        "settings.aes_key",
        "settings.iv",
        "settings.merchant_name",
        "settings.sign_secret",
        "urls.apply_guarantee",
        "urls.feedback_quit",
    ];
    assert_eq!(found, expected);
    assert!(problems.iter().all(|problem| !problem.say.contains("8993208818338920")));
}

#[test]
fn a_key_of_the_wrong_length_names_the_setting_it_came_from() {
    assert_eq!(keys(&made("key_form = \"base64\"").unwrap_err()), ["settings.secret_key"]);
    assert_eq!(keys(&made("aes_key = \"env:KEY\"\nkey_form = \"hex\"").unwrap_err()), ["settings.aes_key"]);
}

#[test]
fn the_dry_run_shows_the_string_without_the_secret() {
    let shown = made("").unwrap().dry_run(now()).unwrap();
    let expected = "access_key=2088101568338364&created=20261122103000&data=<base64>&method=get_apply_guarantee_result&***";
    assert_eq!(shown, expected);
}

#[test]
fn a_printed_partner_shows_nothing_but_its_name() {
    let finserv = made("").unwrap();
    assert_eq!(format!("{finserv:?}"), "Finserv(PartnerId(\"finserv-demo\"))");
    assert_eq!(finserv.callbacks().len(), 5);
    let printed = format!("{:?}", settings("").unwrap());
    assert!(printed.contains("Env(\"KEY\")") && !printed.contains("0123456789abcdef"));
}
