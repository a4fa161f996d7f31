//! Values kept at rest: as two other libraries seal them, opened only where they stand and under the key they name.
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking, wherever it stands")]

use crypto::keyring::{Form, Keyring, Place, Unopened, is_sealed, key_id};
use crypto::secret::Secret;
use crypto::{Undecipherable, text};
use proptest::prelude::*;
use serde_json::Value;

const NOVEMBER: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const DECEMBER: &str = "IiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiI=";
const HERE: Place<'_> = Place { table: "orders", row: "A1" };

fn ring(current: &str) -> Keyring {
    let (november, december) = (Secret::new(NOVEMBER), Secret::new(DECEMBER));
    Keyring::new(current, [("2026-11", &november), ("2026-12", &december)]).unwrap()
}

fn vectors() -> Value {
    let path = format!("{}/../../tests/vectors/keyring.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn theirs(all: &Value, current: &str) -> Keyring {
    let keys: Vec<(&str, Secret)> = all["keys"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(id, key)| (id.as_str(), Secret::new(key.as_str().unwrap())))
        .collect();
    Keyring::new(current, keys.iter().map(|(id, key)| (*id, key))).unwrap()
}

fn said<'a>(vector: &'a Value, member: &str) -> &'a str {
    vector[member].as_str().unwrap()
}

#[test]
fn values_are_sealed_as_other_libraries_seal_them() {
    let all = vectors();
    let vectors = all["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 18, "an emptied file must not pass");
    for vector in vectors {
        let ring = theirs(&all, said(vector, "key"));
        let place = Place { table: said(vector, "table"), row: said(vector, "row") };
        let nonce = text::from_hex(said(vector, "nonce_hex")).unwrap().try_into().unwrap();
        let plain = text::from_hex(said(vector, "plain_hex")).unwrap();
        let bytes = text::from_hex(said(vector, "bytes_hex")).unwrap();
        assert_eq!(ring.seal_text(place, nonce, &plain).unwrap(), said(vector, "text"), "{vector}");
        assert_eq!(ring.seal(Form::Bytes, place, nonce, &plain).unwrap(), bytes, "{vector}");
        assert_eq!(*ring.open(place, said(vector, "text").as_bytes()).unwrap(), plain);
        assert_eq!(*ring.open(place, &bytes).unwrap(), plain);
    }
}

#[test]
fn prints_are_as_other_libraries_make_them() {
    let all = vectors();
    let prints = all["prints"].as_array().unwrap();
    assert!(prints.len() >= 8, "an emptied file must not pass");
    for vector in prints {
        let ring = theirs(&all, said(vector, "key"));
        assert_eq!(ring.print(said(vector, "purpose"), said(vector, "value")), said(vector, "print"));
        let every = ring.prints(said(vector, "purpose"), said(vector, "value"));
        assert!(every.len() == 2 && every.contains(&said(vector, "print").to_owned()));
    }
}

#[test]
fn a_value_opens_only_where_it_stands() {
    let ring = ring("2026-11");
    let sealed = ring.seal(Form::Text, HERE, [7; 12], b"13800000000").unwrap();
    assert_eq!(*ring.open(HERE, &sealed).unwrap(), b"13800000000");
    for place in [
        Place { table: "orders", row: "A2" },
        Place { table: "claims", row: "A1" },
        Place { table: "ordersA", row: "1" },
        Place { table: "", row: "ordersA1" },
    ] {
        assert_eq!(ring.open(place, &sealed), Err(Unopened::Broken(Undecipherable)));
    }
}

#[test]
fn an_earlier_key_still_opens_and_a_key_taken_out_is_named() {
    let sealed = ring("2026-11").seal(Form::Text, HERE, [1; 12], b"x").unwrap();
    assert_eq!(*ring("2026-12").open(HERE, &sealed).unwrap(), b"x");
    assert_eq!(key_id(&sealed), Some("2026-11"));
    let december = Secret::new(DECEMBER);
    let without = Keyring::new("2026-12", [("2026-12", &december)]).unwrap();
    assert_eq!(without.open(HERE, &sealed), Err(Unopened::NoKey("2026-11".into())));
    let renamed = String::from_utf8(sealed).unwrap().replace("2026-11", "2026-12");
    assert_eq!(without.open(HERE, renamed.as_bytes()), Err(Unopened::Broken(Undecipherable)));
}

#[test]
fn what_is_plain_is_not_taken_for_sealed() {
    for plain in
        ["", "{}", "[1]", "\"gcm1.a.b\"", "%PDF-1.7", "gcm1", "gcm1.", "gcm1.A.x", "gcm1..x", "gcm2.a.x"]
    {
        assert!(!is_sealed(plain.as_bytes()), "{plain}");
        assert_eq!(key_id(plain.as_bytes()), None);
    }
    for broken in ["gcm1.2026-11.", "gcm1.2026-11.AAAA", "gcm1.2026-11.*", "gcm1:2026-11:short"] {
        assert!(is_sealed(broken.as_bytes()), "{broken}");
        assert_eq!(ring("2026-11").open(HERE, broken.as_bytes()), Err(Unopened::Broken(Undecipherable)));
    }
}

#[test]
fn keys_that_do_not_fit_are_refused_without_being_repeated() {
    let good = Secret::new(NOVEMBER);
    for bad in ["", "short-secret", "MTIzNA==", &NOVEMBER[1..], &format!("{NOVEMBER}11")] {
        let secret = Secret::new(bad);
        let why = Keyring::new("a", [("a", &secret)]).unwrap_err().to_string();
        assert!(why.contains("32 bytes") && (bad.is_empty() || !why.contains(bad)), "{why}");
    }
    for id in ["", "A", "a.b", "a:b", "ä", &"a".repeat(33)] {
        assert!(Keyring::new(id, [(id, &good)]).is_err(), "{id}");
    }
    assert!(Keyring::new("b", [("a", &good)]).unwrap_err().to_string().contains("not in the ring"));
}

#[test]
fn a_ring_prints_names_only() {
    let shown = format!("{:?}", ring("2026-11"));
    assert_eq!(shown, r#"Keyring { current: "2026-11", ids: ["2026-11", "2026-12"] }"#);
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens_and_no_bit_of_it_may_change(
        plain in proptest::collection::vec(any::<u8>(), 0..300),
        nonce in any::<[u8; 12]>(),
        at in any::<proptest::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let ring = ring("2026-11");
        let mut sealed = ring.seal(Form::Bytes, HERE, nonce, &plain).unwrap();
        prop_assert_eq!(&*ring.open(HERE, &sealed).unwrap(), &plain);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(ring.open(HERE, &sealed).is_err());
    }

    #[test]
    fn nothing_that_arrives_breaks_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let mut framed = b"gcm1.2026-11.".to_vec();
        framed.extend_from_slice(&bytes);
        for value in [&bytes, &framed] {
            prop_assert!(ring("2026-11").open(HERE, value).is_err());
        }
    }
}
