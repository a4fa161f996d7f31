//! What is legitimate, and changes of a signed file's own bytes.

use super::Verdict::{Genuine, Invalid, Modified};
use super::updates::stamped;
use super::{Case, EVIL};
use crate::forge::{exchange, indefinite, last, patch};
use signing::verify::Reason;

pub(super) const LEGITIMATE: &[Case] = &[
    Case { name: "untouched", ours: Genuine, pdfsig: 'V', pyhanko: 'G', make: |p| p.plain.clone() },
    Case {
        name: "untouched, stamped",
        ours: Genuine,
        pdfsig: 'V',
        pyhanko: 'G',
        make: |p| p.stamped.clone(),
    },
    Case {
        name: "store and document timestamp",
        ours: Genuine,
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| p.archived.clone(),
    },
    Case {
        name: "a line end at the end",
        ours: Genuine,
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| [&p.plain[..], b"\n"].concat(),
    },
    Case {
        name: "container in BER",
        ours: Genuine,
        pdfsig: 'V',
        pyhanko: 'G',
        make: |p| exchange(&p.plain, |der| indefinite(&der)),
    },
    Case {
        name: "a later document timestamp",
        ours: Genuine,
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| stamped(&p.plain, "", &[]),
    },
    Case {
        name: "later store and timestamp",
        ours: Genuine,
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| stamped(&p.plain, "/DSS 61 0 R", &[(61, "<</Type/DSS/Certs[]>>")]),
    },
];

pub(super) const BYTES: &[Case] = &[
    Case {
        name: "content flipped",
        ours: Invalid(Reason::Digest),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| patch(&p.plain, "100000", "900000"),
    },
    Case {
        name: "signature value flipped",
        ours: Invalid(Reason::SignatureWrong),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| {
            exchange(&p.plain, |mut der| {
                let end = der.len() - 1;
                der[end] ^= 1;
                der
            })
        },
    },
    Case {
        name: "timestamp token flipped",
        ours: Invalid(Reason::TimestampWrong),
        pdfsig: 'V',
        pyhanko: 'B',
        make: |p| {
            exchange(&p.stamped, |mut der| {
                let end = der.len() - 1;
                der[end] ^= 1;
                der
            })
        },
    },
    Case {
        name: "padding behind the container",
        ours: Invalid(Reason::Padding),
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| exchange(&p.plain, |der| [&der[..], b"evil"].concat()),
    },
    Case {
        name: "something before the file",
        ours: Invalid(Reason::NotReadable),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| [b"evil\n", &p.plain[..]].concat(),
    },
    Case {
        name: "cut at the end",
        ours: Invalid(Reason::NotReadable),
        pdfsig: '-',
        pyhanko: 'B',
        make: |p| p.plain[..p.plain.len() - 200].to_vec(),
    },
    Case {
        name: "a comment behind the file",
        ours: Invalid(Reason::NotReadable),
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| [&p.plain[..], b"% evil\n"].concat(),
    },
    Case {
        name: "an object without reference behind the file",
        ours: Invalid(Reason::NotReadable),
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| [&p.plain[..], b"4 0 obj\n", EVIL.as_bytes(), b"\nendobj\n"].concat(),
    },
    Case {
        name: "the same references again behind the file",
        ours: Modified(Reason::Uncovered),
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| {
            let tail = last(&p.plain, "startxref");
            [&p.plain[..], b"% evil\n", &p.plain[tail..]].concat()
        },
    },
];
