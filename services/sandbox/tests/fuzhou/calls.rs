//! The eleven calls: envelope, fields, files, and the order of steps.

use crate::insurer::{Insurer, STEPS, document, guarantee, step};
use crypto::text;
use sandbox::dummy_keys::FUZHOU_API;
use sandbox::fuzhou::{Bidder, BusinessKey, ClaimStatus, OrderStatus, Partner};
use sandbox::multipart::Part;
use sandbox::now;
use sandbox::rsa_blocks::Padding;
use serde_json::{Value, json};

const PDF: &[u8] = b"%PDF-1.7 first";
const NEWER: &[u8] = b"%PDF-1.7 second";

fn bidder(n: u64) -> Bidder {
    Bidder::new(4, n, now())
}

fn code(answer: &Value) -> i64 {
    answer["status"].as_i64().unwrap()
}

#[test]
fn an_order_goes_from_step_to_step_and_no_other_way() {
    let (insurer, bidder) = (Insurer::new(|_| {}), bidder(1));
    insurer.office.offer(&bidder);
    let status = || insurer.office.order_status(&bidder.order_no()).unwrap();
    let after = [
        OrderStatus::WaitTuneUp,
        OrderStatus::WaitOffer,
        OrderStatus::WaitPay,
        OrderStatus::WaitOutGuarantee,
    ];
    for (number, (due, more)) in STEPS().into_iter().enumerate() {
        assert_eq!(code(&insurer.issue(&bidder, "BH1", PDF)), 2427, "before step {due}");
        for (later, more) in STEPS().into_iter().skip(number + 1) {
            let refused = [2323, 2324, 2325, 2313][later.parse::<usize>().unwrap() - 1];
            assert_eq!(code(&insurer.step(&bidder, later, more)), refused, "{later} before {due}");
        }
        assert_eq!(code(&insurer.step(&bidder, due, more.clone())), 200);
        assert_eq!(code(&insurer.step(&bidder, due, more)), 200, "told again, it changes nothing");
        assert_eq!(status(), after[number]);
    }
    let other_price = json!({ "price": "1.00", "guarantee_end_date": "2027-03-01" });
    assert_eq!(code(&insurer.step(&bidder, "3", other_price)), 2325);
    let cancel = json!({ "status": "3", "note": "投保人未缴费" });
    assert_eq!(code(&insurer.step(&bidder, "4", cancel)), 2330, "paid, it cannot be cancelled");
    assert_eq!(code(&insurer.issue(&bidder, "BH1", PDF)), 200);
    assert_eq!(status(), OrderStatus::HasOutGuarantee);
}

#[test]
fn a_step_may_end_an_order_or_send_it_back() {
    let insurer = Insurer::new(|_| {});
    let no = json!({ "status": "2", "note": "资料不全" });
    for (n, steps, refused, becomes) in [
        (1, 0, "1", OrderStatus::Cancel),
        (2, 1, "2", OrderStatus::WaitSubmitTuneUp),
        (3, 2, "3", OrderStatus::Cancel),
    ] {
        let bidder = bidder(n);
        insurer.office.offer(&bidder);
        for (due, more) in STEPS().into_iter().take(steps) {
            assert_eq!(code(&insurer.step(&bidder, due, more)), 200);
        }
        let mute = json!({ "status": "2" });
        assert_eq!(insurer.step(&bidder, refused, mute), json!({ "status": 404, "data": "note is missing" }));
        assert_eq!(code(&insurer.step(&bidder, refused, no.clone())), 200, "{refused}");
        assert_eq!(insurer.office.order_status(&bidder.order_no()), Some(becomes));
    }
    let bidder = bidder(4);
    insurer.office.offer(&bidder);
    assert_eq!(code(&insurer.step(&bidder, "1", json!({ "status": "3", "note": "投保人放弃" }))), 200);
    assert_eq!(insurer.office.order_status(&bidder.order_no()), Some(OrderStatus::Cancel));
}

