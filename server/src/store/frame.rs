//! The bytes of a segment file.
//!
//! ```text
//! ┌───────────────────────── header, 64 B ──────────────────────────┐
//! │ magic │ version │ segment │ first number │ salt │ zeros │ crc   │
//! │  8 B  │   4 B   │   4 B   │     8 B      │ 16 B │ 20 B  │ 4 B   │
//! ├─────────────────────────────────────────────────────────────────┤
//! │ magic │ length │ number │ crc │ payload  │   record, 20 B + length
//! │  4 B  │  4 B   │  8 B   │ 4 B │ length B │
//! ├─────────────────────────────────────────────────────────────────┤
//! │ record │ … │ zeros to the end of the file                       │
//! └─────────────────────────────────────────────────────────────────┘
//! ```
//!
//! Numbers are little-endian. Records are numbered through the whole log, so that a lost one shows. A
//! record's CRC-32C covers the segment's salt, the record's offset, length, number and payload: whoever
//! chooses what a payload says cannot make part of it look like a record, since the salt is random and
//! never leaves the relay.

use super::StoreError;

/// Size of a segment's header.
pub const SEGMENT_HEADER_BYTES: usize = 64;
/// Size of a record's header.
pub const RECORD_HEADER_BYTES: usize = 20;
/// The format that this program writes.
pub const FORMAT_VERSION: u32 = 1;

const SEGMENT_MAGIC: [u8; 8] = *b"mingcha\n";
const RECORD_MAGIC: [u8; 4] = [0xa7, b'm', b'c', 0x1e];

/// What makes the checksums of a segment its own.
pub type Salt = [u8; 16];

/// What a segment's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentHeader {
    /// The segment's number, from 1.
    pub segment: u32,
    /// The number of its first record.
    pub first: u64,
    /// Random.
    pub salt: Salt,
}

impl SegmentHeader {
    /// The bytes at the beginning of the segment's file.
    pub fn encode(&self) -> [u8; SEGMENT_HEADER_BYTES] {
        let mut bytes = [0; SEGMENT_HEADER_BYTES];
        bytes[..8].copy_from_slice(&SEGMENT_MAGIC);
        bytes[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.segment.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.first.to_le_bytes());
        bytes[24..40].copy_from_slice(&self.salt);
        let crc = crc32c::crc32c(&bytes[..60]);
        bytes[60..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads the header of segment `segment`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] when it is not that segment's header, [`StoreError::Version`] when a newer
    /// program wrote it.
    pub fn decode(bytes: &[u8], segment: u32) -> Result<Self, StoreError> {
        let damaged = StoreError::Damaged { segment, offset: 0 };
        if bytes.len() < SEGMENT_HEADER_BYTES
            || bytes[..8] != SEGMENT_MAGIC
            || crc32c::crc32c(&bytes[..60]) != read_u32(bytes, 60)
        {
            return Err(damaged);
        }
        let found = read_u32(bytes, 8);
        if found != FORMAT_VERSION {
            return Err(StoreError::Version { found, known: FORMAT_VERSION });
        }
        if read_u32(bytes, 12) != segment {
            return Err(damaged);
        }
        let mut salt = [0; 16];
        salt.copy_from_slice(&bytes[24..40]);
        Ok(Self { segment, first: read_u64(bytes, 16), salt })
    }
}

/// The bytes of a record that is to stand at `offset` of a segment with that salt.
///
/// The payload must be shorter than 4 GiB, which [`super::log::MAX_RECORD_BYTES`] sees to.
pub fn encode_record(salt: &Salt, offset: u64, number: u64, payload: &[u8]) -> Vec<u8> {
    let length = payload.len() as u32;
    let mut bytes = Vec::with_capacity(RECORD_HEADER_BYTES + payload.len());
    bytes.extend(RECORD_MAGIC);
    bytes.extend(length.to_le_bytes());
    bytes.extend(number.to_le_bytes());
    bytes.extend(checksum(salt, offset, number, payload).to_le_bytes());
    bytes.extend(payload);
    bytes
}

/// A record that was found whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundRecord<'a> {
    /// Its number in the log.
    pub number: u64,
    /// What it holds.
    pub payload: &'a [u8],
}

