//! 还原保函 `baohanrestore`: after the opening the platform releases the key of what it sealed.

use super::{Served, inbound};
use crate::codes::{APPLY_NO, GUARANTEE_NO};
use crate::settings::Manner;
use domain::{Command, GuaranteeNo, RestoreOrder};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

/// A failed restore is told by the answer alone (PR-14), so that nothing is accepted before it was tried.
pub(super) const SERVED: Served = Served {
    interface: inbound("接口说明 / 还原保函", "baohanrestore", "还原保函", Way::Ask),
    read,
    optional: &["baohanno", "iv"],
    told_later: false,
    has_page: false,
};

const OPENING: Label = ("kaibiaotime", "开标时间");

fn read(fields: &Fields, manner: &Manner) -> Result<Ask, Rejection> {
    let restore = RestoreOrder {
        business_no: fields.required(APPLY_NO)?,
        // A restore that comes before the guarantee cannot quote its number; it waits.
        guarantee_no: GuaranteeNo::quoted(&fields.text(GUARANTEE_NO)?),
        opening: Some(fields.required_instant(OPENING)?),
        openers: manner.unsealing.openers(fields)?,
        plain_allowed: false,
    };
    let business_key = restore.business_no.clone();
    Ok(Ask { business_key, wish: Wish::Command(Command::RestoreOrder(restore)), callback: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, KEK};
    use crate::unsealing::Unsealing;
    use crypto::key::Key;
    use crypto::sealed::Wrapping;
    use crypto::sm4::Sm4;
    use crypto::text;
    use domain::{Opener, SealCipher};
    use serde_json::{Value, json};

    const HEX: &str = "0183fe456789abcdeffedcba98765432";

    fn restored(unsealing: Unsealing, change: impl FnOnce(&mut Value)) -> Result<Vec<Opener>, String> {
        let manner = Manner { unsealing, ..sample::manner() };
        match read(&sample::changed("baohanrestore", change), &manner).map(|ask| ask.wish) {
            Ok(Wish::Command(Command::RestoreOrder(restore))) => Ok(restore.openers),
            Ok(other) => panic!("not a restore: {other:?}"),
            Err(rejection) => Err(rejection.say),
        }
    }

    fn ecb(key: &str) -> Opener {
        Opener { cipher: SealCipher::Sm4Ecb, key: key.into(), iv: String::new().into() }
    }

    #[test]
    fn the_key_is_read_in_each_of_its_forms() {
        let bytes = text::from_hex(HEX).unwrap();
        let upper = HEX.to_uppercase();
        for form in [text::to_base64(&bytes), HEX.to_owned(), upper, format!(" {HEX}\r\n")] {
            let openers = restored(Unsealing::default(), |data| data["key"] = json!(form));
            assert_eq!(openers, Ok(vec![ecb(HEX)]), "{form}");
        }
        let text = restored(Unsealing::default(), |data| data["key"] = json!("raw key 16 bytes"));
        assert_eq!(text, Ok(vec![ecb(&text::to_hex(b"raw key 16 bytes"))]));
    }

    #[test]
    fn a_key_in_no_known_form_is_answered_at_once() {
        for wrong in ["AAAA", "no key", "0123456789abcdef0", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"] {
            let say = restored(Unsealing::default(), |data| data["key"] = json!(wrong)).unwrap_err();
            assert!(say.starts_with("加密的key(key)格式无法识别"), "{wrong}: {say}");
        }
        let say = restored(Unsealing::default(), |data| data["key"] = json!("")).unwrap_err();
        assert_eq!(say, "加密的key(key)不能为空");
    }

    #[test]
    fn a_wrapped_key_is_unwrapped_before_it_is_read_bare() {
        let bytes = text::from_hex(HEX).unwrap();
        let kek = || Sm4::ecb(KEK.as_bytes()).unwrap();
        let wrapping = || Wrapping { kek: Some(kek()), public: None };
        let of_bytes = text::to_base64(&kek().encrypt(&bytes));
        let of_text = text::to_hex(&kek().encrypt(text::to_base64(&bytes).as_bytes()));
        for wrapped in [of_bytes, of_text] {
            let unsealing = Unsealing { wrapping: wrapping(), ..Unsealing::default() };
            let openers = restored(unsealing, |data| data["key"] = json!(wrapped)).unwrap();
            assert_eq!(openers.first(), Some(&ecb(HEX)), "{wrapped}");
        }
        let unsealing = Unsealing { wrapping: wrapping(), ..Unsealing::default() };
        let bare = restored(unsealing, |data| data["key"] = json!(text::to_base64(&bytes)));
        assert_eq!(bare, Ok(vec![ecb(HEX)]));
    }

    #[test]
    fn a_key_agreed_beforehand_needs_none_in_the_request() {
        for any in [json!("no key"), json!(null), json!("MDEyMzQ1Njc4OWFiY2RlZg==")] {
            let fixed = Key::from(text::from_hex(HEX).unwrap());
            let unsealing = Unsealing { fixed: Some(fixed), ..Unsealing::default() };
            assert_eq!(restored(unsealing, |data| data["key"] = any), Ok(vec![ecb(HEX)]));
        }
    }

    #[test]
    fn a_vector_in_the_request_or_in_the_settings_chains_the_blocks() {
        let cbc = |iv: &[u8]| Opener { cipher: SealCipher::Sm4Cbc, iv: text::to_hex(iv).into(), ..ecb(HEX) };
        let given = |data: &mut Value, iv: &str| {
            data["key"] = json!(HEX);
            data["iv"] = json!(iv);
        };
        for iv in ["fedcba9876543210", "ZmVkY2JhOTg3NjU0MzIxMA==", "66656463626139383736353433323130"] {
            let openers = restored(Unsealing::default(), |data| given(data, iv));
            assert_eq!(openers, Ok(vec![cbc(b"fedcba9876543210")]));
        }
        let configured = || Unsealing { iv: Some(Key::from(vec![7; 16])), ..Unsealing::default() };
        assert_eq!(restored(configured(), |data| given(data, "")), Ok(vec![cbc(&[7; 16])]));
        let own = restored(configured(), |data| given(data, "fedcba9876543210"));
        assert_eq!(own, Ok(vec![cbc(b"fedcba9876543210")]));
        let wrong = restored(Unsealing::default(), |data| given(data, "short"));
        assert_eq!(wrong, Err("初始向量(iv)应为16字节的base64或十六进制".into()));
        assert_eq!(restored(Unsealing::default(), |data| given(data, " ")), Ok(vec![ecb(HEX)]));
    }

    #[test]
    fn a_restore_before_the_guarantee_quotes_no_number() {
        let fields = sample::changed("baohanrestore", |data| data["baohanno"] = json!(""));
        let ask = read(&fields, &sample::manner()).unwrap();
        let Wish::Command(Command::RestoreOrder(restore)) = ask.wish else { panic!("not a restore") };
        assert_eq!((restore.guarantee_no.as_str(), ask.business_key), ("", restore.business_no));
    }
}
