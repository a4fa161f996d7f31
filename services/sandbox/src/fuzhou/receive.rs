//! The platform as a server: answers a call only if envelope, token, fields, file and moment are the manual's.

use super::calls::Data;
use super::codes::Code;
use super::contract::{SHARED, Table, table};
use super::office::Office;
use super::settings::{BadSettings, Settings};
use super::speak::{COMPACT, Call, Speaker};
use crate::fields::{problems, text_of};
use crate::receiver::{Platform, Verdict, json_reply};
use bytes::Bytes;
use http::{Method, Request, Response, header};
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, PrimitiveDateTime};

/// How far the moment of signing may be from the moment of arrival.
const SKEW_SECONDS: i64 = 600;
/// What a fetched file is called in the ledger.
const FILE: &str = "file";
/// What steering is called in the ledger.
const STEERED: &str = "steered";

/// Reads the eleven calls of one insurer and hands out files.
#[derive(Debug)]
pub struct Reader {
    speaker: Speaker,
    office: Office,
}

impl Reader {
    /// A reader with this platform's keys, habits and memory.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn new(settings: Settings, office: &Office) -> Result<Self, BadSettings> {
        Ok(Self { speaker: Speaker::new(settings)?, office: office.clone() })
    }

    fn called(&self, request: &Request<Bytes>, now: OffsetDateTime) -> Verdict {
        match self.speaker.read(request) {
            Ok(call) => self.judged(call, now),
            Err(mistrust) => not_believed(mistrust.method, mistrust.code.problem()),
        }
    }

    fn judged(&self, call: Call, now: OffsetDateTime) -> Verdict {
        let Some(table) = table(&call.method) else {
            return not_believed(call.method, Code::of(1002).problem());
        };
        let mut data: Data = call.fields.clone();
        data.retain(|name, _| !SHARED.contains(&name.as_str()));
        // order_do_type is an int in its table; a number and its text are the same to the platform.
        if let Some(number) = data.get_mut("order_do_type").filter(|value| value.is_u64()) {
            *number = number.to_string().into();
        }
        let mut problems = self.introduced(&call, now);
        problems.extend(self.amiss(table, &data));
        if let Some(file) = call.file {
            problems.extend(self.filed(table, file, &mut data));
        }
        if problems.is_empty() {
            problems.extend(self.office.judge(table.method, &data).err().map(|code| code.problem()));
        }
        if table.method == "get_access_token" {
            data.clear();
        }
        Verdict { key: key(table.method, &data), method: call.method, verified: true, problems, data }
    }

    /// Who calls, with which token, and when.
    fn introduced(&self, call: &Call, now: OffsetDateTime) -> Vec<String> {
        let ours = self.speaker.settings();
        let at = PrimitiveDateTime::parse(&text_of(&call.fields, "timestamp"), COMPACT);
        let away = at.map(|at| (at.assume_offset(crate::shanghai(now).offset()) - now).whole_seconds().abs());
        let mut found = match away {
            Ok(away) if away <= SKEW_SECONDS => Vec::new(),
            Ok(_) => vec![Code::failed("timestamp is more than ten minutes from our clock").problem()],
            Err(_) => vec![Code::failed("timestamp is not YmdHis").problem()],
        };
        if call.method == "get_access_token" {
            let known = text_of(&call.fields, "api_key") == ours.api_key
                && text_of(&call.fields, "api_secret") == ours.api_secret;
            found.extend((!known).then(|| Code::of(1015).problem()));
            return found;
        }
        match text_of(&call.fields, "btc_id") {
            missing if missing.is_empty() => found.push(Code::of(1017).problem()),
            other if other != ours.btc_id.to_string() => found.push(Code::of(1015).problem()),
            _ => {}
        }
        if text_of(&call.fields, "enter_institution_type") != "4" {
            found.push(Code::of(1050).problem());
        }
        if !call.token.as_ref().is_some_and(|token| self.office.admits(token, now)) {
            // First, for this is what the insurer has to act on.
            found.insert(0, Code::of(1006).problem());
        }
        found
    }

    fn amiss(&self, table: &Table, data: &Data) -> Vec<String> {
        let refused = table.method == "insurer_apply_guarantee_result"
            && matches!(text_of(data, "status").as_str(), "2" | "3");
        // What a step carries, only a step that was passed carries; a reason, only one that was not (FZ-09).
        let excused = |problem: &String| {
            refused
                && ["price ", "guarantee_end_date ", "real_pay "].iter().any(|name| problem.starts_with(name))
        };
        let mut found = problems(table.fields, data);
        if refused
            && text_of(data, "note").is_empty()
            && !found.iter().any(|problem| problem.starts_with("note "))
        {
            found.push("note is missing".to_owned());
        }
        let found = found.into_iter().filter(|problem| !excused(problem));
        found.map(|problem| Code::of_field(table.method, &problem).problem()).collect()
    }

    /// The file goes to its shelf; among the fields its digest stands for it.
    fn filed(&self, table: &Table, file: crate::multipart::Part, data: &mut Data) -> Option<String> {
        if table.file != Some(file.name.as_str()) {
            return Some(Code::failed(&format!("the form has a part {}", file.name)).problem());
        }
        let named = file.file_name.as_deref().is_some_and(|name| name.to_ascii_lowercase().ends_with(".pdf"));
        let typed = file.content_type.as_deref() == Some("application/pdf");
        if !named || !typed || !file.body.starts_with(b"%PDF-") {
            return Some(Code::of(2426).problem());
        }
        data.insert(file.name, format!("sha256:{}", self.office.keep(file.body)).into());
        None
    }

    fn fetched(&self, request: &Request<Bytes>, now: OffsetDateTime) -> Verdict {
        let query = request.uri().query().unwrap_or_default();
        let (id, paper) = self.office.fetch(query, now);
        let problems = if paper.is_some() { Vec::new() } else { vec![Code::of(1006).problem()] };
        let data = json!({ "file_id": id, "file_url": query });
        let data = super::papers::object(data);
        Verdict { method: FILE.to_owned(), key: format!("{FILE} {id}"), verified: true, problems, data }
    }

    /// `POST /tokens/expire` and `POST /addresses/expire`, for whoever steers from outside.
    fn steered(&self, path: &str) -> Option<Verdict> {
        match path {
            "/tokens/expire" => self.office.expire_tokens(),
            "/addresses/expire" => self.office.expire_addresses(),
            _ => return None,
        }
        let (method, key) = (STEERED.to_owned(), format!("{STEERED} {path}"));
        Some(Verdict { method, key, verified: true, problems: Vec::new(), data: Map::new() })
    }

    fn status(&self, status: u16) -> Value {
        if self.speaker.settings().variants.status_text { json!(status.to_string()) } else { json!(status) }
    }
}

