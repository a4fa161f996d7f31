//! How a process speaks: to a person on a terminal in colour, to machines as one JSON object a line; see LOGGING.md.

use crate::clock::now;
use crate::process::Process;
use crate::secrets::variable;
use crate::settings::Mistakes;
use serde_json::{Map, Value};
use std::fmt;
use std::io::{IsTerminal, stderr};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

const FILTER: &str = "GATEWAY_LOG";
const STAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// Starts logging to standard error, filtered by `GATEWAY_LOG` (`info`, `warn,broker=debug`, …; default `info`).
/// Starting twice in one process (tests) keeps the first.
///
/// # Errors
/// If the filter cannot be understood.
pub fn start_logging(process: Process) -> Result<(), Mistakes> {
    let wish = variable(FILTER).unwrap_or_else(|| "info".to_owned());
    let filter = EnvFilter::try_new(&wish).map_err(|why| {
        Mistakes::about(FILTER, format!("is no log filter ({why}): write info or warn,broker=debug"))
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    // An error means that logging has been started already.
    let _ = if stderr().is_terminal() {
        log.compact().with_target(false).try_init()
    } else {
        log.fmt_fields(JsonFields::new()).event_format(JsonLine { process }).try_init()
    };
    Ok(())
}

/// One event as one line: time, level, service, message; then its own fields and those of the spans around it.
#[derive(Debug)]
struct JsonLine {
    process: Process,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> FormatEvent<S, JsonFields> for JsonLine {
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        for span in context.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(text) = span.extensions().get::<FormattedFields<JsonFields>>() {
                fields.0.extend(serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default());
            }
        }
        event.record(&mut fields);
        let message = fields.0.remove("message").unwrap_or_default();
        let stamp = now().format(STAMP).map_err(|_| fmt::Error)?;
        let (level, target) = (event.metadata().level(), event.metadata().target());
        write!(
            out,
            r#"{{"time":"{stamp}","level":"{level}","service":"{}","message":{message},"target":"{target}""#,
            self.process
        )?;
        for (name, value) in &fields.0 {
            write!(out, ",{}:{value}", Value::from(name.as_str()))?;
        }
        writeln!(out, "}}")
    }
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }
}

#[cfg(test)]
mod tests {
    use super::JsonLine;
    use crate::process::Process;
    use serde_json::Value;
    use std::io::Write;
    use std::sync::{Arc, Mutex};
    use tracing_subscriber::fmt::format::JsonFields;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_is_json_with_the_fields_of_its_spans() {
        let paper = Paper::default();
        let onto = paper.clone();
        let log = tracing_subscriber::fmt()
            .fmt_fields(JsonFields::new())
            .event_format(JsonLine { process: Process { name: "worker-apply" } })
            .with_writer(move || onto.clone())
            .finish();
        tracing::subscriber::with_default(log, || {
            let _inside = tracing::info_span!("handle", trace = "4bf9", partner.id = "demo").entered();
            tracing::info!(took_ms = 7, "order \"A1\" issued");
        });
        let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        let line: Value = serde_json::from_str(written.trim_end()).unwrap();
        assert_eq!(line["service"], "worker-apply");
        assert_eq!(line["message"], "order \"A1\" issued");
        assert_eq!(line["trace"], "4bf9");
        assert_eq!(line["partner.id"], "demo");
        assert_eq!(line["took_ms"], 7);
    }
}
