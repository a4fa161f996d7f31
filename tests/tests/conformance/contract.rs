//! The machine-readable contract: what the document says of each field.

use serde_json::Value;

/// A document.
pub(crate) struct Contract {
    pub(crate) interfaces: Vec<Entry>,
    /// Name of a list of codes → the codes.
    pub(crate) enums: Vec<(String, Vec<String>)>,
}

/// One interface of it.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) section: String,
    pub(crate) title: String,
    /// The partner calls us.
    pub(crate) inbound: bool,
    /// The folder of its fixtures: the last word of its name, unless the other direction has that name too (PR-01).
    pub(crate) folder: String,
    pub(crate) request: Vec<Field>,
    pub(crate) response: Vec<String>,
}

/// One field of a request.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) need: Need,
    /// In the outer shell, not among the business data.
    pub(crate) envelope: bool,
    /// The list whose items carry it.
    pub(crate) list: Option<String>,
}

/// Whether a field has to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Always,
    Sometimes,
    Never,
}

impl Contract {
    /// Reads `tests/contracts/<kind>.json`.
    pub(crate) fn read(kind: &str) -> Self {
        let path = format!("{}/contracts/{kind}.json", env!("CARGO_MANIFEST_DIR"));
        let value: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let codes = |codes: &Value| codes.as_object().map(|map| map.keys().cloned().collect());
        let enums = value["enums"].as_object().unwrap().iter();
        let shell: Vec<String> =
            value["envelope"]["request"].as_array().into_iter().flatten().map(text).collect();
        let mut interfaces: Vec<Entry> =
            list(&value["interfaces"]).map(|value| entry(value, &shell)).collect();
        let served: Vec<String> =
            interfaces.iter().filter(|entry| entry.inbound).map(|entry| entry.name.clone()).collect();
        for entry in interfaces.iter_mut().filter(|entry| !entry.inbound && served.contains(&entry.name)) {
            entry.folder.push_str("-outbound");
        }
        Self {
            interfaces,
            enums: enums.filter_map(|(name, value)| Some((name.clone(), codes(value)?))).collect(),
        }
    }

    pub(crate) fn inbound(&self) -> impl Iterator<Item = &Entry> {
        self.interfaces.iter().filter(|entry| entry.inbound)
    }

    pub(crate) fn outbound(&self) -> impl Iterator<Item = &Entry> {
        self.interfaces.iter().filter(|entry| !entry.inbound)
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn entry(value: &Value, shell: &[String]) -> Entry {
    Entry {
        name: text(&value["name"]),
        section: text(&value["section"]),
        title: text(&value["title_zh"]),
        inbound: value["direction"] == "platform->institution",
        folder: text(&value["name"]).rsplit('/').next().unwrap_or_default().to_owned(),
        request: list(&value["request"]).map(|value| field(value, shell)).collect(),
        response: list(&value["response"]).map(|field| text(&field["name"])).collect(),
    }
}

fn field(value: &Value, shell: &[String]) -> Field {
    let need = match &value["required"] {
        Value::Bool(true) => Need::Always,
        Value::Bool(false) => Need::Never,
        Value::String(word) if word == "conditional" => Need::Sometimes,
        other => panic!("required is {other}"),
    };
    Field {
        name: text(&value["name"]),
        need,
        envelope: value["location"] == "envelope" || shell.contains(&text(&value["name"])),
        list: value["repeated_in"].as_str().map(str::to_owned),
    }
}
