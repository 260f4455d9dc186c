//! Changes packed for an entry.
//!
//! ```text
//! ┌─────────┬─ deflate ─────────────────────────────┐
//! │ version │ count × ( len (u32 BE) │ change )      │
//! │   1 B   │                4 B        len B        │
//! └─────────┴────────────────────────────────────────┘
//! ```

use super::DocumentError;
use super::raw::RawChange;
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use std::io::Read;

/// The most bytes that a batch may inflate to.
pub const MAX_INFLATED_BYTES: usize = 8 * 1024 * 1024;
/// The most changes in a batch.
pub const MAX_BATCH_CHANGES: usize = 16_384;

const VERSION: u8 = 1;
const LENGTH_BYTES: usize = 4;

/// Packs changes. The same changes give the same bytes on every target.
#[must_use]
pub fn pack(changes: &[RawChange]) -> Vec<u8> {
    pack_bytes(&changes.iter().map(RawChange::bytes).collect::<Vec<_>>())
}

/// Packs the bytes of changes.
pub(super) fn pack_bytes(changes: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut plain = Vec::new();
    for change in changes {
        let change = change.as_ref();
        plain.extend_from_slice(&(change.len() as u32).to_be_bytes());
        plain.extend_from_slice(change);
    }
    let mut bytes = vec![VERSION];
    let read = DeflateEncoder::new(plain.as_slice(), Compression::default()).read_to_end(&mut bytes);
    match read {
        Ok(_) => bytes,
        Err(error) => unreachable!("reading from and writing to memory cannot fail: {error}"),
    }
}

/// Unpacks what [`pack`] made.
///
/// # Errors
///
/// [`DocumentError`] if the bytes are not a batch, or exceed [`MAX_INFLATED_BYTES`] or [`MAX_BATCH_CHANGES`].
pub fn unpack(bytes: &[u8]) -> Result<Vec<RawChange>, DocumentError> {
    unpack_within(bytes, MAX_INFLATED_BYTES, MAX_BATCH_CHANGES)
}

/// Unpacks a batch of any size, of this device's own making.
pub(super) fn unpack_own(bytes: &[u8]) -> Result<Vec<RawChange>, DocumentError> {
    unpack_within(bytes, usize::MAX - 1, usize::MAX)
}

fn unpack_within(
    bytes: &[u8],
    max_bytes: usize,
    max_changes: usize,
) -> Result<Vec<RawChange>, DocumentError> {
    let Some((&VERSION, deflated)) = bytes.split_first() else { return Err(DocumentError::Malformed) };
    let mut plain = Vec::new();
    let mut decoder = DeflateDecoder::new(deflated).take(max_bytes as u64 + 1);
    decoder.read_to_end(&mut plain).map_err(|_| DocumentError::Malformed)?;
    if plain.len() > max_bytes {
        return Err(DocumentError::TooLarge { limit: max_bytes });
    }
    if decoder.into_inner().total_in() != deflated.len() as u64 {
        return Err(DocumentError::Malformed);
    }
    let mut rest = plain.as_slice();
    let mut changes = Vec::new();
    while let Some((len, after)) = rest.split_first_chunk::<LENGTH_BYTES>() {
        let len = u32::from_be_bytes(*len) as usize;
        if changes.len() == max_changes {
            return Err(DocumentError::TooLarge { limit: max_changes });
        }
        let change = after.get(..len).ok_or(DocumentError::Malformed)?;
        changes.push(RawChange::parse(change.to_vec())?);
        rest = &after[len..];
    }
    if rest.is_empty() { Ok(changes) } else { Err(DocumentError::Malformed) }
}
