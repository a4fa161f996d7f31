//! RSA over whole texts: every size, padding and form of key, and what must not open or crash.
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking, wherever it stands")]

use crypto::Undecipherable;
use crypto::rsa::{Padding, PrivateKey, PublicKey};
use crypto::secret::Secret;
use proptest::prelude::*;
use serde_json::Value;
use std::sync::LazyLock;

const CHINESE: &str =
    "某某市轨道交通三号线一期工程土建施工总承包（第二标段）投标保证金电子保函申请𠮷野家·㐂寿司";
const NONCE: [u8; 16] = *b"0123456789abcdef";
const MOST: usize = 64 * 1024;

static KEYS: LazyLock<Value> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/rsa_keys.json");
    serde_json::from_str::<Value>(&std::fs::read_to_string(path).unwrap()).unwrap()
});
static SMALL: LazyLock<PrivateKey> = LazyLock::new(|| private("1024"));
static LARGE: LazyLock<PrivateKey> = LazyLock::new(|| private("2048"));

fn text_of<'a>(key: &str, form: &str) -> &'a str {
    KEYS["keys"][key][form].as_str().unwrap()
}

fn private(key: &str) -> PrivateKey {
    PrivateKey::read(&Secret::new(text_of(key, "pkcs8"))).unwrap()
}

fn sizes() -> impl Iterator<Item = (&'static str, PrivateKey)> {
    let keys = KEYS["keys"].as_object().unwrap().keys();
    assert!(keys.len() >= 6);
    keys.map(|name| (name.as_str(), private(name)))
}

/// The spellings of a text that partners' mail programs, forms and settings make of it.
fn mangled(text: &str) -> Vec<String> {
    let flat: String = text.lines().collect();
    let mut forms = vec![
        text.to_owned(),
        text.replace('\n', "\r\n"),
        text.replace('\n', "\\n"),
        flat,
        format!("\n {text}  "),
    ];
    if text.contains("-----") {
        forms.push(text.lines().collect::<Vec<_>>().join(" "));
        forms.push(text.split("-----").nth(2).unwrap().to_owned());
    } else {
        for end in ["\n", "\r\n", " "] {
            let lines = text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap());
            forms.push(lines.collect::<Vec<_>>().join(end) + end);
        }
        forms.push(text.replace('+', " "));
        forms.push(text.trim_end_matches('=').replace('+', "-").replace('/', "_"));
        forms.push(crypto::text::to_hex(&crypto::text::from_base64(text).unwrap()));
    }
    forms
}

#[test]
fn a_key_reads_the_same_in_each_of_its_forms() {
    for (name, key) in sizes() {
        for form in ["spki", "pkcs1_public", "spki_pem", "pkcs1_public_pem"] {
            for text in mangled(text_of(name, form)) {
                assert_eq!(PublicKey::read(&text), Ok(key.public()), "{name} {form}: {text}");
            }
        }
        for form in ["pkcs8", "pkcs1", "pkcs8_pem", "pkcs1_pem"] {
            for text in mangled(text_of(name, form)) {
                let read = PrivateKey::read(&Secret::new(text.clone())).map(|read| read.public());
                assert_eq!(read, Ok(key.public()), "{name} {form}: {text}");
            }
        }
    }
}

#[test]
fn a_key_that_does_not_fit_is_refused_with_advice_and_not_repeated() {
    let refused = |text: &str| PublicKey::read(text).unwrap_err().to_string();
    assert!(refused(text_of("1024", "pkcs8")).contains("private key"));
    let given = PrivateKey::read(&Secret::new(text_of("1024", "spki"))).unwrap_err().to_string();
    assert!(given.contains("public key"), "{given}");
    assert!(refused("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIC\n-----END").contains("password"));
    assert!(refused("s3cr3t").contains("expected X.509") && !refused("s3cr3t").contains("s3cr3t"));
    assert!(refused(&"A".repeat(9000)).contains("longer"));
    assert!(refused(KEYS["refused"]["8192"].as_str().unwrap()).contains("1024 to 4096 bits"));
    for bits in ["512", "768"] {
        let key = KEYS["refused"][bits].as_str().unwrap();
        assert!(refused(key).contains(&format!("has {bits} bits")), "{bits}: {}", refused(key));
    }
    assert_eq!(format!("{:?} {:?}", *SMALL, SMALL.public()), "PrivateKey(***) PublicKey(1024 bits)");
}

