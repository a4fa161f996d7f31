//! Small PDF files to sign, written as different programs write them.

use miniz_oxide::deflate::compress_to_vec_zlib;
use std::fmt::Write;

const CONTENT: &str = "BT /F1 24 Tf 72 700 Td (GUARANTEE 100000.00) Tj ET";

/// The objects of a one-page document, numbered from 1.
fn objects() -> Vec<String> {
    vec![
        "<</Type/Catalog/Pages 2 0 R/Lang(zh-CN)>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.28 841.89]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>\nstream\n{CONTENT}\nendstream", CONTENT.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        "<</Title(Guarantee)/Producer(Test)>>".to_owned(),
    ]
}

const TRAILER: &str =
    "/Root 1 0 R/Info 6 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]";

/// With a table of references, as krilla and pdf-writer write.
pub(crate) fn classic() -> Vec<u8> {
    written(&objects())
}

/// Its page refers to an object that is not there.
pub(crate) fn dangling() -> Vec<u8> {
    let mut objects = objects();
    objects[2] = objects[2].replace("/Contents 4 0 R", "/Contents[4 0 R 50 0 R]");
    written(&objects)
}

fn written(objects: &[String]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = "0000000000 65535 f\r\n".to_owned();
    for (at, body) in objects.iter().enumerate() {
        write!(table, "{:010} 00000 n\r\n", bytes.len()).unwrap();
        bytes.extend_from_slice(format!("{} 0 obj\n{body}\nendobj\n\n", at + 1).as_bytes());
    }
    let (start, size) = (bytes.len(), objects.len() + 1);
    bytes.extend_from_slice(
        format!("xref\n0 {size}\n{table}trailer\n<</Size {size}{TRAILER}>>\nstartxref\n{start}\n%%EOF")
            .as_bytes(),
    );
    bytes
}

/// With object streams and a stream of references, as most office programs write.
pub(crate) fn packed() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let objects = objects();
    let (mut index, mut inside) = (String::new(), String::new());
    let kept = [1, 2, 3, 5, 6];
    for number in kept {
        write!(index, "{number} {} ", inside.len()).unwrap();
        writeln!(inside, "{}", objects[number - 1]).unwrap();
    }
    let content_at = bytes.len();
    bytes.extend_from_slice(format!("4 0 obj\n{}\nendobj\n", objects[3]).as_bytes());
    let pack_at = bytes.len();
    stream(
        &mut bytes,
        7,
        &format!("/Type/ObjStm/N {}/First {}", kept.len(), index.len()),
        (index + &inside).as_bytes(),
    );
    let start = bytes.len();
    let mut rows = vec![[0, 0, 0, 0]];
    for number in 1_u8..=8 {
        let at = |offset: usize| [1, (offset >> 8) as u8, offset as u8, 0];
        rows.push(match number {
            4 => at(content_at),
            7 => at(pack_at),
            8 => at(start),
            _ => [2, 0, 7, kept.iter().position(|kept| *kept == usize::from(number)).unwrap() as u8],
        });
    }
    stream(&mut bytes, 8, &format!("/Type/XRef/Size 9/W[1 2 1]{TRAILER}"), &rows.concat());
    bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    bytes
}

fn stream(bytes: &mut Vec<u8>, number: usize, dict: &str, data: &[u8]) {
    let data = compress_to_vec_zlib(data, 6);
    let head = format!("{number} 0 obj\n<<{dict}/Filter/FlateDecode/Length {}>>\nstream\n", data.len());
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(&data);
    bytes.extend_from_slice(b"\nendstream\nendobj\n");
}
