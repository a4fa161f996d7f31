//! What every protocol has to do with a partner's requests, honest and not.

use crate::contract::{Contract, Entry, Field, Need};
use crate::subject::{Subject, fixture, meaning};
use crate::subjects;
use bytes::Bytes;
use http::Request;
use protocol::{Call, Direction, Interface, Outcome, Rejection, RejectionKind};
use serde_json::{Map, Value, json};

fn open(subject: &dyn Subject, request: &Request<Bytes>) -> Result<Call, Rejection> {
    let opened = subject.inbound().open(request, subject.now());
    if let Err(rejection) = &opened {
        let answer =
            String::from_utf8(subject.inbound().answer(Err(rejection)).into_body().to_vec()).unwrap();
        assert!(
            !rejection.why.is_empty() && !answer.contains(&rejection.why),
            "{answer} says why: {rejection:?}"
        );
    }
    opened
}

fn open_plain(subject: &dyn Subject, interface: &str, plain: &Value) -> Result<Call, Rejection> {
    open(subject, &subject.request(interface, plain))
}

/// The object that carries a field: the message itself, or the first item of a list in it.
fn holder<'a>(plain: &'a mut Value, field: &Field) -> &'a mut Map<String, Value> {
    let object = match &field.list {
        Some(list) => &mut plain[list.as_str()][0],
        None => plain,
    };
    object.as_object_mut().unwrap_or_else(|| panic!("the sample has no place for {}", field.name))
}

/// A message without a field, in the three ways of having nothing to say.
fn without(plain: &Value, field: &Field) -> [Value; 3] {
    let mut ways = [plain.clone(), plain.clone(), plain.clone()];
    holder(&mut ways[0], field).remove(&field.name);
    holder(&mut ways[1], field).insert(field.name.clone(), Value::Null);
    holder(&mut ways[2], field).insert(field.name.clone(), json!(" "));
    ways
}

/// The ruling that lets this field be missing.
fn excused(subject: &dyn Subject, entry: &Entry, field: &Field) -> Option<&'static str> {
    let found = subject.excused().iter().find(|one| one.interface == entry.name && one.field == field.name);
    found.map(|one| one.ruling)
}

#[test]
fn every_interface_of_the_document_is_served_and_has_fixtures() {
    for subject in subjects() {
        let contract = subject.contract();
        let rows: Vec<_> =
            subject.inbound().interfaces().iter().chain(subject.outbound().callbacks()).collect();
        assert_eq!(rows.len(), contract.interfaces.len());
        for entry in &contract.interfaces {
            let inbound = |row: &&&Interface| (row.direction == Direction::Inbound) == entry.inbound;
            let row = rows.iter().filter(inbound).find(|row| row.name == entry.name);
            let row = row.unwrap_or_else(|| panic!("no {}", entry.name));
            assert_eq!(
                (row.section, row.title),
                (entry.section.as_str(), entry.title.as_str()),
                "{}",
                entry.name
            );
            let files: &[&str] = if entry.inbound {
                &["request.http", "opened.json", "reply.json", "answer.http"]
            } else {
                &["notice.json", "plain.json", "request.http", "reply.http", "verdict.txt"]
            };
            let own = subject.asked_by_the_engine().contains(&entry.name.as_str());
            let files = if own { &["plain.json", "request.http", "reply.http"] } else { files };
            for file in files {
                assert!(!fixture(subject.kind(), &entry.folder, file).is_empty());
            }
        }
    }
}

