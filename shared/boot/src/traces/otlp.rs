//! Spans as OTLP writes them in JSON: ids in hexadecimal, 64-bit numbers as text, enumerations as numbers
//! (<https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding>).

use super::span::{Ended, Value};
use crate::trace::Trace;
use serde_json::{Value as Json, json};

/// `STATUS_CODE_ERROR`.
const ERROR: u8 = 2;
/// Above the eight flags of W3C stand two of OTLP: whether it is known that the other span is of another process, and that
/// it is.
const REMOTE_KNOWN: u32 = 0x100;
const REMOTE: u32 = 0x200;

/// Who speaks: attributes of the resource, by name.
pub(super) type Resource = Vec<(&'static str, String)>;

/// The body of one export.
pub(super) fn export(resource: &Resource, spans: &[Ended]) -> Vec<u8> {
    let about: Vec<Json> =
        resource.iter().map(|(name, text)| attribute(name, &Value::Text(text.clone()))).collect();
    let spans: Vec<Json> = spans.iter().map(span).collect();
    let body = json!({ "resourceSpans": [{
        "resource": { "attributes": about },
        "scopeSpans": [{
            "scope": { "name": "baohan-gateway", "version": env!("CARGO_PKG_VERSION") },
            "spans": spans,
        }],
    }] });
    body.to_string().into_bytes()
}

fn span(ended: &Ended) -> Json {
    let Ended { trace, parent, kind, name, object, from_ns, to_ns, attributes, links, failed } = ended;
    let name = if object.is_empty() { (*name).to_owned() } else { format!("{name} {object}") };
    let remote = parent.map_or(0, |(_, remote)| if remote { REMOTE_KNOWN | REMOTE } else { REMOTE_KNOWN });
    let mut span = json!({
        "traceId": trace.id(),
        "spanId": trace.span_id(),
        "flags": flags(trace) | remote,
        "name": name,
        "kind": *kind as u8,
        "startTimeUnixNano": from_ns.to_string(),
        "endTimeUnixNano": to_ns.to_string(),
        "attributes": attributes.iter().map(|(name, value)| attribute(name, value)).collect::<Vec<_>>(),
        "links": links.iter().map(link).collect::<Vec<_>>(),
        "status": if *failed { json!({ "code": ERROR }) } else { json!({}) },
    });
    if let Some((parent, _)) = parent {
        span["parentSpanId"] = parent.span_id().into();
    }
    span
}

fn link(to: &Trace) -> Json {
    json!({ "traceId": to.id(), "spanId": to.span_id(), "flags": flags(to) | REMOTE_KNOWN | REMOTE })
}

fn flags(trace: &Trace) -> u32 {
    u32::from(trace.is_sampled())
}

fn attribute(name: &str, value: &Value) -> Json {
    let value = match value {
        Value::Text(text) => json!({ "stringValue": text }),
        Value::Number(number) => json!({ "intValue": number.to_string() }),
    };
    json!({ "key": name, "value": value })
}

/// How many spans the collector says it did not take (`partialSuccess`); an answer that does not read says none.
pub(super) fn rejected(answer: &[u8]) -> u64 {
    let Ok(answer) = serde_json::from_slice::<Json>(answer) else { return 0 };
    let count = &answer["partialSuccess"]["rejectedSpans"];
    count.as_u64().or_else(|| count.as_str()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traces::Kind;

    /// Made by `tests/vectors/make/otlp.py`: an export, and that protobuf's own reader reads it.
    const VECTORS: &str = include_str!("../../../../tests/vectors/otlp.json");

    fn trace(text: &str) -> Trace {
        Trace::parse(text).unwrap()
    }

    fn served() -> Ended {
        Ended {
            trace: trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            parent: None,
            kind: Kind::Server,
            name: "POST",
            object: "apply_bid_guarantee".to_owned(),
            from_ns: 1_790_000_000_000_000_001,
            to_ns: 1_790_000_000_250_000_000,
            attributes: vec![
                ("http.response.status_code", 200_u16.into()),
                ("baohan.no", "A0123456789ABCDEFGHJ".into()),
            ],
            links: Vec::new(),
            failed: false,
        }
    }

    fn failed() -> Ended {
        Ended {
            trace: trace("00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-01"),
            parent: Some((served().trace, true)),
            kind: Kind::Client,
            name: "callback",
            object: String::new(),
            from_ns: 1_790_000_001_000_000_000,
            to_ns: 1_790_000_002_000_000_000,
            attributes: vec![("error.type", "超时".into())],
            links: vec![trace("00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b8-01")],
            failed: true,
        }
    }

    #[test]
    fn the_export_is_the_one_that_protobuf_reads() {
        let vectors: Json = serde_json::from_str(VECTORS).unwrap();
        let resource = vec![
            ("service.name", "egress-finserv".to_owned()),
            ("service.instance.id", "00000000-0000-4000-8000-000000000001".to_owned()),
            ("service.version", "0.1.0".to_owned()),
        ];
        let ours: Json = serde_json::from_slice(&export(&resource, &[served(), failed()])).unwrap();
        let mut read = vectors["export"].clone();
        read["resourceSpans"][0]["scopeSpans"][0]["scope"]["version"] = env!("CARGO_PKG_VERSION").into();
        assert_eq!(ours, read);
    }

    #[test]
    fn what_a_collector_did_not_take_is_read_in_either_form_of_a_number() {
        for (answer, count) in [
            (r#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"full"}}"#, 3),
            (r#"{"partialSuccess":{"rejectedSpans":3}}"#, 3),
            (r#"{"partialSuccess":{}}"#, 0),
            ("{}", 0),
            ("", 0),
        ] {
            assert_eq!(rejected(answer.as_bytes()), count, "{answer}");
        }
    }
}
