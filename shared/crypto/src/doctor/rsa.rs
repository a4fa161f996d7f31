//! Under which padding a text opens with an RSA key, and whether it can have been made for that key at all.

use crate::rsa::{Padding, PrivateKey, PublicKey};

/// Lengths of RSA blocks in use, bytes.
const MODULI: [usize; 4] = [128, 256, 384, 512];

/// How a text was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealing {
    /// For the holder of the private key, with this padding.
    For(Padding),
    /// With the private key itself: the public half recovers it.
    By,
}

/// Every way in which a text opens to something `plausible`: under each padding with the private key, and recovered with
/// each public key.
#[must_use]
pub fn open_rsa(
    sealed: &[u8],
    private: Option<&PrivateKey>,
    public: &[&PublicKey],
    plausible: impl Fn(&[u8]) -> bool,
) -> Vec<(Sealing, Vec<u8>)> {
    let opened = Padding::ALL.into_iter().filter_map(|padding| {
        let plain = private?.decrypt(sealed, &[padding], sealed.len()).ok()?;
        Some((Sealing::For(padding), plain))
    });
    let recovered =
        public.iter().filter_map(|key| Some((Sealing::By, key.recover(sealed, sealed.len()).ok()?)));
    opened.chain(recovered).filter(|(_, plain)| plausible(plain)).collect()
}

/// The lengths of key, in bits, of which a ciphertext of so many bytes may be whole blocks.
#[must_use]
pub fn blocks(length: usize) -> Vec<usize> {
    MODULI
        .into_iter()
        .filter(|modulus| length > 0 && length.is_multiple_of(*modulus))
        .map(|modulus| modulus * 8)
        .collect()
}
