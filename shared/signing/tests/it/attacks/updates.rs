//! Incremental updates: such as nobody signed, and such as carry a trusted timestamp, which anybody can get.

use super::Verdict::Modified;
use super::{Case, EVIL};
use crate::forge::{Hand, object, sealed, sealed_under, update, update_with};
use signing::verify::Reason;

/// A timestamp's field as long-term validation adds it.
const FIELD: &str = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Later)/V 80 0 R/F 132/Rect[0 0 0 0]/P 3 0 R>>";

/// The catalog of the paper with the attacker's field registered and `more` in it.
pub(super) fn catalog(bytes: &[u8], more: &str) -> String {
    let text = object(bytes, 1);
    let text = text.replace("/Fields [8 0 R]", "/Fields [8 0 R 81 0 R]");
    format!("{}{more}>>", text.strip_suffix(">>").unwrap())
}

/// The attacker's objects under a trusted document timestamp, which anybody can get.
pub(super) fn stamped(bytes: &[u8], more: &str, objects: &[(u32, &str)]) -> Vec<u8> {
    let mut all = vec![(1, catalog(bytes, more)), (81, FIELD.to_owned())];
    for (number, body) in objects {
        all.retain(|(known, _)| known != number);
        all.push((*number, (*body).to_owned()));
    }
    sealed(bytes, &all, Hand::Stamps)
}

fn annotated(bytes: &[u8]) -> String {
    object(bytes, 3).replace("/Annots [8 0 R]", "/Annots [8 0 R 60 0 R]")
}

const NOTE: &str = "<</Type/Annot/Subtype/FreeText/Rect[70 690 400 730]/Contents(EVIL)/DA(/F1 20 Tf)>>";

pub(super) const UNSIGNED: &[Case] = &[
    Case {
        name: "content replaced",
        ours: Modified(Reason::Uncovered),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| update(&p.plain, &[(4, EVIL)]),
    },
    Case {
        name: "note added",
        ours: Modified(Reason::Uncovered),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| update(&p.plain, &[(3, &annotated(&p.plain)), (60, NOTE)]),
    },
    Case {
        name: "title changed",
        ours: Modified(Reason::Uncovered),
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| update(&p.plain, &[(6, "<</Title(EVIL)>>")]),
    },
    Case {
        name: "store without timestamp",
        ours: Modified(Reason::Uncovered),
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| {
            update(
                &p.plain,
                &[
                    (1, &catalog(&p.plain, "/DSS 61 0 R").replace(" 81 0 R", "")),
                    (61, "<</Type/DSS/Certs[]>>"),
                ],
            )
        },
    },
];

pub(super) const STAMPED: &[Case] = &[
    Case {
        name: "content replaced, stamped",
        ours: Modified(Reason::Changed),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| stamped(&p.plain, "", &[(4, EVIL)]),
    },
    Case {
        name: "note added, stamped",
        ours: Modified(Reason::Changed),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| stamped(&p.plain, "", &[(3, &annotated(&p.plain)), (60, NOTE)]),
    },
    Case {
        name: "title changed, stamped",
        ours: Modified(Reason::Changed),
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| stamped(&p.plain, "", &[(6, "<</Title(EVIL)>>")]),
    },
    Case {
        name: "action added, stamped",
        ours: Modified(Reason::Changed),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| stamped(&p.plain, "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>", &[]),
    },
    Case {
        name: "form redrawn, stamped",
        ours: Modified(Reason::Changed),
        pdfsig: 'P',
        pyhanko: 'G',
        make: |p| {
            let form = catalog(&p.plain, "").replace("/SigFlags 3", "/SigFlags 3/NeedAppearances true");
            stamped(&p.plain, "", &[(1, &form)])
        },
    },
    Case {
        name: "font freed, stamped",
        ours: Modified(Reason::Changed),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| {
            let freed = update_with(&p.plain, &[(5, None)], 1);
            stamped(&freed, "", &[])
        },
    },
    Case {
        name: "timestamp that shows itself",
        ours: Modified(Reason::Changed),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| {
            let shown =
                FIELD.replace("[0 0 0 0]", "[70 690 400 730]").replace("/P 3", "/AP<</N 60 0 R>>/P 3");
            let page = object(&p.plain, 3).replace("[8 0 R]", "[8 0 R 81 0 R]");
            let form = "<</Type/XObject/Subtype/Form/BBox[0 0 330 40]/Resources<</Font<</F1 5 0 R>>>>/Length 30>>\nstream\n\
                    BT /F1 20 Tf 5 5 Td(EVIL)Tj ET\nendstream";
            stamped(&p.plain, "", &[(81, &shown), (3, &page), (60, form)])
        },
    },
    Case {
        name: "shadow: an object referred to before it was there",
        ours: Modified(Reason::Changed),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| stamped(&p.dangling, "", &[(50, EVIL)]),
    },
    Case {
        name: "another catalog, stamped",
        ours: Modified(Reason::Changed),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| {
            let other = catalog(&p.plain, "");
            let moved = update_with(&p.plain, &[(70, Some(other))], 70);
            sealed_under(&moved, &[(81, FIELD.to_owned())], Hand::Stamps, 70)
        },
    },
];

pub(super) const SIGNED: &[Case] = &[
    Case {
        name: "second signature",
        ours: Modified(Reason::SecondSignature),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| sealed(&p.plain, &[(1, catalog(&p.plain, "")), (81, FIELD.to_owned())], Hand::Signs),
    },
    Case {
        name: "content replaced and signed by somebody else",
        ours: Modified(Reason::SecondSignature),
        pdfsig: 'P',
        pyhanko: 'B',
        make: |p| {
            sealed(
                &p.plain,
                &[(1, catalog(&p.plain, "")), (81, FIELD.to_owned()), (4, EVIL.to_owned())],
                Hand::Signs,
            )
        },
    },
];
