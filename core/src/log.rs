//! The relay's log as its readers see it: a Merkle tree per space (RFC 6962), checkpoints of it as signed
//! notes (C2SP tlog-checkpoint), and receipts that an entry is in it.

mod checkpoint;
mod tree;

pub use checkpoint::{Checkpoint, CheckpointError, MAX_NOTE_BYTES, Origin, SignedCheckpoint};
pub use tree::{Extension, Hash, MAX_PATH, Tree, leaf_hash, root_from_path};

use crate::cbor::{decode_in_order, hashes};
use crate::ids::{EntryId, RelayKey, SpaceId};
use crate::time::Timestamp;
use minicbor::Encode;

/// What the relay answers for an entry that it holds: where it stands, since when, and the proof.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Receipt {
    /// The entry.
    #[n(0)]
    pub entry: EntryId,
    /// Its place in the space's log, from 0.
    #[n(1)]
    pub sequence: u64,
    /// When the relay took it, by the relay's clock.
    #[n(2)]
    pub time: Timestamp,
    /// The inclusion path to the root of `checkpoint`.
    #[cbor(n(3), with = "crate::cbor::hashes")]
    pub path: Vec<Hash>,
}

decode_in_order!(Receipt { entry, sequence, time, path with hashes });

/// Why a receipt proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The checkpoint is not this relay's, not of this space, or malformed.
    #[error("checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The path does not lead to the checkpoint's root.
    #[error("the path does not lead to the root")]
    Path,
}

impl Receipt {
    /// Checks that the relay vouches for the entry: its signature over the checkpoint, and the path to its root.
    ///
    /// # Errors
    ///
    /// [`ReceiptError`] if either does not hold.
    pub fn verify(&self, note: &[u8], relay: &RelayKey, space: &SpaceId) -> Result<Checkpoint, ReceiptError> {
        let checkpoint = SignedCheckpoint::verify(note, relay)?;
        if checkpoint.origin.space != *space {
            return Err(CheckpointError::Origin.into());
        }
        let leaf = leaf_hash(&self.entry, self.time);
        let root =
            root_from_path(leaf, self.sequence, checkpoint.size, &self.path).ok_or(ReceiptError::Path)?;
        if root != checkpoint.root { Err(ReceiptError::Path) } else { Ok(checkpoint) }
    }
}
