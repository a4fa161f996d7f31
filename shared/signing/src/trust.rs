//! Whom we trust: roots, and the path from a certificate to one of them.

use crate::certificate::Certificate;
use crate::keys::{BadKey, certificates};
use crate::verify::Reason;
use domain::Timestamp;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use std::fmt;
use std::time::Duration;
use webpki::{
    ALL_VERIFICATION_ALGS, EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter,
    anchor_from_trusted_cert,
};

/// Root certificates, of signers and of timestamp authorities alike.
#[derive(Clone, Default)]
pub struct TrustAnchors {
    anchors: Vec<TrustAnchor<'static>>,
    names: Vec<String>,
}

/// What a chain must be good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Documents,
    Timestamps,
}

impl TrustAnchors {
    /// Root certificates in PEM.
    ///
    /// # Errors
    /// [`BadKey::NoCertificate`] if there is none, or one cannot be a root.
    pub fn from_pem(text: &str) -> Result<Self, BadKey> {
        let mut trust = Self::default();
        for certificate in certificates(text)? {
            let der = CertificateDer::from(certificate.der());
            let anchor = anchor_from_trusted_cert(&der).map_err(|_| BadKey::NoCertificate)?;
            trust.anchors.push(anchor.to_owned());
            trust.names.push(certificate.subject().to_owned());
        }
        Ok(trust)
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.anchors.extend(other.anchors);
        self.names.extend(other.names);
        self
    }

    /// Whether nobody is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.anchors.is_empty()
    }

    /// Whether the certificate leads to a root at that time, for that purpose.
    pub(crate) fn accept(
        &self,
        certificate: &Certificate,
        others: &[Certificate],
        at: Timestamp,
        purpose: Purpose,
    ) -> Result<(), Reason> {
        let der = CertificateDer::from(certificate.der());
        let end = EndEntityCert::try_from(&der).map_err(|_| Reason::Chain)?;
        let others: Vec<_> = others.iter().map(|other| CertificateDer::from(other.der())).collect();
        let seconds = u64::try_from(at.unix_seconds()).map_err(|_| Reason::NotYetValid)?;
        let at = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let path =
            end.verify_for_usage(ALL_VERIFICATION_ALGS, &self.anchors, &others, at, purpose, None, None);
        path.map(drop).map_err(|error| told(&error))
    }
}

/// webpki gives the most telling of the mistakes on all paths it tried.
const fn told(error: &Error) -> Reason {
    match error {
        Error::CertExpired { .. } => Reason::Expired,
        Error::CertNotValidYet { .. } => Reason::NotYetValid,
        Error::EmptyEkuExtension => Reason::WrongUsage,
        Error::UnknownIssuer | Error::InvalidSignatureForPublicKey => Reason::UnknownIssuer,
        _ => Reason::Chain,
    }
}

impl fmt::Debug for TrustAnchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TrustAnchors").field(&self.names).finish()
    }
}

/// The usages as DER content of their identifiers; none stated means any.
impl ExtendedKeyUsageValidator for Purpose {
    fn validate(&self, stated: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        use crate::asn1::oid;
        let wanted: &[&'static [u8]] = match self {
            Self::Documents => &[
                oid::DOCUMENT_SIGNING,
                oid::EMAIL_PROTECTION,
                oid::ADOBE_DOCUMENTS,
                oid::MICROSOFT_DOCUMENTS,
                oid::ANY_USAGE,
            ],
            Self::Timestamps => &[oid::TIME_STAMPING, oid::ANY_USAGE],
        };
        let (mut any, mut fits) = (false, false);
        for id in stated {
            any = true;
            let id = id?;
            fits |= wanted.iter().any(|wanted| webpki::KeyPurposeId::new(wanted) == id);
        }
        if fits || !any { Ok(()) } else { Err(Error::EmptyEkuExtension) }
    }
}
