//! Attacks on the signature itself: where it is, what it covers, what fills its place.

use super::Case;
use super::Verdict::Invalid;
use super::updates::catalog;
use crate::forge::{first, gap, last, object, patch, update, update_with};
use signing::verify::Reason;

/// The signature dictionary, changed by an update.
fn redefined(bytes: &[u8], change: impl FnOnce(String) -> String) -> Vec<u8> {
    update(bytes, &[(7, &change(object(bytes, 7)))])
}

fn ranges(bytes: &[u8], to: &str) -> Vec<u8> {
    let at = first(bytes, "/ByteRange [") + "/ByteRange ".len();
    let end = at + first(&bytes[at..], "]") + 1;
    let stated = format!("{to:<width$}", width = end - at);
    [&bytes[..at], stated.as_bytes(), &bytes[end..]].concat()
}

/// The signed rest moved behind what the attacker puts in the gap: an end of the signature's object, and at the place the
/// signed `startxref` names a table of his own.
fn wrapped(bytes: &[u8]) -> Vec<u8> {
    let gap = gap(bytes);
    let (table, end) = (last(bytes, "\nxref\n") + 1, last(bytes, "startxref"));
    let inserted = end - gap.end;
    let text = std::str::from_utf8(&bytes[table..end]).unwrap();
    let moved = |line: &str| match line
        .strip_suffix(" 00000 n ")
        .map(|offset| offset.parse::<usize>().unwrap())
    {
        Some(offset) => format!("{:010} 00000 n ", if offset > gap.end { offset + inserted } else { offset }),
        None => line.to_owned(),
    };
    let text: String = text.lines().map(|line| moved(line) + "\n").collect();
    let blank = " ".repeat(table - gap.end - 10);
    let wide =
        [&bytes[..gap.end], b">>\nendobj\n", blank.as_bytes(), text.as_bytes(), &bytes[gap.end..]].concat();
    ranges(&wide, &format!("[0 {} {} {}]", gap.start, gap.end + inserted, bytes.len() - gap.end))
}

/// The signature dictionary with this entry taken out.
fn without(text: &str, key: &str) -> String {
    let at = text.find(key).unwrap();
    let close = if key == "/Contents" { '>' } else { ']' };
    let end = at + text[at..].find(close).unwrap() + 1;
    format!("{}{}", &text[..at], &text[end..])
}
pub(super) const SIGNATURES: &[Case] = &[
    Case {
        name: "field removed",
        ours: Invalid(Reason::StraySignature),
        pdfsig: 'P',
        pyhanko: '-',
        make: |p| update(&p.plain, &[(1, &object(&p.plain, 1).replace("[8 0 R]", "[]"))]),
    },
    Case {
        name: "field removed, signature freed",
        ours: Invalid(Reason::StraySignature),
        pdfsig: 'P',
        pyhanko: '-',
        make: |p| {
            update_with(&p.plain, &[(1, Some(object(&p.plain, 1).replace("[8 0 R]", "[]"))), (7, None)], 1)
        },
    },
    Case {
        name: "signature copied to another object",
        ours: Invalid(Reason::StraySignature),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| {
            let field = object(&p.plain, 8).replace("/V 7 0 R", "/V 60 0 R");
            update(&p.plain, &[(60, &object(&p.plain, 7)), (8, &field)])
        },
    },
    Case {
        name: "signature in the field itself",
        ours: Invalid(Reason::SharedSignature),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| {
            let field = object(&p.plain, 8).replace("/V 7 0 R", &format!("/V {}", object(&p.plain, 7)));
            update(&p.plain, &[(8, &field)])
        },
    },
    Case {
        name: "two fields, one signature",
        ours: Invalid(Reason::SharedSignature),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| {
            let field = object(&p.plain, 8).replace("/T <", "/T <0041");
            update(&p.plain, &[(1, &catalog(&p.plain, "")), (81, &field)])
        },
    },
    Case {
        name: "no byte range (update)",
        ours: Invalid(Reason::StraySignature),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| redefined(&p.plain, |t| without(&t, "/ByteRange")),
    },
    Case {
        name: "no contents (update)",
        ours: Invalid(Reason::StraySignature),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| redefined(&p.plain, |t| without(&t, "/Contents")),
    },
    Case {
        name: "contents null (update)",
        ours: Invalid(Reason::StraySignature),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| {
            redefined(&p.plain, |t| {
                without(&t, "/Contents").replace("/Type /Sig/", "/Type /Sig/Contents null/")
            })
        },
    },
    Case {
        name: "contents <00> (update)",
        ours: Invalid(Reason::StraySignature),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| {
            redefined(&p.plain, |t| {
                without(&t, "/Contents").replace("/Type /Sig/", "/Type /Sig/Contents <00>/")
            })
        },
    },
    Case {
        name: "byte range empty",
        ours: Invalid(Reason::ByteRange),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| ranges(&p.plain, "[]"),
    },
    Case {
        name: "byte range null",
        ours: Invalid(Reason::ByteRange),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| ranges(&p.plain, "null"),
    },
    Case {
        name: "byte range zeros",
        ours: Invalid(Reason::ByteRange),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| ranges(&p.plain, "[0 0 0 0]"),
    },
    Case {
        name: "byte range negative",
        ours: Invalid(Reason::ByteRange),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| ranges(&p.plain, "[0 -1 9 -1]"),
    },
    Case {
        name: "byte range past the end",
        ours: Invalid(Reason::ByteRange),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| {
            let gap = gap(&p.plain);
            ranges(&p.plain, &format!("[0 {} {} 9999999]", gap.start, gap.end))
        },
    },
    Case {
        name: "byte range beyond all numbers",
        ours: Invalid(Reason::ByteRange),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| ranges(&p.plain, "[0 9 9223372036854775807 9]"),
    },
    Case {
        name: "byte range in six numbers",
        ours: Invalid(Reason::ByteRange),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| ranges(&p.plain, "[0 9 20 5 30 5]"),
    },
    Case {
        name: "byte range not from the start",
        ours: Invalid(Reason::ByteRange),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| {
            let gap = gap(&p.plain);
            ranges(&p.plain, &format!("[5 {} {} {}]", gap.start - 5, gap.end, p.plain.len() - gap.end))
        },
    },
    Case {
        name: "gap widened",
        ours: Invalid(Reason::Gap),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| {
            let gap = gap(&p.plain);
            ranges(&p.plain, &format!("[0 {} {} {}]", gap.start - 9, gap.end, p.plain.len() - gap.end))
        },
    },
    Case {
        name: "wrapped: something else in the gap",
        ours: Invalid(Reason::Gap),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| wrapped(&p.plain),
    },
    Case {
        name: "blanks among the digits",
        ours: Invalid(Reason::Gap),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| {
            let gap = gap(&p.plain);
            let mut bytes = p.plain.clone();
            bytes[gap.end - 3..gap.end - 1].copy_from_slice(b"  ");
            bytes
        },
    },
    Case {
        name: "contents twice",
        ours: Invalid(Reason::NotReadable),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| redefined(&p.plain, |t| t.replace("/Type /Sig/", "/Type /Sig/Contents <00>/")),
    },
    Case {
        name: "adbe.x509.rsa_sha1",
        ours: Invalid(Reason::SubFilter),
        pdfsig: '-',
        pyhanko: '-',
        make: |p| patch(&p.plain, "ETSI.CAdES.detached", "adbe.x509.rsa_sh#61"),
    },
];
