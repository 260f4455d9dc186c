//! The vault: what is on a device is sealed under a key that a passphrase unlocks.
//!
//! There are always two slots of the same size. One holds the vault key; the other holds random bytes, or the key
//! of a second vault: without its passphrase nobody can tell which.

use super::io::{StretchParams, Table};
use crate::cbor;
use crate::cbor::decode_in_order;
use crate::crypto::{OpenError, RECORD_OVERHEAD, Rng, SealKey, open_record, seal_record};
use minicbor::bytes;
use minicbor::{Decode, Encode};

/// The version of the store's format.
pub const STORE_VERSION: u32 = 1;

/// The parameters of a new vault: about a tenth of a second on a desktop, a second on a slow phone.
const NEW_MEMORY_KIB: u32 = 64 * 1024;
const NEW_PASSES: u32 = 3;

const SLOT_PLAIN: usize = 64;
const SLOT_BYTES: usize = SLOT_PLAIN + RECORD_OVERHEAD;
const SLOT_PURPOSE: &[u8] = b"mingcha/1/slot";

/// The shortest passphrase, in characters.
pub const MIN_PASSPHRASE: usize = 8;

/// What stands in clear beside the sealed records.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct VaultHeader {
    #[n(0)]
    version: u32,
    #[cbor(n(1), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[n(2)]
    memory_kib: u32,
    #[n(3)]
    passes: u32,
    #[cbor(n(4), with = "minicbor::bytes")]
    first: [u8; SLOT_BYTES],
    #[cbor(n(5), with = "minicbor::bytes")]
    second: [u8; SLOT_BYTES],
}

decode_in_order!(VaultHeader { version, salt with bytes, memory_kib, passes, first with bytes, second with bytes });

/// Why a header is not one that this program can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// It was written by a newer program.
    TooNew,
    /// It is damaged.
    Damaged,
}

/// An open vault: seals and opens records.
#[derive(Clone, Debug)]
pub struct Vault {
    key: SealKey,
}

/// The parameters with which a new vault's passphrase is stretched.
pub fn new_params(rng: &mut Rng) -> StretchParams {
    StretchParams { salt: rng.bytes(), memory_kib: NEW_MEMORY_KIB, passes: NEW_PASSES }
}

impl VaultHeader {
    /// A new vault whose first slot the stretched passphrase opens.
    pub fn create(params: StretchParams, stretched: &[u8; 32], rng: &mut Rng) -> (Self, Vault) {
        let vault = Vault { key: SealKey(rng.bytes()) };
        let mut plain = [0; SLOT_PLAIN];
        plain[..32].copy_from_slice(&vault.key.0);
        let sealed = seal_record(&SealKey(*stretched), rng.bytes(), SLOT_PURPOSE, &plain);
        let first =
            sealed.try_into().unwrap_or_else(|_| unreachable!("sealing adds a fixed number of bytes"));
        let StretchParams { salt, memory_kib, passes } = params;
        (Self { version: STORE_VERSION, salt, memory_kib, passes, first, second: rng.bytes() }, vault)
    }

    /// Reads a header.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] if it is of a newer version, or not a header.
    pub fn decode(bytes: &[u8]) -> Result<Self, HeaderError> {
        #[derive(Decode)]
        #[cbor(array)]
        struct Start {
            #[n(0)]
            version: u32,
        }
        let start: Start = minicbor::decode(bytes).map_err(|_| HeaderError::Damaged)?;
        if start.version > STORE_VERSION {
            return Err(HeaderError::TooNew);
        }
        cbor::decode(bytes).map_err(|_| HeaderError::Damaged)
    }

    /// The header's bytes.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// How the passphrase is to be stretched.
    pub fn params(&self) -> StretchParams {
        StretchParams { salt: self.salt, memory_kib: self.memory_kib, passes: self.passes }
    }

    /// Opens the vault. Both slots are always tried.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if the passphrase opens neither.
    pub fn unlock(&self, stretched: &[u8; 32]) -> Result<Vault, OpenError> {
        let [first, second] = self.try_slots(stretched);
        let plain = first.or(second)?;
        let key = plain.first_chunk::<32>().ok_or(OpenError)?;
        Ok(Vault { key: SealKey(*key) })
    }
}

