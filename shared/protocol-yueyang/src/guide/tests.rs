//! The sheet's example is believed by this program, and its sealed field opens with the key it shows.

use super::*;
use crate::sample::{BASE, now, settings};
use crypto::rsa::PublicKey;
use protocol::Inbound;

const VARIANTS: [&str; 6] = [
    "",
    "auth = \"bare\"\nanswer_code = \"string\"",
    "auth = \"none\"\nallowed_ips = [\"203.0.113.0/24\"]",
    "inbound_user = \"other\"\ninbound_code = \"env:OTHER\"",
    "inbound_body = \"recovered\"\noutbound_body = \"encrypted\"",
    "outbound_body = \"flat\"",
];

#[test]
fn under_every_variant_the_example_holds() {
    for lines in VARIANTS {
        let settings = settings(lines).unwrap();
        let id = PartnerId::parse("yueyang-demo").unwrap();
        let guide = guide(&id, &settings, BASE, &BTreeMap::new(), now()).unwrap();
        let (harmless, dummies) = harmless(&settings);
        let partner = Yueyang::new(id, &harmless, BASE, &BTreeMap::new(), &dummies).unwrap();
        assert_eq!(partner.open(&guide.request, now()).unwrap().interface.name, NAME, "{lines}");
        assert!(String::from_utf8_lossy(guide.answer.body()).contains("接收成功"), "{lines}");
        let [names, header, ..] = guide.request_steps.as_slice() else { panic!("{:?}", guide.request_steps) };
        assert_eq!(header.text, format!("Basic {}", text::to_base64(names.text.as_bytes())), "{lines}");
        assert!(guide.callback.headers()[AUTHORIZATION].to_str().unwrap().starts_with("Basic "));
        assert_eq!(guide.called.len() + guide.served.len(), 23);
    }
}

#[test]
fn the_sealed_field_opens_with_the_public_key() {
    let [plain, sealed, key] = sealed().try_into().unwrap();
    let key = PublicKey::read(&key.text).unwrap();
    let sealed = text::from_base64(&sealed.text).unwrap();
    assert_eq!(key.recover(&sealed, sealed.len()).unwrap(), plain.text.as_bytes());
}