/// The record at the beginning of `bytes`, which stand at `offset` of their segment; `None` if there is no
/// whole one.
pub fn decode_record<'a>(salt: &Salt, offset: u64, bytes: &'a [u8]) -> Option<FoundRecord<'a>> {
    if bytes.len() < RECORD_HEADER_BYTES || bytes[..4] != RECORD_MAGIC {
        return None;
    }
    let length = usize::try_from(read_u32(bytes, 4)).ok()?;
    let payload = bytes.get(RECORD_HEADER_BYTES..RECORD_HEADER_BYTES.checked_add(length)?)?;
    let number = read_u64(bytes, 8);
    let whole = checksum(salt, offset, number, payload) == read_u32(bytes, 16);
    whole.then_some(FoundRecord { number, payload })
}

/// Whether a whole record begins anywhere in `bytes`, which stand at `offset` of their segment.
pub fn holds_record(salt: &Salt, offset: u64, bytes: &[u8]) -> bool {
    let begins = |&at: &usize| bytes[at] == RECORD_MAGIC[0];
    (0..bytes.len()).filter(begins).any(|at| decode_record(salt, offset + at as u64, &bytes[at..]).is_some())
}

fn checksum(salt: &Salt, offset: u64, number: u64, payload: &[u8]) -> u32 {
    let crc = crc32c::crc32c(salt);
    let crc = crc32c::crc32c_append(crc, &offset.to_le_bytes());
    let crc = crc32c::crc32c_append(crc, &(payload.len() as u64).to_le_bytes());
    let crc = crc32c::crc32c_append(crc, &number.to_le_bytes());
    crc32c::crc32c_append(crc, payload)
}

fn read_u32(bytes: &[u8], at: usize) -> u32 {
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(number)
}

fn read_u64(bytes: &[u8], at: usize) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SALT: Salt = [7; 16];

    proptest! {
        #[test]
        fn decode_inverts_encode(offset in any::<u64>(), number in any::<u64>(), payload in prop::collection::vec(any::<u8>(), 0..300)) {
            let bytes = encode_record(&SALT, offset, number, &payload);
            prop_assert_eq!(decode_record(&SALT, offset, &bytes), Some(FoundRecord { number, payload: &payload }));
        }

        #[test]
        fn decode_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
            let _ = decode_record(&SALT, 0, &bytes);
            let _ = SegmentHeader::decode(&bytes, 1);
            let _ = holds_record(&SALT, 0, &bytes);
        }

        #[test]
        fn any_flipped_bit_is_noticed(payload in prop::collection::vec(any::<u8>(), 1..100), at in any::<prop::sample::Index>(), bit in 0..8) {
            let mut bytes = encode_record(&SALT, 64, 1, &payload);
            let at = at.index(bytes.len());
            bytes[at] ^= 1_u8 << bit;
            prop_assert_eq!(decode_record(&SALT, 64, &bytes), None);
        }
    }

    #[test]
    fn a_record_is_whole_only_in_its_place() {
        let bytes = encode_record(&SALT, 64, 1, b"payload");
        assert!(decode_record(&SALT, 64, &bytes).is_some());
        assert_eq!(decode_record(&SALT, 65, &bytes), None);
        assert_eq!(decode_record(&[8; 16], 64, &bytes), None);
    }

    #[test]
    fn a_record_inside_a_payload_is_none_without_the_salt() {
        let inner = encode_record(&[0; 16], 64 + RECORD_HEADER_BYTES as u64, 2, b"forged");
        assert!(!holds_record(&SALT, 64 + RECORD_HEADER_BYTES as u64, &inner));
    }

    #[test]
    fn header_bytes_are_frozen() {
        let header = SegmentHeader { segment: 2, first: 3, salt: [4; 16] };
        let bytes = header.encode();
        assert_eq!(&bytes[..16], b"mingcha\n\x01\0\0\0\x02\0\0\0");
        assert_eq!(SegmentHeader::decode(&bytes, 2).ok(), Some(header));
        assert!(matches!(
            SegmentHeader::decode(&bytes, 1),
            Err(StoreError::Damaged { segment: 1, offset: 0 })
        ));
    }

    #[test]
    fn a_newer_format_is_named() {
        let mut bytes = SegmentHeader { segment: 1, first: 0, salt: SALT }.encode();
        bytes[8] = 9;
        let crc = crc32c::crc32c(&bytes[..60]);
        bytes[60..].copy_from_slice(&crc.to_le_bytes());
        assert!(matches!(SegmentHeader::decode(&bytes, 1), Err(StoreError::Version { found: 9, known: 1 })));
    }
}
