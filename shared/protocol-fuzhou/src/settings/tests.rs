//! Settings: what is accepted, what is named as wrong, and that nothing secret is printed.

use super::*;
use crate::Fuzhou;
use crate::sample::{Dummies, made, now, settings};
use domain::PartnerId;
use protocol::{Outbound, Problem};
use std::collections::BTreeMap;

fn keys(problems: &[Problem]) -> Vec<&str> {
    let mut keys: Vec<&str> = problems.iter().map(|problem| problem.key.as_str()).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn the_defaults_are_the_rulings() {
    let settings = settings("").unwrap();
    assert_eq!((settings.business_key, settings.padding), (BusinessKey::RsaPk, Padding::Pkcs1));
    assert_eq!(settings.sign, SignVariant { empties: Empties::Keep, null_as: NullAs::Nothing });
    assert_eq!(settings.accept_also.len(), 2);
    assert!(settings.accept_padding.is_empty() && settings.ack_aliases.is_empty() && !settings.require_sign);
    assert_eq!((settings.timestamp_skew_s, settings.timestamp_window_s), (None, None));
    assert_eq!((settings.pdf_limit_bytes, settings.welcome), (10 << 20, Welcome::Page));
}

#[test]
fn every_knob_turns() {
    let lines = r#"
        business_key = "api_rsa_pk"
        padding = "oaep_sha256_mgf1_sha1"
        accept_padding = ["pkcs1", "oaep_sha1"]
        sign = { empties = "drop", null_as = "null" }
        accept_also = []
        require_sign = true
        timestamp_skew_s = 300
        timestamp_window_s = 600
        ack_aliases = ["statue", "statues"]
        extra_fields = ["region"]
        welcome = "return"
        return_hosts = [".platform.example"]
        pdf_limit_bytes = 1
        file_limit_bytes = 2
    "#;
    let fuzhou = made(lines).unwrap();
    assert_eq!(fuzhou.proved(), [0]);
    fuzhou.dry_run(now()).unwrap();
    assert_eq!(fuzhou.proved(), [1]);
}

#[test]
fn a_word_that_no_knob_knows_is_refused() {
    for wrong in [
        "colour = 1",
        "padding = \"none\"",
        "sign = { empties = \"perhaps\" }",
        "ack_aliases = [\"stat\"]",
        "welcome = \"cake\"",
        "btc_id = -1",
        "api_secret = \"S3CR3T\"",
    ] {
        let refused = settings(wrong).unwrap_err();
        assert!(!refused.contains("S3CR3T"), "{refused}");
    }
}

#[test]
fn every_problem_is_named_with_its_key() {
    let lines = r#"
        api_key = "env:NONE"
        api_secret = "env:UNSET"
        rsa_pk = "env:SECRET"
        rsa_sk = "env:INSURER_PK"
        api_rsa_pk = "env:INSURER_SK"
        insurer_name = " "
        return_hosts = ["https://platform.example"]
        pdf_limit_bytes = 0
    "#;
    let urls = BTreeMap::from([
        ("update_claim".to_owned(), "not an address".to_owned()),
        ("apply_claim".to_owned(), "https://platform.example".to_owned()),
    ]);
    let id = PartnerId::parse("fuzhou-demo").unwrap();
    let problems = Fuzhou::new(id, &settings(lines).unwrap(), "ftp://x/", &urls, &Dummies).unwrap_err();
    let expected = [
        "base_url",
        "settings.api_key",
        "settings.api_rsa_pk",
        "settings.api_secret",
        "settings.insurer_name",
        "settings.pdf_limit_bytes",
        "settings.return_hosts",
        "settings.rsa_pk",
        "settings.rsa_sk",
        "urls.apply_claim",
        "urls.update_claim",
    ];
    assert_eq!(keys(&problems), expected);
    assert!(problems.iter().all(|problem| !problem.say.contains("S3CR3T") && !problem.say.contains("BEGIN")));
}

#[test]
fn the_dry_run_notices_halves_of_different_pairs() {
    let told = made("rsa_sk = \"env:PLATFORM_SK\"").unwrap().dry_run(now()).unwrap_err();
    assert!(told.say.contains("rsa_pk and rsa_sk must be the two halves of one pair"), "{told}");
}

#[test]
fn the_dry_run_shows_the_string_without_the_secret() {
    let shown = made("").unwrap().dry_run(now()).unwrap();
    let expected = "***btc_id223enter_institution_type4methodinsurer_get_guarantee_infoorder_nodry run 演练timestamp20261122103000***";
    assert_eq!(shown, expected);
}

#[test]
fn a_printed_partner_shows_nothing_but_its_name() {
    let fuzhou = made("").unwrap();
    assert_eq!(format!("{fuzhou:?}"), "Fuzhou(PartnerId(\"fuzhou-demo\"))");
    assert_eq!(fuzhou.callbacks().len(), 11);
    assert!(!format!("{:?}", settings("").unwrap()).contains("S3CR3T"));
}
