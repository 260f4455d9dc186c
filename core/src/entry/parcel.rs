//! A parcel: unsent entries as a file, for another device to send.
//!
//! ```text
//! parcel = "mingcha/parcel" | version 1 | ( length (4 B, BE) | entry )* | H(parcel, all before) (32 B)
//! ```
//!
//! The entries are sealed and signed already; the hash is against accidents. Whoever opens a parcel checks each entry.

use crate::crypto::{Purpose, hash};
use crate::entry::MAX_ENTRY_BYTES;

const MAGIC: &[u8; 14] = b"mingcha/parcel";
const VERSION: u8 = 1;
const HASH_BYTES: usize = 32;

/// The most entries in a parcel.
pub const MAX_PARCEL_ENTRIES: usize = 4_096;

/// The largest parcel.
pub const MAX_PARCEL_BYTES: usize = 64 * 1024 * 1024;

/// Why bytes are not a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParcelError {
    /// It is something else, or of another version.
    #[error("not a parcel of this version")]
    Foreign,
    /// It was cut short or altered.
    #[error("damaged")]
    Damaged,
    /// It is beyond the limits.
    #[error("too large")]
    TooLarge,
}

/// Packs entries in their order, as many as fit; with how many.
#[must_use]
pub fn pack<'a>(entries: impl Iterator<Item = &'a [u8]>) -> (Vec<u8>, usize) {
    let mut parcel = MAGIC.to_vec();
    parcel.push(VERSION);
    let mut count = 0;
    for entry in entries {
        let size = parcel.len() + 4 + entry.len() + HASH_BYTES;
        if count == MAX_PARCEL_ENTRIES || size > MAX_PARCEL_BYTES {
            break;
        }
        parcel.extend((entry.len() as u32).to_be_bytes());
        parcel.extend(entry);
        count += 1;
    }
    parcel.extend(hash(Purpose::Parcel, &[&parcel]));
    (parcel, count)
}

/// The entries of a parcel, unchecked, in their order.
///
/// # Errors
///
/// [`ParcelError`] if it is none, or beyond the limits.
pub fn unpack(parcel: &[u8]) -> Result<Vec<&[u8]>, ParcelError> {
    let Some((&version, _)) = parcel.strip_prefix(MAGIC).and_then(<[u8]>::split_first) else {
        return Err(ParcelError::Foreign);
    };
    if version != VERSION {
        return Err(ParcelError::Foreign);
    }
    if parcel.len() > MAX_PARCEL_BYTES {
        return Err(ParcelError::TooLarge);
    }
    let (body, sum) = parcel.split_last_chunk::<HASH_BYTES>().ok_or(ParcelError::Damaged)?;
    if *sum != hash(Purpose::Parcel, &[body]) {
        return Err(ParcelError::Damaged);
    }
    let mut rest = body.get(MAGIC.len() + 1..).ok_or(ParcelError::Damaged)?;
    let mut entries = Vec::new();
    while let Some((len, after)) = rest.split_first_chunk::<4>() {
        let len = u32::from_be_bytes(*len) as usize;
        if entries.len() == MAX_PARCEL_ENTRIES || len > MAX_ENTRY_BYTES {
            return Err(ParcelError::TooLarge);
        }
        let (entry, after) = after.split_at_checked(len).ok_or(ParcelError::Damaged)?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() { Ok(entries) } else { Err(ParcelError::Damaged) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_entries() -> impl Strategy<Value = Vec<Vec<u8>>> {
        prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..6)
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(entries in any_entries()) {
            let (parcel, count) = pack(entries.iter().map(Vec::as_slice));
            prop_assert_eq!(count, entries.len());
            let unpacked = unpack(&parcel).map(|found| found.iter().map(|one| one.to_vec()).collect::<Vec<_>>());
            prop_assert_eq!(unpacked, Ok(entries));
        }

        #[test]
        fn a_parcel_cut_short_or_altered_is_refused(
            entries in any_entries(),
            at in any::<prop::sample::Index>(),
            bit in 0_u8..8,
        ) {
            let (parcel, _) = pack(entries.iter().map(Vec::as_slice));
            let at = at.index(parcel.len());
            prop_assert!(unpack(&parcel[..at]).is_err());
            let mut altered = parcel;
            altered[at] ^= 1 << bit;
            prop_assert!(unpack(&altered).is_err());
        }

        #[test]
        fn unpacking_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpack(&bytes);
            let body = [&MAGIC[..], &[VERSION], &bytes].concat();
            let _ = unpack(&[&body[..], &hash(Purpose::Parcel, &[&body])].concat());
        }
    }

    #[test]
    fn an_empty_parcels_bytes_are_frozen() {
        let (parcel, _) = pack(core::iter::empty());
        let (body, sum) = parcel.split_at(15);
        assert_eq!(body, b"mingcha/parcel\x01");
        assert_eq!(sum, hash(Purpose::Parcel, &[b"mingcha/parcel\x01"]));
    }

    #[test]
    fn a_parcel_of_too_many_is_cut_where_it_is_packed_and_refused_where_it_is_read() {
        let entry = [0_u8; 1];
        let (parcel, count) = pack(core::iter::repeat_n(&entry[..], MAX_PARCEL_ENTRIES + 1));
        assert_eq!(
            (count, unpack(&parcel).map(|all| all.len())),
            (MAX_PARCEL_ENTRIES, Ok(MAX_PARCEL_ENTRIES))
        );
        let more = [&parcel[..parcel.len() - HASH_BYTES], &[0, 0, 0, 1, 0]].concat();
        let more = [&more[..], &hash(Purpose::Parcel, &[&more])].concat();
        assert_eq!(unpack(&more), Err(ParcelError::TooLarge));
    }
}