#[test]
fn texts_of_any_length_are_cut_and_joined_again() {
    let long = CHINESE.repeat(40);
    for (name, key) in sizes() {
        let (public, k) = (key.public(), key.modulus_len());
        for padding in Padding::ALL {
            let chunk = public.chunk_len(padding);
            for length in [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 2 * chunk + 1] {
                let plain = &long.as_bytes()[..length];
                let sealed = public.encrypt(plain, padding, &NONCE).unwrap();
                assert_eq!(sealed.len(), length.div_ceil(chunk).max(1) * k, "{name} {padding:?} {length}");
                assert_eq!(
                    key.decrypt(&sealed, &[padding], MOST).unwrap(),
                    plain,
                    "{name} {padding:?} {length}"
                );
            }
        }
        for length in [0, 1, k - 12, k - 11, k - 10, 2 * (k - 11), 2 * k] {
            let plain = &long.as_bytes()[..length];
            let sealed = key.encrypt_recoverable(plain).unwrap();
            assert_eq!(public.recover(&sealed, MOST).unwrap(), plain, "{name} recovery {length}");
        }
    }
}

#[test]
fn a_character_may_straddle_two_chunks() {
    let mut straddled = 0;
    for shift in 0..4 {
        let plain = "x".repeat(shift) + &CHINESE.repeat(5);
        straddled += usize::from(!plain.is_char_boundary(117));
        let sealed = SMALL.public().encrypt(plain.as_bytes(), Padding::Pkcs1, &NONCE).unwrap();
        let opened = SMALL.decrypt(&sealed, &Padding::ALL, MOST).and_then(crypto::text::utf8);
        assert_eq!(opened.as_deref(), Ok(&*plain));
        let sealed = SMALL.encrypt_recoverable(plain.as_bytes()).unwrap();
        let opened = SMALL.public().recover(&sealed, MOST).and_then(crypto::text::utf8);
        assert_eq!(opened.as_deref(), Ok(&*plain));
    }
    assert!(straddled >= 2, "the text must be cut within a character");
}

#[test]
fn only_the_named_paddings_open() {
    for key in [&*SMALL, &*LARGE] {
        for used in Padding::ALL {
            let sealed = key.public().encrypt(CHINESE.repeat(4).as_bytes(), used, &NONCE).unwrap();
            for named in Padding::ALL {
                assert_eq!(key.decrypt(&sealed, &[named], MOST).is_ok(), named == used, "{used:?} {named:?}");
            }
            assert!(key.decrypt(&sealed, &Padding::ALL, MOST).is_ok());
            assert_eq!(key.decrypt(&sealed, &[], MOST), Err(Undecipherable));
        }
    }
}

#[test]
fn oaep_that_looks_like_pkcs1_by_chance_is_not_mistaken() {
    let sealed = |nonce: u16| {
        let nonce = u128::from(nonce).to_be_bytes();
        SMALL.public().encrypt("密".as_bytes(), Padding::OaepSha256Mgf1Sha1, &nonce).unwrap()
    };
    let alike = (0..4000).map(sealed).find(|sealed| SMALL.decrypt(sealed, &[Padding::Pkcs1], MOST).is_ok());
    let alike = alike.expect("one in 700 looks like PKCS#1");
    assert_ne!(SMALL.decrypt(&alike, &[Padding::Pkcs1], MOST).unwrap(), "密".as_bytes());
    assert_eq!(SMALL.decrypt(&alike, &Padding::ALL, MOST).unwrap(), "密".as_bytes());
}

/// Implicit rejection would hand out nonsense instead of an error; should an upgrade bring it, this tells.
#[test]
fn arbitrary_chunks_do_not_open() {
    for seed in 0..64_u8 {
        for key in [&*SMALL, &*LARGE] {
            let chunk: Vec<u8> = (0..8).flat_map(|part| crypto::digest::sha256(&[seed, part])).collect();
            let chunk = &chunk[256 - key.modulus_len()..];
            assert_eq!(key.decrypt(chunk, &Padding::ALL, MOST), Err(Undecipherable), "{seed}");
        }
    }
}