#[test]
fn a_step_that_is_not_as_documented_has_its_code() {
    let (insurer, bidder) = (Insurer::new(|_| {}), bidder(1));
    insurer.office.offer(&bidder);
    for (change, expected) in [
        (json!({ "order_no": "1" }), 2302),
        (json!({ "order_no": "" }), 2300),
        (json!({ "principal": "别的公司" }), 2319),
        (json!({ "creditor": "别的招标人" }), 2321),
        (json!({ "block_number": "SC0" }), 2317),
        (json!({ "status": "" }), 2304),
        (json!({ "status": "4" }), 404),
        (json!({ "order_do_type": 5 }), 404),
        (json!({ "price": 240.0 }), 404),
        (json!({ "surprise": "1" }), 404),
        (json!({ "btc_id": 224 }), 1015),
        (json!({ "btc_id": "" }), 1017),
        (json!({ "enter_institution_type": "5" }), 1050),
        (json!({ "timestamp": "20180101000000" }), 404),
        (json!({ "sign": "0".repeat(32) }), 1001),
    ] {
        let answer = insurer.ask("insurer_apply_guarantee_result", step(&bidder, "1", change.clone()));
        assert_eq!(code(&answer), expected, "{change}: {answer}");
    }
    assert_eq!(code(&insurer.ask("insurer_get_everything", json!({}))), 1002);
    assert_eq!(code(&insurer.step(&bidder, "3", json!({}))), 2309, "price is missed");
    let number = step(&bidder, "1", json!({ "order_do_type": 1 }));
    assert_eq!(code(&insurer.ask("insurer_apply_guarantee_result", number)), 200, "an int is an int");
}

#[test]
fn a_guarantee_needs_its_document() {
    let (insurer, bidder) = (Insurer::new(|_| {}), bidder(1));
    insurer.prepare(&bidder);
    let push = |part: Part| insurer.push("insurer_push_guarantee", guarantee(&bidder, "BH1", PDF), part);
    assert_eq!(code(&insurer.ask("insurer_push_guarantee", guarantee(&bidder, "BH1", PDF))), 2416);
    assert_eq!(code(&push(document("guarantee_pdf", NEWER))), 2422, "the digest of another");
    assert_eq!(code(&push(document("guarantee_pdf", b"PK"))), 2426, "no PDF");
    assert_eq!(code(&push(Part { content_type: None, ..document("guarantee_pdf", PDF) })), 2426);
    assert_eq!(code(&push(Part { file_name: None, ..document("guarantee_pdf", PDF) })), 2426);
    assert_eq!(code(&push(document("invoice_pdf", PDF))), 404, "another part");
    let issued = push(document("guarantee_pdf", PDF));
    let serial = issued["data"]["serial_num"].as_u64().unwrap();
    assert_eq!((code(&issued), serial.to_string().len()), (200, 15));
    assert_eq!(push(document("guarantee_pdf", PDF)), issued, "told again: the same serial number");
    assert_eq!(code(&insurer.issue(&bidder, "BH1", NEWER)), 2428, "the same number, another document");
    assert_eq!(code(&insurer.issue(&bidder, "BH2", NEWER)), 2427, "a second guarantee");
    let [kept] = <[_; 1]>::try_from(insurer.office.guarantees(&bidder.order_no())).unwrap();
    assert_eq!((kept.guarantee_no.as_str(), kept.serial_num), ("BH1", serial.to_string()));
    assert_eq!(insurer.office.document(&kept.sha256).unwrap(), PDF);
}

/// 2.10 and 2.11; the pushes of the platform are written, not sent, so its memory is told by hand.
#[tokio::test]
async fn a_guarantee_is_made_out_anew_only_after_a_postponement() {
    let (insurer, bidder) = (Insurer::new(|_| {}), bidder(1));
    insurer.prepare(&bidder);
    insurer.issue(&bidder, "BH1", PDF);
    let update = |old: &str, new: &str, pdf: &'static [u8]| {
        let mut data = guarantee(&bidder, new, pdf);
        data["guarantee_no_old"] = old.into();
        data["date1"] = "2027-01-01".into();
        data["date2"] = "2027-05-01".into();
        insurer.push("insurer_push_guarantee_update", data, document("guarantee_pdf", pdf))
    };
    assert_eq!(code(&update("BH1", "BH2", NEWER)), 2427, "nothing was postponed");
    let partner = Partner::new(crate::settings(|_| {}), &insurer.office).unwrap();
    assert!(partner.send(&bidder.postpone(14)).await.is_err(), "nobody listens there");
    assert_eq!(code(&update("BH9", "BH2", NEWER)), 2427, "that is not the old number");
    assert_eq!(code(&update("BH1", "BH1", NEWER)), 2428, "that is not a new number");
    let answer = update("BH1", "BH2", NEWER);
    assert_eq!(code(&answer), 200);
    assert_eq!(update("BH1", "BH2", NEWER), answer, "told again");
    let numbers = insurer.office.guarantees(&bidder.order_no());
    assert_eq!(numbers.iter().map(|one| one.guarantee_no.as_str()).collect::<Vec<_>>(), ["BH1", "BH2"]);
    let info = insurer.ask("insurer_get_guarantee_info", json!({ "order_no": bidder.order_no() }));
    assert_ne!(info["data"]["bid_deadline"], bidder.deadline(), "the deadline moved");
}

