//! Sixteen-byte blocks in ECB or CBC order with PKCS#7 padding, the shape all partners' symmetric ciphers share.

use crate::{BadKey, Undecipherable};
use cipher::consts::U16;
use cipher::generic_array::GenericArray;
use cipher::{
    BlockCipher, BlockDecrypt, BlockDecryptMut, BlockEncrypt, BlockEncryptMut, BlockSizeUser, InnerIvInit,
};
use subtle::{ConstantTimeEq, ConstantTimeGreater, ConstantTimeLess};

pub(crate) const BLOCK: usize = 16;

/// How blocks are chained.
#[derive(Clone, Copy)]
pub(crate) enum Mode {
    Ecb,
    Cbc([u8; BLOCK]),
}

/// CBC with the initial vector as configured; an error says how long it must be.
pub(crate) fn cbc(iv: &[u8]) -> Result<Mode, BadKey> {
    iv.try_into().map(Mode::Cbc).map_err(|_| {
        BadKey(format!(
            "the initial vector has {} bytes; CBC needs exactly 16: check its value and form",
            iv.len()
        ))
    })
}

/// Pads and encrypts; the only copy made is the one into the returned buffer.
pub(crate) fn encrypt<C>(cipher: &C, mode: Mode, plain: &[u8]) -> Vec<u8>
where
    C: BlockCipher + BlockEncrypt + BlockSizeUser<BlockSize = U16>,
{
    let padded = (plain.len() / BLOCK + 1) * BLOCK;
    let mut buffer = Vec::with_capacity(padded);
    buffer.extend_from_slice(plain);
    buffer.resize(padded, (padded - plain.len()) as u8);
    let blocks = blocks(&mut buffer);
    match mode {
        Mode::Ecb => cipher.encrypt_blocks(blocks),
        Mode::Cbc(iv) => cbc::Encryptor::inner_iv_init(cipher, &iv.into()).encrypt_blocks_mut(blocks),
    }
    buffer
}

/// Decrypts in the buffer that came in and hands it back without the padding.
pub(crate) fn decrypt<C>(cipher: &C, mode: Mode, mut buffer: Vec<u8>) -> Result<Vec<u8>, Undecipherable>
where
    C: BlockCipher + BlockDecrypt + BlockSizeUser<BlockSize = U16>,
{
    if buffer.is_empty() || !buffer.len().is_multiple_of(BLOCK) {
        return Err(Undecipherable);
    }
    let blocks = blocks(&mut buffer);
    match mode {
        Mode::Ecb => cipher.decrypt_blocks(blocks),
        Mode::Cbc(iv) => cbc::Decryptor::inner_iv_init(cipher, &iv.into()).decrypt_blocks_mut(blocks),
    }
    let padding = padding(&buffer).ok_or(Undecipherable)?;
    buffer.truncate(buffer.len() - padding);
    Ok(buffer)
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
