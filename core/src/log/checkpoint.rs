//! Checkpoints: a tree's size and root, signed by the relay as a note (C2SP tlog-checkpoint, signed-note).
//!
//! ```text
//! mingcha/<space>/<incarnation>      origin, ids in hexadecimal
//! 42                                 size, decimal
//! bbk+…=                             root, base64
//!
//! — mingcha-relay <base64 of key id (4 bytes) and Ed25519 signature>
//! ```

use super::Hash;
use crate::crypto::{SigningKey, verify_plain};
use crate::ids::{Incarnation, RelayKey, SpaceId};
use base64ct::{Base64, Encoding as _};
use sha2::{Digest as _, Sha256};

/// The longest note that is read.
pub const MAX_NOTE_BYTES: usize = 1_024;

/// The name under which a relay signs notes.
const SIGNER: &str = "mingcha-relay";

/// The type byte of Ed25519 in C2SP signed notes.
const ED25519: u8 = 1;

/// Which log a checkpoint is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The space.
    pub space: SpaceId,
    /// The life of the relay's log.
    pub incarnation: Incarnation,
}

/// A tree's size and root, known to be the relay's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: Origin,
    /// How many leaves.
    pub size: u64,
    /// The root.
    pub root: Hash,
}

/// Why a note is no checkpoint of this relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is not a note with a checkpoint.
    #[error("malformed")]
    Malformed,
    /// The relay's signature is missing or wrong.
    #[error("not signed by the relay")]
    Signature,
    /// It is of another log.
    #[error("of another log")]
    Origin,
}

/// Signs and verifies checkpoints; verification is the only way from bytes to a [`Checkpoint`].
pub struct SignedCheckpoint;

impl SignedCheckpoint {
    /// The note for a checkpoint.
    #[must_use]
    pub fn sign(checkpoint: &Checkpoint, key: &SigningKey) -> Vec<u8> {
        let Checkpoint { origin, size, root } = checkpoint;
        let Origin { space, incarnation } = origin;
        let text = format!("mingcha/{space}/{incarnation}\n{size}\n{}\n", Base64::encode_string(root));
        let signature = key.sign_plain(text.as_bytes());
        let signed = [&key_id(&RelayKey(key.public()))[..], &signature].concat();
        format!("{text}\n\u{2014} {SIGNER} {}\n", Base64::encode_string(&signed)).into_bytes()
    }

    /// Reads a note and checks that `relay` signed it. Other signatures beside it are passed over.
    ///
    /// # Errors
    ///
    /// [`CheckpointError`] if it is malformed or not the relay's.
    pub fn verify(note: &[u8], relay: &RelayKey) -> Result<Checkpoint, CheckpointError> {
        if note.len() > MAX_NOTE_BYTES {
            return Err(CheckpointError::Malformed);
        }
        let note = core::str::from_utf8(note).map_err(|_| CheckpointError::Malformed)?;
        let (text, signatures) = note.split_once("\n\n").ok_or(CheckpointError::Malformed)?;
        let signed = format!("{text}\n");
        let vouches = |line: &str| {
            line.strip_prefix("\u{2014} ")
                .and_then(|rest| rest.strip_prefix(SIGNER)?.strip_prefix(' '))
                .and_then(|encoded| Base64::decode_vec(encoded).ok())
                .and_then(|bytes| bytes.strip_prefix(&key_id(relay))?.try_into().ok())
                .is_some_and(|signature| verify_plain(&relay.0, signed.as_bytes(), &signature))
        };
        if !signatures.lines().any(vouches) {
            return Err(CheckpointError::Signature);
        }
        parse(text).ok_or(CheckpointError::Malformed)
    }
}

fn parse(text: &str) -> Option<Checkpoint> {
    let mut lines = text.split('\n');
    let mut origin = lines.next()?.strip_prefix("mingcha/")?.splitn(2, '/');
    let origin = Origin { space: origin.next()?.parse().ok()?, incarnation: origin.next()?.parse().ok()? };
    let size_text = lines.next()?;
    let size: u64 = size_text.parse().ok()?;
    let root = Base64::decode_vec(lines.next()?).ok()?.try_into().ok()?;
    (size_text == size.to_string()).then_some(Checkpoint { origin, size, root })
}

/// The first four bytes of SHA-256(name, newline, type, key): C2SP signed-note.
fn key_id(relay: &RelayKey) -> [u8; 4] {
    let digest =
        Sha256::new().chain_update(SIGNER).chain_update([b'\n', ED25519]).chain_update(relay.0).finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn example() -> (Checkpoint, SigningKey) {
        let origin = Origin { space: SpaceId([0xab; 16]), incarnation: Incarnation([0xcd; 16]) };
        (Checkpoint { origin, size: 42, root: [7; 32] }, SigningKey::from_seed([1; 32]))
    }

    #[test]
    fn the_note_is_frozen() {
        let (checkpoint, key) = example();
        let note = String::from_utf8(SignedCheckpoint::sign(&checkpoint, &key)).expect("text");
        assert!(note.starts_with(
            "mingcha/abababababababababababababababab/cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\n42\n\
             BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n\u{2014} mingcha-relay "
        ));
    }

    #[test]
    fn a_note_reads_back_for_its_relay_alone() {
        let (checkpoint, key) = example();
        let note = SignedCheckpoint::sign(&checkpoint, &key);
        assert_eq!(SignedCheckpoint::verify(&note, &RelayKey(key.public())), Ok(checkpoint));
        let other = RelayKey(SigningKey::from_seed([2; 32]).public());
        assert_eq!(SignedCheckpoint::verify(&note, &other), Err(CheckpointError::Signature));
    }

    proptest! {
        #[test]
        fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
            let _ = SignedCheckpoint::verify(&bytes, &RelayKey([3; 32]));
        }

        #[test]
        fn an_altered_note_is_refused(at in 0_usize..150, bit in 0_u8..8) {
            let (checkpoint, key) = example();
            let mut note = SignedCheckpoint::sign(&checkpoint, &key);
            let at = at % note.len();
            note[at] ^= 1 << bit;
            let read = SignedCheckpoint::verify(&note, &RelayKey(key.public()));
            prop_assert!(read.is_err() || read == Ok(checkpoint));
        }
    }
}
