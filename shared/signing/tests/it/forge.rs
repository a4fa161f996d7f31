//! The attacker's workshop: changes to signed files, made without any of the signing crate's code.

use crate::house::{hex, keys};
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where this text is, counted from the end.
pub(crate) fn last(bytes: &[u8], text: &str) -> usize {
    bytes
        .windows(text.len())
        .rposition(|window| window == text.as_bytes())
        .unwrap_or_else(|| panic!("{text}"))
}

/// Where this text is, counted from the start.
pub(crate) fn first(bytes: &[u8], text: &str) -> usize {
    bytes.windows(text.len()).position(|window| window == text.as_bytes()).unwrap_or_else(|| panic!("{text}"))
}

/// The first place of `from` overwritten in place.
pub(crate) fn patch(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "{from} → {to}");
    let at = first(bytes, from);
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

/// An incremental update with these objects; `None` frees a number. The trailer refers to `root`.
pub(crate) fn update_with(bytes: &[u8], objects: &[(u32, Option<String>)], root: u32) -> Vec<u8> {
    let start = last(bytes, "startxref");
    let previous: usize = std::str::from_utf8(&bytes[start..])
        .unwrap()
        .split_ascii_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let mut out = bytes.to_vec();
    let mut table = "xref\n".to_owned();
    for (number, body) in objects {
        match body {
            Some(body) => {
                write!(table, "{number} 1\n{:010} 00000 n \n", out.len()).unwrap();
                out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
            }
            None => write!(table, "{number} 1\n0000000000 00001 f \n").unwrap(),
        }
    }
    let at = out.len();
    out.extend_from_slice(
        format!("{table}trailer\n<</Size 90/Root {root} 0 R/Info 6 0 R/Prev {previous}>>\nstartxref\n{at}\n%%EOF\n")
            .as_bytes(),
    );
    out
}

pub(crate) fn update(bytes: &[u8], objects: &[(u32, &str)]) -> Vec<u8> {
    let objects: Vec<_> = objects.iter().map(|(number, body)| (*number, Some((*body).to_owned()))).collect();
    update_with(bytes, &objects, 1)
}

/// The text of an object as it was written last.
pub(crate) fn object(bytes: &[u8], number: u32) -> String {
    let head = format!("\n{number} 0 obj\n");
    let from = last(bytes, &head) + head.len();
    let length = first(&bytes[from..], "\nendobj");
    String::from_utf8(bytes[from..from + length].to_vec()).unwrap()
}

/// Who signs an attacker's update.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hand {
    /// Somebody with a trusted certificate of his own (P-256).
    Signs,
    /// Somebody who asks the trusted timestamp authority; anybody may.
    Stamps,
}

/// The attacker's objects, with a field 81 and its signature 80 over the whole file. In the objects nothing else is
/// said of the field: the caller registers it.
pub(crate) fn sealed(bytes: &[u8], objects: &[(u32, String)], hand: Hand) -> Vec<u8> {
    sealed_under(bytes, objects, hand, 1)
}

/// As [`sealed`], with a catalog of this number.
pub(crate) fn sealed_under(bytes: &[u8], objects: &[(u32, String)], hand: Hand, root: u32) -> Vec<u8> {
    let said = match hand {
        Hand::Signs => "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20261122210000Z)",
        Hand::Stamps => "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161",
    };
    let room = 12_000;
    let blank = " ".repeat(40);
    let value = format!("<<{said}/ByteRange [{blank}]/Contents <{}>>>", "0".repeat(room));
    let mut all: Vec<_> = objects.iter().map(|(number, body)| (*number, Some(body.clone()))).collect();
    all.push((80, Some(value)));
    let mut out = update_with(bytes, &all, root);
    let range = last(&out, &format!("[{blank}]"));
    let gap = last(&out, &"0".repeat(room)) - 1;
    let gap = gap..gap + room + 2;
    let stated = format!("[{:<40}]", format!("0 {} {} {}", gap.start, gap.end, out.len() - gap.end));
    out[range..range + 42].copy_from_slice(stated.as_bytes());
    let covered = [&out[..gap.start], &out[gap.end..]].concat();
    let container = container(&covered, hand);
    fill(&mut out, &gap, &container);
    out
}