impl VaultHeader {
    /// The same vault with another passphrase: seals anew the slot that the old one opens, and leaves the other alone.
    /// The parameters stay, since both slots share them.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if the old passphrase opens neither slot.
    pub fn rewrap(&self, old: &[u8; 32], new: &[u8; 32], rng: &mut Rng) -> Result<Self, OpenError> {
        let mut header = self.clone();
        let [first, second] = self.try_slots(old);
        let (slot, plain) = match (first, second) {
            (Ok(plain), _) => (&mut header.first, plain),
            (_, Ok(plain)) => (&mut header.second, plain),
            (Err(why), Err(_)) => return Err(why),
        };
        let sealed = seal_record(&SealKey(*new), rng.bytes(), SLOT_PURPOSE, &plain);
        *slot = sealed.try_into().map_err(|_| OpenError)?;
        Ok(header)
    }

    fn try_slots(&self, stretched: &[u8; 32]) -> [Result<Vec<u8>, OpenError>; 2] {
        let key = SealKey(*stretched);
        [&self.first, &self.second].map(|slot| open_record(&key, SLOT_PURPOSE, slot).map_err(|_| OpenError))
    }
}

impl Vault {
    /// Seals a record for its place in the store.
    pub fn seal(&self, table: Table, key: &[u8], plain: &[u8], rng: &mut Rng) -> Vec<u8> {
        seal_record(&self.key, rng.bytes(), &place(table, key), plain)
    }

    /// Opens a record.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if it was not sealed by this vault for this place.
    pub fn open(&self, table: Table, key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        open_record(&self.key, &place(table, key), sealed)
    }
}

fn place(table: Table, key: &[u8]) -> Vec<u8> {
    [&[table as u8], key].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> (VaultHeader, Vault) {
        let mut rng = Rng::new([1; 32]);
        let params = new_params(&mut rng);
        VaultHeader::create(params, &[2; 32], &mut rng)
    }

    #[test]
    fn only_the_passphrase_opens_and_both_slots_are_alike() {
        let (header, vault) = made();
        let again = VaultHeader::decode(&header.encode()).expect("a header");
        assert_eq!(again.unlock(&[3; 32]).err(), Some(OpenError));
        assert_eq!(again.unlock(&[2; 32]).map(|opened| opened.key), Ok(vault.key));
        assert_eq!(header.first.len(), header.second.len());
    }

    #[test]
    fn another_passphrase_opens_the_same_vault_and_the_old_one_no_longer() {
        let (header, vault) = made();
        let mut rng = Rng::new([5; 32]);
        assert_eq!(header.rewrap(&[3; 32], &[4; 32], &mut rng).err(), Some(OpenError));
        let changed = header.rewrap(&[2; 32], &[4; 32], &mut rng).expect("the right one");
        assert_eq!(changed.unlock(&[4; 32]).map(|opened| opened.key), Ok(vault.key));
        assert_eq!(changed.unlock(&[2; 32]).err(), Some(OpenError));
        assert_eq!((changed.second, changed.params()), (header.second, header.params()));
    }

    #[test]
    fn a_record_opens_at_its_own_place_alone() {
        let (_, vault) = made();
        let sealed = vault.seal(Table::Rows, b"a", b"row", &mut Rng::new([4; 32]));
        assert_eq!(vault.open(Table::Rows, b"a", &sealed).as_deref(), Ok(&b"row"[..]));
        assert_eq!(vault.open(Table::Rows, b"b", &sealed), Err(OpenError));
        assert_eq!(vault.open(Table::State, b"a", &sealed), Err(OpenError));
    }

    #[test]
    fn a_newer_store_is_not_touched() {
        let (mut header, _) = made();
        header.version = STORE_VERSION + 1;
        assert_eq!(VaultHeader::decode(&header.encode()), Err(HeaderError::TooNew));
        assert_eq!(VaultHeader::decode(b"nonsense"), Err(HeaderError::Damaged));
    }
}
