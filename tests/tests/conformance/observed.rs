//! Whether a field is heeded, found out by trying: what comes in is changed, what goes out is looked for.

use crate::contract::{Entry, Field, Need};
use crate::subject::{Subject, fixture, meaning};
use crate::unheeded;
use bytes::Bytes;
use domain::Notice;
use http::{Request, Response};
use protocol::{Outcome, Pass, Sealed};
use serde_json::{Map, Value, json};

/// How much a field matters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heed {
    /// Another value means something else; or it is written.
    Meant,
    /// It has to be there; what it says is not used.
    Demanded,
    /// It changes nothing.
    Nothing,
}

/// A field, how it is heeded, and why it changes nothing if that is so.
pub(crate) struct Seen {
    pub(crate) field: String,
    pub(crate) heed: Heed,
    pub(crate) reason: Option<&'static str>,
    /// Where it stands, for whoever has to mend it.
    pub(crate) place: String,
}

/// The fields of an interface's request and of its reply.
pub(crate) fn fields(subject: &dyn Subject, raw: &Entry, known_as: &Entry) -> (Vec<Seen>, Vec<Seen>) {
    let seen = |field: &str, heed: Heed, half: &str| Seen {
        field: field.to_owned(),
        heed,
        reason: unheeded::reason(subject.kind(), &known_as.name, half, field),
        place: format!("{} {} {half} {field}", subject.kind(), known_as.name),
    };
    let found = |heeded: bool| if heeded { Heed::Meant } else { Heed::Nothing };
    let request = raw.request.iter().map(|field| {
        let same = |known: &&Field| known.name == field.name && known.list == field.list;
        let heed = match (raw.inbound, known_as.request.iter().find(same)) {
            (true, Some(known)) if known.envelope => found(shell_is_read(subject, known_as, known)),
            (true, Some(known)) => is_read(subject, known_as, known),
            (true, None) => found(strangers_are_known(subject, known_as)),
            (false, _) => found(is_written(subject, known_as, &field.name)),
        };
        seen(&field.name, heed, "request")
    });
    let request: Vec<Seen> = request.collect();
    let response = raw.response.iter().map(|field| {
        let heeded = if raw.inbound {
            is_answered(subject, known_as, field)
        } else {
            reply_is_read(subject, known_as, field)
        };
        seen(field, found(heeded), "reply")
    });
    (request, response.collect())
}

// === what the partner sends ===

fn understood(subject: &dyn Subject, request: &Request<Bytes>) -> Result<Value, (String, String)> {
    let opened = subject.inbound().open(request, subject.now());
    opened.map(|call| meaning(&call)).map_err(|rejection| (rejection.say, rejection.why))
}

fn shell_is_read(subject: &dyn Subject, entry: &Entry, field: &Field) -> bool {
    let honest = understood(subject, &subject.request(&entry.name, &subject.sample(&entry.name)));
    honest != understood(subject, &subject.request_without(&entry.name, &field.name))
}

/// A field that the suite signs with: whoever cannot is turned away.
fn strangers_are_known(subject: &dyn Subject, entry: &Entry) -> bool {
    let strangers = subject.strangers(&entry.name);
    !strangers.is_empty() && strangers.iter().all(|(_, request)| understood(subject, request).is_err())
}

/// Values that no sample has, of every kind that a field may be read as.
const OTHERS: [&str; 9] =
    ["另一个", "0", "1", "2", "7", "77.77", "2031-01-02", "2031-01-02 03:04:05", "https://other.example/x"];

fn is_read(subject: &dyn Subject, entry: &Entry, field: &Field) -> Heed {
    let sample = subject.sample(&entry.name);
    let demanding = entry
        .request
        .iter()
        .filter(|other| other.need == Need::Sometimes && other.list.is_none() && !other.envelope)
        .fold(sample.clone(), |plain, other| subject.demanding(plain, &other.name, true));
    let situations = [sample, demanding].map(|plain| {
        let honest = understood(subject, &subject.request(&entry.name, &plain));
        (plain, honest)
    });
    let matters = |other: &str| {
        situations.iter().any(|(plain, honest)| {
            let mut changed = plain.clone();
            let Some(holder) = holder(&mut changed, field) else { return false };
            holder.insert(field.name.clone(), json!(other));
            *honest != understood(subject, &subject.request(&entry.name, &changed))
        })
    };
    if OTHERS.into_iter().any(matters) {
        Heed::Meant
    } else if matters("") {
        Heed::Demanded
    } else {
        Heed::Nothing
    }
}

fn holder<'a>(plain: &'a mut Value, field: &Field) -> Option<&'a mut Map<String, Value>> {
    match &field.list {
        Some(list) => plain.get_mut(list.as_str())?.get_mut(0)?.as_object_mut(),
        None => plain.as_object_mut(),
    }
}

// === what we answer ===

