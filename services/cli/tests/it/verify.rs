//! `baohan verify`: exit code 0 only for a document that is valid, unmodified and trusted.

use crate::desk::{Desk, GATEWAY};
use std::path::PathBuf;
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder of the sandbox keys.
fn keys() -> PathBuf {
    let folder = root().join("target/dev/signing");
    assert!(Command::new(root().join("scripts/signing-keys")).arg(&folder).status().unwrap().success());
    folder
}

fn fuzz(name: &str) -> String {
    root().join("fuzz").join(name).display().to_string()
}

#[test]
fn a_genuine_document_is_shown_as_such() {
    let desk = Desk::new();
    let (file, trust) = (fuzz("corpus/verify/stamped-p256"), fuzz("root.pem"));
    let told = desk.done(&["verify", &file, "--trust", &trust]);
    for part in [
        "有效 valid",
        "未被修改",
        "可信 trusted",
        "示范担保有限公司（沙箱 P-256）",
        "时间戳证明",
        "沙箱测试证书",
        "✓",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&desk.done(&["verify", &file, "--trust", &trust, "--json"])).unwrap();
    assert_eq!(
        (&json["genuine"], &json["sandbox"], &json["signing_time"]["source"]),
        (&true.into(), &true.into(), &"timestamp".into())
    );
}

#[test]
fn whatever_else_it_is_the_exit_code_says_no() {
    let desk = Desk::new();
    let (file, trust) = (fuzz("corpus/verify/plain-rsa"), fuzz("root.pem"));
    let stranger = keys().join("root.pem").display().to_string();
    assert!(desk.baohan(&["verify", &file, "--trust", &stranger]).out.contains("不可信"));
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[500] ^= 1;
    let changed = desk.folder.join("changed.pdf");
    std::fs::write(&changed, bytes).unwrap();
    let changed = changed.display().to_string();
    for arguments in [
        vec!["verify", &file],
        vec!["verify", &file, "--trust", &stranger],
        vec!["verify", &changed, "--trust", &trust],
        vec!["verify", "nowhere.pdf", "--trust", &trust],
        vec!["verify", &file, "--trust", &file],
    ] {
        let said = desk.baohan(&arguments);
        assert_eq!(said.code, Some(1), "{arguments:?} {said:?}");
        assert!(!said.out.contains('✓'), "{said:?}");
    }
}

fn signer(more: &str) -> String {
    let keys = keys().display().to_string();
    let documents = format!(
        "[documents]\nfolder = \"HERE\"\npublic_base_url = \"https://f.example.cn\"\nlink_secret = \"file:HERE/link\"\n\
         trust = \"{keys}/root.pem\"\n[documents.signer]\n{more}\n"
    );
    let sandbox = "[gateway]\nenvironment = \"sandbox\"\n";
    GATEWAY.replace("[partners]", &format!("{sandbox}{}\n[partners]", documents.replace("KEYS", &keys)))
}

#[test]
fn check_looks_at_the_signing_key() {
    let desk = Desk::new();
    desk.write("link", "dummy-link-secret-of-at-least-32-bytes");
    let pem = "key = \"file:KEYS/rsa.key\"\ncertificates = \"KEYS/rsa.chain.pem\"";
    desk.write("gateway.toml", &signer(&format!("{pem}\nsandbox = true")));
    desk.done(&["check"]);
    desk.write("secret", "sandbox");
    desk.write(
        "gateway.toml",
        &signer("container = \"KEYS/p256.p12\"\npassword = \"file:HERE/secret\"\nsandbox = true"),
    );
    desk.done(&["check"]);
    for (settings, complaint) in [
        (pem.to_owned(), "sandbox certificate"),
        (pem.replace("rsa.chain", "p256.chain"), "does not belong to the first certificate"),
        (pem.replace("rsa.key", "gone.key"), "documents.signer.key"),
        (format!("{pem}\ncontainer = \"KEYS/rsa.p12\""), "either key and certificates"),
        ("sandbox = true".to_owned(), "either key and certificates"),
        (format!("{pem}\nsandbox = true\ntimestamp_url = \"tsa\""), "is not an address"),
    ] {
        desk.write("gateway.toml", &signer(&settings));
        let told = desk.refused(&["check"]);
        assert!(told.contains(complaint), "{complaint}: {told}");
    }
    let production = signer(&format!("{pem}\nsandbox = true")).replace("environment = \"sandbox\"", "");
    desk.write("gateway.toml", &production);
    assert!(desk.refused(&["check"]).contains("this is production"));
}

#[test]
fn check_reads_the_templates_and_looks_for_the_fonts() {
    let desk = Desk::new();
    desk.write("link", "dummy-link-secret-of-at-least-32-bytes");
    let pem = "key = \"file:KEYS/rsa.key\"\ncertificates = \"KEYS/rsa.chain.pem\"\nsandbox = true";
    let with = |more: &str| signer(pem).replace("[documents]\n", &format!("[documents]\n{more}\n"));
    std::fs::create_dir(desk.folder.join("templates")).expect("a folder");
    desk.write("gateway.toml", &with("templates = \"HERE/templates\""));
    desk.done(&["check"]);
    desk.write("templates/bid.toml", "version = \"1\"\ncolour = \"#102030\"\n");
    let told = desk.refused(&["check"]);
    assert!(told.contains("bid.toml:2: unknown field `colour`"), "{told}");
    desk.write("gateway.toml", &with("fonts = \"HERE\""));
    let told = desk.refused(&["check"]);
    assert!(
        told.contains("documents.fonts") && told.contains("install the package fonts-noto-cjk"),
        "{told}"
    );
}