impl Platform for Reader {
    fn hear(&self, request: &Request<Bytes>, now: OffsetDateTime) -> Verdict {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        self.office.called_at(host.unwrap_or_default());
        let path = request.uri().path();
        let ours = path.trim_end_matches('/') == self.speaker.settings().path.trim_end_matches('/');
        if request.method() == Method::GET && (ours || path == "/show.php") {
            return self.fetched(request, now);
        }
        if let Some(steered) = self.steered(path) {
            return steered;
        }
        if ours { self.called(request, now) } else { not_believed(String::new(), Code::of(1050).problem()) }
    }

    fn agree(&self, heard: &Verdict) -> Response<Bytes> {
        let now = crate::now();
        if heard.method == FILE {
            let (_, paper) = self.office.fetch(&text_of(&heard.data, "file_url"), now);
            return paper.map_or_else(|| self.refuse(heard, "1006"), |paper| pdf(paper.bytes));
        }
        if heard.method == STEERED {
            return json_reply(&json!({ "status": self.status(200) }));
        }
        match self.office.answer(&heard.method, &heard.data, now) {
            Ok(Value::Null) => json_reply(&json!({ "status": self.status(200) })),
            Ok(data) => json_reply(&json!({ "status": self.status(200), "data": data })),
            Err(code) => self.refuse(heard, &code.problem()),
        }
    }

    fn refuse(&self, _: &Verdict, why: &str) -> Response<Bytes> {
        let code = Code::parse(why.split("; ").next().unwrap_or(why));
        json_reply(&json!({ "status": self.status(code.status), "data": code.text }))
    }
}

fn not_believed(method: String, problem: String) -> Verdict {
    Verdict { method, key: String::new(), verified: false, problems: vec![problem], data: Map::new() }
}

fn pdf(bytes: Bytes) -> Response<Bytes> {
    let mut answer = Response::new(bytes);
    answer.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/pdf"));
    answer
}

/// What makes two calls the same for the platform.
fn key(method: &str, data: &Data) -> String {
    let names = [
        "order_no",
        "order_do_type",
        "status",
        "guarantee_no",
        "claim_no",
        "do_type",
        "invoice_id",
        "file_id",
    ];
    let values: Vec<String> = names.iter().map(|name| text_of(data, name)).collect();
    format!("{method} {}", values.join(" "))
}
