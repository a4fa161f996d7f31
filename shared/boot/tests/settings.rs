//! Mistakes in settings as operators make them, and what they are told.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use boot::{Gateway, Mistakes, Partner, Problem, Process, Source, secrets};
use crypto::secret::{SecretRef, Secrets};
use serde::Deserialize;
use std::path::PathBuf;

const GOOD: &str = r#"
[institution]
name = "某某银行股份有限公司"
short_name = "某某银行"
credit_code = "91350100M000100Y43"

[broker]
url = "env:GATEWAY_RABBITMQ_URL"

[redis]
url = "env:GATEWAY_REDIS_URL"

[documents]
folder = "documents"
public_base_url = "https://files.example.com/d"
link_secret = "file:/run/secrets/link"
keys = { current = "2026-11", ring = { 2026-11 = "file:/run/secrets/documents" } }
"#;

const POSTGRES: &str = "[postgres]\nurl = \"env:GATEWAY_POSTGRES_URL\"\n";
const KEYS: &str = "[keys]\ncurrent = \"2026-11\"\n[keys.ring]\n2026-11 = \"file:/run/secrets/at-rest\"\n";

const INGRESS: Process = Process { name: "ingress-finserv" };
const WORKER: Process = Process { name: "worker-apply" };

fn told(text: &str, process: Process) -> Vec<String> {
    let source = Source::of("gateway.toml", text);
    Gateway::of(&source, process).unwrap_err().all().iter().map(ToString::to_string).collect()
}

fn folder(name: &str, files: &[(&str, String)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        std::fs::write(folder.join(file), text).unwrap();
    }
    folder
}

#[test]
fn good_settings_have_their_defaults() {
    let gateway = Gateway::of(&Source::of("gateway.toml", GOOD), INGRESS).unwrap();
    assert_eq!(gateway.broker.unwrap().lanes, 32);
    assert_eq!(gateway.ingress.body_limit_bytes, 2 * 1024 * 1024);
    assert_eq!(gateway.retry.rungs_s, [1, 15, 30, 180, 1800, 3600]);
}

#[test]
fn broken_toml_is_told_with_file_and_line() {
    let said = told(&GOOD.replace("[redis]", "[redis"), INGRESS);
    assert!(said[0].starts_with("gateway.toml:10: "), "{said:?}");
}

#[test]
fn an_unknown_key_is_told_with_its_line_and_a_guess() {
    let said = told(&GOOD.replace("[redis]", "lane = 3\n[redis]"), INGRESS);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("gateway.toml:10: broker.lane: unknown key"), "{said:?}");
    assert!(said[0].contains("Did you mean \"lanes\"?"), "{said:?}");
}

#[test]
fn several_mistakes_are_told_at_once_and_in_order() {
    let text = GOOD
        .replace("short_name = \"某某银行\"\n", "")
        .replace("[redis]", "lanes = \"hunter2\"\n[redis]\ncolour = \"red\"")
        .replace("folder = \"documents\"", "folder = 7");
    let said = told(&text, INGRESS);
    let starts = [
        "gateway.toml:2: institution.short_name: is missing",
        "gateway.toml:9: broker.lanes: invalid type: a string",
        "gateway.toml:11: redis.colour: unknown key",
        "gateway.toml:15: documents.folder: invalid type: integer `7`",
    ];
    assert_eq!(said.len(), starts.len(), "{said:#?}");
    for (say, start) in said.iter().zip(starts) {
        assert!(say.starts_with(start), "{say}\n{start}");
    }
    assert!(!said.concat().contains("hunter2"), "{said:?}");
}

#[test]
fn values_that_make_no_sense_are_told_with_their_lines() {
    let text = GOOD.replace("91350100M000100Y43", "123") + "[retry]\nrungs_s = [15]\n";
    let said = told(&text, INGRESS);
    assert!(said[0].starts_with("gateway.toml:5: institution.credit_code: "), "{said:?}");
    assert!(said[1].starts_with("gateway.toml:19: retry.rungs_s: "), "{said:?}");
}

#[test]
fn documents_are_kept_in_one_place_and_a_bucket_is_described_whole() {
    let bucket = "[documents.bucket]\naccess_key = \"env:ID\"\nsecret_key = \"env:SECRET\"\n";
    let text = |line: &str, more: &str| GOOD.replace("folder = \"documents\"", line) + more;
    let with = |line: &str, more: &str| told(&text(line, more), INGRESS);
    let whole = text("store = \"s3://guarantees\"", bucket);
    assert!(Gateway::of(&Source::of("gateway.toml", &whole), INGRESS).is_ok());
    let neither = with("", "");
    assert!(neither[0].contains("documents: must name the store of documents"), "{neither:?}");
    let both = with("folder = \"documents\"\nstore = \"s3://guarantees\"", bucket);
    assert!(both[0].contains("documents: must name the store of documents"), "{both:?}");
    for (line, more) in [("store = \"s3://guarantees\"", ""), ("folder = \"documents\"", bucket)] {
        let half = with(line, more);
        assert!(half[0].contains("documents.bucket"), "{half:?}");
    }
}

