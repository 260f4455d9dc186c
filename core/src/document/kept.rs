//! The changes of a document as a device keeps them: as they came, in the order in which they were taken.
//!
//! ```text
//! ┌─────────┬─ taken, and at last what waits ────┐
//! │ version │ count × ( len (u32 BE) │ batch )    │
//! │   1 B   │                4 B        len B     │
//! └─────────┴────────────────────────────────────┘
//! ```
//!
//! Every batch of taken changes but the last has [`SEGMENT_CHANGES`] changes and is packed once, so that keeping
//! a document after one more change costs little however long its history is.

use super::DocumentError;
use super::batch;
use super::raw::RawChange;

/// How many changes are packed together.
const SEGMENT_CHANGES: usize = 256;

const VERSION: u8 = 2;
const LENGTH_BYTES: usize = 4;

/// The taken changes.
#[derive(Debug, Default)]
pub struct Kept {
    /// Full segments, each with its length.
    packed: Vec<u8>,
    /// The bytes of the changes after them.
    last: Vec<Vec<u8>>,
}

/// What a snapshot holds.
pub struct Opened {
    pub kept: Kept,
    pub taken: Vec<RawChange>,
    pub waiting: Vec<RawChange>,
}

impl Kept {
    /// Adds a change.
    pub fn push(&mut self, change: &RawChange) {
        self.last.push(change.bytes().to_vec());
        if self.last.len() == SEGMENT_CHANGES {
            push_segment(&mut self.packed, &batch::pack_bytes(&self.last));
            self.last.clear();
        }
    }

    /// Everything as bytes.
    pub fn snapshot(&self, waiting: &[RawChange]) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.packed);
        if !self.last.is_empty() {
            push_segment(&mut bytes, &batch::pack_bytes(&self.last));
        }
        push_segment(&mut bytes, &batch::pack(waiting));
        bytes
    }

    /// Reads what [`Kept::snapshot`] gave.
    pub fn open(snapshot: &[u8]) -> Result<Opened, DocumentError> {
        let Some((&VERSION, rest)) = snapshot.split_first() else { return Err(DocumentError::Malformed) };
        let mut opened = Opened { kept: Self::default(), taken: Vec::new(), waiting: Vec::new() };
        let (mut segment, mut rest) = split_segment(rest)?;
        while !rest.is_empty() {
            let changes = batch::unpack_own(segment)?;
            if !opened.kept.last.is_empty() {
                return Err(DocumentError::Malformed);
            } else if changes.len() == SEGMENT_CHANGES {
                push_segment(&mut opened.kept.packed, segment);
            } else {
                opened.kept.last = changes.iter().map(|change| change.bytes().to_vec()).collect();
            }
            opened.taken.extend(changes);
            (segment, rest) = split_segment(rest)?;
        }
        opened.waiting = batch::unpack_own(segment)?;
        Ok(opened)
    }
}

fn push_segment(bytes: &mut Vec<u8>, segment: &[u8]) {
    bytes.extend_from_slice(&(segment.len() as u32).to_be_bytes());
    bytes.extend_from_slice(segment);
}

fn split_segment(bytes: &[u8]) -> Result<(&[u8], &[u8]), DocumentError> {
    let (len, rest) = bytes.split_first_chunk::<LENGTH_BYTES>().ok_or(DocumentError::Malformed)?;
    rest.split_at_checked(u32::from_be_bytes(*len) as usize).ok_or(DocumentError::Malformed)
}
