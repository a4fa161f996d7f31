//! Sealed fields: told apart from plain ones, opened by a released key in each of its forms, refused when in doubt.
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking, wherever it stands")]

use crypto::rsa::{Padding, PrivateKey, PublicKey};
use crypto::sealed::{Cipher, Opener, RestoreKey, Wrapping, looks_sealed, open_field};
use crypto::secret::Secret;
use crypto::sm4::Sm4;
use crypto::text::{Encoding, to_base64, to_hex};
use crypto::{Iv, Undecipherable, aes::Aes};
use proptest::prelude::*;
use serde_json::Value;

const SECTION: &str = "某某市轨道交通三号线一期工程土建施工总承包（第二标段）";
const KEY: &[u8; 16] = b"\x01\x83\xfe\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32";
const ALL: [Cipher; 4] = [Cipher::Sm4Ecb, Cipher::AesEcb, Cipher::RsaPublic, Cipher::RsaPrivate];

fn bare(text: &str) -> Vec<Opener> {
    RestoreKey::read(text, &Wrapping::default()).unwrap().openers(&ALL, Iv::Given(&[0; 16])).unwrap()
}

fn rsa_key(name: &str, form: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/rsa_keys.json");
    let keys: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    keys["keys"][name][form].as_str().unwrap().to_owned()
}

fn platform(name: &str) -> PrivateKey {
    PrivateKey::read(&Secret::new(rsa_key(name, "pkcs8"))).unwrap()
}

#[test]
fn a_symmetric_key_opens_in_each_of_its_forms() {
    for key in [KEY.to_vec(), [&KEY[..], &KEY[..8]].concat(), [&KEY[..], &KEY[..]].concat()] {
        let sealed = to_base64(&Aes::ecb(&key).unwrap().encrypt(SECTION.as_bytes()));
        for text in
            [to_hex(&key), to_hex(&key).to_uppercase(), to_base64(&key), format!(" {}\r\n", to_base64(&key))]
        {
            assert_eq!(open_field(&bare(&text), &sealed).as_deref(), Ok(SECTION), "{text}");
        }
    }
    for key in [
        "raw key 16 bytes",
        "raw key of 24 bytes here",
        "raw key of 32 bytes: exactly so!",
        "0123456789abcdef0123456789abcdef",
    ] {
        let sealed = to_base64(&Aes::ecb(key.as_bytes()).unwrap().encrypt(SECTION.as_bytes()));
        assert_eq!(open_field(&bare(key), &sealed).as_deref(), Ok(SECTION), "{key}");
    }
}

#[test]
fn the_sealed_field_of_the_protocol_study_opens_in_base64_and_hexadecimal() {
    let sealed = "9Anxjqo3pSwLnkebQ5lb9/MqYBBplMDQhWmtVHtf62o=";
    let bytes = crypto::text::from_base64(sealed).unwrap();
    for text in [sealed.to_owned(), Encoding::HexLower.encode(&bytes), Encoding::HexUpper.encode(&bytes)] {
        for key in ["0123456789abcdef", "30313233343536373839616263646566", "MDEyMzQ1Njc4OWFiY2RlZg=="] {
            assert_eq!(open_field(&bare(key), &text).as_deref(), Ok("1265010045762987XC"), "{key}");
        }
    }
}

#[test]
fn cbc_takes_its_initial_vector_as_told() {
    let key = RestoreKey::read(&to_base64(KEY), &Wrapping::default()).unwrap();
    let given = [9; 16];
    for iv in [Iv::Given(&given), Iv::Key, Iv::Prefixed] {
        let sm4 = to_base64(&Sm4::cbc_with(KEY, iv).unwrap().encrypt(SECTION.as_bytes()));
        let aes = to_base64(&Aes::cbc_with(KEY, iv).unwrap().encrypt(SECTION.as_bytes()));
        for (cipher, sealed) in [(Cipher::Sm4Cbc, sm4), (Cipher::AesCbc, aes)] {
            let openers = key.openers(&[cipher], iv).unwrap();
            assert_eq!(open_field(&openers, &sealed).as_deref(), Ok(SECTION), "{cipher:?} {iv:?}");
        }
    }
    assert!(
        key.openers(&[Cipher::Sm4Cbc], Iv::Given(b"short")).unwrap_err().to_string().contains("exactly 16")
    );
}

#[test]
fn a_released_public_key_recovers_what_the_platform_sealed() {
    for name in ["1024", "1032", "2048"] {
        let platform = platform(name);
        for text in [SECTION.to_owned(), format!("x{}", SECTION.repeat(4)), SECTION.repeat(9)] {
            let sealed = platform.encrypt_recoverable(text.as_bytes()).unwrap();
            for form in ["spki", "spki_pem", "pkcs1_public", "pkcs1_public_pem"] {
                let openers = bare(&rsa_key(name, form));
                assert_eq!(open_field(&openers, &to_base64(&sealed)).as_deref(), Ok(&*text), "{name} {form}");
                assert_eq!(open_field(&openers, &to_hex(&sealed)).as_deref(), Ok(&*text), "{name} {form}");
            }
        }
    }
}

#[test]
fn a_released_private_key_opens_every_padding() {
    for padding in Padding::ALL {
        let sealed =
            platform("1024").public().encrypt(SECTION.repeat(3).as_bytes(), padding, &[7; 16]).unwrap();
        for form in ["pkcs8", "pkcs1", "pkcs8_pem", "pkcs1_pem"] {
            let opened = open_field(&bare(&rsa_key("1024", form)), &to_base64(&sealed));
            assert_eq!(opened, Ok(SECTION.repeat(3)), "{padding:?} {form}");
        }
    }
}

