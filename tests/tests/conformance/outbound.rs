//! What every protocol has to do with its callbacks: the partner can prove and read each, and it has every field.

use crate::contract::Need;
use crate::subject::fixture;
use crate::subjects;
use bytes::Bytes;
use domain::Notice;
use protocol::{Pass, Sealed};

#[test]
fn every_callback_is_believed_and_complete() {
    for subject in subjects() {
        let contract = subject.contract();
        let own = subject.asked_by_the_engine();
        for entry in contract.outbound().filter(|entry| !own.contains(&entry.name.as_str())) {
            let notice: Notice =
                serde_json::from_str(&fixture(subject.kind(), &entry.folder, "notice.json")).unwrap();
            let document_url = notice.document().map(|_| "https://files.example/d/1");
            let file = Bytes::from_static(b"%PDF-1.7");
            let document = subject.outbound().carries_document(&notice).then_some(&file);
            let pass = Pass {
                now: subject.now(),
                nonce: [7; 16],
                token: Some("dummy-token"),
                target: None,
                document_url,
                document,
            };
            let sealed = subject.outbound().seal(&notice, &pass);
            let Ok(Sealed::Send(request)) = sealed else { panic!("{}: {sealed:?}", entry.name) };
            let plain = subject.opened_callback(&request);
            let told = plain.as_object().unwrap();
            let fields: Vec<_> = entry.request.iter().filter(|field| !field.envelope).collect();
            for field in &fields {
                let value =
                    told.get(&field.name).unwrap_or_else(|| panic!("{} lacks {}", entry.name, field.name));
                if subject.is_number(&field.name) {
                    assert!(value.is_number(), "{} is no number", field.name);
                    continue;
                }
                let text = value.as_str().unwrap_or_else(|| panic!("{} is no text", field.name));
                assert!(field.need != Need::Always || !text.is_empty(), "{} is empty", field.name);
            }
            assert_eq!(told.len(), fields.len(), "{} has more than the document knows", entry.name);
        }
    }
}
