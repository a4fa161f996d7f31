//! Reads one export of spans as the specification of OTLP has it in JSON, and refuses whatever is written otherwise.
//! `tests/vectors/otlp.json` holds what protobuf's own reader makes of an export; this reader must say the same.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A span as a collector sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectedSpan {
    /// `service.name` of its process.
    pub service: String,
    /// `service.instance.id` of its process.
    pub instance: String,
    /// Trace id, 32 hexadecimal digits.
    pub trace: String,
    /// Span id, 16 hexadecimal digits.
    pub span: String,
    /// The span it was done within.
    pub parent: Option<String>,
    /// The flags of the span: those of W3C and OTLP's two.
    pub flags: u64,
    /// Its name.
    pub name: String,
    /// 1 internal, 2 server, 3 client, 4 producer, 5 consumer.
    pub kind: u64,
    /// When it began, nanoseconds since 1970.
    pub from_ns: u64,
    /// When it ended.
    pub to_ns: u64,
    /// Its attributes, numbers as text.
    pub attributes: BTreeMap<String, String>,
    /// Trace and span ids it points to.
    pub links: Vec<(String, String)>,
    /// Whether its status is an error.
    pub failed: bool,
}

impl CollectedSpan {
    /// An attribute, empty if it is not there.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

type Read<T> = Result<T, String>;

/// Reads the body of an export.
///
/// # Errors
/// What is not as the specification has it, and where.
pub fn read_export(body: &[u8]) -> Read<Vec<CollectedSpan>> {
    let body: Value = serde_json::from_slice(body).map_err(|why| why.to_string())?;
    let mut found = Vec::new();
    for of_resource in list(fields("request", &body, &["resourceSpans"])?, "resourceSpans")? {
        let of_resource = fields("resourceSpans", of_resource, &["resource", "scopeSpans", "schemaUrl"])?;
        let resource =
            fields("resource", need(of_resource, "resource")?, &["attributes", "droppedAttributesCount"])?;
        let about = attributes(resource)?;
        let known = |name: &str| about.get(name).cloned().ok_or(format!("a resource without {name}"));
        let (service, instance) = (known("service.name")?, known("service.instance.id")?);
        known("service.version")?;
        for of_scope in list(of_resource, "scopeSpans")? {
            let of_scope = fields("scopeSpans", of_scope, &["scope", "spans", "schemaUrl"])?;
            fields("scope", need(of_scope, "scope")?, &["name", "version", "attributes"])?;
            for span in list(of_scope, "spans")? {
                found.push(read_span(&service, &instance, span)?);
            }
        }
    }
    Ok(found)
}

const SPAN: [&str; 15] = [
    "traceId",
    "spanId",
    "traceState",
    "parentSpanId",
    "flags",
    "name",
    "kind",
    "startTimeUnixNano",
    "endTimeUnixNano",
    "attributes",
    "droppedAttributesCount",
    "events",
    "links",
    "droppedLinksCount",
    "status",
];

fn read_span(service: &str, instance: &str, span: &Value) -> Read<CollectedSpan> {
    let span = fields("span", span, &SPAN)?;
    let status = match span.get("status") {
        Some(status) => fields("status", status, &["code", "message"])?.get("code").map(small).transpose()?,
        None => None,
    };
    let parent = span.get("parentSpanId").map(|id| hex(id, 16)).transpose()?;
    let mut links = Vec::new();
    for link in list(span, "links")? {
        let link = fields("link", link, &["traceId", "spanId", "traceState", "attributes", "flags"])?;
        links.push((hex(need(link, "traceId")?, 32)?, hex(need(link, "spanId")?, 16)?));
    }
    let read = CollectedSpan {
        service: service.to_owned(),
        instance: instance.to_owned(),
        trace: hex(need(span, "traceId")?, 32)?,
        span: hex(need(span, "spanId")?, 16)?,
        parent,
        flags: span.get("flags").map(small).transpose()?.unwrap_or(0),
        name: need(span, "name")?
            .as_str()
            .filter(|name| !name.is_empty())
            .ok_or("a span without a name")?
            .to_owned(),
        kind: small(need(span, "kind")?)?,
        from_ns: long(need(span, "startTimeUnixNano")?)?,
        to_ns: long(need(span, "endTimeUnixNano")?)?,
        attributes: attributes(span)?,
        links,
        failed: status == Some(2),
    };
    let sound = (1..=5).contains(&read.kind) && read.from_ns > 0 && read.from_ns <= read.to_ns;
    if sound && status.is_none_or(|code| code <= 2) {
        Ok(read)
    } else {
        Err(format!("no such span: {read:?}"))
    }
}

fn attributes(of: &Map<String, Value>) -> Read<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for pair in list(of, "attributes")? {
        let pair = fields("attribute", pair, &["key", "value"])?;
        let key =
            need(pair, "key")?.as_str().filter(|key| !key.is_empty()).ok_or("an attribute without a key")?;
        let value =
            fields(key, need(pair, "value")?, &["stringValue", "boolValue", "intValue", "doubleValue"])?;
        let text = match value.iter().next() {
            Some((kind, value)) if kind == "stringValue" => value.as_str().map(str::to_owned),
            Some((kind, value)) if kind == "intValue" => {
                value.as_str().and_then(|text| text.parse::<i64>().ok()).map(|number| number.to_string())
            }
            Some((_, value)) => Some(value.to_string()),
            None => None,
        };
        let text = text.ok_or_else(|| format!("{key} has no value of its kind: {value:?}"))?;
        if value.len() != 1 || found.insert(key.to_owned(), text).is_some() {
            return Err(format!("{key} is said twice"));
        }
    }
    Ok(found)
}

