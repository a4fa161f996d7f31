//! The yueyang platform: a pair of names and plain JSON, and where rulings depart from document 002.

use crate::contract::Contract;
use crate::finserv::{Spoken, post};
use crate::subject::{Coded, Excused, Subject, fixture, names};
use bytes::Bytes;
use crypto::text;
use domain::{PartnerId, Timestamp};
use http::Request;
use http::header::AUTHORIZATION;
use protocol::{Inbound, Outbound, parse_shanghai};
use protocol_yueyang::{Settings, Yueyang};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const USER: &str = "示例出函机构";
const CODE: &str = "dummy-code";

/// A partner instance with these settings besides its identity.
pub(crate) fn instance(more: &Value) -> Yueyang {
    let mut settings = json!({
        "user": USER, "code": format!("file:{CODE}"), "inst_name": "示例担保", "insurance_code": "91110000DEMO00003X",
        "claim_contact_name": "赵示例", "claim_contact_phone": "010-00000000", "institution": "bank",
    });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let settings: Settings = serde_json::from_value(settings).unwrap();
    let id = PartnerId::parse("yueyang-demo").unwrap();
    Yueyang::new(id, &settings, "http://platform.example:6900/front/", &BTreeMap::new(), &Spoken).unwrap()
}

fn introduction(user: &str, code: &str) -> String {
    format!("Basic {}", text::to_base64(format!("{user}:{code}").as_bytes()))
}

fn write(interface: &str, plain: &Value, authorization: Option<&str>) -> Request<Bytes> {
    let mut request = post(plain.to_string().into_bytes());
    *request.uri_mut() = format!("/{interface}").parse().unwrap();
    if let Some(authorization) = authorization {
        request.headers_mut().insert(AUTHORIZATION, authorization.parse().unwrap());
    }
    request
}

pub(crate) struct Platform(Yueyang);

impl Platform {
    pub(crate) fn new() -> Self {
        Self(instance(&json!({})))
    }
}

/// The partner is content without these, each by a ruling.
static EXCUSED: [Excused; 17] = {
    const fn order(field: &'static str, ruling: &'static str) -> Excused {
        Excused { interface: "financialAccount/doOrderApply", field, ruling }
    }
    const fn invoice(field: &'static str) -> Excused {
        Excused { interface: "financialAccount/invoiceApply", field, ruling: "YY-17" }
    }
    [
        order("businessNo", "YY-01"),
        order("orderNo", "YY-01: businessNo stands for it"),
        order("openTime", "YY-01"),
        order("icheck", "YY-01"),
        order("khBank", "YY-27"),
        order("yhAccount", "YY-27"),
        Excused {
            interface: "financialAccount/restoreApply",
            field: "guaranteeNo",
            ruling: "restore before issue",
        },
        invoice("applyTime"),
        invoice("address"),
        invoice("phone"),
        invoice("bank"),
        invoice("account"),
        invoice("email"),
        invoice("mobile"),
        invoice("invoiceRise"),
        invoice("invoiceaddress"),
        invoice("jbrname"),
    ]
};

impl Subject for Platform {
    fn kind(&self) -> &'static str {
        "yueyang"
    }

    /// The document shows no answer to a claim: it is that of all others (YY-13).
    fn contract(&self) -> Contract {
        let mut contract = Contract::read(self.kind());
        let claim =
            contract.interfaces.iter_mut().find(|entry| entry.name == "financialAccount/compensateApply");
        claim.unwrap().response = vec!["code".to_owned(), "msg".to_owned()];
        contract
    }

    fn inbound(&self) -> &dyn Inbound {
        &self.0
    }

    fn outbound(&self) -> &dyn Outbound {
        &self.0
    }

    fn now(&self) -> Timestamp {
        parse_shanghai("20261122103000").unwrap()
    }

    fn sample(&self, interface: &str) -> Value {
        let folder = interface.rsplit('/').next().unwrap();
        serde_json::from_str(&fixture(self.kind(), folder, "opened.json")).unwrap()
    }

    fn demanding(&self, mut sample: Value, field: &str, demanded: bool) -> Value {
        let on = match field {
            "khBank" | "yhAccount" => "icheck",
            "address" | "phone" | "bank" | "account" | "invoiceaddress" => "type",
            other => panic!("no one knows when {other} is demanded"),
        };
        sample[on] = json!(if demanded { "1" } else { "0" });
        sample
    }

    fn excused(&self) -> &'static [Excused] {
        &EXCUSED
    }

    fn coded(&self) -> &'static [Coded] {
        &[
            Coded { interface: "financialAccount/doOrderApply", field: "icheck", codes: "icheck" },
            Coded {
                interface: "financialAccount/invoiceApply",
                field: "type",
                codes: "type (invoiceApply, invoiceNotice)",
            },
        ]
    }

    fn request(&self, interface: &str, plain: &Value) -> Request<Bytes> {
        write(interface, plain, Some(&introduction(USER, CODE)))
    }

    fn request_without(&self, interface: &str, field: &str) -> Request<Bytes> {
        panic!("{interface} has no shell that {field} could be part of")
    }

    /// Nothing in the shell tells the time.
    fn request_at(&self, interface: &str, _: Timestamp) -> Request<Bytes> {
        self.request(interface, &self.sample(interface))
    }

    fn strangers(&self, interface: &str) -> Vec<(&'static str, Request<Bytes>)> {
        let bare = introduction(USER, CODE).replace("Basic ", "");
        let strangers = [
            ("another's code", Some(introduction(USER, "dummy-codf"))),
            ("another's name", Some(introduction("示例", CODE))),
            ("empty-handed", Some(introduction("", ""))),
            ("without the word Basic", Some(bare)),
            ("nobody", None),
        ];
        let plain = self.sample(interface);
        strangers.map(|(who, names)| (who, write(interface, &plain, names.as_deref()))).into()
    }

    fn judges_time(&self) -> bool {
        false
    }

    /// The document signs nothing: the intranet keeps bodies whole (YY-06).
    fn proves_bodies(&self) -> bool {
        false
    }

    fn told(&self, answer: &Bytes) -> Vec<String> {
        names(answer)
    }

    fn opened_callback(&self, callback: &Request<Bytes>) -> Value {
        assert_eq!(callback.headers()[AUTHORIZATION], introduction(USER, CODE).as_str());
        let mut body: Value = serde_json::from_slice(callback.body()).unwrap();
        let fields = body["data"].as_object_mut().unwrap();
        // The example's name for the same (YY-12).
        let alias = fields.remove("compensateResult");
        assert_eq!(alias.is_some(), callback.uri().path().ends_with("/compensateNotice"));
        assert!(alias.is_none_or(|alias| alias == fields["operateResult"]));
        body["data"].take()
    }
}