#[test]
fn what_is_damaged_cut_or_too_long_does_not_open() {
    for key in [&*SMALL, &*LARGE] {
        let k = key.modulus_len();
        let sealed = key.public().encrypt(CHINESE.repeat(4).as_bytes(), Padding::OaepSha1, &NONCE).unwrap();
        assert!(sealed.len() >= 3 * k);
        for index in (0..sealed.len()).step_by(37) {
            let mut broken = sealed.clone();
            broken[index] ^= 1 << (index % 8);
            assert_eq!(key.decrypt(&broken, &[Padding::OaepSha1], MOST), Err(Undecipherable), "{index}");
        }
        for length in [0, 1, k - 1, k + 1, sealed.len() - 1] {
            assert_eq!(key.decrypt(&sealed[..length], &Padding::ALL, MOST), Err(Undecipherable), "{length}");
        }
        assert!(key.decrypt(&sealed, &Padding::ALL, sealed.len()).is_ok());
        assert_eq!(key.decrypt(&sealed, &Padding::ALL, sealed.len() - 1), Err(Undecipherable));
        assert_eq!(key.decrypt(&vec![0xff; k], &Padding::ALL, MOST), Err(Undecipherable));
    }
}

#[test]
fn recovery_is_strict() {
    let public = SMALL.public();
    let sealed = SMALL.encrypt_recoverable(CHINESE.as_bytes()).unwrap();
    let k = public.modulus_len();
    assert_eq!(public.recover(&sealed, sealed.len() - 1), Err(Undecipherable));
    for bad in [&sealed[..k - 1], &[], &[0; 128][..], &[0xff; 128][..], &[&[0; 127][..], &[1]].concat()[..]] {
        assert_eq!(public.recover(bad, MOST), Err(Undecipherable));
    }
    // Type 2 blocks, encrypted for the public key, are no recoverable text for its other half.
    let other = public.encrypt(b"x", Padding::Pkcs1, &NONCE).unwrap();
    assert_eq!(public.recover(&other, MOST), Err(Undecipherable));
    assert_eq!(LARGE.public().recover(&sealed.repeat(2), MOST), Err(Undecipherable));
}

#[test]
fn padding_is_drawn_from_nonce_key_and_text() {
    let public = SMALL.public();
    let sealed = |plain: &[u8], nonce| public.encrypt(plain, Padding::Pkcs1, nonce).unwrap();
    assert_eq!(sealed(b"a", &NONCE), sealed(b"a", &NONCE));
    assert_ne!(sealed(b"a", &NONCE), sealed(b"a", &[7; 16]));
    let twice = sealed(&[b'a'; 234], &NONCE);
    assert_ne!(twice[..128], twice[128..]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_key_text_is_too_odd(text in ".{0,200}", cut in 0_usize..2000, at in 0_usize..2000, byte: u8) {
        let _ = PublicKey::read(&text);
        for form in ["spki", "pkcs1_public", "pkcs8", "pkcs1"] {
            let mut der = crypto::text::from_base64(text_of("1024", form)).unwrap();
            let length = der.len();
            der[at % length] = byte;
            der.truncate(length.max(cut) - cut.min(length) % 7);
            let text = crypto::text::to_base64(&der);
            let _ = PublicKey::read(&text);
            if let Ok(key) = PrivateKey::read(&Secret::new(text)) {
                let _ = key.decrypt(&vec![byte; key.modulus_len()], &Padding::ALL, MOST);
                let _ = key.encrypt_recoverable(&der[..50]);
            }
        }
    }

    #[test]
    fn no_ciphertext_is_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..600), chunks in 1_usize..3) {
        let whole: Vec<u8> = bytes.iter().copied().cycle().take(256 * chunks * usize::from(!bytes.is_empty())).collect();
        for sealed in [&bytes, &whole] {
            for key in [&*SMALL, &*LARGE] {
                prop_assert_eq!(key.decrypt(sealed, &[Padding::OaepSha256Mgf1Sha1, Padding::OaepSha1], MOST), Err(Undecipherable));
                let _ = key.decrypt(sealed, &[Padding::Pkcs1], MOST);
                let _ = key.public().recover(sealed, MOST);
            }
        }
    }

    #[test]
    fn what_was_encrypted_opens(plain in prop::collection::vec(any::<u8>(), 0..400), nonce: [u8; 16], which in 0_usize..3) {
        let padding = Padding::ALL[which];
        let sealed = SMALL.public().encrypt(&plain, padding, &nonce).unwrap();
        prop_assert_eq!(SMALL.decrypt(&sealed, &Padding::ALL, MOST), Ok(plain.clone()));
        let sealed = SMALL.encrypt_recoverable(&plain).unwrap();
        prop_assert_eq!(SMALL.public().recover(&sealed, MOST), Ok(plain));
    }
}