#[test]
fn a_missing_field_is_named() {
    for subject in subjects() {
        let mut demanded = 0;
        for entry in subject.contract().inbound() {
            let sample = subject.sample(&entry.name);
            assert!(open_plain(&*subject, &entry.name, &sample).is_ok(), "{}", entry.name);
            for field in entry.request.iter().filter(|field| !field.envelope && field.need != Need::Never) {
                let full = match field.need {
                    Need::Sometimes => subject.demanding(sample.clone(), &field.name, true),
                    _ => sample.clone(),
                };
                for message in without(&full, field) {
                    let opened = open_plain(&*subject, &entry.name, &message);
                    if let Some(ruling) = excused(&*subject, entry, field) {
                        assert!(
                            opened.is_ok(),
                            "{ruling}: {} without {}: {opened:?}",
                            entry.name,
                            field.name
                        );
                        continue;
                    }
                    let rejection = opened.map(|call| meaning(&call)).expect_err(&field.name);
                    let named = rejection.say.ends_with(&format!("({})不能为空", field.name));
                    assert!(
                        named && rejection.say.chars().next().is_some_and(|c| c > '\u{2e80}'),
                        "{rejection:?}"
                    );
                    assert_eq!(rejection.kind, RejectionKind::Malformed);
                    demanded += 1;
                }
            }
        }
        assert!(demanded >= 3 * 25, "{}: only {demanded} were tried", subject.kind());
    }
}

#[test]
fn a_field_that_may_be_missing_is_not_missed() {
    for subject in subjects() {
        for entry in subject.contract().inbound() {
            let sample = subject.sample(&entry.name);
            for field in entry.request.iter().filter(|field| !field.envelope && field.need != Need::Always) {
                let free = match field.need {
                    Need::Sometimes if excused(&*subject, entry, field).is_some() => sample.clone(),
                    Need::Sometimes => subject.demanding(sample.clone(), &field.name, false),
                    _ => sample.clone(),
                };
                let emptied = field.list.as_ref().is_some_and(|list| free[list.as_str()] == json!([]));
                let messages =
                    if emptied { [free.clone(), free.clone(), free] } else { without(&free, field) };
                for message in messages {
                    let opened = open_plain(&*subject, &entry.name, &message);
                    assert!(opened.is_ok(), "{} without {}: {opened:?}", entry.name, field.name);
                }
            }
        }
    }
}

#[test]
fn a_missing_field_of_the_shell_is_named() {
    for subject in subjects() {
        for entry in subject.contract().inbound() {
            for field in entry.request.iter().filter(|field| field.envelope) {
                let rejection = open(&*subject, &subject.request_without(&entry.name, &field.name))
                    .map(|call| meaning(&call))
                    .expect_err(&field.name);
                assert!(rejection.say.contains(&format!("({})", field.name)), "{rejection:?}");
            }
        }
    }
}

/// The codes of a field, out of the contract.
fn codes(contract: &Contract, name: &str) -> Vec<String> {
    let found = contract.enums.iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("the contract has no codes of {name}")).1.clone()
}

#[test]
fn every_code_is_known_and_no_other() {
    for subject in subjects() {
        let contract = subject.contract();
        for coded in subject.coded() {
            let entry = contract.inbound().find(|entry| entry.name == coded.interface).unwrap();
            let field = entry.request.iter().find(|field| field.name == coded.field).unwrap();
            let known = codes(&contract, coded.codes);
            let with = |code: &str| {
                // The sample with everything that any of the codes demands.
                let mut plain = entry
                    .request
                    .iter()
                    .filter(|other| other.need == Need::Sometimes && other.list.is_none())
                    .fold(subject.sample(&entry.name), |plain, other| {
                        subject.demanding(plain, &other.name, true)
                    });
                holder(&mut plain, field).insert(field.name.clone(), json!(code));
                open_plain(&*subject, &entry.name, &plain)
            };
            for code in &known {
                assert!(with(code).is_ok(), "{} {code}: {:?}", coded.field, with(code));
            }
            for wrong in ["-1", "01", "1.0", "5", "8", "10", "１", "x", "1,2"] {
                assert!(!known.contains(&wrong.to_owned()));
                let rejection = with(wrong).map(|call| meaning(&call)).expect_err(wrong);
                let expected = format!("({})取值应为{}", coded.field, known.join("、"));
                assert!(rejection.say.ends_with(&expected), "{rejection:?}");
            }
        }
    }
}

