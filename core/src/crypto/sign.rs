//! Ed25519 (RFC 8032), strictly verified.

use super::{Purpose, hash};
use ed25519_dalek::{Signature, Signer, VerifyingKey};

/// A signing key. Wiped when dropped; never printed.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key with this seed.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(&seed))
    }

    /// The seed, to be stored sealed.
    #[must_use]
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs parts for one purpose.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 64] {
        self.0.sign(&hash(purpose, parts)).to_bytes()
    }

    /// Signs bytes as they are, for formats that others verify (C2SP signed notes).
    #[must_use]
    pub fn sign_plain(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl core::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// Whether `signature` is by `key` over these parts, for this purpose. Weak keys never sign anything.
#[must_use]
pub fn verify(key: &[u8; 32], purpose: Purpose, parts: &[&[u8]], signature: &[u8; 64]) -> bool {
    verify_plain(key, &hash(purpose, parts), signature)
}

/// Like [`verify`], for bytes as they are.
#[must_use]
pub fn verify_plain(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(key)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}
