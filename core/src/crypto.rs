//! Suite 1: Ed25519 (RFC 8032), X25519 with HKDF-SHA256 (RFC 9180), ChaCha20-Poly1305 (RFC 8439), SHA-256.
//!
//! Every hash, signature and derivation names what it is for, so that bytes made for one purpose mean
//! nothing to another. Nothing here draws randomness: callers pass an [`Rng`].

mod seal;
mod sign;
mod wrap;

pub use seal::{OpenError, RECORD_OVERHEAD, SealKey, TAG_LEN, open, open_record, padme, seal, seal_record};
pub use sign::{SigningKey, verify, verify_plain};
pub use wrap::{BoxSecret, WRAP_LEN, WrapError, unwrap, wrap};

use chacha20::ChaCha20Rng;
use chacha20::rand_core::{Rng as _, SeedableRng};
use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};

/// The number of suite 1 in headers.
pub const SUITE_1: u8 = 1;

/// The purposes for which bytes are hashed or signed; each is the prefix of what is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An entry's id, of its header.
    Entry,
    /// A payload's or clear part's hash.
    Part,
    /// An office's id, of its genesis statement.
    Office,
    /// A space's id.
    Space,
    /// A stream's id.
    Stream,
    /// A document's id, where it follows from its space.
    Document,
    /// A commitment to an epoch key.
    Epoch,
    /// A commitment to an entry key.
    EntryKey,
    /// The signature of an entry.
    SignEntry,
    /// A device's answer to the relay's challenge.
    SignSession,
    /// The relay's answer to a client's nonce.
    SignWelcome,
    /// A joining device's proof that it holds the invitation.
    SignJoin,
    /// The relay's set-up token.
    Setup,
    /// The short code by which people recognise a device.
    DeviceCode,
    /// The hash at the end of a file of unsent work.
    Parcel,
    /// What was shown last, on one device only.
    Answer,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Entry => b"mingcha/1/entry",
            Self::Part => b"mingcha/1/part",
            Self::Office => b"mingcha/1/office",
            Self::Space => b"mingcha/1/space",
            Self::Stream => b"mingcha/1/stream",
            Self::Document => b"mingcha/1/document",
            Self::Epoch => b"mingcha/1/epoch",
            Self::EntryKey => b"mingcha/1/entry-key",
            Self::SignEntry => b"mingcha/1/sign-entry",
            Self::SignSession => b"mingcha/1/sign-session",
            Self::SignWelcome => b"mingcha/1/sign-welcome",
            Self::SignJoin => b"mingcha/1/sign-join",
            Self::Setup => b"mingcha/1/setup",
            Self::DeviceCode => b"mingcha/1/device-code",
            Self::Parcel => b"mingcha/1/parcel",
            Self::Answer => b"mingcha/1/answer",
        }
    }
}

/// SHA-256 of the purpose's label and the parts, each preceded by its length (8 bytes, big-endian).
#[must_use]
pub fn hash(purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in core::iter::once(&purpose.label()).chain(parts) {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The first 16 bytes of [`hash`].
#[must_use]
pub fn short_hash(purpose: Purpose, parts: &[&[u8]]) -> [u8; 16] {
    let whole = hash(purpose, parts);
    let mut short = [0; 16];
    short.copy_from_slice(&whole[..16]);
    short
}

/// HKDF-SHA256 (RFC 5869) to `N` bytes, at most 255 × 32.
#[must_use]
pub fn derive<const N: usize>(salt: &[u8], secret: &[u8], info: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    Hkdf::<Sha256>::new(Some(salt), secret)
        .expand(info, &mut out)
        .unwrap_or_else(|_| unreachable!("N is far below HKDF's limit of 8,160 bytes"));
    out
}

/// A deterministic source of random bytes (ChaCha20), seeded by the shell.
pub struct Rng(ChaCha20Rng);

impl Rng {
    /// A source that follows from `seed` alone.
    #[must_use]
    pub fn new(seed: [u8; 32]) -> Self {
        Self(ChaCha20Rng::from_seed(seed))
    }

    /// The next `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.0.fill_bytes(&mut out);
        out
    }
}

impl core::fmt::Debug for Rng {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Rng(…)")
    }
}