fn is_answered(subject: &dyn Subject, entry: &Entry, field: &str) -> bool {
    let request = subject.request(&entry.name, &subject.sample(&entry.name));
    let call = subject.inbound().open(&request, subject.now()).unwrap();
    let reply = serde_json::from_str(&fixture(subject.kind(), &entry.folder, "reply.json")).unwrap();
    let answer = subject.inbound().answer(Ok((&call, &[Outcome::Replied(reply)]))).into_body();
    subject.told(&answer).iter().any(|told| told == field)
}

// === what we send ===

fn pass<'a>(subject: &dyn Subject, document: Option<&'a Bytes>, url: Option<&'a str>) -> Pass<'a> {
    let token = Some("dummy-token");
    Pass { now: subject.now(), nonce: [7; 16], token, target: None, document_url: url, document }
}

fn notice(subject: &dyn Subject, entry: &Entry) -> Option<Notice> {
    let own = subject.asked_by_the_engine().contains(&entry.name.as_str());
    (!own).then(|| serde_json::from_str(&fixture(subject.kind(), &entry.folder, "notice.json")).unwrap())
}

fn sent(subject: &dyn Subject, entry: &Entry) -> Request<Bytes> {
    let file = Bytes::from_static(b"%PDF-1.7");
    let Some(notice) = notice(subject, entry) else {
        return subject.outbound().ask_token(&pass(subject, None, None)).unwrap().unwrap();
    };
    let url = notice.document().map(|_| "https://files.example/d/1");
    let document = subject.outbound().carries_document(&notice).then_some(&file);
    match subject.outbound().seal(&notice, &pass(subject, document, url)) {
        Ok(Sealed::Send(request)) => request,
        other => panic!("{}: {other:?}", entry.name),
    }
}

/// The name is there: among what the partner deciphers, or in the shell as it stands on the wire.
fn is_written(subject: &dyn Subject, entry: &Entry, field: &str) -> bool {
    let request = sent(subject, entry);
    let wire =
        format!("{} {:?} {}", request.uri(), request.headers(), String::from_utf8_lossy(request.body()));
    wire.contains(field) || subject.written(entry, &request).iter().any(|written| written == field)
}

// === what the partner replies ===

/// Another reply, and whether anything came of it.
fn reply_is_read(subject: &dyn Subject, entry: &Entry, field: &str) -> bool {
    let text = fixture(subject.kind(), &entry.folder, "reply.http");
    let (_, body) = text.split_once("\n\n").unwrap();
    // A reply that is no JSON is the one of a platform in trouble; then one with nothing but the fields in question.
    let honest: Value = serde_json::from_str(body).unwrap_or_else(|_| json!({}));
    // Some fields matter only beside others: a reason, when it failed.
    let mut situations = vec![honest.clone()];
    for other in entry.response.iter().filter(|other| *other != field) {
        situations.extend(OTHERS.iter().flat_map(|value| changed(&honest, other, &json!(value))));
    }
    situations.iter().any(|situation| {
        let before = came_of(subject, entry, situation);
        OTHERS
            .iter()
            .flat_map(|value| changed(situation, field, &json!(value)))
            .any(|after| came_of(subject, entry, &after) != before)
    })
}

/// The reply with another value of this field: wherever it stands, or at the top, or within `data`.
fn changed(reply: &Value, field: &str, value: &Value) -> Vec<Value> {
    // `creditor[company_name]` stands within another field.
    if let Some((parent, child)) = field.split_once('[') {
        let mut inside = reply.clone();
        let child = child.trim_end_matches(']');
        if inside["data"][parent].is_object() {
            inside["data"][parent][child] = value.clone();
        }
        return vec![inside];
    }
    let mut inside = reply.clone();
    if replace(&mut inside, field, value) {
        return vec![inside];
    }
    let mut top = reply.clone();
    top[field] = value.clone();
    let mut data = reply.clone();
    if data["data"].is_object() {
        data["data"][field] = value.clone();
    }
    vec![top, data]
}

fn replace(place: &mut Value, field: &str, value: &Value) -> bool {
    match place {
        Value::Object(fields) => {
            let here = fields.get_mut(field).map(|old| *old = value.clone()).is_some();
            here || fields.values_mut().any(|inner| replace(inner, field, value))
        }
        Value::Array(items) => items.iter_mut().any(|item| replace(item, field, value)),
        _ => false,
    }
}

fn came_of(subject: &dyn Subject, entry: &Entry, reply: &Value) -> String {
    let reply = Response::new(Bytes::from(reply.to_string()));
    let outbound = subject.outbound();
    let Some(notice) = notice(subject, entry) else {
        let token = outbound.read_token(&reply, subject.now());
        return format!("{:?}", token.map(|token| (token.value.expose().to_owned(), token.lives)));
    };
    let facts = outbound.learn(&notice, &reply).into_iter().map(|learnt| match learnt {
        protocol::Learnt::Fact(fact) => serde_json::to_string(&fact).unwrap(),
        protocol::Learnt::File { file_id, .. } => file_id,
    });
    format!("{:?} {:?}", outbound.judge(&notice, &reply), facts.collect::<Vec<_>>())
}
