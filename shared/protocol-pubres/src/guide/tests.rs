//! The sheet's example is believed by this program, and its steps hold without it.

use super::*;
use crate::sample::{BASE, now, settings};
use crypto::digest;
use crypto::sealed::{RestoreKey, Wrapping};
use protocol::Inbound;

const VARIANTS: [&str; 6] = [
    "",
    "sign = { secret = { suffix = \"&key=\" } }",
    "sign = { skip = \"none\", sort = \"ascii_ci\" }",
    "timestamp_window_s = 60\ncode = \"int\"",
    "seal_iv = \"env:KEK\"\nfixed_key = \"env:KEK\"\nkey_wrap = \"env:KEK\"",
    "silence_rejections = true\nsealed = \"never\"",
];

#[test]
fn under_every_variant_the_example_holds() {
    for lines in VARIANTS {
        let settings = settings(lines).unwrap();
        let id = PartnerId::parse("pubres-demo").unwrap();
        let guide = guide(&id, &settings, BASE, &BTreeMap::new(), now()).unwrap();
        let (harmless, dummies) = harmless(&settings);
        let partner = Pubres::new(id, &harmless, BASE, &BTreeMap::new(), &dummies).unwrap();
        assert_eq!(partner.open(&guide.request, now()).unwrap().interface.name, "giveupapply", "{lines}");
        assert!(String::from_utf8_lossy(guide.answer.body()).contains("成功"), "{lines}");
        partner.envelope.open(&guide.callback, now()).unwrap();
        for (steps, body) in
            [(&guide.request_steps, guide.request.body()), (&guide.callback_steps, guide.callback.body())]
        {
            let [string, sign, ..] = steps.as_slice() else { panic!("{steps:?}") };
            assert_eq!(crypto::text::to_hex(&digest::sm3(string.text.as_bytes())), sign.text, "{lines}");
            assert!(string.text.ends_with(dummies.text("appsecret")), "{string:?}");
            assert!(String::from_utf8_lossy(body).contains(&sign.text));
        }
        assert_eq!(guide.called.len() + guide.served.len(), 12);
    }
}

#[test]
fn the_sealed_field_opens_with_the_key_of_the_restore() {
    let [plain, sealed, key] = sealed().try_into().unwrap();
    let read = RestoreKey::read(&key.text, &Wrapping::default()).unwrap();
    let key = read.symmetric().next().unwrap();
    let opened = Sm4::ecb(key).unwrap().decrypt(text::from_base64(&sealed.text).unwrap()).unwrap();
    assert_eq!(String::from_utf8(opened.to_vec()).unwrap(), plain.text);
}
