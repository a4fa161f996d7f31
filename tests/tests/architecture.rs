//! The rules of the house that a compiler does not check: who may know whom, one door per outside thing, sizes, first lines.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may know whom; what is not written here is forbidden. Test dependencies are free.
const MAY_KNOW: &[(&str, &[&str])] = &[
    // ground
    ("domain", &[]),
    ("crypto", &[]),
    ("web", &[]),
    ("broker", &[]),
    // contracts
    ("protocol", &["domain"]),
    ("messages", &["domain"]),
    // doors and partners
    ("boot", &["web", "crypto", "domain"]),
    ("replies", &["domain"]),
    // What is kept is sealed under a ring of keys.
    ("store", &["domain", "messages", "crypto"]),
    ("documents", &["domain", "crypto"]),
    ("signing", &["domain", "crypto"]),
    ("protocol-*", &["protocol", "domain", "crypto"]),
    // engines
    ("ingress", &["web", "boot", "broker", "replies", "messages", "protocol", "domain", "crypto"]),
    ("egress", &["boot", "broker", "documents", "messages", "protocol", "domain", "crypto", "replies"]),
    ("worker", &["boot", "broker", "replies", "store", "documents", "signing", "messages", "domain"]),
    // processes
    // It looks into the files that are brought to be verified.
    ("ingress-fuzhou", &["ingress", "protocol-*", "boot", "signing", "domain"]),
    ("ingress-*", &["ingress", "protocol", "protocol-*", "boot"]),
    ("egress-*", &["egress", "protocol", "protocol-*", "boot"]),
    // The one worker that deciphers: what sealed fields say, once their key is released.
    ("worker-restore", &["worker", "boot", "store", "documents", "messages", "domain", "crypto"]),
    ("worker-*", &["worker", "boot", "store", "documents", "messages", "domain"]),
    // It tells of every read, asks on behalf of whoever verifies a guarantee, and looks into what they bring.
    ("files", &["boot", "web", "broker", "messages", "documents", "signing", "protocol", "domain", "crypto"]),
    ("sandbox", &["web", "crypto"]),
    (
        "cli",
        &[
            "boot",
            "broker",
            "store",
            "documents",
            "messages",
            "protocol",
            "protocol-*",
            "domain",
            "crypto",
            "sandbox",
            "signing",
        ],
    ),
    // tests
    ("testkit", &["broker"]),
    ("golden", &["protocol", "domain", "crypto"]),
    ("gateway-tests", &["*"]),
];

/// One door per outside thing. The sandbox is the partners' side, not the gateway, and may call by itself.
const DOORS: &[(&str, &[&str])] = &[
    ("lapin", &["broker"]),
    ("sqlx", &["store", "testkit"]),
    ("redis", &["replies", "testkit"]),
    ("hyper", &["web"]),
    ("hyper-util", &["web"]),
    ("axum", &[]),
    ("reqwest", &["egress", "worker", "documents", "sandbox"]),
    ("object_store", &["documents"]),
    ("getrandom", &["boot"]),
    ("krilla", &["documents"]),
    ("qrcodegen", &["documents"]),
    ("webpki", &["signing"]),
    ("ring", &["signing"]),
];

/// Longest file of code, tests included; the models keep 95% under 400 lines.
const LONGEST_FILE: usize = 400;

