//! The sheet's example is believed by this program, and its steps hold without it.

use super::*;
use crate::sample::{BASE, now, settings};
use crypto::digest;
use protocol::Inbound;

const VARIANTS: [&str; 5] = [
    "",
    "padding = \"oaep_sha1\"",
    "padding = \"oaep_sha256_mgf1_sha1\"\nbusiness_key = \"api_rsa_pk\"",
    "sign = { empties = \"drop\", null_as = \"null\" }",
    "timestamp_skew_s = 60\ntimestamp_window_s = 60\nack_aliases = [\"statue\"]",
];

#[test]
fn under_every_variant_the_example_holds() {
    for lines in VARIANTS {
        let settings = settings(lines).unwrap();
        let id = PartnerId::parse("fuzhou-demo").unwrap();
        let guide = guide(&id, &settings, BASE, &BTreeMap::new(), now()).unwrap();
        let (harmless, dummies) = harmless(&settings);
        let partner = Fuzhou::new(id, &harmless, BASE, &BTreeMap::new(), &dummies).unwrap();
        assert_eq!(partner.open(&guide.request, now()).unwrap().interface.name, &NAME[1..], "{lines}");
        assert!(String::from_utf8_lossy(guide.answer.body()).contains(r#""status":200"#), "{lines}");
        partner.envelope.open(&guide.callback, now()).unwrap();
        let secret = dummies.text("api_secret");
        for steps in [&guide.request_steps, &guide.callback_steps] {
            let [string, sign, plain, _] = steps.as_slice() else { panic!("{steps:?}") };
            let digest = crypto::text::to_hex(&digest::md5(string.text.as_bytes())).to_uppercase();
            assert_eq!(digest, sign.text, "{lines}");
            assert!(string.text.starts_with(secret) && string.text.ends_with(secret), "{string:?}");
            assert!(plain.text.contains(&sign.text));
        }
        assert_eq!(guide.called.len() + guide.served.len(), 18);
    }
}
