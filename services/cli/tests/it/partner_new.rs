//! `baohan partner new`: from nothing to a partner that its service takes, with nothing to guess on the way; and the file holds
//! every key there is, with the default it says.

use crate::desk::{Desk, GATEWAY};
use boot::settings::partners;
use boot::{Partner, Source};
use protocol::Problem;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;

const KINDS: [&str; 5] = ["finserv", "pubres", "govproc", "yueyang", "fuzhou"];

/// What a person writes in the lines that are marked, and the secrets that are put in their files.
const FILLED: [(&str, &str); 19] = [
    ("title", "\"新平台\""),
    ("base_url", "\"https://platform.example.com/rest/{interface}\""),
    ("rate", "\"0.005\""),
    ("access_key", "\"dummy\""),
    ("merchant_name", "\"示范担保有限公司\""),
    ("appkey", "\"dummy\""),
    ("instname", "\"示范担保有限公司\""),
    ("app_key", "\"dummy\""),
    ("public_base_url", "\"https://gateway.example.com\""),
    ("sellername", "\"示范担保有限公司\""),
    ("selleraddress", "\"示范路 1 号\""),
    ("sellerphone", "\"000-00000000\""),
    ("user", "\"dummy\""),
    ("inst_name", "\"示范担保有限公司\""),
    ("insurance_code", "\"91310110666007217T\""),
    ("claim_contact_name", "\"示范理赔员\""),
    ("claim_contact_phone", "\"000-00000000\""),
    ("btc_id", "223"),
    ("insurer_name", "\"示范财产保险有限公司\""),
];

