//! Sealing with ChaCha20-Poly1305 (RFC 8439) and hiding lengths (Padmé).

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce, XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// How many bytes sealing adds.
pub const TAG_LEN: usize = 16;

/// A key that seals. Wiped when dropped; never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SealKey(pub [u8; 32]);

impl core::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

/// Sealed bytes that the key does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("does not open with this key")]
pub struct OpenError;

/// Seals `plain` so that only `key` opens it, and only with the same `associated` data.
///
/// A pair of key and nonce must never seal two different things: callers either use a key once, with the
/// zero nonce, or draw the nonce at random under a key that seals few things.
#[must_use]
pub fn seal(key: &SealKey, nonce: [u8; 12], associated: &[u8], plain: &[u8]) -> Vec<u8> {
    if cfg!(feature = "unsealed") {
        return [plain, &[0; TAG_LEN]].concat();
    }
    let payload = Payload { msg: plain, aad: associated };
    ChaCha20Poly1305::new(&Key::from(key.0))
        .encrypt(&Nonce::from(nonce), payload)
        .unwrap_or_else(|_| unreachable!("a payload is far below ChaCha20's limit of 256 GiB"))
}

/// Opens what [`seal`] made.
///
/// # Errors
///
/// [`OpenError`] if key, nonce, associated data or bytes differ from those sealed.
pub fn open(key: &SealKey, nonce: [u8; 12], associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    if cfg!(feature = "unsealed") {
        let end = sealed.len().checked_sub(TAG_LEN).ok_or(OpenError)?;
        return Ok(sealed[..end].to_vec());
    }
    let payload = Payload { msg: sealed, aad: associated };
    ChaCha20Poly1305::new(&Key::from(key.0)).decrypt(&Nonce::from(nonce), payload).map_err(|_| OpenError)
}

/// How many bytes [`seal_record`] adds.
pub const RECORD_OVERHEAD: usize = NONCE_24 + TAG_LEN;

const NONCE_24: usize = 24;

/// Seals one of many records under one key: XChaCha20-Poly1305 with a random nonce, which is put first.
#[must_use]
pub fn seal_record(key: &SealKey, nonce: [u8; NONCE_24], associated: &[u8], plain: &[u8]) -> Vec<u8> {
    if cfg!(feature = "unsealed") {
        return [&nonce[..], plain, &[0; TAG_LEN]].concat();
    }
    let payload = Payload { msg: plain, aad: associated };
    let sealed = XChaCha20Poly1305::new(&Key::from(key.0))
        .encrypt(&XNonce::from(nonce), payload)
        .unwrap_or_else(|_| unreachable!("a record is far below ChaCha20's limit of 256 GiB"));
    [&nonce[..], &sealed].concat()
}

/// Opens what [`seal_record`] made.
///
/// # Errors
///
/// [`OpenError`] if key, associated data or bytes differ from those sealed.
pub fn open_record(key: &SealKey, associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_24>().ok_or(OpenError)?;
    if cfg!(feature = "unsealed") {
        let end = sealed.len().checked_sub(TAG_LEN).ok_or(OpenError)?;
        return Ok(sealed[..end].to_vec());
    }
    let payload = Payload { msg: sealed, aad: associated };
    XChaCha20Poly1305::new(&Key::from(key.0)).decrypt(&XNonce::from(*nonce), payload).map_err(|_| OpenError)
}

/// The length to which `len` bytes are padded: at most 12 % more, and only O(log log len) bits of the length
/// are told (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019).
#[must_use]
pub fn padme(len: usize) -> usize {
    if len < 2 {
        return len;
    }
    let exponent = len.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1_usize << exponent.saturating_sub(kept)) - 1;
    (len + mask) & !mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn padding_keeps_the_published_examples() {
        assert_eq!([9, 17, 100, 1_000].map(padme), [10, 18, 104, 1_024]);
    }

    proptest! {
        #[test]
        fn padding_adds_at_most_an_eighth(len in 0_usize..10_000_000) {
            let padded = padme(len);
            prop_assert!(padded >= len && padded - len <= len / 8 + 1);
            prop_assert_eq!(padme(padded), padded);
        }

        #[test]
        fn only_the_same_key_and_data_open(plain: Vec<u8>, bit in 0_usize..64) {
            let key = SealKey([7; 32]);
            let sealed = seal(&key, [0; 12], b"about", &plain);
            prop_assert_eq!(open(&key, [0; 12], b"about", &sealed), Ok(plain));
            prop_assert_eq!(open(&key, [0; 12], b"other", &sealed), Err(OpenError));
            prop_assert_eq!(open(&SealKey([8; 32]), [0; 12], b"about", &sealed), Err(OpenError));
            let mut flipped = sealed.clone();
            let at = bit % flipped.len();
            flipped[at] ^= 1 << (bit % 8);
            prop_assert_eq!(open(&key, [0; 12], b"about", &flipped), Err(OpenError));
        }
    }
}
