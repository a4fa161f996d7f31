//! PKCS#12 (`.p12`, `.pfx`): one private key with its certificates, encrypted with PBES2.
//! The container's MAC is not checked: the file is the operator's own, and key and certificate must fit each other.

use super::{BadKey, encrypted};
use crate::Certificate;
use crate::asn1::{Element, NotDer, Parsed, Reader, ber, oid, tag};
use zeroize::Zeroizing;

/// What is in a container.
#[derive(Default)]
pub(super) struct Contents {
    /// PKCS#8.
    pub(super) key: Option<Zeroizing<Vec<u8>>>,
    pub(super) certificates: Vec<Certificate>,
}

/// Opens a container.
pub(super) fn open(bytes: &[u8], password: &[u8]) -> Result<Contents, BadKey> {
    let unreadable = |NotDer| BadKey::NotPkcs12;
    let (der, _) = ber::first_as_der(bytes).map_err(unreadable)?;
    let mut contents = Contents::default();
    let safe = safe(&der).map_err(unreadable)?;
    for part in Element::only(safe).and_then(|safe| safe.inside().all()).map_err(unreadable)? {
        let mut info = part.inside();
        let kind = info.take(tag::OID).map_err(unreadable)?.body;
        let body = info.take(tag::context(0)).map_err(unreadable)?.inside();
        if kind == oid::ENCRYPTED_DATA {
            let (algorithm, data) = encrypted_content(body).map_err(unreadable)?;
            let plain = encrypted::decrypt(algorithm, &data, password)?;
            bags(&plain, password, &mut contents)?;
        } else {
            let plain = { body }.take(tag::OCTET_STRING).map_err(unreadable)?.body;
            bags(plain, password, &mut contents)?;
        }
    }
    Ok(contents)
}

/// The authenticated safe inside a PFX.
fn safe(der: &[u8]) -> Parsed<&[u8]> {
    let mut pfx = Element::only(der)?.tagged(tag::SEQUENCE)?.inside();
    pfx.take(tag::INTEGER)?;
    let mut info = pfx.sequence()?;
    if info.take(tag::OID)?.body != oid::DATA {
        return Err(NotDer);
    }
    Ok(info.take(tag::context(0))?.inside().take(tag::OCTET_STRING)?.body)
}

fn encrypted_content(mut body: Reader<'_>) -> Parsed<(Reader<'_>, Vec<u8>)> {
    let mut data = body.sequence()?;
    data.take(tag::INTEGER)?;
    let mut content = data.sequence()?;
    content.take(tag::OID)?;
    let algorithm = content.sequence()?;
    let sealed = content.any()?;
    if sealed.tag == tag::implicit(0) {
        return Ok((algorithm, sealed.body.to_vec()));
    }
    // In pieces, as some tools write it.
    let pieces = sealed.tagged(tag::context(0))?.inside().all()?;
    Ok((algorithm, pieces.iter().flat_map(|piece| piece.body.to_vec()).collect()))
}

fn bags(plain: &[u8], password: &[u8], contents: &mut Contents) -> Result<(), BadKey> {
    let unreadable = |NotDer| BadKey::NotPkcs12;
    // Decrypted with a wrong password it may be anything.
    let (plain, _) = ber::first_as_der(plain).map_err(|NotDer| BadKey::Locked)?;
    let plain = Zeroizing::new(plain);
    for bag in Element::only(&plain).and_then(|all| all.inside().all()).map_err(unreadable)? {
        let mut bag = bag.inside();
        let kind = bag.take(tag::OID).map_err(unreadable)?.body;
        let value = bag.take(tag::context(0)).map_err(unreadable)?.body;
        if kind == oid::SHROUDED_KEY_BAG {
            let key = encrypted::private_key(value, password)?;
            if contents.key.replace(key).is_some() {
                return Err(BadKey::NotPkcs12);
            }
        } else if kind == oid::CERT_BAG {
            contents.certificates.extend(certificate(value).map_err(unreadable)?);
        }
    }
    Ok(())
}

fn certificate(bag: &[u8]) -> Parsed<Option<Certificate>> {
    let mut bag = Element::only(bag)?.tagged(tag::SEQUENCE)?.inside();
    if bag.take(tag::OID)?.body != oid::X509_CERTIFICATE {
        return Ok(None);
    }
    let der = bag.take(tag::context(0))?.inside().take(tag::OCTET_STRING)?.body;
    Certificate::from_der(der).map(Some).map_err(|_| NotDer)
}
