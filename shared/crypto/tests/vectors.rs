//! What OpenSSL, Java, Python, Node and PHP made of the same inputs, read back in both directions.
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking, wherever it stands")]

use crypto::aes::Aes;
use crypto::canonical::{Profile, Token};
use crypto::key::{Key, KeyForm};
use crypto::rsa::{Padding, PrivateKey};
use crypto::secret::Secret;
use crypto::sm4::Sm4;
use crypto::{Iv, Undecipherable, digest, text};
use serde::de::DeserializeOwned;
use serde_json::Value;

enum Cipher {
    Aes(Box<Aes>),
    Sm4(Sm4),
}

impl Cipher {
    fn new(cipher: &str, key: &[u8], iv: &[u8]) -> Self {
        match (cipher, iv.is_empty()) {
            ("aes", true) => Self::Aes(Box::new(Aes::ecb(key).unwrap())),
            ("aes", false) => Self::Aes(Box::new(Aes::cbc(key, iv).unwrap())),
            ("sm4", true) => Self::Sm4(Sm4::ecb(key).unwrap()),
            ("sm4", false) => Self::Sm4(Sm4::cbc(key, iv).unwrap()),
            _ => panic!("no such cipher: {cipher}"),
        }
    }

    fn with(cipher: &str, key: &[u8], iv: Iv<'_>) -> Self {
        match cipher {
            "aes" => Self::Aes(Box::new(Aes::cbc_with(key, iv).unwrap())),
            _ => Self::Sm4(Sm4::cbc_with(key, iv).unwrap()),
        }
    }

    fn encrypt(&self, plain: &[u8]) -> Vec<u8> {
        match self {
            Self::Aes(aes) => aes.encrypt(plain),
            Self::Sm4(sm4) => sm4.encrypt(plain),
        }
    }

    fn decrypt(&self, sealed: Vec<u8>) -> Result<Vec<u8>, Undecipherable> {
        match self {
            Self::Aes(aes) => aes.decrypt(sealed),
            Self::Sm4(sm4) => sm4.decrypt(sealed),
        }
    }
}

fn read(file: &str) -> Value {
    let path = format!("{}/../../tests/vectors/{file}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The vectors of a file; at least `least`, for an emptied file must not pass.
fn vectors(file: &str, least: usize) -> Vec<Value> {
    let vectors = read(file)["vectors"].as_array().unwrap().clone();
    assert!(vectors.len() >= least, "{file}.json holds only {} vectors", vectors.len());
    vectors
}

fn text_of<'a>(vector: &'a Value, member: &str) -> &'a str {
    vector[member].as_str().unwrap_or_else(|| panic!("no {member} in {vector}"))
}

fn bytes_of(vector: &Value, member: &str) -> Vec<u8> {
    text::from_hex(text_of(vector, member)).unwrap()
}

fn knobs<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

/// `[name, kind, value]` as a field of the sign string.
fn field(field: &Value) -> (&str, Token<'_>) {
    let [name, kind, value] = [0, 1, 2].map(|index| field[index].as_str().unwrap());
    let token = match kind {
        "null" => Token::Null,
        "text" => Token::Text(value),
        "number" => Token::Number(value),
        "bool" => Token::Bool(value == "true"),
        "nested" => Token::Nested(value),
        _ => panic!("no such kind: {kind}"),
    };
    (name, token)
}

fn opens_and_seals_alike(cipher: &str, least: usize) {
    for vector in vectors(cipher, least) {
        let name = text_of(&vector, "name");
        let plain = bytes_of(&vector, "plain_hex");
        let sealed = text_of(&vector, "sealed");
        let cipher = Cipher::new(cipher, &bytes_of(&vector, "key_hex"), &bytes_of(&vector, "iv_hex"));
        assert_eq!(text::to_base64(&cipher.encrypt(&plain)), sealed, "{name}");
        assert_eq!(cipher.decrypt(text::from_base64(sealed).unwrap()), Ok(plain), "{name}");
    }
}

#[test]
fn aes_as_openssl_java_and_python_do_it() {
    opens_and_seals_alike("aes", 54);
}

#[test]
fn sm4_as_openssl_python_and_node_do_it() {
    opens_and_seals_alike("sm4", 18);
}

