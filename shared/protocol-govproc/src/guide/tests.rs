//! The sheet's example is believed by this program, and its answer opens with the example's key.

use super::*;
use crate::sample::{BASE, now, settings};
use protocol::Inbound;

const VARIANTS: [&str; 8] = [
    "",
    "key_form = \"md5\"",
    "key_form = \"hex\"\ntext = \"hex_upper\"",
    "cipher = \"cbc\"\nvector = \"key\"",
    "cipher = \"cbc\"\nvector = \"prefixed\"\nshape = \"bare\"",
    "cipher = \"cbc\"\niv = \"env:IV\"\nshape = \"literal\"",
    "whole_answers = true\ntimes = \"text\"\namounts = \"text\"",
    "transport = \"ip_allow_list\"\nallowed_ips = [\"203.0.113.0/24\"]",
];

#[test]
fn under_every_variant_the_example_holds() {
    for lines in VARIANTS {
        let settings = settings(lines).unwrap();
        let id = PartnerId::parse("govproc-demo").unwrap();
        let guide = guide(&id, &settings, BASE, &BTreeMap::new(), now()).unwrap();
        let (harmless, dummies) = harmless(&settings);
        let partner = Govproc::new(id, &harmless, BASE, &BTreeMap::new(), &dummies).unwrap();
        assert!(partner.open(&guide.request, now()).is_ok(), "{lines}");
        let answer = partner.envelope.read_answer(guide.answer.body()).unwrap();
        assert_eq!(answer.text(("stat", "")).unwrap(), "1", "{lines}");
        assert!(partner.envelope.open(&guide.callback).is_ok(), "{lines}");
        for steps in [&guide.request_steps, &guide.callback_steps] {
            let [plain, sealed] = steps.as_slice() else { panic!("{steps:?}") };
            assert!(plain.text.starts_with('{'), "{plain:?}");
            assert_eq!(opened(&partner, &sealed.text).unwrap(), plain.text);
        }
        assert_eq!(guide.answer_steps.len(), usize::from(settings.whole_answers));
        assert_eq!(guide.called.len() + guide.served.len(), 9);
    }
}