struct Crate {
    name: String,
    folder: PathBuf,
    needs: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

fn crates() -> Vec<Crate> {
    let mut folders = vec![root().join("tests")];
    for group in ["shared", "services"] {
        for entry in fs::read_dir(root().join(group)).expect("a folder of crates") {
            folders.push(entry.expect("an entry").path());
        }
    }
    folders.into_iter().filter(|folder| folder.join("Cargo.toml").exists()).map(read_crate).collect()
}

fn read_crate(folder: PathBuf) -> Crate {
    let text = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
    let manifest: toml::Table = text.parse().expect("TOML");
    let name = manifest["package"]["name"].as_str().expect("a name").to_owned();
    let needs = manifest.get("dependencies").and_then(toml::Value::as_table);
    Crate { name, folder, needs: needs.map(|table| table.keys().cloned().collect()).unwrap_or_default() }
}

fn fits(pattern: &str, name: &str) -> bool {
    pattern == "*" || pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

/// The exact name goes before a pattern.
fn may_know(from: &str) -> &'static [&'static str] {
    let exact = MAY_KNOW.iter().find(|(pattern, _)| *pattern == from);
    let line = exact.or_else(|| MAY_KNOW.iter().find(|(pattern, _)| fits(pattern, from)));
    line.unwrap_or_else(|| panic!("{from} has no line in MAY_KNOW; add it, on its floor")).1
}

#[test]
fn dependencies_point_down() {
    let all = crates();
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    assert!(names.len() > 10, "the workspace was not read");
    for one in &all {
        for needed in one.needs.iter().filter(|needed| names.contains(&needed.as_str())) {
            assert!(
                may_know(&one.name).iter().any(|pattern| fits(pattern, needed)),
                "{} must not know {needed}",
                one.name
            );
        }
    }
}

#[test]
fn a_service_knows_its_own_partner_only() {
    for one in crates() {
        let kind = one.name.strip_prefix("ingress-").or_else(|| one.name.strip_prefix("egress-"));
        for needed in one.needs.iter().filter(|needed| needed.starts_with("protocol-")) {
            let own = kind.is_none_or(|kind| *needed == format!("protocol-{kind}"));
            assert!(own, "{} must know its own partner only", one.name);
        }
    }
}

#[test]
fn every_outside_thing_has_one_door() {
    for one in crates().iter().filter(|one| one.name != "gateway-tests") {
        for (outside, doors) in DOORS {
            let used = one.needs.iter().any(|needed| needed == outside);
            assert!(
                !used || doors.contains(&one.name.as_str()),
                "{} must not use {outside}; its door is {doors:?}",
                one.name
            );
        }
    }
}

#[test]
fn what_faces_the_internet_cannot_reach_the_database() {
    let all = crates();
    let by_name: BTreeMap<&str, &Crate> = all.iter().map(|one| (one.name.as_str(), one)).collect();
    for one in all.iter().filter(|one| one.name.starts_with("ingress") || one.name.starts_with("egress")) {
        let mut reached = vec![one.name.as_str()];
        let mut next = 0;
        while let Some(name) = reached.get(next).copied() {
            next += 1;
            for needed in &by_name[name].needs {
                assert_ne!(needed, "store", "{} reaches the database through {name}", one.name);
                if by_name.contains_key(needed.as_str()) && !reached.contains(&needed.as_str()) {
                    reached.push(needed);
                }
            }
        }
    }
}

#[test]
fn testkit_is_for_tests() {
    for one in crates().iter().filter(|one| one.name != "gateway-tests") {
        assert!(!one.needs.iter().any(|needed| needed == "testkit"), "{} must not ship testkit", one.name);
    }
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all_files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for group in ["shared", "services", "tests"] {
        rust_files(&root().join(group), &mut found);
    }
    let named = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a file");
        (path.strip_prefix(root()).expect("inside").to_string_lossy().into_owned(), text)
    };
    found.into_iter().map(named).collect()
}

#[test]
fn every_file_says_what_it_is_for() {
    for (path, text) in all_files() {
        let first = text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("//!") || first.starts_with("#![doc"),
            "{path} opens with no `//!` sentence"
        );
    }
}

#[test]
fn files_stay_short() {
    for (path, text) in all_files() {
        let lines = text.lines().count();
        assert!(
            lines <= LONGEST_FILE,
            "{path} has {lines} lines; one subject per file, {LONGEST_FILE} at most"
        );
    }
}

#[test]
fn every_library_has_a_readme_that_is_its_documentation() {
    for one in
        crates().iter().filter(|one| one.folder.parent().is_some_and(|group| group.ends_with("shared")))
    {
        assert!(one.folder.join("README.md").exists(), "{} has no README.md", one.name);
        let lib = fs::read_to_string(one.folder.join("src/lib.rs")).expect("a library");
        let included = lib.contains(r#"#![doc = include_str!("../README.md")]"#);
        assert!(included, "{}: lib.rs does not include README.md", one.name);
    }
}

#[test]
fn names_say_what_things_are() {
    const FORBIDDEN: &[&str] =
        &["util", "utils", "helper", "helpers", "common", "manager", "base", "transformer", "misc"];
    for (path, _) in all_files() {
        let stem = Path::new(&path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        assert!(!FORBIDDEN.contains(&stem.as_str()), "{path}: name it by what it is about");
    }
}

#[test]
fn partners_are_unknown_in_the_middle() {
    const PARTNERS: &[&str] = &["finserv", "pubres", "yueyang", "govproc", "fuzhou"];
    const MIDDLE: &[&str] = &["domain", "messages", "protocol", "ingress", "worker", "egress", "store"];
    for (path, text) in all_files() {
        if !MIDDLE.iter().any(|middle| path.starts_with(&format!("shared/{middle}/src")))
            || path.ends_with("tests.rs")
        {
            continue;
        }
        let before_tests = text.lines().take_while(|line| !line.contains("#[cfg(test)]"));
        let code: String = before_tests.filter(|line| !line.trim_start().starts_with("//")).collect();
        for partner in PARTNERS {
            assert!(!code.contains(partner), "{path} knows the partner {partner}");
        }
    }
}
