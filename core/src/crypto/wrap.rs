//! Wrapping a key to a device, an invitation, a desk or a recovery kit: HPKE, base mode (RFC 9180).

use super::{Rng, SealKey};
use crate::ids::BoxKey;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _};

type Kem = X25519HkdfSha256;

const ENCAPPED_LEN: usize = 32;

/// The length of a wrapped key: the encapsulated key, 32 bytes sealed, the tag.
pub const WRAP_LEN: usize = ENCAPPED_LEN + 32 + 16;

/// A wrapped key that this secret does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("was not wrapped to this key")]
pub struct WrapError;

/// The secret half of an X25519 key pair. Never printed.
#[derive(Clone)]
pub struct BoxSecret {
    seed: [u8; 32],
    secret: <Kem as hpke::Kem>::PrivateKey,
    public: BoxKey,
}

impl BoxSecret {
    /// The key pair that follows from `seed` (RFC 9180, DeriveKeyPair).
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let (secret, public) = Kem::derive_keypair(&seed);
        Self { seed, secret, public: BoxKey(public.to_bytes().into()) }
    }

    /// The seed, to be stored sealed.
    #[must_use]
    pub fn seed(&self) -> [u8; 32] {
        self.seed
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> BoxKey {
        self.public
    }
}

impl core::fmt::Debug for BoxSecret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "BoxSecret({}, …)", self.public)
    }
}

/// Wraps `key` so that only the holder of `to` opens it, for what `info` says.
///
/// # Errors
///
/// [`WrapError`] if `to` is not a usable X25519 key.
pub fn wrap(to: &BoxKey, info: &[u8], key: &SealKey, rng: &mut Rng) -> Result<[u8; WRAP_LEN], WrapError> {
    let to = <Kem as hpke::Kem>::PublicKey::from_bytes(&to.0).map_err(|_| WrapError)?;
    let (encapped, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeS::Base,
        &to,
        info,
        &key.0,
        &[],
        &mut rng.0,
    )
    .map_err(|_| WrapError)?;
    let mut out = [0; WRAP_LEN];
    out[..ENCAPPED_LEN].copy_from_slice(&encapped.to_bytes());
    out[ENCAPPED_LEN..].copy_from_slice(&sealed);
    Ok(out)
}

/// Opens what [`wrap`] made.
///
/// # Errors
///
/// [`WrapError`] if it was wrapped to another key, for another `info`, or altered.
pub fn unwrap(secret: &BoxSecret, info: &[u8], wrapped: &[u8; WRAP_LEN]) -> Result<SealKey, WrapError> {
    let (encapped, sealed) = wrapped.split_at(ENCAPPED_LEN);
    let encapped = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapped).map_err(|_| WrapError)?;
    let plain = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeR::Base,
        &secret.secret,
        &encapped,
        info,
        sealed,
        &[],
    )
    .map_err(|_| WrapError)?;
    plain.try_into().map(SealKey).map_err(|_| WrapError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_addressee_unwraps_and_only_for_the_same_purpose() {
        let mut rng = Rng::new([1; 32]);
        let [ana, ben] = [[2; 32], [3; 32]].map(BoxSecret::from_seed);
        let key = SealKey([9; 32]);
        let wrapped = wrap(&ana.public(), b"space", &key, &mut rng).expect("a good key");
        assert_eq!(unwrap(&ana, b"space", &wrapped), Ok(key));
        assert_eq!(unwrap(&ana, b"other", &wrapped), Err(WrapError));
        assert_eq!(unwrap(&ben, b"space", &wrapped), Err(WrapError));
        assert_eq!(wrap(&BoxKey([0; 32]), b"", &SealKey([0; 32]), &mut rng), Err(WrapError));
    }
}
