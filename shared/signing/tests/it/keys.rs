//! Keys in every form that is accepted, and what is said of those that are not.

use crate::house::{keys, read, signer};
use signing::{BadKey, Certificate, LocalSigner, Material, Signer};
use std::fs;
use std::process::Command;

#[test]
fn a_key_may_come_in_pem_or_in_pkcs12() {
    for name in ["rsa", "p256"] {
        let container = fs::read(keys().join(format!("{name}.p12"))).unwrap();
        let packed = LocalSigner::from_pkcs12(&container, b"sandbox").unwrap();
        assert_eq!(packed.chain(), signer(name).chain(), "{name}");
        assert_eq!(packed.chain().len(), 2);
        assert_eq!(LocalSigner::from_pkcs12(&container, b"another").unwrap_err(), BadKey::Locked);
        assert!(!format!("{packed:?}").contains("RsaKeyPair"));
    }
}

#[test]
fn a_key_in_pem_may_be_encrypted() {
    let encrypted = Command::new("openssl")
        .args(["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:geheim", "-in"])
        .arg(keys().join("rsa.key"))
        .output()
        .unwrap();
    let (key, chain) = (String::from_utf8(encrypted.stdout).unwrap(), read("rsa.chain.pem"));
    assert!(key.contains("ENCRYPTED"));
    LocalSigner::from_pem(&key, &chain, b"geheim").unwrap();
    assert_eq!(LocalSigner::from_pem(&key, &chain, b"").unwrap_err(), BadKey::Locked);
}

#[test]
fn what_does_not_fit_is_refused_with_a_reason() {
    let (key, chain) = (read("rsa.key"), read("rsa.chain.pem"));
    let refused = |key: &str, chain: &str| LocalSigner::from_pem(key, chain, b"").unwrap_err();
    assert_eq!(refused(&key, &read("p256.chain.pem")), BadKey::NotAPair);
    assert_eq!(refused(&read("root.key"), &read("root.pem")), BadKey::NotForSigning);
    assert_eq!(refused("", &chain), BadKey::NoKey);
    assert_eq!(refused(&key, ""), BadKey::NoCertificate);
    assert_eq!(refused(&key.replace(" PRIVATE", " RSA PRIVATE"), &chain), BadKey::NotPkcs8);
    assert_eq!(LocalSigner::from_pkcs12(b"PK", b"").unwrap_err(), BadKey::NotPkcs12);
}

#[test]
fn a_sandbox_key_signs_only_where_it_is_permitted() {
    let (key, certificates) = (read("rsa.key"), read("rsa.chain.pem"));
    let material = Material::Pem { key: &key, certificates: &certificates };
    assert_eq!(LocalSigner::open(material, b"", false).unwrap_err(), BadKey::Sandbox);
    assert!(BadKey::Sandbox.to_string().contains("documents.signer.sandbox"));
    LocalSigner::open(material, b"", true).unwrap();
    let container = fs::read(keys().join("p256.p12")).unwrap();
    assert_eq!(
        LocalSigner::open(Material::Pkcs12(&container), b"sandbox", false).unwrap_err(),
        BadKey::Sandbox
    );
}

#[test]
fn sandbox_certificates_are_known_by_their_mark() {
    assert!(signer("rsa").chain().iter().all(Certificate::is_sandbox));
    assert_eq!(signer("rsa").chain()[0].subject(), "示范担保有限公司（沙箱）");
    assert_eq!(signer("rsa").chain()[0].issuer(), "沙箱签发证书 Sandbox Issuing CA");
}
