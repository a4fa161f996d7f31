//! An institution's own templates, and the mistakes in them as they are told at start.

use super::poppler::text;
use super::specimen::{fonts, issuer, letter, reissued};
use documents::{BadTemplates, Printer, Unready};
use std::path::PathBuf;

const BID: &str = include_str!("../../templates/bid.toml");

fn open(name: &str, files: &[(&str, String)]) -> Result<Printer, Unready> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (file, content) in files {
        std::fs::write(folder.join(file), content).unwrap();
    }
    Printer::open(issuer(), &fonts(), Some(&folder))
}

/// The mistakes, each as `file:line: what`, with the folder taken off.
fn told(name: &str, files: &[(&str, String)]) -> Vec<String> {
    let Err(Unready::Templates(BadTemplates(mistakes))) = open(name, files) else {
        panic!("no mistake was found");
    };
    let told = mistakes.iter().map(|mistake| {
        let file = mistake.file.rsplit('/').next().unwrap_or_default();
        format!("{file}:{}: {}", mistake.line.unwrap_or(0), mistake.say)
    });
    told.collect()
}

fn line_of(content: &str, part: &str) -> usize {
    1 + content.lines().position(|line| line.contains(part)).unwrap()
}

#[test]
fn an_institution_sets_its_own_text_for_one_document() {
    let own = BID.replace("version = \"2026-2\"", "version = \"2027-1\"").replace("五个营业日", "三个营业日");
    let printer = open("own", &[("bid.toml", own)]).unwrap();
    let text = text(&printer.guarantee(&letter()).unwrap().bytes);
    assert!(text.contains("模板bid2027-1") && text.contains("三个营业日"), "{text}");
    assert!(printer.guarantee(&super::specimen::performance()).is_ok());
}

#[test]
fn an_unknown_name_is_told_with_file_and_line() {
    let own = BID.replace("{applicant_code}", "{applicant_kode}");
    let line = line_of(&own, "{applicant_kode}");
    let told = told("unknown", &[("bid.toml", own)]);
    assert_eq!(told.len(), 1, "{told:?}");
    let begins = format!("bid.toml:{line}: unknown name “applicant_kode”; known are: applicant, ");
    assert!(told[0].starts_with(&begins), "{told:?}");
}

/// The names a template may use, as the error about an unknown one lists them.
fn known(told: &str) -> Vec<String> {
    told.rsplit("known are: ").next().unwrap().split(", ").map(str::to_owned).collect()
}

#[test]
fn every_name_a_template_may_use_is_filled_in() {
    let unknown = BID.replace("{applicant_code}", "{applicant_kode}");
    let said = told("names", &[("bid-reissued.toml", unknown)]);
    // What only a performance guarantee has, and the phrases of the supplied template.
    let others =
        ["contract_signed_on", "contract_period", "opening_text", "bid_validity_text", "section", "validity"];
    let names: Vec<String> =
        known(&said[0]).into_iter().filter(|name| !others.contains(&name.as_str())).collect();
    assert!(names.len() > 25, "{names:?}");
    let lines: Vec<String> = names.iter().map(|name| format!("  \"<{name}：{{{name}}}>\",\n")).collect();
    let (before, rest) = BID.split_once("closing = [").unwrap();
    let (_, behind) = rest.split_once("]\n").unwrap();
    let all = format!("{before}closing = [\n{}]\n{behind}", lines.concat());
    let printer = open("all-names", &[("bid-reissued.toml", all)]).unwrap();
    let address = documents::Shown::Plain("某路1号");
    let mut letter = reissued();
    (letter.beneficiary.address, letter.applicant.address) = (address, address);
    let text = text(&printer.guarantee(&letter).unwrap().bytes);
    for name in names {
        assert!(text.contains(&format!("<{name}：")), "{name} is not filled in: {text}");
    }
}

#[test]
fn a_wrong_key_is_told_with_file_and_line() {
    let own = BID.replace("closing = [", "clozing = [");
    let line = line_of(&own, "clozing");
    let told = told("key", &[("bid.toml", own)]);
    assert!(told[0].starts_with(&format!("bid.toml:{line}: unknown field `clozing`")), "{told:?}");
}

#[test]
fn all_other_mistakes_are_told_at_once() {
    let own = BID
        .replace("#1F3F77", "blue")
        .replace("致：{beneficiary}", "致：{beneficiary")
        .replace("（以下无正文）", "\u{E001}")
        .replace("保函专用章", "一二三四五六七八九十十一二");
    let said = told("many", &[("bid.toml", own), ("bidd.toml", BID.to_owned())]);
    let expected =
        ["no document has a template of this name", "a colour", "brace", "no shape for", "a seal has room"];
    for part in expected {
        assert!(said.iter().any(|told| told.contains(part)), "{part}: {said:?}");
    }
    assert_eq!(said.len(), expected.len(), "{said:?}");
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let refused = Printer::open(issuer(), &fonts(), Some(&PathBuf::from("/nowhere/templates")));
    let said = refused.unwrap_err().to_string();
    assert!(said.contains("/nowhere/templates") && said.contains("documents.templates"), "{said}");
}

#[test]
fn braces_in_a_fact_mean_nothing() {
    let name = documents::Shown::Plain("甲{applicant}乙}{");
    let printer = Printer::open(issuer(), &fonts(), None).unwrap();
    let rendered = printer.guarantee(&documents::Letter { project_name: name, ..letter() }).unwrap();
    assert!(text(&rendered.bytes).contains("甲{applicant}乙}{"));
}