fn fill(bytes: &mut [u8], gap: &Range<usize>, container: &[u8]) {
    let digits = hex(container);
    assert!(digits.len() <= gap.len() - 2);
    let room = &mut bytes[gap.start + 1..gap.end - 1];
    room.fill(b'0');
    room[..digits.len()].copy_from_slice(digits.as_bytes());
}

/// Made by openssl: a signature (CAdES), or a timestamp token.
fn container(covered: &[u8], hand: Hand) -> Vec<u8> {
    let name = format!("forge-{}-{}", std::process::id(), hex(&crypto::digest::sha256(covered)[..6]));
    let file =
        |end: &str| -> PathBuf { Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.{end}")) };
    let (data, query, out) = (file("data"), file("tsq"), file("out"));
    fs::write(&data, covered).unwrap();
    let key = |end: &str| keys().join(end);
    match hand {
        Hand::Signs => run(Command::new("openssl")
            .args([
                "cms",
                "-sign",
                "-binary",
                "-cades",
                "-md",
                "sha256",
                "-nosmimecap",
                "-outform",
                "DER",
                "-in",
            ])
            .arg(&data)
            .arg("-signer")
            .arg(key("p256.pem"))
            .arg("-inkey")
            .arg(key("p256.key"))
            .arg("-certfile")
            .arg(key("issuing.pem"))
            .arg("-out")
            .arg(&out)),
        Hand::Stamps => {
            run(Command::new("openssl")
                .args(["ts", "-query", "-sha256", "-cert", "-data"])
                .arg(&data)
                .arg("-out")
                .arg(&query));
            fs::write(file("serial"), "02\n").unwrap();
            run(Command::new("openssl")
                .args(["ts", "-reply", "-token_out", "-section", "sandbox", "-config"])
                .arg(key("tsa.cnf"))
                .arg("-queryfile")
                .arg(&query)
                .arg("-signer")
                .arg(key("tsa.pem"))
                .arg("-inkey")
                .arg(key("tsa.key"))
                .arg("-out")
                .arg(&out)
                .env("TSA_SERIAL", file("serial")));
        }
    }
    let made = fs::read(&out).unwrap();
    for end in ["data", "tsq", "out", "serial"] {
        let _ = fs::remove_file(file(end));
    }
    made
}

fn run(command: &mut Command) {
    let done = command.output().expect("openssl is missing: apt-get install openssl");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The gap of the first signature, from `<` to `>`.
pub(crate) fn gap(bytes: &[u8]) -> Range<usize> {
    gaps(bytes).swap_remove(0)
}

/// The gaps of all signatures.
pub(crate) fn gaps(bytes: &[u8]) -> Vec<Range<usize>> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let ranges = text.split("/ByteRange [0 ").skip(1);
    let numbers =
        ranges.map(|range| range.split_ascii_whitespace().take(2).map(|number| number.parse().unwrap()));
    numbers.map(|mut pair| pair.next().unwrap()..pair.next().unwrap()).collect()
}

/// The first signature's container exchanged for what `change` makes of it; the zeros behind stay.
pub(crate) fn exchange(bytes: &[u8], change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let gap = gap(bytes);
    let digits = &bytes[gap.start + 1..gap.end - 1];
    let all: Vec<u8> = digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    let length = 4 + (usize::from(all[2]) << 8 | usize::from(all[3]));
    let mut out = bytes.to_vec();
    fill(&mut out, &gap, &change(all[..length].to_vec()));
    out
}

/// The outer three layers of a container with indefinite lengths, as some libraries write them.
pub(crate) fn indefinite(der: &[u8]) -> Vec<u8> {
    let body = |at: usize| at + 4;
    let (info, oid) = (body(0), 11);
    let explicit = info + oid;
    let data = body(explicit);
    let inside = body(data);
    let ends = [0; 6];
    [&[0x30, 0x80], &der[info..explicit], &[0xa0, 0x80, 0x30, 0x80], &der[inside..], &ends].concat()
}