#[test]
fn a_wrapped_key_is_unwrapped_with_what_is_configured() {
    let kek = || Sm4::ecb(b"kek of the tests").unwrap();
    let platform = platform("1024");
    let public = || Some(PublicKey::read(&rsa_key("1024", "spki")).unwrap());
    let sealed = to_base64(&Sm4::ecb(KEY).unwrap().encrypt(SECTION.as_bytes()));
    for inner in [KEY.to_vec(), to_hex(KEY).into_bytes(), to_base64(KEY).into_bytes()] {
        let by_kek = kek().encrypt(&inner);
        let by_public = platform.encrypt_recoverable(&inner).unwrap();
        for wrapped in [to_base64(&by_kek), to_hex(&by_kek), to_base64(&by_public)] {
            let wrapping = Wrapping { kek: Some(kek()), public: public() };
            let key = RestoreKey::read(&wrapped, &wrapping).unwrap();
            let openers = key.openers(&[Cipher::Sm4Ecb], Iv::Key).unwrap();
            assert_eq!(open_field(&openers, &sealed).as_deref(), Ok(SECTION));
        }
        assert!(RestoreKey::read(&to_base64(&by_public), &Wrapping::default()).is_err());
    }
    let wrapping = Wrapping { kek: Some(kek()), public: public() };
    let unwrapped =
        RestoreKey::read(&to_hex(KEY), &wrapping).unwrap().openers(&[Cipher::Sm4Ecb], Iv::Key).unwrap();
    assert_eq!(open_field(&unwrapped, &sealed).as_deref(), Ok(SECTION), "a bare key is still a key");
}

#[test]
fn plain_fields_pass_and_sealed_ones_never_pass_as_plain() {
    let openers = bare(&to_hex(KEY));
    for plain in [
        "",
        SECTION,
        "91310110666007217T",
        "13900000000",
        "16823212-0",
        "Section 2",
        "a",
        "2026-11-22 09:00:00",
    ] {
        assert!(!looks_sealed(plain), "{plain}");
        assert_eq!(open_field(&openers, plain).as_deref(), Ok(plain));
        assert_eq!(open_field(&[], plain).as_deref(), Ok(plain));
    }
    let other = to_base64(&Sm4::ecb(b"another key 16 b").unwrap().encrypt(SECTION.as_bytes()));
    assert!(looks_sealed(&other));
    assert_eq!(open_field(&openers, &other), Err(Undecipherable));
    assert_eq!(open_field(&[], &other), Err(Undecipherable));
    assert_eq!(open_field(&bare(&rsa_key("1024", "spki")), &other), Err(Undecipherable));
    assert_eq!(open_field(&[], &"A".repeat(70_000)), Err(Undecipherable));
}

#[test]
fn what_opens_to_something_implausible_is_not_opened() {
    let sm4 = Sm4::ecb(KEY).unwrap();
    for odd in
        [&b""[..], b"tab\there", b"line\nbreak", b"nul\0", b"\xff\xfe", b"\xe6\x9f", "\u{85}next".as_bytes()]
    {
        assert_eq!(
            open_field(&bare(&to_hex(KEY)), &to_base64(&sm4.encrypt(odd))),
            Err(Undecipherable),
            "{odd:?}"
        );
    }
}

#[test]
fn a_key_that_cannot_be_read_or_used_is_refused_and_not_repeated() {
    for text in ["", "short", "not a key of any length!!", &"k".repeat(9000)] {
        let refusal = RestoreKey::read(text, &Wrapping::default()).unwrap_err().to_string();
        assert!(
            refusal.contains("16, 24 or 32") && (text.is_empty() || !refusal.contains(text)),
            "{refusal}"
        );
    }
    let key = RestoreKey::read(&rsa_key("1024", "spki"), &Wrapping::default()).unwrap();
    assert!(key.openers(&[Cipher::Sm4Ecb], Iv::Key).unwrap_err().to_string().contains("settings"));
    let openers = key.openers(&ALL, Iv::Key).unwrap();
    assert_eq!(
        format!("{key:?} {:?} {openers:?}", Wrapping::default()),
        "RestoreKey(***) Wrapping(***) [Opener(RSA recovery)]"
    );
}

#[test]
fn ciphers_are_spelled_as_in_settings() {
    let read: Vec<Cipher> =
        serde_json::from_str(r#"["sm4_ecb", "sm4_cbc", "aes_ecb", "aes_cbc", "rsa_public", "rsa_private"]"#)
            .unwrap();
    assert_eq!(read.len(), 6);
    assert!(serde_json::from_str::<Cipher>("\"sm4\"").is_err());
}

proptest! {
    #[test]
    fn no_field_and_no_key_is_too_odd(key in ".{0,80}", field in ".{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let wrapping = || Wrapping { kek: Some(Sm4::ecb(KEY).unwrap()), public: Some(platform("1024").public()) };
        for key in [key, to_base64(&bytes), to_hex(&bytes)] {
            let read = RestoreKey::read(&key, &wrapping());
            let openers = read.and_then(|key| key.openers(&ALL, Iv::Prefixed)).unwrap_or_default();
            let _ = open_field(&openers, &field);
            let _ = open_field(&openers, &to_base64(&bytes));
        }
    }

    #[test]
    fn a_wrong_key_opens_nothing(wrong: [u8; 16], text in "[一-龥A-Za-z0-9]{1,60}") {
        prop_assume!(&wrong != KEY);
        let sealed = to_base64(&Sm4::ecb(KEY).unwrap().encrypt(text.as_bytes()));
        prop_assert_eq!(open_field(&bare(&to_hex(KEY)), &sealed), Ok(text));
        prop_assert_eq!(open_field(&bare(&to_hex(&wrong)), &sealed), Err(Undecipherable));
    }
}
