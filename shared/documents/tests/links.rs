//! Expiring links: what one opens, for how long, and that none can be made up or altered.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use crypto::secret::Secret;
use documents::{Invalid, Links};
use domain::{DocumentRef, GuaranteeNo, Timestamp};
use proptest::prelude::*;
use time::macros::datetime;

const DAY: i64 = 86_400;

fn links() -> Links {
    Links::new("https://files.example.com/guarantees/", Secret::new("not a real secret"), 30).unwrap()
}

fn document(name: &str) -> DocumentRef {
    DocumentRef { sha256: "0123456789abcdef".repeat(4), name: name.to_owned() }
}

fn now() -> Timestamp {
    Timestamp::new(datetime!(2026-11-22 02:30 UTC))
}

fn path(url: &str) -> &str {
    url.strip_prefix("https://files.example.com").unwrap()
}

#[test]
fn a_link_opens_its_document_until_it_expires() {
    let links = links();
    let document = document("投标保函-BH202611228Q0F3K7ZT2M9XC.pdf");
    let url = links.url(&document, now());
    assert!(url.starts_with("https://files.example.com/guarantees/d/") && url.ends_with(".pdf"), "{url}");
    assert!(url.len() <= 200, "{url}");
    assert_eq!(links.check(path(&url), now()).unwrap(), document);
    assert_eq!(links.check(&format!("{}?from=partner", path(&url)), now()).unwrap(), document);
    assert_eq!(links.check(path(&url), now().plus_seconds(30 * DAY - 1)).unwrap(), document);
    assert_eq!(links.check(path(&url), now().plus_seconds(30 * DAY + 3600)), Err(Invalid::Expired));
}

#[test]
fn a_question_repeated_within_the_hour_gets_the_same_link() {
    let links = links();
    let one = links.url(&document("a.pdf"), now());
    assert_eq!(one, links.url(&document("a.pdf"), now().plus_seconds(60)));
    assert_ne!(one, links.url(&document("a.pdf"), now().plus_seconds(3600)));
}

#[test]
fn no_character_of_a_link_can_be_changed() {
    let links = links();
    let url = links.url(&document("BH2026.pdf"), now());
    let from = url.find("/d/").unwrap() + 3;
    for at in from..url.len() {
        let mut altered = url.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).unwrap();
        assert!(links.check(path(&altered), now()).is_err(), "{altered}");
    }
}

#[test]
fn another_secret_signs_other_links_even_expired_ones() {
    let theirs = Links::new("https://files.example.com", Secret::new("guessed"), 30).unwrap();
    let url = theirs.url(&document("a.pdf"), now());
    assert_eq!(links().check(path(&url), now()), Err(Invalid::Forged));
    assert_eq!(links().check(path(&url), now().plus_seconds(90 * DAY)), Err(Invalid::Forged));
}

#[test]
fn what_is_no_link_is_unknown() {
    for path in [
        "",
        "/",
        "/d",
        "/d/",
        "/d//",
        "/d/abc/x.pdf",
        "/e/abc/x.pdf",
        "/d/%%%/x",
        "/d/../../etc/passwd",
        "/d/a/%zz",
    ] {
        assert_eq!(links().check(path, now()), Err(Invalid::Unknown), "{path}");
    }
}

#[test]
fn a_base_that_links_cannot_begin_with_is_refused() {
    let long = format!("https://{}.example.com", "a".repeat(100));
    for base in [
        "files.example.com",
        "ftp://x",
        "https://",
        "https:///x",
        "https://x/?a",
        "https://x y",
        long.as_str(),
    ] {
        assert!(Links::new(base, Secret::new("s"), 1).is_err(), "{base}");
    }
}

#[test]
fn the_address_of_a_guarantee_leads_back_to_it_and_to_no_other() {
    let no = GuaranteeNo::quoted("BH202611228Q0F3K7ZT2M9X");
    let url = links().verification(&no);
    let (start, code) = url.rsplit_once('/').unwrap();
    assert_eq!(start, "https://files.example.com/guarantees/v/BH202611228Q0F3K7ZT2M9X");
    assert_eq!((code.len(), links().verification_page().as_str()), (12, "/guarantees/v"));
    assert_eq!(links().verified(path(&url)), Ok(no.clone()));
    assert_eq!(
        links().verified(&path(&url).to_ascii_lowercase().replace("bh202611228q0f3k7zt2m9x", no.as_str())),
        Ok(no.clone())
    );
    let neighbour = path(&url).replace("M9X", "M9Y");
    for forged in [neighbour.as_str(), "/v/BH202611228Q0F3K7ZT2M9X/", "/v/BH1/0000000000000"] {
        assert_eq!(links().verified(forged), Err(Invalid::Forged), "{forged}");
    }
    for unknown in ["/v", "/v/", "/v/BH202611228Q0F3K7ZT2M9X", "/d/a/b", "/v//"] {
        assert_eq!(links().verified(unknown), Err(Invalid::Unknown), "{unknown}");
    }
    let others = Links::new("https://files.example.com", Secret::new("guessed"), 30).unwrap();
    assert_eq!(others.verified(path(&url)), Err(Invalid::Forged));
}

proptest! {
    #[test]
    fn every_link_is_short_enough_and_opens(name in "\\PC{0,120}", base in "[a-z]{1,90}") {
        let links = Links::new(&format!("https://{base}.example"), Secret::new("s"), 3650).unwrap();
        let url = links.url(&document(&name), now());
        prop_assert!(url.len() <= 200 && url.is_ascii());
        let opened = links.check(url.split_once("example").unwrap().1, now()).unwrap();
        prop_assert!(name.ends_with(&opened.name));
        prop_assert_eq!(opened.sha256, document("").sha256);
    }

    #[test]
    fn nothing_made_up_opens(path in "/d/[A-Za-z0-9_-]{71}/[a-z%.]{0,9}") {
        prop_assert!(links().check(&path, now()).is_err());
    }
}
