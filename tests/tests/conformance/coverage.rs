//! 78 of 78: every interface of the five documents has its code and its story, and no field of any of them goes unheeded.

use crate::contract::{Contract, Entry};
use crate::observed::{self, Heed, Seen};
use crate::shown::SHOWN;
use crate::subject::Subject;
use crate::subjects;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The committed table, made by `cargo nextest run -p gateway-tests --test conformance --run-ignored only write_the_table`.
const TABLE: &str = "coverage.md";

/// Where a protocol's interfaces are played: the file, and the test in it.
fn story(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "finserv" => ("interfaces.rs", "every_interface_reaches_the_other_side"),
        "pubres" => ("pubres_withdraw.rs", "all_twelve_interfaces_are_played"),
        "govproc" => ("govproc.rs", "all_nine_interfaces_have_their_turn"),
        "fuzhou" => ("fuzhou.rs", "all_eighteen_interfaces_have_their_turn"),
        _ => ("yueyang.rs", "all_twenty_three_interfaces_have_their_turn"),
    }
}

/// One interface as the contract has it and as the suite calls it.
struct Covered {
    raw: Entry,
    known_as: Entry,
    code: String,
    request: Vec<Seen>,
    response: Vec<Seen>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The file in which an interface's row stands.
fn code(kind: &str, entry: &Entry) -> String {
    let side = if entry.inbound { "calls" } else { "notices" };
    let folder = root().join(format!("shared/protocol-{kind}/src/{side}"));
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let words = [format!("\"{}\"", entry.section), format!("\"{}\"", entry.name)];
    let found = files.iter().filter(|path| path.extension().is_some_and(|kind| kind == "rs")).find(|path| {
        let text = fs::read_to_string(path).unwrap();
        !path.ends_with("tests.rs") && words.iter().all(|word| text.contains(word))
    });
    let found = found.unwrap_or_else(|| panic!("{kind} {} {} has no code", entry.section, entry.name));
    found.strip_prefix(root()).unwrap().to_str().unwrap().to_owned()
}

fn covered(subject: &dyn Subject) -> Vec<Covered> {
    let (raw, known_as) = (Contract::read(subject.kind()), subject.contract());
    assert_eq!(raw.interfaces.len(), known_as.interfaces.len());
    let both = raw.interfaces.into_iter().zip(known_as.interfaces);
    both.map(|(raw, known_as)| {
        let code = code(subject.kind(), &known_as);
        let (request, response) = observed::fields(subject, &raw, &known_as);
        Covered { code, request, response, raw, known_as }
    })
    .collect()
}

fn table() -> String {
    let (mut rows, mut unheeded, mut interfaces, mut fields) = (String::new(), String::new(), 0, 0);
    let (mut wrong, mut demanded) = (Vec::new(), Vec::new());
    for subject in subjects() {
        let kind = subject.kind();
        let (file, test) = story(kind);
        for one in covered(&*subject) {
            let seen = one.request.len() + one.response.len();
            (interfaces, fields) = (interfaces + 1, fields + seen);
            let way = if one.raw.inbound { "platform → institution" } else { "institution → platform" };
            let (section, title, name) = (&one.raw.section, &one.raw.title, &one.known_as.name);
            let mark = |seen: &[Seen]| {
                format!("{}/{}", seen.iter().filter(|one| one.heed != Heed::Nothing).count(), seen.len())
            };
            let (request, response) = (mark(&one.request), mark(&one.response));
            writeln!(
                rows,
                "| {kind} | {section} | `{name}` {title} | {way} | {request} | {response} | `{}` | `journeys/{file}` `{test}` |",
                one.code
            )
            .unwrap();
            for one in one.request.iter().chain(&one.response) {
                match (one.heed, one.reason) {
                    (Heed::Nothing, Some(reason)) => {
                        writeln!(unheeded, "| {kind} | `{name}` | `{}` | {reason} |", one.field).unwrap();
                    }
                    (Heed::Nothing, None) => wrong.push(format!("{}: no reason is given", one.place)),
                    (_, Some(_)) => wrong.push(format!("{}: it needs no excuse", one.place)),
                    (Heed::Demanded, None) => demanded.push(format!("{kind} `{name}` `{}`", one.field)),
                    (Heed::Meant, None) => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let demanded: String = demanded.iter().map(|one| format!("- {one}\n")).collect();
    let shown = |(what, file, test): &(&str, &str, &str)| format!("| {what} | `{file}` | `{test}` |\n");
    let shown: String = SHOWN.iter().map(shown).collect();
    format!(
        "# What is covered\n\nMade from `tests/contracts/` and the running protocols by `conformance/coverage.rs`, which fails if \
         this is not so; its ignored test `write_the_table` writes it anew.\n\n**{interfaces} interfaces, {fields} fields.** A field of a \
         request or reply that we get counts as read if another value of it, or none, changes what is understood; one that we \
         send counts as written if it is there.\n\n\
         | protocol | § | interface | direction | request | reply | code | played by |\n|---|---|---|---|---|---|---|---|\n{rows}\n\
         ## Fields that change nothing, and why\n\n| protocol | interface | field | reason |\n|---|---|---|---|\n{unheeded}\n## Fields that must be there, and whose value is not used\n\n{demanded}\n\
         ## Where what is easily forgotten is shown\n\n| what | file | test |\n|---|---|---|\n{shown}"
    )
}

#[test]
fn the_table_is_what_the_contracts_and_the_code_say() {
    let (path, now) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE), table());
    assert!(now.contains("**78 interfaces, 1000 fields.**"), "{}", &now[..400]);
    let committed = fs::read_to_string(&path).unwrap_or_default();
    for (line, (ours, theirs)) in now.lines().zip(committed.lines()).enumerate() {
        assert_eq!(ours, theirs, "line {} of {TABLE}", line + 1);
    }
    assert_eq!(now.lines().count(), committed.lines().count(), "{TABLE} is not complete");
}

#[test]
#[ignore = "writes the table"]
fn write_the_table() {
    fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE), table()).unwrap();
}

#[test]
fn every_story_is_there_and_names_every_interface() {
    for subject in subjects() {
        let (file, test) = story(subject.kind());
        let path = root().join("tests/tests/journeys").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(&format!("async fn {test}(")), "{} has no {test}", path.display());
        let played = match subject.kind() {
            "finserv" => sandbox::finserv::contract::INTERFACES.as_slice(),
            "pubres" => sandbox::pubres::contract::INTERFACES.as_slice(),
            "govproc" => sandbox::govproc::contract::INTERFACES.as_slice(),
            "fuzhou" => sandbox::fuzhou::contract::INTERFACES.as_slice(),
            _ => sandbox::yueyang::contract::INTERFACES.as_slice(),
        };
        let contract = subject.contract();
        assert_eq!(played.len(), contract.interfaces.len(), "{}", subject.kind());
        for entry in &contract.interfaces {
            let ours = |row: &sandbox::interface::Interface| {
                let inbound = row.direction == sandbox::interface::Direction::ToInstitution;
                (row.method, inbound) == (entry.name.as_str(), entry.inbound)
            };
            assert!(played.iter().any(ours), "nobody plays {}", entry.name);
        }
    }
}

#[test]
fn what_is_said_to_be_shown_has_its_test() {
    for (what, file, test) in SHOWN {
        let text = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(&format!("fn {test}(")), "{what}: {file} has no {test}");
    }
}
