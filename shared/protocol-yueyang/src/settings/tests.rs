//! Settings: what is accepted, what is named as wrong, and that nothing secret is printed.

use super::*;
use crate::sample::{CODE, made, made_at, now, settings};
use protocol::{Outbound, Problem};

fn keys(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.key.as_str()).collect()
}

#[test]
fn the_defaults_are_the_rulings() {
    let lines = "user = \"u\"\ncode = \"env:CODE\"\ninst_name = \"i\"\ninsurance_code = \"c\"\n\
                 claim_contact_name = \"n\"\nclaim_contact_phone = \"p\"";
    let settings: Settings = toml::from_str(lines).unwrap();
    assert_eq!((settings.auth, settings.institution), (Auth::Basic, Institution::Guarantor));
    assert_eq!((settings.inbound_body, settings.outbound_body), (InboundBody::Plain, OutboundBody::Wrapped));
    assert!(settings.flat.is_empty() && settings.symmetric.is_empty() && settings.sealed_fields.is_none());
    assert_eq!((settings.unknown_payer.as_str(), settings.answer_code), ("无", CodeForm::Int));
}

#[test]
fn every_knob_turns() {
    let lines = r#"
        auth = "bare"
        inbound_user = "platform"
        inbound_code = "env:OTHER"
        institution = "insurer"
        inbound_body = "recovered"
        outbound_body = "encrypted"
        flat = ["guarantee/compensateNotice", "invoiceNotice"]
        sealed_fields = ["bidderName", "tendersNo"]
        symmetric = ["sm4_cbc", "aes_cbc", "sm4_ecb", "aes_ecb"]
        unknown_payer = "-"
        redirect_url = "https://guarantee.example"
        answer_code = "string"
    "#;
    let made = made(lines).unwrap();
    assert_eq!(made.manner.sealed_fields, Some(vec![SealedField::BidderName, SealedField::SectionNo]));
    assert_eq!(made.manner.unsealing.ciphers.len(), 4);
    assert!(!made.manner.gives_credit && made.dry_run(now()).is_ok());
}

#[test]
fn a_word_that_no_knob_knows_is_refused() {
    for wrong in [
        "colour = 1",
        "auth = true",
        "symmetric = [\"des\"]",
        "institution = \"shop\"",
        "inbound_body = \"\"",
    ] {
        assert!(settings(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_secret_is_named_not_written() {
    let refused = settings(&format!("code = \"{CODE}\"")).unwrap_err();
    assert!(refused.contains("env:NAME") && !refused.contains(CODE), "{refused}");
}

#[test]
fn every_problem_is_named_with_its_key() {
    let lines = r#"
        user = "a:b"
        code = "env:NONE"
        inbound_code = "env:UNSET"
        inst_name = ""
        insurance_code = " "
        platform_key = "env:CODE"
        seal_iv = "env:CODE"
        flat = ["guarantee/nothing"]
        sealed_fields = ["icheck"]
    "#;
    let urls = [("guarantee/cancelNotice", "not an address"), ("financialAccount/x", "http://p.example")];
    let problems = made_at("https://x/", &urls, lines).unwrap_err();
    let mut found = keys(&problems);
    found.sort_unstable();
    let expected = [
        "settings.code",
        "settings.flat",
        "settings.inbound_code",
        "settings.inst_name",
        "settings.insurance_code",
        "settings.platform_key",
        "settings.seal_iv",
        "settings.sealed_fields",
        "settings.user",
        "urls.financialAccount/x",
        "urls.guarantee/cancelNotice",
    ];
    assert_eq!(found, expected);
    assert!(problems.iter().all(|problem| !problem.say.contains(CODE)));
}

#[test]
fn bodies_under_rsa_need_the_key() {
    for lines in ["inbound_body = \"recovered\"", "outbound_body = \"encrypted\""] {
        let mut without = settings(lines).unwrap();
        without.platform_key = None;
        let id = domain::PartnerId::parse("yueyang-demo").unwrap();
        let made = crate::Yueyang::new(
            id,
            &without,
            "http://p.example",
            &Default::default(),
            &crate::sample::Dummies,
        );
        assert_eq!(keys(&made.unwrap_err()), ["settings.platform_key"]);
    }
}

#[test]
fn somebody_has_to_be_turned_away() {
    assert_eq!(keys(&made("auth = \"none\"").unwrap_err()), ["settings.allowed_ips"]);
    assert_eq!(keys(&made("allowed_ips = [\"0.0.0.0/0\"]").unwrap_err()), ["settings.allowed_ips"]);
    assert!(made("auth = \"none\"\nallowed_ips = [\"10.1.0.0/16\"]").unwrap().dry_run(now()).is_ok());
}

#[test]
fn base_address_and_name_are_joined_by_one_slash_unless_the_callback_has_its_own_address() {
    for base in
        ["http://p.example:6900/front", "http://p.example:6900/front/", " http://p.example:6900/front// "]
    {
        let made = made_at(base, &[("cancelNotice", "http://q.example/x")], "").unwrap();
        let told: Vec<String> = made.addresses.iter().map(ToString::to_string).collect();
        assert_eq!(told[0], "http://p.example:6900/front/guarantee/orderApplyNotice");
        assert_eq!((told[4].as_str(), told.len()), ("http://q.example/x", 8));
    }
    assert_eq!(keys(&made_at("ftp://p.example/", &[], "").unwrap_err()), ["base_url"], "told once");
}

#[test]
fn the_dry_run_shows_whom_the_platform_will_see() {
    let shown = made("").unwrap().dry_run(now()).unwrap();
    let expected = "POST http://platform.example:6900/front/guarantee/orderApplyNotice\n\
                    Authorization: Basic base64(示例出函机构:***)";
    assert_eq!(shown, expected);
}

#[test]
fn a_printed_partner_shows_nothing_but_its_name() {
    let made = made("").unwrap();
    assert_eq!(format!("{made:?}"), "Yueyang(PartnerId(\"yueyang-demo\"))");
    assert_eq!(made.callbacks().len(), 8);
    assert!(!format!("{:?}", settings("").unwrap()).contains(CODE));
}