#[test]
fn a_secret_written_into_the_file_is_refused_and_not_repeated() {
    let said = told(&GOOD.replace("env:GATEWAY_RABBITMQ_URL", "amqp://guest:hunter2@localhost"), INGRESS);
    assert!(said[0].starts_with("gateway.toml:8: broker.url: "), "{said:?}");
    assert!(!said.concat().contains("hunter2"), "{said:?}");
}

#[test]
fn what_faces_the_internet_refuses_database_credentials() {
    let text = format!("{GOOD}{POSTGRES}");
    for name in ["ingress-finserv", "egress-finserv", "files"] {
        let said = told(&text, Process { name });
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("gateway.toml:18: postgres: "), "{said:?}");
        assert!(said[0].contains(name), "{said:?}");
    }
    let whole = format!("{text}{KEYS}");
    assert!(Gateway::of(&Source::of("gateway.toml", &whole), WORKER).unwrap().postgres.is_some());
}

#[test]
fn keys_stay_inside_and_production_keeps_nothing_without_them() {
    let said = told(&format!("{GOOD}{KEYS}"), INGRESS);
    assert!(said.len() == 1 && said[0].contains("keys: ingress-finserv faces the internet"), "{said:?}");
    let text = format!("{GOOD}{POSTGRES}");
    let said = told(&text, WORKER);
    assert!(said.len() == 1 && said[0].contains("keys: is missing, and this is production"), "{said:?}");
    let bare: String =
        text.lines().filter(|line| !line.starts_with("keys =")).map(|line| format!("{line}\n")).collect();
    let said = told(&format!("{bare}{KEYS}"), WORKER);
    assert!(
        said.len() == 1 && said[0].contains("documents.keys: is missing, and this is production"),
        "{said:?}"
    );
    let sandbox = format!("[gateway]\nenvironment = \"sandbox\"\n{bare}");
    let sandbox = Gateway::of(&Source::of("gateway.toml", &sandbox), WORKER).unwrap();
    assert!(sandbox.keys.is_none() && sandbox.documents.unwrap().keys.is_none());
}