#[tokio::test]
async fn a_claim_goes_from_step_to_step() {
    let (insurer, bidder) = (Insurer::new(|_| {}), bidder(1));
    let partner = Partner::new(crate::settings(|_| {}), &insurer.office).unwrap();
    assert!(partner.send(&bidder.claim("BH1", "5000.00")).await.is_err(), "nobody listens there");
    let tell = |do_type: &str| {
        let reason = if do_type == "REFUSE_INDEMNITY" { json!("材料不全") } else { json!("") };
        let data = json!({
            "claim_no": bidder.claim_no(), "guarantee_no": "BH1", "do_type": do_type, "refuse_reason": reason,
        });
        code(&insurer.ask("update_claim", data))
    };
    assert_eq!(tell("AGREE_INDEMNITY"), 3209);
    assert_eq!(tell("REFUSE_NDEMNITY"), 404, "the misprint of the remark");
    for (do_type, status) in [
        ("ACCEPT", ClaimStatus::Investigating),
        ("ACCEPT", ClaimStatus::Investigating),
        ("AGREE_INDEMNITY", ClaimStatus::WaitIndemnity),
        ("FINISH_INDEMNITY", ClaimStatus::FinishIndemnity),
    ] {
        assert_eq!(tell(do_type), 200, "{do_type}");
        assert_eq!(insurer.office.claim_status(&bidder.claim_no()), Some(status));
    }
    assert_eq!(tell("REFUSE_INDEMNITY"), 3209, "it is paid");
    let ask = json!({
        "claim_no": bidder.claim_no(), "guarantee_no": "BH1", "principal": bidder.principal(),
        "creditor": bidder.creditor(), "guarantor": "示范财产保险有限公司",
    });
    let detail = insurer.ask("get_claim_detail", ask.clone());
    assert_eq!(detail["data"]["claim_status"], "FINISH_INDEMNITY");
    let mut stranger = ask;
    stranger["principal"] = json!("别的公司");
    assert_eq!(code(&insurer.ask("get_claim_detail", stranger)), 404);
}

#[tokio::test]
async fn an_electronic_invoice_needs_its_document_and_one_on_paper_does_not() {
    let insurer = Insurer::new(|_| {});
    let partner = Partner::new(crate::settings(|_| {}), &insurer.office).unwrap();
    let [electronic, paper] = [bidder(1).invoice(), bidder(2).invoice().with("is_electron", "2")];
    for request in [&electronic, &paper] {
        assert!(partner.send(request).await.is_err(), "nobody listens there");
    }
    let hash = text::to_hex(&crypto::digest::sha256(PDF));
    let told = |id: &str| json!({ "invoice_id": id, "invoice_pdf_hash": hash });
    let id = electronic.text("invoice_id");
    assert_eq!(code(&insurer.ask("insurer_push_invoice", json!({ "invoice_id": id }))), 2416);
    assert_eq!(code(&insurer.push("insurer_push_invoice", told("FP0"), document("invoice_pdf", PDF))), 404);
    for _ in 0..2 {
        let answer = insurer.push("insurer_push_invoice", told(id), document("invoice_pdf", PDF));
        assert_eq!(answer, json!({ "status": 200 }));
    }
    let id = paper.text("invoice_id");
    assert_eq!(insurer.ask("insurer_push_invoice", json!({ "invoice_id": id })), json!({ "status": 200 }));
}

#[test]
fn a_call_opens_under_its_own_key_and_padding_only() {
    let ask = json!({ "order_no": "1" });
    for (accepted, used) in
        [Padding::Pkcs1, Padding::OaepSha256, Padding::OaepSha1].into_iter().zip([Padding::Pkcs1; 3])
    {
        let mut insurer = Insurer::stranger(|v| v.accept_padding = accepted);
        insurer.padding = accepted;
        insurer.renew();
        assert_eq!(code(&insurer.ask("insurer_get_guarantee_info", ask.clone())), 1101, "{accepted:?}");
        insurer.padding = used;
        let expected = if accepted == used { 1101 } else { 1000 };
        assert_eq!(code(&insurer.ask("insurer_get_guarantee_info", ask.clone())), expected, "{accepted:?}");
    }
    let mut by_api = Insurer::new(|v| v.business_key = BusinessKey::Api);
    assert_eq!(code(&by_api.ask("insurer_get_guarantee_info", ask.clone())), 1000);
    by_api.key = FUZHOU_API;
    assert_eq!(code(&by_api.ask("insurer_get_guarantee_info", ask)), 1101);
}
