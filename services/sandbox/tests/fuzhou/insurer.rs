//! An insurer made of nothing but the manual: it seals and signs calls, and opens pushes.

use crate::settings;
use bytes::Bytes;
use crypto::{digest, text};
use http::Request;
use sandbox::dummy_keys::{FUZHOU_API, FUZHOU_INSURER};
use sandbox::fuzhou::{Bidder, Office, Reader, Variants};
use sandbox::multipart::{self, Part};
use sandbox::rsa_blocks::{KeyPair, Padding};
use sandbox::{Platform, Verdict, now};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

pub(crate) const SECRET: &str = "S3CR3T";

/// The insurer in front of the platform, without a network between them.
pub(crate) struct Insurer {
    pub(crate) reader: Reader,
    pub(crate) office: Office,
    pub(crate) token: Option<String>,
    pub(crate) now: OffsetDateTime,
    pub(crate) padding: Padding,
    pub(crate) key: &'static str,
}

impl Insurer {
    /// With an access token.
    pub(crate) fn new(change: impl FnOnce(&mut Variants)) -> Self {
        let mut insurer = Self::stranger(change);
        insurer.renew();
        insurer
    }

    /// Without one.
    pub(crate) fn stranger(change: impl FnOnce(&mut Variants)) -> Self {
        let settings = settings(change);
        let office = Office::new(&settings);
        office.live_at("http://127.0.0.1:1");
        let reader = Reader::new(settings, &office).unwrap();
        Self { reader, office, token: None, now: now(), padding: Padding::Pkcs1, key: FUZHOU_INSURER }
    }

    pub(crate) fn renew(&mut self) {
        let answer = self.ask("get_access_token", json!({ "api_key": "key", "api_secret": SECRET }));
        self.token = Some(answer["data"]["access_token"].as_str().unwrap().to_owned());
    }

    /// A call without a file.
    pub(crate) fn ask(&self, method: &str, fields: Value) -> Value {
        self.answer(&self.call(method, fields, None))
    }

    /// A call with a document.
    pub(crate) fn push(&self, method: &str, fields: Value, file: Part) -> Value {
        self.answer(&self.call(method, fields, Some(file)))
    }

    /// What the platform answers to a request as it is.
    pub(crate) fn answer(&self, request: &Request<Bytes>) -> Value {
        let verdict = self.hear(request);
        let answer = if verdict.verified && verdict.problems.is_empty() {
            self.reader.agree(&verdict)
        } else {
            self.reader.refuse(&verdict, &verdict.problems.join("; "))
        };
        serde_json::from_slice(answer.body()).unwrap()
    }

    pub(crate) fn hear(&self, request: &Request<Bytes>) -> Verdict {
        self.reader.hear(request, self.now)
    }

    pub(crate) fn call(&self, method: &str, fields: Value, file: Option<Part>) -> Request<Bytes> {
        let mut fields = fields.as_object().unwrap().clone();
        let stamp = format_description!("[year][month][day][hour][minute][second]");
        fields.insert("method".to_owned(), method.into());
        fields
            .entry("timestamp")
            .or_insert_with(|| sandbox::shanghai(self.now).format(stamp).unwrap().into());
        let for_token = method == "get_access_token";
        if !for_token {
            fields.entry("btc_id").or_insert(223.into());
            fields.entry("enter_institution_type").or_insert(4.into());
        }
        let signed = sign(&fields);
        fields.entry("sign").or_insert(signed.into());
        let key = if for_token { FUZHOU_API } else { self.key };
        let public = KeyPair::from_pem(key).unwrap().public();
        let sealed = public.seal(Value::Object(fields).to_string().as_bytes(), self.padding);
        let token = self.token.as_ref().filter(|_| !for_token);
        form(&text::to_base64(&sealed), token, file)
    }

    /// A step of 2.4 as this bidder's order wants it.
    pub(crate) fn step(&self, bidder: &Bidder, order_do_type: &str, more: Value) -> Value {
        self.ask("insurer_apply_guarantee_result", step(bidder, order_do_type, more))
    }

    /// All four steps of 2.4.
    pub(crate) fn prepare(&self, bidder: &Bidder) {
        self.office.offer(bidder);
        for (order_do_type, more) in STEPS() {
            let answer = self.step(bidder, order_do_type, more);
            assert_eq!(answer, json!({ "status": 200, "data": "成功" }), "{order_do_type}");
        }
    }

    /// 2.5 with this document.
    pub(crate) fn issue(&self, bidder: &Bidder, no: &str, pdf: &'static [u8]) -> Value {
        self.push("insurer_push_guarantee", guarantee(bidder, no, pdf), document("guarantee_pdf", pdf))
    }
}

fn form(param: &str, token: Option<&String>, file: Option<Part>) -> Request<Bytes> {
    let mut parts = vec![Part::text("param", param.to_owned())];
    parts.extend(token.map(|token| Part::text("access_token", token.clone())));
    let (kind, body) = match file {
        Some(file) => {
            parts.push(file);
            multipart::write(&parts, "border")
        }
        None => {
            let pairs = parts.iter().map(|part| (&part.name, std::str::from_utf8(&part.body).unwrap()));
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            ("application/x-www-form-urlencoded".to_owned(), body.into())
        }
    };
    Request::post("http://127.0.0.1:1/api/insurer/v1/").header("content-type", kind).body(body).unwrap()
}

/// The four steps, as 2.4 wants them.
#[expect(non_snake_case, reason = "a table, but JSON is not const")]
pub(crate) fn STEPS() -> [(&'static str, Value); 4] {
    [
        ("1", json!({})),
        ("2", json!({ "note": "尽调通过" })),
        ("3", json!({ "price": "240.00", "guarantee_end_date": "2027-03-01" })),
        ("4", json!({ "real_pay": "240.00" })),
    ]
}

pub(crate) fn step(bidder: &Bidder, order_do_type: &str, more: Value) -> Value {
    let status = bidder.status(sandbox::fuzhou::OrderStatus::WaitPay, sandbox::fuzhou::OrderStatus::Cancel);
    let mut data = json!({
        "order_no": bidder.order_no(), "block_number": bidder.block_number(), "block_name": status.text("block_name"),
        "principal": bidder.principal(), "creditor": bidder.creditor(), "order_do_type": order_do_type, "status": "1",
    });
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    data
}

pub(crate) fn guarantee(bidder: &Bidder, no: &str, pdf: &[u8]) -> Value {
    json!({
        "order_no": bidder.order_no(), "guarantee_no": no, "principal": bidder.principal(),
        "creditor": bidder.creditor(), "guarantor": "示范财产保险有限公司",
        "out_guarantee_time": "2026-11-22 09:30:00", "guarantee_pdf_hash": text::to_hex(&digest::sha256(pdf)),
    })
}

pub(crate) fn document(name: &str, pdf: &'static [u8]) -> Part {
    Part::pdf(name, "保函.pdf", Bytes::from_static(pdf))
}

/// 5.1, with empty values included.
pub(crate) fn sign(fields: &Map<String, Value>) -> String {
    let mut names: Vec<&String> = fields.keys().filter(|name| *name != "sign").collect();
    names.sort();
    let value = |name: &String| match &fields[name] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let signed: String = names.into_iter().map(|name| format!("{name}{}", value(name))).collect();
    text::to_hex(&digest::md5(format!("{SECRET}{signed}{SECRET}").as_bytes())).to_uppercase()
}
