//! A protocol made for these tests: lines of text, so that every step of the engine shows in the answer.
#![allow(unreachable_pub, reason = "modules of test suites")]
#![allow(dead_code, reason = "each suite uses its own part")]

use bytes::Bytes;
use domain::{AcceptanceNo, ChangeTender, Command, Query, Reply, TenderChange, TenderChangeKind, Timestamp};
use http::{Request, Response};
use protocol::{
    Ask, Call, Direction, Inbound, Interface, Outcome, Rejection, RejectionKind, Way, Wish, interface_named,
};

const fn row(name: &'static str, way: Way) -> Interface {
    Interface { section: "1", name, title: "试", direction: Direction::Inbound, way }
}

static TABLE: [Interface; 3] = [row("tell", Way::Tell), row("ask", Way::Ask), row("query", Way::Query)];

/// First line `signed`; then an ask a line: business key, content, and perhaps an address for the outcome. The path
/// names the interface.
pub struct Plain;

impl Inbound for Plain {
    fn interfaces(&self) -> &'static [Interface] {
        &TABLE
    }

    fn open(&self, request: &Request<Bytes>, _now: Timestamp) -> Result<Call, Rejection> {
        let text = String::from_utf8_lossy(request.body());
        let mut lines = text.lines();
        if lines.next() != Some("signed") {
            return Err(Rejection::forged("first line"));
        }
        let name = request.uri().path().trim_start_matches('/');
        let interface = interface_named(&TABLE, name)
            .ok_or_else(|| Rejection::new(RejectionKind::Unknown, "接口不存在", "no such interface"))?;
        let asks = lines.map(|line| ask(line, interface.way)).collect();
        Ok(Call { interface, asks })
    }

    fn answer(&self, outcome: Result<(&Call, &[Outcome]), &Rejection>) -> Response<Bytes> {
        let text = match outcome {
            Ok((_, outcomes)) => outcomes.iter().map(say).collect::<Vec<_>>().join("\n"),
            Err(rejection) => format!("rejected {} {}", rejection.kind.word(), rejection.say),
        };
        Response::new(Bytes::from(text))
    }
}

/// The same with the keys from before: first line `signed before`, and so are its answers.
pub struct PlainBefore;

impl Inbound for PlainBefore {
    fn interfaces(&self) -> &'static [Interface] {
        &TABLE
    }

    fn open(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Call, Rejection> {
        let text = String::from_utf8_lossy(request.body());
        let rest = text.strip_prefix("signed before").ok_or_else(|| Rejection::forged("not from before"))?;
        let request =
            Request::builder().uri(request.uri().clone()).body(Bytes::from(format!("signed{rest}")));
        Plain.open(&request.expect("a request"), now)
    }

    fn answer(&self, outcome: Result<(&Call, &[Outcome]), &Rejection>) -> Response<Bytes> {
        Plain.answer(outcome).map(|text| Bytes::from([b"before: ", text.as_ref()].concat()))
    }
}

fn ask(line: &str, way: Way) -> Ask {
    let mut words = line.split(' ');
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (key, content, callback) = (word(), word(), word());
    let wish = match way {
        Way::Query => {
            Wish::Query(Query::OrderStatus { no: AcceptanceNo::parse(&content).expect("a number") })
        }
        _ => Wish::Command(change(&key, &content)),
    };
    Ask { business_key: key, wish, callback: Some(callback).filter(|address| !address.is_empty()) }
}

pub fn change(key: &str, content: &str) -> Command {
    let change = TenderChange {
        kind: TenderChangeKind::Other,
        opening: None,
        notice_url: String::new(),
        deadline: None,
    };
    Command::ChangeTender(ChangeTender {
        business_no: key.to_owned(),
        section_no: content.to_owned(),
        change,
        project_no: String::new(),
    })
}

fn say(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Replied(Reply::Accepted { no }) => format!("accepted {no}"),
        Outcome::Replied(Reply::Refused(refusal)) => format!("refused {}", refusal.say),
        Outcome::Replied(Reply::Order(status)) => status.state.word().to_owned(),
        Outcome::Replied(_) => "answered".to_owned(),
        Outcome::Pending(no) => format!("pending {no}"),
        Outcome::Unavailable => "unavailable".to_owned(),
    }
}
