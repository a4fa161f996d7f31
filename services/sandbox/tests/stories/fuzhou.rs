//! A miniature insurer for fuzhou.

use super::fuzhou_wire::{KEYS, Wire, text_of};
use super::{PATIENCE, path, told, verdict, wrong};
use bytes::Bytes;
use http::{Request, Response};
use sandbox::fuzhou::story::Story;
use sandbox::fuzhou::{Office, Partner, Reader, Settings};
use sandbox::{Act, Matter, Operator, Platform, Receiver, Topic, Verdict};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use time::OffsetDateTime;

/// How an insurer can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    SkipsDueDiligence,
    SendsTheBidderAnywhere,
    NeverRenewsAddresses,
    BelievesEveryDocument,
    ForgetsTheOldGuarantee,
    PaysBeforeAgreeing,
}

struct Insurer {
    wire: Wire,
    fault: Fault,
    /// What the platform told, by order_no, guarantee_no, invoice_id or claim_no.
    known: Mutex<HashMap<String, Value>>,
}

#[derive(Clone)]
struct Desk(Arc<Insurer>);

fn settings(gateway: &str) -> Settings {
    let text = format!(
        "gateway = {gateway:?}\napi_key = 'key'\napi_secret = 's'\ninsurer_key = ''\nplatform_key = ''\nrepeat_scale = 0.001"
    );
    let settings: Settings = toml::from_str(&text).unwrap();
    Settings { insurer_key: KEYS[0].to_owned(), platform_key: KEYS[1].to_owned(), ..settings }
}

const PDF: &[u8] = b"%PDF-1.7 guarantee";
const RENEWED: &[u8] = b"%PDF-1.7 renewed";

impl Desk {
    fn note(&self, no: &str, what: Value) {
        self.0.known.lock().unwrap().insert(no.to_owned(), what);
    }

    fn known(&self, no: &str) -> Value {
        self.0.known.lock().unwrap().get(no).cloned().unwrap_or_default()
    }

    /// The order is pulled, with everything that belongs to it.
    async fn pull(self, order_no: String) {
        let ask = json!({ "order_no": order_no });
        let info = self.0.wire.ask("insurer_get_guarantee_info", ask.clone()).await["data"].clone();
        self.0.wire.ask("insurer_get_order_company_info", ask).await;
        self.note(&order_no, info.clone());
        for file in info["guarantee_sign_files"].as_array().unwrap() {
            let fetched = self.0.wire.fetch(file["file_url"].as_str().unwrap()).await;
            if !fetched.starts_with(b"%PDF-") && self.0.fault != Fault::NeverRenewsAddresses {
                let fresh =
                    self.0.wire.ask("insurer_get_file_url", json!({ "file_id": file["file_id"] })).await;
                assert!(
                    self.0
                        .wire
                        .fetch(fresh["data"]["file_url"].as_str().unwrap())
                        .await
                        .starts_with(b"%PDF-")
                );
            }
        }
    }

    async fn step(&self, order_no: &str, step: &str, more: Value) {
        let order = self.known(order_no);
        let mut data = json!({ "order_no": order_no, "order_do_type": step, "status": "1" });
        for name in ["block_number", "block_name", "principal", "creditor"] {
            data[name] = order[name].clone();
        }
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.0.wire.ask("insurer_apply_guarantee_result", data).await;
    }

    async fn issue(&self, order_no: &str, method: &str, no: &str, pdf: &'static [u8], more: Value) {
        let order = self.known(order_no);
        let mut data = json!({
            "order_no": order_no, "guarantee_no": no, "principal": order["principal"], "creditor": order["creditor"],
            "guarantor": order["guarantor"], "out_guarantee_time": "2026-11-22 09:30:00",
        });
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = self.0.wire.push(method, data, "guarantee_pdf", pdf).await;
        let mut record = order;
        record["serial"] = text_of(&answer["data"], "serial_num").into();
        self.note(no, record);
    }

    async fn decided(&self, matter: Matter, no: &str) {
        match matter {
            Matter::Order => {
                self.step(no, "1", json!({})).await;
                if self.0.fault != Fault::SkipsDueDiligence {
                    self.step(no, "2", json!({ "note": "通过" })).await;
                }
                self.step(no, "3", json!({ "price": "400.00", "guarantee_end_date": "2027-03-01" })).await;
            }
            Matter::Invoice => {
                self.0
                    .wire
                    .push("insurer_push_invoice", json!({ "invoice_id": no }), "invoice_pdf", PDF)
                    .await;
            }
            _ => self.claim(no, "AGREE_INDEMNITY").await,
        }
    }

    async fn claim(&self, no: &str, do_type: &str) {
        let claim = self.known(no);
        let told = json!({ "claim_no": no, "guarantee_no": claim["guarantee_no"], "do_type": do_type });
        self.0.wire.ask("update_claim", told).await;
    }

    async fn detail(&self, no: &str) {
        let mut ask = json!({ "claim_no": no, "guarantor": "示范财产保险有限公司" });
        for name in ["guarantee_no", "principal", "creditor"] {
            ask[name] = self.known(no)[name].clone();
        }
        self.0.wire.ask("get_claim_detail", ask).await;
    }

    /// 2.10: every guarantee of the section anew.
    async fn reissue(self, block: String) {
        let of_block: Vec<String> = {
            let known = self.0.known.lock().unwrap();
            let orders =
                known.iter().filter(|(no, order)| order["block_number"] == block && no.starts_with("18"));
            orders.map(|(no, _)| no.clone()).collect()
        };
        for no in of_block {
            let old = if self.0.fault == Fault::ForgetsTheOldGuarantee {
                "G0".to_owned()
            } else {
                format!("G{no}")
            };
            let more = json!({ "guarantee_no_old": old, "date1": "2027-01-01", "date2": "2027-05-01" });
            self.issue(&no, "insurer_push_guarantee_update", &format!("H{no}"), RENEWED, more).await;
        }
    }