/// An object with no other keys than these: names in lowerCamelCase, nothing invented.
fn fields<'v>(what: &str, value: &'v Value, known: &[&str]) -> Read<&'v Map<String, Value>> {
    let object = value.as_object().ok_or_else(|| format!("{what} is no object: {value}"))?;
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(other) => Err(format!("{what} has no field {other}")),
        None => Ok(object),
    }
}

fn need<'v>(of: &'v Map<String, Value>, name: &str) -> Read<&'v Value> {
    of.get(name).ok_or_else(|| format!("{name} is missing"))
}

/// What is not there is an empty list.
fn list<'v>(of: &'v Map<String, Value>, name: &str) -> Read<&'v [Value]> {
    match of.get(name) {
        None => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(other) => Err(format!("{name} is no list: {other}")),
    }
}

/// Ids: hexadecimal digits, not base64 as elsewhere in protobuf's JSON; all zeros is none.
fn hex(value: &Value, digits: usize) -> Read<String> {
    let text = value.as_str().unwrap_or_default();
    let sound = text.len() == digits
        && text.bytes().all(|c| c.is_ascii_hexdigit())
        && text.bytes().any(|c| c != b'0');
    if sound { Ok(text.to_ascii_lowercase()) } else { Err(format!("no id of {digits} digits: {value}")) }
}

/// A 64-bit number: a decimal text.
fn long(value: &Value) -> Read<u64> {
    value.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| format!("no number as text: {value}"))
}

/// An enumeration or a 32-bit number: a number.
fn small(value: &Value) -> Read<u64> {
    value
        .as_u64()
        .filter(|number| *number <= u64::from(u32::MAX))
        .ok_or_else(|| format!("no number: {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../../../tests/vectors/otlp.json")).unwrap()
    }

    #[test]
    fn an_export_reads_as_protobuf_reads_it() {
        let vectors = vectors();
        let read = read_export(vectors["export"].to_string().as_bytes()).unwrap();
        let expected = vectors["spans"].as_array().unwrap();
        assert_eq!(read.len(), expected.len());
        for (read, span) in read.iter().zip(expected) {
            let text = |name: &str| span[name].as_str().unwrap().to_owned();
            let pair = |pair: &Value| [0, 1].map(|at| pair[at].as_str().unwrap().to_owned()).into();
            let about = span["attributes"].as_object().unwrap().iter();
            let expected = CollectedSpan {
                service: text("service"),
                instance: text("instance"),
                trace: text("trace"),
                span: text("span"),
                parent: Some(text("parent")).filter(|parent| !parent.is_empty()),
                flags: span["flags"].as_u64().unwrap(),
                name: text("name"),
                kind: span["kind"].as_u64().unwrap(),
                from_ns: text("from_ns").parse().unwrap(),
                to_ns: text("to_ns").parse().unwrap(),
                attributes: about
                    .map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()))
                    .collect(),
                links: span["links"].as_array().unwrap().iter().map(pair).collect(),
                failed: span["failed"].as_bool().unwrap(),
            };
            assert_eq!(*read, expected);
        }
    }

    #[test]
    fn what_is_written_otherwise_is_refused() {
        let right = vectors()["export"].to_string();
        assert!(read_export(right.as_bytes()).is_ok());
        for (from, to) in [
            ("\"traceId\":\"4bf92f3577b34da6a3ce929d0e0e4736\"", "\"traceId\":\"S/kvNXezTaajzpKdDg5HNg==\""),
            (
                "\"traceId\":\"4bf92f3577b34da6a3ce929d0e0e4736\"",
                "\"traceId\":\"00000000000000000000000000000000\"",
            ),
            ("\"spanId\":", "\"span_id\":"),
            ("\"kind\":2", "\"kind\":\"SPAN_KIND_SERVER\""),
            ("\"kind\":2", "\"kind\":6"),
            ("\"startTimeUnixNano\":\"1790000000000000001\"", "\"startTimeUnixNano\":1790000000000000001"),
            ("\"endTimeUnixNano\":\"1790000000250000000\"", "\"endTimeUnixNano\":\"1\""),
            ("{\"intValue\":\"200\"}", "{\"intValue\":200}"),
            ("{\"intValue\":\"200\"}", "{\"intValue\":\"200\",\"stringValue\":\"200\"}"),
            ("\"code\":2", "\"code\":3"),
            ("\"service.version\"", "\"version\""),
        ] {
            let wrong = right.replace(from, to);
            assert_ne!(wrong, right, "{from}");
            assert!(read_export(wrong.as_bytes()).is_err(), "{to}");
        }
    }
}
