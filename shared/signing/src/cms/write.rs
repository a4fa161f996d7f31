//! Writing a signed-data container from its parts, so that the key may be anywhere.

use crate::asn1::write::{algorithm, element, of, oid as name, sequence, set_of};
use crate::asn1::{NotDer, oid, tag};
use crate::certificate::Certificate;
use crate::keys::Algorithm;

/// The signed attributes (DER, tag SET): what a signer signs. No signing time: `PAdES` takes `/M` and timestamps for it.
pub(crate) fn signed_attributes(digest: &[u8], signer: &Certificate) -> Vec<u8> {
    let id = sequence(&[&element(tag::OCTET_STRING, &signer.fingerprint())]);
    set_of(vec![
        attribute(oid::CONTENT_TYPE, &name(oid::DATA)),
        attribute(oid::MESSAGE_DIGEST, &element(tag::OCTET_STRING, digest)),
        attribute(oid::SIGNING_CERTIFICATE_V2, &sequence(&[&sequence(&[&id])])),
    ])
}

/// The container: signed attributes, their signature, the certificates, and a timestamp of the signature if there is one.
pub(crate) fn signed_data(
    attributes: &[u8],
    signature: &[u8],
    chain: &[Certificate],
    how: Algorithm,
    timestamp: Option<&[u8]>,
) -> Result<Vec<u8>, NotDer> {
    let parts = chain.first().ok_or(NotDer)?.parts()?;
    let sha256 = algorithm(oid::SHA256, false);
    let mut stored = attributes.to_vec();
    *stored.first_mut().ok_or(NotDer)? = tag::context(0);
    let how = match how {
        Algorithm::RsaSha256 => algorithm(oid::RSA, true),
        Algorithm::EcdsaP256Sha256 => algorithm(oid::ECDSA_SHA256, false),
    };
    let unsigned = timestamp
        .map_or_else(Vec::new, |token| element(tag::context(1), &attribute(oid::TIMESTAMP_TOKEN, token)));
    let signer = sequence(&[
        &[tag::INTEGER, 1, 1],
        &sequence(&[parts.issuer.whole, parts.serial.whole]),
        &sha256,
        &stored,
        &how,
        &element(tag::OCTET_STRING, signature),
        &unsigned,
    ]);
    let mut certificates: Vec<&[u8]> = chain.iter().map(Certificate::der).collect();
    certificates.sort_unstable();
    let data = sequence(&[
        &[tag::INTEGER, 1, 1],
        &of(tag::SET, &[&sha256]),
        &sequence(&[&name(oid::DATA)]),
        &of(tag::context(0), &certificates),
        &of(tag::SET, &[&signer]),
    ]);
    Ok(sequence(&[&name(oid::SIGNED_DATA), &element(tag::context(0), &data)]))
}

fn attribute(kind: &[u8], value: &[u8]) -> Vec<u8> {
    sequence(&[&name(kind), &of(tag::SET, &[value])])
}