#[test]
fn rsa_as_java_openssl_php_and_python_do_it() {
    const MOST: usize = 4096;
    let keys = read("rsa_keys");
    let mut seen = std::collections::BTreeMap::<_, usize>::new();
    for vector in vectors("rsa", 100) {
        let [name, how, key] = ["name", "how", "key"].map(|member| text_of(&vector, member));
        let key = PrivateKey::read(&Secret::new(text_of(&keys["keys"][key], "pkcs8"))).unwrap();
        let plain = bytes_of(&vector, "plain_hex");
        let ours = vector["ours"].as_str();
        *seen.entry((how.to_owned(), ours.is_some())).or_default() += 1;
        if let Some(ours) = ours {
            let sealed = key.public().encrypt(&plain, knobs(&vector["how"]), b"a nonce of tests").unwrap();
            assert_eq!(text::to_base64(&sealed), ours, "{name}: not the bytes that the others opened");
            continue;
        }
        let sealed = text::from_base64(text_of(&vector, "sealed")).unwrap();
        if how == "recover" {
            assert_eq!(key.encrypt_recoverable(&plain).as_ref(), Ok(&sealed), "{name}");
            assert_eq!(key.public().recover(&sealed, MOST).as_ref(), Ok(&plain), "{name}");
        } else {
            assert_eq!(key.decrypt(&sealed, &[knobs(&vector["how"])], MOST).as_ref(), Ok(&plain), "{name}");
            assert_eq!(key.decrypt(&sealed, &Padding::ALL, MOST).as_ref(), Ok(&plain), "{name}");
        }
    }
    assert_eq!(seen.len(), 7, "three paddings both ways, and recovery: {seen:?}");
}

#[test]
fn initial_vectors_come_from_the_key_or_before_the_ciphertext() {
    for kind in ["aes", "sm4"] {
        let cbc: Vec<_> = vectors(kind, 18).into_iter().filter(|vector| vector["mode"] == "cbc").collect();
        assert!(cbc.len() >= 9);
        for vector in cbc {
            let [key, iv, plain] = ["key_hex", "iv_hex", "plain_hex"].map(|member| bytes_of(&vector, member));
            let prefixed = Cipher::with(kind, &key, Iv::Prefixed);
            let theirs = [iv, text::from_base64(text_of(&vector, "sealed")).unwrap()].concat();
            assert_eq!(prefixed.decrypt(theirs), Ok(plain.clone()), "{}", text_of(&vector, "name"));
            let ours = prefixed.encrypt(&plain);
            assert_eq!(Cipher::new(kind, &key, &ours[..16]).decrypt(ours[16..].to_vec()), Ok(plain.clone()));
            assert_eq!(prefixed.decrypt(ours[..16].to_vec()), Err(Undecipherable));
            assert_ne!(ours[..16], prefixed.encrypt(b"another text")[..16]);
            let by_key = Cipher::with(kind, &key, Iv::Key).encrypt(&plain);
            assert_eq!(Cipher::new(kind, &key, &key[..16]).decrypt(by_key), Ok(plain));
        }
    }
}

#[test]
fn a_flipped_bit_in_any_byte_never_yields_the_plaintext() {
    for cipher in ["aes", "sm4"] {
        for vector in vectors(cipher, 18) {
            let plain = bytes_of(&vector, "plain_hex");
            let sealed = text::from_base64(text_of(&vector, "sealed")).unwrap();
            let cipher = Cipher::new(cipher, &bytes_of(&vector, "key_hex"), &bytes_of(&vector, "iv_hex"));
            for index in 0..sealed.len() {
                let mut broken = sealed.clone();
                broken[index] ^= 1 << (index % 8);
                assert_ne!(
                    cipher.decrypt(broken),
                    Ok(plain.clone()),
                    "{} at {index}",
                    text_of(&vector, "name")
                );
            }
            for cut in [0, 1, 15, sealed.len() - 1] {
                assert_eq!(cipher.decrypt(sealed[..cut].to_vec()), Err(Undecipherable));
            }
        }
    }
}

