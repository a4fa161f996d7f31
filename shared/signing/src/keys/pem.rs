//! PEM: DER in base64 between two lines that name it.

use super::BadKey;
use crate::Certificate;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// One block: its name and its DER.
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// All blocks of a text; what is between them is ignored, what cannot be read ends the list.
pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((label, body, behind)) = next(rest) {
        let packed: Zeroizing<String> = Zeroizing::new(body.split_ascii_whitespace().collect());
        if let Ok(der) = STANDARD.decode(packed.as_bytes()) {
            found.push(Block { label, der: Zeroizing::new(der) });
        }
        rest = behind;
    }
    found
}

fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (_, from) = text.split_once("-----BEGIN ")?;
    let (label, body) = from.split_once("-----")?;
    let (body, behind) = body.split_once("-----END ")?;
    let (end, behind) = behind.split_once("-----")?;
    (end == label).then_some((label, body, behind))
}

/// The certificates of a PEM text, in their order.
pub(crate) fn certificates(text: &str) -> Result<Vec<Certificate>, BadKey> {
    let blocks = blocks(text);
    let certificates = blocks.iter().filter(|block| block.label == "CERTIFICATE");
    let read: Result<Vec<_>, _> = certificates
        .map(|block| Certificate::from_der(&block.der).map_err(|_| BadKey::NoCertificate))
        .collect();
    read.and_then(|found| if found.is_empty() { Err(BadKey::NoCertificate) } else { Ok(found) })
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn blocks_are_found_among_other_text() {
        let text = "subject=x\n-----BEGIN A B-----\nAQ\n ID\r\n-----END A B-----\n-----BEGIN C-----\n*\n-----END C-----\n\
                    -----BEGIN D-----\nBA==\n-----END D-----\n-----BEGIN E-----\n";
        let found: Vec<_> = blocks(text).into_iter().map(|block| (block.label, block.der.to_vec())).collect();
        assert_eq!(found, [("A B", vec![1, 2, 3]), ("D", vec![4])].map(|(a, b)| (a, b)));
    }
}
