//! Settings: what is accepted, what is named as wrong, and that nothing secret is printed.

use super::*;
use crate::Pubres;
use crate::sample::{BASE, Dummies, SECRET, made, now, settings};
use domain::PartnerId;
use protocol::{Outbound, Problem};
use std::collections::BTreeMap;

fn keys(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.key.as_str()).collect()
}

fn with_addresses(base_url: &str, urls: &[(&str, &str)]) -> Result<Pubres, Vec<Problem>> {
    let urls = urls.iter().map(|(name, url)| ((*name).to_owned(), (*url).to_owned())).collect();
    let id = PartnerId::parse("pubres-demo").unwrap();
    Pubres::new(id, &settings("").unwrap(), base_url, &urls, &Dummies)
}

#[test]
fn the_defaults_are_the_rulings() {
    let settings = settings("").unwrap();
    assert_eq!((settings.sign, settings.accept_also), (Changes::default(), vec![]));
    assert_eq!((settings.sealed, settings.code), (Seals::Always, CodeForm::String));
    assert_eq!(settings.unknown_account, "无");
    assert_eq!((settings.seal_iv, settings.fixed_key, settings.key_wrap), (None, None, None));
    assert!(!settings.silence_rejections && settings.timestamp_window_s.is_none());
    let documented = knobs::documented();
    let read = "digest = \"sm3\"\nskip = \"blank\"\nnested = \"compact_json\"\nsecret = { suffix = \"&appsecret=\" }";
    assert_eq!(documented, toml::from_str(read).unwrap());
}

#[test]
fn every_knob_turns() {
    let lines = r#"
        sign = { secret = { suffix = "&key=" }, sort = "ascii_ci", hex = "upper" }
        accept_also = [{}, { digest = "hmac_sm3" }, { secret = { prefix = "&" } }, { skip = "none", number = "java_double" }]
        timestamp_window_s = 600
        sealed = "detect"
        seal_iv = "env:KEK"
        fixed_key = "env:KEK"
        key_wrap = "env:KEK"
        redirect_url = "https://guarantee.example"
        unknown_account = "-"
        code = "int"
        silence_rejections = true
    "#;
    let pubres = made(lines).unwrap();
    assert_eq!(pubres.proved(), [0; 5]);
    let shown = pubres.dry_run(now()).unwrap();
    assert!(shown.ends_with("&timestamp=2026-11-22 10:30:00&key=***"), "{shown}");
    assert_eq!(pubres.proved(), [1, 0, 0, 0, 0]);
}

#[test]
fn a_word_that_no_knob_knows_is_refused() {
    for wrong in [
        "colour = 1",
        "code = \"text\"",
        "sealed = true",
        "sign = { secret_joiner = \"&\" }",
        "accept_also = [{ digest = \"md4\" }]",
    ] {
        assert!(settings(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_secret_is_named_not_written() {
    let refused = settings(&format!("appsecret = \"{SECRET}\"")).unwrap_err();
    assert!(refused.contains("env:NAME") && !refused.contains(SECRET), "{refused}");
    assert!(settings("fixed_key = 5").is_err());
}

#[test]
fn every_problem_is_named_with_its_key() {
    let lines = r#"
        appkey = " "
        appsecret = "env:NONE"
        seal_iv = "env:SECRET"
        fixed_key = "env:UNSET"
        key_wrap = "env:SECRET"
        instname = ""
    "#;
    let urls = BTreeMap::from([
        ("quitnotice".to_owned(), "not an address".to_owned()),
        ("baohanapply".to_owned(), BASE.to_owned()),
    ]);
    let id = PartnerId::parse("pubres-demo").unwrap();
    let problems = Pubres::new(id, &settings(lines).unwrap(), "https://x/", &urls, &Dummies).unwrap_err();
    let mut found = keys(&problems);
    found.sort_unstable();
    let expected = [
        "settings.appkey",
        "settings.appsecret",
        "settings.fixed_key",
        "settings.instname",
        "settings.key_wrap",
        "settings.seal_iv",
        "urls.baohanapply",
        "urls.baohannotice",
        "urls.invoicenotice",
        "urls.quitnotice",
        "urls.restorenotice",
    ];
    assert_eq!(found, expected);
    assert!(problems.iter().all(|problem| !problem.say.contains(SECRET)));
}

#[test]
fn each_callback_has_an_address_of_its_own_or_its_place_in_the_one_for_all() {
    let four = ["baohannotice", "restorenotice", "invoicenotice", "quitnotice"];
    let own: Vec<(&str, &str)> = four.map(|name| (name, "https://p.example/x")).to_vec();
    let pubres = with_addresses("https://p.example/", &own).unwrap();
    assert_eq!(pubres.addresses.last(), Some(&None), "giveupapply is optional");
    let pubres = with_addresses(BASE, &own[..1]).unwrap();
    let told: Vec<String> = pubres.addresses.iter().flatten().map(ToString::to_string).collect();
    assert_eq!(told.len(), 5);
    assert_eq!(
        (told[0].as_str(), told[1].as_str()),
        ("https://p.example/x", "https://platform.example/rest/gbsapi/restorenotice")
    );
    let problems = with_addresses("ftp://p.example/{interface}", &[]).unwrap_err();
    assert_eq!(keys(&problems), ["base_url"], "told once");
}

#[test]
fn the_dry_run_shows_the_string_without_the_secret() {
    let shown = made("").unwrap().dry_run(now()).unwrap();
    let (start, end) =
        ("appkey=demo-appkey&applyno=A", "&platformcode=P01&timestamp=2026-11-22 10:30:00&appsecret=***");
    assert!(shown.starts_with(start) && shown.ends_with(end), "{shown}");
    assert!(crate::sample::made_for_any_platform().dry_run(now()).is_ok());
}

#[test]
fn a_printed_partner_shows_nothing_but_its_name() {
    let pubres = made("").unwrap();
    assert_eq!(format!("{pubres:?}"), "Pubres(PartnerId(\"pubres-demo\"))");
    assert_eq!(pubres.callbacks().len(), 5);
    let printed = format!("{:?}", settings("").unwrap());
    assert!(printed.contains("Env(\"SECRET\")") && !printed.contains(SECRET));
}