#[test]
fn digests_as_everyone_does_them() {
    for vector in vectors("digest", 20) {
        let bytes = bytes_of(&vector, "text_hex");
        let ours = match text_of(&vector, "digest") {
            "md5" => digest::md5(&bytes).to_vec(),
            "sm3" => digest::sm3(&bytes).to_vec(),
            "sha256" => digest::sha256(&bytes).to_vec(),
            "hmac_sha256" => digest::hmac_sha256(&bytes_of(&vector, "key_hex"), &bytes).to_vec(),
            other => panic!("no such digest: {other}"),
        };
        assert_eq!(ours, bytes_of(&vector, "result"), "{}", text_of(&vector, "name"));
    }
}

#[test]
fn keys_as_java_and_python_derive_them() {
    for vector in vectors("key", 18) {
        let form: KeyForm = knobs(&vector["form"]);
        let key = Key::read(&Secret::new(text_of(&vector, "text")), form).unwrap();
        assert_eq!(key[..], bytes_of(&vector, "key_hex"), "{}", text_of(&vector, "name"));
    }
}

#[test]
fn signatures_as_java_python_node_and_php_make_them() {
    for vector in vectors("sign", 259) {
        let name = text_of(&vector, "name");
        let profile: Profile = knobs(&vector["profile"]);
        let secret = Secret::new(text_of(&vector, "secret"));
        let fields: Vec<_> = vector["fields"].as_array().unwrap().iter().map(field).collect();
        let sign = text_of(&vector, "sign");
        assert_eq!(profile.string(&fields, &secret).expose(), text_of(&vector, "string"), "{name}");
        assert_eq!(profile.sign(&fields, &secret), sign, "{name}");
        assert!(profile.verify(&fields, &secret, sign), "{name}");
    }
}

#[test]
fn a_signature_with_any_digit_changed_is_refused() {
    for vector in vectors("sign", 259) {
        let profile: Profile = knobs(&vector["profile"]);
        let secret = Secret::new(text_of(&vector, "secret"));
        let fields: Vec<_> = vector["fields"].as_array().unwrap().iter().map(field).collect();
        let sign = text_of(&vector, "sign");
        for index in 0..sign.len() {
            let mut broken = sign.as_bytes().to_vec();
            broken[index] = if broken[index] == b'0' { b'1' } else { b'0' };
            let broken = String::from_utf8(broken).unwrap();
            assert!(!profile.verify(&fields, &secret, &broken), "{} at {index}", text_of(&vector, "name"));
        }
        assert!(!profile.verify(&fields, &Secret::new("another's"), sign));
        assert!(!profile.verify(&fields, &secret, &sign[1..]));
    }
}

#[test]
fn the_signatures_of_the_protocol_study() {
    let wire = read("wire");
    let signs = wire["signs"].as_array().unwrap();
    assert_eq!(signs.len(), 4);
    for vector in signs {
        let profile: Profile = knobs(&vector["profile"]);
        let fields: Vec<(String, String)> = knobs(&vector["fields"]);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let secret = Secret::new(text_of(vector, "secret"));
        assert_eq!(profile.string(&fields, &secret).expose(), text_of(vector, "string"));
        assert_eq!(profile.sign(&fields, &secret), text_of(vector, "sign"), "{}", text_of(vector, "name"));
    }
}

#[test]
fn the_ciphertexts_and_keys_of_the_protocol_study() {
    let wire = read("wire");
    let ciphers = wire["ciphers"].as_array().unwrap();
    assert_eq!(ciphers.len(), 3);
    for vector in ciphers {
        let [kind, key, iv, plain, sealed] =
            ["cipher", "key", "iv", "plain", "sealed"].map(|member| text_of(vector, member));
        let cipher = Cipher::new(kind, key.as_bytes(), iv.as_bytes());
        assert_eq!(text::to_base64(&cipher.encrypt(plain.as_bytes())), sealed);
        let opened = cipher.decrypt(text::from_base64(sealed).unwrap()).and_then(text::utf8);
        assert_eq!(opened.as_deref(), Ok(plain));
    }
    let sm3 = text::Encoding::HexLower.encode(&digest::sm3(text_of(&wire["sm3"], "text").as_bytes()));
    assert!(sm3.starts_with(text_of(&wire["sm3"], "begins")) && sm3.ends_with(text_of(&wire["sm3"], "ends")));
    let seed = Secret::new(text_of(&wire["sha1prng"], "text"));
    assert_eq!(Key::read(&seed, KeyForm::Sha1prng).unwrap()[..], bytes_of(&wire["sha1prng"], "key_hex"));
}