    fn verified(&self, asked: &Value, pdf: &[u8]) -> Value {
        let genuine = pdf == PDF || self.0.fault == Fault::BelievesEveryDocument;
        let modified = if genuine { 2 } else { 1 };
        json!({ "status": 200, "data": { "serial_num": asked["serial_num"], "is_modified": modified } })
    }

    fn record(&self, asked: &Value) -> Value {
        let no = text_of(asked, "guarantee_no");
        let order = self.known(&no);
        json!({ "status": 200, "data": {
            "guarantee_no": no, "serial_num": order["serial"], "warrantee": order["principal"],
            "beneficiary": order["creditor"],
        } })
    }

    fn asked(&self, method: &str, asked: &Value, pdf: &[u8]) -> Value {
        match method {
            "apply-redirect" if self.known(&text_of(asked, "order_no")).is_null() => {
                self.note(&text_of(asked, "order_no"), json!({}));
                tokio::spawn(self.clone().pull(text_of(asked, "order_no")));
            }
            "verify-file" => return self.verified(asked, pdf),
            "verify-info" => return self.record(asked),
            "delay-open-push" => {
                tokio::spawn(self.clone().reissue(text_of(asked, "block_number")));
            }
            "apply_claim" => {
                let (this, no) = (self.clone(), text_of(asked, "claim_no"));
                self.note(&no, asked.clone());
                let first =
                    if self.0.fault == Fault::PaysBeforeAgreeing { "FINISH_INDEMNITY" } else { "ACCEPT" };
                tokio::spawn(async move { this.claim(&no, first).await });
            }
            _ => {}
        }
        json!({ "status": 200 })
    }
}

impl Platform for Desk {
    fn hear(&self, request: &Request<Bytes>, _: OffsetDateTime) -> Verdict {
        let method = path(request).trim_start_matches("/p/").to_owned();
        let (fields, pdf) = Wire::opened(request);
        let asked = Value::Object(fields);
        let answer = self.asked(&method, &asked, &pdf);
        verdict(&method, asked, Ok(answer))
    }

    fn agree(&self, heard: &Verdict) -> Response<Bytes> {
        if heard.method != "apply-redirect" {
            return told(&heard.data["answer"]);
        }
        let back = text_of(&heard.data["asked"], "return_url");
        let anywhere = self.0.fault == Fault::SendsTheBidderAnywhere;
        let to = if anywhere { back } else { "http://127.0.0.1/apply/1".to_owned() };
        Response::builder().status(302).header("location", to).body(Bytes::new()).unwrap()
    }

    fn refuse(&self, _: &Verdict, why: &str) -> Response<Bytes> {
        told(&json!({ "status": 404, "data": why }))
    }
}

impl Operator for Desk {
    async fn act(&self, act: Act) -> Result<(), String> {
        match act {
            Act::Decide { matter, no, outcome: Ok(()) } => self.decided(matter, &no).await,
            Act::Pay { no, amount } => {
                self.step(&no, "4", json!({ "real_pay": amount })).await;
                self.issue(&no, "insurer_push_guarantee", &format!("G{no}"), PDF, json!({})).await;
            }
            Act::PayOut { no } => self.claim(&no, "FINISH_INDEMNITY").await,
            Act::Inquire { topic: Topic::Insurers, no } => {
                self.0.wire.ask("insurer_get_branch_insurers", json!({ "insurer_name": no })).await;
            }
            Act::Inquire { topic: Topic::ClaimDetail, no } => self.detail(&no).await,
            other => return Err(format!("{other} is not this document's")),
        }
        Ok(())
    }
}

async fn play(fault: Fault) -> Vec<String> {
    let office = Office::new(&settings("-"));
    let reader = Reader::new(settings("-"), &office).unwrap();
    let receiver = Receiver::start("127.0.0.1:0", reader, None).await.unwrap();
    let wire = Wire::new(receiver.at("/api/insurer/v1/"));
    let desk = Desk(Arc::new(Insurer { wire, fault, known: Mutex::default() }));
    let insurer = Receiver::start("127.0.0.1:0", desk.clone(), None).await.unwrap();
    let partner = Partner::new(settings(&insurer.at("/p")), &office).unwrap();
    let rows = Story::new(&partner, &receiver, &desk, PATIENCE, |_| ()).play(3).await;
    assert_eq!(rows.len(), 18);
    wrong(&rows)
}

#[tokio::test]
async fn all_eighteen_go_well() {
    assert_eq!(play(Fault::None).await, [""; 0]);
}

#[tokio::test]
async fn what_goes_wrong_shows() {
    for (fault, named) in [
        (Fault::SkipsDueDiligence, "insurer_apply_guarantee_result: "),
        (Fault::SendsTheBidderAnywhere, "外部地址"),
        (Fault::NeverRenewsAddresses, "insurer_get_file_url: 未收到调用"),
        (Fault::BelievesEveryDocument, "未被识别"),
        (Fault::ForgetsTheOldGuarantee, "insurer_push_guarantee_update: "),
        (Fault::PaysBeforeAgreeing, "update_claim: "),
    ] {
        let wrong = play(fault).await;
        assert!(wrong.iter().any(|row| row.contains(named)), "{fault:?}: {wrong:?}");
    }
}

/// The fields of an answer or a call.
pub(super) type Fields = Map<String, Value>;
