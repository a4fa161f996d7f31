//! The envelope: HTTP Basic, an address for each interface, JSON with or without its wrapper; written and read as a platform does.

use super::contract::SEALED;
use super::contract::notice_fields;
use super::safe::{Safe, in_lines};
use super::settings::{Auth, BadSettings, Body, Notices, OrderName, ReasonName, Settings};
use crate::request::Request;
use crate::rsa_blocks::Padding;
use bytes::Bytes;
use crypto::{secret::same, text};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Map, Value, json};

/// A notice that came from the institution.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Heard {
    pub(crate) method: String,
    pub(crate) data: Map<String, Value>,
}

/// Why a notice is not believed; said openly, for whoever tests against the sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistrust {
    pub(crate) method: String,
    pub(crate) why: String,
}

/// One platform's tongue: its names, keys and habits.
#[derive(Debug)]
pub(crate) struct Speaker {
    settings: Settings,
    safe: Safe,
}

impl Speaker {
    /// Learns to speak.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub(crate) fn new(settings: Settings) -> Result<Self, BadSettings> {
        let safe = Safe::new(&settings)?;
        let habits = &settings.variants;
        let sealed = habits.body == Body::Sealed || habits.notices == Notices::Sealed;
        if sealed && safe.platform().is_none() {
            return Err(BadSettings("bodies are sealed: they need platform_key".to_owned()));
        }
        Ok(Self { settings, safe })
    }

    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) const fn safe(&self) -> &Safe {
        &self.safe
    }

    /// Writes a request with its address and header fields.
    ///
    /// # Errors
    /// [`BadSettings`] if the gateway's address is none.
    pub(crate) fn write(&self, request: &Request) -> Result<http::Request<Bytes>, BadSettings> {
        let plain = self.in_our_hand(request);
        let body = match self.settings.variants.body {
            Body::Flat => plain,
            Body::Wrapped => json!({ "data": plain }),
            Body::Sealed => json!({ "data": self.sealed(&plain) }),
        };
        let address = format!("{}/{}", self.settings.gateway.trim_end_matches('/'), request.method);
        let mut post = http::Request::post(address).header(CONTENT_TYPE, "application/json;charset=utf-8");
        let pair = text::to_base64(format!("{}:{}", self.settings.user, self.settings.code).as_bytes());
        post = match self.settings.variants.auth {
            Auth::Basic => post.header(AUTHORIZATION, format!("Basic {pair}")),
            Auth::Bare => post.header(AUTHORIZATION, pair),
            Auth::Nothing => post,
        };
        post.body(body.to_string().into()).map_err(|bad| BadSettings(format!("gateway: {bad}")))
    }

    /// Reads a notice: the right pair of names, an address of ours, JSON in the form that we take.
    ///
    /// # Errors
    /// A [`Mistrust`] that says what does not hold.
    pub(crate) fn read(&self, request: &http::Request<Bytes>) -> Result<Heard, Mistrust> {
        let method = last_two(request.uri().path());
        let no = |why: &str| Mistrust { method: method.clone(), why: why.to_owned() };
        self.introduced(request).map_err(no)?;
        if notice_fields(&method).is_none() {
            return Err(no("there is no such address here"));
        }
        if request.method() != http::Method::POST {
            return Err(no("请求方式 is POST"));
        }
        let kind = header(request, CONTENT_TYPE);
        if !kind.starts_with("application/json") {
            return Err(no("Content-Type is not application/json"));
        }
        let body: Value = serde_json::from_slice(request.body()).map_err(|_| no("the body is not JSON"))?;
        let data = self.unwrapped(&method, body).map_err(no)?;
        Ok(Heard { method, data })
    }

    fn introduced(&self, request: &http::Request<Bytes>) -> Result<(), &'static str> {
        let ours = &self.settings;
        let user = ours.institution_user.as_ref().unwrap_or(&ours.user);
        let code = ours.institution_code.as_ref().unwrap_or(&ours.code);
        let expected = format!("Basic {}", text::to_base64(format!("{user}:{code}").as_bytes()));
        let given = header(request, AUTHORIZATION);
        if given.is_empty() {
            return Err("Authorization is missing");
        }
        if same(given.as_bytes(), expected.as_bytes()) { Ok(()) } else { Err("Authorization is not ours") }
    }

    fn unwrapped(&self, method: &str, body: Value) -> Result<Map<String, Value>, &'static str> {
        let Value::Object(mut outer) = body else { return Err("the body is no JSON object") };
        let wrapped = match self.settings.variants.notices {
            Notices::Wrapped => true,
            Notices::Flat => false,
            Notices::Samples => method != "guarantee/compensateNotice",
            Notices::Sealed => return self.opened(&outer),
        };
        if wrapped {
            let data = outer.remove("data").ok_or("data is missing")?;
            if !outer.is_empty() {
                return Err("there is more than data");
            }
            let Value::Object(data) = data else { return Err("data is no JSON object") };
            return Ok(data);
        }
        if outer.contains_key("data") { Err("the fields are wrapped in data") } else { Ok(outer) }
    }

    fn opened(&self, outer: &Map<String, Value>) -> Result<Map<String, Value>, &'static str> {
        let sealed = outer.get("data").and_then(Value::as_str).ok_or("data is no text")?;
        let sealed = text::from_base64(sealed).map_err(|_| "data is not base64")?;
        let pair = self.safe.platform().ok_or("there is no key")?;
        let plain = pair.open(&sealed, Padding::Pkcs1).map_err(|_| "data does not open")?;
        serde_json::from_slice(&plain).map_err(|_| "data does not open to a JSON object")
    }

    fn sealed(&self, plain: &Value) -> String {
        let pair = self.safe.platform();
        let sealed = pair.map(|pair| pair.seal_privately(plain.to_string().as_bytes())).unwrap_or_default();
        let base64 = text::to_base64(&sealed);
        if self.settings.variants.line_breaks { in_lines(&base64) } else { base64 }
    }

    /// Names, numbers and sealed fields as this platform writes them; samples have the document's own forms.
    fn in_our_hand(&self, request: &Request) -> Value {
        match &request.data {
            Value::Array(batch) => {
                batch.iter().map(|one| self.in_our_hand(&Request::new(request.method, one.clone()))).collect()
            }
            Value::Object(fields) => self.fields(request.method, fields.clone()),
            other => other.clone(),
        }
    }

    fn fields(&self, method: &str, mut fields: Map<String, Value>) -> Value {
        let habits = &self.settings.variants;
        if method == "financialAccount/doOrderApply" {
            self.seal_fields(&mut fields);
            if habits.order_name == OrderName::ApplyNo {
                fields.remove("businessNo");
                rename(&mut fields, "orderNo", "applyNo");
            }
        }
        if method == "financialAccount/cancelApply" && habits.reason_name == ReasonName::Reason {
            rename(&mut fields, "reson", "reason");
        }
        for name in ["emAmount", "amount"].into_iter().filter(|_| habits.numbers) {
            let number =
                fields.get(name).and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
            fields.extend(number.map(|number: Value| (name.to_owned(), number)));
        }
        Value::Object(fields)
    }

    fn seal_fields(&self, fields: &mut Map<String, Value>) {
        let project = fields.get("tendersNo").and_then(Value::as_str).unwrap_or_default().to_owned();
        let plain = &self.settings.variants.plain_fields;
        for name in SEALED.into_iter().filter(|name| plain.iter().all(|plain| plain != name)) {
            if let Some(Value::String(text)) = fields.get_mut(name).filter(|text| *text != "") {
                *text = self.safe.seal(&project, text);
            }
        }
    }
}

fn rename(fields: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = fields.remove(from) {
        fields.insert(to.to_owned(), value);
    }
}

fn header(request: &http::Request<Bytes>, name: http::HeaderName) -> &str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// `…/guarantee/x` as `guarantee/x`.
fn last_two(path: &str) -> String {
    let mut parts: Vec<&str> = path.rsplitn(3, '/').take(2).collect();
    parts.reverse();
    parts.join("/")
}
