//! The sheet's example is believed by this program, and its steps hold without it.

use super::*;
use crate::sample::{BASE, now, settings};
use crypto::digest;
use protocol::{Inbound, Outbound};

const VARIANTS: [&str; 7] = [
    "",
    "sign = { secret_joiner = \"\" }",
    "sign = { signed_fields = \"documented\", empties = \"skip\", trim = false }",
    "key_form = \"hex\"\niv_form = \"base64\"",
    "body = \"form\"\ncreated = \"12h\"\ncreated_window_s = 60",
    "aes_key = \"env:KEY\"\nsign_secret = \"env:SIGN\"\nkey_form = \"md5\"",
    "silence_rejections = true\ncreated = \"off\"",
];

#[test]
fn under_every_variant_the_example_holds() {
    for lines in VARIANTS {
        let settings = settings(lines).unwrap();
        let id = PartnerId::parse("finserv-demo").unwrap();
        let guide = guide(&id, &settings, BASE, &BTreeMap::new(), now()).unwrap();
        let (harmless, dummies) = harmless(&settings);
        let partner = Finserv::new(id, &harmless, BASE, &BTreeMap::new(), &dummies).unwrap();
        assert_eq!(partner.open(&guide.request, now()).unwrap().interface.name, METHOD, "{lines}");
        assert!(String::from_utf8_lossy(guide.answer.body()).contains(r#""result":"success""#), "{lines}");
        let told = partner.envelope.open(&guide.callback, now()).unwrap();
        assert_eq!(told.method(), partner.callbacks()[0].name);
        for (steps, body) in
            [(&guide.request_steps, guide.request.body()), (&guide.callback_steps, guide.callback.body())]
        {
            let [plain, data, string, sign] = steps.as_slice() else { panic!("{steps:?}") };
            assert!(plain.text.starts_with('{') && plain.text.ends_with('}'), "{plain:?}");
            assert_eq!(partner.envelope.decipher(&data.text).unwrap(), plain.text);
            assert_eq!(crypto::text::to_hex(&digest::md5(string.text.as_bytes())), sign.text, "{lines}");
            let secret = if settings.sign_secret.is_some() { "sign_secret" } else { "secret_key" };
            assert!(string.text.ends_with(dummies.text(secret)), "{string:?}");
            assert!(String::from_utf8_lossy(body).contains(&sign.text));
        }
        assert_eq!(guide.called.len() + guide.served.len(), 16);
    }
}
