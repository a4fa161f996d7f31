//! RSA against implementations that are not ours: OpenSSL, Java, PHP and Python sealed the same texts (tests/vectors).
#![expect(clippy::unwrap_used, reason = "a test says what it expected")]

use crypto::text;
use sandbox::rsa_blocks::{KeyPair, Padding};
use serde_json::Value;

fn read(file: &str) -> Value {
    let path = format!("{}/../../tests/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    text::from_base64(value.as_str().unwrap()).unwrap()
}

fn padding(how: &str) -> Padding {
    match how {
        "pkcs1" => Padding::Pkcs1,
        "oaep_sha256_mgf1_sha1" => Padding::OaepSha256,
        "oaep_sha1" => Padding::OaepSha1,
        other => panic!("{other}"),
    }
}

#[test]
fn what_others_sealed_opens_and_what_is_sealed_privately_is_the_same() {
    let (keys, vectors) = (read("rsa_keys.json"), read("rsa.json"));
    let (mut opened, mut recovered) = (0, 0);
    for vector in vectors["vectors"].as_array().unwrap() {
        let key = &keys["keys"][vector["key"].as_str().unwrap()];
        let pair = KeyPair::from_pem(key["pkcs8_pem"].as_str().unwrap()).unwrap();
        let plain = text::from_hex(vector["plain_hex"].as_str().unwrap()).unwrap();
        let sealed = bytes(vector.get("sealed").unwrap_or(&vector["ours"]));
        match vector["how"].as_str().unwrap() {
            "recover" => {
                assert_eq!(pair.seal_privately(&plain), sealed, "{}", vector["name"]);
                assert_eq!(pair.public().open_private(&sealed).unwrap(), plain, "{}", vector["name"]);
                recovered += 1;
            }
            how => {
                assert_eq!(pair.open(&sealed, padding(how)).unwrap(), plain, "{}", vector["name"]);
                opened += 1;
            }
        }
    }
    assert!(opened > 50 && recovered > 5, "{opened} {recovered}");
}

#[test]
fn keys_are_read_and_written_as_openssl_writes_them() {
    let keys = read("rsa_keys.json");
    for (name, key) in keys["keys"].as_object().unwrap() {
        for form in ["pkcs8_pem", "pkcs1_pem"] {
            let pair = KeyPair::from_pem(key[form].as_str().unwrap()).unwrap();
            assert_eq!(pair.to_pkcs8(), bytes(&key["pkcs8"]), "{name}");
            assert_eq!(pair.public().to_spki(), bytes(&key["spki"]), "{name}");
            assert_eq!(
                pair.public().to_spki_pem().trim(),
                key["spki_pem"].as_str().unwrap().trim(),
                "{name}"
            );
            let pkcs1 = key["pkcs1_public_pem"].as_str().unwrap();
            assert_eq!(pair.public().to_pkcs1_pem().trim(), pkcs1.trim(), "{name}");
        }
    }
}