/// The text of a secret, by the setting that names it.
fn secret(setting: &str) -> String {
    let key = |file: &str| {
        let path =
            format!("{}/../../shared/protocol-fuzhou/fixtures/keys/{file}", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(path).unwrap()
    };
    match setting {
        "rsa_pk" => key("insurer.pub.pem"),
        "rsa_sk" => key("insurer.pem"),
        "api_rsa_pk" => key("platform.pub.pem"),
        "link_secret" => "0123456789abcdef".repeat(2),
        _ => "0123456789abcdef".to_owned(),
    }
}

fn desk() -> Desk {
    let desk = Desk::new();
    fs::remove_file(desk.folder.join("partners/finserv-demo.toml")).unwrap();
    desk
}

/// The lines of a file that are marked, from 1, each with its key.
fn marked(text: &str) -> Vec<(usize, String)> {
    let open = text.lines().enumerate().filter(|(_, line)| line.contains("  # FILL IN"));
    open.map(|(at, line)| (at + 1, line.split(' ').next().unwrap().to_owned())).collect()
}

/// The lines of this file that `baohan check` complains about.
fn named(desk: &Desk, file: &str) -> BTreeSet<usize> {
    let told = desk.refused(&["check"]);
    let here = format!("{}:", desk.folder.join(file).display());
    let lines = told.lines().skip(1).map(|line| {
        let rest =
            line.trim().strip_prefix(&here).unwrap_or_else(|| panic!("of another file, or no line: {told}"));
        rest.split(':').next().unwrap().parse().unwrap()
    });
    lines.collect()
}

/// What a person does with it: values in the marked lines, secrets in the files that they name.
fn fill(desk: &Desk, file: &str) {
    let text = fs::read_to_string(desk.folder.join(file)).unwrap();
    fs::create_dir_all(desk.folder.join("secrets")).unwrap();
    let line = |line: &str| {
        let Some((before, _)) = line.split_once("  # FILL IN") else { return line.to_owned() };
        let (key, value) = before.split_once(" = ").unwrap();
        if let Some(path) = value.trim_matches('"').strip_prefix("file:") {
            fs::write(path, secret(key)).unwrap();
            return before.to_owned();
        }
        let (_, value) = FILLED.iter().find(|(known, _)| *known == key).unwrap();
        let plain = if text.contains("protocol = \"pubres\"") {
            (*value).to_owned()
        } else {
            value.replace("{interface}", "")
        };
        format!("{key} = {plain}")
    };
    let filled: Vec<String> = text.lines().map(line).collect();
    fs::write(desk.folder.join(file), filled.join("\n")).unwrap();
}

/// Loads it as its service does.
fn loads<S: DeserializeOwned, P>(
    desk: &Desk,
    kind: &str,
    new: impl Fn(&Partner<S>) -> Result<P, Vec<Problem>>,
) {
    let found = partners::<S>(&desk.folder.join("partners"), kind).unwrap();
    assert_eq!(found.len(), 1);
    assert!(new(&found[0]).is_ok(), "{kind}: its service refuses it");
}

fn served(desk: &Desk, kind: &str) {
    let secrets = boot::secrets();
    match kind {
        "finserv" => loads(desk, kind, |of: &Partner<protocol_finserv::Settings>| {
            protocol_finserv::Finserv::new(of.id.clone(), &of.settings, &of.base_url, &of.urls, &secrets)
        }),
        "pubres" => loads(desk, kind, |of: &Partner<protocol_pubres::Settings>| {
            protocol_pubres::Pubres::new(of.id.clone(), &of.settings, &of.base_url, &of.urls, &secrets)
        }),
        "govproc" => loads(desk, kind, |of: &Partner<protocol_govproc::Settings>| {
            protocol_govproc::Govproc::new(of.id.clone(), &of.settings, &of.base_url, &of.urls, &secrets)
        }),
        "yueyang" => loads(desk, kind, |of: &Partner<protocol_yueyang::Settings>| {
            protocol_yueyang::Yueyang::new(of.id.clone(), &of.settings, &of.base_url, &of.urls, &secrets)
        }),
        _ => loads(desk, kind, |of: &Partner<protocol_fuzhou::Settings>| {
            protocol_fuzhou::Fuzhou::new(of.id.clone(), &of.settings, &of.base_url, &of.urls, &secrets)
        }),
    }
}

#[test]
fn a_new_file_is_filled_line_by_line_until_its_service_takes_it() {
    for kind in KINDS {
        let desk = desk();
        let file = format!("partners/{kind}-new.toml");
        let told = desk.done(&["partner", "new", kind, "--id", &format!("{kind}-new")]);
        assert!(told.contains(&file) && told.contains(&format!("partner guide {kind}-new")), "{told}");
        let text = fs::read_to_string(desk.folder.join(&file)).unwrap();
        let open: BTreeSet<usize> = marked(&text).into_iter().map(|(line, _)| line).collect();
        assert!(open.len() > 4, "{kind}");
        assert_eq!(named(&desk, &file), open, "{kind}: what check names and what is marked");
        fill(&desk, &file);
        let good = desk.done(&["check"]);
        assert!(good.contains(&format!("{kind}-new")) && good.contains("✓ 配置无误"), "{good}");
        served(&desk, kind);
    }
}

#[test]
fn nothing_is_written_over_and_standard_output_needs_no_settings() {
    let desk = desk();
    desk.done(&["partner", "new", "pubres"]);
    let file = desk.folder.join("partners/pubres.toml");
    let before = fs::read_to_string(&file).unwrap();
    assert!(desk.refused(&["partner", "new", "pubres"]).contains("give another with --id"));
    let path = file.to_str().unwrap();
    let there = desk.refused(&["partner", "new", "govproc", "--output", path]);
    assert!(there.contains("nothing is written over it"), "{there}");
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    desk.write("gateway.toml", "");
    let shown = desk.done(&["partner", "new", "pubres", "--output", "-", "--secrets", "/run/secrets"]);
    assert!(shown.contains("appsecret = \"file:/run/secrets/pubres.appsecret\""), "{shown}");
    desk.write("gateway.toml", GATEWAY);
    let unknown = desk.baohan(&["partner", "new", "all"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("finserv"), "{unknown:?}");
}

// === every key there is, with its default ===

/// The names that a reader of settings knows, as it tells them when it meets one that it does not.
fn known<T: DeserializeOwned + Debug>(text: &str) -> BTreeSet<String> {
    let wrong = Source::of("x.toml", text).parse::<T>().unwrap_err();
    let told = wrong.all().iter().find_map(|one| one.say.split_once("Keys known here: ")).unwrap();
    told.1.split(", ").map(str::to_owned).collect()
}

/// The lines that are commented out keys, and whether they are said to be the default.
fn commented(text: &str) -> Vec<(usize, bool)> {
    let mut section = "";
    // Whether the comment above says what happens without the key.
    let mut told = false;
    let mut was_words = false;
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let is_words = line.starts_with("# ") || line == "#";
        if is_words {
            told = line.contains("Default:") || (told && was_words);
        } else if let Some(name) = line.trim_start_matches('#').strip_prefix('[') {
            section = name;
            found.extend(line.starts_with('#').then_some((at, false)));
        } else if line.starts_with('#') {
            let example = ["urls]", "policy.credit]", "former]"].contains(&section);
            found.push((at, !told && !example));
        }
        was_words = is_words;
    }
    found
}

fn uncommented(text: &str, which: &[usize]) -> String {
    let lines = text.lines().enumerate();
    let shown = lines.map(|(at, line)| if which.contains(&at) { &line[1..] } else { line });
    shown.collect::<Vec<_>>().join("\n")
}

/// The keys of a section, commented out or not; `""` is the root.
fn mentioned(text: &str, section: &str) -> BTreeSet<String> {
    let mut now = String::new();
    let mut found = BTreeSet::new();
    for line in text.lines() {
        let line = if line.starts_with("# ") { continue } else { line.trim_start_matches('#') };
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
            if section.is_empty() && !name.contains('.') {
                found.insert(name.to_owned());
            }
            now = name.to_owned();
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| now == section) {
            found.insert(key.to_owned());
        }
    }
    found
}

