//! Sixteen-byte blocks in ECB or CBC order with PKCS#7 padding, the shape all partners' symmetric ciphers share.

use crate::digest::hmac_sha256;
use crate::{BadKey, Undecipherable};
use cipher::consts::U16;
use cipher::generic_array::GenericArray;
use cipher::{
    BlockCipher, BlockDecrypt, BlockDecryptMut, BlockEncrypt, BlockEncryptMut, BlockSizeUser, InnerIvInit,
};
use subtle::{ConstantTimeEq, ConstantTimeGreater, ConstantTimeLess};
use zeroize::Zeroizing;

pub(crate) const BLOCK: usize = 16;

/// Where CBC takes its initial vector from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Iv<'a> {
    /// These 16 bytes, agreed with the partner.
    Given(&'a [u8]),
    /// The first 16 bytes of the key.
    Key,
    /// The first 16 bytes of each ciphertext. Ours are drawn from key and plaintext, so that no source of
    /// chance is needed: the same text under the same key gives the same ciphertext, as in ECB.
    Prefixed,
}

/// How blocks are chained.
#[derive(Clone)]
pub(crate) enum Mode {
    Ecb,
    Cbc([u8; BLOCK]),
    /// CBC behind its initial vector; the secret from which ours are drawn.
    CbcPrefixed(Zeroizing<[u8; 32]>),
}

/// CBC with its initial vector; an error says how long a given one must be.
pub(crate) fn cbc(key: &[u8], iv: Iv<'_>) -> Result<Mode, BadKey> {
    let fixed = match iv {
        Iv::Given(iv) => iv,
        Iv::Key => key.get(..BLOCK).unwrap_or(key),
        Iv::Prefixed => {
            return Ok(Mode::CbcPrefixed(Zeroizing::new(hmac_sha256(key, b"initial vector"))));
        }
    };
    fixed.try_into().map(Mode::Cbc).map_err(|_| {
        BadKey(format!(
            "the initial vector has {} bytes; CBC needs exactly 16: check its value and form",
            fixed.len()
        ))
    })
}

/// Pads and encrypts; the only copy made is the one into the returned buffer.
pub(crate) fn encrypt<C>(cipher: &C, mode: &Mode, plain: &[u8]) -> Vec<u8>
where
    C: BlockCipher + BlockEncrypt + BlockSizeUser<BlockSize = U16>,
{
    let padded = (plain.len() / BLOCK + 1) * BLOCK;
    let prefix = match mode {
        Mode::CbcPrefixed(secret) => hmac_sha256(&**secret, plain).first_chunk::<BLOCK>().copied(),
        _ => None,
    };
    let start = prefix.map_or(0, |iv| iv.len());
    let mut buffer = Vec::with_capacity(start + padded);
    buffer.extend(prefix.iter().flatten());
    buffer.extend_from_slice(plain);
    buffer.resize(start + padded, (padded - plain.len()) as u8);
    let blocks = blocks(&mut buffer[start..]);
    match prefix.as_ref().or(mode.fixed()) {
        None => cipher.encrypt_blocks(blocks),
        Some(iv) => cbc::Encryptor::inner_iv_init(cipher, iv.into()).encrypt_blocks_mut(blocks),
    }
    buffer
}

/// Decrypts in the buffer that came in and hands it back without the padding.
pub(crate) fn decrypt<C>(cipher: &C, mode: &Mode, mut buffer: Vec<u8>) -> Result<Vec<u8>, Undecipherable>
where
    C: BlockCipher + BlockDecrypt + BlockSizeUser<BlockSize = U16>,
{
    let prefix = match mode {
        Mode::CbcPrefixed(_) => Some(*buffer.first_chunk::<BLOCK>().ok_or(Undecipherable)?),
        _ => None,
    };
    buffer.drain(..prefix.map_or(0, |iv| iv.len()));
    if buffer.is_empty() || !buffer.len().is_multiple_of(BLOCK) {
        return Err(Undecipherable);
    }
    let blocks = blocks(&mut buffer);
    match prefix.as_ref().or(mode.fixed()) {
        None => cipher.decrypt_blocks(blocks),
        Some(iv) => cbc::Decryptor::inner_iv_init(cipher, iv.into()).decrypt_blocks_mut(blocks),
    }
    let padding = padding(&buffer).ok_or(Undecipherable)?;
    buffer.truncate(buffer.len() - padding);
    Ok(buffer)
}

impl Mode {
    fn fixed(&self) -> Option<&[u8; BLOCK]> {
        match self {
            Self::Cbc(iv) => Some(iv),
            Self::Ecb | Self::CbcPrefixed(_) => None,
        }
    }
}

fn blocks(buffer: &mut [u8]) -> &mut [GenericArray<u8, U16>] {
    cipher::inout::InOutBuf::from(buffer).into_chunks().0.into_out()
}

/// Length of the padding, found without a branch on any plaintext byte: a padding oracle needs a difference.
fn padding(buffer: &[u8]) -> Option<usize> {
    let tail = buffer.last_chunk::<BLOCK>()?;
    let claimed = tail[BLOCK - 1];
    let mut good = claimed.ct_gt(&0) & claimed.ct_lt(&(BLOCK as u8 + 1));
    for (index, byte) in tail.iter().enumerate() {
        let outside = ((BLOCK - index) as u8).ct_gt(&claimed);
        good &= outside | byte.ct_eq(&claimed);
    }
    bool::from(good).then_some(usize::from(claimed))
}
