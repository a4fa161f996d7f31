#!/usr/bin/env python3
"""What protobuf's own reader makes of one export of spans as the gateway writes it: python3 make/otlp.py > otlp.json

make/otlp_export.json is the body that `boot` posts (its test `the_export_is_the_one_that_protobuf_reads` holds the two
together). The reader is google.protobuf's JSON parser with the messages of opentelemetry-proto, which refuses unknown fields
and wrong types. OTLP departs from protobuf's JSON in one thing: ids are hexadecimal, not base64; so these alone are
turned before."""
import base64
import json
import pathlib

from google.protobuf import __version__ as protobuf, json_format
from importlib.metadata import version
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

IDS = {"traceId", "spanId", "parentSpanId"}


def turned(value, name=""):
    if isinstance(value, dict):
        return {key: turned(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [turned(inner) for inner in value]
    return base64.b64encode(bytes.fromhex(value)).decode() if name in IDS else value


def attributes(pairs):
    return {pair.key: str(getattr(pair.value, pair.value.WhichOneof("value"))) for pair in pairs}


export = json.loads((pathlib.Path(__file__).parent / "otlp_export.json").read_text())
read = json_format.ParseDict(turned(export), ExportTraceServiceRequest(), ignore_unknown_fields=False)
spans = []
for of_resource in read.resource_spans:
    about = attributes(of_resource.resource.attributes)
    for of_scope in of_resource.scope_spans:
        for span in of_scope.spans:
            spans.append({
                "service": about["service.name"], "instance": about["service.instance.id"],
                "trace": span.trace_id.hex(), "span": span.span_id.hex(), "parent": span.parent_span_id.hex(),
                "flags": span.flags, "name": span.name, "kind": span.kind,
                "from_ns": str(span.start_time_unix_nano), "to_ns": str(span.end_time_unix_nano),
                "attributes": attributes(span.attributes),
                "links": [[link.trace_id.hex(), link.span_id.hex()] for link in span.links],
                "failed": span.status.code == 2,
            })
by = f"google.protobuf {protobuf}, opentelemetry-proto {version('opentelemetry-proto')}"
print(json.dumps({"by": by, "export": export, "spans": spans}, indent=1, ensure_ascii=False))
