//! Sealed fields and the key that is released after opening.

use crate::{PLATFORM, PROJECTS, pair, partner, sent, settings};
use crypto::{aes::Aes, sm4::Sm4, text};
use sandbox::now;
use sandbox::rsa_blocks::{KeyPair, Padding};
use sandbox::yueyang::contract::SEALED;
use sandbox::yueyang::{Bidder, Body, KeyForm, Partner, Seal, Settings, Variants};

/// Opens a sealed field with nothing but the released key, as an institution has to.
fn open(seal: Seal, form: KeyForm, key: &str, field: &str) -> Option<String> {
    if seal == Seal::Plain {
        return Some(field.to_owned());
    }
    let sealed = text::from_base64_tolerant(field).ok()?;
    let plain = match seal {
        Seal::Plain => return None,
        Seal::Rsa => {
            // Which half it is, is compared with those of the platform: the sandbox reads no public keys.
            let spki = match form {
                KeyForm::Pem | KeyForm::Pkcs1Pem => None,
                _ => Some(text::from_base64_tolerant(key).ok()?),
            };
            let pairs = PROJECTS.map(pair);
            let public = pairs.iter().map(KeyPair::public).find(|public| {
                spki.as_ref()
                    .map_or([public.to_spki_pem(), public.to_pkcs1_pem()].contains(&key.to_owned()), |spki| {
                        *spki == public.to_spki()
                    })
            })?;
            public.open_private(&sealed).ok()?
        }
        Seal::RsaPublic => {
            let der = text::from_base64_tolerant(key).ok()?;
            let pairs = PROJECTS.map(pair);
            pairs.iter().find(|pair| pair.to_pkcs8() == der)?.open(&sealed, Padding::Pkcs1).ok()?
        }
        Seal::Sm4 => Sm4::ecb(&symmetric(form, key)?).ok()?.decrypt(sealed).ok()?,
        Seal::Aes => Aes::ecb(&symmetric(form, key)?).ok()?.decrypt(sealed).ok()?,
    };
    String::from_utf8(plain).ok()
}

fn symmetric(form: KeyForm, key: &str) -> Option<Vec<u8>> {
    match form {
        KeyForm::Hex => text::from_hex(key).ok(),
        KeyForm::Raw => Some(key.as_bytes().to_vec()),
        KeyForm::Wrapped => pair(PLATFORM).public().open_private(&text::from_base64(key).ok()?).ok(),
        _ => text::from_base64_tolerant(key).ok(),
    }
}

const WAYS: [(Seal, KeyForm); 13] = [
    (Seal::Rsa, KeyForm::Base64),
    (Seal::Rsa, KeyForm::Lines),
    (Seal::Rsa, KeyForm::Pem),
    (Seal::Rsa, KeyForm::Pkcs1Pem),
    (Seal::RsaPublic, KeyForm::Base64),
    (Seal::RsaPublic, KeyForm::Lines),
    (Seal::Sm4, KeyForm::Base64),
    (Seal::Sm4, KeyForm::Hex),
    (Seal::Sm4, KeyForm::Raw),
    (Seal::Sm4, KeyForm::Wrapped),
    (Seal::Aes, KeyForm::Base64),
    (Seal::Aes, KeyForm::Wrapped),
    (Seal::Plain, KeyForm::Base64),
];

#[test]
fn what_it_seals_opens_with_what_it_releases() {
    // The border of a block of 117 bytes is inside a character.
    let long = format!("X示例市{}工程有限公司", "滨江新区城市建设".repeat(4));
    assert!(long.len() > 117 && !long.is_char_boundary(117));
    for (seal, key) in WAYS {
        let partner = partner(|habits| {
            habits.seal = seal;
            habits.key = key;
            habits.line_breaks = key == KeyForm::Lines;
        });
        for n in 1..4 {
            let bidder = Bidder::new(3, n, now());
            let plain = bidder.application().with("bidderName", long.as_str());
            let sent = sent(&partner, &plain);
            for name in SEALED {
                let field = sent[name].as_str().unwrap();
                assert_eq!(field == plain.text(name), seal == Seal::Plain, "{seal:?} {name}");
                let opened = open(seal, key, &partner.key(&bidder), field);
                assert_eq!(opened.as_deref(), Some(plain.text(name)), "{seal:?} {key:?} {name}");
            }
            assert_eq!(sent["orderNo"], plain.data["orderNo"]);
        }
    }
}

#[test]
fn another_projects_key_opens_nothing() {
    for (seal, key) in WAYS.into_iter().filter(|(seal, _)| *seal != Seal::Plain) {
        let partner = partner(|habits| (habits.seal, habits.key) = (seal, key));
        // Sections 1 and 2 of a seed draw different keys.
        let [one, two] = [1, 2].map(|n| Bidder::new(3, n, now()));
        assert_ne!(partner.key(&one), partner.key(&two), "{seal:?}");
        let sent = sent(&partner, &one.application());
        let opened = open(seal, key, &partner.key(&two), sent["projectName"].as_str().unwrap());
        assert_ne!(opened.as_deref(), Some(one.application().text("projectName")), "{seal:?} {key:?}");
    }
}

#[test]
fn an_impossible_key_is_told_at_once() {
    for (seal, key) in [(Seal::Sm4, KeyForm::Pem), (Seal::Rsa, KeyForm::Hex), (Seal::RsaPublic, KeyForm::Pem)]
    {
        let settings = settings(|habits| (habits.seal, habits.key) = (seal, key));
        assert!(Partner::new(settings).is_err(), "{seal:?} {key:?}");
    }
    let without = |change: fn(&mut Settings), habit: fn(&mut Variants)| {
        let mut settings = settings(habit);
        change(&mut settings);
        Partner::new(settings).unwrap_err().to_string()
    };
    assert!(without(|s| s.project_keys.clear(), |_| {}).contains("project_keys"));
    assert!(without(|s| s.platform_key = None, |v| v.body = Body::Sealed).contains("platform_key"));
    let broken = without(|s| s.project_keys = vec!["秘密".to_owned()], |_| {});
    assert!(broken.contains("project_keys") && !broken.contains("秘密"), "{broken}");
}
