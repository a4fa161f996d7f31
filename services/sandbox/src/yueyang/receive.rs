//! The platform as a server: believes a notice only if its sender, fields and formats are the document's.

use super::contract::{notice_fields, result_field};
use super::settings::{BadSettings, Settings, SuccessCode};
use super::speak::{Heard, Speaker};
use crate::fields::{problems, text_of};
use crate::files::Files;
use crate::receiver::{Platform, Verdict, json_reply};
use bytes::Bytes;
use crypto::text;
use http::{Request, Response};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

/// The field that holds a document.
const FILE: &str = "guaranteeFile";

/// Reads the eight notices of one platform and keeps the documents in them.
#[derive(Debug)]
pub struct Reader {
    speaker: Speaker,
    files: Files,
}

impl Reader {
    /// A reader with this platform's keys and habits.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        Ok(Self { speaker: Speaker::new(settings)?, files: Files::default() })
    }

    /// The documents that came; a notice in the ledger has `sha256:…` in place of its file.
    #[must_use]
    pub fn files(&self) -> Files {
        self.files.clone()
    }

    fn believed(&self, heard: Heard) -> Verdict {
        let Heard { method, mut data } = heard;
        let problems = problems(notice_fields(&method).unwrap_or_default(), &data);
        self.shelve(&mut data);
        Verdict { key: key(&method, &data), method, verified: true, problems, data }
    }

    /// The document goes to its shelf; in the ledger its digest stands for it.
    fn shelve(&self, data: &mut Map<String, Value>) {
        let Some(Value::String(file)) = data.get_mut(FILE) else { return };
        if let Ok(bytes) = text::from_base64(file)
            && !bytes.is_empty()
        {
            *file = format!("sha256:{}", self.files.keep(bytes.into()));
        }
    }
}

impl Platform for Reader {
    fn hear(&self, request: &Request<Bytes>, _: OffsetDateTime) -> Verdict {
        match self.speaker.read(request) {
            Ok(heard) => self.believed(heard),
            Err(mistrust) => Verdict {
                method: mistrust.method,
                key: String::new(),
                verified: false,
                problems: vec![mistrust.why],
                data: Map::new(),
            },
        }
    }

    fn agree(&self, _: &Verdict) -> Response<Bytes> {
        let code = match self.speaker.settings().variants.success {
            SuccessCode::Number => ("code", json!(200)),
            SuccessCode::Text => ("code", json!("200")),
            SuccessCode::State => ("state", json!(200)),
        };
        json_reply(&json!({ code.0: code.1, "msg": "1条数据接收成功！" }))
    }

    fn refuse(&self, heard: &Verdict, why: &str) -> Response<Bytes> {
        let msg = if heard.verified { why } else { "身份验证失败！请联系服务商！" };
        json_reply(&json!({ "code": 500, "msg": msg }))
    }
}

/// What makes two notices the same for the platform: whose, about what, and how it ended.
fn key(method: &str, data: &Map<String, Value>) -> String {
    let names = ["businessNo", "orderNo", "applyNo", "guaranteeNo", result_field(method)];
    let values: Vec<String> = names.iter().map(|name| text_of(data, name)).collect();
    format!("{method} {}", values.join(" "))
}