#[test]
fn a_ring_is_read_from_its_files_and_mistakes_name_the_key() {
    let good = ("good.key", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=\n".to_owned());
    let folder = folder("keys", &[good, ("bad.key", "hunter2\n".into())]);
    let read = |current: &str, file: &str| {
        let ring = format!("[keys.ring]\n2026-11 = \"file:{}/{file}\"\n", folder.display());
        let text = format!("{GOOD}{POSTGRES}[keys]\ncurrent = \"{current}\"\n{ring}");
        let source = Source::of("gateway.toml", &text);
        boot::keyring(&Gateway::of(&source, WORKER).unwrap(), &source).map_err(|told| told.to_string())
    };
    assert_eq!(read("2026-11", "good.key").unwrap().unwrap().current(), "2026-11");
    let said = read("2026-11", "none.key").unwrap_err();
    assert!(said.contains("gateway.toml:23: keys.ring.2026-11: ") && said.contains("none.key"), "{said}");
    let said = read("2026-12", "good.key").unwrap_err();
    assert!(said.contains("keys: ") && said.contains("2026-12"), "{said}");
    let said = read("2026-11", "bad.key").unwrap_err();
    assert!(said.contains("32 bytes") && !said.contains("hunter2"), "{said}");
    let text = GOOD.replace("/run/secrets/documents", &format!("{}/bad.key", folder.display()));
    let source = Source::of("gateway.toml", &text);
    let said =
        boot::document_keyring(&Gateway::of(&source, WORKER).unwrap(), &source).unwrap_err().to_string();
    assert!(said.contains("documents.keys: ") && said.contains("32 bytes"), "{said}");
}

#[test]
fn settings_may_be_spread_over_files_and_mistakes_name_the_right_one() {
    let inside = POSTGRES.replace("url", "ulr");
    let folder = folder("spread", &[("gateway.toml", GOOD.into()), ("inside.toml", inside)]);
    let files = [folder.join("gateway.toml"), folder.join("inside.toml")];
    let mistakes = Gateway::of(&Source::read(&files).unwrap(), WORKER).unwrap_err();
    let said = mistakes.all();
    assert!(said.iter().all(|m| m.file == files[1]), "{mistakes}");
    assert_eq!((said[0].line, said[0].key.as_str()), (Some(1), "postgres.url"), "{mistakes}");
    assert_eq!((said[1].line, said[1].key.as_str()), (Some(2), "postgres.ulr"), "{mistakes}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let mistakes = boot::load::<Gateway>("/nowhere/gateway.toml").unwrap_err();
    assert!(mistakes.to_string().contains("/nowhere/gateway.toml: cannot be read"), "{mistakes}");
}

#[test]
fn a_missing_secret_names_its_variable() {
    let missing = SecretRef::Env("GATEWAY_TEST_NEVER_SET".into());
    let said = secrets().resolve(&missing).unwrap_err().to_string();
    assert!(said.contains("env:GATEWAY_TEST_NEVER_SET") && said.contains("is not set"), "{said}");
    assert!(secrets().resolve(&SecretRef::Env("PATH".into())).is_ok());
}

#[test]
fn a_secret_file_is_read_without_its_last_newline() {
    let folder = folder("secret", &[("key", "0123456789abcdef\n".into()), ("empty", "\n".into())]);
    let secret = secrets().resolve(&SecretRef::File(folder.join("key"))).unwrap();
    assert_eq!(secret.expose(), "0123456789abcdef");
    assert!(
        secrets()
            .resolve(&SecretRef::File(folder.join("empty")))
            .unwrap_err()
            .to_string()
            .contains("is empty")
    );
    assert!(secrets().resolve(&SecretRef::File(folder.join("absent"))).is_err());
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    iv: String,
}

const PARTNER: &str = r#"
id = "finserv-demo"
protocol = "finserv"
title = "演示平台"
base_url = "https://platform.example.com/api"
callback_hosts = ["platform.example.com", "10.0.0.1", ".example.org"]

[urls]
feedback_quit = "https://other.example.com/quit"

[policy]
orders = "auto"
[policy.rate_card]
rate = "0.005"

[settings]
iv = "short"
"#;

fn finserv(folder: &std::path::Path) -> Result<Vec<Partner<Keys>>, Mistakes> {
    boot::partners(folder, "finserv")
}

#[test]
fn a_partner_is_read_with_its_defaults_and_addresses() {
    let folder = folder("partner", &[("demo.toml", PARTNER.into()), ("notes.txt", "no partner".into())]);
    let partner = finserv(&folder).unwrap().remove(0);
    assert!(partner.enabled);
    assert_eq!(partner.retry_schedule_s, [15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600]);
    assert_eq!(partner.address("feedback_quit", "x"), "https://other.example.com/quit");
    assert_eq!(partner.address("feedback_invoice", "/x"), "https://platform.example.com/api/x");
    assert_eq!(boot::every_partner(&folder).unwrap()[0].id.as_str(), "finserv-demo");
}

#[test]
fn a_protocols_own_judgement_is_told_with_its_line() {
    let folder = folder("judged", &[("demo.toml", PARTNER.into())]);
    let partner = finserv(&folder).unwrap().remove(0);
    assert_eq!(partner.settings.iv, "short");
    let said = partner.mistakes(vec![Problem::new("settings.iv", "must have 16 bytes")]).to_string();
    assert!(said.contains("demo.toml:17: settings.iv: must have 16 bytes"), "{said}");
}

#[test]
fn partners_mistakes_are_told_all_together() {
    let bad = PARTNER
        .replace("[urls]", "retry_schedule_s = [15, 20]\n[urls]")
        .replace("10.0.0.1", "10.0.0.1:8443")
        .replace("https://other.example.com/quit", "ftp://x");
    let broken = PARTNER.replace("finserv-demo", "Finserv Demo").replace("iv =", "vi =");
    let other = PARTNER.replace("\"finserv\"", "\"pubres\"").replace("iv =", "nothing_of_ours =");
    let files = [("a.toml", PARTNER.into()), ("b.toml", bad), ("c.toml", broken), ("d.toml", other)];
    let folder = folder("together", &files);
    let mistakes = finserv(&folder).unwrap_err();
    let keys: Vec<_> = mistakes
        .all()
        .iter()
        .map(|m| (m.file.file_name().unwrap().to_str().unwrap(), m.line.unwrap(), m.key.as_str()))
        .collect();
    let expected = [
        ("b.toml", 2, "id"),
        ("b.toml", 6, "callback_hosts"),
        ("b.toml", 8, "retry_schedule_s"),
        ("b.toml", 10, "urls.feedback_quit"),
        ("c.toml", 2, "id"),
        ("c.toml", 16, "settings.iv"),
        ("c.toml", 17, "settings.vi"),
        ("d.toml", 2, "id"),
    ];
    assert_eq!(keys, expected, "{mistakes}");
}

#[test]
fn what_is_missing_beside_the_first_key_is_not_that_keys_mistake() {
    let text = PARTNER.trim_start().replace("base_url = \"https://platform.example.com/api\"\n", "");
    let folder = folder("first-key", &[("demo.toml", text)]);
    let mistakes = finserv(&folder).unwrap_err();
    assert_eq!(mistakes.all()[0].key, "base_url", "{mistakes}");
}
