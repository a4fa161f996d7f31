//! Restores: the key in every form that WIRE.md and YY-05 name, as an independent program wrote it.

use super::*;
use crate::sample;
use crate::unsealing::Unsealing;
use crypto::key::Key;
use crypto::rsa::PublicKey;
use crypto::sealed::Wrapping;
use domain::{Opener, SealCipher};
use serde_json::{Value, json};

fn unsealing(ciphers: &[SealCipher]) -> Unsealing {
    let public = PublicKey::read(include_str!("../../../fixtures/variants/platform.b64")).unwrap();
    let wrapping = Wrapping { kek: None, public: Some(public) };
    Unsealing { wrapping, ciphers: ciphers.to_vec(), iv: None }
}

fn restored(unsealing: Unsealing, change: impl FnOnce(&mut Value)) -> Result<RestoreOrder, String> {
    let manner = Manner { unsealing, ..sample::manner() };
    let fields = sample::changed("financialAccount/restoreApply", change);
    match read(&fields, &manner, sample::now()).map(|ask| ask.wish) {
        Ok(Wish::Command(Command::RestoreOrder(restore))) => Ok(restore),
        Ok(other) => panic!("no restore: {other:?}"),
        Err(rejection) => Err(rejection.say),
    }
}

fn openers(unsealing: Unsealing, key: &str) -> Result<Vec<Opener>, String> {
    restored(unsealing, |data| data["secretKey"] = json!(key)).map(|restore| restore.openers)
}

#[test]
fn the_key_is_read_in_each_of_its_forms() {
    let forms: Vec<Value> =
        serde_json::from_str(include_str!("../../../fixtures/variants/keys.json")).unwrap();
    assert_eq!(forms.len(), 13);
    for form in &forms {
        let name = form["form"].as_str().unwrap();
        let found =
            openers(unsealing(&[SealCipher::Sm4Ecb, SealCipher::AesEcb]), form["text"].as_str().unwrap());
        let found = found.unwrap_or_else(|say| panic!("{name}: {say}"));
        let first: Opener = serde_json::from_value(form["first"].clone()).unwrap();
        assert_eq!(found.first(), Some(&first), "{name}");
        if let Some(all) = form.get("all") {
            assert_eq!(found, serde_json::from_value::<Vec<Opener>>(all.clone()).unwrap(), "{name}");
        }
    }
}

#[test]
fn a_symmetric_key_is_taken_only_for_ciphers_that_the_settings_name() {
    let key = "QUJDREVGR0hJSktMTU5PUA==";
    assert!(openers(unsealing(&[]), key).unwrap_err().starts_with("秘钥(secretKey)格式无法识别"));
    let with_iv = Unsealing {
        iv: Some(Key::from(vec![7; 16])),
        ..unsealing(&[SealCipher::Sm4Cbc, SealCipher::Sm4Ecb])
    };
    let found = openers(with_iv, key).unwrap();
    assert_eq!(
        found.iter().map(|opener| opener.cipher).collect::<Vec<_>>(),
        [SealCipher::Sm4Cbc, SealCipher::Sm4Ecb]
    );
    assert_eq!(found.iter().map(|opener| opener.iv.expose().len()).collect::<Vec<_>>(), [32, 0]);
}

#[test]
fn a_key_in_no_known_form_is_answered_at_once() {
    let all = || unsealing(&[SealCipher::Sm4Ecb, SealCipher::AesEcb]);
    for wrong in ["AAAA", "没有", "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB", "0123456789abcdef0"] {
        let found = openers(all(), wrong);
        let readable_as_bytes = wrong.len() == 32;
        assert_eq!(found.is_ok(), readable_as_bytes, "{wrong}: {found:?}");
    }
    assert_eq!(openers(all(), " "), Err("秘钥(secretKey)不能为空".into()));
}

#[test]
fn a_key_before_the_guarantee_quotes_no_number() {
    let restore = restored(unsealing(&[]), |data| data["guaranteeNo"] = json!(null)).unwrap();
    assert_eq!((restore.guarantee_no.as_str(), restore.business_no.as_str()), ("", "BD20261122-0001"));
    let by_order = restored(unsealing(&[]), |data| data["orderNo"] = json!("T1")).unwrap();
    assert_eq!(by_order.business_no, "T1");
    assert!(by_order.plain_allowed, "a field may have come in plain (YY-04)");
}
