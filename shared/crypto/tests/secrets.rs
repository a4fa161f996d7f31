//! A secret is named in settings and shown nowhere; a key that does not fit is refused with advice.
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking, wherever it stands")]

use crypto::aes::Aes;
use crypto::canonical::{Changes, NullAs, Placement, Profile, Skip, Token};
use crypto::key::{Key, KeyForm};
use crypto::secret::{Secret, SecretMissing, SecretRef, same};
use crypto::sm4::Sm4;
use crypto::text::Encoding;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Settings {
    secret_key: SecretRef,
}

fn settings(value: &str) -> Result<Settings, toml::de::Error> {
    toml::from_str(&format!("secret_key = {value}"))
}

#[test]
fn a_reference_is_read_and_shown_as_written() {
    let env = settings(r#""env:FINSERV_SECRET""#).unwrap().secret_key;
    assert_eq!(env, SecretRef::Env("FINSERV_SECRET".into()));
    assert_eq!(env.to_string(), "env:FINSERV_SECRET");
    assert!(format!("{env:?}").contains("FINSERV_SECRET"));
    let file = settings(r#""file:/run/secrets/finserv""#).unwrap().secret_key;
    assert_eq!(file, SecretRef::File("/run/secrets/finserv".into()));
    let missing = SecretMissing { reference: file, why: "there is no such file".into() };
    assert_eq!(missing.to_string(), "the secret file:/run/secrets/finserv is missing: there is no such file");
}

#[test]
fn a_secret_written_out_is_refused_and_not_repeated() {
    for written in [
        r#""8993208818338920""#,
        "8993208818338920",
        "-8993208818338920",
        "89932088.18338920",
        r#""env:8993208818338920""#,
        r#""ENV:8993208818338920""#,
        r#""env:a-8993208818338920""#,
    ] {
        let refusal = settings(written).unwrap_err();
        assert!(refusal.message().contains("env:"), "{}", refusal.message());
        assert!(!refusal.message().contains("8993208"), "{}", refusal.message());
    }
    for empty in [r#""""#, r#""env:""#, r#""file:""#, r#""file:  ""#, "true", "[]"] {
        assert!(settings(empty).is_err(), "{empty}");
    }
}

#[test]
fn debug_shows_no_secret_and_no_key() {
    let secret = Secret::new("0123456789abcdef");
    let key = Key::read(&secret, KeyForm::Utf8).unwrap();
    let iv = [0; 16];
    let shown =
        format!("{secret:?} {key:?} {:?} {:?}", Aes::cbc(&key, &iv).unwrap(), Sm4::ecb(&key).unwrap());
    assert_eq!(shown, "*** *** Aes(***) Sm4(***)");
}

#[test]
fn secrets_match_themselves_only() {
    let secret = Secret::new("s3cr3t");
    assert!(secret.matches(b"s3cr3t") && same(b"", b""));
    for other in ["s3cr3T", "s3cr3", "s3cr3t ", ""] {
        assert!(!secret.matches(other.as_bytes()), "{other}");
    }
}

#[test]
fn a_key_reads_the_same_in_each_of_its_forms() {
    let raw = b"0123456789abcdef";
    for (text, form) in [
        ("0123456789abcdef", KeyForm::Utf8),
        ("30313233343536373839616263646566", KeyForm::Hex),
        ("MDEyMzQ1Njc4OWFiY2RlZg==", KeyForm::Base64),
        ("0123456789abcdef", KeyForm::Auto16),
        ("30313233343536373839616263646566", KeyForm::Auto16),
        ("MDEyMzQ1Njc4OWFiY2RlZg==", KeyForm::Auto16),
    ] {
        assert_eq!(&Key::read(&Secret::new(text), form).unwrap()[..], raw, "{form:?}");
    }
    // MD5("abc"), RFC 1321
    let md5 = "900150983cd24fb0d6963f7d28e17f72";
    let read = |form| Key::read(&Secret::new("abc"), form).unwrap().to_vec();
    assert_eq!(Encoding::HexLower.encode(&read(KeyForm::Md5)), md5);
    assert_eq!(read(KeyForm::Md5HexLower), md5.as_bytes());
    assert_eq!(read(KeyForm::Md5Hex16Lower), &md5.as_bytes()[8..24]);
    assert_eq!(read(KeyForm::Md5HexUpper), md5.to_ascii_uppercase().as_bytes());
}

#[test]
fn a_key_that_does_not_fit_is_refused_with_advice_and_not_repeated() {
    let secret = Secret::new("not-hex-not-16!");
    for form in [KeyForm::Hex, KeyForm::Base64, KeyForm::Auto16] {
        let refusal = Key::read(&secret, form).unwrap_err().to_string();
        assert!(refusal.contains("choose another form") && !refusal.contains(secret.expose()), "{refusal}");
    }
    for length in [0, 1, 15, 17, 31, 33, 64] {
        let key = vec![b'k'; length];
        let refusals = [Aes::ecb(&key).unwrap_err(), Aes::cbc(&key, &[0; 16]).unwrap_err()];
        for refusal in refusals.iter().map(ToString::to_string) {
            assert!(
                refusal.contains(&format!("{length} bytes")) && refusal.contains("16, 24 or 32"),
                "{refusal}"
            );
        }
        assert!(Sm4::ecb(&key).unwrap_err().to_string().contains("must have 16"));
        assert!(Aes::cbc(&[0; 16], &key).unwrap_err().to_string().contains("exactly 16"));
        assert!(Sm4::cbc(&[0; 16], &key).unwrap_err().to_string().contains("exactly 16"));
    }
}

#[test]
fn a_partner_turns_single_knobs_of_the_protocols_profile() {
    let protocol = Profile { trim: true, ..Profile::default() };
    let changes: Changes =
        toml::from_str("secret = { suffix = \"&key=\" }\nskip = \"empty\"\nnull_as = \"null\"").unwrap();
    let expected = Profile {
        secret: Placement::Suffix("&key=".into()),
        skip: Skip::Empty,
        null_as: NullAs::Word,
        ..protocol.clone()
    };
    assert_eq!(changes.on(&protocol), expected);
    assert_eq!(Changes::default().on(&protocol), protocol);
    for wrong in [
        "trimmed = true",
        "skip = \"nothing\"",
        "secret = \"suffix\"",
        "digest = \"sha1\"",
        "null_as = \"nil\"",
    ] {
        assert!(toml::from_str::<Changes>(wrong).is_err(), "{wrong}");
        assert!(toml::from_str::<Profile>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn compact_nesting_keeps_every_token_as_received() {
    let profile: Profile = toml::from_str("nested = \"compact_json\"").unwrap();
    let json = "{ \"a b\" : [ 20000.00 , 1.0E7,\"x\\\\\" , \"\\\" :, \" ] }";
    let spelled = profile.masked(&[("list", Token::Nested(json))]);
    assert_eq!(spelled, "list={\"a b\":[20000.00,1.0E7,\"x\\\\\",\"\\\" :, \"]}&***");
}