#[test]
fn a_flipped_bit_anywhere_never_changes_what_is_understood() {
    for subject in subjects().into_iter().filter(|subject| subject.proves_bodies()) {
        let unsigned = subject.unsigned_files();
        for entry in subject.contract().inbound().filter(|entry| !unsigned.contains(&entry.name.as_str())) {
            let honest = subject.request(&entry.name, &subject.sample(&entry.name));
            let meant = meaning(&open(&*subject, &honest).unwrap());
            let mut noticed = 0;
            for at in 0..honest.body().len() {
                let mut body = honest.body().to_vec();
                body[at] ^= 1 << (at % 8);
                let mut flipped = honest.clone();
                *flipped.body_mut() = body.into();
                match open(&*subject, &flipped) {
                    // What changed one field into another that is as good; rare, and said in its README.
                    Ok(call) if !subject.notices_every_change() => {
                        assert_eq!(call.interface.name, entry.name);
                        noticed += usize::from(meaning(&call) == meant);
                    }
                    // A capital in a hexadecimal digit means the same.
                    Ok(call) => assert_eq!(meaning(&call), meant, "byte {at} of {}", entry.name),
                    Err(_) => noticed += 1,
                }
            }
            assert!(noticed * 100 > honest.body().len() * 95, "{}: only {noticed} were noticed", entry.name);
        }
    }
}

#[test]
fn strangers_learn_nothing() {
    for subject in subjects() {
        let mut strangers = 0;
        for entry in subject.contract().inbound() {
            let mut answers = Vec::new();
            for (who, request) in subject.strangers(&entry.name) {
                let rejection = open(&*subject, &request).map(|call| meaning(&call)).expect_err(who);
                assert_eq!(rejection.kind, RejectionKind::Forged, "{who}");
                let answer = subject.inbound().answer(Err(&rejection));
                answers.push((answer.status(), answer.headers().clone(), answer.into_body()));
            }
            assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
            strangers += answers.len();
        }
        assert!(strangers > 20, "{}: {strangers}", subject.kind());
    }
}

#[test]
fn the_future_is_turned_away() {
    for subject in subjects().iter().filter(|subject| subject.judges_time()) {
        for entry in subject.contract().inbound() {
            let opened = |seconds| {
                open(&**subject, &subject.request_at(&entry.name, subject.now().plus_seconds(seconds)))
            };
            assert_eq!(opened(301).map(|call| meaning(&call)).unwrap_err().kind, RejectionKind::Stale);
            for seconds in [300, 0, -86_400] {
                assert!(opened(seconds).is_ok(), "{} at {seconds}", entry.name);
            }
        }
    }
}

#[test]
fn a_repeated_request_is_the_same_call() {
    for subject in subjects() {
        for entry in subject.contract().inbound() {
            let first = subject.request(&entry.name, &subject.sample(&entry.name));
            let later = subject.request_at(&entry.name, subject.now().plus_seconds(-60));
            let meant = [&first, &first, &later].map(|request| meaning(&open(&*subject, request).unwrap()));
            assert!(meant.iter().all(|one| *one == meant[0]), "{}", entry.name);
        }
    }
}

#[test]
fn every_answer_has_the_fields_of_the_document() {
    for subject in subjects() {
        for entry in subject.contract().inbound() {
            let call = open_plain(&*subject, &entry.name, &subject.sample(&entry.name)).unwrap();
            let reply = serde_json::from_str(&fixture(subject.kind(), &entry.folder, "reply.json")).unwrap();
            for (outcome, agreed) in [(Outcome::Replied(reply), true), (Outcome::Unavailable, false)] {
                let answer = subject.inbound().answer(Ok((&call, &[outcome]))).into_body();
                let (mut told, mut documented) = (subject.told(&answer), entry.response.clone());
                documented.retain(|field| !subject.leaves_out(&entry.name, field, agreed));
                told.sort();
                documented.sort();
                assert_eq!(told, documented, "{}", entry.name);
            }
        }
    }
}