fn complete<S: DeserializeOwned + Debug>(kind: &str) {
    let text = desk().done(&["partner", "new", kind, "--output", "-"]);
    let parse = |text: &str| {
        Source::of("partner.toml", text).parse::<Partner<S>>().unwrap_or_else(|e| panic!("{kind}: {e}"))
    };
    let plain = format!("{:?}", parse(&text));
    let keys = commented(&text);
    assert!(keys.len() > 20, "{kind}");
    let all: Vec<usize> = keys.iter().map(|(at, _)| *at).collect();
    parse(&uncommented(&text, &all));
    for (at, is_default) in keys {
        let line = text.lines().nth(at).unwrap();
        if is_default {
            assert_eq!(
                format!("{:?}", parse(&uncommented(&text, &[at]))),
                plain,
                "{kind}: {line} is not the default"
            );
        }
    }
    assert_eq!(mentioned(&text, "settings"), known::<S>("unheard_of = 1"), "{kind}: [settings]");
    let mut root = known::<Partner<S>>(&format!("unheard_of = 1\n{text}"));
    root.remove("source");
    assert_eq!(mentioned(&text, ""), root, "{kind}");
    for section in ["limits", "egress", "policy.auto", "policy.rate_card", "former"] {
        let wrong = text.replace(&format!("#[{section}]"), &format!("[{section}]"));
        let wrong =
            wrong.replacen(&format!("\n[{section}]\n"), &format!("\n[{section}]\nunheard_of = 1\n"), 1);
        let mut written = mentioned(&text, section);
        written.extend((section == "former").then(|| "settings".to_owned()));
        assert_eq!(written, known::<Partner<S>>(&wrong), "{kind}: [{section}]");
    }
}

#[test]
fn the_file_holds_every_key_that_is_known_with_its_default() {
    complete::<protocol_finserv::Settings>("finserv");
    complete::<protocol_pubres::Settings>("pubres");
    complete::<protocol_govproc::Settings>("govproc");
    complete::<protocol_yueyang::Settings>("yueyang");
    complete::<protocol_fuzhou::Settings>("fuzhou");
}

/// What of the policy is for some protocols only stands in their files; together they hold all of it.
#[test]
fn the_files_together_hold_the_whole_policy() {
    let desk = desk();
    let texts = KINDS.map(|kind| desk.done(&["partner", "new", kind, "--output", "-"]));
    let all: BTreeSet<String> = texts.iter().flat_map(|text| mentioned(text, "policy")).collect();
    let mut known = known::<domain::Policy>("unheard_of = 1");
    for table in ["rate_card", "auto", "credit"] {
        assert!(
            known.remove(table) && texts.iter().any(|text| text.contains(&format!("[policy.{table}]"))),
            "{table}"
        );
    }
    assert_eq!(all, known);
}
